import { performance } from 'node:perf_hooks'
import pg from 'pg'
import { adjust, commitChanges, counters, readFacts, type Storage } from 'shopwright'
import { createPostgresStorage } from 'shopwright/adapters/postgres'
import { startPostgresServer } from '../../scripts/postgres-server/start-server.js'
import { stockCounters } from '../../src/inventory/stock.js'
import { type Bench, type Figure, median, wholeOption } from './bench.js'
import { changesOfOrder, createWallets, fillShop, orderIdOf, piecesOfSku, write } from './bench-order.js'
import { benchTables } from './checkout-tables.js'
import { migrateBench } from './commit-contender.js'
import { openCountingPool } from './counting-pool.js'
import { timePgbench, withoutPgbench } from './pgbench/baseline.js'
import { findPgbench } from './pgbench/find-pgbench.js'
import { readPgbenchFile } from './pgbench/read-script.js'

const buyers = 64
const [hot, gone] = ['hot', 'gone'] as const

/** What 64 buyers came to in one round. */
type Round = { readonly perSecond: number; readonly waitsMs: readonly number[] }

/** A way for 64 buyers to want one product. */
type Rush = {
  readonly name: string
  readonly measure: (seconds: number) => Promise<Round>
  /** What the database holds against what was answered. */
  readonly check: () => Promise<readonly Figure[]>
  readonly close: () => Promise<void>
}

const lineOf = (sku: string) => [{ lineId: '1', sku, quantity: 1, unitMinor: 9_990, totalMinor: 9_356 }]

/**
 * 64 buyers of one product on our storage.
 *
 * @param given.refused - how many of a hundred want the one that has run out
 */
const prepareRush = async (
  url: string,
  given: { readonly name: string; readonly connections: number; readonly inGroups: boolean; readonly refused: number },
): Promise<Rush> => {
  const shop = given.name
  const { pool } = await openCountingPool(url, given.connections)
  const storage = createPostgresStorage({
    pool,
    ...benchTables,
    form: 'function',
    prepared: 'named',
    ...(given.inGroups ? { inGroups: {} } : {}),
  })
  const wallets = createWallets()
  await fillShop(storage, shop, buyers)
  await write(storage, shop, [adjust(stockCounters, { id: hot, by: piecesOfSku })])
  const tally = { asked: 0, sold: 0, refused: 0 }

  const buy = async (client: number): Promise<void> => {
    const sku = Math.random() * 100 < given.refused ? gone : hot
    const { used, noteUsed } = wallets.take(client)
    tally.asked += 1
    const changes = changesOfOrder(orderIdOf(tally.asked), lineOf(sku), used, Date.now())
    const answer = await commitChanges(storage, { shop, at: Date.now(), changes })
    if (answer.isOk()) {
      noteUsed()
      tally.sold += 1
    } else if (answer.error.type === 'FloorReached' && answer.error.id === gone) tally.refused += 1
    else throw new Error(`refused for another reason: ${JSON.stringify(answer.error)}`)
  }

  return {
    name: given.name,
    measure: async (seconds) => {
      const waitsMs: number[] = []
      const begin = performance.now()
      const end = begin + seconds * 1_000
      const work = async (client: number): Promise<void> => {
        while (performance.now() < end) {
          const asked = performance.now()
          await buy(client)
          waitsMs.push(performance.now() - asked)
        }
      }
      await Promise.all(Array.from({ length: buyers }, (_, client) => work(client)))
      return { perSecond: waitsMs.length / ((performance.now() - begin) / 1_000), waitsMs }
    },
    check: async () => checkRush(storage, pool, shop, tally),
    close: () => pool.end(),
  }
}

const checkRush = async (
  storage: Storage,
  pool: pg.Pool,
  shop: string,
  tally: { readonly sold: number; readonly refused: number; readonly asked: number },
): Promise<readonly Figure[]> => {
  const facts = await readFacts(storage, {
    shop,
    scope: { kind: 'all' },
    at: Date.now(),
    plan: { stock: counters(stockCounters, [hot, gone]) },
  })
  if (facts.isErr()) throw new Error(`the check could not read: ${JSON.stringify(facts.error)}`)
  const { stock } = facts.value
  const count = async (table: string): Promise<number> => {
    const text = `select count(*) as count from "${benchTables.schema}"."${table}" where shop = $1`
    const { rows } = await pool.query<{ count: string }>(text, [shop])
    return Number(rows[0]?.count)
  }
  const figure = (what: string, value: number, wanted: number): Figure => ({
    case: `${shop}, afterwards: ${what}`,
    value,
    unit: 'count',
    baseline: wanted,
    ratio: null,
    target: { kind: 'exactly', value: wanted },
    kind: 'correctness',
  })
  return [
    figure('orders', await count('orders'), tally.sold),
    figure('events', await count('outbox'), 2 * tally.sold),
    figure('pieces taken', piecesOfSku - (stock.get(hot) ?? 0), tally.sold),
    figure('pieces of what had run out', stock.get(gone) ?? 0, 0),
    figure('buyers without an answer', tally.asked - tally.sold - tally.refused, 0),
  ]
}

