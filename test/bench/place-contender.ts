import pg from 'pg'
import type { Shop, Storage } from 'shopwright'
import { median } from './bench.js'
import {
  changesOfBuyer,
  choice,
  fillShop,
  must,
  openShop,
  openTables,
  piecesOfSku,
  recipient,
  rowsAtOnce,
  schema,
  write,
} from './bench-shop.js'
import type { CommitForm } from './commit-contender.js'
import type { Check, Contender } from './contender.js'
import { measurePace } from './measure.js'

/**
 * The whole command, `shop.orders.place`, by one form: read, price, decide and commit, for buyers who each have a cart
 * of three lines, a coupon and points, in a shop of its own.
 */
export const preparePlaceContender = async (
  url: string,
  form: CommitForm,
  given: {
    readonly leastRatio: number | null
    /** Lets commits that come at the same time go together, of so many buyers for each connection. */
    readonly inGroupsOf?: number
  },
): Promise<Contender> => {
  const { inGroupsOf } = given
  const inGroups = inGroupsOf !== undefined
  const buyersOf = (connections: number): number => connections * (inGroupsOf ?? 1)
  const name = `place-${form}${inGroups ? '-groups' : ''}`
  const waiting: string[] = []
  let buyers = 0
  let placed = 0
  // As many buyers wait as a round can serve: what the last one served, and half as many again.
  let perSecond = 200

  const invite = async (storage: Storage, count: number): Promise<void> => {
    while (waiting.length < count) {
      const ids = Array.from({ length: Math.min(rowsAtOnce / 5, count - waiting.length) }, () => {
        buyers += 1
        return `buyer-${String(buyers).padStart(8, '0')}`
      })
      await write(storage, name, (await Promise.all(ids.map(changesOfBuyer))).flat())
      waiting.push(...ids)
    }
  }

  const placeOne = (shop: Shop, expectedTotalMinor: number) => async (): Promise<void> => {
    const accountId = waiting.pop()
    if (accountId === undefined) throw new Error('no buyer is left')
    const context = { actor: { kind: 'customer', accountId }, key: 'order' } as const
    must(await shop.orders.place(context, { ...choice, recipient, expectedTotalMinor }))
    placed += 1
  }

  const filled = await openTables(url, form, 1, inGroups)
  let expectedTotalMinor = 0
  try {
    const shop = openShop(name, filled.storage)
    await fillShop(shop, filled.storage, name)
    await invite(filled.storage, 1)
    const asked = { actor: { kind: 'customer', accountId: waiting[0] ?? '' }, key: 'ask' } as const
    const preview = must(await shop.orders.preview(asked, { ...choice, region: recipient.region }))
    expectedTotalMinor = preview.totals.payableMinor
  } finally {
    await filled.pool.end()
  }

  return {
    name: `the whole command, ${inGroups ? `commit in groups, ${inGroupsOf} buyers a connection` : `commit by ${form}`}`,
    leastRatio: given.leastRatio,
    open: async (connections) => {
      const { pool, storage } = await openTables(url, form, connections, inGroups)
      const place = placeOne(openShop(name, storage), expectedTotalMinor)
      return {
        measure: async (seconds) => {
          const atOnce = buyersOf(connections)
          await invite(storage, Math.ceil(perSecond * seconds * 1.5) + 2 * atOnce)
          // Before the clock starts the books are on the shelf and each connection has its plans, as in a shop that is open.
          await Promise.all(Array.from({ length: atOnce }, place))
          const pace = await measurePace(atOnce, seconds, place, () => waiting.length >= atOnce)
          perSecond = Math.max(perSecond, pace.perSecond)
          return pace
        },
        close: () => pool.end(),
      }
    },
    countRoundTrips: async () => {
      const { pool, storage, roundTrips } = await openTables(url, form, 1, inGroups)
      try {
        const place = placeOne(openShop(name, storage), expectedTotalMinor)
        const orders = 20
        await invite(storage, orders + 1)
        await place()
        // Of two orders that draw one number the later is written again, which is a round of its own.
        const trips: number[] = []
        for (let count = 0; count < orders; count += 1) {
          const before = roundTrips()
          await place()
          trips.push(roundTrips() - before)
        }
        return { found: median(trips), wanted: form === 'transaction' ? null : 2 }
      } finally {
        await pool.end()
      }
    },
    check: async () => checkPlaced(url, name, placed),
  }
}

const checkPlaced = async (url: string, shop: string, placed: number): Promise<readonly Check[]> => {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const count = (table: string, more = ''): string =>
      `(select count(*) from ${schema}.${table} where shop = $1 ${more})`
    const { rows } = await client.query<Record<string, string>>(
      `select ${count('"order"')} as orders, ${count('operation', "and command = 'orders.place' and status = 'answered'")} as keys, ` +
        `${count('outbox', "and type = 'OrderPlaced'")} as events, ${count('coupon', "and status = 'locked'")} as coupons, ` +
        `${count('reservation')} as reservations, ` +
        `(select coalesce(sum(quantity), 0) from ${schema}.order_line where shop = $1) as pieces, ` +
        `(select sum(${piecesOfSku} - value) from ${schema}.stock where shop = $1) as taken, ` +
        `(select count(*) from ${schema}.points_account where shop = $1 and balance = 0) as points, ` +
        `(select count(*) from ${schema}.cart where shop = $1 and state -> 'lines' -> 0 is not null) as full`,
      [shop],
    )
    const found = rows[0] ?? {}
    const { rows: buyers } = await client.query<{ count: string }>(
      `select count(*) from ${schema}.cart where shop = $1`,
      [shop],
    )
    const figure = (what: string, column: string, wanted: number): Check => ({
      what,
      found: Number(found[column]),
      wanted,
    })
    return [
      figure('orders', 'orders', placed),
      figure('answered command keys', 'keys', placed),
      figure('events of placing', 'events', placed),
      figure('coupons bound', 'coupons', placed),
      figure('reservations', 'reservations', placed),
      figure('buyers whose points are held', 'points', placed),
      figure('pieces on order lines', 'pieces', 6 * placed),
      figure('pieces taken from stock', 'taken', 6 * placed),
      figure('carts that still have lines', 'full', Number(buyers[0]?.count) - placed),
    ]
  } finally {
    await client.end()
  }
}
