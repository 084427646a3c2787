import { type Change, put } from '../shared/commit.js'
import type { Instant } from '../shared/instant.js'
import { type IdsFrom, known, row, rows, type Stored } from '../shared/read-plan.js'
import { signInGuards } from './accounts.schema.js'
import { askGuard, type GuardPolicy, type SignInGuard } from './sign-in-guard.js'

// A device that an account has been signed in to on has a guard of its own. That there is one says that the device is
// known; it goes a month after the last sign-in or failure there, as every guard does.
const prefix = 'device:'
/** The id of the guard of a device that an account knows. */
export const guardIdOf = (accountId: string, device: string): string => `${prefix}${accountId}:${device}`

/** Whether an id is that of the guard of a device, which is known no more once it has rested. */
export const isDeviceGuard = (guardId: string): boolean => guardId.startsWith(prefix)

/** Asks for the guard of a device; the account's id is an answer of the same plan. */
export const deviceGuardOf = (account: Pick<IdsFrom, 'from' | 'path'>, device: string | undefined) =>
  device === undefined
    ? known<Stored<SignInGuard> | undefined>(undefined)
    : row(signInGuards, { ...account, prefix, suffix: `:${device}` })

/** Asks for the guards of a device of several accounts, each of which may know it; of one of them, see `guardOfDevice`. */
export const deviceGuardsOf = (accounts: Pick<IdsFrom, 'from' | 'path'>, device: string | undefined) =>
  device === undefined
    ? known<readonly Stored<SignInGuard>[]>([])
    : rows(signInGuards, { ...accounts, prefix, suffix: `:${device}` })

/** The guard of a device by which an account knows it, among those of several accounts. */
export const guardOfDevice = (
  guards: readonly Stored<SignInGuard>[],
  accountId: string,
  device: string | undefined,
): Stored<SignInGuard> | undefined =>
  device === undefined ? undefined : guards.find(({ id }) => id === guardIdOf(accountId, device))

/** Asks for the guard of the device that an account's own person comes from. */
export const ownDeviceGuard = (accountId: string, device: string | undefined) =>
  device === undefined
    ? known<Stored<SignInGuard> | undefined>(undefined)
    : row(signInGuards, guardIdOf(accountId, device))

/** Whether a device is known to an account by its guard; one from where a hundred failures came in a row is no longer. */
export const isKnownDevice = (
  guard: Stored<SignInGuard> | undefined,
  now: Instant,
  policy: GuardPolicy,
): guard is Stored<SignInGuard> => guard !== undefined && askGuard(guard.state, now, policy).kind !== 'disabled'

/** The guard that an attempt is held against, and written to. */
export type GuardLane = {
  readonly kind: 'knownDevice' | 'account' | 'nobody'
  readonly id: string
  readonly guard: Stored<SignInGuard> | undefined
}

/**
 * Which guard an attempt is held against. An account's known device has one of its own, so that whatever strangers do
 * elsewhere does not keep the owner out there; all else about an account has one together, whichever of its identifiers is
 * named, and an identifier without an account has its own.
 */
export const guardLane = (
  attempt: {
    readonly accountId: string | undefined
    readonly identifierKey: string
    readonly deviceGuard: Stored<SignInGuard> | undefined
    readonly ownGuard: Stored<SignInGuard> | undefined
    readonly strangersGuard: Stored<SignInGuard> | undefined
  },
  now: Instant,
  policy: GuardPolicy,
): GuardLane => {
  const { accountId, identifierKey, deviceGuard, ownGuard, strangersGuard } = attempt
  if (accountId === undefined) return { kind: 'nobody', id: identifierKey, guard: strangersGuard }
  return isKnownDevice(deviceGuard, now, policy)
    ? { kind: 'knownDevice', id: deviceGuard.id, guard: deviceGuard }
    : { kind: 'account', id: accountId, guard: ownGuard }
}

/** Which guard a password is held against that an account's own person gives once more. */
export const ownLane = (
  attempt: {
    readonly accountId: string
    readonly deviceGuard: Stored<SignInGuard> | undefined
    readonly ownGuard: Stored<SignInGuard> | undefined
  },
  now: Instant,
  policy: GuardPolicy,
): GuardLane => guardLane({ ...attempt, identifierKey: attempt.accountId, strangersGuard: undefined }, now, policy)

/** Makes a device known to an account, or notes that it still is. */
export const noteDevice = (
  accountId: string,
  device: string | undefined,
  guard: Stored<SignInGuard> | undefined,
  now: Instant,
): readonly Change[] =>
  device === undefined
    ? []
    : [
        put(signInGuards, {
          id: guardIdOf(accountId, device),
          version: guard?.version ?? 0,
          state: { accountId, restsSince: now, failures: 0, consecutive: 0, lastFailureAt: now, lockedUntil: now },
        }),
      ]
