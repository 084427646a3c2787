import { performance } from 'node:perf_hooks'
import { okAsync } from 'neverthrow'
import { createIds, createTableAuthorizer, createTurns, type Reaction, runRelay, type Storage } from 'shopwright'
import { createPostgresStorage } from 'shopwright/adapters/postgres'
import { createKeyedDigest, systemClock } from 'shopwright/adapters/runtime'
import { startPostgresServer } from '../../scripts/postgres-server/start-server.js'
import { createBookShelf } from '../../src/shared/books.js'
import type { CorePorts } from '../../src/shared/ports.js'
import { type Bench, type Figure, median, wholeOption } from './bench.js'
import { changesOfOrder, orderIdOf, write } from './bench-order.js'
import { benchOrders, benchTables } from './checkout-tables.js'
import { migrateBench } from './commit-contender.js'
import { openCountingPool } from './counting-pool.js'

const shop = 'outbox'
const rowsAtOnce = 500
const eventsOfRow = 2

const portsOver = (storage: Storage): CorePorts => ({
  shop,
  storage,
  clock: systemClock,
  ids: createIds(systemClock),
  authorizer: createTableAuthorizer({}),
  digests: createKeyedDigest({ key: new Uint8Array(32).fill(7) }),
  books: createBookShelf(),
  turns: createTurns(),
  emit: () => {},
  attempts: 1,
})

const orderAlone = (orderId: string) => {
  const lines = [{ lineId: '1', sku: 'sku', quantity: 1, unitMinor: 9_990, totalMinor: 9_990 }]
  const found = changesOfOrder(orderId, lines, { id: '000-000', version: 1 }, Date.now()).find(
    (change) => change.kind === 'put' && change.key.collection === benchOrders.name,
  )
  if (found?.kind !== 'put') throw new Error('an order without its row')
  return { ...found, events: Array.from({ length: eventsOfRow }, () => found.events).flat() }
}

/** Notes what comes, and what comes before its turn. */
const createWitness = () => {
  const last = new Map<string, number>()
  const tally = { heard: 0, outOfOrder: 0 }
  const reaction: Reaction<CorePorts> = {
    name: 'witness',
    listensTo: [`${benchOrders.name}/OrderPlaced`],
    react: (_, event) => {
      tally.heard += 1
      const place = event.version * 100 + event.position
      if (place <= (last.get(event.rowId) ?? -1)) tally.outOfOrder += 1
      last.set(event.rowId, place)
      return okAsync(undefined)
    },
  }
  return { reaction, tally }
}

/** How many events the relay delivers from a full outbox, to a reaction that costs nothing. */
export const bench: Bench<'events' | 'rounds' | 'workers'> = {
  name: 'outbox',
  summary: 'events a second that relays deliver from a full outbox, each once and in the order of its row',
  options: {
    events: { summary: 'events of a round', otherwise: '40000' },
    rounds: { summary: 'rounds', otherwise: '3' },
    workers: { summary: 'relays at once', otherwise: '2' },
  },
  run: async (options, report) => {
    const events = wholeOption('events', options.events)
    const rounds = wholeOption('rounds', options.rounds)
    const workers = wholeOption('workers', options.workers)
    const settings = { shared_buffers: '512MB', max_wal_size: '8GB', checkpoint_timeout: '1h' }
    const server = await startPostgresServer({ durable: true, maxConnections: workers + 20, settings })
    try {
      const url = server.url()
      await migrateBench(url)
      const { pool } = await openCountingPool(url, workers)
      try {
        const storage = createPostgresStorage({ pool, ...benchTables, form: 'function', prepared: 'named' })
        const ports = portsOver(storage)
        const paces: number[] = []
        const witness = createWitness()
        let written = 0
        for (let round = 0; round < rounds; round += 1) {
          for (let rest = events / eventsOfRow; rest > 0; rest -= rowsAtOnce) {
            const ids = Array.from({ length: Math.min(rest, rowsAtOnce) }, () => {
              written += 1
              return orderIdOf(written)
            })
            await write(storage, shop, ids.map(orderAlone))
          }
          const begin = performance.now()
          const relay = async (worker: number): Promise<void> => {
            for (;;) {
              const turn = await runRelay(ports, [witness.reaction], { worker: `relay-${worker}`, limit: 2_000 })
              if (turn.isErr()) throw new Error(`the relay failed: ${JSON.stringify(turn.error)}`)
              if (turn.value.delivered === 0) return
            }
          }
          await Promise.all(Array.from({ length: workers }, (_, worker) => relay(worker)))
          paces.push(events / ((performance.now() - begin) / 1_000))
          report(`round ${round + 1} of ${rounds}: ${Math.round(paces.at(-1) ?? 0)} events/s`)
        }
        const text = `select count(*) as count from "${benchTables.schema}"."outbox" where shop = $1 and delivered_at is null`
        const { rows } = await pool.query<{ count: string }>(text, [shop])
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
          {
            case: `${workers} relays`,
            value: median(paces),
            unit: 'events/s',
            baseline: null,
            ratio: null,
            target: { kind: 'atLeast', value: 10_000 },
            kind: 'time',
          },
          exactly('events heard', witness.tally.heard, written * eventsOfRow),
          exactly('events heard out of the order of their row', witness.tally.outOfOrder, 0),
          exactly('events left', Number(rows[0]?.count), 0),
        ]
      } finally {
        await pool.end()
      }
    } finally {
      await server.stop()
    }
  },
}
