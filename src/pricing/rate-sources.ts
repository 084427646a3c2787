import type { ResultAsync } from 'neverthrow'
import type { Currency } from '../shared/currency.js'
import type { Instant } from '../shared/instant.js'
import type { Message } from '../shared/messages.js'
import type { RoundingRule } from '../shared/rounding.js'
import type { TaxBook, TaxRegion } from './tax-book.js'

/** Rates from outside the shop, with how long they hold. */
export type RateQuote<Rates> = {
  readonly rates: Rates
  /** Who gave them and under which reference, for whoever looks into a price later; 1 to 200 characters. */
  readonly source: string
  readonly quotedAt: Instant
  /** Up to, not including, this moment. */
  readonly validUntil: Instant
}

/** The source of rates gave none; the text is for the log. */
export type RateSourceFailed = { readonly type: 'RateSourceFailed'; readonly detail: string }

/** Goods that rates are asked for. */
export type RatedLine = {
  readonly sku: string
  readonly quantity: number
  /** Weight of a piece. */
  readonly weightGrams: number
  readonly taxClass: string
}

/** What rates are asked for. */
export type RateRequest = {
  /** Where the goods go. */
  readonly region: string
  /** ISO 4217 code of the amounts that are answered. */
  readonly currency: string
  readonly lines: readonly RatedLine[]
  readonly now: Instant
}

/** What one way to send costs. */
export type CarriageRate = {
  readonly methodId: string
  readonly title: Message
  /** For all the goods, before offers, minor units. */
  readonly chargeMinor: number
  /** Days from payment to the door. */
  readonly days: { readonly earliest: number; readonly latest: number }
}

/** Tells what carriage costs, in place of the shipping book. No way to send: an empty list. */
export type CarriageRates = {
  readonly quoteCarriage: (request: RateRequest) => ResultAsync<RateQuote<readonly CarriageRate[]>, RateSourceFailed>
}

/** What is taxed how in the region asked for. */
export type QuotedTaxes = Omit<TaxRegion, 'region'> & Pick<TaxBook, 'roundPer' | 'rounding'>

/** Tells what is taxed how, in place of the tax book. */
export type TaxRates = {
  readonly quoteTaxes: (request: RateRequest) => ResultAsync<RateQuote<QuotedTaxes>, RateSourceFailed>
}

/** Where rates come from that the shop does not publish itself; the books of the shop where absent. */
export type RatePorts = { readonly carriageRates?: CarriageRates; readonly taxRates?: TaxRates }

/** Why rates from outside cannot be priced by: none came, they do not hold any more, or they are no rates. */
export type RatesUnavailable = {
  readonly type: 'CarriageRatesUnavailable' | 'TaxRatesUnavailable'
  readonly reason: 'failed' | 'outdated' | 'malformed'
}

/** A rate of exchange that is asked for. */
export type ExchangeRequest = { readonly from: Currency; readonly to: Currency; readonly now: Instant }

/** Tells what a unit of one currency is in another, as a decimal text above zero. */
export type ExchangeRates = {
  readonly quoteExchange: (request: ExchangeRequest) => ResultAsync<RateQuote<string>, RateSourceFailed>
}

/** Exchange rates kept in process, each until it ends. */
export type QuoteShelf = {
  readonly get: (request: ExchangeRequest) => RateQuote<string> | undefined
  readonly keep: (request: ExchangeRequest, quote: RateQuote<string>) => void
}

/** In which currencies amounts are shown beside the shop's own. */
export type ShownCurrencies = {
  readonly rates: ExchangeRates
  /** By currency, how an amount is rounded to its minor unit (`{ USD: 'halfUp', JPY: 'up' }`). */
  readonly roundings: Readonly<Record<Currency, RoundingRule>>
}

/** What showing amounts in other currencies needs of the world; amounts are shown in none where absent. */
export type ExchangePorts = {
  readonly shownCurrencies?: ShownCurrencies
  readonly exchangeQuotes: QuoteShelf
}
