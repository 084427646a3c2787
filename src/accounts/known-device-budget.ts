import type { Instant } from '../shared/instant.js'
import { counters, type IdsFrom } from '../shared/read-plan.js'
import type { AccountsPolicy } from './accounts-policy.js'
import { identifierPrefixes, knownShopLines, linesLeft, rateBudgets } from './budgets.js'

/**
 * Asks what is left in the counters that codes count in at all known devices of the `account` of the same plan.
 *
 * @param phone - where the plan finds the number that the code goes to
 */
export const knownDeviceBudgetPlan = (
  { code }: AccountsPolicy,
  now: Instant,
  phone: Pick<IdsFrom, 'from' | 'path'> = { from: 'account', path: 'identifiers.phone' },
) => {
  const { knownAccountHour, knownAccountDay, knownPhoneMinute, knownPhoneHalfMinute, ...prefixes } =
    identifierPrefixes(now)
  const ofCallingCode = (prefix: string) =>
    counters(rateBudgets, { from: phone.from, path: `${phone.path}.callingCode`, prefix })
  const ofPhone = (prefix: string) => counters(rateBudgets, { from: phone.from, path: `${phone.path}.key`, prefix })
  const ofAccount = (prefix: string) => counters(rateBudgets, { from: 'account', path: 'accountId', prefix })
  return {
    knownAccountHour: ofAccount(knownAccountHour),
    knownAccountDay: ofAccount(knownAccountDay),
    knownPhoneMinute: ofPhone(knownPhoneMinute),
    knownPhoneHalfMinute: ofPhone(knownPhoneHalfMinute),
    knownCallingCodeHour: ofCallingCode(prefixes.knownCallingCodeHour),
    knownCallingCodeDay: ofCallingCode(prefixes.knownCallingCodeDay),
    knownShop: linesLeft(knownShopLines(code, now)),
  }
}

type KnownDeviceLeft = {
  readonly [name in keyof ReturnType<typeof knownDeviceBudgetPlan>]: ReadonlyMap<string, number>
}

/** What is left in them, together. */
export const knownDeviceLeft = ({
  knownAccountHour,
  knownAccountDay,
  knownPhoneMinute,
  knownPhoneHalfMinute,
  knownCallingCodeHour,
  knownCallingCodeDay,
  knownShop,
}: KnownDeviceLeft): ReadonlyMap<string, number> =>
  new Map(
    [
      knownAccountHour,
      knownAccountDay,
      knownPhoneMinute,
      knownPhoneHalfMinute,
      knownCallingCodeHour,
      knownCallingCodeDay,
      knownShop,
    ].flatMap((each) => [...each]),
  )
