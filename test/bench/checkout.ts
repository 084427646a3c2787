import pg from 'pg'
import { startPostgresServer } from '../../scripts/postgres-server/start-server.js'
import { type Bench, type Figure, median, wholeOption } from './bench.js'
import { migrateShop } from './bench-shop.js'
import { migrateBench, prepareCommitContender } from './commit-contender.js'
import type { Contender, OpenContender } from './contender.js'
import type { Pace } from './measure.js'
import { prepareBaselines } from './pgbench/baseline.js'
import { preparePlaceContender } from './place-contender.js'

type Round = ReadonlyMap<Contender, Pace & { readonly walBytes: number }>

const connectionsOfTarget = 16

// A command of this size has been compiled as far as it will be only after some thousands of orders, and a shop that is
// open stays so: the first warm-up is long, later ones are for new connections.
const firstWarmUpSeconds = 12

/** Where the write-ahead log of the server ends, in bytes. */
const readWalEnd = async (control: pg.Client): Promise<number> => {
  const { rows } = await control.query<{ bytes: string }>("select pg_current_wal_insert_lsn() - '0/0' as bytes")
  return Number(rows[0]?.bytes)
}

const measureRounds = async (
  contenders: readonly Contender[],
  given: {
    readonly connections: number
    readonly rounds: number
    readonly seconds: number
    readonly warmUpSeconds: number
  },
  control: pg.Client,
  report: (line: string) => void,
): Promise<readonly Round[]> => {
  const { connections, rounds, seconds, warmUpSeconds } = given
  const measured: Round[] = []
  const open: { readonly contender: Contender; readonly opened: OpenContender }[] = []
  try {
    // Connections stay open from round to round, as those of a shop do: a new one first makes its plans.
    for (const contender of contenders) open.push({ contender, opened: await contender.open(connections) })
    // Round 0 is for the compilers and caches on both sides; it is not kept.
    for (let round = 0; round <= rounds; round += 1) {
      const paces = new Map<Contender, Pace & { readonly walBytes: number }>()
      // Each round starts with another contender, so that none always follows the same one.
      const shift = round % open.length
      for (const { contender, opened } of [...open.slice(shift), ...open.slice(0, shift)]) {
        const duration = round === 0 ? warmUpSeconds : seconds
        const walBefore = await readWalEnd(control)
        const pace = await opened.measure(duration)
        const walBytes = (await readWalEnd(control)) - walBefore
        paces.set(contender, { ...pace, walBytes: walBytes / Math.max(1, pace.perSecond * duration) })
      }
      if (round === 0) {
        // Plans are made as in a shop that has been open for a while, not as on tables that were empty a moment ago.
        await control.query('analyze')
        continue
      }
      measured.push(paces)
      const shown = contenders.map((each) => `${each.name} ${Math.round(paces.get(each)?.perSecond ?? 0)}/s`)
      report(`${connections} connections, round ${round} of ${rounds}: ${shown.join(', ')}`)
    }
    return measured
  } finally {
    for (const { opened } of open) await opened.close()
  }
}

const figuresOf = (
  contender: Contender,
  baseline: Contender,
  rounds: readonly Round[],
  connections: number,
): readonly Figure[] => {
  const where = `${contender.name}, ${connections} connection${connections === 1 ? '' : 's'}`
  const paces = rounds.flatMap((round) => round.get(contender) ?? [])
  const baselinePaces = rounds.flatMap((round) => round.get(baseline) ?? [])
  // Both sides of a ratio come from one round: what else the machine did then slowed both.
  const ratios = paces.map((pace, round) => pace.perSecond / (baselinePaces[round]?.perSecond ?? Number.NaN))
  const isBaseline = contender === baseline
  const least = connections === connectionsOfTarget ? contender.leastRatio : null
  const processor = paces.flatMap((pace) => pace.clientMicroseconds ?? [])
  const walBytes = (of: readonly { readonly walBytes: number }[]) => median(of.map((pace) => pace.walBytes))
  return [
    {
      case: where,
      value: median(paces.map((pace) => pace.perSecond)),
      unit: 'orders/s',
      baseline: isBaseline ? null : median(baselinePaces.map((pace) => pace.perSecond)),
      ratio: isBaseline ? null : median(ratios),
      target: least === null ? null : { kind: 'atLeast', value: least },
      kind: 'time',
    },
    ...(processor.length === 0
      ? []
      : [
          {
            case: `${where}: processor time of the client`,
            value: median(processor),
            unit: 'µs/order',
            baseline: null,
            ratio: null,
            target: null,
            kind: 'time' as const,
          },
        ]),
    ...(connections === connectionsOfTarget
      ? [
          {
            case: `${where}: write-ahead log`,
            value: walBytes(paces),
            unit: 'bytes/order',
            baseline: isBaseline ? null : walBytes(baselinePaces),
            ratio: isBaseline ? null : walBytes(paces) / walBytes(baselinePaces),
            target: null,
            kind: 'memory' as const,
          },
        ]
      : []),
  ]
}

