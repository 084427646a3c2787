import { err, errAsync, okAsync, type Result, ResultAsync } from 'neverthrow'
import type {
  CommitError,
  Committed,
  RawAnswers,
  ReadRequest,
  SealedIndex,
  Storage,
  StorageUnavailable,
  TransactionalStorage,
} from 'shopwright'
import { fillSome } from './apply-migrations.js'
import { commitFunction, operationCodes, probeStatement } from './commit-function.js'
import type { Answer } from './commit-transaction.js'
import { type CommitForm, createCommitWays, type NameOf, type Shared } from './commit-ways.js'
import { findUnknown } from './encode.js'
import { unavailable } from './errors.js'
import type { GroupOptions } from './gather.js'
import { groupCommits } from './group-commit.js'
import { groupReads } from './group-reads.js'
import { askLink } from './link.js'
import { type Migrated, type MigrationChanged, type MigrationOptions, migrate } from './migrations.js'
import {
  acknowledgeStatement,
  backlogOf,
  backlogStatement,
  countOf,
  eventsStatement,
  leasedEvents,
  leaseStatement,
  pastEvents,
  pruneStatement,
  reopenStatement,
} from './outbox.js'
import {
  type NamedPool,
  type Pool,
  type Queryable,
  type Session,
  sessionInside,
  sessionOfNamedPool,
  sessionOfPool,
} from './queryable.js'
import { answersOf, createReads, looksUpKeys } from './read.js'
import { createRegistry, type Registry, type TableOptions } from './registry.js'
import { createPostgresIndex } from './search/postgres-index.js'
import { createBoundedCache, createStatementNames } from './sql.js'

/** Where a shop is kept, and how statements are sent. */
export type PostgresOptions = TableOptions & {
  /** `auto`, which is the default, takes the function where it is installed, else the statement. */
  readonly form?: 'auto' | CommitForm
  /** Lets commits, and reads of one shape, that come at the same time go together; each goes by itself when absent. */
  readonly inGroups?: GroupOptions
} & (
    | { readonly pool: Pool; readonly prepared?: 'unnamed' }
    /** Statements are prepared by name: faster, but not behind a transaction pooler that does not keep names apart. */
    | { readonly pool: NamedPool; readonly prepared: 'named' }
  )

/** A storage on Postgres. */
export type PostgresStorage = TransactionalStorage<Queryable> & {
  readonly link: NonNullable<Storage['link']>
  /** Answers searches in the database, for catalogs that no process should hold: give it to a shop as `catalogIndex`. */
  readonly catalogIndex: SealedIndex
  /** Brings the schema to this release; see `migrate`. */
  readonly migrate: (
    options?: Pick<MigrationOptions, 'commitFunction'>,
  ) => ResultAsync<Migrated, MigrationChanged | StorageUnavailable>
}

const mostShapes = 256
const mostNames = 512
const mostSearchNames = 64

const settle = <Value, Failure>(
  work: Promise<Result<Value, Failure>>,
): ResultAsync<Value, Failure | StorageUnavailable> =>
  new ResultAsync<Value, Failure | StorageUnavailable>(work.catch((error: unknown) => err(unavailable(error))))

