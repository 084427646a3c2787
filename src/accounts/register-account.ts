import { err, type Result, type ResultAsync } from 'neverthrow'
import { messagePreferences } from '../notify/preference.schema.js'
import { queueMessage } from '../notify/queue-message.js'
import { auditEntry } from '../shared/audit-entry.js'
import { type Change, put } from '../shared/commit.js'
import type { Decision } from '../shared/decide-and-commit.js'
import type { Instant } from '../shared/instant.js'
import { type SubjectKey, sealValue } from '../shared/personal-data.js'
import { subjectKeys } from '../shared/personal-data.schema.js'
import type { CryptoUnavailable } from '../shared/ports.js'
import { claims, counters } from '../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../shared/run-command.js'
import { credentials } from './accounts.schema.js'
import { codeBudgetIds, codeWindows, rateBudgets, spendCode, type TooManyCodes } from './budgets.js'
import type { EmailMalformed } from './identifier.js'
import { type Identity, identifierSpace, identify } from './identify.js'
import type { RegisterInput } from './inputs.js'
import { parseRegister } from './inputs.schema.js'
import { digestCode, queueCode } from './issue-code.js'
import { once } from './once.js'
import { canonicalPassword, judgePassword, type PasswordRefused } from './password-policy.js'
import { contextWordsOf } from './password-strength.js'
import type { AccountsPorts, HasherUnavailable } from './ports.js'
import { profilePlace } from './profile.js'
import { issueChallenge, openAccount } from './write-account.js'

/** A code is on its way to the address that was given. */
export type CodeSent = {
  /** To be given back with the code. */
  readonly challengeId: string
  /** The code is void from then on. */
  readonly expiresAt: Instant
  /** Another code may be asked for from then on. */
  readonly resendAt: Instant
}

/** A registration that waits for its code. */
export type Registered = CodeSent & {
  /** The registration is void from then on, and the address as free as before. */
  readonly activateBy: Instant
}

/** Why a registration may be refused. */
export type RegisterError = EmailMalformed | PasswordRefused | TooManyCodes | HasherUnavailable | CommandError

/**
 * Registers a person by e-mail address; a code goes to the address. Nothing is claimed until it comes back.
 *
 * Whoever registers an address that has an account gets the same answer, and its owner a message.
 *
 * @errors EmailMalformed, PasswordRefused, TooManyCodes, HasherUnavailable, CommandError
 */
export const registerAccount = (
  ports: AccountsPorts,
  context: CommandContext,
  input: unknown,
): ResultAsync<Registered, RegisterError> => {
  const typed = parseRegister(input)
  const password = canonicalPassword(
    typed.match(
      (given) => given.password,
      () => '',
    ),
  )
  const hash = once(() => ports.hasher.hash(password))
  return identify(ports.digests, typed).andThen((identity) =>
    runCommand(ports, context, input, {
      action: 'accounts.register',
      // The password stays out of what is remembered of the command.
      parse: () => typed.map(({ password: _, ...rest }) => rest),
      plan: ({ now }) => registerPlan(ports, identity, now),
      decide: (facts, { input, actor, now }) => {
        if (identity.isErr()) return err<never, RegisterError>(identity.error)
        const { email, key } = identity.value
        const policy = ports.accountsPolicy
        const shopWords = policy.contextWords
        const reasons = judgePassword(policy.password, password, contextWordsOf({ ...input, email, shopWords }))
        if (reasons.length > 0) return err<never, RegisterError>({ type: 'PasswordRefused', reasons })
        const spent = spendCode(codeWindows(policy.code, now), key, facts.left)
        if (spent.isErr()) return err<never, RegisterError>(spent.error)
        const challengeId = ports.ids.next('challenge')
        return hash().andThen((phc) =>
          newcomer(ports, { input, email, key, phc, challengeId, now, owner: facts.owner.get(key) }).map(
            ({ changes, answer }): Decision<Registered> => ({
              answer,
              changes: [
                ...changes,
                ...spent.value,
                auditEntry(ports.ids, {
                  actor,
                  action: 'accounts.register',
                  subject: challengeId,
                  at: now,
                  outcome: 'done',
                }),
              ],
            }),
          ),
        )
      },
    }),
  )
}

