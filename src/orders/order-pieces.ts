import { err, ok, type Result } from 'neverthrow'
import type { LineQuantity } from '../inventory/reservation.js'
import type { Instant } from '../shared/instant.js'
import type { EditFacts, Order, OrderFacts, OrderLine, OrderRefund, PaidFacts } from './order.js'
import type { OrderCommand, PlacedLine } from './order-command.js'
import type { OrderError } from './order-error.js'
import type { SoldPieces } from './order-event.js'

/** Pieces of a line that have not left yet. */
export const unshippedQuantity = (line: OrderLine): number =>
  line.quantity - line.shippedQuantity - (line.cancelledQuantity ?? 0)

/** Pieces of a line that are on their way. */
export const travellingQuantity = (line: OrderLine): number =>
  line.shippedQuantity - line.signedQuantity - line.lostQuantity

/** Pieces of a line whose money was not given back yet. */
export const refundableQuantity = (line: OrderLine): number => line.quantity - line.refundedQuantity

/**
 * Pieces of a line that have left and may be given back as returned or lost: not those that were before. What has not left
 * is taken out by an edit, which frees it; money for it alone would leave it to be shipped.
 */
export const returnableQuantity = (order: GivenBack, line: OrderLine): number =>
  Math.max(0, Math.min(refundableQuantity(line), line.shippedQuantity - backQuantity(order, line)))

/** What of an order tells which of its pieces went back. */
export type GivenBack = { readonly refunds: readonly Pick<OrderRefund, 'reason' | 'lines'>[] }

/** Pieces of a line that were given back as returned or lost. */
export const backQuantity = ({ refunds }: GivenBack, { lineId }: OrderLine): number =>
  refunds.reduce(
    (sum, { reason, lines }) => (reason === 'returned' || reason === 'lost' ? sum + quantityOf(lines, lineId) : sum),
    0,
  )

/** Pieces of a line that open returns ask back. */
export const askedBackQuantity = ({ askedBack = [] }: Pick<OrderFacts, 'askedBack'>, lineId: string): number =>
  quantityOf(askedBack, lineId)

/** The refunds that what an order is now counts: not those of before it was priced anew. */
export const liveRefunds = ({ refunds }: Pick<OrderFacts, 'refunds'>): readonly OrderRefund[] =>
  refunds.filter(({ folded }) => folded !== true)

/** Money of an order that was not given back yet, minor units. */
export const refundableCashMinor = (order: Pick<OrderFacts, 'totals' | 'refunds'>): number =>
  order.totals.payableMinor - liveRefunds(order).reduce((sum, refund) => sum + refund.cashMinor, 0)

/** Carriage of an order that was not given back yet, minor units. */
export const refundableShippingMinor = (order: Pick<OrderFacts, 'totals' | 'refunds'>): number =>
  order.totals.shippingPaidMinor - liveRefunds(order).reduce((sum, refund) => sum + refund.shippingMinor, 0)

/** Pieces that edits took out of an order. */
export const cancelledPieces = ({ lines }: Pick<OrderFacts, 'lines'>): readonly LineQuantity[] =>
  lines.flatMap(({ lineId, cancelledQuantity = 0 }) =>
    cancelledQuantity === 0 ? [] : [{ lineId, quantity: cancelledQuantity }],
  )

/** Points spent on an order that were not given back yet. */
export const spentPointsLeft = (order: Pick<OrderFacts, 'pointsSpent' | 'refunds'>): number =>
  liveRefunds(order).reduce((left, { points }) => left - points, order.pointsSpent)

/** Whether an order has one price that it can be held against: nothing went back but for pieces taken out. */
export const hasOnePrice = (order: Pick<OrderFacts, 'refunds'>): boolean =>
  liveRefunds(order).every(
    ({ reason, shortfall, heldForGiftsMinor }) =>
      reason === 'edited' && shortfall === undefined && heldForGiftsMinor === undefined,
  )

/**
 * What pieces of lines come to by product, as they count as sold; gifts are not sold.
 *
 * @param sign - -1 where they count no more
 */
export const soldPieces = (
  lines: readonly Pick<OrderLine, 'lineId' | 'productId' | 'gift'>[],
  pieces: readonly LineQuantity[],
  sign: 1 | -1,
): readonly SoldPieces[] => {
  const sums = new Map<string, number>()
  for (const { lineId, quantity } of pieces) {
    const line = lines.find((each) => each.lineId === lineId)
    if (line === undefined || line.gift) continue
    sums.set(line.productId, (sums.get(line.productId) ?? 0) + sign * quantity)
  }
  return [...sums].map(([productId, quantity]) => ({ productId, quantity }))
}

/** The pieces of an order that are wanted still. */
export const wantedPieces = ({ lines }: Pick<Order, 'lines'>): readonly LineQuantity[] =>
  lines.map(({ lineId, quantity, cancelledQuantity = 0 }) => ({ lineId, quantity: quantity - cancelledQuantity }))

/** Pieces of all lines together. */
export const sumQuantity = (lines: readonly LineQuantity[]): number =>
  lines.reduce((sum, line) => sum + line.quantity, 0)

/** Pieces of one line, however often it is named. */
export const quantityOf = (pieces: readonly LineQuantity[], lineId: string): number =>
  pieces.reduce((sum, each) => (each.lineId === lineId ? sum + each.quantity : sum), 0)

/**
 * Pieces that are taken of what the lines of an order have left. Quantities of one line named twice are one quantity, so
 * that no line gives more than it has.
 *
 * @errors OrderLineUnknown, QuantityExceedsOrder, NothingToDo
 */
