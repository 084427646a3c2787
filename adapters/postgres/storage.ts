import { err, errAsync, ok, okAsync, type Result, ResultAsync } from 'neverthrow'
import {
  type CommitError,
  type Committed,
  compareCodePoints,
  type PreparedCommit,
  type RawAnswers,
  type ReadRequest,
  type Storage,
  type StorageUnavailable,
  type TransactionalStorage,
} from 'shopwright'
import { commitFunction, type OperationCodes, operationCodes, probeStatement } from './commit-function.js'
import { createStatementForm } from './commit-statement.js'
import { type Answer, commitTogether } from './commit-transaction.js'
import { findUnknown } from './encode.js'
import { isMissingFunction, isPassing, refusalOf, stateOf, unavailable } from './errors.js'
import { createFunctionForm, type FunctionCall } from './function-call.js'
import { type GroupCommitOptions, type GroupWays, groupCommits } from './group-commit.js'
import { mergeCommits } from './merge-commits.js'
import { type Migrated, type MigrationChanged, type MigrationOptions, migrate } from './migrations.js'
import {
  acknowledgeStatement,
  deleteDeliveredStatement,
  eventsStatement,
  leasedEvents,
  leaseStatement,
  pastEvents,
} from './outbox.js'
import {
  type NamedPool,
  type Pool,
  type Queryable,
  type QueryRows,
  type Session,
  sessionInside,
  sessionOfNamedPool,
  sessionOfPool,
} from './queryable.js'
import { answersOf, readStatement } from './read.js'
import { createRegistry, type Registry, type TableOptions } from './registry.js'
import { createBoundedCache, createStatementNames } from './sql.js'

/** How a commit reaches the server; all three give the same answers. */
export type CommitForm =
  /** A transaction of several statements; asks the least of the server. */
  | 'transaction'
  /** One statement, written for the parts that a commit touches. */
  | 'statement'
  /** One call of a function that the migration has installed. */
  | 'function'

/** Where a shop is kept, and how statements are sent. */
export type PostgresOptions = TableOptions & {
  /** `auto`, which is the default, takes the function where it is installed, else the statement. */
  readonly form?: 'auto' | CommitForm
  /** Lets commits that come at the same time share a transaction; each goes by itself when absent. */
  readonly groupCommit?: GroupCommitOptions
} & (
    | { readonly pool: Pool; readonly prepared?: 'unnamed' }
    /** Statements are prepared by name: faster, but not behind a transaction pooler that does not keep names apart. */
    | { readonly pool: NamedPool; readonly prepared: 'named' }
  )

/** A storage on Postgres. */
export type PostgresStorage = TransactionalStorage<Queryable> & {
  /** Brings the schema to this release; see `migrate`. */
  readonly migrate: (
    options?: Pick<MigrationOptions, 'commitFunction'>,
  ) => ResultAsync<Migrated, MigrationChanged | StorageUnavailable>
  /** Upkeep, to be run now and then. */
  readonly maintain: {
    /**
     * Deletes events that were delivered before a moment, at most `limit` of them, of every shop.
     *
     * @returns how many were deleted
     * @errors StorageUnavailable
     */
    readonly deleteDelivered: (before: number, limit?: number) => ResultAsync<number, StorageUnavailable>
  }
}

/** What every storage over one registry shares. */
type Shared = {
  readonly registry: Registry
  /** Which form to take, as seen through a session. */
  readonly formFor: (session: Session) => Promise<CommitForm>
  /** Lets the form be looked up anew. */
  readonly forgetForm: () => void
  readonly functionName: string
  readonly codes: OperationCodes
  readonly textOfShape: (shape: string, make: () => string) => string
}

type NameOf = (text: string) => string | undefined

const mostShapes = 256
const mostNames = 512
const mostDeleted = 10_000

const settle = <Value, Failure>(
  work: Promise<Result<Value, Failure>>,
): ResultAsync<Value, Failure | StorageUnavailable> =>
  new ResultAsync<Value, Failure | StorageUnavailable>(work.catch((error: unknown) => err(unavailable(error))))

const byCounter = (a: Committed['counters'][number], b: Committed['counters'][number]): number =>
  compareCodePoints(a.counter, b.counter) || compareCodePoints(a.id, b.id)

const committedOf = ({ rows }: QueryRows): Committed => {
  // The text is the list of counter, id and value that the commit's own SQL has written.
  const moved = JSON.parse(String(rows[0]?.counters ?? '[]')) as readonly (readonly [string, string, number])[]
  return { counters: moved.map(([counter, id, value]) => ({ counter, id, value })).sort(byCounter) }
}

// The function answers the new values alone, `{1,2}`, in the order in which it was given the counters.
const committedBy = ({ rows }: QueryRows, moved: FunctionCall['counters']): Committed => {
  const values = String(rows[0]?.counters ?? '{}')
    .slice(1, -1)
    .split(',')
  return {
    counters: moved.map(({ counter, id }, place) => ({ counter, id, value: Number(values[place]) })).sort(byCounter),
  }
}

// Faults of one commit's own content: the transaction is over and certainly wrote nothing.
const isFaultOfContent = (error: unknown): boolean => /^(21|22|23|54|P0)/.test(stateOf(error) ?? '')

