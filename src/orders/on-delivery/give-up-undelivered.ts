import { ok, type Result, safeTry } from 'neverthrow'
import { spreadAmount } from '../money/given-amounts.js'
import { paidInMinor, payingsOf } from '../money/order-money.js'
import { refundsIn } from '../money/refund-outcome.js'
import { newRefundOf, type RefundAsked } from '../money/refund-shares.js'
import { type OrderDraft, type OrderMoveError, orderIn } from '../order-draft.js'
import { awaitedOnDelivery, outOnDelivery, unaskedDues } from '../order-dues.js'
import { undecidedQuantity } from '../order-losses.js'
import {
  quantityOf,
  refundableCashMinor,
  refundableShippingMinor,
  travellingQuantity,
  unshippedQuantity,
} from '../order-pieces.js'
import type { OrderRow } from '../order-row.js'
import type { Parcel } from '../parcels/parcel.js'
import { beginRefund } from '../refunds/begin-refund.js'
import { endUndelivered } from './end-undelivered.js'

type Move = Result<void, OrderMoveError>

/**
 * Gives up what a parcel was to bring that was lost or came back: its pieces cost nothing, nor does carriage that no
 * parcel is left to bring. By that no discount and no gift is lost. An order of which nothing arrived is at its end.
 *
 * @errors OrderMoveError
 */
export const giveUpUndelivered = (
  draft: OrderDraft,
  parcel: Parcel,
  { refundId, reason }: Pick<RefundAsked, 'refundId' | 'reason'>,
): Move =>
  safeTry(function* () {
    const order = yield* orderIn(draft)
    if (!('paidAt' in order) || order.onDelivery === undefined || parcel.collectedAt !== undefined) return ok(undefined)
    const lines = order.lines.flatMap((line) => {
      const sent = quantityOf(parcel.lines, line.lineId)
      // What was refunded as lost before it was noted so is made good already.
      const quantity = Math.min(sent, undecidedQuantity(line))
      return quantity === 0 ? [] : [{ lineId: line.lineId, quantity }]
    })
    const asked = { refundId, reason, lines, withShipping: false, sellerAtFault: true }
    const { cashMinor } = yield* newRefundOf({ order, books: draft.read.books }, asked)
    const shippingMinor = unbroughtCarriage(draft, order, cashMinor)
    if (lines.length > 0 || shippingMinor > 0) yield* beginRefund(draft, { ...asked, shippingMinor })
    yield* letGoUnbrought(draft, `${refundId}_spare`)
    return endUndelivered(draft, 'staff')
  })

// Once everything has left: all of it where nothing arrives, else what neither came nor is out for it.
const unbroughtCarriage = (draft: OrderDraft, order: OrderRow, goodsMinor: number): number => {
  if (order.lines.some((line) => unshippedQuantity(line) > 0)) return 0
  const carriageMinor = refundableShippingMinor(order)
  if (order.lines.every((line) => line.signedQuantity === 0 && travellingQuantity(line) === 0)) return carriageMinor
  const outMinor = outOnDelivery(order) - awaitedOnDelivery(order)
  const hereMinor = paidInMinor(payingsOf(draft, order), refundsIn(draft)) + outMinor
  return Math.max(0, Math.min(carriageMinor, refundableCashMinor(order) - goodsMinor - hereMinor))
}

/**
 * Lets go what is due on delivery that nothing is left to bring: once everything has left, what the parcels that are out do not
 * ask for. What a parcel asks is printed as it leaves, and what is given or given up since may have been counted to another.
 *
 * @errors OrderMoveError
 */
export const letGoUnbrought = (draft: OrderDraft, refundId: string): Move =>
  safeTry(function* () {
    const order = yield* orderIn(draft)
    if (order.lines.some((line) => unshippedQuantity(line) > 0)) return ok(undefined)
    const amountMinor = unaskedDues(order)
    if (amountMinor <= 0) return ok(undefined)
    const [first] = order.lines.filter((line) => !line.gift)
    const parts = spreadAmount(order, { amountMinor, ofShipping: false }).unwrapOr({
      amounts: first === undefined ? [] : [{ lineId: first.lineId, amountMinor }],
      shippingMinor: 0,
    })
    const asked = { refundId, reason: 'priceAdjusted', lines: [], withShipping: false, sellerAtFault: true } as const
    yield* beginRefund(draft, { ...asked, ...parts })
    return ok(undefined)
  })
