import type { Payment } from './payment.js'
import { unreturnedMinor } from './payment-machine.js'
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
 * How much of what an order comes to owe its payer has by lost disputes already. Banks may take more of a payment than was
 * ever taken by it; what that is beyond it pays nothing of the order, and is lost.
 *
 * @param refunds - of the payment, without what is owed now
 */
export const newlyCoveredShares = (
  payment: Payment,
  refunds: readonly Refund[],
  owedMinor: number,
): readonly CoveredShare[] =>
  coveredShares(payment, refunds, Math.min(owedMinor, Math.max(0, keptMinor(payment, refunds))))

/** What was taken and has not gone back, by a refund or by a dispute in the place of one, minor units. */
export const keptMinor = (payment: Payment, refunds: readonly Refund[]): number =>
  unreturnedMinor(payment) - coveredMinor(refunds.filter(({ paymentId }) => paymentId === payment.paymentId))

/** What refunds of a payment do not take of it because the payer has it by a dispute, minor units. */
export const coveredMinor = (refunds: Iterable<Refund>): number => {
  let sum = 0
  for (const refund of refunds) {
    if (isMakingUp(refund)) sum -= takesMoney(refund) ? refund.amountMinor : 0
    else if (refund.status === 'chargedBack') sum += refund.amountMinor
  }
  return sum
}

/** Whether a refund makes up for a dispute that took less than the refund which was to have come by it. */
export const isMakingUp = ({ sources }: Pick<Refund, 'sources'>): boolean =>
  sources.some(({ account }) => account === 'chargebackLoss')

const takesMoney = ({ status }: Refund): boolean => status !== 'cancelled' && status !== 'chargedBack'

/**
 * The lost dispute by which a payer has got the most of what a refund owes them.
 *
 * @param refunds - of the payment, as for `coveringDispute`
 */
export const mostCoveringDispute = (
  payment: Pick<Payment, 'disputes'>,
  refunds: Iterable<Refund>,
): string | undefined =>
  unusedShares(payment, refunds)
    .filter(({ amountMinor }) => amountMinor > 0)
    .sort((left, right) => right.amountMinor - left.amountMinor)[0]?.disputeId

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
