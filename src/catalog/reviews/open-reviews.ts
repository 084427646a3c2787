import { errAsync, okAsync, ResultAsync } from 'neverthrow'
import { openValue, type Sealer, type SubjectKey } from '../../shared/personal-data.js'
import type { CryptoUnavailable } from '../../shared/ports.js'
import type { Stored } from '../../shared/read-plan.js'
import type { ReviewRow, ReviewWords } from './review.js'
import { parseWords } from './review-inputs.schema.js'
import { wordsPlace } from './review-words.js'

/** Words that nobody wrote, or that can be read no longer. */
export const noWords: ReviewWords = { text: '', photos: [], signedAs: null }

/**
 * Opens the words of reviews; those that cannot be read, as of authors who were erased, are empty.
 *
 * @param keys - the keys of their authors
 * @errors CryptoUnavailable
 */
export const openReviews = (
  sealer: Sealer,
  reviews: readonly Stored<ReviewRow>[],
  keys: readonly Stored<SubjectKey>[],
): ResultAsync<readonly { readonly review: ReviewRow; readonly words: ReviewWords }[], CryptoUnavailable> =>
  ResultAsync.combine(
    reviews.map(
      ({
        state: review,
      }): ResultAsync<{ readonly review: ReviewRow; readonly words: ReviewWords }, CryptoUnavailable> => {
        const { words } = review.details
        const key = keys.find(({ id }) => id === review.accountId)?.state
        const opened: ResultAsync<ReviewWords, CryptoUnavailable> =
          words === null
            ? okAsync(noWords)
            : openValue(sealer, key, wordsPlace(review.reviewId), words, parseWords).orElse((error) =>
                error.type === 'Unreadable' ? okAsync(noWords) : errAsync(error),
              )
        return opened.map((read) => ({ review, words: read }))
      },
    ),
  )
