import pg from 'pg'
import {
  adjust,
  type Change,
  commitChanges,
  counters,
  expectRow,
  find,
  operations,
  put,
  readFacts,
  type Storage,
} from 'shopwright'
import { createPostgresStorage, migrate } from 'shopwright/adapters/postgres'
import { stockCounters } from '../../src/inventory/stock.js'
import { type BenchCoupon, benchBooks, benchCoupons, benchOrders, benchTables } from './checkout-tables.js'
import type { Check, Contender } from './contender.js'
import { openCountingPool } from './counting-pool.js'
import { measurePace } from './measure.js'

/** A form of the Postgres commit. */
export type CommitForm = 'transaction' | 'statement' | 'function'

const piecesOfSku = 1_000_000_000
const skus = Array.from({ length: 3_000 }, (_, index) => String(index + 1))
const books = ['offers', 'shipping', 'tax']
const couponsOfClient = 64
const pageOfOrders = 1_000

/** Makes the tables of the benchmark. */
export const migrateBench = async (url: string): Promise<void> => {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const migrated = await migrate(client, benchTables)
    if (migrated.isErr()) throw new Error(`the benchmark's tables were not made: ${JSON.stringify(migrated.error)}`)
  } finally {
    await client.end()
  }
}

/** What a client knows of the coupons it uses in turn. */
type Wallet = { readonly versions: number[]; next: number }

/** What one form has done in this run. */
type Tally = { placed: number; orders: number; readonly wallets: Map<number, Wallet> }

const write = async (storage: Storage, shop: string, changes: readonly Change[]): Promise<void> => {
  const committed = await commitChanges(storage, { shop, at: Date.now(), changes })
  if (committed.isErr()) throw new Error(`a commit was refused: ${JSON.stringify(committed.error)}`)
}

const pickSku = (range: number): string => String(range * 1_000 + 1 + Math.floor(Math.random() * 1_000))

const couponId = (client: number, position: number): string =>
  `${String(client).padStart(3, '0')}-${String(position).padStart(3, '0')}`

const coupon = (id: string, orderId: string | null): BenchCoupon => ({
  couponId: id,
  holderId: `holder-${id}`,
  offerId: 'offer-1',
  status: orderId === null ? 'claimed' : 'locked',
  orderId,
})

/** The write set of the pgbench script as changes; the cart it reads is part of the read, not of the commit. */
const changesOfOrder = (
  orderId: string,
  used: { readonly id: string; readonly version: number },
  at: number,
): readonly Change[] => {
  const accountId = String(1 + Math.floor(Math.random() * 1_000))
  const lines = [
    { lineId: '1', sku: pickSku(0), quantity: 1, unitMinor: 9_990, totalMinor: 9_356 },
    { lineId: '2', sku: pickSku(1), quantity: 2, unitMinor: 11_500, totalMinor: 21_539 },
    { lineId: '3', sku: pickSku(2), quantity: 3, unitMinor: 9_990, totalMinor: 28_075 },
  ]
  return [
    put(operations, {
      id: `account:${accountId}|bench.place|${orderId}`,
      version: 0,
      state: {
        status: 'answered',
        command: 'bench.place',
        actor: `account:${accountId}`,
        fingerprint: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
        answer: { status: 'awaitingPayment', payableMinor: 59_970, currency: 'CNY' },
        at,
      },
    }),
    put(benchOrders, {
      id: orderId,
      version: 0,
      state: {
        orderId,
        accountId,
        status: 'awaitingPayment',
        currency: 'CNY',
        placedAt: at,
        goodsMinor: 58_970,
        shippingMinor: 1_000,
        totalMinor: 59_970,
        lines,
        price: {
          listMinor: 62_970,
          discountMinor: 4_000,
          goodsMinor: 58_970,
          shippingMinor: 1_000,
          taxMinor: 6_784,
          payableMinor: 59_970,
          pricingVersion: 1,
          offers: [{ offerId: 'offer-1', discountMinor: 4_000 }],
        },
      },
      events: [
        {
          type: 'OrderPlaced',
          currency: 'CNY',
          goodsMinor: 58_970,
          shippingMinor: 1_000,
          totalMinor: 59_970,
          lines: lines.map(({ lineId, quantity }) => ({ lineId, quantity })),
        } as { readonly type: string },
      ],
    }),
    ...lines.map(({ sku, quantity }) => adjust(stockCounters, { id: sku, by: -quantity })),
    put(benchCoupons, {
      id: used.id,
      version: used.version,
      state: coupon(used.id, orderId),
      events: [
        { type: 'CouponLocked', offerId: 'offer-1', discountMinor: 4_000, lockedUntil: at + 1_800_000 } as {
          readonly type: string
        },
      ],
    }),
    ...books.map((id) => expectRow(benchBooks, { id, version: 1 })),
  ]
}

