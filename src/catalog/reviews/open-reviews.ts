import { ResultAsync } from 'neverthrow'
import { openValue, type Sealer, type SubjectKey } from '../../shared/personal-data.js'
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
 */
export const openReviews = (
  sealer: Sealer,
  reviews: readonly Stored<ReviewRow>[],
  keys: readonly Stored<SubjectKey>[],
): ResultAsync<readonly { readonly review: ReviewRow; readonly words: ReviewWords }[], never> =>
  ResultAsync.combine(
    reviews.map(
      ({ state: review }): ResultAsync<{ readonly review: ReviewRow; readonly words: ReviewWords }, never> => {
        const { words } = review.details
        const key = keys.find(({ id }) => id === review.accountId)?.state
        const opened =
          words === null
            ? ResultAsync.fromSafePromise<ReviewWords, never>(Promise.resolve(noWords))
            : openValue(sealer, key, wordsPlace(review.reviewId), words, parseWords).orElse(() =>
                ResultAsync.fromSafePromise<ReviewWords, never>(Promise.resolve(noWords)),
              )
        return opened.map((read) => ({ review, words: read }))
      },
    ),
  )
