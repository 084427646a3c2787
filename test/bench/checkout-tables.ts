import { ok } from 'neverthrow'
import { type Collection, operations } from 'shopwright'
import { stockCounters } from '../../src/inventory/stock.js'

/** An order as wide as the one of the pgbench script. */
export type BenchOrder = {
  readonly orderId: string
  readonly accountId: string
  readonly status: 'awaitingPayment'
  readonly currency: string
  readonly placedAt: number
  readonly goodsMinor: number
  readonly shippingMinor: number
  readonly totalMinor: number
  readonly lines: readonly {
    readonly lineId: string
    readonly sku: string
    readonly quantity: number
    readonly unitMinor: number
    readonly totalMinor: number
  }[]
  readonly price: {
    readonly listMinor: number
    readonly discountMinor: number
    readonly goodsMinor: number
    readonly shippingMinor: number
    readonly taxMinor: number
    readonly payableMinor: number
    readonly pricingVersion: number
    readonly offers: readonly { readonly offerId: string; readonly discountMinor: number }[]
  }
}

/** A coupon that goes from one order of its holder to the next. */
export type BenchCoupon = {
  readonly couponId: string
  readonly holderId: string
  readonly offerId: string
  readonly status: 'claimed' | 'locked'
  readonly orderId: string | null
}

/** A book that every order relies on. */
export type BenchBook = { readonly bookId: string; readonly revision: number }

/** Orders with their lines as rows, found by account and time as in the pgbench script. */
export const benchOrders: Collection<BenchOrder> = {
  name: 'benchOrder',
  rank: 820,
  schemaVersion: 1,
  fields: {
    accountId: { type: 'text', path: 'accountId' },
    status: { type: 'text', path: 'status' },
    placedAt: { type: 'instant', path: 'placedAt' },
  },
  parts: [
    {
      field: 'lines',
      key: 'lineId',
      fields: { sku: { type: 'text', path: 'sku' }, quantity: { type: 'integer', path: 'quantity' } },
    },
  ],
  ownership: { own: 'accountId' },
  // The benchmark writes every state itself, through the types of this file.
  parse: (stored) => ok(stored as BenchOrder),
}

/** Coupons, found by holder. */
export const benchCoupons: Collection<BenchCoupon> = {
  name: 'benchCoupon',
  rank: 810,
  schemaVersion: 1,
  fields: { holderId: { type: 'text', path: 'holderId' }, status: { type: 'text', path: 'status' } },
  ownership: { own: 'holderId' },
  parse: (stored) => ok(stored as BenchCoupon),
}

/** Books. */
export const benchBooks: Collection<BenchBook> = {
  name: 'benchBook',
  rank: 800,
  schemaVersion: 1,
  fields: {},
  ownership: 'public',
  parse: (stored) => ok(stored as BenchBook),
}

/** The tables of the benchmark: indexes as in the pgbench script, columns and constraints as the library's own have. */
export const benchTables = {
  schema: 'shopwright_bench',
  collections: [
    { collection: operations, table: 'operations', indexed: [] },
    { collection: benchBooks, table: 'books', indexed: [], reliedUpon: true },
    { collection: benchCoupons, table: 'coupons', indexed: ['holderId'] },
    {
      collection: benchOrders,
      table: 'orders',
      columns: {
        total_minor: { type: 'bigint', value: "(state ->> 'totalMinor')::bigint" },
      },
      checks: { total: 'total_minor >= 0' },
      indexed: [],
      indexes: { account: '(shop, account_id, placed_at)' },
      lists: { lines: { table: 'order_lines', checks: { quantity: 'quantity > 0' }, indexed: [] } },
    },
  ],
  counters: [{ family: stockCounters, table: 'stock' }],
  logs: [],
} as const
