import { err, ok, type Result } from 'neverthrow'
import type { ReservationError } from '../inventory/reservation.js'
import type { Reservation } from '../inventory/reservation.js'
import { reservations } from '../inventory/inventory.schema.js'
import { pointsAccounts } from '../membership/points-account.collection.schema.js'
import type { PointsAccount, PointsCommand, PointsError, PointsEvent } from '../membership/points-account.js'
import { pointsMachine, type PointsState } from '../membership/points-machine.js'
import type { LedgerEntry } from '../payments/ledger.js'
import { ledgerEntries } from '../payments/ledger.schema.js'
import type { Payment, PaymentCommand, PaymentError, PaymentEvent } from '../payments/payment.js'
import { payments } from '../payments/payment.schema.js'
import { paymentMachine, type PaymentState } from '../payments/payment-machine.js'
import { postPayment, postRefund } from '../payments/posting.js'
import type { Refund, RefundCommand, RefundError, RefundEvent } from '../payments/refund.js'
import { refunds } from '../payments/refund.schema.js'
import { refundMachine, type RefundState } from '../payments/refund-machine.js'
import { coupons } from '../promotions/coupon.collection.schema.js'
import type { Coupon, CouponCommand, CouponError, CouponEvent } from '../promotions/coupon.js'
import { couponMachine, type CouponState } from '../promotions/coupon-machine.js'
import { append, type Change, expectRow, put } from '../shared/commit.js'
import { type Decider, decideNext } from '../shared/decider.js'
import type { NotFound } from '../shared/errors.js'
import type { Instant } from '../shared/instant.js'
import { type Asked, claims, type IdsFrom, row, rows, type Stored } from '../shared/read-plan.js'
import type { OrderCommand, OrderError, OrderEvent } from './order.js'
import { orders } from './order.collection.schema.js'
import { orderMachine, type OrderState } from './order-machine.js'
import type { OrderRow } from './order-row.js'

/** The space that says which order of an account was its first. */
export const firstOrderSpace = 'firstOrder'

/** Everything that can move when an order moves, as it was read. */
export type OrderRead = {
  readonly order: Stored<OrderRow> | undefined
  readonly reservation: Stored<Reservation> | undefined
  readonly payments: readonly Stored<Payment>[]
  readonly refunds: readonly Stored<Refund>[]
  readonly coupons: readonly Stored<Coupon>[]
  readonly points: Stored<PointsAccount> | undefined
  readonly firstOrder: ReadonlyMap<string, string>
}

/** Asks for an order and everything that can move with it, in one read. */
export const askOrder = (orderId: string | IdsFrom): { readonly [Name in keyof OrderRead]: Asked<OrderRead[Name]> } => ({
  order: row(orders, orderId),
  reservation: row(reservations, { from: 'order', path: 'orderId' }),
  payments: rows(payments, { from: 'order', path: 'paymentIds.*' }),
  refunds: rows(refunds, { from: 'payments', path: 'refunds.*.refundId' }),
  coupons: rows(coupons, { from: 'order', path: 'couponIds.*' }),
  points: row(pointsAccounts, { from: 'order', path: 'accountId' }),
  firstOrder: claims(firstOrderSpace, { from: 'order', path: 'accountId' }),
})

/** Why a change of an order and what hangs on it is refused. */
export type OrderMoveError =
  | OrderError
  | ReservationError
  | PaymentError
  | RefundError
  | CouponError
  | PointsError
  | NotFound

type Slot<State, Event> = {
  readonly id: string
  readonly version: number
  readonly before: State
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
  readonly order: Slot<OrderState, OrderEvent>
  readonly details: OrderRow['details']
  readonly payments: Map<string, Slot<PaymentState, PaymentEvent>>
  readonly refunds: Map<string, Slot<RefundState, RefundEvent>>
  readonly coupons: Map<string, Slot<CouponState, CouponEvent>>
  readonly points: Slot<PointsState, PointsEvent>
  /** What the machines do not write: stock, ledger, claims, counters. */
  readonly further: Change[]
}

/**
 * Begins a change of an order that was read.
 *
 * @errors NotFound
 */
export const openDraft = (read: OrderRead, orderId: string, at: Instant): Result<OrderDraft, NotFound> =>
  read.order === undefined
    ? err({ type: 'NotFound', entity: 'order', id: orderId })
    : ok(draftOf(read, { ...slotOf<OrderState, OrderEvent>(read.order) }, read.order.state.details, at))

/** Begins with an order that does not exist yet. */
export const newDraft = (
  read: Omit<OrderRead, 'order'>,
  order: { readonly orderId: string; readonly details: OrderRow['details'] },
  at: Instant,
): OrderDraft =>
  draftOf({ ...read, order: undefined }, absentSlot<OrderState, OrderEvent>(orderMachine, order.orderId), order.details, at)

const draftOf = (
  read: OrderRead,
  order: Slot<OrderState, OrderEvent>,
  details: OrderRow['details'],
  at: Instant,
): OrderDraft => ({
  at,
  read,
  order,
  details,
  payments: slotsOf<PaymentState, PaymentEvent>(read.payments),
  refunds: slotsOf<RefundState, RefundEvent>(read.refunds),
  coupons: slotsOf<CouponState, CouponEvent>(read.coupons),
  points:
    read.points === undefined
      ? absentSlot<PointsState, PointsEvent>(pointsMachine, '')
      : slotOf<PointsState, PointsEvent>(read.points),
  further: [],
})

