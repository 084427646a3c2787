import type { ResultAsync } from 'neverthrow'
import { ratedLinesOf } from '../../cart/price-input.js'
import { buyerOf } from '../../membership/buyer.js'
import { quoteRates } from '../../pricing/quote-rates.js'
import type { RatesUnavailable } from '../../pricing/rate-sources.js'
import type { CryptoUnavailable } from '../../shared/ports.js'
import type { PlaceOrderPorts } from '../ports.js'
import {
  currencyOf,
  linesChosen,
  type OrderQuote,
  type QuoteAsked,
  type QuoteError,
  type QuoteRead,
  quoteOrder,
} from './order-quote.js'
import { warehousesOf } from './quoted-gifts.js'

/**
 * Prices what a buyer chose from the cart, with what has to be asked for beside the storage: the day of birth under its
 * key, and rates from outside. They are quoted anew each time, for a preview and for the order itself.
 *
 * @errors QuoteError, RatesUnavailable, CryptoUnavailable
 */
export const makeQuote = (
  ports: PlaceOrderPorts,
  read: QuoteRead,
  asked: Omit<QuoteAsked, 'buyer' | 'rates' | 'warehouses' | 'soldCurrencies'>,
): ResultAsync<OrderQuote, QuoteError | RatesUnavailable | CryptoUnavailable> => {
  const { region, now, choice } = asked
  const lines = linesChosen(read, choice).unwrapOr([])
  return buyerOf(ports.sealer, read, { offers: read.offers?.state.offers ?? [], now }).andThen((buyer) =>
    quoteRates(ports, {
      region,
      currency: choice.currency ?? currencyOf(read, lines),
      lines: ratedLinesOf({ lines, products: read.products }),
      now,
    }).andThen((rates) =>
      quoteOrder(read, {
        ...asked,
        buyer,
        rates,
        warehouses: warehousesOf(ports),
        soldCurrencies: ports.soldCurrencies,
      }),
    ),
  )
}
