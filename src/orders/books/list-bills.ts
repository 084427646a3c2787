import { ok, type ResultAsync } from 'neverthrow'
import type { LocalText } from '../../catalog/local-text.js'
import { type Bill, billOf } from '../../payments/bill.js'
import { ledgerEntries } from '../../payments/ledger.schema.js'
import { payments } from '../../payments/payment.schema.js'
import { askedBuyer, buyerAsTold } from '../../shared/actor.js'
import { filterPage } from '../../shared/filter-page.js'
import { type ListedRow, listed, readListed, type UnreadableRows } from '../../shared/list-page.js'
import type { CorePorts } from '../../shared/ports.js'
import { readFacts } from '../../shared/read-facts.js'
import { type Condition, entries, find, readable, rows } from '../../shared/read-plan.js'
import { type QueryContext, type QueryError, runQuery } from '../../shared/run-query.js'
import { orders } from '../order.collection.schema.js'
import { listedStatuses } from '../order-display.js'
import type { OrderCursor } from '../order-inputs.js'
import type { OrderRow } from '../order-row.js'
import { askParts, foundOrParts } from '../pages/of-number.js'
import type { ListBillsInput } from './list-bills.schema.js'
import { parseListBills } from './list-bills.schema.js'
import { billedOrderOf } from './order-bill.js'

/** The bill of an order, as the ledger has it now. */
export type OrderBill = Bill<LocalText | null> & {
  /** Whose order it is; null to merchants. */
  readonly accountId: string | null
}

/** A page of bills, of the newest orders first; one of which the order, a payment of it, or
 * anything that was booked of it cannot be read is not made. */
export type BillPage = UnreadableRows & { readonly bills: readonly OrderBill[]; readonly next: OrderCursor | null }

// A bill's state is not stored: it is found by making the bills of so many orders.
const looksAt = 100
/** More entries than the orders of a page ever have. */
const mostEntries = 10_000

/**
 * Lists bills within the actor's reach, of the newest orders first. A page that asks for one state may hold fewer than
 * its limit, or none, and still not be the last: `next` says so.
 *
 * @errors QueryError
 */
export const listBills = (
  ports: CorePorts,
  context: QueryContext,
  input: ListBillsInput = {},
): ResultAsync<BillPage, QueryError> =>
  runQuery(ports, context, input, {
    action: 'orders.bills',
    parse: parseListBills,
    about: ({ input: { accountId } }) => accountId ?? 'bills',
    plan: ({ input: { limit = 20, after, ...asked }, actor }) => ({
      found: listed(
        find(orders, {
          where: conditionsOf(asked, askedBuyer(actor, asked.accountId)),
          orderBy: { field: 'placedAt', direction: 'descending' },
          limit: (asked.state === undefined ? limit : looksAt) + 1,
          ...(after === undefined ? {} : { after: { value: after.placedAt, id: after.orderId } }),
        }),
      ),
      ...askParts(asked.orderNumber),
    }),
    answer: (read, { actor, now, input, scope }) => {
      const { limit = 20, state, after } = input
      const accountId = askedBuyer(actor, input.accountId)
      const isAsked = (order: OrderRow) => isAskedBesideNumber(order, input, accountId)
      const found = foundOrParts(read.found, read, { isAsked, after })
      const ids = found.map(({ id }) => id)
      const payingIds = found.flatMap(({ row }) => row?.state.paymentIds ?? [])
      const booked = listed(
        entries(ledgerEntries, {
          where: [{ field: 'orderId', is: 'in', values: ids }],
          // So that it is known of which order one is that cannot be read.
          orderBy: { field: 'orderId', direction: 'ascending' },
          limit: mostEntries,
        }),
      )
      const paidBy = readable(rows(payments, [...new Set(payingIds)]))
      // Who may see an order sees what was paid for it, by whomever, also by the one payment of several merchants' checkout.
      const whole = { kind: 'all' } as const
      return readFacts(ports.storage, { shop: ports.shop, scope: whole, at: now, plan: { booked, paidBy } }).andThen(
        (facts) => {
          const ledger = groupBy(
            facts.booked.flatMap(({ row }) => row?.body ?? []),
            ({ orderId }) => orderId,
          )
          const notKnown = new Set(facts.booked.flatMap(({ row, value }) => (row === null ? [value] : [])))
          // A part of a checkout is paid by the payment of that.
          const attempts = new Map(facts.paidBy.found.map(({ id, state: payment }) => [id, payment]))
          const isMissing = (paymentId: string) => facts.paidBy.ids.includes(paymentId) && !attempts.has(paymentId)
          const bills = found.map(({ row, ...place }): ListedRow<OrderBill> => {
            if (row === null || notKnown.has(row.id) || row.state.paymentIds.some(isMissing))
              return { ...place, row: null }
            const { id, version, state: order } = row
            const own = order.paymentIds.flatMap((paymentId) => attempts.get(paymentId) ?? [])
            const bill = billOf(billedOrderOf(order, own), ledger.get(id) ?? [], own)
            return {
              ...place,
              row: { id, version, state: { ...bill, accountId: buyerAsTold(actor, order.accountId) } },
            }
          })
          const page = filterPage(bills, {
            limit,
            looksAt: state === undefined ? limit : looksAt,
            keep: ({ row }) => state === undefined || row === null || row.state.status === state,
          })
          const last = page.endsBehind
          const next = last === undefined ? null : { placedAt: Number(last.value), orderId: last.id }
          const { rows: made, unreadable } = readListed(page.rows, scope)
          return ok({ bills: made.map(({ state: bill }) => bill), unreadable, next })
        },
      )
    },
  })

const conditionsOf = (
  { placedFrom, placedTo, orderNumber }: Omit<ListBillsInput, 'limit' | 'after'>,
  accountId: string | undefined,
): readonly Condition[] => {
  return [
    { field: 'status', is: 'in', values: listedStatuses },
    ...(placedFrom === undefined ? [] : [{ field: 'placedAt', is: 'gte' as const, value: placedFrom }]),
    ...(placedTo === undefined ? [] : [{ field: 'placedAt', is: 'lt' as const, value: placedTo }]),
    ...(orderNumber === undefined ? [] : [{ field: 'orderNumber', is: 'eq' as const, value: orderNumber }]),
    ...(accountId === undefined ? [] : [{ field: 'accountId', is: 'eq' as const, value: accountId }]),
  ]
}

// The orders of a checkout are of its buyer and time; the number is not theirs.
const isAskedBesideNumber = (
  order: OrderRow,
  { placedFrom, placedTo }: ListBillsInput,
  accountId: string | undefined,
): boolean =>
  (accountId === undefined || accountId === order.accountId) &&
  (placedFrom === undefined || placedFrom <= order.placedAt) &&
  (placedTo === undefined || order.placedAt < placedTo)

const groupBy = <Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string | null,
): ReadonlyMap<string, readonly Item[]> => {
  const groups = new Map<string, Item[]>()
  for (const item of items) {
    const key = keyOf(item)
    if (key === null) continue
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [item])
    else group.push(item)
  }
  return groups
}
