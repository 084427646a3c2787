import pg from 'pg'
import { describeOutcome, runProcess, succeeded } from '../../../scripts/postgres-server/run-process.js'
import type { Check, Contender } from '../contender.js'
import { openCountingPool } from '../counting-pool.js'
import { measurePace } from '../measure.js'
import { findPgbench } from './find-pgbench.js'
import { pgbenchFile, readPgbenchFile, readScript, type ScriptStep, type Variables } from './read-script.js'

/** The statements of the script, each a round trip: BEGIN, nine statements, COMMIT. */
const statementsOfScript = 11

/** What is said where there is no pgbench. */
export const withoutPgbench =
  'The baseline is a pgbench script, and this machine has no pgbench: not beside the server in use, not beside another ' +
  'Postgres, not on PATH. It comes with Postgres itself; on Debian and Ubuntu `apt-get install postgresql-15` (or ' +
  '`postgresql-contrib`) brings it. `--baseline node` sends the same script from Node instead, for a rough idea: that is ' +
  'a slower client, so every ratio comes out too good.'

/** The baseline, and what its statements come to when they stand in one function made for them alone. */
export type Baselines = { readonly script: Contender; readonly handWritten: Contender }

/** Makes and fills the baseline's tables on a database, and gives the contenders that use them. */
export const prepareBaselines = async (
  url: string,
  serverFolder: string,
  driver: 'pgbench' | 'node',
): Promise<Baselines> => {
  const program = driver === 'node' ? undefined : await findPgbench(serverFolder)
  if (driver === 'pgbench' && program === undefined) throw new Error(withoutPgbench)
  const steps = readScript(readPgbenchFile('checkout.sql'))
  const statements = steps.filter((step) => step.kind === 'send').length
  if (statements !== statementsOfScript) throw new Error(`the pgbench script has ${statements} statements`)
  const call = callOfScript(steps)
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(readPgbenchFile('schema.sql'))
    await client.query(readPgbenchFile('fill.sql'))
    await client.query(call.definition)
  } finally {
    await client.end()
  }
  const runs = createRuns()
  const check = (): Promise<readonly Check[]> => checkBaseline(url, runs.placed())
  const script =
    program === undefined
      ? driveFromNode(url, steps, runs, {
          name: 'eleven statements sent from Node, not by pgbench',
          wantedRoundTrips: statementsOfScript,
          check,
        })
      : runPgbench(url, program, runs, check)
  const handWritten = driveFromNode(url, call.steps, runs, {
    name: 'hand-written function of the same statements',
    wantedRoundTrips: 1,
    // Both write to one set of tables, which is checked once.
    check: async () => [],
  })
  return { script, handWritten }
}

/** The script's statements as a function of the script's variables, and the steps that call it. */
const callOfScript = (
  steps: readonly ScriptStep[],
): { readonly definition: string; readonly steps: readonly ScriptStep[] } => {
  const sent = steps.flatMap((step) => (step.kind === 'send' ? [step] : []))
  const parameters = [...new Set(sent.flatMap((step) => step.parameters))]
  const placeOf = (name: string | undefined): string => `$${parameters.indexOf(name ?? '') + 1}`
  const statements = sent
    .slice(1, -1)
    .map((step) => step.text.replace(/\$(\d+)/g, (_, digits: string) => placeOf(step.parameters[Number(digits) - 1])))
    .map((text) => `${text.replace(/^select /, 'perform ')};`)
  const types = parameters.map(() => 'text').join(', ')
  const text = `select baseline.place(${parameters.map((_, index) => `$${index + 1}`).join(', ')})`
  return {
    definition: `create function baseline.place(${types}) returns void language plpgsql as $body$ begin\n${statements.join('\n')}\nend $body$`,
    steps: [...steps.filter((step) => step.kind === 'set'), { kind: 'send', name: 'baseline_place', text, parameters }],
  }
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

/** Runs a script of this folder for so long, and tells how many transactions it made, in all and a second. */
export const timePgbench = async (
  url: string,
  program: string,
  given: { readonly script: string; readonly run: number; readonly connections: number; readonly seconds: number },
): Promise<{ readonly processed: number; readonly perSecond: number }> => {
  const { seconds } = given
  const words = ['--no-vacuum', '-M', 'prepared', '-f', pgbenchFile(given.script)]
  words.push('-c', String(given.connections), '-j', '1', '-T', String(seconds))
  words.push('-D', `run=${given.run}`, '-D', 'sequence=0', url)
  const outcome = await runProcess(program, words, undefined, (seconds + 60) * 1_000)
  if (!succeeded(outcome)) throw new Error(`pgbench: ${describeOutcome(outcome)}`)
  const processed = readNumber(outcome.output, /transactions actually processed: (\d+)/)
  // Nothing can be held against nothing: a machine that is taken up by others measures them.
  if (processed === 0) throw new Error(`pgbench made no transaction in ${seconds} s: the machine is too busy`)
  // Time to connect is left out, as it is for every other contender.
  const pattern = /tps = ([\d.]+) \((?:without initial connection time|excluding connections establishing)\)/
  return { processed, perSecond: readNumber(outcome.output, pattern) }
}

const runPgbench = (url: string, program: string, runs: Runs, check: Contender['check']): Contender => ({
  name: 'pgbench -M prepared, eleven statements',
  leastRatio: null,
  open: async (connections) => ({
    measure: async (seconds) => {
      const given = { script: 'checkout.sql', run: runs.next(), connections, seconds }
      const { processed, perSecond } = await timePgbench(url, program, given)
      runs.note(processed)
      return { perSecond, clientMicroseconds: null }
    },
    close: async () => {},
  }),
  // One for each statement that pgbench sends; the script has been counted.
  countRoundTrips: async () => ({ found: statementsOfScript, wanted: statementsOfScript }),
  check,
})

const driveFromNode = (
  url: string,
  steps: readonly ScriptStep[],
  runs: Runs,
  given: { readonly name: string; readonly wantedRoundTrips: number; readonly check: Contender['check'] },
): Contender => {
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
    name: given.name,
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
      return { found, wanted: given.wantedRoundTrips }
    },
    check: given.check,
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