const prepareBaseline = async (url: string, program: string): Promise<Rush> => {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(readPgbenchFile('schema.sql'))
    await client.query(readPgbenchFile('fill.sql'))
  } finally {
    await client.end()
  }
  let run = 0
  return {
    name: 'pgbench -M prepared, nine statements, 64 clients',
    measure: async (seconds) => {
      run += 1
      const given = { script: 'hot-sku.sql', run, connections: buyers, seconds }
      return { perSecond: (await timePgbench(url, program, given)).perSecond, waitsMs: [] }
    },
    check: async () => [],
    close: async () => {},
  }
}

const quantile = (values: readonly number[], part: number): number =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * part))] ?? Number.NaN

const paceOf = (rush: Rush, least: number | null, rounds: readonly Round[], baseline: readonly Round[]): Figure => ({
  case: rush.name,
  value: median(rounds.map(({ perSecond }) => perSecond)),
  unit: 'answers/s',
  baseline: median(baseline.map(({ perSecond }) => perSecond)),
  ratio: median(rounds.map(({ perSecond }, place) => perSecond / (baseline[place]?.perSecond ?? Number.NaN))),
  target: least === null ? null : { kind: 'atLeast', value: least },
  kind: 'time',
})

/** 64 buyers who want one product, by themselves and in groups, against the hand-written statements. */
export const bench: Bench<'rounds' | 'seconds'> = {
  name: 'hot-sku',
  summary: '64 buyers of one product, commit alone, against the frozen pgbench script on one product',
  options: {
    rounds: { summary: 'rounds', otherwise: '3' },
    seconds: { summary: 'length of a round for each contender', otherwise: '3' },
  },
  run: async (options, report) => {
    const rounds = wholeOption('rounds', options.rounds)
    const seconds = wholeOption('seconds', options.seconds)
    const settings = { shared_buffers: '512MB', max_wal_size: '8GB', checkpoint_timeout: '1h' }
    const server = await startPostgresServer({ durable: true, maxConnections: 3 * buyers + 20, settings })
    const opened: Rush[] = []
    const open = async (preparing: Promise<Rush>): Promise<Rush> => {
      const rush = await preparing
      opened.push(rush)
      return rush
    }
    try {
      const url = server.url()
      const program = await findPgbench(server.binaries)
      if (program === undefined) throw new Error(withoutPgbench)
      await migrateBench(url)
      const few = { connections: 4, inGroups: true }
      const baseline = await open(prepareBaseline(url, program))
      const single = await open(
        prepareRush(url, { name: 'one by one', connections: buyers, inGroups: false, refused: 0 }),
      )
      const grouped = await open(prepareRush(url, { ...few, name: 'in groups', refused: 0 }))
      const soldOut = await open(prepareRush(url, { ...few, name: 'in groups, 80 of 100 refused', refused: 80 }))
      for (const rush of opened) await rush.measure(5)
      const measured = new Map<Rush, Round[]>(opened.map((rush) => [rush, []]))
      for (let round = 0; round < rounds; round += 1) {
        const shift = round % opened.length
        for (const rush of [...opened.slice(shift), ...opened.slice(0, shift)]) {
          measured.get(rush)?.push(await rush.measure(seconds))
        }
        const shown = opened.map((rush) => `${rush.name} ${Math.round(measured.get(rush)?.at(-1)?.perSecond ?? 0)}/s`)
        report(`round ${round + 1} of ${rounds}: ${shown.join(', ')}`)
      }
      const roundsOf = (rush: Rush): readonly Round[] => measured.get(rush) ?? []
      const waitsOf = (rush: Rush): readonly number[] => roundsOf(rush).flatMap(({ waitsMs }) => waitsMs)
      const [p50, p99] = [quantile(waitsOf(single), 0.5), quantile(waitsOf(grouped), 0.99)]
      const figures: Figure[] = [
        paceOf(single, null, roundsOf(single), roundsOf(baseline)),
        paceOf(grouped, 20, roundsOf(grouped), roundsOf(baseline)),
        paceOf(soldOut, 5, roundsOf(soldOut), roundsOf(baseline)),
        {
          case: 'slowest in a hundred in groups, against the middle one by one',
          value: p99,
          unit: 'ms',
          baseline: p50,
          ratio: p99 / p50,
          target: { kind: 'atMost', value: 3 },
          kind: 'time',
        },
      ]
      for (const rush of opened) figures.push(...(await rush.check()))
      return figures
    } finally {
      for (const rush of opened) await rush.close()
      await server.stop()
    }
  },
}
