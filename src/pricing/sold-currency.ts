import { err, ok, type Result } from 'neverthrow'
import type { Currency } from '../shared/currency.js'

/** What selling in several currencies needs of the world. */
export type CurrencyPorts = {
  /** In which currencies the shop sells by price lists, beside that of the catalog; in none when absent. */
  readonly soldCurrencies?: readonly Currency[]
}

/** The shop does not sell in the currency. */
export type CurrencyNotSold = {
  readonly type: 'CurrencyNotSold'
  readonly currency: Currency
  /** The currencies that it sells in beside that of the catalog. */
  readonly sold: readonly Currency[]
}

/** The shop sells in the currency, but not these goods: no price list has a price of them in it. */
export type NotSoldInCurrency = {
  readonly type: 'NotSoldInCurrency'
  readonly sku: string
  readonly currency: Currency
}

/**
 * The currency that goods are sold in: the one asked for, else that of the catalog.
 *
 * @param catalog - the currencies that the catalog prices the goods in
 * @errors CurrencyNotSold
 */
export const currencySold = (
  { soldCurrencies = [] }: CurrencyPorts,
  asked: Currency | undefined,
  catalog: readonly Currency[],
): Result<Currency | undefined, CurrencyNotSold> =>
  asked === undefined || soldCurrencies.includes(asked) || catalog.every((currency) => currency === asked)
    ? ok(asked)
    : err({ type: 'CurrencyNotSold', currency: asked, sold: soldCurrencies })
