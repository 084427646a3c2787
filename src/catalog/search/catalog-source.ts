import { okAsync, type ResultAsync } from 'neverthrow'
import type { StoredDataInvalid } from '../../shared/collection.js'
import type { StorageUnavailable } from '../../shared/errors.js'
import type { CatalogFigures } from './index/catalog-figures.js'
import type { CatalogIndex } from './index/catalog-index.js'
import type { CatalogAnswer, CatalogQuery } from './query/catalog-query.js'
import { searchIndex } from './query/search-index.js'
import type { PreparedWords } from './query/search-words.js'

/** Why the products on sale cannot be searched now. */
export type FollowError = StorageUnavailable | StoredDataInvalid

/** The products on sale as they are committed, wherever they are looked up. */
export type CatalogSource = {
  readonly figures: CatalogFigures
  readonly ask: (query: CatalogQuery, words?: PreparedWords) => ResultAsync<CatalogAnswer, FollowError>
}

/** Products that are looked up in an index in process. */
export const sourceOfIndex = (index: CatalogIndex): CatalogSource => ({
  figures: index,
  ask: (query, words) => okAsync(searchIndex(index, query, words)),
})
