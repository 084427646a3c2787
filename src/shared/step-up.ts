import { err, errAsync, ok, okAsync, type Result, type ResultAsync } from 'neverthrow'
import type { Actor, Authorizer, PaymentProof, StepUpRequired } from './actor.js'
import type { Clock, Instant } from './instant.js'
import type { Money } from './money.js'

/** Which actions of buyers need a fresh proof of who they are. */
export type StepUpPolicy = {
  /** Names of actions (`accounts.unbind`, `orders.pay`). */
  readonly actions: readonly string[]
  /** How long a proof counts, milliseconds. */
  readonly freshMs: number
  /**
   * For how long a password that was reset by a message counts as no more than that message, milliseconds: in a session that
   * rests on it another way proves who one is, and where there is none, what asks for a proof waits so long. 0 for not at all.
   */
  readonly afterResetMs: number
  readonly payment: PaymentProofPolicy
}

/** When a buyer has to show anew, before a payment, that it is they who pay, and by what. */
export type PaymentProofPolicy = {
  /**
   * Which payments ask for it. `above` holds an amount of each currency: a payment of more asks, and so does one in a
   * currency that is not named.
   */
  readonly asked: 'never' | 'always' | { readonly above: readonly Money[] }
  /** The proofs that count; at least one. */
  readonly proofs: readonly PaymentProof[]
  /** How long a proof counts, milliseconds. */
  readonly freshMs: number
}

/** Whether a buyer has proved within so long that they are who they are. */
export const isSteppedUp = (actor: Actor, now: Instant, freshMs: number): boolean =>
  actor.kind === 'customer' && actor.session !== undefined && now - actor.session.provenAt < freshMs

// By which a person proves anew who they are; what else there is waits for it in a session that has to be proved.
const provingActions = ['accounts.stepUp', 'accounts.requestStepUpCode', 'accounts.beginPasskeyStepUp']

// What a password proves otherwise, and cannot be undone where somebody else has set that password.
const irrevocable = ['accounts.erase']

const isDoubted = (actor: Actor, action: string): boolean =>
  actor.kind === 'customer' && actor.session?.mustProve === true && !provingActions.includes(action)

const isAsked = (actor: Actor, action: string, { actions, freshMs }: StepUpPolicy, now: Instant): boolean => {
  if (actor.kind !== 'customer') return false
  const names = actor.session?.restsOn === undefined ? actions : [...actions, ...irrevocable]
  return names.includes(action) && !isSteppedUp(actor, now, freshMs)
}

const stranger: Actor = { kind: 'guest', guestId: '' }

// What strangers do by what they know alone: by a code, a token, a password. Whoever has a doubtful session has that too, and its
// owner may be the one who says there that a sign-in was not theirs.
const isEverybodys = (authorizer: Authorizer, action: string): ResultAsync<boolean, never> =>
  authorizer
    .authorize(stranger, action)
    .map((scope) => scope.kind === 'all')
    .orElse(() => okAsync(false))

/**
 * The same authorizer, which asks a buyer for a fresh proof where the policy names the action, and in a session that has to be
 * proved for everything but what strangers may do too, and as far as they.
 */
export const withStepUp = (authorizer: Authorizer, policy: StepUpPolicy, clock: Clock): Authorizer => ({
  authorize: (actor, action) =>
    authorizer.authorize(actor, action).andThen((scope) => {
      const required = { type: 'StepUpRequired' as const, action, freshMs: policy.freshMs }
      if (isAsked(actor, action, policy, clock.now())) return errAsync(required)
      if (!isDoubted(actor, action)) return okAsync(scope)
      return isEverybodys(authorizer, action).andThen((open) => (open ? okAsync(scope) : errAsync(required)))
    }),
})

/**
 * Asks a buyer for a fresh proof before a payment, where the policy or `challenged` wants one. Who has no account has
 * nothing to show, and nothing that somebody else could pay with.
 *
 * @param challenged - something about this payment asks for a proof, whatever its amount
 * @errors StepUpRequired
 */
export const askPaymentProof = (
  actor: Actor,
  { asked, proofs, freshMs }: PaymentProofPolicy,
  payment: { readonly action: string; readonly amount: Money; readonly challenged: boolean; readonly at: Instant },
): Result<void, StepUpRequired> => {
  const { action, amount, challenged, at } = payment
  if (actor.kind !== 'customer' || !(challenged || asksFor(asked, amount))) return ok(undefined)
  const given = actor.session?.paymentProof
  return given !== undefined && proofs.includes(given.by) && at - given.at < freshMs
    ? ok(undefined)
    : err({ type: 'StepUpRequired', action, freshMs, proofs })
}

const asksFor = (asked: PaymentProofPolicy['asked'], { minor, currency }: Money): boolean => {
  if (asked === 'never' || asked === 'always') return asked === 'always'
  const bound = asked.above.find((each) => each.currency === currency)
  return bound === undefined || minor > bound.minor
}
