import { type CatalogIndex, emptyIndex, updateIndex } from '../../../src/catalog/search/index/catalog-index.js'
import type { SearchDocument } from '../../../src/catalog/search/index/search-document.js'
import { searchIndex } from '../../../src/catalog/search/query/search-index.js'
import type { Engine } from './engine.js'
import type { Goods } from './judged-set.js'

/** The index in process, as a shop uses it: the same for every language and kind of goods. */
export const ourEngine: Engine = {
  name: 'shopwright',
  build: (goods) => {
    const index = indexOf(goods)
    return {
      search: (text, limit) =>
        searchIndex(index, { text, filter: {}, within: [], sort: 'relevance', offset: 0, limit }).found.map(
          ({ productId }) => productId,
        ),
    }
  },
}

/** The index of the products of a set. */
export const indexOf = (goods: readonly Goods[]): CatalogIndex =>
  updateIndex(emptyIndex(), { changed: goods.map(searchDocumentOf), gone: [] })

/** A product of a set as it is indexed. */
export const searchDocumentOf = ({ id, title, brand, description, attributes }: Goods): SearchDocument => ({
  id,
  texts: {
    title: [title],
    brand: brand === '' ? [] : [brand],
    category: [],
    codes: [],
    attributes: attributes === '' ? [] : [attributes],
    description: description === '' ? [] : [description],
  },
  facets: brand === '' ? [] : [{ facet: 'brand', value: brand, label: brand }],
  priceMinor: null,
  createdAt: 0,
})
