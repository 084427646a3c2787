import { err, ok, type Result } from 'neverthrow'
import { match } from 'ts-pattern'
import { allowsCommand, type Decider } from '../shared/decider.js'
import type { ClosingPurpose, Order, OrderCommand, OrderError, OrderFacts, OrderRefund } from './order.js'
import {
  addedPieces,
  checkEdit,
  edited,
  extended,
  repriced,
  whileNoEdit,
  withEdit,
  withoutEdit,
} from './order-edit-steps.js'
import type { OrderEvent } from './order-event.js'
import { loseParcel, ship, sign } from './order-goods-steps.js'
import {
  addTo,
  editOf,
  factsOf,
  holdOf,
  paidFactsOf,
  refundableCashMinor,
  refundableQuantity,
  refundableShippingMinor,
  soldPieces,
  spentPointsLeft,
  sumQuantity,
  takeFrom,
  unshippedQuantity,
  untouchedLine,
  wantedPieces,
} from './order-pieces.js'
import { attempted, hasPaidShare, payShare, shared, sharePayment } from './order-share-steps.js'
import { orderTable } from './order-table.js'

/** An order, or the moment before there is one. */
export type OrderState = Order | { readonly status: 'absent' }

type Decision = Result<readonly OrderEvent[], OrderError>

const decide = (state: OrderState, command: OrderCommand): Decision => {
  if (!allowsCommand(orderTable, { status: state.status, command: command.type })) return forbid(state, command)
  if (command.type === 'Place') return ok([{ type: 'OrderPlaced', facts: command.facts, payBy: command.payBy }])
  if (command.type === 'SplitOff') return ok([{ ...command, type: 'OrderSplitOff' }])
  if (state.status === 'absent') return forbid(state, command)
  return match(command)
    .returnType<Decision>()
    .with({ type: 'StartAttempt' }, ({ type: _, ...attempt }) =>
      'paidAt' in state && editOf(state).edit === undefined
        ? forbid(state, command)
        : ok([{ type: 'AttemptStarted', ...attempt }]),
    )
    .with({ type: 'SharePayment' }, (shares) => sharePayment(state, shares))
    .with({ type: 'PayShare' }, (share) => payShare(state, share))
    .with({ type: 'FailAttempt' }, (failure) => failAttempt(state, failure))
    .with({ type: 'Pay' }, (payment) => pay(state, payment))
    .with({ type: 'Hold' }, ({ type: _, ...hold }) =>
      ok(state.hold?.by === hold.by ? [] : [{ type: 'OrderHeld', ...hold }]),
    )
    .with({ type: 'ReleaseHold' }, ({ by, at }) =>
      state.hold === undefined
        ? err({ type: 'NothingToDo', command: 'ReleaseHold' })
        : ok([{ type: 'HoldReleased', by, at }]),
    )
    .with({ type: 'ReportPayment' }, ({ at }) =>
      ok(
        'paidAt' in state
          ? [{ type: 'PaymentReported', accountId: state.accountId, paymentId: state.paymentId, at }]
          : [],
      ),
    )
    .with({ type: 'StartClosing' }, ({ purpose, at }) =>
      ok(isClosingFor(state, purpose) ? [] : [{ type: 'ClosingStarted', purpose, at }]),
    )
    .with({ type: 'PostponeClosing' }, ({ until }) =>
      'paidAt' in state && editOf(state).edit === undefined
        ? forbid(state, command)
        : ok([{ type: 'ClosingPostponed', until }]),
    )
    .with({ type: 'ProposeEdit' }, ({ edit, payBy, at }) =>
      whileNoEdit(state, () => ok([{ type: 'EditProposed', edit, payBy, at }])),
    )
    .with({ type: 'ExtendOrder' }, (extension) => extendOrder(state, extension))
    .with({ type: 'LapseEdit' }, ({ at }) => {
      const { edit } = editOf(state)
      return edit === undefined ? forbid(state, command) : ok([{ type: 'EditLapsed', editId: edit.editId, at }])
    })
    .with({ type: 'Close' }, ({ at }) => close(state, at))
    .with({ type: 'Reinstate' }, ({ holdUntil, at }) => ok([{ type: 'OrderReinstated', holdUntil, at }]))
    .with({ type: 'CancelPaid' }, (cancel) => whileNoEdit(state, () => cancelPaid(state, cancel)))
    .with({ type: 'Edit' }, (edit) => whileNoEdit(state, () => editOrder(state, edit)))
    .with({ type: 'Reprice' }, ({ type: _, ...change }) =>
      hasPaidShare(state)
        ? err({ type: 'PaymentShared', orderId: state.orderId })
        : ok([{ type: 'OrderRepriced', ...change }]),
    )
    .with({ type: 'Ship' }, (shipment) => ship(state, shipment))
    .with({ type: 'Sign' }, (signature) => sign(state, signature))
    .with({ type: 'LoseParcel' }, (loss) => loseParcel(state, loss))
    .with({ type: 'Complete' }, ({ at }) =>
      state.openReturnIds.length > 0
        ? err({ type: 'ReturnOpen', returnIds: state.openReturnIds })
        : ok([{ type: 'OrderCompleted', accountId: state.accountId, at }]),
    )
    .with({ type: 'StartRefund' }, ({ refund, at }) => startRefund(state, refund, at))
    .with({ type: 'SettleRefund' }, (settled) => settleRefund(state, settled))
    .with({ type: 'RecordReturn' }, ({ returnId, open, at, advanceAt }) => {
      if (open === state.openReturnIds.includes(returnId)) return ok([])
      return ok([open ? { type: 'ReturnOpened', returnId, at } : { type: 'ReturnSettled', returnId, at, advanceAt }])
    })
    .with({ type: 'RecordDispute' }, ({ disputeId, open, at }) => {
      const isNoted = (state.openDisputeIds ?? []).includes(disputeId)
      // A closed one may come back for late money; what it noted before has to be over by then.
      if (open === isNoted || (isAtEnd(state) && !(state.status === 'closed' && isNoted))) return ok([])
      return ok([{ type: open ? 'OrderDisputed' : 'OrderDisputeSettled', disputeId, at }])
    })
    .exhaustive()
}

