import { err, errAsync, ok, okAsync, type Result, ResultAsync, safeTry } from 'neverthrow'
import { heldReceipts } from '../payments/held-receipt.schema.js'
import type { Payment, PaymentCommand } from '../payments/payment.js'
import { payments } from '../payments/payment.schema.js'
import { isUndecided } from '../payments/payment-machine.js'
import { longestPauseMs } from '../payments/query-schedule.js'
import { reconciliations } from '../payments/reconciliation.schema.js'
import { refunds } from '../payments/refund.schema.js'
import { openRefundStatuses } from '../payments/refund-table.js'
import { expectRow, put } from '../shared/commit.js'
import { decideAndCommit, type StorageError } from '../shared/decide-and-commit.js'
import { decideNext } from '../shared/decider.js'
import { isDue } from '../shared/due.js'
import type { NotFound } from '../shared/errors.js'
import { hoursMs, type Instant, minutesMs } from '../shared/instant.js'
import type { CorePorts } from '../shared/ports.js'
import { readFacts } from '../shared/read-facts.js'
import { type Condition, row, rows, type Stored } from '../shared/read-plan.js'
import { nameEach, sumOfSweeps } from '../shared/sweep-each.js'
import { nameMissingBills } from './books/missing-bills.js'
import { endEdit } from './editing/settle-edit.js'
import { endingPayments } from './money/order-money.js'
import { closeAttempts } from './money/pay-in-full.js'
import { nameLateShipments, nameOverdue, overdueAfterMs } from './name-overdue.js'
import { orders, parcels } from './order.collection.schema.js'
import {
  askOrder,
  closeDraft,
  draftOrder,
  type OrderDraft,
  type OrderMoveError,
  openDraft,
  orderIn,
} from './order-draft.js'
import { complete, finishClosing } from './order-moves.js'
import { editOf } from './order-pieces.js'
import type { OrderRow } from './order-row.js'
import { awaitedParcels, awaitedReceipt } from './parcels/await-receipt.js'
import { isAwaited } from './parcels/awaited-parcel.js'
import { signAll } from './parcels/complete-order.js'
import { makeGoodLosses } from './parcels/make-good-losses.js'
import type { Parcel, ParcelError } from './parcels/parcel.js'
import { type ParcelState, parcelMachine } from './parcels/parcel-machine.js'
import { parkedFacts } from './paying/parked-fact.schema.js'
import { type GatewayUnknown, type RecordError, recordPayment, recordRefund } from './paying/record-outcome.js'
import { endAttempts, resolvePayment, resolveRefund } from './paying/resolve-money.js'
import type { MoneyPorts } from './ports.js'
import { type SweepOptions, type SweepReport, sweepDue } from './sweep-due.js'
import { paymentAlerts } from './watch/payment-alert.schema.js'

/** A refund waits for what payees are to give back of it. */
type SplitsReturning = { readonly type: 'SplitsReturning' }

type SweepError = RecordError | GatewayUnknown | ParcelError | SplitsReturning

/**
 * Closes orders whose time to pay is over, and drops dearer changes of paid orders that were not paid in time. The attempts are ended at their gateways first: an order is never closed, and
 * its stock never given up, while one of them may still bring money; it is asked about again later.
 *
 * @errors StorageError when the due orders cannot be read
 */
export const closeUnpaidOrders = (ports: MoneyPorts, options: SweepOptions): ResultAsync<SweepReport, StorageError> =>
  sweepDue(ports, orders, { field: 'closeAt', ahead: closingAgain, ...options }, (orderId) =>
    closeUnpaid(ports, orderId),
  )

// The time to pay follows from terms; when gateways are asked again to end its attempts does not.
const closingAgain = { pauseMs: 6 * hoursMs, where: [{ field: 'status', is: 'eq', value: 'closing' }] } as const

/**
 * Asks about payments whose fate is open and whose next question is due, and ends those that are to end. One whose gateway
 * has owed the answer for three days, or holds money and is gone, is in every report, as `PaymentUnheard`. Money that has
 * stood in suspense for longer than three days is in every report, as `ReceiptOverdue` or `HeldMoneyOverdue`; so is a day whose
 * bill has a finding that nobody has resolved for as long, as `FindingOverdue`, or that ended as long ago and of which no bill
 * was taken in, as `BillOverdue`, and what nobody has looked at, as
 * `ParkedFactOverdue` or `PaymentAlertOverdue`.
 *
 * @errors StorageError when the due payments cannot be read
 */
