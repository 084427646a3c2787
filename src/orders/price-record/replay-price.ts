import { err, type Result, type ResultAsync } from 'neverthrow'
import { dividePrice } from '../../pricing/divide-price.js'
import { priceCart } from '../../pricing/price-cart.js'
import type { PriceCartError, PricedCart } from '../../pricing/priced-cart.js'
import type { RateQuote } from '../../pricing/rate-sources.js'
import type { NotFound } from '../../shared/errors.js'
import type { Instant } from '../../shared/instant.js'
import { canonicalJson } from '../../shared/json.js'
import type { CorePorts } from '../../shared/ports.js'
import { row, rows } from '../../shared/read-plan.js'
import { type QueryContext, type QueryError, runQuery } from '../../shared/run-query.js'
import { orders } from '../order.collection.schema.js'
import { parseOrderId } from '../order-inputs.schema.js'
import type { OrderRow } from '../order-row.js'
import { keptBooks } from './kept-book.schema.js'
import { type PriceNotReplayable, type PriceRecord, rebuildInput } from './price-record.js'

/** An order's price, made again of what it was made of. */
export type ReplayedPrice = {
  readonly orderId: string
  readonly pricedAt: Instant
  readonly pricingVersion: number
  /** Revisions of the books that it was made of (`offers@12`). */
  readonly bookIds: readonly string[]
  /** Rates in it that came from outside: who gave them, when, and until when they held. */
  readonly quotes: readonly PriceQuote[]
  /** Whether it is the price that the order stands at, to the byte; the trace, which no order keeps, left aside. */
  readonly identical: boolean
  /** The price made now, with the fate of every offer. */
  readonly price: PricedCart
}

/** Where a rate of a price came from. */
export type PriceQuote = Omit<RateQuote<unknown>, 'rates'> & { readonly kind: 'shipping' | 'tax' }

/** Why a price is not made again. */
export type ReplayPriceError = NotFound | PriceNotReplayable | PriceCartError

/**
 * Makes the price of an order again, of the input that was written with it and the books at the revisions of then, and
 * tells what became of every offer and why.
 *
 * @errors NotFound, PriceNotReplayable, QueryError
 */
export const replayPrice = (
  ports: CorePorts,
  context: QueryContext,
  input: { readonly orderId: string },
): ResultAsync<ReplayedPrice, ReplayPriceError | QueryError> =>
  runQuery(ports, context, input, {
    action: 'orders.replayPrice',
    parse: parseOrderId,
    about: ({ input: { orderId } }) => orderId,
    plan: ({ input: { orderId } }) => ({
      order: row(orders, orderId),
      books: rows(keptBooks, { from: 'order', path: 'details.priced.bookIds.*' }),
    }),
    answer: ({ order, books }, { input: { orderId } }): Result<ReplayedPrice, ReplayPriceError> => {
      if (order === undefined) return err({ type: 'NotFound', entity: 'order', id: orderId })
      const { price: kept, priced } = order.state.details
      return rebuildInput(priced, books).andThen((rebuilt) =>
        priceCart(rebuilt)
          .map((whole) => partOf(order.state, whole))
          .map((price) => ({
            orderId,
            pricedAt: kept.at,
            pricingVersion: kept.pricingVersion,
            bookIds: priced.bookIds,
            quotes: quotesOf(priced),
            identical: canonicalJson({ ...price, trace: [] }) === canonicalJson({ ...kept, trace: [] }),
            price,
          })),
      )
    },
  })

/** Of a checkout that was divided, the part of the price that is this order's. */
const partOf = ({ merchantId, details }: OrderRow, whole: PricedCart): PricedCart => {
  if (details.partOf === undefined) return whole
  const { merchantIds, giftMerchants } = details.partOf
  const part = dividePrice(whole, merchantIds, giftMerchants)[merchantIds.indexOf(merchantId ?? '')]
  return part === undefined ? whole : { ...part, trace: whole.trace }
}

const quotesOf = ({ rates }: PriceRecord): readonly PriceQuote[] =>
  (['shipping', 'tax'] as const).flatMap((kind) => {
    const quote = rates?.[kind] ?? null
    if (quote === null) return []
    const { source, quotedAt, validUntil } = quote
    return [{ kind, source, quotedAt, validUntil }]
  })
