import pg from 'pg'
import { adjust, counters, find, readFacts, type Storage } from 'shopwright'
import { createPostgresStorage, migrate } from 'shopwright/adapters/postgres'
import { stockCounters } from '../../src/inventory/stock.js'
import { changesOfOrder, createWallets, fillShop, orderIdOf, piecesOfSku, write } from './bench-order.js'
import { type BenchOrder, benchOrders, benchTables } from './checkout-tables.js'
import type { Check, Contender } from './contender.js'
import { openCountingPool } from './counting-pool.js'
import { measurePace } from './measure.js'

/** A form of the Postgres commit. */
export type CommitForm = 'transaction' | 'statement' | 'function'

const skus = Array.from({ length: 3_000 }, (_, index) => String(index + 1))
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

const pickSku = (range: number): string => String(range * 1_000 + 1 + Math.floor(Math.random() * 1_000))

const pickLines = (): BenchOrder['lines'] => [
  { lineId: '1', sku: pickSku(0), quantity: 1, unitMinor: 9_990, totalMinor: 9_356 },
  { lineId: '2', sku: pickSku(1), quantity: 2, unitMinor: 11_500, totalMinor: 21_539 },
  { lineId: '3', sku: pickSku(2), quantity: 3, unitMinor: 9_990, totalMinor: 28_075 },
]

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
  const wallets = createWallets()
  const tally = { orders: 0, placed: 0 }
  const openStorage = async (connections: number) => {
    const { pool, roundTrips } = await openCountingPool(url, connections)
    const storage = createPostgresStorage({
      pool,
      ...benchTables,
      form,
      prepared: 'named',
      ...(inGroupsOf === undefined ? {} : { inGroups: {} }),
    })
    return { pool, storage, roundTrips }
  }

  const placeOne =
    (storage: Storage) =>
    async (client: number): Promise<void> => {
      const { used, noteUsed } = wallets.take(client)
      tally.orders += 1
      await write(storage, shop, changesOfOrder(orderIdOf(tally.orders), pickLines(), used, Date.now()))
      noteUsed()
      tally.placed += 1
    }

  const fill = await openStorage(1)
  try {
    await fillShop(fill.storage, shop, buyersOf(given.clients))
    await write(
      fill.storage,
      shop,
      skus.map((sku) => adjust(stockCounters, { id: sku, by: piecesOfSku })),
    )
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
