import type { Currency } from '../shared/currency.js'
import type { Instant } from '../shared/instant.js'
import type { MethodId } from '../shared/payment-method.js'
import type { LedgerEntry, LedgerEntryKind } from './ledger.js'
import type { Payment } from './payment.js'

/** What a bill takes from an order; it is not changed. */
export type BilledOrder<Title> = {
  readonly orderId: string
  readonly orderNumber: string
  readonly currency: Currency
  /** What is to be paid by all means together, minor units. */
  readonly totalMinor: number
  /** Part of it that is for carriage, tax on it included. */
  readonly shippingMinor: number
  readonly placedAt: Instant
  /** The order ended without being paid. */
  readonly ended: boolean
  /** When it was paid, by whatever means, also where nothing was to be paid; null while it is not. */
  readonly settledAt: Instant | null
  /** The payments whose money is the order's: what any other brought is owed back beside it. */
  readonly payingIds: readonly string[]
  /** It came of a checkout that was divided: what a dispute took of the one payment is booked to that. */
  readonly isPart: boolean
  readonly lines: readonly {
    readonly lineId: string
    readonly sku: string
    readonly title: Title
    readonly quantity: number
    /** Price of a piece before any discount. */
    readonly unitMinor: number
    /** What is paid for all its pieces, in money and in points, tax included. */
    readonly totalMinor: number
  }[]
}

/** How far the money of an order has come. */
export type BillStatus = 'created' | 'paid' | 'partRefunded' | 'refunded' | 'closed'

/** What a buyer is shown of the money of an order: a view of the ledger, never a truth of its own. */
export type Bill<Title> = Omit<BilledOrder<Title>, 'ended' | 'settledAt' | 'payingIds' | 'isPart'> & {
  readonly status: BillStatus
  readonly paidMinor: number
  readonly refundedMinor: number
  /** Refunds under way. */
  readonly refundPendingMinor: number
  /** Methods whose money counts, each once. */
  readonly methods: readonly (MethodId | 'points')[]
  /** When the last part was paid; null while it is not paid in full. */
  readonly paidAt: Instant | null
}

const paying: readonly LedgerEntryKind[] = ['captured', 'escrowMoved', 'pointsTendered']

const returning: readonly LedgerEntryKind[] = [
  'refundSubmitted',
  'refundSucceeded',
  'refundReturned',
  'refundPaidByHand',
  'refundPaidTwice',
  'refundChargedBack',
  'pointsReturned',
]

const disputed: readonly LedgerEntryKind[] = ['disputeHeld', 'disputeLost', 'disputeReleased']

/**
 * Makes the bill of an order from its entries: of what paid it, and of what went back of that. Money that does not fit what
 * was asked, or came a second time, is on no bill; a statement has it.
 *
 * @param entries - of the whole ledger or of the order; each id counts once
 * @param payments - of the order, for the methods
 */
