import { err, ok, type Result } from 'neverthrow'
import { match } from 'ts-pattern'
import { allowsCommand, type Decider } from '../shared/decider.js'
import type { ClosingPurpose, Order, OrderFacts } from './order.js'
import type { OrderCommand } from './order-command.js'
import { collectedDues, completesAt, handedOver, newDues, unbroughtDues, withDues } from './order-dues.js'
import { collect, completeOrder, endUndelivered } from './order-dues-steps.js'
import {
  addedPieces,
  checkEdit,
  edited,
  extended,
  repriced,
  tried,
  whileNoEdit,
  withoutEdit,
} from './order-edit-steps.js'
import type { OrderError } from './order-error.js'
import type { OrderEvent } from './order-event.js'
import { loseParcel, reship, reshipped, ship, sign } from './order-goods-steps.js'
import { afterLosses, lostLines, notLate, withLoss } from './order-losses.js'
import {
  addTo,
  editOf,
  factsOf,
  heldOncePaid,
  holdOf,
  isPayable,
  isUntouched,
  paidFactsOf,
  refundableCashMinor,
  soldPieces,
  unshippedQuantity,
  untouchedLine,
  wantedPieces,
} from './order-pieces.js'
import {
  awaitedSettled,
  cancelPaid,
  refundBegun,
  refundSettled,
  settleAwaited,
  settleRefund,
  startRefund,
} from './order-refund-steps.js'
import { acceptPart, hasPaidShare, payShare, shared, sharePayment, withPart } from './order-share-steps.js'
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
    .with({ type: 'AcceptPart' }, (part) => acceptPart(state, part))
    .with({ type: 'FailAttempt' }, (failure) => failAttempt(state, failure))
    .with({ type: 'Pay' }, (payment) => pay(state, payment))
    .with({ type: 'PayByEarlier' }, ({ type: _, ...swap }) =>
      isUntouched(state) && state.paymentId === swap.laterId
        ? ok([{ type: 'PaidByEarlier', ...swap }])
        : forbid(state, command),
    )
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
    .with({ type: 'PostponeLoss' }, ({ until, at }) =>
      state.makeGoodBy === undefined
        ? err({ type: 'NothingToDo', command: 'PostponeLoss' })
        : ok([{ type: 'LossPostponed', until, at }]),
    )
    .with({ type: 'Reship' }, (again) => reship(state, again))
    .with({ type: 'PostponeReceipt' }, ({ type: _, ...postponed }) => ok([{ type: 'ReceiptPostponed', ...postponed }]))
    .with({ type: 'Collect' }, (collection) => collect(state, collection))
    .with({ type: 'EndUndelivered' }, ({ by, at }) => endUndelivered(state, by, at))
    .with({ type: 'Complete' }, ({ at }) => completeOrder(state, at))
    .with({ type: 'StartRefund' }, ({ refund, at }) => startRefund(state, refund, at))
    .with({ type: 'SettleRefund' }, (settled) => settleRefund(state, settled))
    .with({ type: 'SettleAwaited' }, (awaited) => settleAwaited(state, awaited))
    .with({ type: 'RecordReturn' }, ({ returnId, lines, open, at, advanceAt }) => {
      if (open === state.openReturnIds.includes(returnId)) return ok([])
      return ok([
        open ? { type: 'ReturnOpened', returnId, lines, at } : { type: 'ReturnSettled', returnId, at, advanceAt },
      ])
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
  { paymentId, maximum, isUncounted, at }: Extract<OrderCommand, { type: 'FailAttempt' }>,
): Decision => {
  if (order.status !== 'awaitingPayment' && order.status !== 'closing') return ok([])
  if (isUncounted === true) return ok([{ type: 'AttemptFailed', paymentId, isUncounted, at }])
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
      return ok([{ type: 'OrderCancelled', by: purpose.by, unpaid: true, at }])
  }
}

