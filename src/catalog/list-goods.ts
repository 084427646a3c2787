import { ok, type ResultAsync } from 'neverthrow'
import type { Scope } from '../shared/actor.js'
import type { Instant } from '../shared/instant.js'
import type { CorePorts } from '../shared/ports.js'
import { eachAlone, readable } from '../shared/read-alone.js'
import { type Condition, find, type TimedPageEnd } from '../shared/read-plan.js'
import { type QueryContext, type QueryError, runQuery } from '../shared/run-query.js'
import { type ListGoodsInput, parseListGoods } from './list-goods.schema.js'
import { endValueOf } from './list-products.js'
import type { LocalText } from './local-text.js'
import type { Product } from './product.js'
import { products } from './product.schema.js'

/** A product in the list of whoever sells it. */
export type Goods = {
  readonly productId: string
  readonly externalId: string
  readonly merchantId: string
  readonly status: Product['status']
  readonly title: LocalText
  /** Empty where it has none. */
  readonly brand: string
  readonly skus: readonly string[]
  /** The lowest list price of its variants, minor units; null without a variant. */
  readonly minPriceMinor: number | null
  readonly updatedAt: Instant
}

/** A page of goods, fewer than were asked for where one cannot be read; and where the next begins, null at the end. */
export type GoodsPage = { readonly goods: readonly Goods[]; readonly next: TimedPageEnd | null }

/**
 * Lists goods of whatever status for whoever sells them: drafts, what is on sale, what was taken from it. A merchant is
 * shown its own. One that cannot be read is passed over.
 *
 * @errors QueryError
 */
export const listGoods = (
  ports: CorePorts,
  context: QueryContext,
  input: ListGoodsInput = {},
): ResultAsync<GoodsPage, QueryError> =>
  runQuery(ports, context, input, {
    action: 'catalog.goods',
    parse: parseListGoods,
    plan: ({ input: { status, limit = 20, after }, scope }) => ({
      found: find(eachAlone(products), {
        where: [
          ...(status === undefined ? [] : [{ field: 'status', is: 'eq', value: status } as const]),
          ...within(scope),
        ],
        orderBy: { field: 'updatedAt', direction: 'descending' },
        limit: limit + 1,
        ...(after === undefined ? {} : { after }),
      }),
    }),
    answer: ({ found }, { input: { limit = 20 } }) => {
      const page = found.slice(0, limit)
      const last = page.at(-1)
      return ok({
        goods: readable(page).map(({ state }) => goodsOf(state)),
        next: found.length > limit && last !== undefined ? { value: endValueOf(last, 'updatedAt'), id: last.id } : null,
      })
    },
  })

// Products are public by themselves: what a merchant works on is told apart here.
const within = (scope: Scope): readonly Condition[] => {
  switch (scope.kind) {
    case 'all':
      return []
    case 'own':
      return [{ field: 'merchantId', is: 'in', values: [] }]
    case 'merchant':
      return [{ field: 'merchantId', is: 'eq', value: scope.merchantId }]
    case 'fields':
      return Object.entries(scope.fields).map(([field, values]) => ({ field, is: 'in', values }))
  }
}

const goodsOf = (product: Product): Goods => ({
  productId: product.productId,
  externalId: product.externalId,
  merchantId: product.merchantId,
  status: product.status,
  title: product.title,
  brand: product.brand,
  skus: product.variants.map(({ sku }) => sku),
  minPriceMinor: product.minPriceMinor,
  updatedAt: product.updatedAt,
})
