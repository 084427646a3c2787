import { err, ok, type Result } from 'neverthrow'
import { reservations } from '../inventory/inventory.schema.js'
import type { Reservation, ReservationError } from '../inventory/reservation.js'
import { pointsAccounts } from '../membership/points-account.collection.schema.js'
import type { PointsAccount, PointsCommand, PointsError, PointsEvent } from '../membership/points-account.js'
import { appendPoints } from '../membership/points-entry.schema.js'
import { type PointsState, pointsMachine } from '../membership/points-machine.js'
import type { Dispute } from '../payments/dispute.js'
import { disputes } from '../payments/dispute.schema.js'
import type { LedgerEntry } from '../payments/ledger.js'
import {
  appendEntries,
  type MovingPayment,
  type MovingRefund,
  movePayment,
  moveRefund,
  openPayment,
  openRefund,
  startCoveredRefund,
  startPayment,
  startRefund,
  writePayment,
  writeRefund,
} from '../payments/move-payment.js'
import { onDelivery } from '../payments/offline.js'
import type { Payment, PaymentCommand, PaymentError } from '../payments/payment.js'
import { payments } from '../payments/payment.schema.js'
import { isUndecided } from '../payments/payment-machine.js'
import type { PaymentStart } from '../payments/payment-start.js'
import type { Refund, RefundCommand, RefundError, RefundStart } from '../payments/refund.js'
import { refunds } from '../payments/refund.schema.js'
import type { Settlement } from '../payments/settlement.js'
import { settlements } from '../payments/settlement.schema.js'
import { coupons } from '../promotions/coupon.collection.schema.js'
import type { Coupon, CouponCommand, CouponError, CouponEvent } from '../promotions/coupon.js'
import { type CouponState, couponMachine } from '../promotions/coupon-machine.js'
import { askFirstOrder, type FirstOrderRead } from '../promotions/limits.js'
import { adjust, type Change, type DecidedChange, expectRow, put } from '../shared/commit.js'
import { type Decider, decideNext } from '../shared/decider.js'
import type { NotFound } from '../shared/errors.js'
import type { Instant } from '../shared/instant.js'
import { type Asked, type IdsFrom, row, rows, type Stored } from '../shared/read-plan.js'
import type { ReckonRefundError } from './money/refund-shares.js'
import { openOnDelivery } from './on-delivery/on-delivery-terms.js'
import { orders } from './order.collection.schema.js'
import type { OrderCommand } from './order-command.js'
import { orderRow } from './order-end.js'
import type { OrderError } from './order-error.js'
import type { OrderEvent } from './order-event.js'
import { appendHistory } from './order-history.schema.js'
import { type OrderState, orderMachine } from './order-machine.js'
import type { OrderDetails, OrderRow } from './order-row.js'
import { keptBooks } from './price-record/kept-book.schema.js'
import type { KeptBook } from './price-record/price-record.js'
import type { SplitError } from './settlement/order-split.js'

/** Everything that can move when an order moves, as it was read. */
export type OrderRead = FirstOrderRead & {
  readonly order: Stored<OrderRow> | undefined
  readonly reservation: Stored<Reservation> | undefined
  /** What is set aside for the dearer change that it waits for. */
  readonly aside: Stored<Reservation> | undefined
  readonly payments: readonly Stored<Payment>[]
  readonly refunds: readonly Stored<Refund>[]
  readonly coupons: readonly Stored<Coupon>[]
  readonly points: Stored<PointsAccount> | undefined
  /** The books that what is left of the order is priced by, where a refund is reckoned by it. */
  readonly books: readonly Stored<KeptBook>[]
  /** The orders of the same checkout, this one among them, where a refund may give a coupon back that they share. */
  readonly siblings: readonly Stored<OrderRow>[]
  /** What is disputed of its payments. */
  readonly disputes: readonly Stored<Dispute>[]
  /** How its money is shared once it is complete, where a refund takes some of it back. */
  readonly settlements: readonly Stored<Settlement>[]
}

/** The questions to which `OrderRead` is the answer. */
export type OrderPlan = { readonly [Name in keyof OrderRead]: Asked<OrderRead[Name]> }

