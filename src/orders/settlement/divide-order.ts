import { ok, type Result, safeTry } from 'neverthrow'
import type { ReservationPart } from '../../inventory/move-stock.js'
import type { Dispute } from '../../payments/dispute.js'
import { writeDivided } from '../../payments/move-payment.js'
import { promiseOnDelivery } from '../../payments/offline.js'
import type { Payment } from '../../payments/payment.js'
import { postEscrowMoved, postPointsTender, postSubsidy } from '../../payments/posting.js'
import { dividePrice } from '../../pricing/divide-price.js'
import type { PricedCart } from '../../pricing/priced-cart.js'
import { customerCounterId } from '../../promotions/limits.js'
import { adjust, put } from '../../shared/commit.js'
import { decideNext } from '../../shared/decider.js'
import type { Instant } from '../../shared/instant.js'
import type { Stored } from '../../shared/read-plan.js'
import { promiseEarnedPoints } from '../money/order-points.js'
import { endPromise, isOnDelivery } from '../money/promised-money.js'
import { giftLineId } from '../money/refund-shares.js'
import { openOnDelivery } from '../on-delivery/on-delivery-terms.js'
import { orders } from '../order.collection.schema.js'
import type { OrderCommand } from '../order-command.js'
import { draftEntries, draftNewPayment, draftPayment, type OrderDraft, type OrderMoveError } from '../order-draft.js'
import { orderRow } from '../order-end.js'
import type { OrderEvent } from '../order-event.js'
import { appendHistory } from '../order-history.schema.js'
import { type OrderState, orderMachine } from '../order-machine.js'
import { heldOncePaid } from '../order-pieces.js'
import type { MerchantOrder, OrderRow, OrderVersion } from '../order-row.js'
import { tendersOf, totalsOf } from '../order-totals.js'
import { unitsOf } from '../order-units.js'

/** The lines that go to each of the orders that an order is divided into; undefined where it stays one. */
export const partsOf = (order: OrderRow): readonly ReservationPart[] | undefined =>
  apartIn(order)?.map(({ orderId, merchantId }) => ({
    orderId,
    lineIds: order.lines.filter((line) => line.merchantId === merchantId).map(({ lineId }) => lineId),
  }))

// No order goes without lines, so no merchant gets one of whom nothing is in the checkout.
const apartIn = ({ details, lines }: OrderRow): readonly MerchantOrder[] | undefined =>
  details.apart?.filter(({ merchantId }) => lines.some((line) => line.merchantId === merchantId))

/**
 * Gives each merchant of a checkout that is paid an order of its own, within the decision that takes the money: lines,
 * discounts, points, tax and carriage divided to the unit, and with them what its escrow holds. What is paid on delivery
 * each collects for itself.
 *
 * @param order - as it stood before it was paid
 * @errors OrderMoveError
 */
export const divideOrder = (
  draft: OrderDraft,
  order: OrderRow,
  paymentId: string | null,
): Result<void, OrderMoveError> =>
  safeTry(function* () {
    const { at } = draft
    const promise = promiseBy(draft, paymentId)
    // What is disputed of other attempts is not their money.
    const disputes = draft.read.disputes.filter((stored) => stored.state.paymentId === paymentId)
    for (const { facts, details } of merchantOrders(order, at)) {
      const { orderId, accountId, merchantId, currency, totals } = facts
      const own = promise === undefined ? { paymentId } : yield* promiseOwn(draft, promise, facts)
      const begin: OrderCommand = { type: 'SplitOff', facts, checkoutId: order.orderId, ...own, at }
      const begun = yield* decideNext(orderMachine, orderMachine.initial, begin)
      const { state, events } = yield* disputed(begun, order, disputes, at)
      if (state.status === 'absent') continue
      const part = orderRow(state, details)
      draft.further.push(
        put(orders, { id: orderId, version: 0, state: part, events }),
        ...appendHistory(state, 0, events),
      )
      const about = { orderId, accountId, merchantId }
      const moved = { checkoutId: order.orderId, currency, amountMinor: totals.payableMinor, at }
      draftEntries(draft, [
        ...(promise === undefined
          ? postEscrowMoved({ ...moved, about: paymentId === null ? about : { ...about, paymentId } })
          : []),
        ...postPointsTender({ reference: orderId, about, currency, amountMinor: totals.pointsMinor, at }),
        ...postSubsidy({ reference: orderId, about, currency, amountMinor: totals.subsidyMinor, at }),
      ])
      yield* promiseEarnedPoints(draft, part)
    }
    divideDisputes(draft, order, disputes)
    return promise === undefined ? ok(undefined) : endPromise(draft, promise, 'replacedByAnother')
  })

