import { err, ok, okAsync, type Result, type ResultAsync } from 'neverthrow'
import type { Instant } from '../shared/instant.js'
import type { Origin } from '../shared/origin.js'
import type { Credential } from './credential.js'
import { hashingPlace } from './limit-hasher.js'
import { canonicalPassword, judgePassword, type PasswordReason, type PasswordRefused } from './password-policy.js'
import { contextWordsOf } from './password-strength.js'
import type { AccountsPorts, BreachListUnavailable, HasherError, HashingPlace } from './ports.js'

/** A password as it is kept, and whether a list of leaked ones said that it is none of them. */
export type HashedPassword = { readonly phc: string; readonly isChecked: boolean }

/** A password that somebody wants to have, on its way to be one; the slow work is done once, however often one decides. */
export type NewPassword = {
  /** What can be said at once: by the policy's rules, the person's words and the shop's. */
  readonly judge: (facts: Omit<Parameters<typeof contextWordsOf>[0], 'shopWords'>) => Result<void, PasswordRefused>
  /** Whether it is one of the account's last; costs a verification each. */
  readonly checkHistory: (before: Credential | undefined) => ResultAsync<void, PasswordRefused | HasherError>
  /**
   * Hashes it unless it has leaked; where nobody can say, the policy decides. At a known device no flood elsewhere keeps it
   * waiting.
   */
  readonly hash: (
    at?: Pick<HashingPlace, 'isKnownDevice'>,
  ) => ResultAsync<HashedPassword, PasswordRefused | BreachListUnavailable | HasherError>
}

/** Makes what is done with a password that was typed to be the new one. */
export const createNewPassword = (ports: AccountsPorts, origin: Origin | undefined, typed: string): NewPassword => {
  const password = canonicalPassword(typed)
  const { password: policy, contextWords: shopWords } = ports.accountsPolicy
  let hashed: ReturnType<NewPassword['hash']> | undefined
  const hash = (place: HashingPlace): ReturnType<NewPassword['hash']> =>
    hasLeaked(ports, password).andThen((leaked) =>
      refuseFor(leaked === true ? [{ type: 'Breached' }] : []).asyncAndThen(() =>
        ports.hasher.hash(password, place).map((phc): HashedPassword => ({ phc, isChecked: leaked !== undefined })),
      ),
    )
  return {
    judge: (facts) => refuseFor(judgePassword(policy, password, contextWordsOf({ ...facts, shopWords }))),
    checkHistory: (before) => {
      const last = before === undefined ? [] : [before.phc, ...(before.former ?? [])].slice(0, policy.history)
      return isAnyOf(ports, last, password).andThen((used) =>
        refuseFor(used ? [{ type: 'UsedBefore', history: policy.history }] : []),
      )
    },
    hash: (at = {}) => {
      hashed ??= hash({ ...hashingPlace(origin), ...at })
      return hashed
    },
  }
}

/** The credential that comes after one, with as many hashes before it as the policy remembers. */
export const nextCredential = (
  ports: AccountsPorts,
  accountId: string,
  {
    password: { phc, isChecked },
    at,
    before,
  }: {
    readonly password: HashedPassword
    readonly at: Instant
    readonly before?: Credential | undefined
  },
): Credential => {
  const kept = Math.max(0, ports.accountsPolicy.password.history - 1)
  const former = before === undefined ? [] : [before.phc, ...(before.former ?? [])].slice(0, kept)
  return {
    accountId,
    phc,
    setAt: at,
    ...(isChecked ? { checkedAt: at } : {}),
    ...(former.length === 0 ? {} : { former }),
  }
}

const refuseFor = (reasons: readonly PasswordReason[]): Result<void, PasswordRefused> =>
  reasons.length === 0 ? ok(undefined) : err({ type: 'PasswordRefused', reasons })

/** Whether the list says so; undefined where it is not asked, or cannot say and the policy does without. */
const hasLeaked = (
  { accountsPolicy, breachedPasswords }: AccountsPorts,
  password: string,
): ResultAsync<boolean | undefined, BreachListUnavailable> => {
  const rule = accountsPolicy.password.breached
  if (rule === 'ignored') return okAsync(undefined)
  return breachedPasswords
    .isBreached(password)
    .orElse((error) => (rule === 'failOpen' ? ok<boolean | undefined, BreachListUnavailable>(undefined) : err(error)))
}

const isAnyOf = (
  ports: AccountsPorts,
  hashes: readonly string[],
  password: string,
): ResultAsync<boolean, HasherError> => {
  const [first, ...others] = hashes
  if (first === undefined) return okAsync(false)
  return ports.hasher
    .verify(first, password)
    .andThen((same) => (same ? okAsync<boolean, HasherError>(true) : isAnyOf(ports, others, password)))
}