const slotOf = <State, Event>({ id, version, state }: Stored<State>): Slot<State, Event> => ({
  id,
  version,
  before: state,
  state,
  events: [],
})

const absentSlot = <State, Event>(machine: { readonly initial: State }, id: string): Slot<State, Event> => ({
  id,
  version: 0,
  before: machine.initial,
  state: machine.initial,
  events: [],
})

const slotsOf = <State, Event>(stored: readonly Stored<State>[]): Map<string, Slot<State, Event>> =>
  new Map(stored.map((each) => [each.id, slotOf<State, Event>(each)]))

const move = <State, Command, Event, Failure>(
  machine: Decider<State, Command, Event, Failure>,
  slot: Slot<State, Event>,
  command: Command,
): Result<readonly Event[], Failure> =>
  decideNext(machine, slot.state, command).map(({ state, events }) => {
    slot.state = state
    slot.events.push(...events)
    return events
  })

const slotIn = <State, Event>(
  slots: Map<string, Slot<State, Event>>,
  machine: { readonly initial: State },
  id: string,
): Slot<State, Event> => {
  const slot = slots.get(id) ?? absentSlot<State, Event>(machine, id)
  slots.set(id, slot)
  return slot
}

/** Puts a command to the order. */
export const moveOrder = (draft: OrderDraft, command: OrderCommand): Result<readonly OrderEvent[], OrderError> =>
  move(orderMachine, draft.order, command)

/** Puts a command to one of the order's payments, or begins one. */
export const movePayment = (
  draft: OrderDraft,
  paymentId: string,
  command: PaymentCommand,
): Result<readonly PaymentEvent[], PaymentError> =>
  move(paymentMachine, slotIn(draft.payments, paymentMachine, paymentId), command)

/** Puts a command to one of the order's refunds, or begins one. */
export const moveRefund = (
  draft: OrderDraft,
  refundId: string,
  command: RefundCommand,
): Result<readonly RefundEvent[], RefundError> =>
  move(refundMachine, slotIn(draft.refunds, refundMachine, refundId), command)

/** Puts a command to one of the order's coupons. */
export const moveCoupon = (
  draft: OrderDraft,
  couponId: string,
  command: CouponCommand,
): Result<readonly CouponEvent[], CouponError> =>
  move(couponMachine, slotIn(draft.coupons, couponMachine, couponId), command)

/** Puts a command to the buyer's points. */
export const movePoints = (draft: OrderDraft, command: PointsCommand): Result<readonly PointsEvent[], PointsError> =>
  move(pointsMachine, draft.points, command)

/** Adds ledger entries. */
export const book = (draft: OrderDraft, entries: readonly LedgerEntry[]): void => {
  draft.further.push(...entries.map((entry) => append(ledgerEntries, { id: entry.entryId, body: entry })))
}

/** The order as it stands in the draft; undefined before it is placed. */
export const orderIn = (draft: OrderDraft): OrderRow | undefined =>
  draft.order.state.status === 'absent' ? undefined : { ...draft.order.state, details: draft.details }

/** A payment as it stands in the draft. */
export const paymentIn = (draft: OrderDraft, paymentId: string): Payment | undefined => {
  const state = draft.payments.get(paymentId)?.state
  return state === undefined || state.status === 'absent' ? undefined : state
}

/** A refund as it stands in the draft. */
export const refundIn = (draft: OrderDraft, refundId: string): Refund | undefined => {
  const state = draft.refunds.get(refundId)?.state
  return state === undefined || state.status === 'absent' ? undefined : state
}

/**
 * Ends a draft: the states as they stand with their events, the ledger entries that follow from them, and an `expect`
 * of the order and its payments where they were relied on and not written. Nothing where nothing happened.
 */
export const closeDraft = (draft: OrderDraft): readonly Change[] => {
  const changes: Change[] = [...draft.further]
  for (const slot of draft.payments.values()) {
    if (slot.events.length === 0 || slot.state.status === 'absent') continue
    const before = slot.before.status === 'absent' ? null : slot.before
    book(draft, postPayment(before, slot.state, draft.at))
    changes.push(put<PaymentState>(payments, slot))
  }
  for (const slot of draft.refunds.values()) {
    if (slot.events.length === 0 || slot.state.status === 'absent') continue
    const before = slot.before.status === 'absent' ? null : slot.before
    book(draft, postRefund(before, slot.state, draft.at))
    changes.push(put<RefundState>(refunds, slot))
  }
  for (const slot of draft.coupons.values()) if (slot.events.length > 0) changes.push(put<CouponState>(coupons, slot))
  if (draft.points.events.length > 0) changes.push(put<PointsState>(pointsAccounts, draft.points))
  changes.push(...draft.further.slice(changes.length === 0 ? 0 : countFurther(changes, draft)))
  const order = orderIn(draft)
  if (draft.order.events.length > 0 && order !== undefined) {
    changes.push(put(orders, { id: draft.order.id, version: draft.order.version, state: order, events: draft.order.events }))
  }
  return changes
}
