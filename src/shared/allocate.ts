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
 *   without caps, or with the weights as caps, no part exceeds its weight when the amount is within their sum
 * @errors WeightsAllZero, CapsTooSmall, InvalidSplit
 * @source docs/rounding.md
 */
export const allocate = (
  amountMinor: number,
  weights: readonly number[],
  caps?: readonly number[],
): Result<readonly number[], WeightsAllZero | CapsTooSmall | InvalidSplit> => {
  const invalid = findInvalidSplit(amountMinor, weights, caps)
  return invalid === undefined ? allocateKnown(amountMinor, weights, caps) : err(invalid)
}

/** As `allocate`, of whole numbers that are known to be safe and, weights and caps, not below zero. */
export const allocateKnown = (
  amountMinor: number,
  weights: readonly number[],
  caps?: readonly number[],
): Result<readonly number[], WeightsAllZero | CapsTooSmall> => {
  const parts = new Array<number>(weights.length).fill(0)
  if (amountMinor === 0) return ok(parts)
  if (!weights.some((weight) => weight > 0)) return err({ type: 'WeightsAllZero', amountMinor })

  const size = Math.abs(amountMinor)
  const capacity = caps === undefined ? size : capacityOf(size, weights, caps)
  if (capacity < size) return err({ type: 'CapsTooSmall', amountMinor, capacityMinor: capacity })

  fillParts(parts, size, weights, caps)
  return ok(amountMinor < 0 ? parts.map((part) => 0 - part) : parts)
}

/** What the floor of each exact share leaves over: numerators over one denominator, so that they rank the remainders. */
type Rests = readonly number[] | Float64Array | readonly bigint[]

/** Lists up to here are sorted by insertion, which takes less than it takes to make a typed array. */
const fewParts = 32

const fillParts = (
  parts: number[],
  size: number,
  weights: readonly number[],
  caps: readonly number[] | undefined,
): void => {
  let left = size
  // The weights of the parts that are not settled yet; 0 of the others.
  let open = weights
  for (;;) {
    const rests = floorParts(parts, left, open)
    const full = caps === undefined ? [] : partsAbove(parts, open, rests, caps)
    if (full.length === 0) {
      giveRests(parts, left, open, rests)
      return
    }
    const still = open.slice()
    for (const index of full) {
      const cap = at(caps ?? [], index)
      parts[index] = cap
      left -= cap
      still[index] = 0
    }
    open = still
  }
}

/** The open parts whose exact share is above their cap. */
const partsAbove = (
  parts: readonly number[],
  open: readonly number[],
  rests: Rests,
  caps: readonly number[],
): readonly number[] => {
  const above: number[] = []
  for (let index = 0; index < open.length; index += 1) {
    if (at(open, index) === 0) continue
    const room = at(caps, index) - at(parts, index)
    if (room < 0 || (room === 0 && (rests[index] ?? 0) > 0)) above.push(index)
  }
  return above
}

const floorParts = (parts: number[], size: number, open: readonly number[]): Rests => {
  let total = 0
  let largest = 0
  for (let index = 0; index < open.length; index += 1) {
    const weight = at(open, index)
    total += weight
    if (weight > largest) largest = weight
  }
  if (!Number.isSafeInteger(total) || !Number.isSafeInteger(size * largest)) return floorInBigInts(parts, size, open)
  const count = open.length
  const rests: number[] | Float64Array = count > fewParts ? new Float64Array(count) : new Array<number>(count).fill(0)
  for (let index = 0; index < count; index += 1) {
    const weight = at(open, index)
    if (weight === 0) continue
    const product = size * weight
    const rest = product % total
    parts[index] = (product - rest) / total
    rests[index] = rest
  }
  return rests
}

const floorInBigInts = (parts: number[], size: number, open: readonly number[]): readonly bigint[] => {
  const whole = BigInt(size)
  const total = open.reduce((sum, weight) => sum + BigInt(weight), 0n)
  return open.map((weight, index) => {
    if (weight === 0) return 0n
    const product = whole * BigInt(weight)
    parts[index] = Number(product / total)
    return product % total
  })
}

/**
 * Gives what the floors leave over, a unit each, to the largest remainders; of equals to the first. As many units are
 * over as the remainders sum to wholes, so that no part without a remainder, hence none without a weight, has one.
 */
const giveRests = (parts: number[], left: number, open: readonly number[], rests: Rests): void => {
  const count = open.length
  let over = left
  for (let index = 0; index < count; index += 1) if (at(open, index) > 0) over -= at(parts, index)
  if (over === 0) return
  const least = ascending(rests)[count - over] ?? 0
  let ofEquals = over
  for (let index = 0; index < count; index += 1) if ((rests[index] ?? 0) > least) ofEquals -= 1
  for (let index = 0; index < count; index += 1) {
    const rest = rests[index] ?? 0
    if (rest < least) continue
    if (rest === least) {
      if (ofEquals === 0) continue
      ofEquals -= 1
    }
    parts[index] = at(parts, index) + 1
  }
}

const ascending = (rests: Rests): ArrayLike<number | bigint> => {
  // Numbers in a typed array are sorted as numbers, without a call for each comparison.
  if (rests instanceof Float64Array) return rests.slice().sort()
  if (rests.length > fewParts) return [...rests].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  const sorted: (number | bigint)[] = rests.slice()
  for (let next = 1; next < sorted.length; next += 1) {
    const rest = sorted[next] ?? 0
    let place = next
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
const capacityOf = (limit: number, weights: readonly number[], caps: readonly number[]): number => {
  let sum = 0
  for (let index = 0; index < weights.length; index += 1) {
    if (at(weights, index) === 0) continue
    const cap = at(caps, index)
    if (cap >= limit - sum) return limit
    sum += cap
  }
  return sum
}

const at = (values: readonly number[], index: number): number => values[index] ?? 0
