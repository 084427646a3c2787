import type { Reconciled } from '../../payments/reconcile-row.js'
import type { BillFinding } from '../../payments/reconciliation.js'
import type { OrderRow } from '../order-row.js'
import type { Lesson } from './learn-from-bill.js'
import { compareBill } from './order-bill.js'

/** What is learned of a row, if anything. */
export const lessonOf = (reconciled: Reconciled): Lesson | undefined => {
  switch (reconciled.kind) {
    case 'learnSucceeded':
    case 'learnFee':
    case 'learnNotFound':
      return reconciled
    case 'matched':
    case 'missingInBill':
    case 'missingInLedger':
    case 'amountDiff':
    case 'feeDiff':
    case 'statusDiff':
    case 'duplicate':
    case 'otherDay':
    case 'inTransit':
    case 'noMoney':
      return undefined
  }
}

/**
 * What a person has to look at of a row; of a payment that both sides agree on, where it and its order differ.
 *
 * @param order - of the payment
 */
export const findingsOf = (reconciled: Reconciled, order: OrderRow | undefined): readonly BillFinding[] => {
  switch (reconciled.kind) {
    case 'matched':
      return differencesOf(reconciled, order)
    case 'missingInBill':
    case 'missingInLedger':
    case 'amountDiff':
    case 'feeDiff':
    case 'statusDiff':
    case 'duplicate':
      return [findingOf(reconciled.kind, reconciled, null)]
    case 'learnSucceeded':
    case 'learnFee':
    case 'learnNotFound':
    case 'otherDay':
    case 'inTransit':
    case 'noMoney':
      return []
  }
}

const differencesOf = (
  matched: Extract<Reconciled, { kind: 'matched' }>,
  order: OrderRow | undefined,
): readonly BillFinding[] => {
  const { ours } = matched
  if (ours.kind !== 'payment' || ours.status !== 'succeeded' || order?.orderId !== ours.orderId) return []
  // Once it was priced anew, and paid in parts, no one payment is its price.
  const takenMinor = ours.part === undefined ? ours.amountMinor : ours.part.takenMinor
  const pays = 'paymentId' in order && order.paymentId === ours.reference && order.extraPaymentIds === undefined
  return compareBill(order, pays ? takenMinor : null).map(({ lineId, billMinor, orderMinor }) =>
    findingOf('orderDiff', matched, `${lineId ?? 'order'}: ${billMinor} billed, ${orderMinor} ordered`),
  )
}

/** A finding of a row of either side, or of one of each. */
export const findingOf = (
  kind: BillFinding['kind'],
  { ours, theirs }: Pick<Reconciled, 'ours' | 'theirs'>,
  detail: string | null,
): BillFinding => ({
  kind,
  reference: ours?.reference ?? theirs?.reference ?? '',
  orderId: ours?.orderId ?? null,
  detail,
  ours: ours && {
    kind: ours.kind,
    status: ours.status,
    currency: ours.currency,
    amountMinor: ours.amountMinor,
    feeMinor: ours.feeMinor,
    at: ours.at,
  },
  theirs: theirs && {
    kind: theirs.kind,
    status: theirs.status,
    currency: theirs.currency,
    amountMinor: theirs.amountMinor,
    fee: theirs.fee,
    gatewayRef: theirs.gatewayRef,
    at: theirs.at,
  },
})