/** Asks for an order and everything that can move with it but for a refund, in one read. */
export const askOrder = (orderId: string | IdsFrom): OrderPlan => ({
  order: row(orders, orderId),
  reservation: row(reservations, { from: 'order', path: 'orderId' }),
  aside: row(reservations, { from: 'order', path: 'edit.editId' }),
  payments: rows(payments, { from: 'order', path: 'paymentIds.*' }),
  refunds: rows(refunds, { from: 'payments', path: 'refunds.*.refundId' }),
  disputes: rows(disputes, { from: 'payments', path: 'disputes.*.disputeId' }),
  coupons: rows(coupons, { from: 'order', path: 'couponIds.*' }),
  points: row(pointsAccounts, { from: 'order', path: 'accountId' }),
  ...askFirstOrder({ from: 'order', path: 'accountId' }),
  books: rows(keptBooks, []),
  siblings: rows(orders, []),
  settlements: rows(settlements, []),
})

/** Asks for an order and everything that can move with it, refunds among it, in one read. */
export const askRefundableOrder = (orderId: string | IdsFrom): OrderPlan => ({
  ...askOrder(orderId),
  books: rows(keptBooks, { from: 'order', path: 'details.refundBookIds.*' }),
  siblings: rows(orders, { from: 'order', path: 'details.partOf.orderIds.*' }),
  settlements: rows(settlements, { from: 'order', path: 'orderId' }),
})

/** Asks for an order and everything that can move with it when something is heard of its money, in one read. */
export const askOrderOfMoney = (orderId: string | IdsFrom): OrderPlan => ({
  ...askOrder(orderId),
  books: rows(keptBooks, { from: 'order', path: 'details.refundBookIds.*' }),
  // What ends with the money gives coupons back that the other orders of its checkout may hold.
  siblings: rows(orders, { from: 'order', path: 'details.partOf.orderIds.*' }),
})

/** Asks for an order, everything that can move with it, and all that its price was made of, in one read. */
export const askEditableOrder = (orderId: string | IdsFrom): OrderPlan => ({
  ...askRefundableOrder(orderId),
  books: rows(keptBooks, { from: 'order', path: 'details.priced.bookIds.*' }),
})

/** What was read of an order, as its merchant moves it: nothing of an order that is not theirs alone. */
export const ofMerchant = <Read extends Pick<OrderRead, 'order'>>(read: Read, merchantId: string): Read =>
  read.order?.state.merchantId === merchantId ? read : { ...read, order: undefined }

/** Why a change of an order and what hangs on it is refused. */
export type OrderMoveError =
  | OrderError
  | ReservationError
  | PaymentError
  | RefundError
  | CouponError
  | PointsError
  | SplitError
  | ReckonRefundError
  | NotFound

type Slot<State, Event> = {
  readonly id: string
  readonly version: number
  state: State
  readonly events: Event[]
}

/**
 * A change of an order and what hangs on it, in the making: commands go to the machines one by one, and one commit
 * writes where they all end.
 */
export type OrderDraft = {
  readonly at: Instant
  readonly read: OrderRead
  /** Written with the order; only an edit changes them. */
  details: OrderDetails
  readonly order: Slot<OrderState, OrderEvent>
  readonly payments: Map<string, MovingPayment>
  readonly refunds: Map<string, MovingRefund>
  readonly coupons: Map<string, Slot<CouponState, CouponEvent>>
  points: Slot<PointsState, PointsEvent> | undefined
  /** What no machine here writes: stock, ledger, claims, counters. */
  readonly further: DecidedChange[]
}

/**
 * Begins a change of an order that was read.
 *
 * @errors NotFound
 */
export const openDraft = (read: OrderRead, orderId: string, at: Instant): Result<OrderDraft, NotFound> =>
  read.order === undefined
    ? err({ type: 'NotFound', entity: 'order', id: orderId })
    : ok(draftOf(read, slotOf<OrderState, OrderEvent>(read.order), read.order.state.details, at))

