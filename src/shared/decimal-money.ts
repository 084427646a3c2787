import { Decimal } from 'decimal.js'
import { err, ok, type Result } from 'neverthrow'
import { type Currency, currencyExponent, type UnknownCurrency } from './currency.js'
import { type AmountOverflow, type Money, type NotSafeInteger, toMoney, toSafeInteger } from './money.js'

/** The text is not an amount. */
export type InvalidAmount = {
  readonly type: 'InvalidAmount'
  readonly reason: 'empty' | 'tooLong' | 'notANumber'
}

/** The amount is finer than the currency's minor unit; it is not rounded. */
export type TooManyDecimals = {
  readonly type: 'TooManyDecimals'
  readonly decimals: number
  /** How many the currency has. */
  readonly exponent: number
}

/**
 * Writes an amount as a plain decimal number with all the decimals of its currency, as gateways and files want it:
 * `12.90` CNY, `1290` JPY, `1.290` KWD.
 *
 * @errors UnknownCurrency, NotSafeInteger
 */
export const toDecimalText = ({ minor, currency }: Money): Result<string, UnknownCurrency | NotSafeInteger> =>
  toMoney(minor, currency).andThen(() =>
    currencyExponent(currency).map((exponent) => new Decimal(`${minor}e-${exponent}`).toFixed(exponent)),
  )

/**
 * Reads a plain decimal number, with a point and without grouping; fewer decimals than the currency has are fine.
 *
 * @errors UnknownCurrency, InvalidAmount, TooManyDecimals, AmountOverflow
 */
export const parseDecimalText = (
  text: string,
  currency: Currency,
): Result<Money, UnknownCurrency | InvalidAmount | TooManyDecimals | AmountOverflow> =>
  currencyExponent(currency).andThen((exponent): Result<Money, InvalidAmount | TooManyDecimals | AmountOverflow> => {
    if (text === '') return err({ type: 'InvalidAmount', reason: 'empty' })
    if (text.length > longestAmount) return err({ type: 'InvalidAmount', reason: 'tooLong' })
    const [, sign, whole, fraction] = /^(-?)(?=\.?\d)(\d*)(?:\.(\d+))?$/.exec(text) ?? []
    if (sign === undefined || whole === undefined) return err({ type: 'InvalidAmount', reason: 'notANumber' })
    const decimals = fraction?.length ?? 0
    if (decimals > exponent) return err({ type: 'TooManyDecimals', decimals, exponent })
    const digits = `${whole}${(fraction ?? '').padEnd(exponent, '0')}`
    return toSafeInteger(BigInt(`${sign === '-' && /[1-9]/.test(digits) ? '-' : ''}${digits}`)).andThen((minor) =>
      ok({ minor, currency }),
    )
  })

/** More characters than any amount needs, however it is grouped and signed. */
export const longestAmount = 64
