import type { Payment } from './payment.js'
import { unreturnedMinor } from './payment-machine.js'
import type { Refund } from './refund.js'
import { coveredMinorOf, missingMinor } from './refund-machine.js'

/** What lost disputes took of a payment and no refund that came by them has used up. */
export const unusedShares = (
  payment: Pick<Payment, 'disputes'>,
  refunds: Iterable<Refund>,
): readonly CoveredShare[] => {
  const { unused } = reckonCover(payment, refunds)
  return (payment.disputes ?? [])
    .filter(({ status }) => status === 'lost')
    .map(({ disputeId }) => ({ disputeId, amountMinor: unused.get(disputeId) ?? 0 }))
}

/** How what lost disputes took of a payment and the refunds that came by them stand to each other. */
type CoverReckoned = {
  /** What of each dispute no refund uses, minor units. */
  readonly unused: ReadonlyMap<string, number>
  /** What a dispute has brought of each refund that came by one, minor units. */
  readonly has: ReadonlyMap<string, number>
  /** What payers lack of refunds that came by disputes, by the refund of their order, minor units; nothing where absent. */
  readonly lacking: ReadonlyMap<string, number>
  /** What has come of that by what makes up for it and was ended by a dispute, minor units. */
  readonly madeUp: ReadonlyMap<string, number>
}

/**
 * Shares what lost disputes took of a payment among the refunds that came by them, the oldest first: what any of them lacks
 * counts before what one had by a dispute and has by its gateway as well by now. What makes up for a refund has of them what
 * that lacks, and no more: once it lacks nothing, it uses nothing.
 *
 * @param refunds - of the payment, oldest first; those of others count for nothing
 */
export const reckonCover = ({ disputes = [] }: Pick<Payment, 'disputes'>, refunds: Iterable<Refund>): CoverReckoned => {
  const unused = new Map(
    disputes.map(({ disputeId, status, amountMinor }) => [disputeId, status === 'lost' ? amountMinor : 0]),
  )
  const take = (disputeId: string, wantedMinor: number): number => {
    const leftMinor = unused.get(disputeId) ?? 0
    const hasMinor = Math.min(leftMinor, wantedMinor)
    unused.set(disputeId, leftMinor - hasMinor)
    return hasMinor
  }
  const [has, lacking, madeUp] = [new Map<string, number>(), new Map<string, number>(), new Map<string, number>()]
  const add = (sums: Map<string, number>, name: string, minor: number) => sums.set(name, (sums.get(name) ?? 0) + minor)
  const covered = [...refunds].flatMap((refund) =>
    refund.status === 'chargedBack' && unused.has(refund.disputeId) ? [refund] : [],
  )
  const made = covered.filter((each) => !isMakingUp(each))
  for (const refund of made) {
    const { refundId, partOf = refundId, disputeId } = refund
    const hasMinor = take(disputeId, missingMinor(refund))
    has.set(refundId, hasMinor)
    add(lacking, partOf, missingMinor(refund) - hasMinor)
  }
  for (const refund of covered.filter(isMakingUp)) {
    const { refundId, partOf = refundId, disputeId, amountMinor } = refund
    const goneMinor = Math.min(amountMinor - coveredMinorOf(refund), lacking.get(partOf) ?? 0)
    add(lacking, partOf, 0 - goneMinor)
    const hasMinor = take(disputeId, Math.min(coveredMinorOf(refund), lacking.get(partOf) ?? 0))
    add(lacking, partOf, 0 - hasMinor)
    has.set(refundId, hasMinor)
    add(madeUp, partOf, goneMinor + hasMinor)
  }
  // What arrives later than the dispute was lost does not take back what that has brought, where no other lacks it.
  for (const refund of made) {
    const { refundId, disputeId } = refund
    add(has, refundId, take(disputeId, Math.max(0, coveredMinorOf(refund) - (has.get(refundId) ?? 0))))
  }
  return { unused, has, lacking, madeUp }
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
    else sum += coveredMinorOf(refund)
  }
  return sum
}

/** Whether a refund makes up for a dispute that took less than the refund which was to have come by it. */
export const isMakingUp = ({ sources }: Pick<Refund, 'sources'>): boolean =>
  sources.some(({ account }) => account === 'chargebackLoss')

const takesMoney = ({ status }: Refund): boolean => status !== 'cancelled' && status !== 'chargedBack'

/**
 * The lost dispute by which a payer has got what a refund that was sent still owes them: all that has not arrived by the
 * gateway, or the most of it.
 *
 * @param refunds - of the payment, as for `coveringDispute`
 * @returns undefined where nothing is owed, or no dispute has paid any of it
 */
export const bestCoveringDispute = (
  payment: Pick<Payment, 'disputes'>,
  refunds: readonly Refund[],
  refund: Refund,
): string | undefined =>
  missingMinor(refund) === 0
    ? undefined
    : (coveringDispute(payment, refunds, missingMinor(refund)) ??
      unusedShares(payment, refunds)
        .filter(({ amountMinor }) => amountMinor > 0)
        .sort((left, right) => right.amountMinor - left.amountMinor)[0]?.disputeId)

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
