import { type CatalogIndex, emptyIndex, updateIndex } from '../../../src/catalog/search/index/catalog-index.js'
import type { SearchDocument } from '../../../src/catalog/search/index/search-document.js'
import type { CatalogQuery } from '../../../src/catalog/search/query/catalog-query.js'

/** A product that is only its title, and what else a test says of it. */
export const document = (id: string, title: string, more: Partial<SearchDocument> = {}): SearchDocument => ({
  id,
  texts: { title: [title], brand: [], category: [], codes: [], attributes: [], description: [] },
  facets: [],
  priceMinor: 1_000,
  createdAt: 0,
  ...more,
})

/** What an index is asked. */
export const query = (text: string, more: Partial<CatalogQuery> = {}): CatalogQuery => ({
  text,
  filter: {},
  within: [],
  sort: 'relevance',
  offset: 0,
  limit: 100,
  ...more,
})

/** An index of some products. */
export const indexOf = (...documents: readonly SearchDocument[]): CatalogIndex =>
  updateIndex(emptyIndex(), { changed: documents, gone: [] })