/** Begins with an order that does not exist yet. */
export const newDraft = (
  read: Omit<OrderRead, 'order'>,
  order: { readonly orderId: string; readonly details: OrderDetails },
  at: Instant,
): OrderDraft => {
  const absent = { id: order.orderId, version: 0, state: orderMachine.initial, events: [] }
  return draftOf({ ...read, order: undefined }, absent, order.details, at)
}

const draftOf = (
  read: OrderRead,
  order: Slot<OrderState, OrderEvent>,
  details: OrderDetails,
  at: Instant,
): OrderDraft => ({
  at,
  read,
  details,
  order,
  payments: new Map(read.payments.map((each) => [each.id, openPayment(each)])),
  refunds: new Map(read.refunds.map((each) => [each.id, openRefund(each)])),
  coupons: new Map(read.coupons.map((each) => [each.id, slotOf<CouponState, CouponEvent>(each)])),
  points: read.points === undefined ? undefined : slotOf<PointsState, PointsEvent>(read.points),
  further: [],
})

const slotOf = <State, Event>({ id, version, state }: Stored<State>): Slot<State, Event> => ({
  id,
  version,
  state,
  events: [],
})

const moveSlot = <State, Command, Event, Failure>(
  machine: Decider<State, Command, Event, Failure>,
  slot: Slot<State, Event>,
  command: Command,
): Result<readonly Event[], Failure> =>
  decideNext(machine, slot.state, command).map(({ state, events }) => {
    slot.state = state
    slot.events.push(...events)
    return events
  })

/** Puts a command to the order. */
export const draftOrder = (draft: OrderDraft, command: OrderCommand): Result<readonly OrderEvent[], OrderError> =>
  moveSlot(orderMachine, draft.order, command)

/** Begins a payment of the order. */
export const draftNewPayment = (draft: OrderDraft, start: PaymentStart): Result<void, PaymentError> =>
  startPayment(start).map((moving) => {
    draft.payments.set(start.paymentId, moving)
    return undefined
  })

/** Puts commands to one of the order's payments. */
export const draftPayment = (
  draft: OrderDraft,
  paymentId: string,
  commands: readonly PaymentCommand[],
): Result<void, PaymentError | NotFound> => {
  const moving = draft.payments.get(paymentId)
  if (moving === undefined) return err({ type: 'NotFound', entity: 'payment', id: paymentId })
  return movePayment(moving, commands).map((moved) => {
    draft.payments.set(paymentId, moved)
    return undefined
  })
}

/**
 * Begins a refund of one of the order's payments.
 *
 * @param how.coveredBy - the lost dispute by which the payer has it already; none where it is to be sent
 * @param how.waits - whether it is held back, not refused, while a dispute is open
 */
export const draftNewRefund = (
  draft: OrderDraft,
  start: RefundStart,
  { coveredBy, waits = false }: { readonly coveredBy?: string | undefined; readonly waits?: boolean } = {},
): Result<void, PaymentError | RefundError | NotFound> => {
  const moving = draft.payments.get(start.paymentId)
  if (moving === undefined) return err({ type: 'NotFound', entity: 'payment', id: start.paymentId })
  const begun =
    coveredBy === undefined ? startRefund(moving, start, waits) : startCoveredRefund(moving, start, coveredBy)
  return begun.map(({ payment, refund }) => {
    draft.payments.set(start.paymentId, payment)
    draft.refunds.set(start.refundId, refund)
    return undefined
  })
}

/** Puts commands to one of the order's refunds, its payment following. */
export const draftRefund = (
  draft: OrderDraft,
  refundId: string,
  commands: readonly RefundCommand[],
): Result<void, PaymentError | RefundError | NotFound> => {
  const refund = draft.refunds.get(refundId)
  const payment = refund === undefined ? undefined : draft.payments.get(refund.state.paymentId)
  if (refund === undefined || payment === undefined) return err({ type: 'NotFound', entity: 'refund', id: refundId })
  return moveRefund({ payment, refund }, commands).map((moved) => {
    draft.payments.set(moved.payment.state.paymentId, moved.payment)
    draft.refunds.set(refundId, moved.refund)
    return undefined
  })
}