// Nothing of it is shared out or paid any more; of a divided one, that of its merchants' orders is.
const isAtEnd = ({ status }: Order): boolean => ['divided', 'cancelled', 'closed'].includes(status)

const forbid = (state: OrderState, command: OrderCommand): Decision =>
  err({ type: 'OrderStateForbids', status: state.status, command: command.type })

const failAttempt = (
  order: Order,
  { paymentId, maximum, at }: Extract<OrderCommand, { type: 'FailAttempt' }>,
): Decision => {
  if (order.status !== 'awaitingPayment' && order.status !== 'closing') return ok([])
  const failed: OrderEvent = { type: 'AttemptFailed', paymentId, at }
  if (order.status === 'closing' || order.failedAttempts + 1 < maximum) return ok([failed])
  return ok([failed, { type: 'ClosingStarted', purpose: { kind: 'close', reason: 'attemptsFailed' }, at }])
}

// An order that is given up while it closes is given up: no money that comes late opens it again.
const isClosingFor = (order: Order, { kind }: ClosingPurpose): boolean =>
  order.status === 'closing' && (order.purpose.kind === 'cancel' || kind === 'close')

const close = (order: Order, at: number): Decision => {
  if (order.status !== 'closing') return ok([])
  const { purpose } = order
  switch (purpose.kind) {
    case 'close':
      return ok([{ type: 'OrderClosed', reason: purpose.reason, at }])
    case 'cancel':
      return ok([{ type: 'OrderCancelled', by: purpose.by, at }])
  }
}

const pay = (
  order: Order,
  { paymentId, otherPaymentIds, captured, orderIds, at }: Extract<OrderCommand, { type: 'Pay' }>,
): Decision => {
  const owed = { minor: order.totals.payableMinor, currency: order.currency }
  if (captured.minor !== owed.minor || captured.currency !== owed.currency) {
    return err({ type: 'PaymentDiffers', expected: owed, actual: captured })
  }
  const { orderNumber, accountId } = order
  const paid: OrderEvent = {
    type: 'OrderPaid',
    orderNumber,
    accountId,
    paymentId,
    ...(otherPaymentIds === undefined ? {} : { otherPaymentIds }),
    paidMinor: owed.minor,
    currency: owed.currency,
    sold: soldPieces(order.lines, wantedPieces(order), 1),
    at,
  }
  return ok(orderIds === undefined ? [paid] : [paid, { type: 'OrderDivided', orderIds, at }])
}