/** The commit alone, by one form, in a shop of its own; the shop is filled when this resolves. */
export const prepareCommitContender = async (
  url: string,
  form: CommitForm,
  given: {
    readonly clients: number
    readonly leastRatio: number | null
    readonly wantedRoundTrips: number | null
    /** Lets commits that come at the same time go together, of so many buyers for each connection. */
    readonly inGroupsOf?: number
  },
): Promise<Contender> => {
  const { inGroupsOf } = given
  const buyersOf = (connections: number): number => connections * (inGroupsOf ?? 1)
  const shop = `bench-${form}${inGroupsOf === undefined ? '' : '-groups'}`
  const tally: Tally = { placed: 0, orders: 0, wallets: new Map() }
  const openStorage = async (connections: number) => {
    const { pool, roundTrips } = await openCountingPool(url, connections)
    const storage = createPostgresStorage({
      pool,
      ...benchTables,
      form,
      prepared: 'named',
      ...(inGroupsOf === undefined ? {} : { groupCommit: {} }),
    })
    return { pool, storage, roundTrips }
  }

  const placeOne =
    (storage: Storage) =>
    async (client: number): Promise<void> => {
      const wallet = tally.wallets.get(client)
      if (wallet === undefined) throw new Error(`client ${client} has no coupons`)
      const position = wallet.next
      wallet.next = (position + 1) % couponsOfClient
      const version = wallet.versions[position] ?? 1
      tally.orders += 1
      // Nineteen digits that grow with time, as in the pgbench script.
      const orderId = (1_000_000_000_000_000_000n + BigInt(tally.orders)).toString()
      await write(storage, shop, changesOfOrder(orderId, { id: couponId(client, position), version }, Date.now()))
      wallet.versions[position] = version + 1
      tally.placed += 1
    }

  const fill = await openStorage(1)
  try {
    await write(fill.storage, shop, [
      ...books.map((id) => put(benchBooks, { id, version: 0, state: { bookId: id, revision: 1 } })),
      ...skus.map((sku) => adjust(stockCounters, { id: sku, by: piecesOfSku })),
    ])
    for (let client = 0; client < buyersOf(given.clients); client += 1) {
      const ids = Array.from({ length: couponsOfClient }, (_, position) => couponId(client, position))
      await write(
        fill.storage,
        shop,
        ids.map((id) => put(benchCoupons, { id, version: 0, state: coupon(id, null) })),
      )
      tally.wallets.set(client, { versions: ids.map(() => 1), next: 0 })
    }
  } finally {
    await fill.pool.end()
  }

  return {
    name: inGroupsOf === undefined ? `commit by ${form}` : `commit in groups, ${inGroupsOf} buyers a connection`,
    leastRatio: given.leastRatio,
    open: async (connections) => {
      const { pool, storage } = await openStorage(connections)
      // The form is settled and the adapter has looked around before the clock starts.
      await placeOne(storage)(0)
      return {
        measure: (seconds) => measurePace(buyersOf(connections), seconds, placeOne(storage)),
        close: () => pool.end(),
      }
    },
    countRoundTrips: async () => {
      const { pool, storage, roundTrips } = await openStorage(1)
      try {
        await placeOne(storage)(0)
        const before = roundTrips()
        const commits = 50
        for (let count = 0; count < commits; count += 1) await placeOne(storage)(0)
        return { found: (roundTrips() - before) / commits, wanted: given.wantedRoundTrips }
      } finally {
        await pool.end()
      }
    },
    check: async () => {
      const { pool, storage } = await openStorage(1)
      try {
        return await checkShop(pool, storage, shop, tally.placed)
      } finally {
        await pool.end()
      }
    },
  }
}

const askFacts = async <Plan extends Parameters<typeof readFacts>[1]['plan']>(
  storage: Storage,
  shop: string,
  plan: Plan,
) => {
  const facts = await readFacts(storage, { shop, scope: { kind: 'all' }, at: Date.now(), plan })
  if (facts.isErr()) throw new Error(`the check could not read: ${JSON.stringify(facts.error)}`)
  return facts.value
}

const checkShop = async (pool: pg.Pool, storage: Storage, shop: string, placed: number): Promise<readonly Check[]> => {
  const sold = new Map<string, number>()
  let orders = 0
  let after: { readonly value: string; readonly id: string } | undefined
  for (;;) {
    const search = { where: [], limit: pageOfOrders, ...(after === undefined ? {} : { after }) }
    const { page } = await askFacts(storage, shop, { page: find(benchOrders, search) })
    for (const order of page) {
      for (const line of order.state.lines) sold.set(line.sku, (sold.get(line.sku) ?? 0) + line.quantity)
    }
    orders += page.length
    const last = page[page.length - 1]
    if (last === undefined || page.length < pageOfOrders) break
    after = { value: last.id, id: last.id }
  }
  const { stock } = await askFacts(storage, shop, { stock: counters(stockCounters, skus) })
  const taken = (sku: string): number => piecesOfSku - (stock.get(sku) ?? 0)
  const outbox = `"${benchTables.schema}"."outbox"`
  const { rows } = await pool.query<{ count: string }>(`select count(*) from ${outbox} where shop = $1`, [shop])
  return [
    { what: 'orders', found: orders, wanted: placed },
    { what: 'events', found: Number(rows[0]?.count), wanted: 2 * placed },
    {
      what: 'pieces on order lines',
      found: [...sold.values()].reduce((sum, count) => sum + count, 0),
      wanted: 6 * placed,
    },
    { what: 'pieces taken from stock', found: skus.reduce((sum, sku) => sum + taken(sku), 0), wanted: 6 * placed },
    {
      what: 'SKUs whose stock and order lines differ',
      found: skus.filter((sku) => taken(sku) !== (sold.get(sku) ?? 0)).length,
      wanted: 0,
    },
  ]
}
