import { errAsync, okAsync } from 'neverthrow'
import type { Actor, Authorizer } from './actor.js'
import type { Clock, Instant } from './instant.js'

/** Which actions of buyers need a fresh proof of who they are. */
export type StepUpPolicy = {
  /** Names of actions (`accounts.unbind`, `orders.pay`). */
  readonly actions: readonly string[]
  /** How long a proof counts, milliseconds. */
  readonly freshMs: number
}

/** Whether a buyer has proved within so long that they are who they are. */
export const isSteppedUp = (actor: Actor, now: Instant, freshMs: number): boolean =>
  actor.kind === 'customer' && actor.session !== undefined && now - actor.session.provenAt < freshMs

/** The same authorizer, which asks a buyer for a fresh proof where the policy names the action. */
export const withStepUp = (authorizer: Authorizer, policy: StepUpPolicy, clock: Clock): Authorizer => ({
  authorize: (actor, action) =>
    authorizer
      .authorize(actor, action)
      .andThen((scope) =>
        actor.kind === 'customer' && policy.actions.includes(action) && !isSteppedUp(actor, clock.now(), policy.freshMs)
          ? errAsync({ type: 'StepUpRequired' as const, action, freshMs: policy.freshMs })
          : okAsync(scope),
      ),
})
