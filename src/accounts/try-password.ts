import { ok, okAsync, type ResultAsync } from 'neverthrow'
import { queueMessage } from '../notify/queue-message.js'
import { type Change, expectRow, removeRow } from '../shared/commit.js'
import type { Instant } from '../shared/instant.js'
import type { Origin } from '../shared/origin.js'
import type { Stored } from '../shared/read-plan.js'
import type { Account } from './account.js'
import { isStanding, maySignIn } from './account-machine.js'
import { signInGuards } from './accounts.schema.js'
import type { Credential } from './credential.js'
import { hashingPlace } from './limit-hasher.js'
import { once } from './once.js'
import type { AccountsPorts, HasherError } from './ports.js'
import { contactOf, noticeChannel } from './profile.js'
import { type PasswordChangeRequired, refreshCredential } from './refresh-credential.js'
import { rememberFailure } from './remember-failure.js'
import { askGuard, type SignInGuard } from './sign-in-guard.js'

/** A password that somebody gave, with what it is held against. */
export type PasswordAttempt = {
  /** The account's id, or where there is none the key of the identifier that was named. */
  readonly guardId: string
  readonly account: Stored<Account> | undefined
  readonly credential: Stored<Credential> | undefined
  readonly guard: Stored<SignInGuard> | undefined
  /** Too much failed elsewhere: no password is looked at, and the work is done all the same. */
  readonly barred?: boolean
  /** At a device that the account knows, where no flood elsewhere keeps its owner waiting. */
  readonly isKnownDevice: boolean
  readonly at: Instant
}

/** What a try of a password comes to, and what is written of it. */
export type PasswordVerdict = {
  readonly kind: 'right' | 'wrong' | 'notLookedAt'
  readonly changes: readonly Change[]
  /** It is right and still signs nobody in. */
  readonly mustChange?: PasswordChangeRequired['because']
}

/**
 * Makes the one way by which a password is tried. Each try costs one verification, whatever it is held against: an
 * account, none, or a lock; and each wrong one is remembered, of an account or of an identifier that has none.
 *
 * @param origin - from where it is given
 * @param password - in its canonical form; held against one hash once, however often the decision is made anew
 */
export const createPasswordTry = (
  ports: AccountsPorts,
  origin: Origin | undefined,
  password: string,
): ((attempt: PasswordAttempt) => ResultAsync<PasswordVerdict, HasherError>) => {
  const verified = new Map<string, ResultAsync<boolean, HasherError>>()
  const place = hashingPlace(origin)
  let nothing: ResultAsync<false, HasherError> | undefined
  const verifyNothing = (isKnownDevice: boolean): ResultAsync<false, HasherError> => {
    nothing ??= ports.hasher.verifyNothing(password, { ...place, isKnownDevice })
    return nothing
  }
  const isBreached = once(() =>
    ports.breachedPasswords
      .isBreached(password)
      .map((leaked): boolean | undefined => leaked)
      // Whoever is signing in is not kept out because a list cannot be asked.
      .orElse(() => ok(undefined)),
  )
  const verify = (phc: string, isKnownDevice: boolean): ResultAsync<boolean, HasherError> => {
    const before = verified.get(phc) ?? ports.hasher.verify(phc, password, { ...place, isKnownDevice })
    verified.set(phc, before)
    return before
  }
  return ({ guardId, account, credential, guard, barred = false, isKnownDevice, at }) => {
    const policy = ports.accountsPolicy.guard
    const asked = askGuard(guard?.state, at, policy)
    const looks = asked.kind === 'look' && !barred
    const held = looks && maySignIn(account?.state, at) ? credential : undefined
    const compared: ResultAsync<boolean, HasherError> =
      held === undefined ? verifyNothing(isKnownDevice) : verify(held.state.phc, isKnownDevice)
    return compared.andThen((right) => {
      if (!looks) {
        const changes = guard === undefined ? [] : [expectRow(signInGuards, guard)]
        return okAsync<PasswordVerdict, HasherError>({ kind: 'notLookedAt', changes })
      }
      if (right && held !== undefined) {
        return refreshCredential(ports, password, isBreached, held, hasContact(account?.state), at).map(
          ({ change, mustChange, foundRisk }): PasswordVerdict => ({
            kind: 'right',
            changes: [change, ...(foundRisk === undefined ? [] : tellOfRisk(account?.state, at))],
            ...(mustChange === undefined ? {} : { mustChange }),
          }),
        )
      }
      return okAsync<PasswordVerdict, HasherError>({
        kind: 'wrong',
        changes: rememberFailure({ proof: 'password', guardId, guard, account: account?.state, policy, at }),
      })
    })
  }
}

const hasContact = (account: Account | undefined): boolean =>
  isStanding(account) && contactOf(account.identifiers) !== undefined

/** Forgets failures: the right password has come. */
export const clearGuard = (guard: Stored<SignInGuard> | undefined): readonly Change[] =>
  guard === undefined ? [] : [removeRow(signInGuards, guard)]

/** Tells an owner that their password is known to others. */
export const tellOfRisk = (account: Account | undefined, at: Instant): readonly Change[] =>
  isStanding(account)
    ? [
        queueMessage({
          cause: `passwordAtRisk:${account.accountId}:${at}`,
          accountId: account.accountId,
          channel: noticeChannel(account.identifiers),
          template: 'passwordAtRisk',
          at,
        }),
      ]
    : []
