import { err, okAsync, type ResultAsync } from 'neverthrow'
import { auditEntry } from '../shared/audit-entry.js'
import type { Change } from '../shared/commit.js'
import type { Decision } from '../shared/decide-and-commit.js'
import { decideNext } from '../shared/decider.js'
import { daysMs } from '../shared/instant.js'
import { subjectKeys } from '../shared/personal-data.schema.js'
import type { CryptoUnavailable } from '../shared/ports.js'
import { counters, row } from '../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../shared/run-command.js'
import { accounts, challenges } from './accounts.schema.js'
import { challengeAttempts, codeWindows, rateBudgets, spendCode, type TooManyCodes } from './budgets.js'
import type { ChallengeError } from './challenge.js'
import { challengeMachine } from './challenge-machine.js'
import { parseResend } from './inputs.schema.js'
import { digestCode, queueCode } from './issue-code.js'
import type { AccountsPorts } from './ports.js'
import type { CodeRefused } from './redeem-code.js'
import type { CodeSent } from './register-account.js'
import { accountOf, putChallenge } from './write-account.js'

/** Another code may not be sent yet. */
export type CodeTooSoon = Extract<ChallengeError, { readonly type: 'CodeTooSoon' }>

/** Why a code may not be sent anew. */
export type ResendError = CodeRefused | CodeTooSoon | TooManyCodes | CommandError

/**
 * Sends another code for a challenge; the one before is dead, and its spent tries stay spent.
 *
 * @errors CodeRefused, CodeTooSoon, TooManyCodes, CommandError
 */
export const resendCode = (
  ports: AccountsPorts,
  context: CommandContext,
  input: unknown,
): ResultAsync<CodeSent, ResendError> => {
  const policy = ports.accountsPolicy
  return runCommand(ports, context, input, {
    action: 'accounts.resendCode',
    parse: parseResend,
    plan: ({ input: { challengeId }, now }) => {
      const [hour, day] = codeWindows(policy.code, now)
      return {
        challenge: row(challenges, challengeId),
        tries: counters(challengeAttempts, [challengeId]),
        account: row(accounts, { from: 'challenge', path: 'accountId' }),
        key: row(subjectKeys, { from: 'challenge', path: 'accountId' }),
        hour: counters(rateBudgets, { from: 'challenge', path: 'identifierKey', prefix: hour.prefix }),
        day: counters(rateBudgets, { from: 'challenge', path: 'identifierKey', prefix: day.prefix }),
      }
    },
    decide: ({ challenge, tries, account, key, hour, day }, { actor, now }) => {
      const refused = err<never, ResendError>({ type: 'CodeRefused' })
      if (challenge === undefined || challenge.state.status !== 'open') return refused
      const { state, id: challengeId } = challenge
      const { purpose, identifierKey } = state
      // A challenge lives as long as the registration it belongs to, or a day.
      const endsAt = state.issuedAt + (purpose === 'activate' ? policy.activationMs : daysMs)
      if (now >= endsAt || (tries.get(challengeId) ?? policy.code.attempts) < 1) return refused
      const code = ports.ids.digits(policy.code.digits)
      const round = state.round + 1
      const owner = accountOf(state, account)
      return digestCode(ports.digests, { challengeId, purpose, round, code }).andThen((codeDigest) => {
        const expiresAt = Math.min(now + policy.code.ttlMs, endsAt)
        const resendAt = now + policy.code.resendPauseMs
        const decided = decideNext(challengeMachine, state, {
          type: 'Resend',
          codeDigest,
          expiresAt,
          resendAt,
          at: now,
        })
        if (decided.isErr()) return err<never, ResendError>(shownError(decided.error))
        const spent = spendCode(codeWindows(policy.code, now), identifierKey, new Map([...hour, ...day]))
        if (spent.isErr()) return err<never, ResendError>(spent.error)
        const message: ResultAsync<readonly Change[], CryptoUnavailable> =
          owner === undefined || key === undefined
            ? okAsync([])
            : queueCode(ports, {
                challengeId,
                purpose,
                round,
                code,
                accountId: owner.id,
                key: key.state,
                facts: { expiresAt: { at: expiresAt }, activateBy: { at: endsAt } },
                at: now,
              }).map((change) => [change])
        return message.map(
          (queued): Decision<CodeSent> => ({
            answer: { challengeId, expiresAt, resendAt },
            changes: [
              putChallenge(challengeId, challenge.version, decided.value),
              ...spent.value,
              ...queued,
              auditEntry(ports.ids, {
                actor,
                action: 'accounts.resendCode',
                subject: challengeId,
                at: now,
                outcome: 'done',
              }),
            ],
          }),
        )
      })
    },
  })
}

const shownError = (error: ChallengeError): CodeTooSoon | CodeRefused =>
  error.type === 'CodeTooSoon' ? error : { type: 'CodeRefused' }
