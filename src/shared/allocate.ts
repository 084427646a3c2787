import { err, ok, type Result } from 'neverthrow'
import { type CapsTooSmall, findInvalidSplit, type InvalidSplit, type WeightsAllZero } from './split.js'

/**
 * Splits an amount over weights by largest remainder; ties go to the lower index. A part whose share is above its cap
 * takes its cap, and what is left is split again over the others.
 *
 * @example allocate(100, [1, 1, 1]) // => [34, 33, 33]
 * @example allocate(3000, [5000, 5000], [500, 5000]) // => [500, 2500]
 * @param amountMinor - minor units, any sign
 * @param weights - one safe integer per part, each >= 0
 * @param caps - the most each part may take, minor units, sign left aside; defaults to no cap
 * @returns one integer per weight; they sum to `amountMinor` exactly, have its sign, and are zero where the weight is;
 *   when the amount is within the sum of the weights, no part exceeds its weight
 * @errors WeightsAllZero, CapsTooSmall, InvalidSplit
 * @source docs/rounding.md
 */
export const allocate = (
  amountMinor: number,
  weights: readonly number[],
  caps?: readonly number[],
): Result<readonly number[], WeightsAllZero | CapsTooSmall | InvalidSplit> => {
  const invalid = findInvalidSplit(amountMinor, weights, caps)
  if (invalid !== undefined) return err(invalid)
  const parts = weights.map(() => 0)
  if (amountMinor === 0) return ok(parts)
  const open = weights.map((_, index) => index).filter((index) => at(weights, index) > 0)
  if (open.length === 0) return err({ type: 'WeightsAllZero', amountMinor })

  const size = Math.abs(amountMinor)
  const capacity = caps === undefined ? size : sumUpTo(size, open, caps)
  if (capacity < size) return err({ type: 'CapsTooSmall', amountMinor, capacityMinor: capacity })

  fillParts(parts, size, open, weights, caps)
  return ok(amountMinor < 0 ? parts.map((part) => 0 - part) : parts)
}

/** The floor of a part's exact share, and the numerator of what the floor leaves over. */
type Quota = { readonly index: number; readonly floor: number; readonly rest: number | bigint }

const fillParts = (
  parts: number[],
  size: number,
  all: readonly number[],
  weights: readonly number[],
  caps: readonly number[] | undefined,
): void => {
  let left = size
  let open = all
  for (;;) {
    const quotas = quotasOf(left, open, weights)
    const within = caps === undefined ? quotas : quotas.filter((quota) => !exceeds(quota, at(caps, quota.index)))
    if (within.length === quotas.length) {
      giveQuotas(parts, left, quotas)
      return
    }
    const kept = new Set(within.map((quota) => quota.index))
    for (const index of open) {
      if (kept.has(index)) continue
      const cap = at(caps ?? [], index)
      parts[index] = cap
      left -= cap
    }
    open = within.map((quota) => quota.index)
  }
}

const exceeds = ({ floor, rest }: Quota, cap: number): boolean => floor > cap || (floor === cap && rest > 0)

const giveQuotas = (parts: number[], left: number, quotas: readonly Quota[]): void => {
  let over = left
  for (const { index, floor } of quotas) {
    parts[index] = floor
    over -= floor
  }
  if (over === 0) return
  // The denominator is one for all, so the numerators rank the remainders.
  const ranked = [...quotas].sort((a, b) => (a.rest < b.rest ? 1 : a.rest > b.rest ? -1 : a.index - b.index))
  for (const { index, floor } of ranked.slice(0, over)) parts[index] = floor + 1
}

const quotasOf = (size: number, open: readonly number[], weights: readonly number[]): readonly Quota[] => {
  let total = 0
  let largest = 0
  for (const index of open) {
    const weight = at(weights, index)
    total += weight
    if (weight > largest) largest = weight
  }
  return Number.isSafeInteger(total) && Number.isSafeInteger(size * largest)
    ? open.map((index) => quotaInNumbers(size, index, at(weights, index), total))
    : quotasInBigInts(size, open, weights)
}

const quotaInNumbers = (size: number, index: number, weight: number, total: number): Quota => {
  const product = size * weight
  const rest = product % total
  return { index, floor: (product - rest) / total, rest }
}

const quotasInBigInts = (size: number, open: readonly number[], weights: readonly number[]): readonly Quota[] => {
  const whole = BigInt(size)
  const total = open.reduce((sum, index) => sum + BigInt(at(weights, index)), 0n)
  return open.map((index) => {
    const product = whole * BigInt(at(weights, index))
    return { index, floor: Number(product / total), rest: product % total }
  })
}

// Stops at the limit, so that caps without bound never add up beyond the safe range.
const sumUpTo = (limit: number, indexes: readonly number[], values: readonly number[]): number => {
  let sum = 0
  for (const index of indexes) {
    const value = at(values, index)
    if (value >= limit - sum) return limit
    sum += value
  }
  return sum
}

const at = (values: readonly number[], index: number): number => values[index] ?? 0