export const billOf = <Title>(
  order: BilledOrder<Title>,
  entries: readonly LedgerEntry[],
  payments: readonly Payment[],
): Bill<Title> => {
  const { ended, settledAt, payingIds, isPart, ...facts } = order
  const booked = [...new Map(entries.map((entry) => [entry.entryId, entry])).values()].filter(
    (entry) => entry.orderId === order.orderId,
  )
  const isBeside = besideOrder(booked, payingIds, payments)
  const own = booked.filter((entry) => !isBeside(entry))
  const paid = own.filter((entry) => paying.includes(entry.kind))
  const returned = own.filter((entry) => returning.includes(entry.kind))
  // What was paid came into escrow; what is under way stands in transit; the rest of what was given back has arrived.
  const paidMinor = 0 - sumOn(paid, order.currency, (account) => account === `escrow:${order.orderId}`)
  // What came by a dispute instead is neither under way any more, nor given back, should it have come back from the payer.
  const aside = asideOf(returned, order.currency)
  const inTransitMinor = 0 - sumOn(returned, order.currency, (account) => account === 'refundInTransit')
  const refundPendingMinor = inTransitMinor - aside.pendingMinor
  const givenMinor =
    0 -
    sumOn(
      returned,
      order.currency,
      (account) => account === 'bank' || account === 'pointsLiability' || account.startsWith('gatewayClearing:'),
    )
  const twiceMinor = sumOn(returned, order.currency, (account) => account.startsWith('receivable:'))
  // What the payer got by a dispute is back with the payer as well; what was owed to them anyhow stands in it once.
  const chargedBackMinor = sumOn(
    own.filter(({ kind }) => disputed.includes(kind)),
    order.currency,
    (account) => account === 'chargebackLoss',
  )
  // Of a checkout that was divided a part has that of it which its own refunds came by.
  const coveredMinor = isPart ? 0 - sumOn(returned, order.currency, (account) => account === 'chargebackLoss') : 0
  const refundedMinor = givenMinor - twiceMinor + chargedBackMinor + coveredMinor - aside.goneMinor
  // What was given up before it was taken is not asked for any more.
  const forgoneMinor = payments.reduce((sum, payment) => sum + (payment.forgoneMinor ?? 0), 0)
  const inFull = paidMinor + forgoneMinor >= order.totalMinor
  const paidMoments = paid.map((entry) => entry.at)
  return {
    ...facts,
    status: statusOf({
      ...{ paidMinor, refundedMinor, inFull, isFree: settledAt !== null && order.totalMinor === 0 },
      ended: ended || (inFull && forgoneMinor > 0),
    }),
    paidMinor,
    refundedMinor,
    refundPendingMinor,
    methods: methodsOf(paid, payments),
    paidAt: !inFull ? null : paidMoments.length > 0 ? Math.max(...paidMoments) : settledAt,
  }
}

// What went back, or is on its way, of money that never came into the order's escrow, though its payment brought some that did.
const asideOf = (
  moved: readonly LedgerEntry[],
  currency: Currency,
): { readonly pendingMinor: number; readonly goneMinor: number } => {
  let [pendingMinor, goneMinor] = [0, 0]
  for (const id of new Set(moved.map(({ refundId }) => refundId))) {
    const entries = moved.filter(({ refundId }) => refundId === id)
    const minor = sumOn(entries, currency, (account) => account.startsWith('suspense:'))
    if (sumOn(entries, currency, (account) => account === 'refundInTransit') === 0) goneMinor += minor
    else pendingMinor += minor
  }
  return { pendingMinor, goneMinor }
}

// What a gateway took that never came into the order's escrow, and what another payment brought besides those that paid it.
const besideOrder = (
  booked: readonly LedgerEntry[],
  payingIds: readonly string[],
  payments: readonly Payment[],
): ((entry: LedgerEntry) => boolean) => {
  const paymentIds = new Set([
    ...payments.flatMap((payment) =>
      payment.status === 'integrityHold' && !payingIds.includes(payment.paymentId) ? [payment.paymentId] : [],
    ),
    // A part of a divided checkout is paid by what that brought, and no payment is booked to it.
    ...booked
      .filter(({ kind, paymentId }) => kind === 'captured' && paymentId !== null && !payingIds.includes(paymentId))
      .map(({ paymentId }) => paymentId),
  ])
  return ({ paymentId }) => paymentId !== null && paymentIds.has(paymentId)
}

const statusOf = (facts: {
  readonly paidMinor: number
  readonly refundedMinor: number
  readonly inFull: boolean
  readonly isFree: boolean
  readonly ended: boolean
}): BillStatus => {
  if (facts.paidMinor > 0 && facts.refundedMinor >= facts.paidMinor) return 'refunded'
  if (facts.refundedMinor > 0) return 'partRefunded'
  if (facts.isFree || (facts.inFull && facts.paidMinor > 0)) return 'paid'
  return facts.ended ? 'closed' : 'created'
}

const methodsOf = (paid: readonly LedgerEntry[], payments: readonly Payment[]): readonly (MethodId | 'points')[] => {
  const used = paid.flatMap((entry): readonly (MethodId | 'points')[] => {
    if (entry.kind === 'pointsTendered') return ['points']
    const payment = payments.find((each) => each.paymentId === entry.paymentId)
    return payment === undefined ? [] : [payment.method]
  })
  return [...new Set(used)]
}

const sumOn = (entries: readonly LedgerEntry[], currency: Currency, counts: (account: string) => boolean): number => {
  let sum = 0
  for (const { lines } of entries) {
    for (const line of lines) if (line.currency === currency && counts(line.account)) sum += line.amountMinor
  }
  return sum
}
