import { errAsync, okAsync } from 'neverthrow'
import type {
  CarriageRate,
  CarriageRates,
  ExchangeRates,
  QuotedTaxes,
  RateQuote,
  RateRequest,
  TaxRates,
} from 'shopwright'

/** How long fixed rates hold once they are quoted, and by which name they are told apart. */
export type FixedTerms = {
  /** What stands as the source of each quote; `fixed` when absent. */
  readonly source?: string
  /** Milliseconds; a quarter of an hour when absent. */
  readonly validForMs?: number
}

/** A way to send, by what the goods weigh. */
export type FixedCarriage = Omit<CarriageRate, 'chargeMinor'> & {
  /** ISO 4217 code of its amounts; it is not offered in another. */
  readonly currency: string
  /** Regions it goes to, and what it costs there; `*` is every other. */
  readonly regions: Readonly<Record<string, { readonly baseMinor: number; readonly perKilogramMinor: number }>>
}

/**
 * Carriage from a table, quoted as a carrier's service would: so much, and so much for each kilogram begun. For tests
 * and examples, and for shops that keep their tariff in code.
 */
export const createFixedCarriageRates = (methods: readonly FixedCarriage[], terms: FixedTerms = {}): CarriageRates => ({
  quoteCarriage: (request) => {
    const { lines, region, currency } = request
    const grams = lines.reduce((sum, { quantity, weightGrams }) => sum + quantity * weightGrams, 0)
    const rates = methods.flatMap(({ currency: theirs, regions, ...method }) => {
      const rate = inTable(regions, region)
      if (rate === undefined || theirs !== currency) return []
      return [{ ...method, chargeMinor: rate.baseMinor + Math.ceil(grams / 1000) * rate.perKilogramMinor }]
    })
    return okAsync(quoteOf(rates, request, terms))
  },
})

/** Taxes from a table, by region; `*` is every other, and a region without an entry has none to quote. */
export const createFixedTaxRates = (
  regions: Readonly<Record<string, QuotedTaxes>>,
  terms: FixedTerms = {},
): TaxRates => ({
  quoteTaxes: (request) => {
    const taxes = inTable(regions, request.region) ?? {
      inclusive: true,
      classes: {},
      shippingClass: null,
      roundPer: 'line',
      rounding: 'halfUp',
    }
    return okAsync(quoteOf(taxes, request, terms))
  },
})

/** Rates of exchange from a table: `{ 'USD/CNY': '7.1986' }` is what a dollar is in yuan. */
export const createFixedExchangeRates = (
  rates: Readonly<Record<string, string>>,
  terms: FixedTerms = {},
): ExchangeRates => ({
  quoteExchange: ({ from, to, now }) => {
    const name = `${from}/${to}`
    const rate = Object.hasOwn(rates, name) ? rates[name] : undefined
    return rate === undefined
      ? errAsync({ type: 'RateSourceFailed', detail: `no rate for ${name}` })
      : okAsync(quoteOf(rate, { now }, terms))
  },
})

const inTable = <Value>(table: Readonly<Record<string, Value>>, region: string): Value | undefined =>
  Object.hasOwn(table, region) ? table[region] : Object.hasOwn(table, '*') ? table['*'] : undefined

const quoteOf = <Rates>(
  rates: Rates,
  { now }: Pick<RateRequest, 'now'>,
  { source = 'fixed', validForMs = 900_000 }: FixedTerms,
): RateQuote<Rates> => ({ rates, source, quotedAt: now, validUntil: now + validForMs })
