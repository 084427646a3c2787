import type { ResultAsync } from 'neverthrow'
import type { OutOfStock } from '../../inventory/stock.js'
import { onDelivery } from '../../payments/offline.js'
import { type BuyerPrice, priceForBuyer } from '../../pricing/buyer-price.js'
import { methodsOfOffers } from '../../pricing/methods-of-offers.js'
import { ratesValidUntil } from '../../pricing/quote-rates.js'
import type { RatesUnavailable } from '../../pricing/rate-sources.js'
import type { Instant } from '../../shared/instant.js'
import { type MethodId, methodIds } from '../../shared/payment-method.js'
import type { CryptoUnavailable } from '../../shared/ports.js'
import { type QueryContext, type QueryError, runQuery } from '../../shared/run-query.js'
import { collectsWholeOnly, type OnDeliveryRefusal, whyNotOnDelivery } from '../on-delivery/on-delivery-terms.js'
import type { PreviewOrderInput } from '../order-inputs.js'
import { type BuyerTotals, totalsForBuyer } from '../order-totals.js'
import { isToConfirm } from '../policy/return-window.js'
import { waitsToBePaidMs } from '../policy/shop-policy.js'
import type { MoneyPorts, PlaceOrderPorts } from '../ports.js'
import { merchantsApart } from './apart-orders.js'
import { makeQuote } from './make-quote.js'
import { askQuote, type OrderQuote, type QuoteError } from './order-quote.js'
import { parsePreviewOrder } from './preview-order.schema.js'
import { type MissingGift, offersGiven } from './quoted-gifts.js'

/** An order as it would be if it were placed now. */
export type OrderPreview = {
  /** The price with every line, offer and the reason of each. */
  readonly price: BuyerPrice
  readonly totals: BuyerTotals
  /** Lines that cannot be had; an order with them is refused. */
  readonly missing: OutOfStock['lines']
  /** Gifts that have run out; the order goes without them. */
  readonly missingGifts: readonly MissingGift[]
  /** By what it would have to be paid, where its discounts are given for that; null where any way will do. */
  readonly paymentMethods: readonly MethodId[] | null
  /** Whether it could be paid on delivery, or why not, by the terms of the shop. */
  readonly payOnDelivery: 'offered' | OnDeliveryRefusal
  /** Lines of which the buyer is to be asked whether they go without a return without reason (`confirmedNoReturn`). */
  readonly toConfirm: readonly string[]
  /** Until when a payment of an order placed now would have to be begun. */
  readonly payBy: Instant
  /**
   * Until when it would wait for its money, by each way of paying that is offered for it, once a payment is begun so; of
   * payment on delivery, until when it is to be chosen. Empty where points pay all of it.
   */
  readonly payByMethod: Readonly<Partial<Record<MethodId, Instant>>>
  /** Until when the rates hold that came from outside; null where none did. They are quoted again for the order. */
  readonly ratesValidUntil: Instant | null
}

/**
 * Shows what an order from the cart would be: lines, parts, total; nothing is promised by it.
 *
 * @errors QuoteError, RatesUnavailable, CryptoUnavailable, QueryError
 */
export const previewOrder = (
  ports: PlaceOrderPorts & Pick<MoneyPorts, 'gateways'>,
  context: QueryContext,
  input: PreviewOrderInput,
): ResultAsync<OrderPreview, QuoteError | RatesUnavailable | CryptoUnavailable | QueryError> =>
  runQuery(ports, context, input, {
    action: 'orders.preview',
    parse: parsePreviewOrder,
    plan: ({ actor, now }) => askQuote(ports, actor, now),
    answer: (read, { actor, input: { region, ...choice }, now }) =>
      makeQuote(ports, read, { actor, choice, region, now, trace: true }).map((quote) => ({
        price: priceForBuyer(quote.price),
        totals: totalsForBuyer(quote.totals),
        missing: quote.missing,
        missingGifts: quote.missingGifts,
        paymentMethods: methodsOf(quote),
        payOnDelivery: onDeliveryOf(ports, quote, region) ?? 'offered',
        toConfirm: toConfirm(quote),
        payBy: now + quote.policy.payWithinMs,
        payByMethod: payByMethodOf(ports, quote, { region, now }),
        ratesValidUntil: ratesValidUntil(quote.rates),
      })),
  })

const toConfirm = ({ lines, products, policy }: OrderQuote): readonly string[] =>
  lines
    .filter(({ productId }) =>
      isToConfirm(policy, products.find(({ id }) => id === productId)?.state.categoryIds ?? []),
    )
    .map(({ lineId }) => lineId)

const methodsOf = ({ price, gifts }: OrderQuote): readonly MethodId[] | null =>
  methodsOfOffers(offersGiven(price, gifts))

const payByMethodOf = (
  { gateways }: Pick<MoneyPorts, 'gateways'>,
  quote: OrderQuote,
  { region, now }: { readonly region: string; readonly now: Instant },
): OrderPreview['payByMethod'] => {
  const { policy, price, totals } = quote
  if (totals.payableMinor === 0) return {}
  const priced = methodsOf(quote)
  const carried = Object.values(gateways).flatMap(({ capabilities: { methods, currencies } }) =>
    currencies === 'any' || currencies.includes(price.currency) ? methods : [],
  )
  const isOpen = (method: MethodId) =>
    method === onDelivery
      ? onDeliveryOf({ gateways }, quote, region) === null
      : priced === null || priced.includes(method)
  const offered = methodIds.filter((method) => carried.includes(method) && isOpen(method))
  return Object.fromEntries(offered.map((method) => [method, now + waitsToBePaidMs(policy, method)]))
}

const onDeliveryOf = (
  { gateways }: Pick<MoneyPorts, 'gateways'>,
  quote: OrderQuote,
  region: string,
): OnDeliveryRefusal | null => {
  const { policy, price, totals, lines, products } = quote
  if (merchantsApart(quote) !== undefined && collectsWholeOnly(Object.values(gateways))) return 'severalMerchants'
  return whyNotOnDelivery(policy, {
    methods: methodsOf(quote),
    currency: price.currency,
    region,
    amountMinor: totals.payableMinor,
    categoryIds: products.flatMap(({ id, state }) =>
      lines.some(({ productId }) => productId === id) ? state.categoryIds : [],
    ),
  })
}
