import { errAsync, okAsync, type Result, type ResultAsync } from 'neverthrow'
import type { Scope } from './actor.js'
import type { StoredDataInvalid } from './collection.js'
import {
  type AlreadyClaimed,
  type Change,
  type CommitError,
  type Committed,
  type MalformedCommit,
  prepareCommit,
} from './commit.js'
import type { Busy, StorageUnavailable } from './errors.js'
import type { Instant } from './instant.js'
import type { CorePorts } from './ports.js'
import { readFacts } from './read-facts.js'
import type { Facts, ReadPlan } from './read-plan.js'

/** The circumstances of one attempt at a decision. */
export type Moment = { readonly now: Instant; readonly scope: Scope }

/** What a decision comes to: what it changes, and what its asker is told. No changes means nothing to write. */
export type Decision<Answer> = { readonly changes: readonly Change[]; readonly answer: Answer }

/** Why a decision could not be made or written, apart from what its own rules say. */
export type StorageError = StorageUnavailable | StoredDataInvalid | MalformedCommit | Busy

/** One decision: what it reads, how it is made, and what a taken claim means to it. */
export type DecisionSpec<Plan extends ReadPlan, Answer, Failure> = {
  readonly scope: Scope
  readonly plan: (moment: Moment) => Plan
  readonly decide: (
    facts: Facts<Plan>,
    moment: Moment,
  ) => Result<Decision<Answer>, Failure> | ResultAsync<Decision<Answer>, Failure>
  /** Says what a claim that is taken means: a refusal, or an answer when it is mine already; else the decision is made anew. */
  readonly claimed?: (taken: AlreadyClaimed) => Result<Answer, Failure> | undefined
}

/**
 * Reads, decides and commits; again from the start, a bounded number of times, when another wrote the same rows
 * meanwhile. Listeners are told after the commit, never before.
 *
 * @errors Busy when the attempts are used up; else the errors of the storage and of the decision
 */
export const decideAndCommit = <Plan extends ReadPlan, Answer, Failure>(
  ports: CorePorts,
  spec: DecisionSpec<Plan, Answer, Failure>,
): ResultAsync<Answer, Failure | StorageError> => attempt(ports, spec, 1)

const attempt = <Plan extends ReadPlan, Answer, Failure>(
  ports: CorePorts,
  spec: DecisionSpec<Plan, Answer, Failure>,
  count: number,
): ResultAsync<Answer, Failure | StorageError> => {
  const moment = { now: ports.clock.now(), scope: spec.scope }
  return readFacts(ports.storage, { shop: ports.shop, scope: spec.scope, at: moment.now, plan: spec.plan(moment) })
    .mapErr((error): Failure | StorageError => error)
    .andThen((facts) => spec.decide(facts, moment))
    .andThen((decision) => {
      if (decision.changes.length === 0) return okAsync<Answer, Failure | StorageError>(decision.answer)
      return commitAndTell(ports, decision.changes, moment.now)
        .map(() => decision.answer)
        .orElse((error) => afterFailure(ports, spec, count, error))
    })
}

const commitAndTell = (
  ports: CorePorts,
  changes: readonly Change[],
  at: Instant,
): ResultAsync<Committed, CommitError> =>
  prepareCommit({ shop: ports.shop, at, changes }).asyncAndThen((prepared) =>
    ports.storage.commit(prepared).map((committed) => {
      ports.emit(prepared.events)
      return committed
    }),
  )

const afterFailure = <Plan extends ReadPlan, Answer, Failure>(
  ports: CorePorts,
  spec: DecisionSpec<Plan, Answer, Failure>,
  count: number,
  error: CommitError,
): ResultAsync<Answer, Failure | StorageError> => {
  if (error.type === 'StorageUnavailable' || error.type === 'MalformedCommit') return errAsync(error)
  if (error.type === 'VersionConflict') ports.books.drop(error.key)
  const taken = error.type === 'AlreadyClaimed' ? spec.claimed?.(error) : undefined
  if (taken !== undefined) return taken.match<ResultAsync<Answer, Failure | StorageError>>(okAsync, errAsync)
  if (count >= ports.attempts) return errAsync({ type: 'Busy', retryAfterMs: 50 * count })
  return attempt(ports, spec, count + 1)
}
