import { errAsync, okAsync, type ResultAsync } from 'neverthrow'
import type { LocalText } from '../../catalog/local-text.js'
import type { KitPart } from '../../catalog/product.js'
import type { ServiceClass } from '../../membership/level.js'
import type { Dispute } from '../../payments/dispute.js'
import { disputes } from '../../payments/dispute.schema.js'
import type { GatewayErrorCode } from '../../payments/gateway-error.js'
import type { HeldReceipt } from '../../payments/held-receipt.js'
import { heldReceipts } from '../../payments/held-receipt.schema.js'
import { type DisputeView, viewDisputeFor } from '../../payments/list-disputes.js'
import type { Payment } from '../../payments/payment.js'
import { payments } from '../../payments/payment.schema.js'
import type { Refund } from '../../payments/refund.js'
import { refunds } from '../../payments/refund.schema.js'
import { type BuyerPrice, priceForBuyer } from '../../pricing/buyer-price.js'
import type { PricedCart } from '../../pricing/priced-cart.js'
import { type Actor, buyerAsTold } from '../../shared/actor.js'
import type { StoredDataInvalid } from '../../shared/collection.js'
import type { NotFound, StorageUnavailable } from '../../shared/errors.js'
import { type Grants, grantsFor } from '../../shared/grants.js'
import type { Instant } from '../../shared/instant.js'
import type { MethodId } from '../../shared/payment-method.js'
import type { SubjectKey } from '../../shared/personal-data.js'
import { subjectKeys } from '../../shared/personal-data.schema.js'
import type { CryptoUnavailable } from '../../shared/ports.js'
import { type Asked, type Entry, entries, find, row, rows, type Stored } from '../../shared/read-plan.js'
import { isShownClear } from '../../shared/roles.js'
import { type QueryContext, type QueryError, runQuery } from '../../shared/run-query.js'
import { maskRecipient, type Recipient } from '../addresses/recipient.js'
import { openRecipient } from '../addresses/recipient-seal.js'
import { checkDisputeDoubt } from '../disputes/decide-dispute.js'
import { viewHeldMoney } from '../money/held-money.js'
import { refundOfOrder } from '../money/refund-outcome.js'
import { whyNotPaidOnDelivery } from '../on-delivery/choose-on-delivery.js'
import type { OnDeliveryRefusal } from '../on-delivery/on-delivery-terms.js'
import { orders, parcels } from '../order.collection.schema.js'
import type { DeliveryDues, OrderHold, OrderLine, OrderPayer, OrderRefund, OrderTotals } from '../order.js'
import {
  type DisplayedDelivery,
  type DisplayedRefund,
  type DisplayedState,
  displayedDelivery,
  displayedRefund,
  displayedState,
} from '../order-display.js'
import { orderHistory } from '../order-history.schema.js'
import { parseOrderId } from '../order-inputs.schema.js'
import { editOf, payEditBy } from '../order-pieces.js'
import type { OrderRow, OrderVersion } from '../order-row.js'
import { type BuyerTotals, totalsForBuyer } from '../order-totals.js'
import type { Parcel } from '../parcels/parcel.js'
import type { TrackingEntry } from '../parcels/parcel-tracking.js'
import { parcelTracking } from '../parcels/parcel-tracking.schema.js'
import { checkGateway, disputesOf } from '../paying/record-outcome.js'
import { pricedMethodsOf } from '../placing/priced-methods.js'
import type { MoneyPorts, PlaceOrderPorts } from '../ports.js'
import { checkDoubt } from '../refunds/decide-refund.js'
import { isSentByHand } from '../refunds/rescue-commands.js'
import { shipByOf } from '../ship-by.js'
import { buyerKey } from './buyer-key.js'
import { type MoneyBack, moneyBackOf } from './money-back.js'
import { type NextAction, nextActions, type OrderNow, verbsOf, verbsOfOneKind } from './next-actions.js'
import { type HistoryEntry, type HistoryStep, tellHistory } from './order-history.js'
import { isOfShop, partyOf } from './order-party.js'
import { type ParcelView, viewParcel } from './view-parcel.js'