type Split = { readonly state: OrderState; readonly events: readonly OrderEvent[] }

// What is disputed by then is disputed of each.
const disputed = (
  begun: Split,
  { openDisputeIds = [] }: OrderRow,
  disputes: readonly Stored<Dispute>[],
  at: Instant,
): Result<Split, OrderMoveError> =>
  safeTry(function* () {
    let { state, events } = begun
    for (const { id: disputeId } of disputes) {
      if (!openDisputeIds.includes(disputeId)) continue
      const noted = yield* decideNext(orderMachine, state, { type: 'RecordDispute', disputeId, open: true, at })
      state = noted.state
      events = [...events, ...noted.events]
    }
    return ok({ state, events })
  })

// Its merchants read what is disputed from now on, each their part.
const divideDisputes = (draft: OrderDraft, order: OrderRow, disputes: readonly Stored<Dispute>[]): void => {
  const parts = merchantOrders(order, draft.at).flatMap(({ facts: { merchantId, orderId, totals } }) =>
    merchantId === null ? [] : [{ merchantId, orderId, paidMinor: totals.payableMinor }],
  )
  draft.further.push(...disputes.flatMap((stored) => writeDivided(stored, parts)))
}

const promiseBy = (draft: OrderDraft, paymentId: string | null): Payment | undefined => {
  const payment = paymentId === null ? undefined : draft.payments.get(paymentId)?.state
  return payment !== undefined && isOnDelivery(payment) ? payment : undefined
}

/** The part of a promise that one of the orders collects; none where points pay all of it. */
const promiseOwn = (
  draft: OrderDraft,
  { paymentId: whole, gatewayId, merchantAccount, method, expiresAt, currency }: Payment,
  { orderId, accountId, merchantId, totals }: Begun['facts'],
): Result<{ readonly paymentId: string | null; readonly onDelivery?: true }, OrderMoveError> =>
  safeTry(function* () {
    const { at } = draft
    const amountMinor = totals.payableMinor
    if (amountMinor === 0) return ok({ paymentId: null })
    const paymentId = `${whole}.${orderId}`
    const start = {
      paymentId,
      orderId,
      accountId,
      merchantId,
      gatewayId,
      merchantAccount,
      method,
      amountMinor,
      currency,
    }
    yield* draftNewPayment(draft, { ...start, attempt: 1, capture: 'manual', expiresAt, queryable: false, at })
    yield* draftPayment(draft, paymentId, [
      { type: 'RecordCreated', gatewayRef: null, nextKind: 'payOnDelivery', at },
      { type: 'RecordSnapshot', snapshot: promiseOnDelivery({ ...start }, at) },
    ])
    draft.further.push(adjust(openOnDelivery, { id: accountId, by: -1 }))
    return ok({ paymentId, onDelivery: true })
  })

type Begun = Pick<OrderRow, 'details'> & { readonly facts: Extract<OrderCommand, { type: 'SplitOff' }>['facts'] }

const merchantOrders = (order: OrderRow, at: Instant): readonly Begun[] => {
  const apart = apartIn(order) ?? []
  const { giftMerchants } = giftsIn(order.lines, order.details.price)
  const merchantIds = apart.map(({ merchantId }) => merchantId)
  const prices = dividePrice(order.details.price, merchantIds, giftMerchants)
  return apart.flatMap((merchant, place) => {
    const price = prices[place]
    return price === undefined ? [] : [merchantOrder(order, { merchant, price, at })]
  })
}

