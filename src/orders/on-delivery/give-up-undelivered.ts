import { ok, type Result, safeTry } from 'neverthrow'
import { spreadAmount } from '../money/given-amounts.js'
import { payingsOf, spreadOver, uncollectedOf } from '../money/order-money.js'
import { refundsIn } from '../money/refund-outcome.js'
import { newRefundOf, type RefundAsked } from '../money/refund-shares.js'
import { type OrderDraft, type OrderMoveError, orderIn } from '../order-draft.js'
import { dueOnDelivery } from '../order-dues.js'
import { undecidedQuantity } from '../order-losses.js'
import { quantityOf, refundableShippingMinor, unshippedQuantity } from '../order-pieces.js'
import type { Parcel } from '../parcels/parcel.js'
import { beginRefund } from '../refunds/refund-order.js'
import { endUndelivered } from './end-undelivered.js'

type Move = Result<void, OrderMoveError>

/**
 * Gives up what a parcel was to bring that was lost or came back: its pieces cost nothing, nor does carriage that no
 * parcel is left to bring. By that no discount and no gift is lost. An order of which nothing arrived is at its end.
 *
 * @param stillOut - the other parcels of the order that may still bring money
 * @errors OrderMoveError
 */
export const giveUpUndelivered = (
  draft: OrderDraft,
  parcel: Parcel,
  { refundId, reason, stillOut }: Pick<RefundAsked, 'refundId' | 'reason'> & { readonly stillOut: readonly Parcel[] },
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
    const isLast = order.lines.every((line) => unshippedQuantity(line) === 0)
    const spread = spreadOver(order, payingsOf(draft, order), refundsIn(draft), {
      amountMinor: cashMinor,
      given: false,
    })
    const spareMinor = dueOnDelivery(order) - uncollectedOf(spread) - order.onDelivery.outMinor
    const shippingMinor = isLast ? Math.max(0, Math.min(spareMinor, refundableShippingMinor(order))) : 0
    if (lines.length > 0 || shippingMinor > 0) yield* beginRefund(draft, { ...asked, shippingMinor })
    yield* letGoUnbrought(draft, { refundId: `${refundId}_spare`, asksMinor: sumAsked(stillOut) })
    return endUndelivered(draft, 'staff')
  })

/** What parcels ask of their receivers by what they left with, minor units. */
export const sumAsked = (parcels: readonly Parcel[]): number =>
  parcels.reduce((sum, { collectMinor = 0 }) => sum + collectMinor, 0)

/**
 * Lets go what is due on delivery that nothing is left to bring: once everything has left, what the parcels that are out do not
 * ask for. What a parcel asks is printed as it leaves, and what is given or given up since may have been counted to another.
 *
 * @param asksMinor - what the parcels that are out may still bring, minor units
 * @errors OrderMoveError
 */
export const letGoUnbrought = (
  draft: OrderDraft,
  { refundId, asksMinor }: { readonly refundId: string; readonly asksMinor: number },
): Move =>
  safeTry(function* () {
    const order = yield* orderIn(draft)
    if (order.lines.some((line) => unshippedQuantity(line) > 0)) return ok(undefined)
    const amountMinor = dueOnDelivery(order) - asksMinor
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
