import type { Instant } from '../../shared/instant.js'
import type { GuardPolicy } from '../sign-in-guard.js'

/** The payment password of an account; the id of the row is the account's. */
export type PaymentPassword = {
  readonly accountId: string
  /** Hash of the keyed digest of the digits, a PHC string: without the host's key nobody can go through all digits. */
  readonly phc: string
  readonly setAt: Instant
}

/** What happened to a payment password. */
export type PaymentPasswordEvent =
  | { readonly type: 'PaymentPasswordSet'; readonly accountId: string }
  | { readonly type: 'PaymentPasswordChanged'; readonly accountId: string }
  | { readonly type: 'PaymentPasswordReset'; readonly accountId: string }

/** What a shop asks of payment passwords, and how it slows down who guesses them. */
export type PaymentPasswordPolicy = {
  /** How many decimal digits one has; so it is never a sign-in password, which is longer or holds letters. */
  readonly digits: number
  /** Failures of an account, apart from those of its sign-ins. */
  readonly guard: GuardPolicy
}

/** What a payment password lacks. */
export type PaymentPasswordReason =
  | { readonly type: 'NotDigits'; readonly digits: number }
  /** One digit, a run, a pattern that repeats, or one of those that most people choose. */
  | { readonly type: 'TooSimple' }
  /** It stands in the owner's phone number. */
  | { readonly type: 'InOwnNumber' }

/** The payment password to be does not meet the requirements. */
export type PaymentPasswordRefused = {
  readonly type: 'PaymentPasswordRefused'
  readonly reasons: readonly PaymentPasswordReason[]
}

/** The payment password is wrong, there is none, or it is not looked at for a while: which of them, nobody is told. */
export type PaymentPasswordNotProven = { readonly type: 'PaymentPasswordNotProven' }

/** There is a payment password already: it is changed, or set anew by a code. */
export type PaymentPasswordStands = { readonly type: 'PaymentPasswordStands' }

/** The shop takes other proofs before a payment, or the code would go to what alone has shown so far who it is. */
export type ProofNotTaken = {
  readonly type: 'ProofNotTaken'
  readonly proof: 'paymentPassword' | 'code'
}
