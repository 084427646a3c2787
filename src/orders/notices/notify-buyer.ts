import { textIn } from '../../catalog/local-text.js'
import { heldReceipts } from '../../payments/held-receipt.schema.js'
import { gatewayErrorMessages, methodNames } from '../../payments/messages.js'
import type { Payment } from '../../payments/payment.js'
import { payments } from '../../payments/payment.schema.js'
import { isAwaited } from '../../payments/payment-machine.js'
import { refunds } from '../../payments/refund.schema.js'
import { missingMinor } from '../../payments/refund-machine.js'
import type { Change } from '../../shared/commit.js'
import type { Instant } from '../../shared/instant.js'
import type { Locale, Messages } from '../../shared/messages.js'
import { type Reaction, reactOnce } from '../../shared/reaction.js'
import { find, row, rows } from '../../shared/read-plan.js'
import { methodNamesOf } from '../books/render-bills.js'
import { isForEdit } from '../editing/settle-edit.js'
import { isStillAsked } from '../money/order-payers.js'
import { isOnDelivery } from '../money/promised-money.js'
import { orders, parcels } from '../order.collection.schema.js'
import type { CloseReason } from '../order.js'
import { payEditBy } from '../order-pieces.js'
import type { OrderRow } from '../order-row.js'
import type { LateReason } from '../parcels/parcel.js'
import { payerReactions } from '../payers/notify-payers.js'
import {
  causeOf,
  inShopHours,
  lastDayToShip,
  moneyOf,
  nothing,
  noticeOf,
  payerOf,
  piecesOf,
  tell,
  textOf,
} from './order-notice.js'
import { tellDifference, tellDifferencePaid } from './tell-difference.js'

/**
 * Tells the buyer that the order is paid: its number, the amount, by what, also where several paid it, and by when it leaves;
 * or that it is confirmed, and what is to be paid when it comes.
 */
export const tellPaid: Reaction = {
  name: 'orders.tellPaid',
  listensTo: ['order/OrderPaid'],
  react: (ports, event) =>
    reactOnce(
      ports,
      { name: 'orders.tellPaid', event },
      {
        plan: () => ({
          order: row(orders, event.rowId),
          attempts: rows(payments, { from: 'order', path: 'paymentIds.*' }),
        }),
        decide: ({ order, attempts }, { now }) => {
          if (order === undefined) return nothing
          const { state } = order
          const paidBy = [textOf(event, 'paymentId'), ...(state.payers ?? []).map((payer) => payer.paidBy)]
          const methods = attempts.filter(({ id }) => paidBy.includes(id)).map(({ state: { method } }) => method)
          const byPoints = methods.length === 0
          if (event.body.onDelivery === true) {
            return tell(causeOf(event, now), state, 'orderConfirmed', {
              amount: moneyOf(state, state.totals.payableMinor),
              shipBy: lastDayToShip(state, event.at),
            })
          }
          return tell(causeOf(event, now), state, 'paymentSucceeded', {
            amount: moneyOf(state, byPoints ? state.totals.pointsMinor : state.totals.payableMinor),
            method: byPoints ? pointsName : namesOf(methods),
            shipBy: lastDayToShip(state, event.at),
          })
        },
      },
    ),
}

/**
 * Tells whoever tried to pay that it failed, why, and until when to try again: the order, their part of it, or the
 * difference that a change of it costs. Not once that is paid.
 */
export const tellPaymentFailed: Reaction = {
  name: 'orders.tellPaymentFailed',
  listensTo: ['payment/PaymentFailed'],
  react: (ports, event) =>
    reactOnce(
      ports,
      { name: 'orders.tellPaymentFailed', event },
      {
        plan: () => ({ payment: row(payments, event.rowId), order: row(orders, { from: 'payment', path: 'orderId' }) }),
        decide: ({ payment, order }, { now }) => {
          if (order === undefined || payment === undefined) return nothing
          const due = dueOf(order.state, payment.state)
          if (due === undefined) return nothing
          const { known, method } = payment.state
          return tell(causeOf(event, now), payerOf(order.state, payment.state), due.template, {
            amount: moneyOf(order.state, payment.state.amountMinor),
            method: methodNames[method],
            payBy: inShopHours(order.state, due.payBy),
            reason: gatewayErrorMessages[known.failure?.code ?? 'InstrumentDeclined'],
          })
        },
      },
    ),
}

