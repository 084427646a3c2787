import { err, errAsync, ok, okAsync, type Result, type ResultAsync } from 'neverthrow'
import type { Scope } from './actor.js'
import type { StoredDataInvalid } from './collection.js'
import {
  type AlreadyClaimed,
  type CommitError,
  type Committed,
  type DecidedChange,
  type MalformedCommit,
  prepareCommit,
} from './commit.js'
import type { Busy, StorageUnavailable } from './errors.js'
import type { RowKey } from './events.js'
import type { Instant } from './instant.js'
import type { CorePorts, CryptoUnavailable } from './ports.js'
import { readFacts } from './read-facts.js'
import type { Facts, ReadPlan } from './read-plan.js'
import { signAudit } from './sign-audit.js'

/** The circumstances of one attempt at a decision. */
export type Moment = { readonly now: Instant; readonly scope: Scope }

/** What a decision comes to: what it changes, and what its asker is told. No changes means nothing to write. */
export type Decision<Answer> = { readonly changes: readonly DecidedChange[]; readonly answer: Answer }

/** Why a decision could not be made or written, apart from what its own rules say. */
export type StorageError = StorageUnavailable | StoredDataInvalid | MalformedCommit | CryptoUnavailable | Busy

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
 * meanwhile: in this process one after another, behind those who lost the same row before. Listeners are told after
 * the commit, never before.
 *
 * @errors Busy when the attempts are used up; else the errors of the storage and of the decision
 */
export const decideAndCommit = <Plan extends ReadPlan, Answer, Failure>(
  ports: CorePorts,
  spec: DecisionSpec<Plan, Answer, Failure>,
): ResultAsync<Answer, Failure | StorageError> => tryInTurn(ports, spec, 1)

/** What one try came to: an answer, or the news that it has to be made anew, behind others where a row was changed. */
type Tried<Answer> =
  | { readonly kind: 'done'; readonly answer: Answer }
  | { readonly kind: 'again'; readonly behind: RowKey }
  | { readonly kind: 'again'; readonly behind?: undefined; readonly heldBy: 'claim' | 'floor' }

const tryInTurn = <Plan extends ReadPlan, Answer, Failure>(
  ports: CorePorts,
  spec: DecisionSpec<Plan, Answer, Failure>,
  count: number,
  behind?: RowKey,
): ResultAsync<Answer, Failure | StorageError> => {
  const work = () => tryOnce(ports, spec)
  return (behind === undefined ? work() : ports.turns.take(behind, work)).andThen((tried) => {
    if (tried.kind === 'done') return okAsync(tried.answer)
    if (count >= ports.attempts) {
      const held = tried.behind === undefined ? { heldBy: tried.heldBy } : {}
      return errAsync({ type: 'Busy' as const, retryAfterMs: 50 * count, ...held })
    }
    return tryInTurn(ports, spec, count + 1, tried.behind)
  })
}

const tryOnce = <Plan extends ReadPlan, Answer, Failure>(
  ports: CorePorts,
  spec: DecisionSpec<Plan, Answer, Failure>,
): ResultAsync<Tried<Answer>, Failure | StorageError> => {
  const moment = { now: ports.clock.now(), scope: spec.scope }
  return readFacts(ports.storage, { shop: ports.shop, scope: spec.scope, at: moment.now, plan: spec.plan(moment) })
    .andThen((facts) => spec.decide(facts, moment))
    .andThen((decision) => {
      const done: Tried<Answer> = { kind: 'done', answer: decision.answer }
      if (decision.changes.length === 0) return okAsync<Tried<Answer>, Failure | StorageError>(done)
      return commitAndTell(ports, decision.changes, moment.now)
        .map(() => done)
        .orElse((error) => afterFailure(ports, spec, error))
    })
}

const commitAndTell = (
  ports: CorePorts,
  changes: readonly DecidedChange[],
  at: Instant,
): ResultAsync<Committed, CommitError | CryptoUnavailable> =>
  signAudit(ports, changes)
    .andThen((signed) => prepareCommit({ shop: ports.shop, at, changes: signed }))
    .andThen((prepared) =>
      ports.storage.commit(prepared).map((committed) => {
        ports.emit(prepared.events)
        return committed
      }),
    )

const afterFailure = <Plan extends ReadPlan, Answer, Failure>(
  ports: CorePorts,
  spec: DecisionSpec<Plan, Answer, Failure>,
  error: CommitError | CryptoUnavailable,
): Result<Tried<Answer>, Failure | StorageError> => {
  switch (error.type) {
    case 'StorageUnavailable':
    case 'MalformedCommit':
    case 'CryptoUnavailable':
      return err(error)
    case 'VersionConflict':
      ports.books.drop(error.key)
      return ok({ kind: 'again', behind: error.key })
    // Who finds a counter at its floor is refused by the next decision, as a rule: nothing to wait for.
    case 'FloorReached':
      return ok({ kind: 'again', heldBy: 'floor' })
    case 'AlreadyClaimed': {
      const taken = spec.claimed?.(error)
      return taken === undefined
        ? ok({ kind: 'again', heldBy: 'claim' })
        : taken.map((answer) => ({ kind: 'done', answer }))
    }
  }
}
