import pg from 'pg'
import { describeOutcome, runProcess, succeeded } from '../../../scripts/postgres-server/run-process.js'
import type { Check, Contender } from '../contender.js'
import { openCountingPool } from '../counting-pool.js'
import { measurePace } from '../measure.js'
import { findPgbench } from './find-pgbench.js'
import { pgbenchFile, readPgbenchFile, readScript, type ScriptStep, type Variables } from './read-script.js'

/** The statements of the script, each a round trip: BEGIN, nine statements, COMMIT. */
const statementsOfScript = 11

/** Makes and fills the baseline's tables on a database, and gives the baseline to run there. */
export const prepareBaseline = async (
  url: string,
  serverFolder: string,
  driver: 'pgbench where there is one' | 'node',
): Promise<Contender> => {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(readPgbenchFile('schema.sql'))
    await client.query(readPgbenchFile('fill.sql'))
  } finally {
    await client.end()
  }
  const steps = readScript(readPgbenchFile('checkout.sql'))
  const statements = steps.filter((step) => step.kind === 'send').length
  if (statements !== statementsOfScript) throw new Error(`the pgbench script has ${statements} statements`)
  const program = driver === 'node' ? undefined : await findPgbench(serverFolder)
  const runs = createRuns()
  return program === undefined ? driveScript(url, steps, runs) : runPgbench(url, program, statements, runs)
}

/** Numbers the runs on a database, which the ids of a run lead with, and adds up what they have placed. */
type Runs = { readonly next: () => number; readonly note: (placed: number) => void; readonly placed: () => number }

const createRuns = (): Runs => {
  let last = 0
  let sum = 0
  return {
    next: () => {
      last += 1
      return last
    },
    note: (placed) => {
      sum += placed
    },
    placed: () => sum,
  }
}

const readNumber = (output: string, pattern: RegExp): number => {
  const found = pattern.exec(output)?.[1]
  if (found === undefined) throw new Error(`pgbench printed no ${pattern.source}: ${output}`)
  return Number(found)
}

const runPgbench = (url: string, program: string, statements: number, runs: Runs): Contender => ({
  name: 'pgbench -M prepared, eleven statements',
  leastRatio: null,
  open: async (connections) => ({
    measure: async (seconds) => {
      const given = ['--no-vacuum', '-M', 'prepared', '-f', pgbenchFile('checkout.sql')]
      given.push('-c', String(connections), '-j', '1', '-T', String(seconds))
      given.push('-D', `run=${runs.next()}`, '-D', 'sequence=0', url)
      const outcome = await runProcess(program, given, undefined, (seconds + 60) * 1_000)
      if (!succeeded(outcome)) throw new Error(`pgbench: ${describeOutcome(outcome)}`)
      runs.note(readNumber(outcome.output, /transactions actually processed: (\d+)/))
      // Time to connect is left out, as it is for every other contender.
      const pattern = /tps = ([\d.]+) \((?:without initial connection time|excluding connections establishing)\)/
      return { perSecond: readNumber(outcome.output, pattern), clientMicroseconds: null }
    },
    close: async () => {},
  }),
  countRoundTrips: async () => ({ found: statements, wanted: statementsOfScript }),
  check: () => checkBaseline(url, runs.placed()),
})

const driveScript = (url: string, steps: readonly ScriptStep[], runs: Runs): Contender => {
  const open = async (connections: number) => {
    const { pool, roundTrips } = await openCountingPool(url, connections)
    const clients = await Promise.all(Array.from({ length: connections }, () => pool.connect()))
    const start = () => {
      const run = BigInt(runs.next())
      const variables = clients.map(
        (_, client): Variables =>
          new Map([
            ['run', run],
            ['client_id', BigInt(client)],
            ['sequence', 0n],
          ]),
      )
      return async (client: number): Promise<void> => {
        const connection = clients[client]
        const known = variables[client]
        if (connection === undefined || known === undefined) throw new Error(`there is no client ${client}`)
        for (const step of steps) {
          if (step.kind === 'set') known.set(step.name, step.evaluate(known))
          else {
            const values = step.parameters.map((name) => String(known.get(name)))
            await connection.query({ name: step.name, text: step.text, values })
          }
        }
        runs.note(1)
      }
    }
    const close = async (): Promise<void> => {
      for (const client of clients) client.release()
      await pool.end()
    }
    return { start, roundTrips, close }
  }
  return {
    name: 'eleven statements sent from Node, not by pgbench',
    leastRatio: null,
    open: async (connections) => {
      const { start, close } = await open(connections)
      return { measure: (seconds) => measurePace(connections, seconds, start()), close }
    },
    countRoundTrips: async () => {
      const { start, roundTrips, close } = await open(1)
      const placeOne = start()
      const before = roundTrips()
      await placeOne(0)
      const found = roundTrips() - before
      await close()
      return { found, wanted: statementsOfScript }
    },
    check: () => checkBaseline(url, runs.placed()),
  }
}

const checkBaseline = async (url: string, placed: number): Promise<readonly Check[]> => {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query<Record<'orders' | 'keys' | 'pieces' | 'taken' | 'coupons' | 'events', string>>(
      'select (select count(*) from baseline.orders) as orders, (select count(*) from baseline.idempotency) as keys, ' +
        '(select coalesce(sum(quantity), 0) from baseline.order_line) as pieces, ' +
        '(select sum(1000000000 - on_hand) from baseline.stock) as taken, ' +
        '(select count(*) from baseline.redemption) as coupons, (select count(*) from baseline.outbox) as events',
    )
    const found = rows[0]
    if (found === undefined) throw new Error('the baseline tables answered nothing')
    return [
      { what: 'orders', found: Number(found.orders), wanted: placed },
      { what: 'command keys', found: Number(found.keys), wanted: placed },
      { what: 'redemptions', found: Number(found.coupons), wanted: placed },
      { what: 'events', found: Number(found.events), wanted: 2 * placed },
      { what: 'pieces on order lines', found: Number(found.pieces), wanted: 6 * placed },
      { what: 'pieces taken from stock', found: Number(found.taken), wanted: 6 * placed },
    ]
  } finally {
    await client.end()
  }
}
