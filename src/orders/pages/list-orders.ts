import { ok, type ResultAsync } from 'neverthrow'
import type { LocalText } from '../../catalog/local-text.js'
import type { ServiceClass } from '../../membership/level.js'
import { type Actor, askedBuyer } from '../../shared/actor.js'
import { filterPage } from '../../shared/filter-page.js'
import type { Instant } from '../../shared/instant.js'
import { type ListedRow, listed, readListed, type UnreadableRows } from '../../shared/list-page.js'
import type { CorePorts } from '../../shared/ports.js'
import { type Condition, find } from '../../shared/read-plan.js'
import { type QueryContext, type QueryError, runQuery } from '../../shared/run-query.js'
import { orders } from '../order.collection.schema.js'
import type { Order, OrderHold } from '../order.js'
import {
  type DisplayedRefund,
  type DisplayedState,
  displayedRefund,
  displayedState,
  listedStatuses,
  statusesShownAs,
} from '../order-display.js'
import { dueOnDelivery } from '../order-dues.js'
import type { ListOrdersInput, OrderCursor } from '../order-inputs.js'
import { parseListOrders } from '../order-inputs.schema.js'
import type { OrderRow } from '../order-row.js'
import { isShipmentOverdue, shipByOf, unshippedStatuses } from '../ship-by.js'
import { askParts, foundOrParts } from './of-number.js'
import { isOfShop, partyOf } from './order-party.js'

/** An order as a list shows it. */
export type OrderSummary = {
  readonly orderId: string
  readonly orderNumber: string
  readonly state: DisplayedState
  readonly refund: DisplayedRefund
  /** What is still to be collected as its goods are handed over, minor units; null where it is paid otherwise. */
  readonly dueOnDeliveryMinor: number | null
  /** Until when a person may judge its hold, and who asked for it, the watch or its owner; null to buyers, and where it is not held. */
  readonly hold: Pick<OrderHold, 'until' | 'by'> | null
  /** Whether a payer wants money of it back past the shop. */
  readonly disputed: boolean
  /** Whose order it is; null but to staff. */
  readonly accountId: string | null
  /** By when its goods leave; null while it is not paid. */
  readonly shipBy: Instant | null
  readonly placedAt: Instant
  /** How its buyer was to be served when it was placed. */
  readonly service: ServiceClass
  readonly currency: string
  readonly payableMinor: number
  readonly lines: readonly {
    readonly lineId: string
    readonly sku: string
    readonly title: LocalText | null
    readonly quantity: number
  }[]
}

/** A page of orders, newest first. */
export type OrderPageList = UnreadableRows & {
  readonly orders: readonly OrderSummary[]
  readonly next: OrderCursor | null
}

// No index knows what a text is found in: it is looked for in so many orders at a time.
const looksAt = 500

/**
 * Lists the orders within the actor's reach, newest first. A page that asks for a text, or for late shipments, may hold fewer than its limit, or
 * none, and still not be the last: `next` says so.
 *
 * @errors QueryError
 */
export const listOrders = (
  ports: CorePorts,
  context: QueryContext,
  input: ListOrdersInput = {},
): ResultAsync<OrderPageList, QueryError> =>
  runQuery(ports, context, input, {
    action: 'orders.list',
    parse: parseListOrders,
    about: () => 'orders',
    plan: ({ input, actor }) => ({
      found: listed(
        find(orders, {
          where: conditionsOf(input, actor),
          orderBy: { field: 'placedAt', direction: 'descending' },
          limit: looksAtOf(input) + 1,
          ...(input.after === undefined ? {} : { after: { value: input.after.placedAt, id: input.after.orderId } }),
        }),
      ),
      ...askParts(input.orderNumber),
    }),
    answer: ({ found, parts }, { actor, now, input, scope }) => {
      const asked = withBuyer(input, actor)
      const isAsked = (order: OrderRow) => isAskedBesideNumber(order, asked)
      const page = filterPage(foundOrParts(found, { parts }, { isAsked, after: input.after }), {
        limit: limitOf(input),
        looksAt: looksAtOf(input),
        // What cannot be read may be what is looked for.
        keep: ({ row }: ListedRow<OrderRow>) =>
          row === null || (isFoundIn(row.state, input.text) && isLateAsAsked(row.state, input, now)),
      })
      const { rows, unreadable } = readListed(page.rows, scope)
      const last = page.endsBehind
      return ok({
        orders: rows.map(({ state }) => summaryOf(state, actor)),
        unreadable,
        next: last === undefined ? null : { placedAt: Number(last.value), orderId: last.id },
      })
    },
  })

const limitOf = ({ limit = 20 }: ListOrdersInput): number => limit
const looksAtOf = (input: ListOrdersInput): number =>
  input.text === undefined && input.shipmentOverdue === undefined ? limitOf(input) : looksAt