const storageOver = (shared: Shared, session: Session, nameOf: NameOf, group?: GroupCommitOptions): Storage => {
  const { registry } = shared
  const statementForm = createStatementForm(registry, shared.textOfShape, nameOf)
  const texts = { textOfShape: shared.textOfShape, nameOf }
  const functionForm = createFunctionForm(shared.functionName, shared.codes, nameOf)

  const minimumOf = (counter: string): number => registry.counters.get(counter)?.family.minimum ?? 0

  const commitBy = async (form: CommitForm, commit: PreparedCommit): Promise<Answer> => {
    switch (form) {
      case 'transaction': {
        const [answer] = await commitTogether(registry, session, [commit], texts)
        return answer ?? err({ type: 'StorageUnavailable', detail: 'the transaction gave no answer' })
      }
      case 'statement':
        return ok(committedOf(await session.write(statementForm(commit))))
      case 'function': {
        const { statement, counters } = functionForm(commit)
        return ok(committedBy(await session.write(statement), counters))
      }
    }
  }

  const commitOnce = async (commit: PreparedCommit): Promise<Answer> => {
    const form = await shared.formFor(session)
    try {
      return await commitBy(form, commit)
    } catch (error) {
      const refusal = form === 'transaction' ? undefined : refusalOf(error, commit)
      if (refusal !== undefined) return err(refusal)
      throw error
    }
  }

  const commitOne = async (commit: PreparedCommit): Promise<Answer> => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await commitOnce(commit)
      } catch (error) {
        if (isMissingFunction(error)) shared.forgetForm()
        if (attempt >= session.attempts || !(isPassing(error) || isMissingFunction(error)))
          return err(unavailable(error))
      }
    }
  }

  const commitAll = async (
    commits: readonly PreparedCommit[],
  ): Promise<Result<readonly Answer[], StorageUnavailable>> => {
    if (commits.length === 1) return ok(await Promise.all(commits.map(commitOne)))
    for (let attempt = 1; ; attempt += 1) {
      try {
        return ok(await commitTogether(registry, session, commits, texts))
      } catch (error) {
        if (isPassing(error) && attempt < session.attempts) continue
        if (!isPassing(error) && !isFaultOfContent(error)) return err(unavailable(error))
        break
      }
    }
    // One commit is at fault, or in the others' way: each by itself, so that its fault stays its own.
    const answers: Answer[] = []
    for (const commit of commits) answers.push(await commitOne(commit))
    return ok(answers)
  }

  const mergeAndCommit = async (
    commits: readonly PreparedCommit[],
    mayLeaveOut: boolean,
  ): Promise<Result<readonly Answer[], StorageUnavailable> | undefined> => {
    const [first] = commits
    if (first === undefined) return ok([])
    if (commits.length === 1) return ok([await commitOne(first)])
    const merged = mergeCommits(first.shop, commits, minimumOf)
    try {
      const written = committedOf(await session.write(statementForm(merged.commit, 0)))
      return ok(merged.answersOf(written).map((each): Answer => ok(each)))
    } catch (error) {
      const refusal = refusalOf(error, merged.commit)
      // Nothing that a version or a claim hangs on is touched by another of the group: this one is refused whoever goes
      // with it, and says why by itself. Of a counter it may be another's turn.
      if (mayLeaveOut && (refusal?.type === 'VersionConflict' || refusal?.type === 'AlreadyClaimed')) {
        const place = merged.placeOf(refusal.index)
        const others = await mergeAndCommit([...commits.slice(0, place), ...commits.slice(place + 1)], false)
        if (others?.isOk() !== true) return others
        const own = await Promise.all(commits.slice(place, place + 1).map(commitOne))
        return ok([...others.value.slice(0, place), ...own, ...others.value.slice(place)])
      }
      return isPassing(error) || isFaultOfContent(error) ? undefined : err(unavailable(error))
    }
  }

  const commitAsOne: GroupWays['merged'] = (commits) => mergeAndCommit(commits, true)

  const judgeEach: GroupWays['judged'] = (commits) =>
    commitAll(commits).catch((error: unknown) => err(unavailable(error)))

  const commitInGroup =
    group === undefined ? commitOne : groupCommits({ merged: commitAsOne, judged: judgeEach }, group)

  const read = (request: ReadRequest): ResultAsync<RawAnswers, StorageUnavailable> => {
    const statement = readStatement(registry, request, nameOf)
    if (statement === undefined) return okAsync(answersOf(request, { rows: [] }))
    if ('collection' in statement) {
      return errAsync({ type: 'StorageUnavailable', detail: `no table is known for ${statement.collection}` })
    }
    return ResultAsync.fromPromise(session.read(statement), unavailable).map((found) => answersOf(request, found))
  }

  return {
    read,
    commit: (commit) => {
      const unknown = findUnknown(registry, commit)
      return unknown === undefined ? settle<Committed, CommitError>(commitInGroup(commit)) : errAsync(unknown)
    },
    commitEach: (commits) => {
      const known = commits.filter((commit) => findUnknown(registry, commit) === undefined)
      const answered = known.length === 0 ? okAsync([]) : settle(commitAll(known))
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
  const nameOf: NameOf = options.prepared === 'named' ? createStatementNames(mostNames) : () => undefined
  return {
    ...storageOver(shared, session, nameOf, options.groupCommit),
    within: (client) => storageOver(shared, sessionInside(client), () => undefined),
    migrate: (more = {}) => migrate(options.pool, { ...options, ...more }),
    maintain: {
      deleteDelivered: (before, limit = mostDeleted) =>
        ResultAsync.fromPromise(
          session.write(deleteDeliveredStatement(shared.registry, before, limit)),
          unavailable,
        ).map(({ rows }) => Number(rows[0]?.deleted)),
    },
  }
}
