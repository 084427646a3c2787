import type { Payment } from './payment.js'
import type { Refund } from './refund.js'

/**
 * The lost dispute by which a payer has got what a refund owes them.
 *
 * @param refunds - of the payment; those that came by a dispute already use up what it took
 * @returns undefined where no dispute took as much and has not paid for others with it
 */
export const coveringDispute = (
  { disputes = [] }: Pick<Payment, 'disputes'>,
  refunds: Iterable<Refund>,
  amountMinor: number,
): string | undefined => {
  const paid = new Map<string, number>()
  for (const refund of refunds) {
    if (refund.status !== 'chargedBack') continue
    paid.set(refund.disputeId, (paid.get(refund.disputeId) ?? 0) + refund.amountMinor)
  }
  return disputes.find(
    (share) => share.status === 'lost' && amountMinor <= share.amountMinor - (paid.get(share.disputeId) ?? 0),
  )?.disputeId
}
