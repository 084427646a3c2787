import { hash, verify } from '@node-rs/argon2'
import { createMemoryStorage } from 'shopwright/adapters/memory'
import { argon2Parameters, createArgon2Hasher } from 'shopwright/adapters/passwords/argon2'
import { createPostgresStorage } from 'shopwright/adapters/postgres'
import { startPostgresServer } from '../../scripts/postgres-server/start-server.js'
import { askGuard, defaultGuardPolicy, recordFailure, type SignInGuard } from '../../src/accounts/sign-in-guard.js'
import { by, guest, must, openAccountsShop, password } from './accounts-shop.js'
import { measureTiming } from './accounts-timing.js'
import { type Bench, type Figure, median, wholeOption } from './bench.js'
import { migrateShop, schema } from './bench-shop.js'
import { openCountingPool } from './counting-pool.js'
import { timeOf } from './stopwatch.js'

const processorSeconds = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000_000
}

/** How often each of several things is done in a second of processor time, in turn, so that all meet the same machine. */
const pacesOf = async (
  works: readonly (() => Promise<unknown>)[],
  rounds: number,
  times: number,
): Promise<readonly (readonly number[])[]> => {
  const paces: number[][] = works.map(() => [])
  for (const work of works) for (let done = 0; done < 3 * times; done += 1) await work()
  for (let round = 0; round < rounds; round += 1) {
    for (const [place, work] of works.entries()) {
      const begin = processorSeconds()
      for (let done = 0; done < times; done += 1) await work()
      paces[place]?.push(times / (processorSeconds() - begin))
    }
  }
  return paces
}

const ratioOf = (mine: readonly number[], theirs: readonly number[]): number =>
  median(mine.map((pace, round) => pace / (theirs[round] ?? Number.NaN)))

const measureHashes = async (rounds: number, times: number): Promise<readonly Figure[]> => {
  const hasher = must(await createArgon2Hasher())
  const bareHash = await hash(password, argon2Parameters)
  const { shop, join } = openAccountsShop(createMemoryStorage(), hasher)
  await join('bench@example.com')
  const [bare = [], ours = [], signIns = []] = await pacesOf(
    [
      () => verify(bareHash, password),
      async () => must(await hasher.verify(bareHash, password)),
      async () => must(await shop.accounts.signIn(by(guest), { identifier: 'bench@example.com', password })),
    ],
    rounds,
    times,
  )
  const figure = (what: string, paces: readonly number[], least: number | null): Figure => ({
    case: what,
    value: median(paces),
    unit: 'per processor second',
    baseline: median(bare),
    ratio: ratioOf(paces, bare),
    target: least === null ? null : { kind: 'atLeast', value: least },
    kind: 'time',
  })
  return [
    figure('argon2id verified by the hasher, against the bare package', ours, 0.95),
    figure('whole sign-ins on memory, against the bare package', signIns, null),
  ]
}

const measureGuard = (): Figure => {
  let guard: SignInGuard | undefined
  let now = 0
  const micros = timeOf(() => {
    now += 45_000
    const verdict = askGuard(guard, now, defaultGuardPolicy)
    guard = verdict.kind === 'look' ? recordFailure(guard, now, defaultGuardPolicy) : guard
    if (verdict.kind === 'disabled') guard = undefined
  })
  return {
    case: 'decisions of the guard of sign-ins',
    value: 1_000_000 / micros,
    unit: 'per processor second',
    baseline: null,
    ratio: null,
    target: { kind: 'atLeast', value: 1_000_000 },
    kind: 'time',
  }
}

const measureSessions = async (rounds: number, times: number): Promise<readonly Figure[]> => {
  const server = await startPostgresServer({})
  try {
    await migrateShop(server.url())
    const { pool, roundTrips } = await openCountingPool(server.url(), 2)
    try {
      const storage = createPostgresStorage({ pool, schema, prepared: 'named' })
      const { shop, join } = openAccountsShop(storage, must(await createArgon2Hasher()))
      await join('bench@example.com')
      const { token, sessionId } = must(
        await shop.accounts.signIn(by(guest), { identifier: 'bench@example.com', password }),
      )
      const byHand = {
        name: 'by-hand',
        text: `select s.state, a.state from "${schema}"."session" s join "${schema}"."account" a on a.shop = s.shop and a.id = s.account_id where s.shop = $1 and s.id = $2`,
        values: ['main', sessionId],
      }
      const check = async () => must(await shop.accounts.actorOf(token))
      await check()
      const before = roundTrips()
      for (let time = 0; time < 100; time += 1) await check()
      const trips = (roundTrips() - before) / 100
      const [bare = [], ours = []] = await pacesOf([() => pool.query(byHand), check], rounds, times)
      return [
        {
          case: 'sessions checked on Postgres, against the same two rows by hand',
          value: median(ours),
          unit: 'per processor second',
          baseline: median(bare),
          ratio: ratioOf(ours, bare),
          target: { kind: 'atLeast', value: 0.2 },
          kind: 'time',
        },
        {
          case: 'round trips of a session check',
          value: trips,
          unit: 'count',
          baseline: 1,
          ratio: null,
          target: { kind: 'exactly', value: 1 },
          kind: 'correctness',
        },
      ]
    } finally {
      await pool.end()
    }
  } finally {
    await server.stop()
  }
}

/** What accounts cost, and whether the time of a refusal tells which one it is. */
export const bench: Bench<'rounds' | 'samples'> = {
  name: 'accounts',
  summary: 'hashes and sign-ins against the bare hasher, decisions of the guard, session checks, timing of refusals',
  options: {
    rounds: { summary: 'rounds of each pace', otherwise: '7' },
    samples: { summary: 'sign-ins of each kind that are timed', otherwise: '1000' },
  },
  run: async (options, report) => {
    const rounds = wholeOption('rounds', options.rounds)
    const samples = wholeOption('samples', options.samples, 40)
    report('hashes')
    const hashes = await measureHashes(rounds, 20)
    report('sessions')
    const sessions = await measureSessions(rounds, 300)
    report('timing')
    const timing = await measureTiming(samples)
    return [
      ...hashes,
      measureGuard(),
      ...sessions,
      ...timing.ways.map(
        ({ way, t }): Figure => ({
          case: `time of a refusal: ${way} against unknown`,
          value: t,
          unit: '|t|',
          baseline: null,
          ratio: null,
          target: { kind: 'atMost', value: 4.5 },
          kind: 'time',
        }),
      ),
      {
        case: 'the same of a hasher that does no work for nobody: the measurement sees it',
        value: timing.control,
        unit: '|t|',
        baseline: null,
        ratio: null,
        target: { kind: 'atLeast', value: 10 },
        kind: 'time',
      },
    ]
  },
}
