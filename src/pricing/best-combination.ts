import { areCompatible, type Candidate, type Measure, measure, sharesOf } from './candidate.js'
import { at, type Goods, sumOf } from './goods.js'

/** What a search is about. */
export type SearchProblem = {
  readonly goods: Goods
  /** In the order in which they take effect. */
  readonly candidates: readonly Candidate[]
  /** Carriage before offers, minor units. */
  readonly shippingMinor: number
  /** Tax on top of prices; null when there is none. */
  readonly taxOnTop: TaxOnTop | null
  /** Most sets looked at. */
  readonly limit: number
  /** Place of a candidate that the set must hold, where one with it can stand; null: none. */
  readonly required: number | null
}

/** Tax that comes on top of prices, as the search sees it. */
export type TaxOnTop = {
  /** Tax on what is left of the lines and of carriage, minor units. */
  readonly taxOf: (running: readonly number[], shippingMinor: number) => number
  /** The highest rate, parts per million, and the most that rounding can move. */
  readonly highestMillionths: number
  readonly slackMinor: number
}

/** The best set found. */
export type SearchAnswer = {
  /** Places of the chosen candidates, ascending. */
  readonly chosen: readonly number[]
  /** Whether no set costs the buyer less. */
  readonly optimal: boolean
  /** The most that a set which was not looked at could save on top, minor units. */
  readonly gapMinor: number
  readonly setsTried: number
}

/** A set of offers with what it leaves. */
type SetState = {
  readonly chosen: readonly number[]
  readonly running: readonly number[]
  readonly shippingMinor: number
  /** What the buyer owes before points, tax on top left aside. */
  readonly dueMinor: number
  readonly giftMinor: number
  readonly coupons: number
}

/** A set that may be the best, as the tie-breaks compare it. */
type Incumbent = {
  readonly chosen: readonly number[]
  readonly owedMinor: number
  readonly giftMinor: number
  readonly coupons: number
}

/**
 * Finds the set of offers that is best for the buyer: of all sets whose members go together and each give something, the
 * one with the least to pay; of equals the one with the dearest gifts, then the fewest coupons, then the coupons of the
 * smallest face value, then those that expire first, then the first by id.
 *
 * Branch and bound, exact unless `limit` cuts it short: every effect gives no more when less is left of a line, so what
 * an offer gives now bounds what it gives later, and of offers that exclude each other only the best counts.
 */
export const findBestSet = (problem: SearchProblem): SearchAnswer => {
  const { required } = problem
  if (required !== null) {
    const others = withRequired(problem, required)
    const answer = searchSets(others)
    const chosen = answer.chosen.map((place) => others.places[place] ?? place)
    if (chosen.includes(required)) return { ...answer, chosen }
  }
  return searchSets({ ...problem, required: null })
}

/** The problem without the candidates that do not go together with the required one. */
const withRequired = (
  problem: SearchProblem,
  required: number,
): SearchProblem & { readonly places: readonly number[] } => {
  const wanted = problem.candidates[required]
  const places = problem.candidates.flatMap((each, place) =>
    place === required || (wanted !== undefined && areCompatible(each, wanted)) ? [place] : [],
  )
  return {
    ...problem,
    places,
    candidates: places.flatMap((place) => problem.candidates[place] ?? []),
    required: places.indexOf(required),
  }
}

