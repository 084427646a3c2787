import { isOfStatement } from './errors.js'
import type { Statement } from './sql.js'

/** What a driver answers. */
export type QueryRows = {
  readonly rows: readonly Readonly<Record<string, unknown>>[]
  /** The command tag, where the driver tells it. */
  readonly command?: string
}

/** What is needed of a driver: a `pg` pool or client, a PGlite and many more are of this shape. */
export type Queryable = { query(text: string, values?: unknown[]): Promise<QueryRows> }

/** A driver that also keeps prepared statements by name, as `pg` does. */
export type NamedQueryable = Queryable & {
  query(statement: { name: string; text: string; values: unknown[] }): Promise<QueryRows>
}

/** A client that goes back to its pool, or is thrown away when it is broken. */
export type Releasable = {
  release(broken?: boolean): void
  /** A client that tells of a lost connection by an event, as `pg`'s does, is listened to while it is in use. */
  on?(event: 'error', listener: () => void): unknown
  removeListener?(event: 'error', listener: () => void): unknown
}

/** A pool of connections, such as the one of `pg`. */
export type Pool = Queryable & { connect(): Promise<Queryable & Releasable> }

/** A pool whose clients keep prepared statements by name. */
export type NamedPool = NamedQueryable & { connect(): Promise<NamedQueryable & Releasable> }

/** Sends one statement. */
export type Run = (statement: Statement) => Promise<QueryRows>

/** What a transaction comes to: its value, and whether what it wrote shall stand. */
export type Outcome<Value> = { readonly keep: boolean; readonly value: Value }

/** Where statements go: to a pool, or into a transaction that a host has opened. */
export type Session = {
  /** How often a write may be tried before its fault is answered. */
  readonly attempts: number
  /** A statement that only reads. */
  readonly read: Run
  /** A statement that writes, all of it or nothing. */
  readonly write: Run
  /** Several statements that stand together, or not at all. */
  readonly transaction: <Value>(work: (run: Run) => Promise<Outcome<Value>>) => Promise<Value>
}

/** The transaction was already lost when it should have been committed. */
export class CommitRolledBack extends Error {}

const sendUnnamed =
  (client: Queryable): Run =>
  ({ text, values }) =>
    client.query(text, [...values])

const sendNamed =
  (client: NamedQueryable): Run =>
  ({ name, text, values }) =>
    name === undefined ? client.query(text, [...values]) : client.query({ name, text, values: [...values] })

const command = (text: string): Statement => ({ text, values: [] })

const attemptsOnPool = 8
const attemptsInside = 3

// Whoever waits for an answer hears of a lost connection by it.
const heardElsewhere = (): void => {}

const borrow = async <Client>(pool: { connect(): Promise<Client & Releasable> }) => {
  const client = await pool.connect()
  client.on?.('error', heardElsewhere)
  const giveBack = (broken: boolean): void => {
    client.removeListener?.('error', heardElsewhere)
    client.release(broken)
  }
  return { client, giveBack }
}

// A pool that is asked itself throws a client away with every failed statement, and a refused commit is one. The
// connection is sound, and holds plans that took long to make.
const sendOnce =
  <Client extends Queryable>(pool: { connect(): Promise<Client & Releasable> }, send: (client: Client) => Run): Run =>
  async (statement) => {
    const { client, giveBack } = await borrow(pool)
    let broken = false
    try {
      return await send(client)(statement)
    } catch (error) {
      broken = !isOfStatement(error)
      throw error
    } finally {
      giveBack(broken)
    }
  }

const sessionOver = <Client extends Queryable>(
  pool: { connect(): Promise<Client & Releasable> },
  send: (client: Client) => Run,
): Session => ({
  attempts: attemptsOnPool,
  read: sendOnce(pool, send),
  write: sendOnce(pool, send),
  transaction: async (work) => {
    const { client, giveBack } = await borrow(pool)
    const run = send(client)
    let broken = false
    try {
      await run(command('begin isolation level read committed'))
      const { keep, value } = await work(run)
      const ended = await run(command(keep ? 'commit' : 'rollback'))
      // A transaction that was aborted answers COMMIT with ROLLBACK and without an error.
      if (keep && ended.command === 'ROLLBACK') throw new CommitRolledBack('COMMIT answered ROLLBACK')
      return value
    } catch (error) {
      await run(command('rollback')).catch(() => {
        broken = true
      })
      throw error
    } finally {
      giveBack(broken)
    }
  },
})

/** Statements go to a pool, planned each time. */
export const sessionOfPool = (pool: Pool): Session => sessionOver<Queryable>(pool, sendUnnamed)

/** Statements go to a pool, prepared by name. */
export const sessionOfNamedPool = (pool: NamedPool): Session => sessionOver<NamedQueryable>(pool, sendNamed)

/** Lets one caller in at a time. */
const createTurnstile = (): (() => Promise<() => void>) => {
  let last: Promise<void> = Promise.resolve()
  return async () => {
    const before = last
    let leave = () => {}
    last = new Promise((resolve) => {
      leave = resolve
    })
    await before
    return leave
  }
}

/**
 * Makes a pool of a single connection, such as a PGlite: statements and transactions take turns on it.
 */
export const oneConnection = (client: Queryable): Pool => {
  const enter = createTurnstile()
  return {
    query: async (text, values) => {
      const leave = await enter()
      try {
        return await client.query(text, values)
      } finally {
        leave()
      }
    },
    connect: async () => {
      const release = await enter()
      return { query: (text, values) => client.query(text, values), release: () => release() }
    },
  }
}

/** Statements go into a transaction that the host has opened; what fails is undone and the transaction stays usable. */
export const sessionInside = (client: Queryable): Session => {
  const enter = createTurnstile()
  const run = sendUnnamed(client)
  const transaction: Session['transaction'] = async (work) => {
    const leave = await enter()
    try {
      await run(command('savepoint shopwright'))
      try {
        const { keep, value } = await work(run)
        if (!keep) await run(command('rollback to savepoint shopwright'))
        await run(command('release savepoint shopwright'))
        return value
      } catch (error) {
        await run(command('rollback to savepoint shopwright'))
        await run(command('release savepoint shopwright'))
        throw error
      }
    } finally {
      leave()
    }
  }
  return {
    attempts: attemptsInside,
    read: async (statement) => {
      const leave = await enter()
      try {
        return await run(statement)
      } finally {
        leave()
      }
    },
    write: (statement) => transaction(async (inside) => ({ keep: true, value: await inside(statement) })),
    transaction,
  }
}
