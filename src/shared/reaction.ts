import { ok, type ResultAsync } from 'neverthrow'
import { claim } from './commit.js'
import { type Decision, type DecisionSpec, decideAndCommit, type StorageError } from './decide-and-commit.js'
import type { OutboxEvent } from './events.js'
import { daysMs } from './instant.js'
import type { CorePorts } from './ports.js'
import type { ReadPlan } from './read-plan.js'

/**
 * A consequence that must happen but not in the commit of its cause: one file in the module that owns the consequence,
 * run by the relay for each event it listens to, at least once and with effect once.
 */
export type Reaction<Ports extends CorePorts = CorePorts> = {
  /** Unique in the shop and never changed: what has been done is remembered under it. */
  readonly name: string
  /** Collection and event type, as `order/OrderCompleted`. */
  readonly listensTo: readonly string[]
  readonly react: (ports: Ports, event: OutboxEvent) => ResultAsync<void, ReactionError>
}

/** Why a reaction did not happen this time; it is tried again. */
export type ReactionError = { readonly type: string }

/**
 * Makes a reaction's one commit: it claims (reaction, event), so that a second delivery finds it done.
 *
 * @errors StorageError, and whatever the decision refuses
 */
export const reactOnce = <Plan extends ReadPlan, Failure>(
  ports: CorePorts,
  reaction: { readonly name: string; readonly event: OutboxEvent },
  spec: Omit<DecisionSpec<Plan, void, Failure>, 'scope' | 'claimed'>,
): ResultAsync<void, Failure | StorageError> => {
  // A row that was removed and made anew counts its versions from one again; its events are others all the same.
  const key = `${reaction.name}:${reaction.event.id}@${reaction.event.at}`
  return decideAndCommit<Plan, void, Failure>(ports, {
    scope: { kind: 'all' },
    plan: spec.plan,
    decide: (facts, moment) =>
      spec.decide(facts, moment).map(
        (decision): Decision<void> =>
          decision.changes.length === 0
            ? decision
            : {
                answer: undefined,
                // First, since a commit is told of its first change that fails: a row that was made by the first delivery
                // would else be the reason, and the second be tried for ever.
                changes: [
                  claim({ space: reactionSpace, key, owner: reaction.name, expiresAt: moment.now + doneKeptMs }),
                  ...decision.changes,
                ],
              },
      ),
    claimed: (taken) => (taken.space === reactionSpace && taken.key === key ? ok(undefined) : undefined),
  })
}

const reactionSpace = 'reaction'
// Longer than an event is kept once it was delivered, so that none is told again as if for the first time.
const doneKeptMs = 365 * daysMs
