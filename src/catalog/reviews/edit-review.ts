import type { ResultAsync } from 'neverthrow'
import type { Sealer } from '../../shared/personal-data.js'
import type { CorePorts, CryptoUnavailable } from '../../shared/ports.js'
import type { CommandContext, CommandError } from '../../shared/run-command.js'
import { type ChangeReviewError, changeReview, type ReviewStanding } from './change-review.js'
import { type EditReviewInput, parseEditReview, wordsOf } from './review-inputs.schema.js'
import { sealWords } from './review-words.js'

/**
 * Lets its author say a review anew, stars, text and photos, while it may be changed: 30 days from when it was posted.
 * One that is hidden stays so until staff show it.
 *
 * @errors ChangeReviewError, CommandError
 */
export const editReview = (
  ports: CorePorts & { readonly sealer: Sealer },
  context: CommandContext,
  input: EditReviewInput,
): ResultAsync<ReviewStanding, ChangeReviewError | CommandError> =>
  changeReview<EditReviewInput, CryptoUnavailable>(ports, context, input, {
    action: 'reviews.edit',
    parse: parseEditReview,
    command: ({ input: { rating, ...said }, now }) => {
      const words = wordsOf({ rating, ...said })
      return { type: 'Edit', rating, hasText: words.text !== '', hasPhotos: words.photos.length > 0, at: now }
    },
    step: ({ input: said }, { reviewId, details }, key) =>
      sealWords(ports.sealer, key, reviewId, wordsOf(said)).map(({ words, changes }) => ({
        details: { ...details, words },
        further: changes,
      })),
  })
