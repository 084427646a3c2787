import { err, ok, type Result } from 'neverthrow'
import { findInvalidSplit, type InvalidSplit, type WeightsAllZero } from './split.js'

/**
 * Splits an amount over weights by the divisor method of Webster and Sainte-Laguë; ties go to the lower index.
 *
 * Every part only ever grows with the amount, so what was split at 100 and again at 70 is clawed back by differences
 * that are never negative; `allocate` does not promise that. In turn a part may be off its exact share by more than one
 * minor unit, and there are no caps: use it where a total is split again and again, and `allocate` everywhere else.
 *
 * @example apportionByDivisor(3, [1, 1, 1]) // => [1, 1, 1]
 * @param amountMinor - minor units, any sign
 * @param weights - one safe integer per part, each >= 0
 * @returns one integer per weight; they sum to `amountMinor` exactly and have its sign
 * @errors WeightsAllZero, InvalidSplit
 * @source docs/rounding.md
 */
export const apportionByDivisor = (
  amountMinor: number,
  weights: readonly number[],
): Result<readonly number[], WeightsAllZero | InvalidSplit> => {
  const invalid = findInvalidSplit(amountMinor, weights)
  if (invalid !== undefined) return err(invalid)
  if (amountMinor === 0) return ok(weights.map(() => 0))
  if (weights.every((weight) => weight === 0)) return err({ type: 'WeightsAllZero', amountMinor })

  const size = Math.abs(amountMinor)
  const parts = roundShares(size, weights)
  let missing = size - parts.reduce((sum, part) => sum + part, 0)
  for (; missing > 0; missing -= 1) giveUnit(parts, weights)
  for (; missing < 0; missing += 1) takeUnit(parts, weights)
  return ok(amountMinor < 0 ? parts.map((part) => 0 - part) : parts)
}

// The n-th unit of a part ranks by weight / (2n - 1), ties by index, and the first units of that ranking are given out.
// Rounding every exact share to the nearest gives a beginning of the ranking that is too long or too short by at most
// half a unit per part; those few are given or taken one at a time.
const roundShares = (size: number, weights: readonly number[]): number[] => {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  if (Number.isSafeInteger((2 * size + 1) * total)) {
    return weights.map((weight) => {
      const share = 2 * size * weight + total
      return (share - (share % (2 * total))) / (2 * total)
    })
  }
  const whole = weights.reduce((sum, weight) => sum + BigInt(weight), 0n)
  return weights.map((weight) => Number((2n * BigInt(size) * BigInt(weight) + whole) / (2n * whole)))
}

const giveUnit = (parts: number[], weights: readonly number[]): void => {
  let best = -1
  for (let index = 0; index < parts.length; index += 1) {
    if (at(weights, index) === 0) continue
    if (
      best < 0 ||
      compareUnits(at(weights, index), at(parts, index) + 1, at(weights, best), at(parts, best) + 1) > 0
    ) {
      best = index
    }
  }
  parts[best] = at(parts, best) + 1
}

const takeUnit = (parts: number[], weights: readonly number[]): void => {
  let last = -1
  for (let index = 0; index < parts.length; index += 1) {
    if (at(parts, index) === 0) continue
    if (last < 0 || compareUnits(at(weights, index), at(parts, index), at(weights, last), at(parts, last)) <= 0) {
      last = index
    }
  }
  parts[last] = at(parts, last) - 1
}

/** The sign of weight / (2 unit - 1) minus the same of the other, exactly. */
const compareUnits = (weight: number, unit: number, otherWeight: number, otherUnit: number): number => {
  const left = weight * (2 * otherUnit - 1)
  const right = otherWeight * (2 * unit - 1)
  if (Number.isSafeInteger(left) && Number.isSafeInteger(right)) return left - right
  const exactLeft = BigInt(weight) * (2n * BigInt(otherUnit) - 1n)
  const exactRight = BigInt(otherWeight) * (2n * BigInt(unit) - 1n)
  return exactLeft < exactRight ? -1 : exactLeft > exactRight ? 1 : 0
}

const at = (values: readonly number[], index: number): number => values[index] ?? 0
