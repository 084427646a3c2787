import { errAsync, okAsync, type ResultAsync } from 'neverthrow'
import type { Instant } from './instant.js'
import { sha256Of } from './sha-256.js'

/** Who gives a command or asks a question. */
export type Actor =
  /**
   * A visitor without an account; `guestId` is the unguessable id that the host keeps for the visitor. Whoever holds it is
   * the visitor, so it is kept nowhere: rows, events and answers name them by `guestOwnerId`.
   */
  | { readonly kind: 'guest'; readonly guestId: string }
  /**
   * A signed-in buyer; `groups` are those the host puts them in (`wholesale`), which price lists may ask for; `session` is
   * the sign-in they come by, as `accounts.actorOf` found it, without which nothing that asks for a step-up is done.
   */
  | {
      readonly kind: 'customer'
      readonly accountId: string
      readonly groups?: readonly string[]
      readonly session?: ActorSession
    }
  /** A person who works for the shop; `purpose` is written to the audit log. */
  | { readonly kind: 'staff'; readonly staffId: string; readonly roles: readonly string[]; readonly purpose?: string }
  /** A seller on a shop of several merchants. */
  | { readonly kind: 'merchant'; readonly merchantId: string }
  /** The shop itself: timers, reactions, gateway notifications. */
  | { readonly kind: 'system'; readonly reason: string }

/** The sign-in that a buyer comes by. */
export type ActorSession = {
  readonly sessionId: string
  /** When the person last proved, in this session, to be who they are: by signing in or by a step-up. */
  readonly provenAt: Instant
  /** What last showed that it is its owner who pays; absent until something did in this session. */
  readonly paymentProof?: ProvenPayment
  /** The sign-in was unusual: nothing is done in it before its person has proved anew who they are. */
  readonly mustProve?: true
  /** The kind of contact whose code began the session: another code to it proves nothing more. */
  readonly begunBy?: 'email' | 'phone'
  /** The kind of contact by which the password was reset a while ago, where nothing but it has begun the session. */
  readonly restsOn?: 'email' | 'phone'
}

/**
 * What shows before a payment that it is its owner who pays: a step-up (`accounts.stepUp`, of whatever kind), the payment
 * password, or a code that came by message. Having just signed in shows nothing here: a thief would have, too.
 */
export type PaymentProof = 'stepUp' | 'paymentPassword' | 'code'

/** A proof for payments, and when it was given. */
export type ProvenPayment = { readonly by: PaymentProof; readonly at: Instant }

/** A short, stable name for an actor, with no personal data in it. */
export const actorName = (actor: Actor): string => {
  switch (actor.kind) {
    case 'guest':
      return guestOwnerId(actor.guestId)
    case 'customer':
      return `customer:${actor.accountId}`
    case 'staff':
      return `staff:${actor.staffId}`
    case 'merchant':
      return `merchant:${actor.merchantId}`
    case 'system':
      return `system:${actor.reason}`
  }
}

const guestOwners = 'guest:'

/**
 * The owner that a visitor's rows are kept under, and named by wherever they are told of: a digest of the id that the host
 * keeps for the visitor, from which nobody finds that id. Never a bare id: a visitor who names the id of an account is still
 * another owner.
 *
 * @returns `guest:` and 64 hexadecimal digits, the same for ever
 */
export const guestOwnerId = (guestId: string): string => `${guestOwners}${sha256Of(`shopwright/visitor/${guestId}`)}`

/** Whether rows are kept under a visitor, not under an account. */
export const isGuestOwner = (ownerId: string): boolean => ownerId.startsWith(guestOwners)

/** Whose a row is, as an actor is told: a merchant deals with orders and not with people, and is told of none. */
export const buyerAsTold = ({ kind }: Actor, accountId: string | null): string | null =>
  kind === 'merchant' ? null : accountId

/**
 * Of whom rows are asked for: a merchant, who is told of no people, may not find out either whose something is by asking for
 * it, and asks for nobody's.
 *
 * @returns undefined where nobody is named
 */
