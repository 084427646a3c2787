import { err, ok, type Result } from 'neverthrow'
import { type Currency, currencyExponent, type UnknownCurrency } from './currency.js'

/** An amount of one currency. */
export type Money = {
  /** Whole minor units, any sign, a safe integer: 1299 is 12.99 CNY, 1299 JPY and 1.299 KWD. */
  readonly minor: number
  readonly currency: Currency
}

/** Two amounts that were to be taken together are of different currencies. */
export type CurrencyMismatch = {
  readonly type: 'CurrencyMismatch'
  readonly expected: Currency
  readonly actual: Currency
}

/** The result is too large to be kept exactly. */
export type AmountOverflow = {
  readonly type: 'AmountOverflow'
  /** The exact result, in digits. */
  readonly exact: string
}

/** The number is not a whole one within the safe range. */
export type NotSafeInteger = {
  readonly type: 'NotSafeInteger'
  /** The name of the argument. */
  readonly field: string
}

/**
 * Makes an amount of money.
 *
 * @param minor - whole minor units, any sign
 * @errors NotSafeInteger, UnknownCurrency
 */
export const toMoney = (minor: number, currency: Currency): Result<Money, NotSafeInteger | UnknownCurrency> =>
  Number.isSafeInteger(minor)
    ? currencyExponent(currency).map(() => ({ minor: withoutNegativeZero(minor), currency }))
    : err({ type: 'NotSafeInteger', field: 'minor' })

/** No money, of a currency. */
export const zeroMoney = (currency: Currency): Money => ({ minor: 0, currency })

/**
 * Adds two amounts.
 *
 * @errors CurrencyMismatch, NotSafeInteger, AmountOverflow
 */
export const addMoney = (
  left: Money,
  right: Money,
): Result<Money, CurrencyMismatch | NotSafeInteger | AmountOverflow> => sumMoney(left.currency, [left, right])

/**
 * Takes the right amount from the left one; the difference may be below zero.
 *
 * @errors CurrencyMismatch, NotSafeInteger, AmountOverflow
 */
export const subtractMoney = (
  left: Money,
  right: Money,
): Result<Money, CurrencyMismatch | NotSafeInteger | AmountOverflow> =>
  sumMoney(left.currency, [left, negateMoney(right)])

/**
 * Adds up any number of amounts, none giving zero; only the total has to be within range, not the sums on the way.
 *
 * @param currency - the one that every amount must have
 * @errors CurrencyMismatch, NotSafeInteger, AmountOverflow
 */
export const sumMoney = (
  currency: Currency,
  amounts: readonly Money[],
): Result<Money, CurrencyMismatch | NotSafeInteger | AmountOverflow> => {
  let minor = 0
  let exact = true
  for (const amount of amounts) {
    if (amount.currency !== currency)
      return err({ type: 'CurrencyMismatch', expected: currency, actual: amount.currency })
    if (!Number.isSafeInteger(amount.minor)) return err({ type: 'NotSafeInteger', field: 'minor' })
    minor += amount.minor
    exact &&= Number.isSafeInteger(minor)
  }
  if (exact) return ok({ minor, currency })
  return toSafeInteger(amounts.reduce((sum, amount) => sum + BigInt(amount.minor), 0n)).map((total) => ({
    minor: total,
    currency,
  }))
}

/**
 * Multiplies an amount by a whole number, such as a unit price by a quantity.
 *
 * @param times - a safe integer, any sign
 * @errors NotSafeInteger, AmountOverflow
 */
export const multiplyMoney = (amount: Money, times: number): Result<Money, NotSafeInteger | AmountOverflow> => {
  if (!Number.isSafeInteger(times)) return err({ type: 'NotSafeInteger', field: 'times' })
  if (!Number.isSafeInteger(amount.minor)) return err({ type: 'NotSafeInteger', field: 'minor' })
  const product = amount.minor * times
  const minor: Result<number, AmountOverflow> = Number.isSafeInteger(product)
    ? ok(withoutNegativeZero(product))
    : toSafeInteger(BigInt(amount.minor) * BigInt(times))
  return minor.map((exact) => ({ minor: exact, currency: amount.currency }))
}

/** Turns the sign of an amount. */
export const negateMoney = ({ minor, currency }: Money): Money => ({ minor: 0 - minor, currency })

/**
 * Compares two amounts.
 *
 * @returns -1 when the left one is less, 0 when they are equal, 1 when it is more
 * @errors CurrencyMismatch
 */
export const compareMoney = (left: Money, right: Money): Result<-1 | 0 | 1, CurrencyMismatch> => {
  if (left.currency !== right.currency) {
    return err({ type: 'CurrencyMismatch', expected: left.currency, actual: right.currency })
  }
  return ok(left.minor < right.minor ? -1 : left.minor > right.minor ? 1 : 0)
}

/**
 * Brings an exact result back to a number.
 *
 * @errors AmountOverflow
 */
export const toSafeInteger = (exact: bigint): Result<number, AmountOverflow> => {
  const value = Number(exact)
  return Number.isSafeInteger(value) ? ok(value) : err({ type: 'AmountOverflow', exact: exact.toString() })
}

const withoutNegativeZero = (value: number): number => value + 0
