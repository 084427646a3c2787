import { ok, okAsync, type ResultAsync } from 'neverthrow'
import { textIn } from '../../catalog/local-text.js'
import type { Channel } from '../../notify/message.js'
import { queueMessage } from '../../notify/queue-message.js'
import { type BillStatus, billOf } from '../../payments/bill.js'
import { disputes } from '../../payments/dispute.schema.js'
import { ledgerEntries } from '../../payments/ledger.schema.js'
import { payments } from '../../payments/payment.schema.js'
import { refunds } from '../../payments/refund.schema.js'
import { isGuestOwner } from '../../shared/actor.js'
import { type Change, claim } from '../../shared/commit.js'
import type { OutboxEvent } from '../../shared/events.js'
import { formatMoney } from '../../shared/format-money.js'
import { offsetMinutesOf } from '../../shared/local-day.js'
import type { Locale } from '../../shared/messages.js'
import type { CorePorts } from '../../shared/ports.js'
import { type Reaction, type ReactionError, reactOnce } from '../../shared/reaction.js'
import { readFacts } from '../../shared/read-facts.js'
import { claims, entries, row, rows } from '../../shared/read-plan.js'
import { orders } from '../order.collection.schema.js'
import type { OrderBill } from './list-bills.js'
import { billedOrderOf } from './order-bill.js'
import { billStatusNames, methodNamesOf } from './render-bills.js'

/** The space that says which states of a bill its buyer was sent. */
const billSentSpace = 'billSent'

const statuses: readonly BillStatus[] = ['created', 'paid', 'partRefunded', 'refunded', 'closed']
const keyOf = (orderId: string, status: BillStatus): string => `${orderId}/${status}`

/** More entries than an order ever has. */
const mostEntries = 1_000

/**
 * Sends the buyer the bill of an order whenever it has come to another state: once for each state, by the channel that
 * the shop's terms name. It says how things stand when it is written, so a state that has passed is left out. Once a
 * checkout is divided, it is the bills of its orders that are sent.
 */
export const tellBill: Reaction = {
  name: 'orders.tellBill',
  listensTo: [
    'order/OrderPlaced',
    'order/OrderPaid',
    // Of a checkout that is divided each order has a bill of its own.
    'order/OrderSplitOff',
    'order/MoneyCollected',
    'order/RefundSucceeded',
    'order/OrderCancelled',
    'order/OrderClosed',
    // Of money that was held first the order is paid before it is taken.
    'payment/PaymentPartlyCaptured',
    'payment/PaymentCaptured',
    'dispute/DisputeLost',
    // The parts of an order that not everybody paid go back without being a refund of it.
    'refund/RefundSucceeded',
    'refund/RefundPaidManually',
  ],
  react: (ports, event) =>
    billedBy(ports, event).andThen((orderIds) =>
      orderIds.reduce<ResultAsync<void, ReactionError>>(
        (sofar, orderId) => sofar.andThen(() => tellOne(ports, event, orderId)),
        okAsync(undefined),
      ),
    ),
}

/** The orders whose bills an event may move. */
const billedBy = (
  ports: CorePorts,
  { collection, rowId, at }: OutboxEvent,
): ResultAsync<readonly string[], ReactionError> => {
  if (collection === 'order') return okAsync([rowId])
  const plan = {
    payment: row(payments, collection === 'payment' ? rowId : ''),
    dispute: row(disputes, collection === 'dispute' ? rowId : ''),
    refund: row(refunds, collection === 'refund' ? rowId : ''),
  }
  return readFacts(ports.storage, { shop: ports.shop, scope: { kind: 'all' }, at, plan }).map(
    ({ payment, dispute, refund }) => [
      ...(payment === undefined ? [] : [payment.state.orderId]),
      ...(refund === undefined ? [] : [refund.state.orderId]),
      ...(dispute === undefined ? [] : (dispute.state.orderIds ?? [dispute.state.orderId])),
    ],
  )
}

const tellOne = (ports: CorePorts, event: OutboxEvent, billedId: string): ResultAsync<void, ReactionError> =>
  reactOnce(
    ports,
    { name: billedId === event.rowId ? 'orders.tellBill' : `orders.tellBill/${billedId}`, event },
    {
      plan: () => ({
        order: row(orders, billedId),
        payments: rows(payments, { from: 'order', path: 'paymentIds.*' }),
        booked: entries(ledgerEntries, {
          where: [{ field: 'orderId', is: 'eq', value: billedId }],
          limit: mostEntries,
        }),
        sent: claims(
          billSentSpace,
          statuses.map((status) => keyOf(billedId, status)),
        ),
      }),
      decide: ({ order, sent, ...read }, { now }) => {
        // What a divided checkout was paid, and what comes back of it, is on the bills of its orders.
        if (order === undefined || order.state.status === 'divided') return nothing
        const { accountId, orderId, details } = order.state
        const ledger = read.booked.map(({ body }) => body)
        const attempts = read.payments.map(({ state }) => state)
        const bill: OrderBill = { ...billOf(billedOrderOf(order.state, attempts), ledger, attempts), accountId }
        const key = keyOf(orderId, bill.status)
        // What was ordered the bill of the checkout says; a lost dispute moves the bills that it pays refunds of.
        const isOfOthers =
          (event.type === 'OrderSplitOff' && bill.status === 'created') ||
          (event.collection === 'dispute' && bill.refundedMinor === 0)
        if (sent.has(key) || isOfOthers) return nothing
        const message = queueMessage({
          cause: `bill/${key}`,
          accountId,
          orderId,
          channel: channelOf(accountId, details.policy.billsBy),
          template: 'bill',
          facts: factsOf(bill, details.policy.timeZone),
          at: now,
        })
        return ok({ changes: [message, claim({ space: billSentSpace, key, owner: event.id })], answer: undefined })
      },
    },
  )

// A visitor has no account to read it in.
const channelOf = (accountId: string, billsBy: Channel = 'email'): Channel =>
  billsBy === 'inApp' && isGuestOwner(accountId) ? 'email' : billsBy

const nothing = ok({ changes: [] as readonly Change[], answer: undefined })

const factsOf = (bill: OrderBill, timeZone: string) => {
  const { orderNumber, status, currency, shippingMinor, totalMinor, paidMinor, refundedMinor, paidAt } = bill
  const both = (write: (locale: Locale) => string) => ({ en: write('en'), 'zh-CN': write('zh-CN') })
  return {
    orderNumber,
    state: billStatusNames[status],
    items: both((locale) => itemsOf(bill, locale)),
    shipping: { minor: shippingMinor, currency },
    total: { minor: totalMinor, currency },
    paid: { minor: paidMinor, currency },
    refunded: { minor: refundedMinor, currency },
    method: both((locale) => methodNamesOf(bill, locale) || none),
    paidAt: paidAt === null ? none : { at: paidAt, utcOffsetMinutes: offsetMinutesOf(paidAt, timeZone) },
  }
}

const none = '-'

const itemsOf = ({ lines, currency }: OrderBill, locale: Locale): string =>
  lines
    .map(({ title, sku, quantity, unitMinor, totalMinor }) => {
      const amount = (minor: number) => formatMoney({ minor, currency }, { locale }).unwrapOr(`${minor} ${currency}`)
      return `${title === null ? sku : textIn(title, locale)} × ${quantity}  ${amount(unitMinor)}  ${amount(totalMinor)}`
    })
    .join('\n')