const countRoundTrips = async (contender: Contender): Promise<readonly Figure[]> => {
  if (contender.countRoundTrips === null) return []
  const { found, wanted } = await contender.countRoundTrips()
  return [
    {
      case: `${contender.name}: round trips`,
      value: found,
      unit: 'per order',
      baseline: null,
      ratio: null,
      target: wanted === null ? null : { kind: 'exactly', value: wanted },
      kind: 'correctness',
    },
  ]
}

const checkContender = async (contender: Contender): Promise<readonly Figure[]> =>
  (await contender.check()).map(({ what, found, wanted }) => ({
    case: `${contender.name}, afterwards: ${what}`,
    value: found,
    unit: 'count',
    baseline: wanted,
    ratio: null,
    target: { kind: 'exactly', value: wanted },
    kind: 'correctness',
  }))

const countDeadlocks = async (control: pg.Client): Promise<Figure> => {
  const { rows } = await control.query<{ deadlocks: string }>(
    'select deadlocks from pg_stat_database where datname = current_database()',
  )
  return {
    case: 'deadlocks of the whole run',
    value: Number(rows[0]?.deadlocks),
    unit: 'count',
    baseline: null,
    ratio: null,
    target: { kind: 'exactly', value: 0 },
    kind: 'correctness',
  }
}

/** Orders a second against eleven hand-written statements on the same durable server, in alternating rounds. */
export const bench: Bench<'rounds' | 'seconds' | 'connections' | 'baseline' | 'only'> = {
  name: 'checkout',
  summary: 'placing an order of three lines, against the frozen pgbench script of eleven statements',
  options: {
    rounds: { summary: 'rounds of each number of connections', otherwise: '5' },
    seconds: { summary: 'length of a round for each contender', otherwise: '3' },
    connections: { summary: 'numbers of connections, comma between; targets are held at 16', otherwise: '1,8,16' },
    baseline: {
      summary: '`pgbench`, or its script sent by `node`, which no target is held against',
      otherwise: 'pgbench',
    },
    only: {
      summary: 'words of the names to measure beside the baseline: code that serves one form is compiled for it alone',
      otherwise: '',
    },
  },
  run: async (options, report) => {
    const rounds = wholeOption('rounds', options.rounds)
    const seconds = wholeOption('seconds', options.seconds)
    const connections = options.connections.split(',').map((text) => wholeOption('connections', text))
    const driver = options.baseline === 'node' ? 'node' : 'pgbench'
    const clients = Math.max(...connections)
    const server = await startPostgresServer({
      durable: true,
      // Each contender keeps its own.
      maxConnections: 10 * clients + 20,
      // No checkpoint falls into one round and not into the next.
      settings: { shared_buffers: '512MB', max_wal_size: '8GB', checkpoint_timeout: '1h' },
    })
    const control = new pg.Client({ connectionString: server.url() })
    try {
      report(`Postgres ${server.version} (${server.source}), fsync on; ${rounds} rounds of ${seconds} s`)
      await control.connect()
      const url = server.url()
      await migrateBench(url)
      await migrateShop(url)
      const { script: baseline, handWritten } = await prepareBaselines(url, server.binaries, driver)
      const all = [
        baseline,
        // What one round trip can come to at best here: it can do nothing but this.
        handWritten,
        await prepareCommitContender(url, 'statement', { clients, leastRatio: 0.9, wantedRoundTrips: 1 }),
        await prepareCommitContender(url, 'function', { clients, leastRatio: 1.2, wantedRoundTrips: 1 }),
        await prepareCommitContender(url, 'transaction', { clients, leastRatio: null, wantedRoundTrips: null }),
        await prepareCommitContender(url, 'function', {
          clients,
          leastRatio: 4,
          wantedRoundTrips: null,
          inGroupsOf: 4,
        }),
        await preparePlaceContender(url, 'function', { leastRatio: 0.5, inGroupsOf: 4 }),
        await preparePlaceContender(url, 'function', { leastRatio: 0.9 }),
        await preparePlaceContender(url, 'statement', { leastRatio: 0.7 }),
      ]
      const contenders = all.filter((each) => each === baseline || each.name.includes(options.only))
      const figures: Figure[] = []
      for (const [place, count] of connections.entries()) {
        const warmUpSeconds = place === 0 ? firstWarmUpSeconds : 1
        const given = { connections: count, rounds, seconds, warmUpSeconds }
        const measured = await measureRounds(contenders, given, control, report)
        figures.push(...contenders.flatMap((each) => figuresOf(each, baseline, measured, count)))
      }
      for (const contender of contenders) figures.push(...(await countRoundTrips(contender)))
      for (const contender of contenders) figures.push(...(await checkContender(contender)))
      figures.push(await countDeadlocks(control))
      return figures
    } finally {
      await control.end()
      await server.stop()
    }
  },
}
