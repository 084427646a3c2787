import { ok, type Result, safeTry } from 'neverthrow'
import { countPurchase, type Purchases, purchases, remainingOf } from '../../cart/purchases.js'
import type { Product } from '../../catalog/product.js'
import { products } from '../../catalog/product.schema.js'
import { askStock, partStock, type StockFacts } from '../../catalog/stock-source.js'
import type { WantedLine } from '../../inventory/allocate-lines.js'
import { reserveStock } from '../../inventory/move-stock.js'
import type { InventoryPorts } from '../../inventory/ports.js'
import type { Reservation } from '../../inventory/reservation.js'
import { stockCounters } from '../../inventory/stock.js'
import { pointsMachine } from '../../membership/points-machine.js'
import type { Payment } from '../../payments/payment.js'
import { couponMachine } from '../../promotions/coupon-machine.js'
import { customerCounterId, leftOf, offerUses } from '../../promotions/limits.js'
import type { Offer, OfferBook } from '../../promotions/offer.js'
import { offerBookId, offerBooks } from '../../promotions/offer.schema.js'
import { book } from '../../shared/books.js'
import { adjust, type Change, expectRow } from '../../shared/commit.js'
import { decideNext } from '../../shared/decider.js'
import type { Instant } from '../../shared/instant.js'
import type { SubjectKey } from '../../shared/personal-data.js'
import { subjectKeys } from '../../shared/personal-data.schema.js'
import { type Asked, counters, row, rows, type Stored } from '../../shared/read-plan.js'
import { useKey } from '../../shared/subject-key.js'
import { hasFirstOrder, isForFirstOrder, mayTakeFirstOrder, takeFirstOrder } from '../money/first-order.js'
import { holdPoints } from '../money/order-points.js'
import { payInFull } from '../money/pay-in-full.js'
import { draftCoupon, draftOrder, type OrderDraft, type OrderMoveError, orderIn } from '../order-draft.js'
import type { OrderRow } from '../order-row.js'
import { freeStockOf, warehousesOf } from '../placing/quoted-gifts.js'
import { partsOf } from '../settlement/divide-order.js'

/** What a closed order would have to take once more, as it was read beside the order. */
export type RetakeRead = StockFacts & {
  readonly offers: Stored<OfferBook> | undefined
  readonly uses: ReadonlyMap<string, number>
  readonly limited: readonly Stored<Product>[]
  readonly bought: Purchases
  readonly buyerKey: Stored<SubjectKey> | undefined
}

/** The same, and where stock may be taken. */
export type Retake = { readonly read: RetakeRead; readonly warehouses: readonly string[] }

/** What was read, with where stock may be taken. */
export const retakeOf = (ports: InventoryPorts, read: RetakeRead): Retake => ({ read, warehouses: warehousesOf(ports) })

/** Asks, beside an order and its reservation, for what it would take once more if late money opened it again. */
export const askRetake = (
  ports: InventoryPorts,
  now: Instant,
): { readonly [Name in keyof RetakeRead]: Asked<RetakeRead[Name]> } => {
  const stock = { family: stockCounters, warehouses: warehousesOf(ports) }
  return {
    ...askStock(stock, { from: 'reservation', path: 'lines.*.sku' }),
    ...askStock(stock, { from: 'reservation', path: 'lines.*.parts.*.sku' }, partStock),
    offers: book(ports.books, offerBooks, offerBookId, now),
    uses: counters(offerUses, { from: 'order', path: 'details.offerUseIds.*' }),
    limited: rows(products, { from: 'order', path: 'details.limitedProductIds.*' }),
    bought: counters(purchases, { from: 'order', path: 'details.purchaseIds.*' }),
    buyerKey: row(subjectKeys, { from: 'order', path: 'accountId' }),
  }
}

/**
 * Opens an order again that was closed for want of payment, and pays it with money that came late: where its terms say
 * so, and stock, coupons, points and uses of offers can all be had as it had them.
 *
 * @returns whether it did; where it did not, nothing has changed and the money is to go back
 * @errors OrderMoveError
 */
export const reinstateOrder = (
  draft: OrderDraft,
  payment: Payment,
  { read, warehouses }: Retake,
): Result<boolean, OrderMoveError> =>
  safeTry(function* () {
    const { at } = draft
    const order = yield* orderIn(draft)
    const { reservation } = draft.read
    if (!isMeantToReturn(order, payment) || read.buyerKey === undefined || reservation === undefined) return ok(false)
    const parts = partsOf(order)
    const { orderId, accountId, details } = order
    const stock = reserveStock(freeStockOf(read, warehouses), {
      orderId,
      accountId,
      lines: wantedAgain(order, reservation.state),
      warehouses,
      until: at,
      at,
      allocate: true,
      again: reservation,
      ...(parts === undefined ? {} : { divideInto: parts }),
    })
    const counted = countAgain(draft, order, read)
    if (stock.isErr() || counted === undefined || !canHaveAgain(draft, order)) return ok(false)
    if (order.pointsSpent > 0) draft.details = { ...details, pointsHoldId: `${orderId}:again` }
    yield* draftOrder(draft, { type: 'Reinstate', holdUntil: at + (details.policy.watch?.holdMs ?? 0), at })
    const open = yield* orderIn(draft)
    for (const couponId of open.couponIds) {
      yield* draftCoupon(draft, couponId, { type: 'LockCoupon', orderId, lockedUntil: at, now: at })
    }
    yield* holdPoints(draft, open)
    draft.further.push(...counted, ...expectsOf(read), useKey(read.buyerKey))
    yield* payInFull(draft, payment.paymentId, { again: stock.value })
    return ok(true)
  })