const searchSets = (problem: SearchProblem): SearchAnswer => {
  const { candidates, goods, required } = problem
  const count = candidates.length
  if (count === 0) return { chosen: [], optimal: true, gapMinor: 0, setsTried: 0 }
  const conflicts = findConflicts(candidates)
  const cliques = coverByCliques(conflicts, count)
  const root: SetState = {
    chosen: [],
    running: goods.activity,
    shippingMinor: problem.shippingMinor,
    dueMinor: sumOf(goods.activity) + problem.shippingMinor,
    giftMinor: 0,
    coupons: 0,
  }
  const rootMeasures = measureFrom(problem, conflicts, root, 0)
  // Alone on the whole cart: what the coupon is worth by itself.
  const faces = rootMeasures.map((measured) =>
    measured === undefined ? 0 : measured.effect.goodsMinor + measured.shippingMinor,
  )
  const greedy = greedySet(problem, conflicts, root, rootMeasures)
  const holdsRequired = (set: { readonly chosen: readonly number[] }): boolean =>
    required === null || set.chosen.includes(required)
  let best = holdsRequired(greedy) ? greedy : { ...greedy, chosen: [], owedMinor: Number.POSITIVE_INFINITY }
  let tried = 0
  let leastLeftOut = Number.POSITIVE_INFINITY

  const visit = (state: SetState, from: number, measures: readonly (Measure | undefined)[]): void => {
    const found = toIncumbent(problem, state)
    if (holdsRequired(found) && isBetter(found, best, candidates, faces)) best = found
    const bounds = boundsFrom(problem, state, from, measures, cliques)
    for (let next = from; next < count; next += 1) {
      const measured = measures[next]
      if (measured === undefined) continue
      const least = leastOwed(problem, state, at(bounds.savings, next))
      if (least > best.owedMinor) return
      if (least === best.owedMinor) {
        const gifts = state.giftMinor + at(bounds.gifts, next)
        if (gifts < best.giftMinor || (gifts === best.giftMinor && state.coupons > best.coupons)) return
      }
      if (tried >= problem.limit) {
        leastLeftOut = Math.min(leastLeftOut, least)
        return
      }
      tried += 1
      const child = include(problem, state, next, measured)
      visit(child, next + 1, measureFrom(problem, conflicts, child, next + 1))
    }
  }
  visit(root, 0, rootMeasures)
  const gapMinor = leastLeftOut < best.owedMinor ? best.owedMinor - leastLeftOut : 0
  return { chosen: best.chosen, optimal: gapMinor === 0, gapMinor, setsTried: tried }
}

/** By place * count + place: 1 when the two do not go together. */
const findConflicts = (candidates: readonly Candidate[]): Uint8Array => {
  const count = candidates.length
  const conflicts = new Uint8Array(count * count)
  for (const [left, a] of candidates.entries()) {
    for (let right = left + 1; right < count; right += 1) {
      const b = candidates[right]
      if (b === undefined || areCompatible(a, b)) continue
      conflicts[left * count + right] = 1
      conflicts[right * count + left] = 1
    }
  }
  return conflicts
}

/** Puts every candidate into a group whose members all exclude each other. */
const coverByCliques = (conflicts: Uint8Array, count: number): readonly number[] => {
  const members: number[][] = []
  const cliqueOf: number[] = []
  for (let place = 0; place < count; place += 1) {
    let clique = members.findIndex((group) => group.every((other) => conflicts[place * count + other] === 1))
    if (clique < 0) clique = members.push([]) - 1
    members[clique]?.push(place)
    cliqueOf.push(clique)
  }
  return cliqueOf
}

/** What each candidate from a place on gives beside the chosen ones; undefined when it may not or gives nothing. */
const measureFrom = (
  { candidates, goods }: SearchProblem,
  conflicts: Uint8Array,
  state: SetState,
  from: number,
): readonly (Measure | undefined)[] => {
  const count = candidates.length
  const measures: (Measure | undefined)[] = new Array(count)
  for (let place = from; place < count; place += 1) {
    const candidate = candidates[place]
    if (candidate === undefined || clashes(conflicts, count, state.chosen, place)) continue
    const measured = measure(candidate, goods, state.running, state.shippingMinor)
    if (measured.refusal === undefined) measures[place] = measured
  }
  return measures
}

const clashes = (conflicts: Uint8Array, count: number, chosen: readonly number[], place: number): boolean => {
  for (const other of chosen) if (conflicts[other * count + place] === 1) return true
  return false
}

const include = ({ candidates, goods }: SearchProblem, state: SetState, place: number, measured: Measure): SetState => {
  const candidate = candidates[place]
  let running = state.running
  if (candidate !== undefined && measured.goodsMinor > 0) {
    const shares = sharesOf(candidate, measured, goods, state.running)
    const left = [...state.running]
    for (const [index, line] of candidate.lines.entries()) left[line] = at(left, line) - at(shares, index)
    running = left
  }
  return {
    chosen: [...state.chosen, place],
    running,
    shippingMinor: state.shippingMinor - measured.shippingMinor,
    dueMinor: state.dueMinor - measured.goodsMinor - measured.shippingMinor,
    giftMinor: state.giftMinor + (measured.effect.gift?.valueMinor ?? 0),
    coupons: state.coupons + (candidate?.coupon == null ? 0 : 1),
  }
}

