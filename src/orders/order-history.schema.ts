import * as z from 'zod'
import type { Log } from '../shared/collection.js'
import { append, type Change } from '../shared/commit.js'
import { parseStored } from '../shared/stored.schema.js'
import type { Order } from './order.js'
import type { OrderEvent } from './order-event.js'
import { type HistoryEntry, historyOf } from './pages/order-history.js'

const entrySchema = z.object({
  entryId: z.string(),
  orderId: z.string(),
  accountId: z.string(),
  merchantId: z.string().nullable(),
  at: z.int(),
  happened: z.enum([
    'placed',
    'paymentFailed',
    'paid',
    'confirmed',
    'collected',
    'paymentShared',
    'sharePaid',
    'partAccepted',
    'closed',
    'reinstated',
    'cancelling',
    'cancelled',
    'divided',
    'held',
    'released',
    'recipientChanged',
    'linesChanged',
    'recipientAndLinesChanged',
    'changeProposed',
    'changeLapsed',
    'shipped',
    'received',
    'lost',
    'cameBack',
    'sentAgain',
    'completed',
    'refundStarted',
    'refunded',
    'refundFailed',
    'returnOpened',
    'returnSettled',
    'disputeOpened',
    'disputeSettled',
    'receiptHeld',
    'receiptReturned',
  ]),
  by: z.enum(['buyer', 'staff', 'clock', 'carrier']).nullable(),
  reference: z.string().nullable(),
  amountMinor: z.int().nullable(),
})

/** What happened to orders; an entry stands once under its id. */
export const orderHistory: Log<HistoryEntry> = {
  name: 'orderHistory',
  fields: {
    orderId: { type: 'text', path: 'orderId' },
    accountId: { type: 'text', path: 'accountId' },
    merchantId: { type: 'text', path: 'merchantId' },
    at: { type: 'instant', path: 'at' },
  },
  ownership: { own: 'accountId', merchant: 'merchantId' },
  parse: parseStored<HistoryEntry>('orderHistory')(entrySchema),
}

/** The entries that go with events of an order, into the same commit as its `put`. */
export const appendHistory = (order: Order, version: number, events: readonly OrderEvent[]): readonly Change[] =>
  historyOf(order, version, events).map((entry) => append(orderHistory, { id: entry.entryId, body: entry }))
