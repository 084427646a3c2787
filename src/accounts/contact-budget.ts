import type { Result } from 'neverthrow'
import type { Change } from '../shared/commit.js'
import type { Instant } from '../shared/instant.js'
import type { OriginKeys } from '../shared/origin.js'
import { counters, type Stored } from '../shared/read-plan.js'
import type { AccountsPolicy } from './accounts-policy.js'
import {
  identifierPrefixes,
  knownDeviceLines,
  linesLeft,
  ownPauseName,
  pausesUntil,
  provenLines,
  provenName,
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
  const { hour, day, knownHour, knownDay } = identifierPrefixes(now, origin)
  return {
    ...ownLeftPlan(now, provenName, ownPauseName),
    emailKnownHour: left(email, knownHour),
    emailKnownDay: left(email, knownDay),
    phoneKnownHour: left(phone, knownHour),
    phoneKnownDay: left(phone, knownDay),
    accountHour: left('accountId', `${hour}account:`),
    accountDay: left('accountId', `${day}account:`),
    shared: linesLeft(sharedLines(policy.code, origin, now)),
    ...knownDeviceBudgetPlan(policy, now),
    deviceGuard: deviceGuardOf({ from: 'account', path: 'accountId' }, origin.device),
  }
}

/** Asks what is left of what strangers may have sent to the contacts of the `account` of the same plan. */
export const contactLeftPlan = (now: Instant) => {
  const { callingCodeHour, callingCodeDay } = identifierPrefixes(now)
  return {
    callingCodeHour: left(callingCode, callingCodeHour),
    callingCodeDay: left(callingCode, callingCodeDay),
    ...ownLeftPlan(now, '', ''),
  }
}

const ownLeftPlan = (now: Instant, name: string, pauseName: string) => {
  const { hour, day } = identifierPrefixes(now)
  return {
    emailHour: left(email, `${hour}${name}`),
    emailDay: left(email, `${day}${name}`),
    phonePause: pausesUntil({ from: 'account', path: phone, prefix: pauseName }),
    phoneHour: left(phone, `${hour}${name}`),
    phoneDay: left(phone, `${day}${name}`),
  }
}

const left = (path: string, prefix: string) => counters(rateBudgets, { from: 'account', path, prefix })
const email = 'identifiers.email.key'
const phone = 'identifiers.phone.key'
const callingCode = 'identifiers.phone.callingCode'

type Left = ReadonlyMap<string, number>

type OwnLeft = { readonly [name in keyof ReturnType<typeof ownLeftPlan>]: Left }

const ownLeft = (found: OwnLeft): readonly Left[] => [
  found.emailHour,
  found.emailDay,
  found.phonePause,
  found.phoneHour,
  found.phoneDay,
]

/** What is left in them, together. */
export const contactLeft = (found: { readonly [name in keyof ReturnType<typeof contactLeftPlan>]: Left }): Left =>
  new Map([...ownLeft(found), found.callingCodeHour, found.callingCodeDay].flatMap((each) => [...each]))

/** What the plan of a contact's budget finds. */
export type ContactBudget = {
  readonly [name in Exclude<keyof ReturnType<typeof contactBudgetPlan>, 'deviceGuard'>]: Left
} & { readonly deviceGuard: Stored<SignInGuard> | undefined }

/**
 * Takes a code to a contact out of the budgets of who asks, who has shown to be the account; at a device that it knows,
 * out of those of its devices. Neither is what strangers take codes out of.
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
  const { emailKnownHour, emailKnownDay, phoneKnownHour, phoneKnownDay, accountHour, accountDay } = facts
  const { shared, deviceGuard } = facts
  const known = [emailKnownHour, emailKnownDay, phoneKnownHour, phoneKnownDay, knownDeviceLeft(facts)]
  const found = new Map([...ownLeft(facts), ...known, accountHour, accountDay, shared].flatMap((each) => [...each]))
  return spendCode(
    isKnownDevice(deviceGuard, at, policy.guard)
      ? knownDeviceLines(policy.code, { accountId, identifierKey: contact.key, contact, origin }, at)
      : provenLines(policy.code, { accountId, contact, origin }, at),
    found,
  )
}
