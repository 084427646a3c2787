import { onDelivery } from '../../payments/offline.js'
import type { PaymentGateway } from '../../payments/ports.js'
import type { CounterFamily } from '../../shared/collection.js'
import type { Currency } from '../../shared/currency.js'
import type { MethodId } from '../../shared/payment-method.js'

/** Where a shop lets buyers pay as the goods are handed over. */
export type OnDeliveryTerms = {
  /** Regions that it is offered in, as addresses name them (`CN-31`); everywhere when absent. */
  readonly regions?: readonly string[]
  /** The least that an order collects so, minor units; no least when absent. */
  readonly leastMinor?: number
  /** The most that an order collects so, minor units; no most when absent. */
  readonly mostMinor?: number
  /** Categories of which such an order may hold nothing; none when absent. */
  readonly exceptCategoryIds?: readonly string[]
  /** How many orders of one buyer may be out, or to be sent, uncollected at once; at least 1. */
  readonly openOrders: number
}

/** Why an order cannot be paid on delivery. */
export type OnDeliveryRefusal =
  /** The terms do not offer it, or not in the currency of the order. */
  | 'notOffered'
  | 'region'
  | 'amount'
  | 'category'
  /** Its discounts are given for other ways of paying. */
  | 'pricedForOtherMethods'
  /** Several pay the order. */
  | 'severalPayers'
  /** Its merchants sell apart, and the courier was to be asked for all at once: what it is to bring of each it cannot be told. */
  | 'severalMerchants'
  /** A change of an order is paid so only where the order is. */
  | 'paidBefore'
  /** The buyer has as many such orders open as the terms allow. */
  | 'openOrders'

/** An order cannot be paid on delivery. */
export type OnDeliveryNotOffered = {
  readonly type: 'OnDeliveryNotOffered'
  readonly orderId: string
  readonly reason: OnDeliveryRefusal
}

/** What the terms are held against. */
export type OnDeliveryAsked = {
  readonly currency: Currency
  readonly region: string
  /** What would be collected in all, minor units. */
  readonly amountMinor: number
  readonly categoryIds: readonly string[]
  /** The ways of paying that its discounts are given for; null where any will do. */
  readonly methods: readonly MethodId[] | null
}

/** Why the terms of a shop do not let something be paid on delivery; null where they do. */
export const whyNotOnDelivery = (
  { cashOnDelivery: terms, currency }: { readonly cashOnDelivery?: OnDeliveryTerms; readonly currency?: Currency },
  asked: OnDeliveryAsked,
): OnDeliveryRefusal | null => {
  if (terms === undefined || (currency !== undefined && currency !== asked.currency)) return 'notOffered'
  const { regions, leastMinor = 1, mostMinor = Number.MAX_SAFE_INTEGER, exceptCategoryIds = [] } = terms
  if (regions !== undefined && !regions.includes(asked.region)) return 'region'
  if (asked.amountMinor < leastMinor || asked.amountMinor > mostMinor) return 'amount'
  if (asked.categoryIds.some((categoryId) => exceptCategoryIds.includes(categoryId))) return 'category'
  return asked.methods === null || asked.methods.includes(onDelivery) ? null : 'pricedForOtherMethods'
}

/**
 * Whether some gateways carry money on delivery, and none can collect a checkout that is divided among merchants once it
 * has been chosen: it is asked for all of it, and of each order's part only a person can say what came.
 */
export const collectsWholeOnly = (gateways: readonly Pick<PaymentGateway, 'capabilities'>[]): boolean => {
  const couriers = gateways.filter(({ capabilities }) => capabilities.methods.includes(onDelivery))
  return (
    couriers.length > 0 &&
    couriers.every(({ capabilities: { query, notifications } }) => query || notifications !== 'none')
  )
}

/** How many orders of a buyer are to be paid on delivery and are not, below 0; by account. */
export const openOnDelivery: CounterFamily = { name: 'openOnDelivery', rank: 14, minimum: -1_000_000_000 }