/** An order as its buyer, or somebody of the shop, sees it. */
export type OrderView = {
  readonly orderId: string
  readonly orderNumber: string
  readonly state: DisplayedState
  readonly refund: DisplayedRefund
  /** Whose order it is; null but to staff. */
  readonly accountId: string | null
  readonly placedAt: Instant
  /** Until when it waits to be paid; null when it does not. */
  readonly payBy: Instant | null
  /** By what it is to be paid, where its discounts are given for that; null where any way will do. */
  readonly paymentMethods: readonly MethodId[] | null
  /**
   * Whether it can be paid on delivery, or why not, as far as its terms say; how many of its buyer's orders are open is
   * looked at when it is chosen. Null unless it waits to be paid.
   */
  readonly payOnDelivery: 'offered' | OnDeliveryRefusal | null
  /** What is still to be collected as its goods are handed over, and how it is called; null where it is paid otherwise. */
  readonly onDelivery: (DeliveryDues & { readonly state: DisplayedDelivery }) | null
  /** By when the goods leave; null while it is not paid. */
  readonly shipBy: Instant | null
  /** How its buyer was to be served when it was placed. */
  readonly service: ServiceClass
  readonly currency: string
  readonly lines: readonly (OrderLine & {
    readonly title: LocalText | null
    readonly options: Readonly<Record<string, string>>
    /** What one piece is made of, where it is a kit. */
    readonly parts?: readonly KitPart[]
  })[]
  /** What the platform bears of its discounts, the shop and its merchants are told. */
  readonly price: PricedCart | BuyerPrice
  /** `subsidyMinor` is told to the shop and its merchants. */
  readonly totals: BuyerTotals & Partial<OrderTotals>
  readonly attempts: readonly {
    readonly paymentId: string
    readonly gatewayId: string
    readonly method: MethodId
    readonly status: Payment['status']
    /** What it was to pay, minor units. */
    readonly amountMinor: number
    /** What of it was taken so far, minor units: less than that of money held first, and where the rest was never taken. */
    readonly capturedMinor: number
    /** Why it failed; null unless it did. */
    readonly failure: GatewayErrorCode | null
    readonly startedAt: Instant
  }[]
  /** `subsidyMinor` is told to the shop and its merchants. */
  readonly refunds: readonly (Omit<OrderRefund, 'subsidyMinor'> & {
    readonly subsidyMinor?: number
    /** How far the money has come; null where no money goes back. */
    readonly progress: Refund['status'] | null
  })[]
  /**
   * All money that goes back of its payments, also what came too late, twice or unasked, oldest first; and what came by
   * transfer and pays nothing, or nothing yet, which only whoever paid it and the shop are told.
   */
  readonly moneyBack: readonly MoneyBack[]
  readonly parcels: readonly ParcelView[]
  /**
   * Masked for staff who name no purpose, or none of whose roles sees it. Null where the buyer's data was erased, and to a
   * merchant before the order is paid and once it is completed, cancelled or closed.
   */
  readonly recipient: Recipient | null
  readonly openReturnIds: readonly string[]
  /** Who pay it together, and who of them have paid; empty where one pays it. By which account, merchants are not told. */
  readonly payers: readonly (Pick<OrderPayer, 'payerId' | 'accountId' | 'amountMinor'> & { readonly paid: boolean })[]
  /** A dearer change that waits for its difference to be paid; null unless one does. */
  readonly edit: { readonly editId: string; readonly toPayMinor: number; readonly payBy: Instant } | null
  /** How it was before each change, oldest first; `editId` is what undoes the change while nothing has left. */
  readonly earlier: readonly Pick<OrderVersion, 'editId' | 'at' | 'lines'>[]
  /** Nothing leaves until the shop has looked at the order; why, only the shop is told. Null unless it is so. */
  readonly hold: (Pick<OrderHold, 'since' | 'until'> & Partial<OrderHold>) | null
  /** Money that the payer wants back, or has got back, past the shop; by the order that was paid where it was divided. */
  readonly disputes: readonly DisputeView[]
  /** The orders that it was divided into, one for each merchant; empty unless it was. */
  readonly orderIds: readonly string[]
  /** The checkout that it is a part of; null where it was placed by itself. */
  readonly checkoutId: string | null
  /** What happened, oldest first: that it was placed, and at most the latest 200 steps. */
  readonly history: readonly HistoryStep[]
  readonly nextActions: readonly NextAction[]
}