/**
 * Tells whoever pays by a way that takes days until when their money is waited for, where that is later than they knew; not
 * once it has come, or is not waited for any more.
 */
export const tellAwaited: Reaction = {
  name: 'orders.tellAwaited',
  listensTo: ['order/AttemptStarted'],
  react: (ports, event) =>
    reactOnce(
      ports,
      { name: 'orders.tellAwaited', event },
      {
        plan: () => ({
          begun: row(payments, textOf(event, 'paymentId')),
          order: row(orders, event.rowId),
          attempts: rows(payments, { from: 'order', path: 'paymentIds.*' }),
        }),
        decide: ({ order, begun, attempts }, { now }) => {
          if (order === undefined || begun === undefined || event.body.payBy === undefined) return nothing
          // Who has begun the same anew since is told of what they have begun last.
          const { method, payerAccountId } = begun.state
          const payment = attempts.find(
            ({ state }) => isAwaited(state) && state.method === method && state.payerAccountId === payerAccountId,
          )
          const due = payment === undefined ? undefined : dueOf(order.state, payment.state)
          if (payment === undefined || due === undefined) return nothing
          return tell(causeOf(event, now), payerOf(order.state, payment.state), 'paymentAwaited', {
            amount: moneyOf(order.state, payment.state.amountMinor),
            method: methodNames[method],
            payBy: inShopHours(order.state, due.payBy),
          })
        },
      },
    ),
}

/** Tells the buyer that a parcel has left. */
export const tellShipped: Reaction = {
  name: 'orders.tellShipped',
  listensTo: ['order/GoodsShipped'],
  react: (ports, event) =>
    reactOnce(
      ports,
      { name: 'orders.tellShipped', event },
      {
        plan: () => ({ order: row(orders, event.rowId), parcel: row(parcels, textOf(event, 'parcelId')) }),
        decide: ({ order, parcel }, { now }) => {
          if (order === undefined || parcel === undefined) return nothing
          const { carrier, trackingNumber } = parcel.state
          const { collectMinor = 0 } = parcel.state
          return collectMinor === 0
            ? tell(causeOf(event, now), order.state, 'orderShipped', { carrier, trackingNumber })
            : tell(causeOf(event, now), order.state, 'orderShippedUnpaid', {
                carrier,
                trackingNumber,
                amount: moneyOf(order.state, collectMinor),
              })
        },
      },
    ),
}

/** Tells the buyer by which number a parcel is found, where it was told wrongly. */
export const tellCorrected: Reaction = {
  name: 'orders.tellCorrected',
  listensTo: ['parcel/ParcelCorrected'],
  react: (ports, event) =>
    reactOnce(
      ports,
      { name: 'orders.tellCorrected', event },
      {
        plan: () => ({ parcel: row(parcels, event.rowId), order: row(orders, { from: 'parcel', path: 'orderId' }) }),
        decide: ({ parcel, order }, { now }) => {
          if (order === undefined || parcel === undefined) return nothing
          const { carrier, trackingNumber } = parcel.state
          return tell(causeOf(event, now), order.state, 'parcelCorrected', { carrier, trackingNumber })
        },
      },
    ),
}

/** Tells the buyer of money that was collected on delivery, and what of the order is still to be paid so. */
export const tellCollected: Reaction = {
  name: 'orders.tellCollected',
  listensTo: ['order/MoneyCollected'],
  react: (ports, event) =>
    reactOnce(
      ports,
      { name: 'orders.tellCollected', event },
      {
        plan: () => ({ order: row(orders, event.rowId) }),
        decide: ({ order }, { now }) =>
          order === undefined
            ? nothing
            : tell(causeOf(event, now), order.state, 'collectedOnDelivery', {
                amount: moneyOf(order.state, Number(event.body.amountMinor)),
                left: moneyOf(order.state, Number(event.body.dueMinor)),
              }),
      },
    ),
}

/** Tells the buyer that a parcel is late, and why the shop thinks so; not once it has come. */
export const tellLate: Reaction = {
  name: 'orders.tellLate',
  listensTo: ['parcel/ParcelLate'],
  react: (ports, event) =>
    reactOnce(
      ports,
      { name: 'orders.tellLate', event },
      {
        plan: () => ({ parcel: row(parcels, event.rowId), order: row(orders, { from: 'parcel', path: 'orderId' }) }),
        decide: ({ parcel, order }, { now }) => {
          if (order === undefined || parcel === undefined) return nothing
          const { carrier, trackingNumber } = parcel.state
          if (!('late' in parcel.state) || parcel.state.late === undefined) return nothing
          const reason = lateReasonTexts[parcel.state.late.reason]
          return tell(causeOf(event, now), order.state, 'parcelLate', { carrier, trackingNumber, reason })
        },
      },
    ),
}

