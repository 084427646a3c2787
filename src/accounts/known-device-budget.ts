import type { Instant } from '../shared/instant.js'
import { counters, type IdsFrom } from '../shared/read-plan.js'
import type { AccountsPolicy } from './accounts-policy.js'
import { identifierPrefixes, knownShopLines, linesLeft, rateBudgets } from './budgets.js'

/**
 * Asks what is left in the counters that codes count in at all known devices of the `account` of the same plan.
 *
 * @param phone - where the plan finds the key of the number that the code goes to
 */
export const knownDeviceBudgetPlan = (
  { code }: AccountsPolicy,
  now: Instant,
  phone: Pick<IdsFrom, 'from' | 'path'> = { from: 'account', path: 'identifiers.phone.key' },
) => {
  const { knownAccountHour, knownAccountDay, knownPhoneMinute } = identifierPrefixes(now)
  const ofAccount = (prefix: string) => counters(rateBudgets, { from: 'account', path: 'accountId', prefix })
  return {
    knownAccountHour: ofAccount(knownAccountHour),
    knownAccountDay: ofAccount(knownAccountDay),
    knownPhoneMinute: counters(rateBudgets, { ...phone, prefix: knownPhoneMinute }),
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
  knownShop,
}: KnownDeviceLeft): ReadonlyMap<string, number> =>
  new Map([...knownAccountHour, ...knownAccountDay, ...knownPhoneMinute, ...knownShop])