/** Everything that an order page is made of, as it was read. */
export type OrderPageRead = {
  readonly order: Stored<OrderRow> | undefined
  readonly payments: readonly Stored<Payment>[]
  readonly refunds: readonly Stored<Refund>[]
  readonly disputes: readonly Stored<Dispute>[]
  readonly ofPart: readonly Stored<Dispute>[]
  readonly parcels: readonly Stored<Parcel>[]
  readonly receipts: readonly Stored<HeldReceipt>[]
  readonly key: Stored<SubjectKey> | undefined
  readonly history: readonly Entry<HistoryEntry>[]
  readonly tracking: readonly Entry<TrackingEntry>[]
}

/** What an order page needs of the world; its gateways say which refunds a person sends. */
export type OrderPagePorts = PlaceOrderPorts & Pick<MoneyPorts, 'gateways'>

type OrderPageError = CryptoUnavailable | StorageUnavailable | StoredDataInvalid

const latest = { field: 'at', direction: 'descending' } as const

/** Asks for everything on an order page, in one read. */
export const askOrderPage = (
  orderId: string,
): { readonly [Name in keyof OrderPageRead]: Asked<OrderPageRead[Name]> } => ({
  order: row(orders, orderId),
  payments: rows(payments, { from: 'order', path: 'paymentIds.*' }),
  // What paid a checkout that was divided is none that a merchant of it reads: refunds and disputes are asked for themselves.
  refunds: find(refunds, { where: [{ field: 'orderId', is: 'eq', value: orderId }], limit: 1_000 }),
  disputes: rows(disputes, { from: 'payments', path: 'disputes.*.disputeId' }),
  ofPart: find(disputes, { where: [{ field: 'orderIds', is: 'containsAll', values: [orderId] }], limit: 1_000 }),
  parcels: rows(parcels, { from: 'order', path: 'parcelIds.*' }),
  receipts: find(heldReceipts, { where: [{ field: 'orderId', is: 'eq', value: orderId }], limit: 1_000 }),
  key: row(subjectKeys, { from: 'order', path: 'accountId' }),
  history: entries(orderHistory, {
    where: [{ field: 'orderId', is: 'eq', value: orderId }],
    orderBy: latest,
    limit: 200,
  }),
  tracking: entries(parcelTracking, {
    where: [{ field: 'orderId', is: 'eq', value: orderId }],
    orderBy: latest,
    limit: 500,
  }),
})

/**
 * Shows an order: items, price parts, payments, parcels, address, refunds, what happened, and what may be done next.
 *
 * @errors NotFound, QueryError
 */
export const orderPage = (
  ports: OrderPagePorts,
  context: QueryContext,
  input: { readonly orderId: string },
): ResultAsync<OrderView, NotFound | QueryError> =>
  runQuery(ports, context, input, {
    action: 'orders.page',
    parse: parseOrderId,
    plan: ({ input: { orderId } }) => askOrderPage(orderId),
    about: ({ input: { orderId } }) => orderId,
    answer: (read, { actor, now, input: { orderId } }) => viewOrder(ports, read, { orderId, actor, at: now }),
  })

/**
 * Makes an order page of what was read; what is sealed with a key that is gone is left out.
 *
 * @errors NotFound, CryptoUnavailable where the key cannot be used now, StorageUnavailable, StoredDataInvalid
 */
export const viewOrder = (
  ports: OrderPagePorts,
  found: OrderPageRead,
  { orderId, actor, at }: { readonly orderId: string; readonly actor: Actor; readonly at: Instant },
): ResultAsync<OrderView, NotFound | OrderPageError> => {
  const ids = new Set(found.disputes.map(({ id }) => id))
  const read = { ...found, disputes: [...found.disputes, ...found.ofPart.filter(({ id }) => !ids.has(id))] }
  if (read.order === undefined) return errAsync({ type: 'NotFound', entity: 'order', id: orderId })
  const order = read.order.state
  return recipientFor(ports, read, order, { actor, at }).andThen((recipient) =>
    nextOf(ports, order, read, { actor, at }).map((nextActions) => ({
      ...toView(ports, order, read, actor, recipient),
      nextActions,
    })),
  )
}

