import { queueMessage } from '../notify/queue-message.js'
import type { TemplateName } from '../notify/templates.js'
import { type Change, put } from '../shared/commit.js'
import type { Instant } from '../shared/instant.js'
import type { Stored } from '../shared/read-plan.js'
import type { Account } from './account.js'
import { isStanding } from './account-machine.js'
import { signInGuards } from './accounts.schema.js'
import { isDeviceGuard } from './known-device.js'
import { noticeChannel } from './profile.js'
import {
  type GuardedProof,
  type GuardPolicy,
  reachedBy,
  recordFailure,
  type SignInGuard,
  type SignInGuardEvent,
} from './sign-in-guard.js'

/** What its owner is told when a proof is locked, and when it counts no more. */
const notices: Readonly<Record<GuardedProof, Readonly<Record<'locked' | 'disabled', TemplateName>>>> = {
  password: { locked: 'signInLocked', disabled: 'signInDisabled' },
  secondFactor: { locked: 'secondFactorFailed', disabled: 'secondFactorFailed' },
  paymentPassword: { locked: 'paymentPasswordFailed', disabled: 'paymentPasswordFailed' },
}

/** A proof that was looked at and was wrong. */
export type WrongProof = {
  readonly proof: GuardedProof
  /** Of the guard that it was held against. */
  readonly guardId: string
  readonly guard: Stored<SignInGuard> | undefined
  /** Whose proof it would have been; absent where nobody has the identifier. */
  readonly account: Account | undefined
  readonly policy: GuardPolicy
  readonly at: Instant
}

/** What is written of a wrong proof: the failure, at each lock an event, and a message to the owner where it is time for one. */
export const rememberFailure = ({ proof, guardId, guard, account, policy, at }: WrongProof): readonly Change[] => {
  const failed = recordFailure(guard?.state, at, policy)
  const reached = reachedBy(failed, at, policy)
  const state: SignInGuard = {
    ...failed,
    ...(account === undefined ? {} : { accountId: account.accountId }),
    ...(account === undefined || isDeviceGuard(guardId) ? { restsSince: at } : {}),
  }
  const remember = (events: readonly SignInGuardEvent[]): Change =>
    put(signInGuards, { id: guardId, version: guard?.version ?? 0, state, events })
  if (reached === undefined) return [remember([])]
  const whose = { proof, ...(account === undefined ? {} : { accountId: account.accountId }) }
  const { consecutive: failures, lockedUntil: until } = failed
  const event: SignInGuardEvent =
    reached === 'disabled'
      ? { type: 'ProofDisabled', ...whose, failures }
      : { type: 'ProofLocked', ...whose, failures, until }
  if (!isStanding(account) || failed.toldAt !== at) return [remember([event])]
  return [
    remember([event]),
    queueMessage({
      cause: `${proof}Lock:${guardId}:${failures}:${until}`,
      accountId: account.accountId,
      channel: noticeChannel(account.identifiers),
      template: notices[proof][reached],
      facts: { until: { at: until } },
      at,
    }),
  ]
}
