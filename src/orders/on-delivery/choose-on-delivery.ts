import { err, ok, type Result } from 'neverthrow'
import type { PaymentGateway } from '../../payments/ports.js'
import { leftOf } from '../../promotions/limits.js'
import { adjust } from '../../shared/commit.js'
import { type Asked, counters } from '../../shared/read-plan.js'
import type { OrderDraft } from '../order-draft.js'
import { dueOnDelivery } from '../order-dues.js'
import { editOf } from '../order-pieces.js'
import type { OrderRow } from '../order-row.js'
import { pricedMethodsOf } from '../placing/priced-methods.js'
import {
  collectsWholeOnly,
  type OnDeliveryNotOffered,
  type OnDeliveryRefusal,
  openOnDelivery,
  whyNotOnDelivery,
} from './on-delivery-terms.js'

/** How many orders of a buyer are to be paid on delivery and are not, below 0, by account; as it was read. */
export type OpenOnDelivery = ReadonlyMap<string, number>

/** Asks, beside an order, for how many orders of its buyer are open that are paid on delivery. */
export const askOpenOnDelivery = (): { readonly openOnDelivery: Asked<OpenOnDelivery> } => ({
  openOnDelivery: counters(openOnDelivery, { from: 'order', path: 'accountId' }),
})

/**
 * Why an order, or a dearer change of one that goes out unpaid, cannot be paid on delivery; null where its terms let it.
 *
 * @param gateways - by any of which it may be paid
 */
export const whyNotPaidOnDelivery = (
  order: OrderRow,
  gateways: readonly Pick<PaymentGateway, 'capabilities'>[],
): OnDeliveryRefusal | null => {
  const { payers, currency, totals, details } = order
  if (payers !== undefined) return 'severalPayers'
  if (details.apart !== undefined && collectsWholeOnly(gateways)) return 'severalMerchants'
  if ('paidAt' in order && order.onDelivery === undefined) return 'paidBefore'
  const due = 'paidAt' in order ? (order.onDelivery?.dueMinor ?? 0) : totals.payableMinor
  return whyNotOnDelivery(details.policy, {
    currency,
    // A change that waits to be paid may take it elsewhere.
    region: details.proposed?.region ?? details.region,
    amountMinor: due + (editOf(order).edit?.differenceMinor ?? 0),
    categoryIds: details.items.flatMap(({ categoryIds }) => categoryIds),
    methods: pricedMethodsOf(order),
  })
}

/**
 * Whether an order that goes out unpaid may go to another region: where its terms do not offer that there, what is due
 * would be collected all the same.
 *
 * @errors OnDeliveryNotOffered
 */
export const mayGoUnpaidTo = (order: OrderRow, region: string): Result<void, OnDeliveryNotOffered> => {
  const { orderId, details } = order
  const regions = details.policy.cashOnDelivery?.regions
  const isOut = region !== details.region && regions !== undefined && !regions.includes(region)
  return isOut && dueOnDelivery(order) > 0
    ? err({ type: 'OnDeliveryNotOffered', orderId, reason: 'region' })
    : ok(undefined)
}

/**
 * Lets an order, or a dearer change of one that goes out unpaid, be paid on delivery, if its terms do; of its buyer it is
 * one more that is open.
 *
 * @errors OnDeliveryNotOffered
 */
export const takeOnDelivery = (
  draft: OrderDraft,
  order: OrderRow,
  gateway: Pick<PaymentGateway, 'capabilities'>,
  open: OpenOnDelivery,
): Result<void, OnDeliveryNotOffered> => {
  const { orderId, accountId, details } = order
  const refuse = (reason: OnDeliveryNotOffered['reason']) =>
    err<void, OnDeliveryNotOffered>({ type: 'OnDeliveryNotOffered', orderId, reason })
  const reason = whyNotPaidOnDelivery(order, [gateway])
  if (reason !== null) return refuse(reason)
  const most = details.policy.cashOnDelivery?.openOrders ?? 0
  // A change of one that is open is no other order.
  const floor = 'paidAt' in order ? {} : { floor: 0 - most }
  if (!('paidAt' in order) && leftOf(most, open.get(accountId)) === 0) return refuse('openOrders')
  draft.further.push(adjust(openOnDelivery, { id: accountId, by: -1, ...floor }))
  return ok(undefined)
}
