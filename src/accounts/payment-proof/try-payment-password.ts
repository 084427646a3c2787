import { okAsync, type ResultAsync } from 'neverthrow'
import { type Change, expectRow, put, removeRow } from '../../shared/commit.js'
import type { Instant } from '../../shared/instant.js'
import type { Origin } from '../../shared/origin.js'
import type { CryptoUnavailable, KeyedDigest } from '../../shared/ports.js'
import { row, type Stored } from '../../shared/read-plan.js'
import type { StandingAccount } from '../account-machine.js'
import { signInGuards } from '../accounts.schema.js'
import { hashingPlace } from '../limit-hasher.js'
import { once } from '../once.js'
import type { AccountsPorts, HasherError } from '../ports.js'
import { rememberFailure } from '../remember-failure.js'
import { askGuard, type SignInGuard } from '../sign-in-guard.js'
import type { PaymentPassword, PaymentPasswordEvent } from './payment-password.js'
import { paymentPasswords } from './payment-password.schema.js'

/** Where failures with the payment password of an account are remembered, apart from those of its sign-ins. */
export const paymentGuardPrefix = 'payment:'

/** Asks for the payment password of an account, and for what is remembered of failures with it. */
export const askPaymentPassword = (accountId: string) => ({
  held: row(paymentPasswords, accountId),
  guard: row(signInGuards, `${paymentGuardPrefix}${accountId}`),
})

/** A payment password as it is weighed, whatever way its digits were typed. */
export const canonicalDigits = (typed: string): string => typed.normalize('NFKC').trim()

/** Hashes a payment password: its keyed digest, bound to its account, goes into the slow function. */
export const hashPaymentPassword = (
  ports: Pick<AccountsPorts, 'digests' | 'hasher'>,
  origin: Origin | undefined,
  accountId: string,
  typed: string,
): ResultAsync<string, HasherError | CryptoUnavailable> =>
  digestOf(ports.digests, accountId, typed).andThen((digest) => ports.hasher.hash(digest, hashingPlace(origin)))

const digestOf = (digests: KeyedDigest, accountId: string, typed: string): ResultAsync<string, CryptoUnavailable> =>
  digests.digest('payment-password', `${accountId}:${canonicalDigits(typed)}`)

/** What a try of a payment password comes to, and what is written of it. */
export type PaymentPasswordVerdict = {
  readonly kind: 'right' | 'wrong' | 'notLookedAt'
  readonly changes: readonly Change[]
}

/**
 * Makes the one way by which a payment password is tried. Each try costs one verification, whether there is a payment
 * password, none, or a lock; each wrong one is remembered.
 */
export const createPaymentPasswordTry = (
  ports: AccountsPorts,
  origin: Origin | undefined,
  accountId: string,
  typed: string,
) => {
  const place = hashingPlace(origin)
  const digest = once(() => digestOf(ports.digests, accountId, typed))
  const verified = new Map<string, ResultAsync<boolean, HasherError>>()
  const nothing = once(() => digest().andThen((held) => ports.hasher.verifyNothing(held, place)))
  const verify = (phc: string): ResultAsync<boolean, HasherError | CryptoUnavailable> =>
    digest().andThen((given) => {
      const before = verified.get(phc) ?? ports.hasher.verify(phc, given, place)
      verified.set(phc, before)
      return before
    })
  return ({
    account,
    held,
    guard,
    at,
  }: {
    readonly account: StandingAccount
    readonly held: Stored<PaymentPassword> | undefined
    readonly guard: Stored<SignInGuard> | undefined
    readonly at: Instant
  }): ResultAsync<PaymentPasswordVerdict, HasherError | CryptoUnavailable> => {
    const policy = ports.accountsPolicy.paymentPassword.guard
    const looks = askGuard(guard?.state, at, policy).kind === 'look'
    const compared: ResultAsync<boolean, HasherError | CryptoUnavailable> =
      looks && held !== undefined ? verify(held.state.phc) : nothing()
    return compared.andThen((right) => {
      if (!looks) {
        return okAsync<PaymentPasswordVerdict>({
          kind: 'notLookedAt',
          changes: guard === undefined ? [] : [expectRow(signInGuards, guard)],
        })
      }
      return okAsync<PaymentPasswordVerdict>(
        right && held !== undefined
          ? { kind: 'right', changes: [expectRow(paymentPasswords, held), ...clearPaymentGuard(guard)] }
          : {
              kind: 'wrong',
              changes: rememberFailure({
                proof: 'paymentPassword',
                guardId: `${paymentGuardPrefix}${accountId}`,
                guard,
                account,
                policy,
                at,
              }),
            },
      )
    })
  }
}

/** Forgets failures: the right payment password has come, or another took its place. */
export const clearPaymentGuard = (guard: Stored<SignInGuard> | undefined): readonly Change[] =>
  guard === undefined ? [] : [removeRow(signInGuards, guard)]

/** Writes a payment password. */
export const putPaymentPassword = (
  accountId: string,
  held: Stored<PaymentPassword> | undefined,
  state: Omit<PaymentPassword, 'accountId'>,
  type: PaymentPasswordEvent['type'],
): Change => {
  const event: PaymentPasswordEvent = { type, accountId }
  const version = held?.version ?? 0
  return put(paymentPasswords, { id: accountId, version, state: { accountId, ...state }, events: [event] })
}
