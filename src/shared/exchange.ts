import { err, ok, Result } from 'neverthrow'
import { type Currency, currencyExponent, type UnknownCurrency } from './currency.js'
import type { AmountOverflow, CurrencyMismatch, Money, NotSafeInteger } from './money.js'
import { type InvalidRate, parseRate } from './rate.js'
import { type RoundingRule, roundQuotient } from './rounding.js'

/** What a unit of one currency is in another: 1 USD is `7.1986` CNY. */
export type Exchange = {
  readonly from: Currency
  readonly to: Currency
  /** Above zero, a decimal number as text. */
  readonly rate: string
}

/**
 * Says an amount in the other currency of an exchange, whichever of the two it is in, exactly and rounded once: at
 * `7.1986`, 10.00 USD are 71.99 CNY by `halfUp`. By `down`, there and back never gains.
 *
 * @errors CurrencyMismatch, UnknownCurrency, NotSafeInteger, InvalidRate, AmountOverflow
 */
export const convertMoney = (
  money: Money,
  { from, to, rate }: Exchange,
  rounding: RoundingRule,
): Result<Money, CurrencyMismatch | UnknownCurrency | NotSafeInteger | InvalidRate | AmountOverflow> => {
  const { minor, currency } = money
  if (currency !== from && currency !== to) return err({ type: 'CurrencyMismatch', expected: from, actual: currency })
  if (!Number.isSafeInteger(minor)) return err({ type: 'NotSafeInteger', field: 'minor' })
  return Result.combine([currencyExponent(from), currencyExponent(to)]).andThen(([ofFrom = 0, ofTo = 0]) =>
    parseRate(rate).andThen(({ digits, scale }): Result<Money, InvalidRate | AmountOverflow> => {
      if (digits <= 0n) return err({ type: 'InvalidRate', rate })
      // In minor units: so many of `to` for so many of `from`.
      const many = digits * 10n ** BigInt(ofTo)
      const few = 10n ** BigInt(scale + ofFrom)
      return currency === from
        ? roundQuotient(BigInt(minor) * many, few, rounding).andThen((made) => ok({ minor: made, currency: to }))
        : roundQuotient(BigInt(minor) * few, many, rounding).andThen((made) => ok({ minor: made, currency: from }))
    }),
  )
}