export const askedBuyer = ({ kind }: Actor, accountId: string | undefined): string | undefined =>
  kind === 'merchant' && accountId !== undefined ? '' : accountId

/** The account of a customer; no account's id for everybody else. */
export const customerIdOf = (actor: Actor): string => (actor.kind === 'customer' ? actor.accountId : '')

/** For what staff look, as they said; a blank is nothing said. */
export const purposeOf = (actor: Actor): string | undefined =>
  actor.kind === 'staff' && actor.purpose !== undefined && actor.purpose.trim() !== '' ? actor.purpose : undefined

/** The groups that the host puts an actor in. */
export const groupsOf = (actor: Actor): readonly string[] => (actor.kind === 'customer' ? (actor.groups ?? []) : [])

/** Which rows an actor may see; a row outside it is as if absent. */
export type Scope =
  /** Every row of the shop. */
  | { readonly kind: 'all' }
  /** Rows that belong to one account or guest, and those of collections that are nobody's own. */
  | { readonly kind: 'own'; readonly ownerId: string }
  /** Rows of one merchant, and those of collections that are nobody's own. */
  | { readonly kind: 'merchant'; readonly merchantId: string }
  /** A predicate of the host: each declared field named must hold one of the values; a row without such a field is outside. */
  | { readonly kind: 'fields'; readonly fields: Readonly<Record<string, readonly string[]>> }

/** The actor may not do this at all; says nothing about any row. */
export type Denied = { readonly type: 'Denied'; readonly action: string }

/**
 * The action is one for which the person has to prove anew that they are who they are, and the last proof is too old, or
 * the actor names no session: `accounts.stepUp`, then the same command again.
 */
export type StepUpRequired = {
  readonly type: 'StepUpRequired'
  readonly action: string
  /** How long a proof counts, milliseconds. */
  readonly freshMs: number
  /** Before a payment: the proofs that count, each by `accounts.stepUp` or `accounts.provePayment`. */
  readonly proofs?: readonly PaymentProof[]
}

/** Answers, before any row is read, whether an actor may do an action and on which rows. */
export type Authorizer = {
  readonly authorize: (actor: Actor, action: string) => ResultAsync<Scope, Denied | StepUpRequired>
}

/** How a rule scopes the actor it lets pass: to their own rows, or to all rows because the action itself is narrow. */
export type Reach = 'own' | 'all'

/**
 * Which kinds of actor may do an action, and how far it reaches; a kind that is not named is denied. Where roles are named,
 * staff need one of them.
 */
export type Grant = Readonly<Partial<Record<Actor['kind'], Reach>>> & { readonly staffRoles?: readonly string[] }

/** Grants by action name (`orders.place`); an action that is not named is denied to everybody. */
export type AccessPolicy = Readonly<Record<string, Grant>>

/**
 * An authorizer that answers from a table; whatever the table does not name is denied.
 */
export const createTableAuthorizer = (policy: AccessPolicy): Authorizer => ({
  authorize: (actor, action) => {
    const grant = Object.hasOwn(policy, action) ? policy[action] : undefined
    const reach = grant?.[actor.kind]
    const isRole =
      actor.kind !== 'staff' ||
      grant?.staffRoles === undefined ||
      grant.staffRoles.some((role) => actor.roles.includes(role))
    return reach === undefined || !isRole ? errAsync({ type: 'Denied', action }) : okAsync(scopeOf(actor, reach))
  },
})

const scopeOf = (actor: Actor, reach: Reach): Scope => (reach === 'all' ? { kind: 'all' } : ownScope(actor))

/** What is an actor's own, whatever the host lets them see of others. */
export const ownScope = (actor: Actor): Scope => {
  switch (actor.kind) {
    case 'guest':
      return { kind: 'own', ownerId: guestOwnerId(actor.guestId) }
    case 'customer':
      return { kind: 'own', ownerId: actor.accountId }
    case 'merchant':
      return { kind: 'merchant', merchantId: actor.merchantId }
    case 'staff':
      return { kind: 'own', ownerId: actor.staffId }
    case 'system':
      return { kind: 'own', ownerId: actor.reason }
  }
}