const registerPlan = (ports: AccountsPorts, identity: Result<Identity, EmailMalformed>, now: Instant) => {
  const keys = identity.match(
    ({ key }) => [key],
    () => [],
  )
  const windows = codeWindows(ports.accountsPolicy.code, now)
  return {
    owner: claims(identifierSpace, keys),
    left: counters(
      rateBudgets,
      keys.flatMap((key) => codeBudgetIds(windows, key)),
    ),
  }
}

type Newcomer = {
  readonly input: Omit<RegisterInput, 'password'>
  readonly email: string
  readonly key: string
  readonly phc: string
  readonly challengeId: string
  readonly now: Instant
  /** The account that has the address already. */
  readonly owner: string | undefined
}

// All the work is done for an address that is taken too, and then thrown away, so that it takes as long.
const newcomer = (
  ports: AccountsPorts,
  { input, email, key: identifierKey, phc, challengeId, now, owner }: Newcomer,
): ResultAsync<Decision<Registered>, CryptoUnavailable> => {
  const { code: codePolicy, activationMs } = ports.accountsPolicy
  const accountId = ports.ids.next('account')
  const code = ports.ids.digits(codePolicy.digits)
  const answer: Registered = {
    challengeId,
    expiresAt: now + codePolicy.ttlMs,
    resendAt: now + codePolicy.resendPauseMs,
    activateBy: now + activationMs,
  }
  const { activateBy, expiresAt, resendAt } = answer
  const issue = (codeDigest: string, account: { readonly accountId?: string; readonly epoch?: number }): Change =>
    issueChallenge({
      type: 'ChallengeIssued',
      challengeId,
      purpose: 'activate',
      ...account,
      identifierKey,
      codeDigest,
      expiresAt,
      resendAt,
      at: now,
    })
  return ports.sealer.createKey(accountId).andThen((key) =>
    sealProfile(ports, key, { accountId, email, ...(input.name === undefined ? {} : { name: input.name }) }).andThen(
      (profile) =>
        digestCode(ports.digests, { challengeId, purpose: 'activate', round: 1, code }).andThen((codeDigest) =>
          queueCode(ports, {
            challengeId,
            purpose: 'activate',
            round: 1,
            code,
            accountId,
            key,
            facts: { expiresAt: { at: expiresAt }, activateBy: { at: activateBy } },
            at: now,
          }).map((message): Decision<Registered> => {
            if (owner !== undefined) {
              const notice = { cause: challengeId, accountId: owner, template: 'alreadyRegistered', at: now } as const
              return { answer, changes: [issue(codeDigest, {}), queueMessage(notice)] }
            }
            return {
              answer,
              changes: [
                openAccount({ type: 'AccountRegistered', accountId, identifierKey, ...profile, activateBy, at: now }),
                put(subjectKeys, { id: accountId, version: 0, state: key }),
                put(credentials, { id: accountId, version: 0, state: { accountId, phc, setAt: now } }),
                put(messagePreferences, {
                  id: accountId,
                  version: 0,
                  state: { accountId, locale: input.locale, marketing: [], changedAt: now },
                }),
                issue(codeDigest, { accountId, epoch: 0 }),
                message,
              ],
            }
          }),
        ),
    ),
  )
}

const sealProfile = (
  ports: AccountsPorts,
  key: SubjectKey,
  { accountId, email, name }: { readonly accountId: string; readonly email: string; readonly name?: string },
) => {
  const seal = (field: 'email' | 'name', value: string) =>
    sealValue(ports.sealer, key, profilePlace(accountId, field), value)
  return seal('email', email).andThen((sealedEmail) =>
    // A name that was not given is sealed all the same and dropped: the work tells nothing.
    seal('name', name ?? '').map((sealedName) => ({
      email: sealedEmail,
      ...(name === undefined ? {} : { name: sealedName }),
    })),
  )
}