const storageOver = (shared: Shared, session: Session, nameOf: NameOf, groups?: GroupOptions): Storage => {
  const { registry } = shared
  const reads = createReads(registry, nameOf)
  const ways = createCommitWays(shared, session, nameOf)
  const commitOne = groups === undefined ? ways.one : groupCommits(ways, groups)
  const readInGroup = groups === undefined ? undefined : groupReads(reads, session, groups)

  const read = (request: ReadRequest): ResultAsync<RawAnswers, StorageUnavailable> => {
    const statement = reads.one(request)
    if (statement === undefined) return okAsync(answersOf(request, { rows: [] }))
    if ('collection' in statement) {
      return errAsync({ type: 'StorageUnavailable', detail: `no table is known for ${statement.collection}` })
    }
    if (readInGroup !== undefined && looksUpKeys(request)) return readInGroup({ request, statement })
    return ResultAsync.fromPromise(session.read(statement), unavailable).map((found) => answersOf(request, found))
  }

  return {
    read,
    commit: (commit) => {
      const unknown = findUnknown(registry, commit)
      return unknown === undefined ? settle<Committed, CommitError>(commitOne(commit)) : errAsync(unknown)
    },
    commitEach: (commits) => {
      const known = commits.filter((commit) => findUnknown(registry, commit) === undefined)
      const answered = known.length === 0 ? okAsync([]) : settle(ways.judged(known))
      return answered.map((answers) => {
        const left = [...answers]
        return commits.map((commit): Answer => {
          const unknown = findUnknown(registry, commit)
          const answer = unknown === undefined ? left.shift() : err(unknown)
          return answer ?? err({ type: 'StorageUnavailable', detail: 'the transaction gave no answer' })
        })
      })
    },
    lease: (request) =>
      ResultAsync.fromPromise(session.write(leaseStatement(registry, request, nameOf)), unavailable).map((found) =>
        leasedEvents(request.shop, found),
      ),
    events: (request) =>
      ResultAsync.fromPromise(session.read(eventsStatement(registry, request, nameOf)), unavailable).map((found) =>
        pastEvents(request.shop, found),
      ),
    acknowledge: (outcome) =>
      ResultAsync.fromPromise(session.write(acknowledgeStatement(registry, outcome, nameOf)), unavailable).map(
        () => undefined,
      ),
    reopen: (request) =>
      ResultAsync.fromPromise(session.write(reopenStatement(registry, request, nameOf)), unavailable).map(countOf),
    backlog: (request) =>
      ResultAsync.fromPromise(session.read(backlogStatement(registry, request, nameOf)), unavailable).map(backlogOf),
    prune: (request) => {
      const work = async () => {
        // A release that does not know a later column writes beside this one; what it wrote is filled here.
        for (const { kind, text } of registry.steps) if (kind === 'fill') await fillSome(session, text)
        return session.write(pruneStatement(registry, request, nameOf))
      }
      return ResultAsync.fromPromise(work(), unavailable).map(countOf)
    },
  }
}

const createShared = (registry: Registry, wanted: 'auto' | CommitForm): Shared => {
  const functionName = commitFunction(registry).name
  let found: CommitForm | undefined = wanted === 'auto' ? undefined : wanted
  return {
    registry,
    functionName,
    codes: operationCodes(registry),
    textOfShape: createBoundedCache(mostShapes),
    forgetForm: () => {
      if (wanted === 'auto') found = undefined
    },
    formFor: async (session) => {
      if (found === undefined) {
        const { rows } = await session.read(probeStatement(functionName))
        found = rows[0]?.found === true ? 'function' : 'statement'
      }
      return found
    },
  }
}

/**
 * Keeps shops in Postgres, in a schema of their own. Nothing is sent but plain statements and short transactions, so a
 * transaction pooler may stand between.
 */
export const createPostgresStorage = (options: PostgresOptions): PostgresStorage => {
  const shared = createShared(createRegistry(options), options.form ?? 'auto')
  const session = options.prepared === 'named' ? sessionOfNamedPool(options.pool) : sessionOfPool(options.pool)
  const namesOf = (most: number): NameOf =>
    options.prepared === 'named' ? createStatementNames(most) : () => undefined
  const nameOf = namesOf(mostNames)
  return {
    ...storageOver(shared, session, nameOf, options.inGroups),
    // Searches have many shapes: names of their own, so that they never use up those of commits and reads.
    catalogIndex: createPostgresIndex(shared.registry.schema, session, namesOf(mostSearchNames)),
    within: (client) => storageOver(shared, sessionInside(client), () => undefined),
    link: () => ResultAsync.fromPromise(askLink(session), unavailable),
    migrate: (more = {}) => migrate(options.pool, { ...options, ...more }),
  }
}
