import { errAsync, okAsync, type ResultAsync } from 'neverthrow'
import type { StoredDataInvalid } from '../../shared/collection.js'
import type { StorageUnavailable } from '../../shared/errors.js'
import type { CatalogFigures } from './index/catalog-figures.js'
import type { CatalogAnswer, CatalogQuery } from './query/catalog-query.js'
import type { PreparedWords } from './query/search-words.js'

/** Why the products on sale cannot be searched now. */
export type FollowError = StorageUnavailable | StoredDataInvalid

/** The products on sale as they are committed, wherever they are looked up. */
export type CatalogSource = {
  readonly figures: CatalogFigures
  readonly ask: (query: CatalogQuery, words?: PreparedWords) => ResultAsync<CatalogAnswer, FollowError>
  /** Several at once, each answered in its place; in one round trip where products are looked up elsewhere. */
  readonly askEach: AskEach
}

/** Answers several questions of a catalog in their order, asked at once. */
export type AskEach = (
  queries: readonly CatalogQuery[],
  words?: PreparedWords,
) => ResultAsync<readonly CatalogAnswer[], FollowError>

/** Products that are looked up for several queries at once. */
export const sourceOfEach = (figures: CatalogFigures, askEach: AskEach): CatalogSource => ({
  figures,
  ask: (query, words) =>
    askEach([query], words).andThen(([answer]) =>
      answer === undefined
        ? errAsync({ type: 'StorageUnavailable' as const, detail: 'the index gave no answer' })
        : okAsync(answer),
    ),
  askEach,
})
