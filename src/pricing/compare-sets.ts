import { compareCodePoints } from '../shared/json.js'
import type { Candidate } from './candidate.js'
import { at } from './goods.js'

/** A set of offers that may be the best, as the tie-breaks compare it. */
export type SetWorth = {
  /** Places of its candidates, ascending. */
  readonly chosen: readonly number[]
  readonly owedMinor: number
  readonly giftMinor: number
  /** Pieces of all its gifts; those of no declared worth are told apart from none by it. */
  readonly giftPieces: number
  readonly coupons: number
}

/**
 * Whether a set is better for the buyer than another: less to pay; of equals dearer gifts, then more of them, then fewer
 * coupons, then coupons of a smaller face value, then those that expire first, then the first by id.
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
  if (found.giftPieces !== best.giftPieces) return found.giftPieces > best.giftPieces
  if (found.coupons !== best.coupons) return found.coupons < best.coupons
  const coupons = (set: SetWorth) => set.chosen.filter((place) => candidates[place]?.coupon !== null)
  const face = (set: SetWorth) => coupons(set).reduce((sum, place) => sum + at(faces, place), 0)
  const byFace = face(found) - face(best)
  if (byFace !== 0) return byFace < 0
  const ends = (set: SetWorth) =>
    coupons(set)
      .map((place) => candidates[place]?.coupon?.validTo ?? 0)
      .sort((a, b) => a - b)
  const ids = (set: SetWorth) => set.chosen.map((place) => nameOf(candidates[place])).sort(compareCodePoints)
  return (
    (compareLists(ends(found), ends(best), (a, b) => a - b) || compareLists(ids(found), ids(best), compareCodePoints)) <
    0
  )
}

const nameOf = (candidate: Candidate | undefined): string =>
  candidate?.coupon?.couponId ?? candidate?.offer.offerId ?? ''

/** Of two lists that begin alike the longer comes first: whoever has it is given more. */
const compareLists = <Item>(
  left: readonly Item[],
  right: readonly Item[],
  compare: (left: Item, right: Item) => number,
): number => {
  for (const [place, item] of left.entries()) {
    const other = right[place]
    if (other === undefined) return -1
    const order = compare(item, other)
    if (order !== 0) return order
  }
  return left.length === right.length ? 0 : 1
}
