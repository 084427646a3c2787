import type { Instant } from '../shared/instant.js'
import { counters, type IdsFrom } from '../shared/read-plan.js'
import type { AccountsPolicy } from './accounts-policy.js'
import { identifierPrefixes, knownShopLines, linesLeft, ownPauseName, pausesUntil, rateBudgets } from './budgets.js'

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
  const { knownAccountHour, knownAccountDay, ...prefixes } = identifierPrefixes(now)
  const ofCallingCode = (prefix: string) =>
    counters(rateBudgets, { from: phone.from, path: `${phone.path}.callingCode`, prefix })
  const ofAccount = (prefix: string) => counters(rateBudgets, { from: 'account', path: 'accountId', prefix })
  return {
    knownAccountHour: ofAccount(knownAccountHour),
    knownAccountDay: ofAccount(knownAccountDay),
    knownPause: pausesUntil({ from: phone.from, path: `${phone.path}.key`, prefix: ownPauseName }),
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
  knownPause,
  knownCallingCodeHour,
  knownCallingCodeDay,
  knownShop,
}: KnownDeviceLeft): ReadonlyMap<string, number> =>
  new Map(
    [knownAccountHour, knownAccountDay, knownPause, knownCallingCodeHour, knownCallingCodeDay, knownShop].flatMap(
      (each) => [...each],
    ),
  )
