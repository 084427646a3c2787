import { err, errAsync, ok, okAsync, Result, type ResultAsync } from 'neverthrow'
import type { Currency } from '../shared/currency.js'
import { convertMoney, type Exchange } from '../shared/exchange.js'
import type { AmountOverflow, Money } from '../shared/money.js'
import type { CorePorts } from '../shared/ports.js'
import type { RoundingRule } from '../shared/rounding.js'
import { type QueryContext, type QueryError, runQuery } from '../shared/run-query.js'
import { askSource, checkQuote } from './quote-rates.js'
import type {
  ExchangePorts,
  ExchangeRates,
  ExchangeRequest,
  QuoteShelf,
  RateQuote,
  ShownCurrencies,
} from './rate-sources.js'
import type { ShowInInput } from './show-in.schema.js'
import { exchangeRateIn, parseShowIn } from './show-in.schema.js'

/** Amounts as they are shown in another currency; what is paid stays in the shop's. */
export type ShownAmounts = {
  /** In the order in which they were asked for. */
  readonly amounts: readonly Money[]
  /** Where the rate comes from and until when it holds; null where the amounts are in that currency already. */
  readonly quote: (Omit<RateQuote<unknown>, 'rates'> & Exchange & { readonly rounding: RoundingRule }) | null
}

/** The shop does not show its prices in the currency. */
export type CurrencyNotShown = {
  readonly type: 'CurrencyNotShown'
  readonly currency: Currency
  readonly shown: readonly Currency[]
}

/** No rate came, it does not hold any more, or it is no rate. */
export type ExchangeRateUnavailable = {
  readonly type: 'ExchangeRateUnavailable'
  readonly reason: 'failed' | 'outdated' | 'malformed'
}

/** Why amounts are not shown. */
export type ShowInError = CurrencyNotShown | ExchangeRateUnavailable | AmountOverflow

/**
 * Shows amounts of one currency in another, each rounded once by the rule that the shop names for that currency. A rate
 * is used until it ends and quoted anew then.
 *
 * @errors CurrencyNotShown, ExchangeRateUnavailable, AmountOverflow, QueryError
 */
export const showIn = (
  ports: CorePorts & ExchangePorts,
  context: QueryContext,
  input: ShowInInput,
): ResultAsync<ShownAmounts, ShowInError | QueryError> =>
  runQuery(ports, context, input, {
    action: 'pricing.showIn',
    parse: parseShowIn,
    plan: () => ({}),
    answer: (_, { input: { amounts, currency }, now }): ResultAsync<ShownAmounts, ShowInError> => {
      const from = amounts[0]?.currency ?? currency
      if (from === currency) return okAsync({ amounts, quote: null })
      const { shownCurrencies, exchangeQuotes } = ports
      const rounding = roundingIn(shownCurrencies, currency)
      if (shownCurrencies === undefined || rounding === undefined) {
        return errAsync({ type: 'CurrencyNotShown', currency, shown: Object.keys(shownCurrencies?.roundings ?? {}) })
      }
      return quoteExchange(shownCurrencies.rates, exchangeQuotes, { from, to: currency, now }).andThen(
        ({ rates: rate, ...quote }) => {
          const exchange = { from, to: currency, rate }
          return convertAll(amounts, exchange, rounding).map((converted) => ({
            amounts: converted,
            quote: { ...quote, ...exchange, rounding },
          }))
        },
      )
    },
  })

const roundingIn = (shown: ShownCurrencies | undefined, currency: Currency): RoundingRule | undefined =>
  shown !== undefined && Object.hasOwn(shown.roundings, currency) ? shown.roundings[currency] : undefined

const quoteExchange = (
  rates: ExchangeRates,
  quotes: QuoteShelf,
  request: ExchangeRequest,
): ResultAsync<RateQuote<string>, ExchangeRateUnavailable> => {
  const kept = quotes.get(request)
  if (kept !== undefined) return okAsync(kept)
  return askSource(() => rates.quoteExchange(request))
    .andThen((quote) => checkQuote(quote, exchangeRateIn, request.now))
    .mapErr(({ reason }): ExchangeRateUnavailable => ({ type: 'ExchangeRateUnavailable', reason }))
    .map((quote) => {
      quotes.keep(request, quote)
      return quote
    })
}

const convertAll = (
  amounts: readonly Money[],
  exchange: Exchange,
  rounding: RoundingRule,
): Result<readonly Money[], ExchangeRateUnavailable | AmountOverflow> =>
  Result.combine(
    amounts.map((amount) =>
      convertMoney(amount, exchange, rounding).orElse((error) =>
        error.type === 'AmountOverflow'
          ? err(error)
          : err<never, ExchangeRateUnavailable>({ type: 'ExchangeRateUnavailable', reason: 'malformed' }),
      ),
    ),
  ).andThen((converted) => ok(converted))
