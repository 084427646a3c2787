import { ok } from 'neverthrow'
import { textIn } from '../../catalog/local-text.js'
import { queueMessage } from '../../notify/queue-message.js'
import { type BillStatus, billOf } from '../../payments/bill.js'
import { ledgerEntries } from '../../payments/ledger.schema.js'
import { payments } from '../../payments/payment.schema.js'
import { type Change, claim } from '../../shared/commit.js'
import { formatMoney } from '../../shared/format-money.js'
import { offsetMinutesOf } from '../../shared/local-day.js'
import type { Locale } from '../../shared/messages.js'
import { type Reaction, reactOnce } from '../../shared/reaction.js'
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
 * the shop's terms name. It says how things stand when it is written, so a state that has passed is left out.
 */
export const tellBill: Reaction = {
  name: 'orders.tellBill',
  listensTo: [
    'order/OrderPlaced',
    'order/OrderPaid',
    'order/MoneyCollected',
    'order/RefundSucceeded',
    'order/OrderCancelled',
    'order/OrderClosed',
  ],
  react: (ports, event) =>
    reactOnce(
      ports,
      { name: 'orders.tellBill', event },
      {
        plan: () => ({
          order: row(orders, event.rowId),
          payments: rows(payments, { from: 'order', path: 'paymentIds.*' }),
          booked: entries(ledgerEntries, {
            where: [{ field: 'orderId', is: 'eq', value: event.rowId }],
            limit: mostEntries,
          }),
          sent: claims(
            billSentSpace,
            statuses.map((status) => keyOf(event.rowId, status)),
          ),
        }),
        decide: ({ order, sent, ...read }, { now }) => {
          if (order === undefined) return nothing
          const { accountId, orderId, details } = order.state
          const ledger = read.booked.map(({ body }) => body)
          const attempts = read.payments.map(({ state }) => state)
          const bill: OrderBill = { ...billOf(billedOrderOf(order.state), ledger, attempts), accountId }
          const key = keyOf(orderId, bill.status)
          if (sent.has(key)) return nothing
          const message = queueMessage({
            cause: `bill/${key}`,
            accountId,
            channel: details.policy.billsBy ?? 'email',
            template: 'bill',
            facts: factsOf(bill, details.policy.timeZone),
            at: now,
          })
          return ok({ changes: [message, claim({ space: billSentSpace, key, owner: event.id })], answer: undefined })
        },
      },
    ),
}

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
