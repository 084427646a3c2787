import { ok, type Result } from 'neverthrow'
import type { Change } from '../shared/commit.js'
import type { Instant } from '../shared/instant.js'
import type { OriginKeys } from '../shared/origin.js'
import { counters, type Stored } from '../shared/read-plan.js'
import type { AccountsPolicy } from './accounts-policy.js'
import {
  identifierPrefixes,
  knownDeviceLines,
  linesFor,
  linesLeft,
  rateBudgets,
  sharedLines,
  spendCode,
  type TooManyCodes,
} from './budgets.js'
import type { CodeContact } from './challenge.js'
import { deviceGuardOf, isKnownDevice } from './known-device.js'
import { knownDeviceBudgetPlan, knownDeviceLeft } from './known-device-budget.js'
import type { SignInGuard } from './sign-in-guard.js'

/**
 * Asks what is left in the counters of codes to the contacts of the `account` of the same plan: which contact a code goes
 * to is known only once the account is read.
 */
export const contactBudgetPlan = (policy: AccountsPolicy, origin: OriginKeys, now: Instant) => {
  const { minute, hour, day, knownHour, knownDay } = identifierPrefixes(now, origin)
  const left = (path: string, prefix: string) => counters(rateBudgets, { from: 'account', path, prefix })
  const email = 'identifiers.email.key'
  const phone = 'identifiers.phone.key'
  return {
    emailHour: left(email, hour),
    emailDay: left(email, day),
    emailKnownHour: left(email, knownHour),
    emailKnownDay: left(email, knownDay),
    phoneMinute: left(phone, minute),
    phoneHour: left(phone, hour),
    phoneDay: left(phone, day),
    phoneKnownHour: left(phone, knownHour),
    phoneKnownDay: left(phone, knownDay),
    accountHour: left('accountId', `${hour}account:`),
    accountDay: left('accountId', `${day}account:`),
    shared: linesLeft(sharedLines(policy.code, origin, now)),
    ...knownDeviceBudgetPlan(policy, now),
    deviceGuard: deviceGuardOf({ from: 'account', path: 'accountId' }, origin.device),
  }
}

type Left = ReadonlyMap<string, number>

/** What the plan of a contact's budget finds. */
export type ContactBudget = {
  readonly [name in Exclude<keyof ReturnType<typeof contactBudgetPlan>, 'deviceGuard'>]: Left
} & { readonly deviceGuard: Stored<SignInGuard> | undefined }

/**
 * Takes a code to a contact out of the budgets of who asks, who has shown to be the account; at a device that it knows,
 * out of those of its devices.
 *
 * @errors TooManyCodes
 */
export const spendContactCode = (
  policy: AccountsPolicy,
  facts: ContactBudget,
  {
    contact,
    accountId,
    origin,
  }: { readonly contact: CodeContact; readonly accountId: string; readonly origin: OriginKeys },
  at: Instant,
): Result<readonly Change[], TooManyCodes> => {
  const { emailHour, emailDay, emailKnownHour, emailKnownDay, phoneMinute, phoneHour, phoneDay } = facts
  const { phoneKnownHour, phoneKnownDay, accountHour, accountDay, shared, deviceGuard } = facts
  const ofEmail = [emailHour, emailDay, emailKnownHour, emailKnownDay]
  const ofPhone = [phoneMinute, phoneHour, phoneDay, phoneKnownHour, phoneKnownDay]
  const known = knownDeviceLeft(facts)
  const left = new Map([...ofEmail, ...ofPhone, accountHour, accountDay, shared, known].flatMap((each) => [...each]))
  const { kind, key } = contact
  const phoneKey = kind === 'phone' ? key : undefined
  return spendCode(
    isKnownDevice(deviceGuard, at, policy.guard)
      ? knownDeviceLines(policy.code, { accountId, identifierKey: key, phoneKey, origin }, at)
      : linesFor(policy.code, { identity: ok({ kind, key, value: '' }), origin }, at, accountId),
    left,
  )
}
