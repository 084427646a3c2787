import type { Payment } from './payment.js'
import type { Refund } from './refund.js'

/** What lost disputes took of a payment and no refund that came by them has used up. */
export const unusedShares = (
  { disputes = [] }: Pick<Payment, 'disputes'>,
  refunds: Iterable<Refund>,
): readonly CoveredShare[] => {
  const paid = new Map<string, number>()
  for (const refund of refunds) {
    if (refund.status !== 'chargedBack') continue
    paid.set(refund.disputeId, (paid.get(refund.disputeId) ?? 0) + refund.amountMinor)
  }
  return disputes
    .filter(({ status }) => status === 'lost')
    .map(({ disputeId, amountMinor }) => ({ disputeId, amountMinor: amountMinor - (paid.get(disputeId) ?? 0) }))
}

/** What a payer has of an amount by one lost dispute, minor units. */
export type CoveredShare = { readonly disputeId: string; readonly amountMinor: number }

/**
 * How much of what is to go back the payer has by lost disputes already, dispute by dispute.
 *
 * @param refunds - of the payment
 * @returns together at most `amountMinor`; none where no dispute was lost, or all it took is used up
 */
export const coveredShares = (
  payment: Pick<Payment, 'disputes'>,
  refunds: Iterable<Refund>,
  amountMinor: number,
): readonly CoveredShare[] => {
  let leftMinor = amountMinor
  return unusedShares(payment, refunds).flatMap((unused) => {
    const share = { ...unused, amountMinor: Math.min(leftMinor, unused.amountMinor) }
    if (share.amountMinor <= 0) return []
    leftMinor -= share.amountMinor
    return [share]
  })
}

/**
 * The lost dispute by which a payer has got what a refund owes them.
 *
 * @param refunds - of the payment; those that came by a dispute already use up what it took
 * @returns undefined where no dispute took as much and has not paid for others with it
 */
export const coveringDispute = (
  payment: Pick<Payment, 'disputes'>,
  refunds: Iterable<Refund>,
  amountMinor: number,
): string | undefined => unusedShares(payment, refunds).find((unused) => amountMinor <= unused.amountMinor)?.disputeId