const extendOrder = (
  order: Order,
  { type, paymentId, newRecipient, newLines, priced, at }: Extract<OrderCommand, { type: 'ExtendOrder' }>,
): Decision => {
  const { edit } = editOf(order)
  if (edit === undefined) return forbid(order, { type, paymentId, newRecipient, newLines, priced, at })
  const { editId, by, differenceMinor: paidMinor } = edit
  const owed = { minor: refundableCashMinor(order) + paidMinor, currency: order.currency }
  if (priced.totals.payableMinor !== owed.minor) {
    return err({ type: 'PaymentDiffers', expected: owed, actual: { ...owed, minor: priced.totals.payableMinor } })
  }
  const added = addedPieces(order.lines, priced.lines)
  const sold = soldPieces(priced.lines, added, 1)
  return ok([
    { type: 'OrderExtended', editId, by, paymentId, paidMinor, newRecipient, newLines, priced, added, sold, at },
  ])
}

const startRefund = (order: Order, refund: Omit<OrderRefund, 'status'>, at: number): Decision => {
  if (order.refunds.some((each) => each.refundId === refund.refundId)) {
    return err({ type: 'NothingToDo', command: 'StartRefund' })
  }
  const leftMinor = refundableCashMinor(order)
  if (refund.cashMinor < 0 || refund.cashMinor > leftMinor) {
    return err({ type: 'RefundExceedsCaptured', askedMinor: refund.cashMinor, refundableMinor: leftMinor })
  }
  const leftPoints = spentPointsLeft(order)
  if (refund.points < 0 || refund.points > leftPoints) {
    return err({ type: 'RefundExceedsPoints', asked: refund.points, left: leftPoints })
  }
  const shippingLeft = refundableShippingMinor(order)
  if (refund.shippingMinor < 0 || refund.shippingMinor > shippingLeft) {
    return err({ type: 'RefundExceedsCaptured', askedMinor: refund.shippingMinor, refundableMinor: shippingLeft })
  }
  if (refund.lines.length === 0) {
    return refund.shippingMinor === 0
      ? err({ type: 'NothingToDo', command: 'StartRefund' })
      : ok([{ type: 'RefundStarted', refund, at }])
  }
  return takeFrom(order, 'StartRefund', refund.lines, refundableQuantity).map((lines) => [
    { type: 'RefundStarted', refund: { ...refund, lines }, at },
  ])
}

const cancelPaid = (order: Order, { by, refund, at }: Extract<OrderCommand, { type: 'CancelPaid' }>): Decision => {
  const refundableMinor = refundableCashMinor(order)
  const whole = order.lines.every(
    (line) => sumQuantity(refund.lines.filter((each) => each.lineId === line.lineId)) === refundableQuantity(line),
  )
  if (!whole || refund.cashMinor !== refundableMinor) {
    return err({ type: 'CancelIncomplete', askedMinor: refund.cashMinor, refundableMinor })
  }
  const sold = soldPieces(order.lines, wantedPieces(order), -1)
  const started: OrderEvent = { type: 'CancellingStarted', by, sold, at }
  // Where everything is back already, or on its way, nothing more goes back.
  if (refund.lines.length === 0 && refundableMinor === 0) {
    const done = order.refunds.every((each) => each.status === 'succeeded')
    return ok(done ? [started, { type: 'OrderCancelled', by, at }] : [started])
  }
  return startRefund(order, refund, at).map((events) => [...events, started])
}

const editOrder = (order: Order, edit: Extract<OrderCommand, { type: 'Edit' }>): Decision =>
  checkEdit(order, edit).andThen(({ edited, arrived }) => {
    const { refund, at, advanceAt } = edit
    const events: readonly OrderEvent[] = arrived ? [edited, { type: 'OrderSigned', at, advanceAt }] : [edited]
    return refund === null ? ok(events) : startRefund(order, refund, at).map((started) => [...started, ...events])
  })