const pay = (order: Order, command: Extract<OrderCommand, { type: 'Pay' }>): Decision => {
  const { paymentId, otherPaymentIds, captured, onDelivery, orderIds, discounts, at } = command
  if (!isPayable(order)) return forbid(order, command)
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
    ...(onDelivery === undefined ? {} : { onDelivery }),
    currency: owed.currency,
    sold: soldPieces(order.lines, wantedPieces(order), 1),
    ...(discounts === undefined ? {} : { discounts }),
    at,
  }
  return ok(orderIds === undefined ? [paid] : [paid, { type: 'OrderDivided', orderIds, at }])
}

const extendOrder = (order: Order, command: Extract<OrderCommand, { type: 'ExtendOrder' }>): Decision => {
  const { type: _, priced, ...extension } = command
  const { edit } = editOf(order)
  if (edit === undefined) return forbid(order, command)
  const { editId, by, differenceMinor: paidMinor } = edit
  const owed = { minor: refundableCashMinor(order) + paidMinor, currency: order.currency }
  if (priced.totals.payableMinor !== owed.minor) {
    return err({ type: 'PaymentDiffers', expected: owed, actual: { ...owed, minor: priced.totals.payableMinor } })
  }
  const added = addedPieces(order.lines, priced.lines)
  const sold = soldPieces(priced.lines, added, 1)
  return ok([{ ...extension, type: 'OrderExtended', editId, by, paidMinor, priced, added, sold }])
}

const editOrder = (order: Order, edit: Extract<OrderCommand, { type: 'Edit' }>): Decision =>
  checkEdit(order, edit).andThen(({ edited, arrived }) => {
    const { refund, at, advanceAt } = edit
    const events: readonly OrderEvent[] = arrived ? [edited, { type: 'OrderSigned', at, advanceAt }] : [edited]
    return refund === null ? ok(events) : startRefund(order, refund, at).map((started) => [...started, ...events])
  })

const evolve = (state: OrderState, event: OrderEvent): OrderState => {
  const next = step(state, event)
  return next.status === 'absent' ? next : afterLosses(next)
}