export const settlePayments = (ports: MoneyPorts, options: SweepOptions): ResultAsync<SweepReport, StorageError> =>
  sweepDue(ports, payments, { field: 'queryAt', ahead: askedAgain, ...options }, (paymentId) =>
    paymentOf(ports, paymentId).andThen((payment) =>
      resolvePayment(ports, payment)
        .map(() => undefined)
        .orElse((failure) => {
          const askLater = () => recordPayment(ports, paymentId, (_, at) => [unasked(failure, at)])
          // What a person has decided waits for a gateway that is gone, and nobody for that.
          return failure.type === 'GatewayUnknown' && !isUndecided(payment)
            ? askLater().map(() => undefined)
            : afterwards(failure, askLater)
        }),
    ),
  ).andThen((asked) =>
    ResultAsync.combine([
      nameOverdue(ports, payments, { ...heldMoney, ...options }),
      nameOverdue(ports, payments, { ...unheard, ...options }),
      nameOverdue(ports, heldReceipts, { ...suspense, ...options }),
      nameOverdue(ports, reconciliations, { ...findings, ...options }),
      nameMissingBills(ports),
      nameOverdue(ports, parkedFacts, { ...unseen, reason: 'ParkedFactOverdue', ...options }),
      nameOverdue(ports, paymentAlerts, { ...unseen, reason: 'PaymentAlertOverdue', ...options }),
    ]).map((late) => sumOfSweeps(asked, ...late)),
  )

const askedAgain = { pauseMs: longestPauseMs } as const

const unasked = ({ type }: SweepError, at: Instant): PaymentCommand =>
  type === 'GatewayUnknown' ? { type: 'RecordAsked', gone: true, at } : { type: 'RecordAsked', at }

const unheard = { field: 'unheardSince', where: [], reason: 'PaymentUnheard' } as const
const heldMoney = {
  field: 'startedAt',
  where: [{ field: 'toDecide', is: 'eq', value: true }],
  reason: 'HeldMoneyOverdue',
} as const
const suspense = {
  field: 'recordedAt',
  where: [{ field: 'status', is: 'in', values: ['held', 'owedBack'] }],
  reason: 'ReceiptOverdue',
} as const
const findings = { field: 'openSince', where: [], reason: 'FindingOverdue' } as const
const unseen = { field: 'at', where: [{ field: 'status', is: 'eq', value: 'open' }] } as const

/**
 * Sends refunds that wait to be sent, and asks about those whose fate is open. Those that are owed for longer than three
 * days, whoever they wait for, are in every report, as `RefundOverdue`.
 *
 * @errors StorageError when the due refunds cannot be read
 */
export const settleRefunds = (ports: MoneyPorts, options: SweepOptions): ResultAsync<SweepReport, StorageError> => {
  const send = (refundId: string) =>
    resolveRefund(ports, refundId)
      .andThen(({ refundStatus }) =>
        refundStatus === 'requested' ? errAsync<void, SweepError>({ type: 'SplitsReturning' }) : okAsync(undefined),
      )
      .orElse((failure) => afterwards(failure, () => postponeRefund(ports, refundId)))
  const waiting: Condition = { field: 'status', is: 'eq', value: 'requested' }
  // What a dispute holds back waits for that, which has a sweep of its own.
  const owed: Condition = { field: 'status', is: 'in', values: openRefundStatuses.filter((each) => each !== 'held') }
  const overdue = { field: 'requestedAt', where: [owed], reason: 'RefundOverdue' } as const
  const begun = { field: 'requestedAt', where: [waiting], ahead: { pauseMs: 0 } } as const
  return sweepDue(ports, refunds, { ...begun, ...options }, send).andThen((sent) =>
    sweepDue(ports, refunds, { field: 'queryAt', ahead: askedAgain, ...options }, send).andThen((asked) =>
      nameOverdue(ports, refunds, { ...overdue, ...options }).map((late) => sumOfSweeps(sent, asked, late)),
    ),
  )
}

