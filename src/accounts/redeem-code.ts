import { okAsync, type ResultAsync } from 'neverthrow'
import type { Actor } from '../shared/actor.js'
import { auditEntry } from '../shared/audit-entry.js'
import { adjust, type DecidedChange, expectRow } from '../shared/commit.js'
import { decideNext } from '../shared/decider.js'
import type { Instant } from '../shared/instant.js'
import type { CryptoUnavailable } from '../shared/ports.js'
import type { Stored } from '../shared/read-plan.js'
import { challenges } from './accounts.schema.js'
import { challengeAttempts } from './budgets.js'
import type { Challenge, ChallengePurpose } from './challenge.js'
import { challengeMachine } from './challenge-machine.js'
import { digestCode } from './issue-code.js'
import type { AccountsPorts } from './ports.js'
import { putChallenge } from './write-account.js'

/** The code is wrong, used, too old, for something else, or there is none: which of them, nobody is told. */
export type CodeRefused = { readonly type: 'CodeRefused' }

/** What a try of a code comes to, and what is written of it either way. */
export type CodeVerdict = {
  readonly kind: 'right' | 'refused'
  /** It was looked at and was another code. */
  readonly guessed: boolean
  readonly changes: readonly DecidedChange[]
}

/**
 * Tries a code: one attempt is spent in the commit that says whether it was right, so that of any number of tries at
 * once no more are judged than there are attempts, and one at most is right.
 *
 * @errors CryptoUnavailable
 */
export const redeemCode = (
  ports: AccountsPorts,
  attempt: {
    readonly challenge: Stored<Challenge> | undefined
    readonly left: ReadonlyMap<string, number>
    readonly purpose: ChallengePurpose
    readonly code: string
    readonly action: string
    /** Whom the audit log names; whose code it is where absent, the challenge where that is nobody's. */
    readonly subject?: string
    /** What the audit log says of one that was right. */
    readonly detail?: string
    /** Why even a right code lets nobody in, such as a ban: it is used up, and stands in the audit log as refused for that. */
    readonly barred?: string | undefined
    readonly actor: Actor
    readonly at: Instant
  },
): ResultAsync<CodeVerdict, CryptoUnavailable> => {
  const { challenge, purpose, at } = attempt
  if (challenge === undefined) return okAsync({ kind: 'refused', guessed: false, changes: [] })
  const { id: challengeId, state } = challenge
  const attempts = ports.accountsPolicy.code.attempts
  const round = state.status === 'open' ? state.round : 0
  return digestCode(ports.digests, { challengeId, purpose, round, code: attempt.code }).map((codeDigest) => {
    const attemptsLeft = attempt.left.get(challengeId) ?? attempts
    const spend = adjust(challengeAttempts, { id: challengeId, by: -1, initial: attempts })
    const note = (outcome: 'done' | 'refused', detail?: string): DecidedChange =>
      auditEntry(ports.ids, {
        actor: attempt.actor,
        action: attempt.action,
        subject: attempt.subject ?? state.accountId ?? challengeId,
        at,
        outcome,
        ...(detail === undefined ? {} : { detail }),
      })
    return decideNext(challengeMachine, state, { type: 'Redeem', purpose, codeDigest, attemptsLeft, at }).match(
      (decided): CodeVerdict => {
        const isBarred = attempt.barred !== undefined
        const told = isBarred ? note('refused', attempt.barred) : note('done', attempt.detail)
        const changes = [putChallenge(challengeId, challenge.version, decided), spend, told]
        return { kind: isBarred ? 'refused' : 'right', guessed: false, changes }
      },
      (error): CodeVerdict => ({
        kind: 'refused',
        guessed: error.type === 'CodeWrong',
        changes:
          error.type === 'CodeWrong'
            ? [expectRow(challenges, challenge), spend, note('refused', error.type)]
            : [note('refused', error.type)],
      }),
    )
  })
}
