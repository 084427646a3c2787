import { Decimal } from 'decimal.js'
import { err, ok, type Result } from 'neverthrow'
import type { AmountOverflow, NotSafeInteger } from './money.js'
import { type RoundingRule, roundQuotient } from './rounding.js'

/** The text is not a decimal number of at most forty characters, such as `0.0725`. */
export type InvalidRate = { readonly type: 'InvalidRate'; readonly rate: string }

/**
 * Takes a share of an amount, rounded once: 825 basis points of 1000 are 82.5, so 83 by `halfUp`.
 *
 * @errors NotSafeInteger, AmountOverflow
 */
export const percentOf = ({
  amountMinor,
  rateBasisPoints,
  rounding,
}: {
  /** Minor units, any sign. */
  readonly amountMinor: number
  /** Hundredths of a percent, whole, any sign; 10000 is all of it. */
  readonly rateBasisPoints: number
  readonly rounding: RoundingRule
}): Result<number, NotSafeInteger | AmountOverflow> => {
  if (!Number.isSafeInteger(amountMinor)) return err({ type: 'NotSafeInteger', field: 'amountMinor' })
  if (!Number.isSafeInteger(rateBasisPoints)) return err({ type: 'NotSafeInteger', field: 'rateBasisPoints' })
  const product = amountMinor * rateBasisPoints
  const exact = Number.isSafeInteger(product) ? product : BigInt(amountMinor) * BigInt(rateBasisPoints)
  return roundQuotient(exact, 10_000, rounding)
}

/**
 * Multiplies an amount by a decimal rate, rounded once: a tax of `0.0725`, an exchange at `7.1986`.
 *
 * @errors NotSafeInteger, InvalidRate, AmountOverflow
 */
export const applyRate = ({
  amountMinor,
  rate,
  rounding,
}: {
  /** Minor units, any sign. */
  readonly amountMinor: number
  /** A decimal number as text, so that no binary fraction comes near it. */
  readonly rate: string
  readonly rounding: RoundingRule
}): Result<number, NotSafeInteger | InvalidRate | AmountOverflow> => {
  if (!Number.isSafeInteger(amountMinor)) return err({ type: 'NotSafeInteger', field: 'amountMinor' })
  return parseRate(rate).andThen(({ digits, scale }) =>
    roundQuotient(BigInt(amountMinor) * digits, 10n ** BigInt(scale), rounding),
  )
}

/** `digits` divided by ten to the power of `scale`. */
export type ExactRate = { readonly digits: bigint; readonly scale: number }

/**
 * Reads a rate exactly.
 *
 * @errors InvalidRate
 */
export const parseRate = (rate: string): Result<ExactRate, InvalidRate> => {
  if (rate.length > 40 || !/^-?\d+(?:\.\d+)?$/.test(rate)) return err({ type: 'InvalidRate', rate: rate.slice(0, 60) })
  const decimal = new Decimal(rate)
  return ok({ digits: BigInt(decimal.toFixed().replace('.', '')), scale: decimal.decimalPlaces() })
}
