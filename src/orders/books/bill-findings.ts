import type { Reconciled } from '../../payments/reconcile-row.js'
import type { BillFinding } from '../../payments/reconciliation.js'
import type { OrderRow } from '../order-row.js'
import type { Lesson } from './learn-from-bill.js'
import { compareBill } from './order-bill.js'

/** Something that was found, before it has an id among what else was. */
export type Found = Omit<BillFinding, 'findingId'>

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
 * What a person has to look at of a row; of a payment whose money both sides have, where it and its order differ, its fee
 * known or not.
 *
 * @param order - of the payment
 */
export const findingsOf = (reconciled: Reconciled, order: OrderRow | undefined): readonly Found[] => {
  switch (reconciled.kind) {
    case 'matched':
    case 'learnFee': {
      const { ours } = reconciled
      if (ours.status !== 'succeeded' || order?.orderId !== ours.orderId) return []
      const { part, countsMinor = ours.amountMinor } = ours
      return differencesOf(reconciled, order, part === undefined ? countsMinor : part.settledMinor)
    }
    case 'missingInBill':
    case 'missingInLedger':
    case 'amountDiff':
    case 'feeDiff':
    case 'statusDiff':
    case 'duplicate':
      return [findingOf(reconciled.kind, reconciled, null)]
    // Its order is another once it is learned.
    case 'learnSucceeded':
    case 'learnNotFound':
    case 'otherDay':
    case 'inTransit':
    case 'noMoney':
      return []
  }
}

/**
 * Where a payment and its order differ.
 *
 * @param settledMinor - what was taken by it, and what of its hold was given up, minor units; null while more may be taken
 */
export const differencesOf = (
  both: Extract<Reconciled, { kind: 'matched' | 'learnFee' | 'learnSucceeded' }>,
  order: OrderRow,
  settledMinor: number | null,
): readonly Found[] => {
  const { ours } = both
  if (ours.kind !== 'payment') return []
  // Once it was priced anew, and paid in parts, no one payment is its price.
  const pays = 'paymentId' in order && order.paymentId === ours.reference && order.extraPaymentIds === undefined
  return compareBill(order, pays ? settledMinor : null).map(({ lineId, billMinor, orderMinor }) =>
    findingOf('orderDiff', both, `${lineId ?? 'order'}: ${billMinor} billed, ${orderMinor} ordered`),
  )
}

/** A finding of a row of either side, or of one of each. */
export const findingOf = (
  kind: Found['kind'],
  { ours, theirs }: Pick<Reconciled, 'ours' | 'theirs'>,
  detail: string | null,
): Found => ({
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