// Whoever sells what was ordered reads where it goes while parcels of it may leave, or be on their way.
const sendingStatuses: readonly OrderRow['status'][] = ['paid', 'partlyShipped', 'shipped', 'signed']

const recipientFor = (
  ports: OrderPagePorts,
  read: OrderPageRead,
  order: OrderRow,
  { actor, at }: { readonly actor: Actor; readonly at: Instant },
): ResultAsync<Recipient | null, OrderPageError> => {
  const sealed = order.details.recipient
  if (sealed === null || (partyOf(actor) === 'merchant' && !sendingStatuses.includes(order.status)))
    return okAsync(null)
  return buyerKey(ports, read.key, { accountId: order.accountId, actor, at }).andThen((key) =>
    openRecipient(ports.sealer, key?.state, order, sealed)
      .map((recipient): Recipient | null =>
        isShownClear(ports.roles, actor, 'order.recipient') ? recipient : maskRecipient(recipient),
      )
      .orElse((error) =>
        error.type === 'Unreadable'
          ? okAsync<Recipient | null, OrderPageError>(null)
          : errAsync<null, OrderPageError>(error),
      ),
  )
}

// The money of a cancelled order that came back from the payer is owed again, though the order is at its end.
const cameBack = (refunds: readonly Stored<Refund>[]): boolean =>
  refunds.some(({ state }) => state.status === 'failed' || state.status === 'manualPayout')

const isOpen = ({ status }: Refund): boolean =>
  !['succeeded', 'paidManually', 'chargedBack', 'cancelled'].includes(status)

// It may go back by several payments: it has come as far as the part that is furthest behind, or is still to begin.
const progressOf = (
  { refundId, awaitedMinor = 0 }: OrderRefund,
  refunds: readonly Stored<Refund>[],
): Refund['status'] | null => {
  const parts = refunds.flatMap(({ state }) => (refundOfOrder(state) === refundId ? [state] : []))
  const failed = parts.find(({ status }) => status === 'failed' || status === 'manualPayout')
  if (failed === undefined && awaitedMinor > 0) return 'requested'
  const behind = failed ?? parts.find(isOpen) ?? parts[0]
  return behind?.status ?? null
}

// A role engine of the host may cost something to ask: it is asked about what the order's state allows, and nothing else.
const nextOf = (
  ports: OrderPagePorts,
  order: OrderRow,
  read: OrderPageRead,
  { actor, at }: { readonly actor: Actor; readonly at: Instant },
): ResultAsync<readonly NextAction[], never> => {
  const standing = standingOf(ports, order, read, at)
  const offeredIf = (may: Grants) => nextActions(standing, partyOf(actor), may)
  const actions = offeredIf(() => true).flatMap(verbsOf)
  return grantsFor(ports.authorizer, actor, { row: order, actions, ofOneKind: verbsOfOneKind }).map(offeredIf)
}

const standingOf = (ports: OrderPagePorts, order: OrderRow, read: OrderPageRead, at: Instant): OrderNow => ({
  order,
  payments: read.payments.map(({ state }) => state),
  refunds: read.refunds.map(({ state }) => state),
  parcels: read.parcels.map(({ state }) => state),
  receipts: read.receipts.map(({ state }) => state),
  // Nobody sends anything about a payment that they may not read.
  disputes: read.disputes.flatMap(({ state }) =>
    read.payments.some(({ id }) => id === state.paymentId) ? [state] : [],
  ),
  disputesAt: (gatewayId) => disputesOf(ports, gatewayId),
  hasGateway: (gatewayId) => checkGateway(ports, gatewayId).isOk(),
  isSentByHand: (gatewayId) => isSentByHand(ports, gatewayId),
  isInDoubt: (refund) => checkDoubt(ports, refund, at).isOk(),
  isDisputeInDoubt: (dispute) => checkDisputeDoubt(ports, dispute, at).isOk(),
  at,
})

