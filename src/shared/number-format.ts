/// <reference lib="es2023.intl" />
import { err, ok, type Result } from 'neverthrow'
import type { Currency } from './currency.js'

/** The text is not a language tag, such as `zh-CN`, or not one that the runtime has data for. */
export type InvalidLocale = { readonly type: 'InvalidLocale'; readonly locale: string }

/** How a currency is named beside its amount: by its sign (`US$`, `$`) or its code. */
export type CurrencyDisplay = 'symbol' | 'narrowSymbol' | 'code'

/**
 * Makes a locale's way to write amounts with a fixed number of decimals.
 *
 * @errors InvalidLocale
 */
export const createAmountFormat = ({
  locale,
  currency,
  decimals,
  display = 'symbol',
}: {
  readonly locale: string
  readonly currency: Currency
  readonly decimals: number
  readonly display?: CurrencyDisplay
}): Result<Intl.NumberFormat, InvalidLocale> => {
  try {
    // Without this the runtime's own default would stand in, and differ from machine to machine.
    if (Intl.NumberFormat.supportedLocalesOf(locale).length === 0) return err({ type: 'InvalidLocale', locale })
    return ok(
      new Intl.NumberFormat(locale, {
        style: 'currency',
        currency,
        currencyDisplay: display,
        minimumFractionDigits: decimals,
        maximumFractionDigits: decimals,
      }),
    )
  } catch {
    // The currency is from our table and the decimals are few, so only the language tag can be at fault.
    return err({ type: 'InvalidLocale', locale })
  }
}

/** Writes a decimal number given as text, digit by digit: as a number it would lose its last digits above 2^53. */
export const formatDecimal = (format: Intl.NumberFormat, decimal: string): string =>
  isDecimal(decimal) ? format.format(decimal) : decimal

const isDecimal = (text: string): text is `${number}` => /^-?\d+(?:\.\d+)?$/.test(text)
