import type { Dispute } from '../../payments/dispute.js'
import { disputeMachine } from '../../payments/dispute-machine.js'
import type { HeldReceipt } from '../../payments/held-receipt.js'
import { onDelivery } from '../../payments/offline.js'
import type { Payment } from '../../payments/payment.js'
import {
  capturableMinor,
  holdingDisputes,
  isUndecided,
  refundableMinor,
  untakenMinor,
} from '../../payments/payment-machine.js'
import type { DisputePort } from '../../payments/ports.js'
import type { Refund } from '../../payments/refund.js'
import { allowsCommand } from '../../shared/decider.js'
import type { Grants } from '../../shared/grants.js'
import type { Instant } from '../../shared/instant.js'
import { openEditAttempts } from '../editing/settle-edit.js'
import { attemptsToEnd } from '../money/attempt-underway.js'
import { isEnding, takeableMinor, uncapturedMinor } from '../money/order-money.js'
import type { OrderCommand } from '../order-command.js'
import { dueOnDelivery } from '../order-dues.js'
import { undecidedLosses } from '../order-losses.js'
import { orderMachine } from '../order-machine.js'
import {
  askedBackQuantity,
  payingIdsOf,
  refundableCashMinor,
  refundableQuantity,
  refundableShippingMinor,
  returnableQuantity,
  unshippedQuantity,
} from '../order-pieces.js'
import type { OrderRow } from '../order-row.js'
import { hasPaidShare } from '../order-share-steps.js'
import { orderTable } from '../order-table.js'
import { isAwaited } from '../parcels/awaited-parcel.js'
import type { Parcel } from '../parcels/parcel.js'
import { parcelMachine } from '../parcels/parcel-machine.js'
import { maySharePayment } from '../payers/check-sharing.js'
import { mayBeginAttempt } from '../paying/check-attempt.js'
import { checkUnheard } from '../paying/decide-payment.js'
import { isFault, noReturnGroundOf, returnableUntil } from '../policy/return-window.js'
import { mayPayByHand, mayRetryRefund } from '../refunds/rescue-commands.js'
import { mayAcceptHeldMoney } from '../suspense/check-acceptance.js'
import { mayReturnByHand, mayReturnHeldMoney } from '../suspense/check-held-money.js'

/** Something that may be done with an order next; each is named as the verb that does it. */
export type NextAction =
  | 'pay'
  | 'sharePayment'
  | 'queryPayment'
  | 'decidePayment'
  | 'confirmReceipt'
  | 'releaseHold'
  | 'rejectHold'
  | 'ship'
  | 'capture'
  /** By a preview first (`previewEdit`, `applyEdit`). */
  | 'edit'
  | 'cancel'
  | 'correctParcel'
  | 'recordScan'
  | 'recordDelivery'
  | 'recordLoss'
  | 'recordParcelReturn'
  | 'reship'
  | 'recordReceipt'
  | 'returnReceipt'
  | 'acceptHeldMoney'
  | 'returnHeldMoney'
  | 'returnHeldByHand'
  | 'complete'
  /** `shop.aftersales.requestReturn`. */
  | 'requestReturn'
  | 'refund'
  | 'retryRefund'
  | 'payRefundByHand'
  | 'decideRefund'
  | 'submitEvidence'
  | 'acceptDispute'
  | 'decideDispute'
  | 'reportPayment'

/** Who asks what may be done: the buyer, the merchant whose goods alone are in the order, or the shop's own. */
export type OrderParty = 'buyer' | 'merchant' | 'staff'

/** An order and what hangs on it, as it stands at a moment. */
export type OrderNow = {
  readonly order: OrderRow
  readonly payments: readonly Payment[]
  /** Of these payments. */
  readonly refunds: readonly Refund[]
  readonly parcels: readonly Parcel[]
  /** Money of statements that was recorded for these payments and is not theirs yet. */
  readonly receipts: readonly HeldReceipt[]
  /** Of these payments. */
  readonly disputes: readonly Dispute[]
  /** What a gateway takes about disputes; undefined where nothing. */
  readonly disputesAt: (gatewayId: string) => DisputePort | undefined
  /** Whether the shop has a gateway of that name. */
  readonly hasGateway: (gatewayId: string) => boolean
  /** Whether a gateway sends no money itself, so that a person sends its refunds. */
  readonly isSentByHand: (gatewayId: string) => boolean
  /** Whether a person may say what came of a refund, as its gateway does not. */
  readonly isInDoubt: (refund: Refund) => boolean
  /** Whether a person may say how a dispute has ended, as its gateway does not. */
  readonly isDisputeInDoubt: (dispute: Dispute) => boolean
  readonly at: Instant
}

