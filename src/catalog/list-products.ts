import { err, ok, okAsync, type Result, type ResultAsync } from 'neverthrow'
import type { Scope } from '../shared/actor.js'
import type { InvalidInput } from '../shared/errors.js'
import { valuesAt } from '../shared/json.js'
import { eachAlone, type ReadAlone, readable } from '../shared/read-alone.js'
import { find, type PageEnd, type Stored } from '../shared/read-plan.js'
import { type QueryContext, type QueryError, runQuery } from '../shared/run-query.js'
import { type ListProductsInput, type ProductSort, sortOrders } from './browse.js'
import { parseListProducts } from './browse.schema.js'
import type { CatalogPorts } from './ports.js'
import type { Product } from './product.js'
import { products } from './product.schema.js'
import { cardOf, type ProductCard } from './product-card.js'
import { filterConditions, hasChoices, meetsChoices } from './product-filter.js'
import { isProductIn, scopeConditions } from './product-scope.js'
import { withinScope } from './search/found-cards.js'
import type { CatalogAnswer } from './search/query/catalog-query.js'
import { askPartStock, askStock } from './stock-source.js'

/** A page of products. */
export type ProductPage = {
  /** May be fewer than the limit, even none, while there is more. */
  readonly products: readonly ProductCard[]
  /** Where the next page begins; null at the end. */
  readonly next: string | null
  /** What the filter came to, where that was asked for; null where it was not. */
  readonly counted: ListCounts | null
}

/** How many products of all pages meet a filter, sold out or not, and what each part of it took away. */
export type ListCounts = Pick<CatalogAnswer, 'total' | 'filters' | 'relax'>

/**
 * Lists the products on sale that meet a filter, page by page; every product that stays as it is comes once. One that cannot
 * be read is passed over.
 *
 * @errors QueryError
 */
export const listProducts = (
  ports: CatalogPorts,
  context: QueryContext,
  input: ListProductsInput = {},
): ResultAsync<ProductPage, QueryError> =>
  runQuery(ports, context, input, {
    action: 'catalog.listProducts',
    parse: (given) => parseListProducts(given).andThen(withPageEnd),
    plan: ({ input: asked, scope }) => ({
      products: find(eachAlone(products), {
        where: [...filterConditions(asked.filter), ...scopeConditions(scope)],
        orderBy: sortOrders[asked.sort],
        limit: scanned(asked) + 1,
        ...(asked.end === undefined ? {} : { after: asked.end }),
      }),
      ...askStock(ports.stock, { from: 'products', path: 'variants.*.sku' }),
      ...askPartStock(ports.stock, 'products'),
    }),
    answer: (facts, { input: asked, scope }): ResultAsync<ProductPage, QueryError> => {
      const shown: ProductCard[] = []
      const looked = facts.products.slice(0, scanned(asked))
      let last: Stored<ReadAlone<Product>> | undefined
      let isCut = facts.products.length > looked.length
      for (const [index, each] of looked.entries()) {
        last = each
        const [found] = readable([each])
        if (found === undefined) continue
        const { state } = found
        const card = cardOf(state, ports.stock, facts)
        const isWanted =
          isProductIn(state, scope) && meetsChoices(state, asked.filter) && (card.inStock || !asked.inStockOnly)
        if (isWanted) shown.push(card)
        if (shown.length < asked.limit) continue
        isCut ||= index + 1 < looked.length
        break
      }
      const next = isCut && last !== undefined ? nextOf(asked.sort, last) : null
      return countsOf(ports, asked, scope).map((counted): ProductPage => ({ products: shown, next, counted }))
    },
  })

/** What the filter came to: the index knows of all products what the storage would have to read. */
const countsOf = (
  ports: CatalogPorts,
  { counted, filter }: AskedPage,
  scope: Scope,
): ResultAsync<ListCounts | null, QueryError> => {
  if (!counted) return okAsync(null)
  const query = { text: '', filter, within: withinScope(scope), sort: 'newest', offset: 0, limit: 0 } as const
  return ports.shelf
    .follow(ports)
    .andThen((source) => source.ask(query))
    .map(({ total, filters, relax }): ListCounts => ({ total, filters, relax }))
}

/** What is asked, with what was left out. */
export type AskedPage = Required<Omit<ListProductsInput, 'after'>> & { readonly end: PageEnd | undefined }

/** How many are looked at: what the storage cannot filter is filtered here. */
export const scanned = ({ limit, filter, inStockOnly }: AskedPage): number =>
  hasChoices(filter) || inStockOnly ? Math.max(limit, 200) : limit

/**
 * Reads where a page begins.
 *
 * @errors InvalidInput where it is not the end of a page of this sort
 */
export const withPageEnd = (input: ListProductsInput): Result<AskedPage, InvalidInput> => {
  const sort = input.sort ?? 'newest'
  const page = {
    filter: input.filter ?? {},
    inStockOnly: input.inStockOnly ?? false,
    sort,
    limit: input.limit ?? 24,
    counted: input.counted ?? false,
  }
  if (input.after === undefined) return ok({ ...page, end: undefined })
  const [, sortOf, value, id] = /^(\w+)~(-?\d{1,16})~(.+)$/su.exec(input.after) ?? []
  if (sortOf !== sort || value === undefined || id === undefined) {
    return err({
      type: 'InvalidInput',
      issues: [{ path: 'after', code: 'page_end', message: 'Not the end of a page of this sort' }],
    })
  }
  return ok({ ...page, end: { value: Number(value), id } })
}

/** The end of a page: what its last product stands by, and its id. */
export const pageEndOf = (sort: ProductSort, value: number, productId: string): string =>
  `${sort}~${value}~${productId}`

const nextOf = (sort: ProductSort, last: Stored<ReadAlone<Product>>): string =>
  pageEndOf(sort, endValueOf(last, sortOrders[sort].field), last.id)

/** By what a product stands in a list, also where it cannot be read. */
export const endValueOf = ({ state }: Stored<ReadAlone<Product>>, field: string): number => {
  const path = products.fields[field]?.path
  const [value] = path === undefined ? [] : valuesAt(state.stored, path)
  return typeof value === 'number' ? value : 0
}
