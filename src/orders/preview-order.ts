import type { ResultAsync } from 'neverthrow'
import type { InventoryPorts } from '../inventory/ports.js'
import type { OutOfStock } from '../inventory/stock.js'
import { buyerOf } from '../membership/buyer.js'
import type { PricedCart } from '../pricing/priced-cart.js'
import type { Instant } from '../shared/instant.js'
import type { Sealer } from '../shared/personal-data.js'
import type { CryptoUnavailable } from '../shared/ports.js'
import { type QueryContext, type QueryError, runQuery } from '../shared/run-query.js'
import type { OrderTotals } from './order.js'
import { askQuote, type MissingGift, type QuoteError, quoteOrder, warehousesOf } from './order-quote.js'
import { parsePreviewOrder } from './preview-order.schema.js'

/** An order as it would be if it were placed now. */
export type OrderPreview = {
  /** The price with every line, offer and the reason of each. */
  readonly price: PricedCart
  readonly totals: OrderTotals
  /** Lines that cannot be had; an order with them is refused. */
  readonly missing: OutOfStock['lines']
  /** Gifts that have run out; the order goes without them. */
  readonly missingGifts: readonly MissingGift[]
  /** Until when an order placed now would wait to be paid. */
  readonly payBy: Instant
}

/**
 * Shows what an order from the cart would be: lines, parts, total; nothing is promised by it.
 *
 * @errors QuoteError, CryptoUnavailable, QueryError
 */
export const previewOrder = (
  ports: InventoryPorts & { readonly sealer: Sealer },
  context: QueryContext,
  input: unknown,
): ResultAsync<OrderPreview, QuoteError | CryptoUnavailable | QueryError> =>
  runQuery(ports, context, input, {
    action: 'orders.preview',
    parse: parsePreviewOrder,
    plan: ({ actor, now }) => askQuote(ports, actor, now),
    answer: (read, { actor, input: { region, ...choice }, now }) =>
      buyerOf(ports.sealer, read, { offers: read.offers?.state.offers ?? [], now })
        .mapErr((error): QuoteError | CryptoUnavailable => error)
        .andThen((buyer) =>
          quoteOrder(read, { actor, buyer, choice, region, now, trace: true, warehouses: warehousesOf(ports) }),
        )
        .map((quote) => ({
          price: quote.price,
          totals: quote.totals,
          missing: quote.missing,
          missingGifts: quote.missingGifts,
          payBy: now + quote.policy.payWithinMs,
        })),
  })