/**
 * Puts a command to one of the order's coupons. One that is there no more cannot be taken for an order, and keeps none that
 * took it from being paid, closed or given back.
 *
 * @errors CouponError; NotFound where it is to be taken and is not there
 */
export const draftCoupon = (
  draft: OrderDraft,
  couponId: string,
  command: CouponCommand,
): Result<void, CouponError | NotFound> => {
  const slot = draft.coupons.get(couponId)
  if (slot === undefined) {
    return command.type === 'LockCoupon' ? err({ type: 'NotFound', entity: 'coupon', id: couponId }) : ok(undefined)
  }
  return moveSlot(couponMachine, slot, command).map(() => undefined)
}

/** Puts a command to the buyer's points. */
export const draftPoints = (draft: OrderDraft, command: PointsCommand): Result<void, PointsError> => {
  const slot = draft.points ?? { id: accountIdOf(draft), version: 0, state: pointsMachine.initial, events: [] }
  draft.points = slot
  return moveSlot(pointsMachine, slot, command).map(() => undefined)
}

/** The payments of an order as they stand in the draft. */
export const paymentsIn = (draft: OrderDraft): readonly Payment[] =>
  [...draft.payments.values()].map(({ state }) => state)

/** Adds ledger entries. */
export const draftEntries = (draft: OrderDraft, entries: readonly LedgerEntry[]): void => {
  draft.further.push(...appendEntries(entries))
}

/**
 * The order as it stands in the draft.
 *
 * @errors NotFound before it is placed
 */
export const orderIn = (draft: OrderDraft): Result<OrderRow, NotFound> =>
  draft.order.state.status === 'absent'
    ? err({ type: 'NotFound', entity: 'order', id: draft.order.id })
    : ok({ ...draft.order.state, details: draft.details })

/**
 * Ends a draft: the states as they stand with their events and the ledger entries that follow from them, and an
 * `expect` of the order and its payments where they were relied on and not written. Nothing where nothing happened.
 */
export const closeDraft = (draft: OrderDraft): readonly DecidedChange[] => {
  const changes: DecidedChange[] = [...draft.further]
  for (const moving of draft.payments.values())
    changes.push(...writePayment(moving, draft.at), ...endOpen(draft, moving))
  for (const moving of draft.refunds.values()) changes.push(...writeRefund(moving, draft.at))
  for (const slot of draft.coupons.values()) {
    if (slot.events.length > 0) changes.push(put<CouponState>(coupons, slot))
  }
  if (draft.points !== undefined && draft.points.events.length > 0) {
    changes.push(put<PointsState>(pointsAccounts, draft.points), ...appendPoints(draft.points.id, draft.points.events))
  }
  const { order } = draft
  if (order.events.length > 0 && order.state.status !== 'absent') {
    const state = orderRow(order.state, draft.details)
    changes.push(put(orders, { id: order.id, version: order.version, state, events: order.events }))
    changes.push(...appendHistory(order.state, order.version, order.events))
  }
  if (changes.length === 0) return changes
  const relied = [...draft.payments.values()].filter((moving) => moving.events.length === 0 && moving.version > 0)
  return [
    ...changes,
    ...(order.events.length === 0 && order.version > 0 ? [expectRow(orders, order)] : []),
    ...relied.map(({ state, version }) => expectRow(payments, { id: state.paymentId, version })),
  ]
}

// Its buyer may have another order go out unpaid once one of theirs is collected, or comes to nothing.
const endOpen = ({ read }: OrderDraft, { before, state }: MovingPayment): readonly Change[] => {
  const order = read.order?.state
  const ofChange = order !== undefined && 'paidAt' in order && order.extraPaymentIds?.includes(state.paymentId) === true
  return state.method === onDelivery && !ofChange && before !== null && isUndecided(before) && !isUndecided(state)
    ? [adjust(openOnDelivery, { id: state.accountId, by: 1 })]
    : []
}

const accountIdOf = ({ order }: OrderDraft): string => (order.state.status === 'absent' ? '' : order.state.accountId)
