import type { Result } from 'neverthrow'
import { currencyExponent, type UnknownCurrency } from './currency.js'
import { toDecimalText } from './decimal-money.js'
import type { Money, NotSafeInteger } from './money.js'
import { type CurrencyDisplay, createAmountFormat, formatDecimal, type InvalidLocale } from './number-format.js'

/**
 * Writes an amount for people, with the currency's decimals, exactly at any size: `¥12.90`, `1.234,50 €`.
 *
 * @errors UnknownCurrency, NotSafeInteger, InvalidLocale
 */
export const formatMoney = (
  money: Money,
  {
    locale,
    display = 'symbol',
  }: {
    /** A BCP 47 language tag. */
    readonly locale: string
    /** The currency's sign (default), its short sign or its code. */
    readonly display?: CurrencyDisplay
  },
): Result<string, UnknownCurrency | NotSafeInteger | InvalidLocale> =>
  currencyExponent(money.currency).andThen((decimals) =>
    createAmountFormat({ locale, currency: money.currency, decimals, display }).andThen((format) =>
      toDecimalText(money).map((decimal) => formatDecimal(format, decimal)),
    ),
  )
