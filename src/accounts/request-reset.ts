import { err, okAsync, type Result, type ResultAsync } from 'neverthrow'
import { auditEntry } from '../shared/audit-entry.js'
import type { Change } from '../shared/commit.js'
import type { Decision } from '../shared/decide-and-commit.js'
import type { Instant } from '../shared/instant.js'
import { subjectKeys } from '../shared/personal-data.schema.js'
import type { CryptoUnavailable } from '../shared/ports.js'
import { claims, counters, row } from '../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../shared/run-command.js'
import { maySignIn } from './account-machine.js'
import { accounts } from './accounts.schema.js'
import { codeBudgetIds, codeWindows, rateBudgets, spendCode, type TooManyCodes } from './budgets.js'
import type { EmailMalformed } from './identifier.js'
import { type Identity, identifierSpace, identify } from './identify.js'
import { parseRequestReset } from './inputs.schema.js'
import { digestCode, queueCode } from './issue-code.js'
import type { AccountsPorts } from './ports.js'
import type { CodeSent } from './register-account.js'
import { issueChallenge } from './write-account.js'

/**
 * Sends a code by which a forgotten password can be set anew. The answer is the same whether the address has an account
 * or not, and so is the challenge, but for a code that nobody is ever sent.
 *
 * @errors EmailMalformed, TooManyCodes, CommandError
 */
export const requestReset = (
  ports: AccountsPorts,
  context: CommandContext,
  input: unknown,
): ResultAsync<CodeSent, EmailMalformed | TooManyCodes | CommandError> => {
  const policy = ports.accountsPolicy.code
  return identify(ports.digests, parseRequestReset(input)).andThen((identity) =>
    runCommand(ports, context, input, {
      action: 'accounts.requestReset',
      parse: parseRequestReset,
      plan: ({ now }) => resetPlan(ports, identity, now),
      decide: ({ left, account, key }, { actor, now }) => {
        if (identity.isErr()) return err<never, EmailMalformed | TooManyCodes | CryptoUnavailable>(identity.error)
        const identifierKey = identity.value.key
        const spent = spendCode(codeWindows(policy, now), identifierKey, left)
        if (spent.isErr()) return err<never, EmailMalformed | TooManyCodes | CryptoUnavailable>(spent.error)
        const challengeId = ports.ids.next('challenge')
        const code = ports.ids.digits(policy.digits)
        const expiresAt = now + policy.ttlMs
        const resendAt = now + policy.resendPauseMs
        const owner = maySignIn(account?.state, now) ? account?.state : undefined
        const purpose = 'reset'
        return digestCode(ports.digests, { challengeId, purpose, round: 1, code }).andThen((codeDigest) => {
          const message: ResultAsync<readonly Change[], CryptoUnavailable> =
            owner === undefined || key === undefined
              ? okAsync([])
              : queueCode(ports, {
                  challengeId,
                  purpose,
                  round: 1,
                  code,
                  accountId: owner.accountId,
                  key: key.state,
                  facts: { expiresAt: { at: expiresAt } },
                  at: now,
                }).map((change) => [change])
          return message.map(
            (queued): Decision<CodeSent> => ({
              answer: { challengeId, expiresAt, resendAt },
              changes: [
                issueChallenge({
                  type: 'ChallengeIssued',
                  challengeId,
                  purpose,
                  ...(owner === undefined || !('sessionEpoch' in owner)
                    ? {}
                    : { accountId: owner.accountId, epoch: owner.sessionEpoch }),
                  identifierKey,
                  codeDigest,
                  expiresAt,
                  resendAt,
                  at: now,
                }),
                ...spent.value,
                ...queued,
                auditEntry(ports.ids, {
                  actor,
                  action: 'accounts.requestReset',
                  subject: challengeId,
                  at: now,
                  outcome: 'done',
                }),
              ],
            }),
          )
        })
      },
    }),
  )
}

const resetPlan = (ports: AccountsPorts, identity: Result<Identity, EmailMalformed>, now: Instant) => {
  const keys = identity.match(
    ({ key }) => [key],
    () => [],
  )
  const windows = codeWindows(ports.accountsPolicy.code, now)
  return {
    owner: claims(identifierSpace, keys),
    account: row(accounts, { from: 'owner', path: '' }),
    key: row(subjectKeys, { from: 'owner', path: '' }),
    left: counters(
      rateBudgets,
      keys.flatMap((key) => codeBudgetIds(windows, key)),
    ),
  }
}
