import { ok } from 'neverthrow'
import { queueMessage } from '../notify/queue-message.js'
import { gatewayErrorMessages, methodNames } from '../payments/messages.js'
import { payments } from '../payments/payment.schema.js'
import { refunds } from '../payments/refund.schema.js'
import type { Change } from '../shared/commit.js'
import type { OutboxEvent } from '../shared/events.js'
import type { Instant } from '../shared/instant.js'
import { endOfLocalDay, localDayName, localDayOf, offsetMinutesOf } from '../shared/local-day.js'
import type { Messages } from '../shared/messages.js'
import { type Reaction, reactOnce } from '../shared/reaction.js'
import { row } from '../shared/read-plan.js'
import { orders, parcels } from './order.collection.schema.js'
import type { CloseReason } from './order.js'
import type { OrderRow } from './order-row.js'
import type { LateReason } from './parcel.js'

/** Tells the buyer that the order is paid: its number, the amount, by what, and by when it leaves. */
export const tellPaid: Reaction = {
  name: 'orders.tellPaid',
  listensTo: ['order/OrderPaid'],
  react: (ports, event) =>
    reactOnce(
      ports,
      { name: 'orders.tellPaid', event },
      {
        plan: () => ({ order: row(orders, event.rowId), payment: row(payments, textOf(event, 'paymentId')) }),
        decide: ({ order, payment }) => {
          if (order === undefined) return nothing
          const { state } = order
          const byPoints = payment === undefined
          return tell(event, state, 'paymentSucceeded', {
            amount: moneyOf(state, byPoints ? state.totals.pointsMinor : state.totals.payableMinor),
            method: byPoints ? pointsName : methodNames[payment.state.method],
            shipBy: lastDayToShip(state, event.at),
          })
        },
      },
    ),
}

/** Tells the buyer that an attempt to pay failed, why, and until when to try again; not once the order is paid. */
export const tellPaymentFailed: Reaction = {
  name: 'orders.tellPaymentFailed',
  listensTo: ['payment/PaymentFailed'],
  react: (ports, event) =>
    reactOnce(
      ports,
      { name: 'orders.tellPaymentFailed', event },
      {
        plan: () => ({ payment: row(payments, event.rowId), order: row(orders, { from: 'payment', path: 'orderId' }) }),
        decide: ({ payment, order }) => {
          if (order?.state.status !== 'awaitingPayment' || payment === undefined) return nothing
          const { known, method } = payment.state
          return tell(event, order.state, 'paymentFailed', {
            amount: moneyOf(order.state, payment.state.amountMinor),
            method: methodNames[method],
            payBy: inShopHours(order.state, order.state.closeAt),
            reason: gatewayErrorMessages[known.failure?.code ?? 'InstrumentDeclined'],
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
        decide: ({ order, parcel }) => {
          if (order === undefined || parcel === undefined) return nothing
          const { carrier, trackingNumber } = parcel.state
          return tell(event, order.state, 'orderShipped', { carrier, trackingNumber })
        },
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
        decide: ({ parcel, order }) => {
          if (order === undefined || parcel === undefined) return nothing
          const { carrier, trackingNumber } = parcel.state
          if (!('late' in parcel.state) || parcel.state.late === undefined) return nothing
          const reason = lateReasonTexts[parcel.state.late.reason]
          return tell(event, order.state, 'parcelLate', { carrier, trackingNumber, reason })
        },
      },
    ),
}

/** Tells the buyer that money has gone back, also money that came too late or twice. */
export const tellRefunded: Reaction = {
  name: 'orders.tellRefunded',
  listensTo: ['refund/RefundSucceeded', 'refund/RefundPaidManually'],
  react: (ports, event) =>
    reactOnce(
      ports,
      { name: 'orders.tellRefunded', event },
      {
        plan: () => ({ refund: row(refunds, event.rowId), order: row(orders, { from: 'refund', path: 'orderId' }) }),
        decide: ({ refund, order }) =>
          refund === undefined || order === undefined
            ? nothing
            : tell(event, order.state, 'refundSucceeded', { amount: moneyOf(order.state, refund.state.amountMinor) }),
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
        plan: () => ({ order: row(orders, event.rowId) }),
        decide: ({ order }) =>
          order?.state.status !== 'closed'
            ? nothing
            : tell(event, order.state, 'orderClosed', { reason: closeReasonTexts[order.state.reason] }),
      },
    ),
}

/** What the buyer of an order is told, each once. */
export const orderReactions: readonly Reaction[] = [
  tellPaid,
  tellPaymentFailed,
  tellShipped,
  tellLate,
  tellRefunded,
  tellClosed,
]

const nothing = ok({ changes: [] as readonly Change[], answer: undefined })

const tell = (
  event: OutboxEvent,
  order: OrderRow,
  template: Parameters<typeof queueMessage>[0]['template'],
  facts: NonNullable<Parameters<typeof queueMessage>[0]['facts']>,
) =>
  ok({
    changes: [
      queueMessage({
        cause: event.id,
        accountId: order.accountId,
        template,
        facts: { orderNumber: order.orderNumber, ...facts },
        at: event.at,
      }),
    ],
    answer: undefined,
  })

const moneyOf = ({ currency }: OrderRow, minor: number) => ({ minor, currency })

// The day as the shop counts days; a moment of another zone would read as the day before or after.
const lastDayToShip = ({ details: { policy } }: OrderRow, paidAt: Instant): string =>
  localDayName(localDayOf(endOfLocalDay(paidAt, policy.shipWithinDays, policy.timeZone) - 1, policy.timeZone))

const inShopHours = ({ details: { policy } }: OrderRow, at: Instant) => ({
  at,
  utcOffsetMinutes: offsetMinutesOf(at, policy.timeZone),
})

const closeReasonTexts: Messages<CloseReason> = {
  unpaid: { en: 'it was not paid in time.', 'zh-CN': '未在期限内支付。' },
  attemptsFailed: { en: 'paying it failed too often.', 'zh-CN': '支付失败次数过多。' },
}

const lateReasonTexts: Messages<LateReason> = {
  promisePassed: { en: 'The time it was promised for has passed.', 'zh-CN': '已超过承诺的送达时间。' },
  notSeen: { en: 'Its carrier has not seen it for too long.', 'zh-CN': '物流信息已多日没有更新。' },
}

const pointsName = { en: 'Points', 'zh-CN': '积分' }

// A member that is not there, or not a text, leads to a row that is not there.
const textOf = (event: OutboxEvent, member: string): string => {
  const value = event.body[member]
  return typeof value === 'string' ? value : ''
}