const toView = (
  { gateways }: Pick<OrderPagePorts, 'gateways'>,
  order: OrderRow,
  read: OrderPageRead,
  actor: Actor,
  recipient: Recipient | null,
): Omit<OrderView, 'nextActions'> => ({
  orderId: order.orderId,
  orderNumber: order.orderNumber,
  state: displayedState(order),
  refund: cameBack(read.refunds) ? 'failed' : displayedRefund(order),
  accountId: partyOf(actor) === 'staff' ? order.accountId : null,
  placedAt: order.placedAt,
  payBy: order.status === 'awaitingPayment' ? order.closeAt : null,
  paymentMethods: pricedMethodsOf(order),
  payOnDelivery:
    order.status === 'awaitingPayment' ? (whyNotPaidOnDelivery(order, Object.values(gateways)) ?? 'offered') : null,
  onDelivery: dueOf(order),
  shipBy: shipByOf(order),
  service: order.details.service,
  currency: order.currency,
  lines: order.lines.map((line) => {
    const item = order.details.items.find((each) => each.lineId === line.lineId)
    const parts = item?.parts === undefined ? {} : { parts: item.parts }
    return { ...line, title: item?.title ?? null, options: item?.options ?? {}, ...parts }
  }),
  price: isOfShop(actor) ? order.details.price : priceForBuyer(order.details.price),
  totals: isOfShop(actor) ? order.totals : totalsForBuyer(order.totals),
  attempts: read.payments.map(({ state }) => ({
    paymentId: state.paymentId,
    gatewayId: state.gatewayId,
    method: state.method,
    status: state.status,
    amountMinor: state.amountMinor,
    capturedMinor: state.known.captured?.minor ?? 0,
    failure: state.status === 'failed' ? state.known.failure.code : null,
    startedAt: state.startedAt,
  })),
  refunds: order.refunds.map((refund) => {
    const { subsidyMinor, ...told } = refund
    return { ...told, ...(isOfShop(actor) ? { subsidyMinor } : {}), progress: progressOf(refund, read.refunds) }
  }),
  moneyBack: moneyBackOf(
    order,
    read.refunds.map(({ state }) => state),
    read.receipts.flatMap(({ state }) =>
      viewHeldMoney(
        order,
        read.payments.map((each) => each.state),
        state,
      ),
    ),
  ),
  parcels: read.parcels.map(({ state }) => viewParcel(state, read.tracking)),
  recipient,
  openReturnIds: order.openReturnIds,
  payers: (order.payers ?? []).map(({ payerId, accountId, amountMinor, paidBy }) => ({
    payerId,
    accountId: buyerAsTold(actor, accountId),
    amountMinor,
    paid: paidBy !== null,
  })),
  edit: editFor(order),
  earlier: (order.details.earlier ?? []).map(({ editId, at, lines }) => ({ editId, at, lines })),
  hold: holdFor(order, actor),
  disputes: read.disputes.map(({ state }) =>
    viewDisputeFor(state, actor.kind === 'merchant' ? actor.merchantId : null),
  ),
  orderIds: order.status === 'divided' ? order.orderIds : [],
  checkoutId: order.details.partOf?.checkoutId ?? null,
  history: tellHistory(
    order,
    read.history.map(({ body }) => body).reverse(),
    read.receipts.map(({ state }) => state),
  ),
})

const dueOf = (order: OrderRow): OrderView['onDelivery'] => {
  const state = displayedDelivery(order)
  return state === null || !('paidAt' in order) || order.onDelivery === undefined
    ? null
    : { ...order.onDelivery, state }
}

const editFor = (order: OrderRow): OrderView['edit'] => {
  const { edit } = editOf(order)
  const payBy = payEditBy(order)
  return edit === undefined || payBy === undefined
    ? null
    : { editId: edit.editId, toPayMinor: edit.differenceMinor, payBy }
}

// Who learns by what a payment stood out learns how not to.
const holdFor = ({ hold }: OrderRow, actor: Actor): OrderView['hold'] => {
  if (hold === undefined) return null
  return isOfShop(actor) ? hold : { since: hold.since, until: hold.until }
}
