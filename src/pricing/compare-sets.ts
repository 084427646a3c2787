import type { Candidate } from './candidate.js'
import { at } from './goods.js'

/** A set of offers that may be the best, as the tie-breaks compare it. */
export type SetWorth = {
  /** Places of its candidates, ascending. */
  readonly chosen: readonly number[]
  readonly owedMinor: number
  readonly giftMinor: number
  readonly coupons: number
}

/**
 * Whether a set is better for the buyer than another: less to pay; of equals dearer gifts, then fewer coupons, then
 * coupons of a smaller face value, then those that expire first, then the first by id.
 *
 * @param faces - what each candidate takes off by itself, minor units
 */
export const isBetter = (
  found: SetWorth,
  best: SetWorth,
  candidates: readonly Candidate[],
  faces: readonly number[],
): boolean => {
  if (found.owedMinor !== best.owedMinor) return found.owedMinor < best.owedMinor
  if (found.giftMinor !== best.giftMinor) return found.giftMinor > best.giftMinor
  if (found.coupons !== best.coupons) return found.coupons < best.coupons
  const coupons = (set: SetWorth) => set.chosen.filter((place) => candidates[place]?.coupon !== null)
  const face = (set: SetWorth) => coupons(set).reduce((sum, place) => sum + at(faces, place), 0)
  const byFace = face(found) - face(best)
  if (byFace !== 0) return byFace < 0
  const ends = (set: SetWorth) =>
    coupons(set)
      .map((place) => candidates[place]?.coupon?.validTo ?? 0)
      .sort((a, b) => a - b)
  return (compareLists(ends(found), ends(best)) || compareLists(found.chosen, best.chosen)) < 0
}

const compareLists = (left: readonly number[], right: readonly number[]): number => {
  for (let place = 0; place < Math.min(left.length, right.length); place += 1) {
    if (at(left, place) !== at(right, place)) return at(left, place) - at(right, place)
  }
  return left.length - right.length
}