/**
 * Tells whoever paid that money has gone back, also money that came too late or twice, and that of their part; and whether
 * to where it was paid from, which it did not where a person has paid it another way, nor where it was paid in cash.
 */
export const tellRefunded: Reaction = {
  name: 'orders.tellRefunded',
  listensTo: ['refund/RefundSucceeded', 'refund/RefundPaidManually'],
  react: (ports, event) =>
    reactOnce(
      ports,
      { name: 'orders.tellRefunded', event },
      {
        plan: () => ({
          refund: row(refunds, event.rowId),
          order: row(orders, { from: 'refund', path: 'orderId' }),
          payment: row(payments, { from: 'refund', path: 'paymentId' }),
        }),
        decide: ({ refund, order, payment }, { now }) => {
          if (refund === undefined || order === undefined) return nothing
          const cameInCash = payment !== undefined && isOnDelivery(payment.state)
          const template = event.type === 'RefundPaidManually' || cameInCash ? 'refundPaidByHand' : 'refundSucceeded'
          return tell(causeOf(event, now), payerOf(order.state, refund.state), template, {
            amount: moneyOf(order.state, refund.state.amountMinor),
          })
        },
      },
    ),
}

/**
 * Tells whoever paid that money which was to go back did not arrive, or came back, and is owed to them still; not once it
 * has gone all the same.
 */
export const tellRefundFailed: Reaction = {
  name: 'orders.tellRefundFailed',
  listensTo: ['refund/RefundFailed', 'refund/RefundReversed'],
  react: (ports, event) =>
    reactOnce(
      ports,
      { name: 'orders.tellRefundFailed', event },
      {
        plan: () => ({ refund: row(refunds, event.rowId), order: row(orders, { from: 'refund', path: 'orderId' }) }),
        decide: ({ refund, order }, { now }) => {
          if (refund === undefined || order === undefined) return nothing
          const { status } = refund.state
          if (status !== 'failed' && status !== 'manualPayout') return nothing
          const amount = moneyOf(order.state, missingMinor(refund.state))
          return tell(causeOf(event, now), payerOf(order.state, refund.state), 'refundFailed', { amount })
        },
      },
    ),
}

/**
 * Tells the buyer that others have given the whole order up, the shop or the clock, and what becomes of the money, as soon
 * as it is decided; a buyer who has done it knows.
 */
export const tellCancelled: Reaction = {
  name: 'orders.tellCancelled',
  listensTo: ['order/CancellingStarted', 'order/OrderCancelled'],
  react: (ports, event) =>
    reactOnce(
      ports,
      { name: 'orders.tellCancelled', event },
      {
        plan: () => ({ order: row(orders, event.rowId) }),
        decide: ({ order }, { now }) => {
          const { by, unpaid } = event.body
          const isFirst = event.type === 'CancellingStarted' || unpaid === true
          return order === undefined || by === 'buyer' || !isFirst
            ? nothing
            : tell(causeOf(event, now), order.state, 'orderCancelled', {})
        },
      },
    ),
}

/**
 * Tells the buyer that others have taken pieces out of the order, the shop or the clock, and what becomes of the money for
 * them; a buyer who has done it knows.
 */
export const tellTakenOut: Reaction = {
  name: 'orders.tellTakenOut',
  listensTo: ['order/OrderEdited'],
  react: (ports, event) =>
    reactOnce(
      ports,
      { name: 'orders.tellTakenOut', event },
      {
        plan: () => ({ order: row(orders, event.rowId) }),
        decide: ({ order }, { now }) => {
          const removed = piecesOf(event, 'removed')
          if (order === undefined || event.body.by === 'buyer' || removed.length === 0) return nothing
          const titles = new Map(order.state.details.items.map(({ lineId, title }) => [lineId, title]))
          const skus = new Map(order.state.lines.map(({ lineId, sku }) => [lineId, sku]))
          const both = (write: (locale: Locale) => string) => ({ en: write('en'), 'zh-CN': write('zh-CN') })
          const nameOf = (lineId: string, locale: Locale): string => {
            const title = titles.get(lineId)
            return title === undefined ? (skus.get(lineId) ?? lineId) : textIn(title, locale)
          }
          return tell(causeOf(event, now), order.state, 'piecesTakenOut', {
            items: both((locale) =>
              removed.map(({ lineId, quantity }) => `${nameOf(lineId, locale)} × ${quantity}`).join('\n'),
            ),
          })
        },
      },
    ),
}

