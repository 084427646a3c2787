import { err, errAsync, ok, okAsync, type Result } from 'neverthrow'
import {
  applyCommit,
  type CommitError,
  type Committed,
  type PreparedCommit,
  type Storage,
  type TransactionalStorage,
} from 'shopwright'
import { answerPlan } from './answer.js'
import { backlogOf, leaseEvents, noteOutcome, pastEvents, prune, reopenEvents } from './relay-queue.js'
import { copyTables, emptyTables, type ShopTables, viewOf, write } from './tables.js'

export { createMemoryKeyStore } from './key-store.js'

/** A transaction of the host's own on the memory storage. */
export type MemoryTransaction = {
  /** Reads and writes inside the transaction; nobody else sees its writes before `commit`. */
  readonly storage: Storage
  /** Makes everything written inside stand, or nothing when another has changed what it was decided on. */
  readonly commit: () => Result<void, CommitError>
}

/** A storage in this process: complete, and gone with it. */
export type MemoryStorage = TransactionalStorage<MemoryTransaction> & {
  /** Opens a transaction; it ends by `commit`, or by being forgotten. */
  readonly begin: () => MemoryTransaction
}

/**
 * Keeps every shop's facts in memory. It gives the answers that every other storage is held against.
 */
export const createMemoryStorage = (): MemoryStorage => {
  const shops = new Map<string, ShopTables>()
  return {
    ...storageOver(shops, () => {}),
    link: () => okAsync({ kind: 'inProcess' }),
    begin: () => beginOver(shops),
    within: (transaction) => transaction.storage,
  }
}

const tablesOf = (shops: Map<string, ShopTables>, shop: string): ShopTables => {
  const tables = shops.get(shop) ?? emptyTables()
  shops.set(shop, tables)
  return tables
}

const commitTo = (shops: Map<string, ShopTables>, commit: PreparedCommit): Result<Committed, CommitError> => {
  const tables = tablesOf(shops, commit.shop)
  return applyCommit(viewOf(tables), commit).map((set) => {
    write(tables, set)
    return { counters: set.counters }
  })
}

const storageOver = (shops: Map<string, ShopTables>, note: (commit: PreparedCommit) => void): Storage => {
  const commitOne = (commit: PreparedCommit): Result<Committed, CommitError> =>
    commitTo(shops, commit).map((committed) => {
      note(commit)
      return committed
    })
  return {
    read: (request) => okAsync(answerPlan(tablesOf(shops, request.shop), request)),
    commit: (commit) =>
      commitOne(commit).match(
        (committed) => okAsync(committed),
        (error) => errAsync(error),
      ),
    commitEach: (commits) => okAsync(commits.map(commitOne)),
    lease: (request) => okAsync(leaseEvents(tablesOf(shops, request.shop), request)),
    events: (request) => okAsync(pastEvents(tablesOf(shops, request.shop), request)),
    acknowledge: (outcome) => {
      noteOutcome(tablesOf(shops, outcome.shop), outcome)
      return okAsync(undefined)
    },
    reopen: (request) => okAsync(reopenEvents(tablesOf(shops, request.shop), request)),
    backlog: ({ shop }) => okAsync(backlogOf(tablesOf(shops, shop))),
    prune: (request) => okAsync(prune(tablesOf(shops, request.shop), request)),
  }
}

const beginOver = (shops: Map<string, ShopTables>): MemoryTransaction => {
  const inside = new Map([...shops].map(([shop, tables]) => [shop, copyTables(tables)]))
  const written: PreparedCommit[] = []
  return {
    storage: storageOver(inside, (commit) => written.push(commit)),
    commit: () => {
      // Judged again on copies of what stands now, so that either all of the transaction stands or none of it.
      const trial = new Map([...shops].map(([shop, tables]) => [shop, copyTables(tables)]))
      for (const commit of written) {
        const answer = commitTo(trial, commit)
        if (answer.isErr()) return err(answer.error)
      }
      for (const [shop, tables] of trial) shops.set(shop, tables)
      return ok(undefined)
    },
  }
}
