import { queueMessage } from '../../notify/queue-message.js'
import type { TemplateName } from '../../notify/templates.js'
import { type Change, put } from '../../shared/commit.js'
import type { Instant } from '../../shared/instant.js'
import type { Stored } from '../../shared/read-plan.js'
import type { StandingAccount } from '../account-machine.js'
import { signInGuards } from '../accounts.schema.js'
import { noticeChannel } from '../profile.js'
import { askGuard, type GuardPolicy, recordFailure, type SignInGuard } from '../sign-in-guard.js'
import type { FactorKind } from './second-factor.js'

/** Where failures with the second factor of an account are remembered: whoever makes them has passed the first. */
export const factorGuardPrefix = 'factor:'

/**
 * Whether a code may be looked at. After too many failures those of six digits count no more; recovery codes, which nobody
 * guesses, still open.
 */
export const mayTryFactor = (
  guard: SignInGuard | undefined,
  kind: FactorKind,
  at: Instant,
  policy: GuardPolicy,
): boolean => {
  const verdict = askGuard(guard, at, policy)
  if (verdict.kind !== 'disabled') return verdict.kind === 'look'
  return kind === 'recoveryCode' && guard !== undefined && at >= guard.lockedUntil
}

/** What is written of a wrong code, or of another proof that is guessed at: the failure, and at each lock a message to the owner. */
export const rememberFailure = (
  guard: Stored<SignInGuard> | undefined,
  account: StandingAccount,
  policy: GuardPolicy,
  at: Instant,
  proof: { readonly prefix: string; readonly template: TemplateName } = {
    prefix: factorGuardPrefix,
    template: 'secondFactorFailed',
  },
): readonly Change[] => {
  const { accountId } = account
  const failed = recordFailure(guard?.state, at, policy)
  const remembered = put(signInGuards, {
    id: `${proof.prefix}${accountId}`,
    version: guard?.version ?? 0,
    state: failed,
  })
  return failed.lockedUntil <= at
    ? [remembered]
    : [
        remembered,
        queueMessage({
          cause: `${proof.prefix}lock:${failed.consecutive}:${failed.lockedUntil}`,
          accountId,
          channel: noticeChannel(account.identifiers),
          template: proof.template,
          facts: { until: { at: failed.lockedUntil } },
          at,
        }),
      ]
}
