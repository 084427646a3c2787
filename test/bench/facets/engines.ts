import { createRequire } from 'node:module'
import { join } from 'node:path'
import { type CatalogIndex, emptyIndex, updateIndex } from '../../../src/catalog/search/index/catalog-index.js'
import type { DocumentFacet, SearchDocument } from '../../../src/catalog/search/index/search-document.js'
import type { CatalogAnswer, CatalogQuery } from '../../../src/catalog/search/query/catalog-query.js'
import { searchIndex } from '../../../src/catalog/search/query/search-index.js'
import { installContender } from '../install-contender.js'
import { type FacetName, type FacetQuery, facetNames, type Listed } from './catalog.js'

/** How many products a page has. */
export const pageLength = 48

/** An engine that finds, counts every facet, sorts by price and pages in one call; it answers how many it found. */
type FacetEngine = {
  readonly name: string
  readonly build: (
    listed: readonly Listed[],
  ) => Promise<(query: FacetQuery) => number | Promise<number>> | ((query: FacetQuery) => number)
}

const none: readonly string[] = []
const noTexts = { title: none, brand: none, category: none, codes: none, attributes: none, description: none }

/** What a product is sold as. */
export const skuOfListed = ({ id }: Pick<Listed, 'id'>): string => `sku-${id}`

/** The index of a shop; categories are of three levels, so that those above are counted as well. */
export const indexListed = (listed: readonly Listed[]): CatalogIndex => {
  const known = new Map<string, DocumentFacet>()
  const facetOf = (facet: string, value: string): DocumentFacet => {
    const key = `${facet} ${value}`
    const held = known.get(key) ?? { facet, value, label: value }
    known.set(key, held)
    return held
  }
  const documents = listed.map(
    ({ id, category, brand, price, ...attributes }): SearchDocument => ({
      id,
      texts: noTexts,
      facets: [
        facetOf('category', category),
        facetOf('category', `above ${category.slice(0, -1)}`),
        facetOf('category', `above ${category.slice(0, -2)}`),
        facetOf('brand', brand),
        facetOf('attribute:colour', attributes.colour),
        facetOf('attribute:spec', attributes.spec),
        facetOf('attribute:stock', attributes.stock),
        facetOf('attribute:grade', attributes.grade),
      ],
      priceMinor: price,
      variants: [{ sku: skuOfListed({ id }), currency: 'CNY', minor: price }],
      createdAt: 0,
    }),
  )
  return updateIndex(emptyIndex(), { changed: documents, gone: [] })
}

const attributeNames = ['colour', 'spec', 'stock', 'grade'] as const

const queryOf = ({ values, price }: FacetQuery, most: number): CatalogQuery => ({
  text: '',
  filter: {
    ...(values.category?.[0] === undefined ? {} : { categoryId: values.category[0] }),
    ...(values.brand === undefined ? {} : { brands: values.brand }),
    ...(price === null ? {} : { minPriceMinor: price.from, maxPriceMinor: price.to }),
    attributes: Object.fromEntries(
      attributeNames.flatMap((name) => (values[name] === undefined ? [] : [[name, values[name]]])),
    ),
  },
  within: [],
  sort: 'priceAscending',
  offset: 0,
  limit: most,
})

/** Asks the index of a shop. */
export const askIndex = (
  index: CatalogIndex,
  query: FacetQuery,
  more: Pick<CatalogQuery, 'isTotalOnly' | 'prices'> = {},
): CatalogAnswer => searchIndex(index, { ...queryOf(query, pageLength), ...more })

// What is called of the packages, as they export it.
type Orama = {
  readonly create: (options: object) => unknown
  readonly insertMultiple: (database: unknown, goods: readonly object[], batch: number) => Promise<unknown> | unknown
  readonly search: (
    database: unknown,
    options: object,
  ) => Promise<{ readonly count: number }> | { readonly count: number }
}
type ItemsJs = (
  goods: readonly Listed[],
  options: object,
) => {
  readonly search: (options: object) => { readonly pagination: { readonly total: number } }
}

/** Installs the engines that ours is held against; null where they cannot be had. */
export const openFacetContenders = (
  root: string,
  report: (line: string) => void,
): { readonly orama: FacetEngine; readonly itemsJs: FacetEngine } | null => {
  const folder = installContender(root, { described: 'search/contenders', name: 'search' }, report)
  if (folder === null) return null
  const load = createRequire(join(folder, 'package.json'))
  const orama: Orama = load('@orama/orama')
  const itemsJs: ItemsJs = load('itemsjs')
  return { orama: oramaOf(orama), itemsJs: itemsJsOf(itemsJs) }
}

const wantedOf = ({ values }: FacetQuery): readonly (readonly [FacetName, readonly string[]])[] =>
  facetNames.flatMap((name) => {
    const wanted = values[name]
    return wanted === undefined ? [] : [[name, wanted] as const]
  })

// It counts under all conditions, those of the counted facet included, which is less to do.
const oramaOf = ({ create, insertMultiple, search }: Orama): FacetEngine => ({
  name: 'Orama',
  build: async (listed) => {
    const database = create({
      schema: { price: 'number', ...Object.fromEntries(facetNames.map((name) => [name, 'enum'])) },
    })
    await insertMultiple(database, listed, 5_000)
    return async (query) => {
      const { price } = query
      const where = {
        ...Object.fromEntries(wantedOf(query).map(([name, wanted]) => [name, { in: wanted }])),
        ...(price === null ? {} : { price: { between: [price.from, price.to] } }),
      }
      const found = await search(database, {
        term: '',
        where,
        facets: Object.fromEntries(facetNames.map((name) => [name, {}])),
        sortBy: { property: 'price', order: 'ASC' },
        limit: pageLength,
      })
      return found.count
    }
  },
})

const itemsJsOf = (itemsJs: ItemsJs): FacetEngine => ({
  name: 'ItemsJS',
  build: (listed) => {
    const index = itemsJs(listed, {
      searchableFields: [],
      sortings: { price: { field: 'price', order: 'asc' } },
      aggregations: Object.fromEntries(facetNames.map((name) => [name, { size: 1_000, conjunction: false }])),
    })
    return (query) => {
      const { price } = query
      return index.search({
        filters: Object.fromEntries(wantedOf(query)),
        ...(price === null ? {} : { filter: (each: Listed) => each.price >= price.from && each.price <= price.to }),
        sort: 'price',
        per_page: pageLength,
      }).pagination.total
    }
  },
})