const merchantOrder = (
  order: OrderRow,
  { merchant, price, at }: { readonly merchant: MerchantOrder; readonly price: PricedCart; readonly at: Instant },
): Begun => {
  const { apart: _, ...details } = order.details
  const apart = apartIn(order) ?? []
  const { merchantId, orderId, orderNumber, standsAlone } = merchant
  const { giftMerchants, lineIds } = giftsIn(order.lines, order.details.price)
  const lines = order.lines.filter((line) => line.merchantId === merchantId)
  const isOurs = ({ lineId }: { readonly lineId: string }) => lines.some((line) => line.lineId === lineId)
  const totals = totalsOf(price)
  return {
    facts: {
      orderId,
      orderNumber,
      accountId: order.accountId,
      merchantId,
      currency: order.currency,
      placedAt: order.placedAt,
      lines: lines.map(
        ({ shippedQuantity: _, signedQuantity: __, lostQuantity: ___, refundedQuantity: ____, ...placed }) => placed,
      ),
      totals,
      tenders: tendersOf(orderId, order.currency, totals),
      couponIds: price.couponsUsed,
      pointsSpent: price.pointsSpent,
      pointsEarned: price.pointsEarned,
      policyVersion: order.policyVersion,
      ...heldOncePaid(order, at),
    },
    details: {
      ...details,
      items: details.items.filter(isOurs),
      ...(details.earlier === undefined
        ? {}
        : { earlier: details.earlier.map((version) => versionOf(order, version, merchantId)) }),
      price,
      // Its points are those that the checkout set aside.
      pointsHoldId: details.pointsHoldId ?? order.orderId,
      offerUseIds: usesOfCoupons(order, price),
      partOf: {
        checkoutId: order.orderId,
        orderIds: apart.map((each) => each.orderId),
        merchantIds: apart.map((each) => each.merchantId),
        giftMerchants,
        giftLineIds: lineIds.filter((_, place) => giftMerchants[place] === merchantId),
        offerUseIds: without(details.offerUseIds, usesOfCoupons(order, details.price)),
        couponsOfOrder: unitsOf(details).couponsOfOrder,
        standsAlone,
      },
    },
  }
}

// Of the uses that a checkout counted, those of the coupons of a price; an offer is had by coupons or without.
const usesOfCoupons = ({ accountId, details }: OrderRow, { applied }: Pick<PricedCart, 'applied'>): readonly string[] =>
  applied.flatMap(({ offerId, couponId }) =>
    couponId === null
      ? []
      : [offerId, customerCounterId(offerId, accountId)].filter((id) => details.offerUseIds.includes(id)),
  )

const without = (ids: readonly string[], others: readonly string[]): readonly string[] =>
  ids.filter((id) => !others.includes(id))

// Of what a change was of before, only what became of a line of another merchant is known not to be theirs.
const versionOf = (order: OrderRow, version: OrderVersion, merchantId: string): OrderVersion => ({
  ...version,
  lines: version.lines.filter(({ lineId }) =>
    order.lines.every((line) => line.lineId !== lineId || line.merchantId === merchantId),
  ),
})

/** Whose gift each is, and which line it has, by place in the price; one that had run out, or was taken out, is nobody's. */
export const giftsIn = (
  lines: readonly Pick<OrderRow['lines'][number], 'lineId' | 'merchantId'>[],
  price: Pick<PricedCart, 'gifts'>,
): { readonly giftMerchants: readonly (string | null)[]; readonly lineIds: readonly string[] } => {
  const lineIds = price.gifts.map((_, place) => giftLineId(place))
  return {
    lineIds,
    giftMerchants: lineIds.map((lineId) => lines.find((line) => line.lineId === lineId)?.merchantId ?? null),
  }
}
