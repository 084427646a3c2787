import { type Change, put } from '../../shared/commit.js'
import type { Instant } from '../../shared/instant.js'
import { type IdsFrom, known, row, type Stored } from '../../shared/read-plan.js'
import { signInGuards } from '../accounts.schema.js'
import { isKnownDevice } from '../known-device.js'
import { guardsKeptMs } from '../privacy/passing-records.js'
import { askGuard, type GuardPolicy, type SignInGuard } from '../sign-in-guard.js'
import type { FactorKind } from './second-factor.js'

const prefix = 'factor:'

/**
 * Asks for what is remembered of failures with the second factor of an account: those at the device that somebody comes
 * from, where the account knows it, and all others. Whoever makes them has passed the first proof.
 *
 * @param account - its id, or where the same plan finds it
 */
export const askFactorGuards = (account: string | Pick<IdsFrom, 'from' | 'path'>, device: string | undefined) => {
  const ask = (suffix: string) =>
    row(signInGuards, typeof account === 'string' ? `${prefix}${account}${suffix}` : { ...account, prefix, suffix })
  return {
    factorGuard: ask(''),
    deviceFactorGuard: device === undefined ? known<Stored<SignInGuard> | undefined>(undefined) : ask(`:${device}`),
  }
}

/** The guard that a code of the second factor is held against, and written to. */
export type FactorLane = { readonly id: string; readonly guard: Stored<SignInGuard> | undefined }

/**
 * Which guard a code is held against: at a device that the account knows its own, so that whoever has found out the password
 * keeps the owner out nowhere but elsewhere.
 *
 * @param deviceGuard - that of the device's passwords, which says that the account knows it
 */
export const factorLane = (
  attempt: {
    readonly accountId: string
    readonly device: string | undefined
    readonly deviceGuard: Stored<SignInGuard> | undefined
    readonly factorGuard: Stored<SignInGuard> | undefined
    readonly deviceFactorGuard: Stored<SignInGuard> | undefined
  },
  now: Instant,
  policy: GuardPolicy,
): FactorLane => {
  const { accountId, device, deviceGuard, factorGuard, deviceFactorGuard } = attempt
  const isKnown =
    device !== undefined &&
    isKnownDevice(deviceGuard, now, policy) &&
    askGuard(deviceFactorGuard?.state, now, policy).kind !== 'disabled'
  return isKnown
    ? { id: `${prefix}${accountId}:${device}`, guard: deviceFactorGuard }
    : { id: `${prefix}${accountId}`, guard: factorGuard }
}

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

/**
 * Lets codes be tried again that too many failures had ended, once the password is another: whoever made them has the first
 * proof no more. Once in a month, for whoever reads the mailbox resets as often as they like, and has no other proof.
 */
export const forgiveFactor = (
  guard: Stored<SignInGuard> | undefined,
  at: Instant,
  policy: GuardPolicy,
): readonly Change[] => {
  if (guard === undefined || askGuard(guard.state, at, policy).kind !== 'disabled') return []
  const { forgivenAt } = guard.state
  if (forgivenAt !== undefined && at - forgivenAt < guardsKeptMs) return []
  const state = {
    ...guard.state,
    restsSince: at,
    failures: 0,
    consecutive: 0,
    lastFailureAt: at,
    lockedUntil: at,
    forgivenAt: at,
  }
  return [put(signInGuards, { id: guard.id, version: guard.version, state })]
}
