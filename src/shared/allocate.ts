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
  const parts: number[] = []
  const open: number[] = []
  for (let index = 0; index < weights.length; index += 1) {
    parts.push(0)
    if (at(weights, index) > 0) open.push(index)
  }
  if (amountMinor === 0) return ok(parts)
  if (open.length === 0) return err({ type: 'WeightsAllZero', amountMinor })

  const size = Math.abs(amountMinor)
  const capacity = caps === undefined ? size : sumUpTo(size, open, caps)
  if (capacity < size) return err({ type: 'CapsTooSmall', amountMinor, capacityMinor: capacity })

  fillParts(parts, size, open, weights, caps)
  return ok(amountMinor < 0 ? parts.map((part) => 0 - part) : parts)
}

/** What the floor of each exact share leaves over: numerators over one denominator, so that they rank the remainders. */
type Rests = readonly number[] | Float64Array | readonly bigint[]

/** Lists up to here are sorted by insertion, which takes less than it takes to make a typed array. */
const fewParts = 32

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
    const rests = floorParts(parts, left, open, weights)
    const within = caps === undefined ? open : partsWithin(parts, open, rests, caps)
    if (within.length === open.length) {
      giveRests(parts, left, open, rests)
      return
    }
    const kept = new Set(within)
    for (const index of open) {
      if (kept.has(index)) continue
      const cap = at(caps ?? [], index)
      parts[index] = cap
      left -= cap
    }
    open = within
  }
}

/** The parts whose exact share is within their cap. */
const partsWithin = (
  parts: readonly number[],
  open: readonly number[],
  rests: Rests,
  caps: readonly number[],
): readonly number[] => {
  let within: number[] | undefined
  for (let place = 0; place < open.length; place += 1) {
    const index = at(open, place)
    const room = at(caps, index) - at(parts, index)
    const exceeds = room < 0 || (room === 0 && (rests[place] ?? 0) > 0)
    if (exceeds) within ??= open.slice(0, place)
    else within?.push(index)
  }
  return within ?? open
}

const floorParts = (parts: number[], size: number, open: readonly number[], weights: readonly number[]): Rests => {
  let total = 0
  let largest = 0
  for (const index of open) {
    const weight = at(weights, index)
    total += weight
    if (weight > largest) largest = weight
  }
  if (!Number.isSafeInteger(total) || !Number.isSafeInteger(size * largest)) {
    return floorPartsInBigInts(parts, size, open, weights)
  }
  const rests: number[] | Float64Array = open.length > fewParts ? new Float64Array(open.length) : []
  for (let place = 0; place < open.length; place += 1) {
    const index = at(open, place)
    const product = size * at(weights, index)
    const rest = product % total
    parts[index] = (product - rest) / total
    rests[place] = rest
  }
  return rests
}

const floorPartsInBigInts = (
  parts: number[],
  size: number,
  open: readonly number[],
  weights: readonly number[],
): readonly bigint[] => {
  const whole = BigInt(size)
  const total = open.reduce((sum, index) => sum + BigInt(at(weights, index)), 0n)
  return open.map((index) => {
    const product = whole * BigInt(at(weights, index))
    parts[index] = Number(product / total)
    return product % total
  })
}

/** Gives what the floors leave over, a unit each, to the largest remainders; of equals to the first. */
const giveRests = (parts: number[], left: number, open: readonly number[], rests: Rests): void => {
  let over = left
  for (const index of open) over -= at(parts, index)
  if (over === 0) return
  const least = ascending(rests)[open.length - over] ?? 0
  let ofEquals = over
  for (const rest of rests) if (rest > least) ofEquals -= 1
  for (let place = 0; place < open.length; place += 1) {
    const rest = rests[place] ?? 0
    if (rest < least) continue
    if (rest === least) {
      if (ofEquals === 0) continue
      ofEquals -= 1
    }
    const index = at(open, place)
    parts[index] = at(parts, index) + 1
  }
}

const ascending = (rests: Rests): ArrayLike<number | bigint> => {
  // Numbers in a typed array are sorted as numbers, without a call for each comparison.
  if (rests instanceof Float64Array) return rests.slice().sort()
  if (rests.length > fewParts) return [...rests].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  const sorted: (number | bigint)[] = []
  for (const rest of rests) {
    let place = sorted.length
    for (; place > 0; place -= 1) {
      const before = sorted[place - 1] ?? 0
      if (before <= rest) break
      sorted[place] = before
    }
    sorted[place] = rest
  }
  return sorted
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