const step = (state: OrderState, event: OrderEvent): OrderState => {
  if (event.type === 'OrderPlaced') return placed(event)
  if (event.type === 'OrderSplitOff') return splitOff(event)
  if (state.status === 'absent') return state
  switch (event.type) {
    case 'AttemptStarted':
      return tried(state, event)
    case 'AttemptFailed':
      return event.isUncounted === true ? state : { ...state, failedAttempts: state.failedAttempts + 1 }
    case 'OrderPaid':
      return {
        ...factsOf(state),
        ...heldOncePaid(state, event.at),
        status: 'paid',
        paidAt: event.at,
        paymentId: event.paymentId,
        ...(event.otherPaymentIds === undefined ? {} : { extraPaymentIds: event.otherPaymentIds }),
        ...(event.onDelivery === undefined ? {} : { onDelivery: newDues(event.paidMinor) }),
      }
    case 'PaidByEarlier':
      return 'paidAt' in state ? { ...state, paymentId: event.paymentId } : state
    case 'PaymentShared':
    case 'SharePaid':
      return shared(state, event)
    case 'PartAccepted':
      return withPart(state, event)
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
    case 'OrderDivided': {
      if (state.status !== 'paid') return state
      // What is collected on delivery each of its orders collects for itself, and what is disputed is of theirs.
      const { onDelivery: _, ...paid } = paidFactsOf(state)
      const { openDisputeIds: __, ...facts } = factsOf(state)
      return { ...facts, ...paid, status: 'divided', orderIds: event.orderIds }
    }
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
        ? {
            ...state,
            edit: { ...event.edit, payBy: event.payBy, proposedAt: event.at, paymentIds: [] },
            closeAt: event.payBy,
          }
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
    case 'OrderCancelled': {
      // It hears of no dispute any more, and would be shown as disputed for ever: nothing of it waits for one.
      const { openDisputeIds: _, ...facts } = factsOf(state)
      return { ...facts, status: 'cancelled', by: event.by, cancelledAt: event.at }
    }
    case 'GoodsShipped': {
      if (!('paidAt' in state)) return state
      const lines = addTo(state.lines, 'shippedQuantity', event.lines)
      const facts = { ...factsOf(state), ...paidFactsOf(state), lines, parcelIds: [...state.parcelIds, event.parcelId] }
      const shipped: Order = lines.some((line) => unshippedQuantity(line) > 0)
        ? { ...facts, ...editOf(state), status: 'partlyShipped' }
        : { ...facts, status: 'shipped', shippedAt: event.at, advanceAt: event.advanceAt }
      return withDues(shipped, { outMinor: event.collectMinor ?? 0 }, event.at)
    }
    case 'MoneyCollected':
      return withDues(state, collectedDues(event), event.at)
    case 'OrderEdited':
      return edited(state, event)
    case 'OrderRepriced':
      return repriced(state, event)
    case 'GoodsSigned':
      return handedOver({ ...state, lines: addTo(state.lines, 'signedQuantity', event.lines) }, event)
    case 'GoodsLost':
      return withDues(
        withLoss(notLate({ ...state, lines: lostLines(state, event.lines) }), event.makeGoodBy),
        unbroughtDues(event),
        event.at,
      )
    case 'LossPostponed':
      return { ...state, makeGoodBy: event.until }
    case 'ReshipmentBegun':
      return reshipped(state, event)
    case 'ReceiptPostponed':
      return postponed(state, event)
    case 'OrderSigned':
      if (!('paidAt' in state)) return state
      return {
        ...factsOf(state),
        ...paidFactsOf(state),
        status: 'signed',
        signedAt: event.at,
        ...completesAt(state, event.advanceAt),
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
      return refundBegun(state, event)
    case 'AwaitedMoneySettled':
      return awaitedSettled(state, event)
    case 'RefundSucceeded':
    case 'RefundFailed':
      return refundSettled(state, event)
    case 'ReturnOpened': {
      const { returnId, lines } = event
      const openReturnIds = [...state.openReturnIds, returnId]
      const askedBack = [...(state.askedBack ?? []), ...lines.map((line) => ({ ...line, returnId }))]
      const opened = { openReturnIds, askedBack }
      return state.status === 'signed' ? { ...state, ...opened, advanceAt: null } : { ...state, ...opened }
    }
    case 'ReturnSettled': {
      const { askedBack: before = [], ...rest } = state
      const openReturnIds = state.openReturnIds.filter((returnId) => returnId !== event.returnId)
      const askedBack = before.filter(({ returnId }) => returnId !== event.returnId)
      const settled = { ...rest, openReturnIds, ...(askedBack.length === 0 ? {} : { askedBack }) }
      return settled.status === 'signed' && openReturnIds.length === 0
        ? { ...settled, ...completesAt(settled, event.advanceAt) }
        : settled
    }
    case 'OrderDisputed':
      return { ...state, openDisputeIds: [...(state.openDisputeIds ?? []), event.disputeId] }
    case 'OrderDisputeSettled':
      return { ...state, openDisputeIds: (state.openDisputeIds ?? []).filter((each) => each !== event.disputeId) }
  }
}

const splitOff = ({ facts, paymentId, onDelivery, at }: Extract<OrderEvent, { type: 'OrderSplitOff' }>): Order => ({
  ...begun(facts),
  status: 'paid',
  paidAt: at,
  paymentId,
  paymentIds: paymentId === null ? [] : [paymentId],
  ...(onDelivery === undefined ? {} : { onDelivery: newDues(facts.totals.payableMinor) }),
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

/** The life of an order. */
export const orderMachine: Decider<OrderState, OrderCommand, OrderEvent, OrderError> = {
  initial: { status: 'absent' },
  decide,
  evolve,
}

const postponed = (state: Order, event: Extract<OrderEvent, { type: 'ReceiptPostponed' }>): Order => {
  if (state.status !== 'shipped') return state
  const { lateSince = state.advanceAt, ...shipped } = state
  return { ...shipped, ...(event.parcelIds.length === 0 ? {} : { lateSince }), advanceAt: event.until }
}
