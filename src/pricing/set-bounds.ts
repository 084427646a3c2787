import { areCompatible, type Candidate, type Measure } from './candidate.js'
import { at } from './goods.js'

/** Which candidates exclude each other. */
export type Conflicts = (one: number, other: number) => boolean

/** Looks up once which candidates exclude each other. */
export const findConflicts = (candidates: readonly Candidate[]): Conflicts => {
  const count = candidates.length
  const found = new Uint8Array(count * count)
  for (let left = 0; left < count; left += 1) {
    for (let right = left + 1; right < count; right += 1) {
      const [a, b] = [candidates[left], candidates[right]]
      if (a === undefined || b === undefined || areCompatible(a, b)) continue
      found[left * count + right] = 1
      found[right * count + left] = 1
    }
  }
  return (one, other) => found[one * count + other] === 1
}

/** The most that a set may give beyond what it holds already. */
export type Bound = {
  readonly savingMinor: number
  readonly giftMinor: number
  readonly giftPieces: number
  /** Whether nothing may come after the candidate. */
  readonly isLast: boolean
}

/**
 * Bounds what a candidate and those after it can give together: of candidates that all exclude each other only the best
 * counts, and none gives more later than the most that it has now.
 *
 * @returns the bound of a candidate that may be taken, by what each gives now; undefined are those that never will
 */
export const boundBy = (
  conflicts: Conflicts,
  count: number,
): ((measures: readonly (Measure | undefined)[], next: number) => Bound) => {
  const cliques = coverByCliques(conflicts, count)
  const largest = new Array<number>(count)
  return (measures, next) => {
    const measured = measures[next]
    let savingMinor = (measured?.goodsMinor ?? 0) + (measured?.shippingMinor ?? 0)
    let giftMinor = measured?.effect.gift?.valueMinor ?? 0
    let giftPieces = measured?.effect.gift?.quantity ?? 0
    let isLast = true
    largest.fill(0)
    for (let place = next + 1; place < count; place += 1) {
      const later = measures[place]
      if (later === undefined || conflicts(next, place)) continue
      isLast = false
      const clique = at(cliques, place)
      const gain = later.mostMinor + later.shippingMinor
      const before = at(largest, clique)
      if (gain > before) {
        savingMinor += gain - before
        largest[clique] = gain
      }
      giftMinor += later.effect.gift?.valueMinor ?? 0
      giftPieces += later.effect.gift?.quantity ?? 0
    }
    return { savingMinor, giftMinor, giftPieces, isLast }
  }
}

/** Puts every candidate into a group whose members all exclude each other; by place, the number of its group. */
const coverByCliques = (conflicts: Conflicts, count: number): readonly number[] => {
  const members: number[][] = []
  const cliqueOf: number[] = []
  for (let place = 0; place < count; place += 1) {
    let clique = members.findIndex((group) => group.every((other) => conflicts(place, other)))
    if (clique < 0) clique = members.push([]) - 1
    members[clique]?.push(place)
    cliqueOf.push(clique)
  }
  return cliqueOf
}
