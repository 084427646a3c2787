import { ok, type Result, safeTry } from 'neverthrow'
import type { Payment } from '../../payments/payment.js'
import { isTakenWhole, refundableMinor, undecidedMinor } from '../../payments/payment-machine.js'
import { restOfPart } from '../money/order-payers.js'
import { payInFull } from '../money/pay-in-full.js'
import type { OrderPayer } from '../order.js'
import { draftOrder, draftPayment, type OrderDraft, type OrderMoveError, orderIn } from '../order-draft.js'
import { isPayable } from '../order-pieces.js'
import type { OrderRow } from '../order-row.js'
import { giveBackPayment } from '../refunds/give-back-payment.js'

type Move = Result<void, OrderMoveError>

/**
 * Lets follow what became known of an attempt to pay a part of an order: a part that is paid is noted, with the last of
 * them the order is paid; what comes twice, too late or in another amount goes back.
 *
 * @param saysWhole - whether the word that fits, that all was taken, was heard now
 * @errors OrderMoveError
 */
export const followShare = (
  draft: OrderDraft,
  { before, after, saysWhole }: { readonly before: Payment; readonly after: Payment; readonly saysWhole: boolean },
  payer: OrderPayer,
): Move =>
  safeTry(function* () {
    const { paymentId } = after
    const more = (after.known.captured?.minor ?? 0) > (before.known.captured?.minor ?? 0)
    if (payer.paidBy === paymentId) return saysWhole ? payRest(draft, after) : ok(undefined)
    if (!isTakenWhole(after) || !more) return ok(undefined)
    const order = yield* orderIn(draft)
    if (!isPayable(order)) return giveBackPayment(draft, after, 'paidAt' in order ? 'duplicatePayment' : 'lateSuccess')
    const isPart = after.amountMinor === payer.amountMinor && after.known.captured?.minor === payer.amountMinor
    if (payer.paidBy !== null || !isPart) return giveBackPayment(draft, after, 'duplicatePayment')
    return payPart(draft, payer.payerId, paymentId)
  })

// A part of it was accepted, and now its gateway says that all of it came: what is still due of it is there. Where somebody
// has paid that, or the order has ended, it waits for a person as all does that is beyond what was accepted.
const payRest = (draft: OrderDraft, payment: Payment): Move =>
  safeTry(function* () {
    const { at } = draft
    const { paymentId, currency } = payment
    const order = yield* orderIn(draft)
    const rest = restOfPart(order, paymentId)
    if (rest === undefined || !isPayable(order)) return ok(undefined)
    const { payerId, amountMinor } = rest
    if (undecidedMinor(payment, currency) < amountMinor) return ok(undefined)
    yield* draftPayment(draft, paymentId, [{ type: 'AcceptHeld', amountMinor, final: true, at }])
    return payPart(draft, payerId, paymentId)
  })

/**
 * Notes that a part of an order is paid, and pays the order once every part is.
 *
 * @errors OrderMoveError
 */
export const payPart = (draft: OrderDraft, payerId: string, paymentId: string): Move =>
  safeTry(function* () {
    yield* draftOrder(draft, { type: 'PayShare', payerId, paymentId, at: draft.at })
    yield* awaitOthers(draft, paymentId)
    return payOnceAllAre(draft)
  })

/**
 * Notes of what another than the buyer has paid that it waits for the others: it may still have to go back.
 *
 * @errors OrderMoveError
 */
export const awaitOthers = (draft: OrderDraft, paymentId: string): Move => {
  const payerAccountId = draft.payments.get(paymentId)?.state.payerAccountId ?? null
  return payerAccountId === null
    ? ok(undefined)
    : draftPayment(draft, paymentId, [{ type: 'RecordWaiting', waits: true }])
}

const awaitNoMore = (draft: OrderDraft, { payers = [] }: OrderRow): Move =>
  safeTry(function* () {
    for (const { paidBy } of payers) {
      if (paidBy === null || draft.payments.get(paidBy)?.state.waitsForOthers !== true) continue
      yield* draftPayment(draft, paidBy, [{ type: 'RecordWaiting', waits: false }])
    }
    return ok(undefined)
  })

/**
 * Pays an order that several pay, once every part is there; nothing happens to any other.
 *
 * @errors OrderMoveError
 */
export const payOnceAllAre = (draft: OrderDraft): Move =>
  safeTry(function* () {
    const order = yield* orderIn(draft)
    const { payers = [] } = order
    if (!isPayable(order)) return ok(undefined)
    const [first, ...others] = payers.map(({ paidBy }) => paidBy)
    if (first === undefined || first === null || others.includes(null)) return ok(undefined)
    // A part that a dispute holds, or has taken, is not there: with it missing nobody pays for nothing.
    if (!payers.every((each) => isThere(draft, each))) return ok(undefined)
    yield* awaitNoMore(draft, order)
    return payInFull(draft, first, { otherPaymentIds: others.filter((each) => each !== null) })
  })

const isThere = (draft: OrderDraft, { paidBy, amountMinor }: OrderPayer): boolean => {
  const payment = paidBy === null ? undefined : draft.payments.get(paidBy)?.state
  return payment !== undefined && refundableMinor(payment) >= amountMinor
}

/**
 * Sends the parts back that were paid of an order that ended before all were.
 *
 * @param order - as it stood before it ended
 * @errors OrderMoveError
 */
export const returnShares = (draft: OrderDraft, order: OrderRow): Move =>
  safeTry(function* () {
    yield* awaitNoMore(draft, order)
    const { payers = [] } = order
    for (const { paidBy } of payers) {
      const payment = paidBy === null ? undefined : draft.payments.get(paidBy)?.state
      if (payment !== undefined) yield* giveBackPayment(draft, payment, 'orderCancelled')
    }
    return ok(undefined)
  })