/** Only what nobody gave up, and by the whole of its price and not another's part of it, of which nothing went back or is disputed. */
const isMeantToReturn = (order: OrderRow, payment: Payment): boolean =>
  order.status === 'closed' &&
  order.payers === undefined &&
  payment.payerAccountId === undefined &&
  order.details.policy.lateSuccess === 'reinstateIfStock' &&
  payment.amountMinor === order.totals.payableMinor &&
  paysMinor(payment) === order.totals.payableMinor &&
  payment.refunds.every(({ status }) => status === 'released') &&
  (payment.disputes ?? []).every(({ status }) => status === 'won')

// What is held pays as well as what was taken, where it can still be taken.
const paysMinor = ({ known, capture, status }: Payment): number =>
  capture === 'manual' && status !== 'captured' && status !== 'capturedAfterClose'
    ? (known.authorised?.minor ?? 0)
    : (known.captured?.minor ?? 0)

// Kits as they were made up when the order was placed.
const wantedAgain = ({ lines }: OrderRow, reservation: Reservation): readonly WantedLine[] =>
  lines.map(({ lineId, sku, quantity }) => {
    const parts = reservation.lines.find((each) => each.lineId === lineId)?.parts
    return parts === undefined ? { lineId, sku, quantity } : { lineId, sku, parts, quantity }
  })

const canHaveAgain = (draft: OrderDraft, { orderId, couponIds, pointsSpent, accountId }: OrderRow): boolean => {
  const { at: now, points } = draft
  const hold = { type: 'HoldPoints', holdId: `${orderId}:again`, points: pointsSpent, now } as const
  return (
    (pointsSpent === 0 || decideNext(pointsMachine, points?.state ?? pointsMachine.initial, hold).isOk()) &&
    couponIds.every((couponId) => {
      const coupon = draft.coupons.get(couponId)?.state
      const lock = { type: 'LockCoupon', orderId, lockedUntil: now, now } as const
      return (
        coupon?.status === 'claimed' && coupon.holderId === accountId && decideNext(couponMachine, coupon, lock).isOk()
      )
    })
  )
}

/** Uses of offers and pieces of limited products counted once more, by the limits of today; undefined where one is reached. */
const countAgain = (draft: OrderDraft, order: OrderRow, read: RetakeRead): readonly Change[] | undefined => {
  const { offerUseIds, limitedProductIds, purchaseIds = [] } = order.details
  const isFirst = hasOfFirstOrder(order, read)
  if ((isFirst && !mayTakeFirstOrder(draft.read, order)) || purchaseIds.length < limitedProductIds.length)
    return undefined
  const changes: Change[] = isFirst && !hasFirstOrder(draft.read, order) ? [takeFirstOrder(order)] : []
  for (const id of new Set(offerUseIds)) {
    const wanted = offerUseIds.filter((each) => each === id).length
    const limit = limitOf(read.offers?.state.offers ?? [], id, order.accountId)
    if (limit !== undefined && leftOf(limit, read.uses.get(id)) < wanted) return undefined
    changes.push(adjust(offerUses, { id, by: -wanted, ...(limit === undefined ? {} : { floor: -limit }) }))
  }
  for (const productId of limitedProductIds) {
    const product = read.limited.find(({ id }) => id === productId)
    const quantity = order.lines.reduce((sum, line) => (isPieceOf(line, productId) ? sum + line.quantity : sum), 0)
    const remaining = remainingOf(product?.state, order.accountId, read.bought)
    if (remaining !== null && remaining < quantity) return undefined
    // A product that is limited no more is counted without an end.
    const limit = product?.state.perPersonLimit ?? -purchases.minimum
    if (quantity > 0) changes.push(countPurchase({ productId, ownerId: order.accountId, quantity, limit }))
  }
  return changes
}

const isPieceOf = (line: OrderRow['lines'][number], productId: string): boolean =>
  !line.gift && line.productId === productId

const limitOf = (offers: readonly Offer[], id: string, accountId: string): number | undefined => {
  const own = offers.find(({ offerId }) => customerCounterId(offerId, accountId) === id)
  return own === undefined ? offers.find(({ offerId }) => offerId === id)?.limits?.uses : own.limits?.usesPerCustomer
}

// What only a first order is offered, a second one is not: another may have been paid meanwhile. Of an offer that is gone
// nobody knows whom it was for.
const hasOfFirstOrder = ({ details }: OrderRow, { offers }: RetakeRead): boolean =>
  details.price.applied.some(({ offerId }) => {
    const offer = offers?.state.offers.find((each) => each.offerId === offerId)
    return offer === undefined || isForFirstOrder(offer)
  })

const expectsOf = ({ offers, limited }: RetakeRead): readonly Change[] => [
  ...(offers === undefined ? [] : [expectRow(offerBooks, offers)]),
  ...limited.map((product) => expectRow(products, product)),
]