export const takeFrom = (
  order: Order,
  command: OrderCommand['type'],
  wanted: readonly LineQuantity[],
  leftOf: (line: OrderLine) => number,
): Result<readonly LineQuantity[], OrderError> => {
  const sums = new Map<string, number>()
  for (const { lineId, quantity } of wanted) sums.set(lineId, (sums.get(lineId) ?? 0) + quantity)
  for (const [lineId, asked] of sums) {
    const line = order.lines.find((each) => each.lineId === lineId)
    if (line === undefined) return err({ type: 'OrderLineUnknown', lineId })
    const leftQuantity = leftOf(line)
    if (asked < 1 || asked > leftQuantity) {
      return err({ type: 'QuantityExceedsOrder', lineId, asked, left: leftQuantity })
    }
  }
  if (sums.size === 0) return err({ type: 'NothingToDo', command })
  return ok([...sums].map(([lineId, quantity]) => ({ lineId, quantity })))
}

/** Counts pieces into the lines of an order. */
export const addTo = (
  lines: readonly OrderLine[],
  field: 'shippedQuantity' | 'signedQuantity' | 'lostQuantity' | 'refundedQuantity' | 'cancelledQuantity',
  moved: readonly LineQuantity[],
): readonly OrderLine[] =>
  lines.map((line) => {
    const quantity = quantityOf(moved, line.lineId)
    return quantity === 0 ? line : { ...line, [field]: (line[field] ?? 0) + quantity }
  })

/** That an order is held, for as long as something of it may still leave. */
export const holdOf = ({ hold }: Order): Pick<OrderFacts, 'hold'> => (hold === undefined ? {} : { hold })

/** The same once it is paid: from then on it is held as long as it was to be, for nobody had to look at it before. */
export const heldOncePaid = (order: Order, at: Instant): Pick<OrderFacts, 'hold'> => {
  const { hold } = order
  if (hold === undefined) return {}
  return { hold: { ...hold, until: Math.max(hold.until, at + hold.until - hold.since) } }
}

/** What every order has, without what only its status says, and without that it is held. */
export const factsOf = (order: Order): OrderFacts => ({
  orderId: order.orderId,
  orderNumber: order.orderNumber,
  accountId: order.accountId,
  merchantId: order.merchantId,
  currency: order.currency,
  placedAt: order.placedAt,
  lines: order.lines,
  totals: order.totals,
  tenders: order.tenders,
  couponIds: order.couponIds,
  pointsSpent: order.pointsSpent,
  pointsEarned: order.pointsEarned,
  paymentIds: order.paymentIds,
  failedAttempts: order.failedAttempts,
  refunds: order.refunds,
  parcelIds: order.parcelIds,
  openReturnIds: order.openReturnIds,
  ...(order.askedBack === undefined ? {} : { askedBack: order.askedBack }),
  ...(order.openDisputeIds === undefined ? {} : { openDisputeIds: order.openDisputeIds }),
  policyVersion: order.policyVersion,
  ...(order.payers === undefined ? {} : { payers: order.payers }),
  ...(order.makeGoodBy === undefined ? {} : { makeGoodBy: order.makeGoodBy }),
})

/** What every paid order has. */
export const paidFactsOf = (order: Extract<Order, { paidAt: number }>): PaidFacts => ({
  paidAt: order.paidAt,
  paymentId: order.paymentId,
  ...(order.extraPaymentIds === undefined ? {} : { extraPaymentIds: order.extraPaymentIds }),
  ...(order.onDelivery === undefined ? {} : { onDelivery: order.onDelivery }),
})

/** The dearer change that an order waits for, and until when. */
export const editOf = (order: Order): EditFacts =>
  'edit' in order && order.edit !== undefined && order.closeAt !== undefined
    ? { edit: order.edit, closeAt: order.closeAt }
    : {}

/** Until when the dearer change that an order waits for is to be paid, whatever puts its end off. */
export const payEditBy = (order: Order): Instant | undefined => {
  const { edit, closeAt } = editOf(order)
  return edit?.payBy ?? closeAt
}

/** Whether its payees are to wait for their money: it may yet have to go back. */
export const isHeldBack = ({ openReturnIds, openDisputeIds = [] }: Order): boolean =>
  openReturnIds.length > 0 || openDisputeIds.length > 0

/** A line of which nothing has happened yet. */
export const untouchedLine = (line: PlacedLine): OrderLine => ({
  ...line,
  shippedQuantity: 0,
  signedQuantity: 0,
  lostQuantity: 0,
  refundedQuantity: 0,
})

/** The payments that an order is paid by, that of its placing first; money of any other is not the order's. */
export const payingIdsOf = (order: Order): readonly string[] =>
  'paidAt' in order ? [order.paymentId, ...(order.extraPaymentIds ?? [])].filter((paymentId) => paymentId !== null) : []

/** Whether an order that one attempt has paid is as that left it: nothing has left, been changed, gone back or been asked back. */
export const isUntouched = (order: Order): order is Extract<Order, { status: 'paid' }> =>
  order.status === 'paid' &&
  order.extraPaymentIds === undefined &&
  order.onDelivery === undefined &&
  order.edit === undefined &&
  order.payers === undefined &&
  [order.parcelIds, order.refunds, order.openReturnIds].every(({ length }) => length === 0)

/** Whether money that comes now pays the order; that of one which somebody has given up goes back. */
export const isPayable = (order: Order): boolean =>
  order.status === 'awaitingPayment' || (order.status === 'closing' && order.purpose.kind !== 'cancel')