/** By place: the most that candidates from there on can save, and the most their gifts can be worth. */
const boundsFrom = (
  { candidates, goods }: SearchProblem,
  state: SetState,
  from: number,
  measures: readonly (Measure | undefined)[],
  cliques: readonly number[],
): { readonly savings: readonly number[]; readonly gifts: readonly number[] } => {
  let most = state.shippingMinor
  for (let line = 0; line < state.running.length; line += 1) {
    most += Math.max(0, at(state.running, line) - at(goods.floor, line))
  }
  const savings: number[] = new Array(candidates.length).fill(0)
  const gifts: number[] = new Array(candidates.length).fill(0)
  const largest = new Map<number, number>()
  let sum = 0
  let worth = 0
  for (let place = candidates.length - 1; place >= from; place -= 1) {
    const measured = measures[place]
    if (measured !== undefined) {
      const clique = at(cliques, place)
      const gain = measured.goodsMinor + measured.shippingMinor
      const before = largest.get(clique) ?? 0
      if (gain > before) {
        sum += gain - before
        largest.set(clique, gain)
      }
      worth += measured.effect.gift?.valueMinor ?? 0
    }
    savings[place] = Math.min(sum, most)
    gifts[place] = worth
  }
  return { savings, gifts }
}

/** The least that may be owed when so much more is saved. */
const leastOwed = ({ taxOnTop }: SearchProblem, state: SetState, savingMinor: number): number => {
  const due = state.dueMinor - savingMinor
  if (taxOnTop === null) return due
  const saved = Math.ceil((savingMinor * taxOnTop.highestMillionths) / 1_000_000)
  const tax = taxOnTop.taxOf(state.running, state.shippingMinor) - saved - taxOnTop.slackMinor
  return due + Math.max(0, tax)
}

const toIncumbent = ({ taxOnTop }: SearchProblem, state: SetState): Incumbent => ({
  chosen: state.chosen,
  owedMinor: state.dueMinor + (taxOnTop === null ? 0 : taxOnTop.taxOf(state.running, state.shippingMinor)),
  giftMinor: state.giftMinor,
  coupons: state.coupons,
})

/** A good set to start from: the largest first, as long as they go together and still give something. */
const greedySet = (
  problem: SearchProblem,
  conflicts: Uint8Array,
  root: SetState,
  measures: readonly (Measure | undefined)[],
): Incumbent => {
  const { candidates, goods } = problem
  const gainOf = (place: number): number => (measures[place]?.goodsMinor ?? 0) + (measures[place]?.shippingMinor ?? 0)
  const picked: number[] = []
  const places = candidates.map((_, place) => place).filter((place) => measures[place] !== undefined)
  for (const place of places.sort((a, b) => gainOf(b) - gainOf(a) || a - b)) {
    if (!clashes(conflicts, candidates.length, picked, place)) picked.push(place)
  }
  let state = root
  for (const place of picked.sort((a, b) => a - b)) {
    const candidate = candidates[place]
    if (candidate === undefined) continue
    const measured = measure(candidate, goods, state.running, state.shippingMinor)
    if (measured.refusal === undefined) state = include(problem, state, place, measured)
  }
  return toIncumbent(problem, state)
}

const isBetter = (
  found: Incumbent,
  best: Incumbent,
  candidates: readonly Candidate[],
  faces: readonly number[],
): boolean => {
  if (found.owedMinor !== best.owedMinor) return found.owedMinor < best.owedMinor
  if (found.giftMinor !== best.giftMinor) return found.giftMinor > best.giftMinor
  if (found.coupons !== best.coupons) return found.coupons < best.coupons
  const coupons = (set: Incumbent) => set.chosen.filter((place) => candidates[place]?.coupon !== null)
  const face = (set: Incumbent) => coupons(set).reduce((sum, place) => sum + at(faces, place), 0)
  const byFace = face(found) - face(best)
  if (byFace !== 0) return byFace < 0
  const ends = (set: Incumbent) =>
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