/**
 * What may be done with an order as it stands: whatever is named is not refused for the order's state, nor denied, and what is
 * not named is, but for what changes nothing.
 *
 * @param may - whether an action is granted to whoever asks, by its name (`orders.ship`): `verbsOf` names those it is asked for
 */
export const nextActions = (standing: OrderNow, by: OrderParty, may: Grants): readonly NextAction[] =>
  actions.flatMap(([action, isOpen]) => (neededFor(action).every(may) && isOpen(standing, by, may) ? [action] : []))

/** The actions of access that doing something may ask for, by their names. */
export const verbsOf = (action: NextAction): readonly string[] =>
  action === 'ship' ? [...neededFor(action), capture] : neededFor(action)

/** Those of them that are of one kind of row, or only read: whoever is bound by a condition on fields may do them. */
export const verbsOfOneKind: readonly string[] = [
  'orders.queryPayment',
  'orders.returnReceipt',
  'orders.returnHeldByHand',
  'orders.submitEvidence',
  'orders.acceptDispute',
]

const capture = 'orders.capture'

// Without any of these it is denied.
const neededFor = (action: NextAction): readonly string[] => {
  if (action === 'edit') return ['orders.previewEdit', 'orders.applyEdit']
  return [action === 'requestReturn' ? 'aftersales.requestReturn' : `orders.${action}`]
}

type Guard = (standing: OrderNow, by: OrderParty, may: Grants) => boolean

// The machine is asked itself.
const decides =
  (command: (standing: OrderNow) => OrderCommand): Guard =>
  (standing) =>
    orderMachine.decide(standing.order, command(standing)).isOk()

const allows = ({ status }: OrderRow, command: OrderCommand['type']): boolean =>
  allowsCommand(orderTable, { status, command })

/** Whether no dispute holds what is paid already, of which nobody may send anything back then. */
export const isFreeToLeave = ({ order, payments }: Pick<OrderNow, 'order' | 'payments'>): boolean =>
  payments.every((payment) => !payingIdsOf(order).includes(payment.paymentId) || holdingDisputes(payment).length === 0)

const mayCancel: Guard = (standing) => {
  const { order } = standing
  if (order.status === 'awaitingPayment' || order.status === 'closing') return !isGivenUp(order)
  return allows(order, 'CancelPaid') && isFreeToLeave(standing) && isAllThere(standing)
}

// While nobody knows whether money was taken, only what was, or never will be, can be given back. What a person said was
// taken, and is being taken since, counts as taken and lost meanwhile.
const thereMinor = (payings: readonly Payment[]): number =>
  payings.some((payment) => payment.capturing !== undefined && isUndecided(payment))
    ? payings.reduce((sum, each) => sum + Math.max(0, refundableMinor(each)) + Math.max(0, untakenMinor(each)), 0)
    : Number.POSITIVE_INFINITY

const isAllThere = ({ order, payments }: OrderNow): boolean =>
  refundableCashMinor(order) <= thereMinor(payingsOf(order, payments))

const isGivenUp = (order: OrderRow): boolean => order.status === 'closing' && order.purpose.kind === 'cancel'

const mayRejectHold: Guard = (standing) => {
  const { order } = standing
  const { hold } = order
  return (
    hold !== undefined &&
    allows(order, 'ReleaseHold') &&
    (!('paidAt' in order) || (isFreeToLeave(standing) && (order.status !== 'paid' || isAllThere(standing))))
  )
}

