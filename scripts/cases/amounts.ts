import { Decimal } from 'decimal.js'
import * as z from 'zod'
import { Inexpressible } from './verdict.js'

/** A whole number of minor units, as text. */
export const minorText = z
  .string()
  .regex(/^-?\d+$/)
  .transform(Number)

/** A decimal number, as text. */
export const decimalText = z.string().regex(/^-?\d+(\.\d+)?$/)

/** A percentage as basis points; finer ones are not expressed. */
export const basisPointsOf = (percent: string): number => wholeOf(new Decimal(percent).times(100), 'a percentage')

/** A percentage as millionths; finer ones are not expressed. */
export const millionthsOf = (percent: string): number => wholeOf(new Decimal(percent).times(10_000), 'a rate')

/** A decimal amount in minor units of a currency with so many decimals; a finer one is not expressed. */
export const minorOf = (amount: string, decimals: number): number =>
  wholeOf(new Decimal(amount).times(new Decimal(10).pow(decimals)), 'an amount')

const wholeOf = (value: Decimal, what: string): number => {
  if (!value.isInteger()) throw new Inexpressible(`${what} finer than we keep: ${value.toString()}`)
  return value.toNumber()
}

/**
 * Whether a whole number of minor units is what a peer that does not round states: the same where that is whole, else
 * no further from it than so many roundings of half a unit can be.
 */
export const isRoundedFrom = (minor: number, stated: string, decimals: number, roundings: number): boolean => {
  const exact = new Decimal(stated).times(new Decimal(10).pow(decimals))
  // The peer's figures are kept to twelve decimals, or are binary fractions.
  const nearest = exact.round()
  if (exact.minus(nearest).abs().lessThan(1e-6)) return nearest.equals(minor)
  return exact
    .minus(minor)
    .abs()
    .lessThan(Math.max(1, roundings / 2))
}