const isLateAsAsked = (order: OrderRow, { shipmentOverdue }: ListOrdersInput, now: Instant): boolean =>
  shipmentOverdue === undefined || isShipmentOverdue(order, now)

const isFoundIn = (order: OrderRow, text: string | undefined): boolean => {
  if (text === undefined) return true
  const wanted = text.toLowerCase()
  const has = (words: string) => words.toLowerCase().includes(wanted)
  return (
    has(order.orderNumber) ||
    order.lines.some(({ sku }) => has(sku)) ||
    order.details.items.some(({ title }) => has(title.en) || has(title['zh-CN']))
  )
}

// A hold that an order took to its end holds nothing any more.
const heldStatuses: readonly string[] = [
  'awaitingPayment',
  'closing',
  'paid',
  'partlyShipped',
] satisfies Order['status'][]

const isHeld = (order: OrderRow): order is OrderRow & { readonly hold: OrderHold } =>
  order.hold !== undefined && heldStatuses.includes(order.status)

const statusesOf = ({
  state,
  held,
  shipmentOverdue,
}: Pick<ListOrdersInput, 'state' | 'held' | 'shipmentOverdue'>): readonly string[] => {
  const asked = state === undefined ? listedStatuses : statusesShownAs(state)
  const among = held === undefined ? asked : asked.filter((status) => heldStatuses.includes(status))
  return shipmentOverdue === undefined ? among : unshippedStatuses.filter((status) => among.includes(status))
}

const conditionsOf = (input: ListOrdersInput, actor: Actor): readonly Condition[] => [
  { field: 'status', is: 'in' as const, values: statusesOf(input) },
  ...conditionsBeside(withBuyer(input, actor)),
]

type AskedOrders = Omit<ListOrdersInput, 'accountId'> & { readonly accountId: string | undefined }

const withBuyer = (input: ListOrdersInput, actor: Actor): AskedOrders => ({
  ...input,
  accountId: askedBuyer(actor, input.accountId),
})

const conditionsBeside = ({
  service,
  placedFrom,
  placedTo,
  orderNumber,
  accountId,
  dueOnDelivery,
  held,
  parcelOverdue,
}: AskedOrders): readonly Condition[] => [
  ...(accountId === undefined ? [] : [{ field: 'accountId', is: 'eq' as const, value: accountId }]),
  ...(service === undefined ? [] : [{ field: 'service', is: 'eq' as const, value: service }]),
  ...(placedFrom === undefined ? [] : [{ field: 'placedAt', is: 'gte' as const, value: placedFrom }]),
  ...(placedTo === undefined ? [] : [{ field: 'placedAt', is: 'lt' as const, value: placedTo }]),
  ...(dueOnDelivery === undefined ? [] : [{ field: 'dueMinor', is: 'gte' as const, value: 1 }]),
  ...(held === undefined ? [] : [{ field: 'holdUntil', is: 'gte' as const, value: 0 }]),
  ...(parcelOverdue === undefined ? [] : [{ field: 'lateSince', is: 'gte' as const, value: 0 }]),
  ...(orderNumber === undefined ? [] : [{ field: 'orderNumber', is: 'eq' as const, value: orderNumber }]),
]

// The orders of a checkout are of its buyer, service and time; the number is not theirs.
const isAskedBesideNumber = (order: OrderRow, input: AskedOrders): boolean =>
  statusesOf(input).includes(order.status) &&
  (input.accountId === undefined || input.accountId === order.accountId) &&
  (input.service === undefined || input.service === order.details.service) &&
  (input.placedFrom === undefined || input.placedFrom <= order.placedAt) &&
  (input.placedTo === undefined || order.placedAt < input.placedTo) &&
  (input.dueOnDelivery === undefined || dueOnDelivery(order) > 0) &&
  (input.held === undefined || isHeld(order)) &&
  (input.parcelOverdue === undefined || ('lateSince' in order && order.lateSince !== undefined))

const summaryOf = (order: OrderRow, actor: Actor): OrderSummary => ({
  orderId: order.orderId,
  orderNumber: order.orderNumber,
  state: displayedState(order),
  refund: displayedRefund(order),
  dueOnDeliveryMinor: 'paidAt' in order ? (order.onDelivery?.dueMinor ?? null) : null,
  hold: isOfShop(actor) && isHeld(order) ? { until: order.hold.until, by: order.hold.by } : null,
  disputed: (order.openDisputeIds ?? []).length > 0,
  accountId: partyOf(actor) === 'staff' ? order.accountId : null,
  shipBy: shipByOf(order),
  placedAt: order.placedAt,
  service: order.details.service,
  currency: order.currency,
  payableMinor: order.totals.payableMinor,
  lines: order.lines.map(({ lineId, sku, quantity }) => ({
    lineId,
    sku,
    title: order.details.items.find((item) => item.lineId === lineId)?.title ?? null,
    quantity,
  })),
})
