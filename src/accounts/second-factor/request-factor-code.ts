import { err, type ResultAsync } from 'neverthrow'
import { auditEntry } from '../../shared/audit-entry.js'
import type { Decision } from '../../shared/decide-and-commit.js'
import { decideNext } from '../../shared/decider.js'
import { digestOrigin } from '../../shared/origin.js'
import { subjectKeys } from '../../shared/personal-data.schema.js'
import { counters, row } from '../../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../../shared/run-command.js'
import { maySignIn } from '../account-machine.js'
import { accounts, challenges } from '../accounts.schema.js'
import { challengeAttempts, type TooManyCodes } from '../budgets.js'
import { codeContact } from '../calling-code.js'
import { challengeMachine } from '../challenge-machine.js'
import { contactBudgetPlan, spendContactCode } from '../contact-budget.js'
import type { RequestFactorCodeInput } from '../inputs.js'
import { parseRequestFactorCode } from '../inputs.schema.js'
import { digestCode, queueCode } from '../issue-code.js'
import type { CodeSent } from '../open-challenge.js'
import type { AccountsPorts } from '../ports.js'
import { channelOf } from '../profile.js'
import type { CodeRefused } from '../redeem-code.js'
import { type CodeTooSoon, shownError } from '../resend-code.js'
import { accountOf, putChallenge } from '../write-account.js'
import { secondFactors } from './second-factor.schema.js'
import { takesContact } from './second-proofs.js'

/** Why no code is sent for a second proof. */
export type RequestFactorCodeError = CodeRefused | CodeTooSoon | TooManyCodes | CommandError

/**
 * Sends the code of a second proof, after a first one was answered by `SecondFactorRequired`, to a contact that is a way
 * of the second factor and by which the first proof did not come. The one before is dead; the first proof counts no
 * longer for it.
 *
 * @errors CodeRefused, CodeTooSoon, TooManyCodes, CommandError
 */
export const requestFactorCode = (
  ports: AccountsPorts,
  context: CommandContext,
  input: RequestFactorCodeInput,
): ResultAsync<CodeSent, RequestFactorCodeError> => {
  const action = 'accounts.requestFactorCode'
  const policy = ports.accountsPolicy
  const purpose = 'secondFactor'
  return digestOrigin(ports.digests, context.origin).andThen((origin) =>
    runCommand(ports, context, input, {
      action,
      parse: parseRequestFactorCode,
      plan: ({ input: { challengeId }, now }) => ({
        challenge: row(challenges, challengeId),
        tries: counters(challengeAttempts, [challengeId]),
        account: row(accounts, { from: 'challenge', path: 'accountId' }),
        key: row(subjectKeys, { from: 'challenge', path: 'accountId' }),
        factor: row(secondFactors, { from: 'challenge', path: 'accountId' }),
        ...contactBudgetPlan(policy, origin, now),
      }),
      decide: (facts, { actor, now: at, input: { to } }) => {
        const refuse = (error: RequestFactorCodeError) => err<never, RequestFactorCodeError>(error)
        const { challenge, tries, key, factor } = facts
        const owner = challenge === undefined ? undefined : accountOf(challenge.state, facts.account)
        const standing = owner?.state
        if (
          challenge?.state.status !== 'open' ||
          challenge.state.purpose !== purpose ||
          owner === undefined ||
          key === undefined ||
          !maySignIn(standing, at) ||
          !takesContact(factor?.state, challenge.state, to)
        ) {
          return refuse({ type: 'CodeRefused' })
        }
        const { id: challengeId, state, version } = challenge
        const { expiresAt } = state
        const bound = standing.identifiers[to]
        const isOver = at >= expiresAt || (tries.get(challengeId) ?? policy.code.attempts) < 1
        if (bound === undefined || isOver) return refuse({ type: 'CodeRefused' })
        const accountId = owner.id
        const sentTo = codeContact(to, bound)
        const code = ports.ids.digits(policy.code.digits)
        const round = state.round + 1
        return digestCode(ports.digests, { challengeId, purpose, round, code }).andThen((codeDigest) => {
          const resendAt = at + policy.code.resendPauseMs
          const resend = { type: 'Resend' as const, codeDigest, sentTo, expiresAt, resendAt, at }
          const decided = decideNext(challengeMachine, state, resend)
          if (decided.isErr()) return refuse(shownError(decided.error))
          const spent = spendContactCode(policy, facts, { contact: sentTo, accountId, origin }, at)
          if (spent.isErr()) return refuse(spent.error)
          const message = {
            challengeId,
            purpose,
            round,
            code,
            accountId,
            channel: channelOf(to),
            key: key.state,
            at,
          } as const
          return queueCode(ports, { ...message, facts: { expiresAt: { at: expiresAt } } }).map(
            (queued): Decision<CodeSent> => ({
              answer: { challengeId, expiresAt, resendAt },
              changes: [
                putChallenge(challengeId, version, decided.value),
                ...spent.value,
                queued,
                auditEntry(ports.ids, { actor, action, subject: accountId, at, outcome: 'done', detail: to }),
              ],
            }),
          )
        })
      },
    }),
  )
}
