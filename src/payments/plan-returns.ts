import type { Instant } from '../shared/instant.js'
import type { Payout } from './payout.js'
import { type Settlement, unpaidMinor } from './settlement.js'

/**
 * Says what is to come back of which split of an order: from each payee what it owes and is not giving back already, the
 * first split first.
 *
 * @param since - when the refund was asked for that they are for; an account that had too little since is not asked again
 * @returns by the id of the split, minor units, above zero
 */
export const planReturns = (
  settlement: Settlement,
  splits: readonly Payout[],
  since: Instant,
): ReadonlyMap<string, number> => {
  const planned = new Map<string, number>()
  for (const { payee } of settlement.shares) {
    const own = splits.filter((split) => split.payee === payee)
    let owedMinor = own.reduce(
      (owed, split) => owed - returningMinor(split),
      Math.max(0, 0 - unpaidMinor(settlement, payee)),
    )
    for (const split of own) {
      const amountMinor = Math.min(owedMinor, returnableMinor(split, since))
      if (amountMinor <= 0) continue
      owedMinor -= amountMinor
      planned.set(split.payoutId, amountMinor)
    }
  }
  return planned
}

const returningMinor = (payout: Payout): number => (payout.status === 'paid' ? (payout.returning?.amountMinor ?? 0) : 0)

/** What of a split could still come back. */
const returnableMinor = (payout: Payout, since: Instant): number => {
  if (payout.status !== 'paid' || payout.split === undefined || returningMinor(payout) > 0) return 0
  const { returnedMinor, isReturnRefused, returnDeclinedAt } = payout.split
  const isAsked = isReturnRefused || (returnDeclinedAt !== undefined && returnDeclinedAt >= since)
  return isAsked ? 0 : payout.amountMinor - returnedMinor
}
