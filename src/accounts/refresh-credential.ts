import { ok, okAsync, type ResultAsync } from 'neverthrow'
import { type Change, expectRow, put } from '../shared/commit.js'
import { daysMs, type Instant } from '../shared/instant.js'
import type { Stored } from '../shared/read-plan.js'
import { credentials } from './accounts.schema.js'
import type { Credential, CredentialEvent, PasswordRisk } from './credential.js'
import type { PasswordPolicy } from './password-policy.js'
import type { AccountsPorts, HasherError } from './ports.js'

/**
 * The password was right and signs nobody in any more: it is known to others, or too old under the shop's policy. It is
 * set anew by a code, as one that was forgotten.
 */
export type PasswordChangeRequired = {
  readonly type: 'PasswordChangeRequired'
  readonly because: PasswordRisk | 'expired'
}

/** How a right password stands, and what is written of it. */
export type RefreshedCredential = {
  readonly change: Change
  readonly mustChange: PasswordChangeRequired['because'] | undefined
  /** It was found out just now, and the owner is to be told. */
  readonly foundRisk: PasswordRisk | undefined
}

/**
 * Looks after a password that was given and right, for it is at hand only now: hashes it anew where the parameters have
 * risen, and once a day holds it against the list of leaked ones as it is today.
 *
 * @param hasContact - whether the account is reached by an address or a number, by which another password is set; who has none
 * is kept out by what is compromised alone, for nobody could let them in again
 * @param isBreached - asks the list about the password that was given; undefined where nobody can say
 * @errors HasherError
 */
export const refreshCredential = (
  ports: AccountsPorts,
  password: string,
  isBreached: () => ResultAsync<boolean | undefined, never>,
  { id, version, state }: Stored<Credential>,
  hasContact: boolean,
  at: Instant,
): ResultAsync<RefreshedCredential, HasherError> => {
  const { password: policy } = ports.accountsPolicy
  const isDue = policy.breached !== 'ignored' && at - (state.checkedAt ?? 0) >= daysMs
  const leaked: ResultAsync<boolean | undefined, never> = isDue ? isBreached() : okAsync(undefined)
  const rises = ports.hasher.needsRehash(state.phc)
  return leaked.andThen((found) =>
    (rises ? ports.hasher.hash(password) : ok<string, HasherError>(state.phc)).map((phc): RefreshedCredential => {
      const foundRisk =
        found === true && policy.forceOnCompromise && state.mustChange === undefined ? 'breached' : undefined
      const mustChange = state.mustChange ?? foundRisk
      const next: Credential = {
        ...state,
        phc,
        ...(found === undefined ? {} : { checkedAt: at }),
        ...(mustChange === undefined ? {} : { mustChange }),
      }
      const events: CredentialEvent[] = [
        ...(rises ? [{ type: 'PasswordRehashed' as const, accountId: state.accountId }] : []),
        ...(foundRisk === undefined ? [] : [passwordAtRisk(state.accountId, foundRisk)]),
      ]
      const isChanged = rises || found !== undefined
      return {
        change: isChanged
          ? put(credentials, { id, version, state: next, ...(events.length === 0 ? {} : { events }) })
          : expectRow(credentials, { id, version }),
        mustChange:
          hasContact || mustChange === 'compromised'
            ? (mustChange ?? (isExpired(policy, state.setAt, at) ? 'expired' : undefined))
            : undefined,
        foundRisk,
      }
    }),
  )
}

/** The event that a password is known to others. */
export const passwordAtRisk = (accountId: string, risk: PasswordRisk): CredentialEvent => ({
  type: 'PasswordAtRisk',
  accountId,
  risk,
})

const isExpired = ({ age }: PasswordPolicy, setAt: Instant, at: Instant): boolean =>
  age !== null && age.afterwards === 'force' && at - setAt >= age.days * daysMs

/** Whether a sign-in reminds of the age of the password. */
export const isReminded = ({ age }: PasswordPolicy, setAt: Instant, at: Instant): boolean =>
  age !== null && at - setAt >= (age.days - age.remindDaysBefore) * daysMs