/** Tells the buyer that the order was closed, and why. */
export const tellClosed: Reaction = {
  name: 'orders.tellClosed',
  listensTo: ['order/OrderClosed'],
  react: (ports, event) =>
    reactOnce(
      ports,
      { name: 'orders.tellClosed', event },
      {
        plan: () => ({
          order: row(orders, event.rowId),
          attempts: rows(payments, { from: 'order', path: 'paymentIds.*' }),
          receipts: find(heldReceipts, {
            where: [
              { field: 'orderId', is: 'eq', value: event.rowId },
              { field: 'status', is: 'eq', value: 'held' },
            ],
            limit: 1,
          }),
        }),
        decide: ({ order, attempts, receipts }, { now }) => {
          if (order?.state.status !== 'closed') return nothing
          // Who has paid, though not what was asked, is not told that they have not.
          if (receipts.length > 0 || attempts.some(({ state }) => state.known.suspended.length > 0)) {
            return tell(causeOf(event, now), order.state, 'orderClosedPaidAmiss', {})
          }
          const isCharged = attempts.some(({ state }) => state.known.captured !== null)
          return tell(causeOf(event, now), order.state, isCharged ? 'orderClosedMoneyBack' : 'orderClosed', {
            reason: closeReasonTexts[order.state.reason],
          })
        },
      },
    ),
}

/** What those who bought or pay are told of an order, each once. */
export const orderReactions: readonly Reaction[] = [
  tellDifference,
  tellDifferencePaid,
  ...payerReactions,
  tellPaid,
  tellPaymentFailed,
  tellAwaited,
  tellShipped,
  tellCorrected,
  tellCollected,
  tellLate,
  tellRefunded,
  tellRefundFailed,
  tellTakenOut,
  tellCancelled,
  tellClosed,
]

/** What tells whoever pays that what came of a transfer is too little: how much, what is missing, and until when it can be paid. */
export const noticeTooLow = (
  order: OrderRow,
  payment: Pick<Payment, 'paymentId' | 'payerAccountId' | 'method'>,
  {
    receiptId,
    amountMinor,
    missingMinor,
  }: { readonly receiptId: string; readonly amountMinor: number; readonly missingMinor: number },
  at: Instant,
): readonly Change[] => {
  const due = dueOf(order, payment)
  if (due === undefined) return []
  return noticeOf({ id: `paymentTooLow/${receiptId}`, at }, payerOf(order, payment), 'paymentTooLow', {
    amount: moneyOf(order, amountMinor),
    missing: moneyOf(order, missingMinor),
    method: methodNames[payment.method],
    payBy: inShopHours(order, due.payBy),
  })
}

/** Until when what an attempt failed to pay is still to be paid; undefined where it is not to be paid any more. */
const dueOf = (order: OrderRow, payment: Pick<Payment, 'paymentId' | 'payerAccountId'>) => {
  if (!isStillAsked(order, payment)) return undefined
  if (order.status === 'awaitingPayment') return { template: 'paymentFailed', payBy: order.closeAt } as const
  const payBy = payEditBy(order)
  return isForEdit(order, payment.paymentId) && payBy !== undefined
    ? ({ template: 'differenceFailed', payBy } as const)
    : undefined
}

const closeReasonTexts: Messages<CloseReason> = {
  unpaid: { en: 'it was not paid in time.', 'zh-CN': '未在期限内支付。' },
  attemptsFailed: { en: 'paying it failed too often.', 'zh-CN': '支付失败次数过多。' },
}

const lateReasonTexts: Messages<LateReason> = {
  promisePassed: { en: 'The time it was promised for has passed.', 'zh-CN': '已超过承诺的送达时间。' },
  notSeen: { en: 'Its carrier has not seen it for too long.', 'zh-CN': '物流信息已多日没有更新。' },
}

/** Names each way of paying once. */
const namesOf = (methods: readonly Payment['method'][]) => {
  const bill = { methods: [...new Set(methods)] }
  return { en: methodNamesOf(bill, 'en'), 'zh-CN': methodNamesOf(bill, 'zh-CN') }
}

const pointsName = { en: 'Points', 'zh-CN': '积分' }
