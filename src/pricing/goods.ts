import { allocateKnown } from '../shared/allocate.js'
import type { RoundingRule } from '../shared/rounding.js'
import { roundQuotient } from '../shared/rounding.js'
import type { PriceLine } from './priced-cart.js'

/** The lines of a cart as lists of numbers, an item for each line. */
export type Goods = {
  readonly lines: readonly PriceLine[]
  readonly quantity: readonly number[]
  /** At list price, minor units. */
  readonly list: readonly number[]
  /** The least that offers may leave, minor units. */
  readonly floor: readonly number[]
  /** After line offers, minor units. */
  readonly activity: number[]
  /** Whether offers after the line stage may touch it. */
  readonly open: boolean[]
}

/** The most that a cart may come to, minor units; what is made of it stays exact. */
export const largestCartMinor = 100_000_000_000_000

/** The most pieces that a cart may hold; every one of them is a row of the unit table. */
export const largestCartPieces = 1_000_000

/** The item of a list at a place that is known to be in it. */
export const at = (values: readonly number[], place: number): number => values[place] ?? 0

/** The sum of a list. */
export const sumOf = (values: readonly number[]): number => {
  let sum = 0
  for (let place = 0; place < values.length; place += 1) sum += at(values, place)
  return sum
}

/**
 * Splits an amount of at least 0 as `allocate` does. Weights and caps are known to hold it; nothing is split otherwise.
 */
export const splitOver = (
  amountMinor: number,
  weights: readonly number[],
  caps?: readonly number[],
): readonly number[] => {
  if (weights.length === 1) return [amountMinor]
  const split = allocateKnown(amountMinor, weights, caps)
  return split.isOk() ? split.value : weights.map(() => 0)
}

/** Splits each amount over what the columns have left, so that rows and columns both come to what they are. */
export const splitRows = (amounts: readonly number[], columns: readonly number[]): readonly (readonly number[])[] => {
  let left = columns
  return amounts.map((amount) => {
    const parts = splitOver(amount, left, left)
    left = left.map((minor, place) => minor - at(parts, place))
    return parts
  })
}

/** `amount × numerator / denominator`, exact and rounded once; what it is made of is known to stay in range. */
export const shareOf = (amount: number, numerator: number, denominator: number, rule: RoundingRule): number => {
  const product = amount * numerator
  return roundQuotient(
    Number.isSafeInteger(product) ? product : BigInt(amount) * BigInt(numerator),
    denominator,
    rule,
  ).unwrapOr(0)
}
