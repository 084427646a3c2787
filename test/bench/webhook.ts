import { performance } from 'node:perf_hooks'
import type { Shop } from 'shopwright'
import { createSandboxGateway } from 'shopwright/adapters/gateways/sandbox'
import { systemClock } from 'shopwright/adapters/runtime'
import { startPostgresServer } from '../../scripts/postgres-server/start-server.js'
import { type Bench, type Figure, median, wholeOption } from './bench.js'
import {
  changesOfBuyer,
  choice,
  fillShop,
  migrateShop,
  must,
  openShop,
  openTables,
  recipient,
  rowsAtOnce,
  schema,
  write,
} from './bench-shop.js'

const name = 'webhook'

type Signed = { readonly headers: Readonly<Record<string, string>>; readonly body: Uint8Array }

/** Hands all over at once, so many at a time, and says how many a second were answered. */
const receiveAll = async (shop: Shop, notifications: readonly Signed[], atOnce: number): Promise<number> => {
  const waiting = [...notifications]
  const begin = performance.now()
  const receive = async (): Promise<void> => {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const { outcome } = must(await shop.orders.receiveNotification({ gatewayId: 'sandbox', ...next }))
      if (outcome !== 'handled') throw new Error(`a notification was ${outcome}`)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, receive))
  return notifications.length / ((performance.now() - begin) / 1_000)
}

const pace = (what: string, paces: readonly number[]): Figure => ({
  case: what,
  value: median(paces),
  unit: 'notifications/s',
  baseline: null,
  ratio: null,
  target: null,
  kind: 'time',
})

/** How many notifications of payments a shop takes in a second: verified, read, decided, committed, answered. */
export const bench: Bench<'orders' | 'rounds' | 'connections'> = {
  name,
  summary: 'notifications of a gateway that a shop handles in a second, each told twice',
  options: {
    orders: { summary: 'orders of a round', otherwise: '600' },
    rounds: { summary: 'rounds', otherwise: '3' },
    connections: { summary: 'connections to the database, and notifications at once', otherwise: '16' },
  },
  run: async (options, report) => {
    const orders = wholeOption('orders', options.orders)
    const rounds = wholeOption('rounds', options.rounds)
    const connections = wholeOption('connections', options.connections)
    const settings = { shared_buffers: '512MB', max_wal_size: '8GB', checkpoint_timeout: '1h' }
    const server = await startPostgresServer({ durable: true, maxConnections: connections + 20, settings })
    try {
      const url = server.url()
      await migrateShop(url)
      const { pool, storage, roundTrips } = await openTables(url, 'function', connections, false)
      try {
        const gateway = createSandboxGateway({ now: systemClock.now, keys: [{ keyId: 'k1', secret: 'sandbox' }] })
        const shop = openShop(name, storage, gateway)
        await fillShop(shop, storage, name)
        const first: number[] = []
        const again: number[] = []
        const trips: number[] = []
        let buyers = 0
        let expectedTotalMinor: number | undefined

        const order = async (accountId: string): Promise<void> => {
          const as = (key: string) => ({ actor: { kind: 'customer', accountId }, key }) as const
          expectedTotalMinor ??= must(await shop.orders.preview(as('ask'), { ...choice, region: recipient.region }))
            .totals.payableMinor
          const placed = must(await shop.orders.place(as('place'), { ...choice, recipient, expectedTotalMinor }))
          gateway.script({ kind: 'pending' })
          const { orderId } = placed
          const paid = must(await shop.orders.pay(as('pay'), { orderId, gatewayId: 'sandbox', method: 'alipay' }))
          if (!gateway.pay(paid.paymentId)) throw new Error('the payer could not pay')
        }

        for (let round = 0; round <= rounds; round += 1) {
          for (let rest = orders; rest > 0; rest -= rowsAtOnce / 5) {
            const ids = Array.from({ length: Math.min(rest, rowsAtOnce / 5) }, () => {
              buyers += 1
              return `buyer-${String(buyers).padStart(8, '0')}`
            })
            await write(storage, name, (await Promise.all(ids.map(changesOfBuyer))).flat())
            for (const id of ids) await order(id)
          }
          const notifications = await gateway.takeNotifications()
          const before = roundTrips()
          const fresh = await receiveAll(shop, notifications, connections)
          const between = roundTrips()
          const repeated = await receiveAll(shop, notifications, connections)
          report(`round ${round} of ${rounds}: ${Math.round(fresh)}/s, told again ${Math.round(repeated)}/s`)
          // Round 0 is for the compilers and the plans.
          if (round === 0) continue
          first.push(fresh)
          again.push(repeated)
          trips.push((between - before) / notifications.length)
        }
        const { rows } = await pool.query<{ paid: string; captured: string }>(
          `select (select count(*) from ${schema}."order" where shop = $1 and status = 'paid') as paid, ` +
            `(select count(*) from ${schema}.ledger_entry where shop = $1 and kind = 'captured') as captured`,
          [name],
        )
        const exactly = (what: string, value: number, wanted: number): Figure => ({
          case: what,
          value,
          unit: 'count',
          baseline: wanted,
          ratio: null,
          target: { kind: 'exactly', value: wanted },
          kind: 'correctness',
        })
        return [
          pace(`the first time, ${connections} connections`, first),
          pace(`told again, ${connections} connections`, again),
          exactly('round trips of one', median(trips), 2),
          exactly('orders paid', Number(rows[0]?.paid), (rounds + 1) * orders),
          exactly('captures booked', Number(rows[0]?.captured), (rounds + 1) * orders),
        ]
      } finally {
        await pool.end()
      }
    } finally {
      await server.stop()
    }
  },
}