/**
 * Takes shipped orders as received and received ones as complete, once their time has come; one whose parcel is late or
 * could not be handed over is not taken as received, and the shop's people are asked (`ReceiptPostponed`). Before that,
 * lost pieces are refunded of which nobody has decided in time. Paid orders whose goods were to have left more than three
 * days ago are in every report, as `ShipmentOverdue`, those that wait for a parcel as long after their time has come, as
 * `ParcelOverdue`, and received ones that would have been complete as long but for money to be collected on delivery, as
 * `CollectionOverdue`.
 *
 * @errors StorageError when the due orders cannot be read
 */
export const advanceOrders = (ports: CorePorts, options: SweepOptions): ResultAsync<SweepReport, StorageError> =>
  makeGoodLosses(ports, options).andThen((refunded) =>
    sweepDue(ports, orders, { field: 'advanceAt', ...options }, (id) => advance(ports, id)).andThen((advanced) =>
      ResultAsync.combine([
        nameLateShipments(ports, options),
        nameOverdue(ports, orders, { field: 'lateSince', where: [], reason: 'ParcelOverdue', ...options }),
        nameUncollected(ports, options),
      ]).map((late) => sumOfSweeps(refunded, advanced, ...late)),
    ),
  )

const nameUncollected = (ports: CorePorts, { limit }: SweepOptions): ResultAsync<SweepReport, StorageError> => {
  const where = [{ field: 'status', is: 'eq', value: 'signed' }] as const
  const until = ports.clock.now() - overdueAfterMs
  return nameEach(ports, { collection: orders, field: 'completeAt', where, until, limit }, 'CollectionOverdue')
}

const advance = (ports: CorePorts, orderId: string): ResultAsync<void, RecordError> =>
  decideAndCommit(ports, {
    scope: { kind: 'all' },
    plan: () => ({ ...askOrder(orderId), sent: rows(parcels, { from: 'order', path: 'parcelIds.*' }) }),
    decide: ({ sent, ...read }, { now }) =>
      openDraft(read, orderId, now).andThen((draft) =>
        advanceDue(draft, sent).map(() => ({ changes: closeDraft(draft), answer: undefined })),
      ),
  })

const advanceDue = (draft: OrderDraft, sent: readonly Stored<Parcel>[]): Result<void, OrderMoveError> =>
  orderIn(draft).andThen((order): Result<void, OrderMoveError> => {
    const { at } = draft
    const due = 'advanceAt' in order && order.advanceAt !== null && order.advanceAt <= at
    if (!due) return ok(undefined)
    if (order.status !== 'shipped') return complete(draft)
    const awaited = awaitedParcels(order, sent)
    draft.further.push(...awaited.map((parcel) => expectRow(parcels, parcel)))
    const waits = awaitedReceipt(order, awaited, at)
    return waits === undefined
      ? signAll(draft, 'clock')
      : draftOrder(draft, { type: 'PostponeReceipt', ...waits }).map(() => undefined)
  })

/**
 * Says of parcels under way that they are late, each once, so that the buyer is told; a parcel whose goods were taken as
 * received meanwhile is not watched any more. That it was delivered is for its carrier to tell.
 *
 * @errors StorageError when the due parcels cannot be read
 */
export const markLateParcels = (ports: CorePorts, options: SweepOptions): ResultAsync<SweepReport, StorageError> =>
  sweepDue(ports, parcels, { field: 'lateAt', ...options }, (id) =>
    decideAndCommit(ports, {
      scope: { kind: 'all' },
      plan: () => ({
        parcel: row(parcels, id),
        order: row(orders, { from: 'parcel', path: 'orderId' }),
        sent: rows(parcels, { from: 'order', path: 'parcelIds.*' }),
      }),
      decide: ({ parcel, order, sent }, { now: at }) => {
        if (parcel === undefined || order === undefined) {
          return err<never, NotFound | ParcelError>({ type: 'NotFound', entity: 'parcel', id })
        }
        const underway = parcel.state.status === 'shipped' || parcel.state.status === 'inTransit'
        if (!underway) return ok({ changes: [], answer: undefined })
        const all = sent.map(({ state }) => state)
        const type = isAwaited(order.state, parcel.state, all) ? 'MarkLate' : 'EndWatch'
        return decideNext(parcelMachine, parcel.state, { type, at }).map(({ state, events }) => ({
          changes:
            events.length === 0
              ? []
              : [
                  put<ParcelState>(parcels, { id, version: parcel.version, state, events }),
                  expectRow(orders, { id: order.id, version: order.version }),
                ],
          answer: undefined,
        }))
      },
    }),
  )