// A dearer change that waits gives way to another, unless an attempt to pay it is under way.
const mayEdit: Guard = ({ order, payments }) => {
  // What one of several has paid was their part of this price.
  if (order.status === 'awaitingPayment') return !hasPaidShare(order)
  return (
    allows(order, 'Edit') &&
    (order.status === 'paid' ||
      (order.lines.some((line) => unshippedQuantity(line) > 0) && thereMinor(payingsOf(order, payments)) > 0)) &&
    attemptsToEnd(order.orderId, openEditAttempts(order, payments)).isOk()
  )
}

// Staff who may take what is held take it as goods leave; all others send what is paid.
const mayShip: Guard = ({ order, payments, refunds, hasGateway }, by, may) => {
  if (!allows(order, 'Ship') || order.hold !== undefined) return false
  const payings = payingsOf(order, payments)
  const [paying] = payings
  const takesMinor =
    by === 'staff' && may(capture) && paying !== undefined && isTakeable(paying, hasGateway)
      ? capturableMinor(paying)
      : 0
  return order.lines.some((line) => {
    if (unshippedQuantity(line) === 0) return false
    const missing = uncapturedMinor(order, payings, refunds, [{ lineId: line.lineId, quantity: 1 }])
    return payings.length === 0 || missing.unwrapOr(0) <= Math.max(dueOnDelivery(order), takesMinor)
  })
}

const payingsOf = (order: OrderRow, payments: readonly Payment[]): readonly Payment[] =>
  payingIdsOf(order).flatMap((paymentId) => payments.filter((payment) => payment.paymentId === paymentId))

const mayCapture: Guard = ({ order, payments, hasGateway }) => {
  const [paying] = payingsOf(order, payments)
  return (
    paying !== undefined &&
    paying.method !== onDelivery &&
    isTakeable(paying, hasGateway) &&
    takeableMinor(order, paying) > 0
  )
}

// By one capture after the other, of a gateway that is there.
const isTakeable = ({ capturing, gatewayId }: Payment, hasGateway: OrderNow['hasGateway']): boolean =>
  capturing === undefined && hasGateway(gatewayId)

const isUnderWay = ({ status }: Parcel): boolean => status === 'shipped' || status === 'inTransit'

const mayMoveParcel =
  (type: 'Scan' | 'Deliver' | 'Lose' | 'ComeBack'): Guard =>
  ({ order, parcels, at }) =>
    parcels.some(
      (parcel) =>
        isUnderWay(parcel) &&
        parcelMachine.decide(parcel, { type, at }).isOk() &&
        (type === 'Scan' || type === 'Deliver' || mayLose(order, parcel, parcels, at)),
    )

// What its buyer has confirmed is not lost any more: the parcel is.
const mayLose = (order: OrderRow, parcel: Parcel, parcels: readonly Parcel[], at: Instant): boolean => {
  const { parcelId } = parcel
  const lines = isAwaited(order, parcel, parcels) ? parcel.lines : []
  return orderMachine.decide(order, { type: 'LoseParcel', parcelId, lines, at, advanceAt: at, makeGoodBy: at }).isOk()
}

const mayReturn: Guard = ({ order, at }, by) =>
  allows(order, 'RecordReturn') &&
  (['quality', 'noReason'] as const).some((reason) => {
    const until = returnableUntil(order, reason)
    return (
      (by === 'staff' || until === null || at < until) &&
      order.lines.some(
        (line) =>
          returnableQuantity(order, line) > askedBackQuantity(order, line.lineId) &&
          (by === 'staff' || isFault(reason) || noReturnGroundOf(order, line.lineId) === undefined),
      )
    )
  })

const mayRefund: Guard = (standing) =>
  allows(standing.order, 'StartRefund') &&
  isFreeToLeave(standing) &&
  thereMinor(payingsOf(standing.order, standing.payments)) > 0 &&
  (standing.order.lines.some((line) => refundableQuantity(line) > 0) || refundableShippingMinor(standing.order) > 0)

// What is held for an order that is paid by it has nothing to tell but what becomes of a capture, or of its end; of what a
// person has said was taken, that it was.
const isQueried: Guard = ({ order, payments }) =>
  payments.some(
    (payment) =>
      payment.said !== undefined ||
      (isUndecided(payment) &&
        (!payingIdsOf(order).includes(payment.paymentId) || payment.capturing !== undefined || isEnding(payment))),
  )

