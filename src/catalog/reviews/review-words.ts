import { okAsync, type ResultAsync } from 'neverthrow'
import { type Change, expectRow } from '../../shared/commit.js'
import { type Place, type Sealed, type Sealer, type SubjectKey, sealValue } from '../../shared/personal-data.js'
import { subjectKeys } from '../../shared/personal-data.schema.js'
import type { CryptoUnavailable } from '../../shared/ports.js'
import type { Stored } from '../../shared/read-plan.js'
import type { ReviewWords } from './review.js'

/** Where the words of a review are sealed. */
export const wordsPlace = (reviewId: string): Place => ({ collection: 'review', id: reviewId, field: 'words' })

/** Words as they were sealed; without any, nothing. */
export type SealedWords = { readonly words: Sealed | null; readonly changes: readonly Change[] }

/** Seals what an author wrote with the author's key, and relies on the key, so that an erasure meanwhile keeps nothing. */
export const sealWords = (
  sealer: Sealer,
  key: Stored<SubjectKey> | undefined,
  reviewId: string,
  words: ReviewWords,
): ResultAsync<SealedWords, CryptoUnavailable> =>
  key === undefined || isEmptyWords(words)
    ? okAsync({ words: null, changes: [] })
    : sealValue(sealer, key.state, wordsPlace(reviewId), words).map((sealed) => ({
        words: sealed,
        changes: [expectRow(subjectKeys, key)],
      }))

const isEmptyWords = ({ text, photos, signedAs }: ReviewWords): boolean =>
  text === '' && photos.length === 0 && signedAs === null