const paymentOf = (ports: CorePorts, paymentId: string): ResultAsync<Payment, SweepError> => {
  const request = { shop: ports.shop, scope: { kind: 'all' }, at: ports.clock.now() } as const
  return readFacts(ports.storage, { ...request, plan: { found: row(payments, paymentId) } }).andThen(({ found }) =>
    found === undefined
      ? errAsync<Payment, SweepError>({ type: 'NotFound', entity: 'payment', id: paymentId })
      : okAsync<Payment, SweepError>(found.state),
  )
}

const postponeRefund = (ports: MoneyPorts, refundId: string) =>
  recordRefund(ports, refundId, ({ queryAt }, at) =>
    queryAt === null || !isDue(queryAt, at, longestPauseMs) ? [] : [{ type: 'RecordRefundAsked', at }],
  )

// What could not be asked about is asked later, so that it does not stand in the way of others; it is told of anyhow.
const afterwards = (
  failure: SweepError,
  postpone: () => ResultAsync<unknown, SweepError>,
): ResultAsync<void, SweepError> =>
  failure.type === 'StorageUnavailable'
    ? errAsync(failure)
    : postpone().andThen(() => errAsync<void, SweepError>(failure))

/** Answers false where a gateway would have to be asked that answers nothing: the order stays due. */
const closeUnpaid = (ports: MoneyPorts, orderId: string): ResultAsync<boolean, SweepError> =>
  changeInternally(ports, orderId, (draft) =>
    safeTry(function* () {
      const order = yield* orderIn(draft)
      const closeAt = 'closeAt' in order ? order.closeAt : undefined
      if (closeAt === undefined || !isToClose(order, closeAt, draft.at)) return ok([])
      if ('paidAt' in order) {
        yield* endEdit(draft)
        return ok(endingPayments(draft))
      }
      yield* draftOrder(draft, { type: 'StartClosing', purpose: { kind: 'close', reason: 'unpaid' }, at: draft.at })
      yield* closeAttempts(draft, 'unpaidDeadline')
      yield* finishClosing(draft)
      return ok(endingPayments(draft))
    }),
  ).andThen((ending) => {
    if (ending.some(({ gatewayId }) => ports.isSilent?.(gatewayId))) return okAsync<boolean, SweepError>(false)
    const paymentIds = ending.map(({ paymentId }) => paymentId)
    return paymentIds.length === 0
      ? okAsync<boolean, SweepError>(true)
      : endAttempts(ports, paymentIds)
          .orElse((failure) => postpone(ports, orderId).andThen(() => errAsync<never, SweepError>(failure)))
          .andThen(() => postpone(ports, orderId))
          .map(() => true)
  })

// What the gateways left open waits longer each time, so that it does not stand in the way of other orders.
const postpone = (ports: CorePorts, orderId: string): ResultAsync<void, SweepError> =>
  changeInternally(ports, orderId, (draft) =>
    orderIn(draft).andThen((order): Result<void, OrderMoveError> => {
      const closeAt = order.status === 'closing' ? order.closeAt : editOf(order).closeAt
      if (closeAt === undefined || !isToClose(order, closeAt, draft.at)) return ok(undefined)
      const until = draft.at + closingDelayMs(order.status === 'closing' ? order.closeTries : 0)
      return draftOrder(draft, { type: 'PostponeClosing', until }).map(() => undefined)
    }),
  )

const isToClose = ({ status }: OrderRow, closeAt: Instant, at: Instant): boolean =>
  status === 'closing' ? isDue(closeAt, at, closingAgain.pauseMs) : closeAt <= at

/** How long a closing order waits before its gateways are asked again: 1 min, 2 min, 4 min …, at most 6 hours. */
export const closingDelayMs = (tries: number): number =>
  Math.min(2 ** Math.min(tries, 20) * minutesMs, closingAgain.pauseMs)

const changeInternally = <Answer>(
  ports: CorePorts,
  orderId: string,
  move: (draft: OrderDraft) => Result<Answer, OrderMoveError>,
): ResultAsync<Answer, RecordError> =>
  decideAndCommit(ports, {
    scope: { kind: 'all' },
    plan: () => askOrder(orderId),
    decide: (read, { now }) =>
      openDraft(read, orderId, now).andThen((draft) =>
        move(draft).map((answer) => ({ changes: closeDraft(draft), answer })),
      ),
  })