const awaitsReceipt: Guard = ({ order, payments }) =>
  dueOnDelivery(order) > 0 ||
  payments.some((payment) => !payment.queryable && payment.method !== onDelivery && isUndecided(payment))

const holdsReceipt: Guard = ({ receipts }) => receipts.some(({ status }) => status === 'held' || status === 'owedBack')

const ofRefunds =
  (may: (payment: Payment, refund: Refund, standing: OrderNow) => boolean): Guard =>
  (standing) =>
    standing.refunds.some((refund) => {
      const payment = standing.payments.find(({ paymentId }) => paymentId === refund.paymentId)
      return payment !== undefined && may(payment, refund, standing)
    })

const ofDisputes =
  (takes: 'submitEvidence' | 'accept'): Guard =>
  ({ disputes, disputesAt, at }) => {
    const sending = takes === 'accept' ? ({ accepts: true } as const) : {}
    return disputes.some(
      (dispute) =>
        disputesAt(dispute.gatewayId)?.[takes] !== undefined &&
        disputeMachine.decide(dispute, { type: 'SendEvidence', evidenceId: '', ...sending, at }).isOk(),
    )
  }

// Each with whether it may be done now: by what the verb itself asks.
const actions: readonly (readonly [NextAction, Guard])[] = [
  ['pay', ({ order, payments, at }) => mayBeginAttempt(order, payments, at)],
  ['sharePayment', ({ order, payments, at }) => maySharePayment(order, payments, at)],
  ['queryPayment', isQueried],
  ['decidePayment', ({ payments, at }) => payments.some((payment) => checkUnheard(payment, at).isOk())],
  [
    'confirmReceipt',
    decides(({ at }) => ({ type: 'Sign', parcelId: null, lines: null, by: 'buyer', at, advanceAt: at })),
  ],
  ['releaseHold', decides(({ at }) => ({ type: 'ReleaseHold', by: 'staff', at }))],
  ['rejectHold', mayRejectHold],
  ['ship', mayShip],
  ['capture', mayCapture],
  ['edit', mayEdit],
  ['cancel', mayCancel],
  ['correctParcel', ({ parcels }) => parcels.some(isUnderWay)],
  ['recordScan', mayMoveParcel('Scan')],
  ['recordDelivery', mayMoveParcel('Deliver')],
  ['recordLoss', mayMoveParcel('Lose')],
  ['recordParcelReturn', mayMoveParcel('ComeBack')],
  ['reship', decides(({ order, at }) => ({ type: 'Reship', lines: undecidedLosses(order), at }))],
  ['recordReceipt', awaitsReceipt],
  ['returnReceipt', holdsReceipt],
  ['acceptHeldMoney', ({ order, payments, at }) => payments.some((payment) => mayAcceptHeldMoney(order, payment, at))],
  ['returnHeldMoney', ({ order, payments }) => payments.some((payment) => mayReturnHeldMoney(order, payment))],
  ['returnHeldByHand', ({ payments }) => payments.some((payment) => mayReturnByHand(payment))],
  ['complete', decides(({ at }) => ({ type: 'Complete', at }))],
  ['requestReturn', mayReturn],
  ['refund', mayRefund],
  [
    'retryRefund',
    ofRefunds(
      (payment, refund, { hasGateway, at }) => hasGateway(refund.gatewayId) && mayRetryRefund(payment, refund, at),
    ),
  ],
  [
    'payRefundByHand',
    ofRefunds((payment, refund, { isSentByHand, at }) =>
      mayPayByHand(payment, refund, isSentByHand(refund.gatewayId), at),
    ),
  ],
  ['decideRefund', ofRefunds((_, refund, { isInDoubt }) => isInDoubt(refund))],
  ['submitEvidence', ofDisputes('submitEvidence')],
  ['acceptDispute', ofDisputes('accept')],
  ['decideDispute', ({ disputes, isDisputeInDoubt }) => disputes.some(isDisputeInDoubt)],
  ['reportPayment', decides(({ at }) => ({ type: 'ReportPayment', at }))],
]