const settleRefund = (
  order: Order,
  { refundId, outcome, at }: Extract<OrderCommand, { type: 'SettleRefund' }>,
): Decision => {
  const refund = order.refunds.find((each) => each.refundId === refundId)
  if (refund === undefined) return err({ type: 'RefundUnknown', refundId })
  if (refund.status === outcome) return ok([])
  if (outcome === 'failed') return ok([{ type: 'RefundFailed', refundId, at }])
  const succeeded: OrderEvent = { type: 'RefundSucceeded', refundId, at }
  const last = order.refunds.every((each) => each.refundId === refundId || each.status === 'succeeded')
  return ok(
    order.status === 'cancelling' && last ? [succeeded, { type: 'OrderCancelled', by: order.by, at }] : [succeeded],
  )
}

const evolve = (state: OrderState, event: OrderEvent): OrderState => {
  if (event.type === 'OrderPlaced') return placed(event)
  if (event.type === 'OrderSplitOff') return splitOff(event)
  if (state.status === 'absent') return state
  switch (event.type) {
    case 'AttemptStarted':
      return withEdit(attempted(state, event), (edit) => ({
        ...edit,
        paymentIds: [...edit.paymentIds, event.paymentId],
      }))
    case 'AttemptFailed':
      return { ...state, failedAttempts: state.failedAttempts + 1 }
    case 'OrderPaid':
      return {
        ...factsOf(state),
        ...holdOf(state),
        status: 'paid',
        paidAt: event.at,
        paymentId: event.paymentId,
        ...(event.otherPaymentIds === undefined ? {} : { extraPaymentIds: event.otherPaymentIds }),
      }
    case 'PaymentShared':
    case 'SharePaid':
      return shared(state, event)
    case 'OrderHeld': {
      const { at, until, by, reasons } = event
      const before = state.hold
      return {
        ...state,
        hold:
          before === undefined
            ? { since: at, until, by, reasons }
            : {
                ...before,
                by,
                until: Math.min(before.until, until),
                reasons: [...new Set([...before.reasons, ...reasons])],
              },
      }
    }
    case 'PaymentReported':
      return state
    case 'HoldReleased': {
      const { hold: _, ...rest } = state
      return rest
    }
    case 'OrderDivided':
      return state.status === 'paid'
        ? { ...factsOf(state), ...paidFactsOf(state), status: 'divided', orderIds: event.orderIds }
        : state
    case 'ClosingStarted':
      return {
        ...factsOf(state),
        ...holdOf(state),
        status: 'closing',
        purpose: event.purpose,
        closeAt: event.at,
        closeTries: 0,
      }
    case 'ClosingPostponed':
      if (state.status === 'closing') return { ...state, closeAt: event.until, closeTries: state.closeTries + 1 }
      return state.status === 'paid' || state.status === 'partlyShipped' ? { ...state, closeAt: event.until } : state
    case 'EditProposed':
      return state.status === 'paid' || state.status === 'partlyShipped'
        ? { ...state, edit: { ...event.edit, payBy: event.payBy, paymentIds: [] }, closeAt: event.payBy }
        : state
    case 'EditLapsed':
      return withoutEdit(state)
    case 'OrderExtended':
      return extended(state, event)
    case 'OrderClosed':
      return {
        ...factsOf(state),
        status: 'closed',
        closedAt: event.at,
        reason: event.reason,
        ...(state.hold === undefined ? {} : { heldFor: state.hold.reasons }),
      }
    case 'OrderReinstated': {
      const reasons = state.status === 'closed' ? state.heldFor : undefined
      const hold = { since: event.at, until: event.holdUntil, by: 'watch', reasons: reasons ?? [] } as const
      return {
        ...factsOf(state),
        ...(reasons === undefined ? {} : { hold }),
        status: 'awaitingPayment',
        closeAt: event.at,
      }
    }
    case 'CancellingStarted':
      if (!('paidAt' in state)) return state
      return { ...factsOf(state), ...paidFactsOf(state), status: 'cancelling', by: event.by, since: event.at }
    case 'OrderCancelled':
      return { ...factsOf(state), status: 'cancelled', by: event.by, cancelledAt: event.at }
    case 'GoodsShipped': {
      if (!('paidAt' in state)) return state
      const lines = addTo(state.lines, 'shippedQuantity', event.lines)
      const facts = { ...factsOf(state), ...paidFactsOf(state), lines, parcelIds: [...state.parcelIds, event.parcelId] }
      return lines.some((line) => unshippedQuantity(line) > 0)
        ? { ...facts, ...editOf(state), status: 'partlyShipped' }
        : { ...facts, status: 'shipped', shippedAt: event.at, advanceAt: event.advanceAt }
    }
    case 'OrderEdited':
      return edited(state, event)
    case 'OrderRepriced':
      return repriced(state, event)
    case 'GoodsSigned':
      return { ...state, lines: addTo(state.lines, 'signedQuantity', event.lines) }
    case 'GoodsLost':
      return { ...state, lines: addTo(state.lines, 'lostQuantity', event.lines) }
    case 'OrderSigned':
      if (!('paidAt' in state)) return state
      return {
        ...factsOf(state),
        ...paidFactsOf(state),
        status: 'signed',
        signedAt: event.at,
        advanceAt: state.openReturnIds.length > 0 ? null : event.advanceAt,
      }
    case 'OrderCompleted':
      if (state.status !== 'signed') return state
      return {
        ...factsOf(state),
        ...paidFactsOf(state),
        status: 'completed',
        signedAt: state.signedAt,
        completedAt: event.at,
      }
    case 'RefundStarted':
      return {
        ...state,
        lines: addTo(state.lines, 'refundedQuantity', event.refund.lines),
        refunds: [...state.refunds, { ...event.refund, status: 'pending' }],
      }
    case 'RefundSucceeded':
      return { ...state, refunds: withRefundStatus(state.refunds, event.refundId, 'succeeded') }
    case 'RefundFailed':
      return { ...state, refunds: withRefundStatus(state.refunds, event.refundId, 'failed') }
    case 'ReturnOpened': {
      const openReturnIds = [...state.openReturnIds, event.returnId]
      return state.status === 'signed' ? { ...state, openReturnIds, advanceAt: null } : { ...state, openReturnIds }
    }
    case 'ReturnSettled': {
      const openReturnIds = state.openReturnIds.filter((returnId) => returnId !== event.returnId)
      return state.status === 'signed' && openReturnIds.length === 0
        ? { ...state, openReturnIds, advanceAt: event.advanceAt }
        : { ...state, openReturnIds }
    }
    case 'OrderDisputed':
      return { ...state, openDisputeIds: [...(state.openDisputeIds ?? []), event.disputeId] }
    case 'OrderDisputeSettled':
      return { ...state, openDisputeIds: (state.openDisputeIds ?? []).filter((each) => each !== event.disputeId) }
  }
}

const splitOff = ({ facts, paymentId, at }: Extract<OrderEvent, { type: 'OrderSplitOff' }>): Order => ({
  ...begun(facts),
  status: 'paid',
  paidAt: at,
  paymentId,
  paymentIds: paymentId === null ? [] : [paymentId],
})

const placed = ({ facts, payBy }: Extract<OrderEvent, { type: 'OrderPlaced' }>): Order => ({
  ...begun(facts),
  status: 'awaitingPayment',
  closeAt: payBy,
})

const begun = (facts: Extract<OrderEvent, { type: 'OrderPlaced' }>['facts']): OrderFacts => ({
  ...facts,
  lines: facts.lines.map(untouchedLine),
  paymentIds: [],
  failedAttempts: 0,
  refunds: [],
  parcelIds: [],
  openReturnIds: [],
})

const withRefundStatus = (
  refunds: readonly OrderRefund[],
  refundId: string,
  status: OrderRefund['status'],
): readonly OrderRefund[] => refunds.map((refund) => (refund.refundId === refundId ? { ...refund, status } : refund))

/** The life of an order. */
export const orderMachine: Decider<OrderState, OrderCommand, OrderEvent, OrderError> = {
  initial: { status: 'absent' },
  decide,
  evolve,
}
