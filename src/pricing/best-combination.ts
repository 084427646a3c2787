import { areCompatible, type Candidate, type Measure, measure, merchantOf, sharesOf } from './candidate.js'
import { type CarriageLeft, freeCarriage } from './carriage-left.js'
import { isBetter, type SetWorth } from './compare-sets.js'
import { at, type Goods, sumOf } from './goods.js'
import { boundBy, type Conflicts, findConflicts } from './set-bounds.js'

/** What a search is about. */
export type SearchProblem = {
  readonly goods: Goods
  /** In the order in which they take effect. */
  readonly candidates: readonly Candidate[]
  /** Carriage before offers. */
  readonly carriage: CarriageLeft
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
  /** The set that it was one candidate ago, and the place of that candidate; null and -1 of the empty set. */
  readonly before: SetState | null
  readonly place: number
  readonly chosen: readonly number[]
  readonly running: readonly number[]
  readonly carriage: CarriageLeft
  /** What the buyer owes before points, tax on top left aside. */
  readonly dueMinor: number
  readonly giftMinor: number
  readonly giftPieces: number
  readonly coupons: number
}

/** What each candidate gives beside a set; undefined of those that never will give anything beside it. */
type Measures = readonly (Measure | undefined)[]

/**
 * Finds the set of offers that is best for the buyer: of all sets whose members go together and each give something, the
 * one with the least to pay; of equals the one with the dearest gifts, then the most of them, then the fewest coupons, then
 * the coupons of the smallest face value, then those that expire first, then the first by id.
 *
 * Branch and bound, exact unless `limit` cuts it short: every effect gives no more when less is left of a line, or says
 * the most that it may give then, so what is known now bounds what an offer gives later, and of offers that exclude each
 * other only the best counts.
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
  const { candidates, required, taxOnTop } = problem
  const count = candidates.length
  if (count === 0) return { chosen: [], optimal: true, gapMinor: 0, setsTried: 0 }
  const conflicts = findConflicts(candidates)
  const boundOf = boundBy(conflicts, count)
  const root = emptySet(problem)
  const rootMeasures = candidates.map((candidate) => measureIn(problem, root, candidate))
  // Alone on the whole cart: what the coupon is worth by itself.
  const faces = rootMeasures.map((measured) =>
    measured === undefined ? 0 : measured.effect.goodsMinor + measured.shippingMinor,
  )
  const greedy = greedySets(problem, conflicts, root, rootMeasures)
  const last = greedy.at(-1) ?? root
  const taxOf = (state: SetState): number => taxOnTop?.taxOf(state.running, state.carriage.minor) ?? 0
  let best: SetWorth = { chosen: [], owedMinor: Number.POSITIVE_INFINITY, giftMinor: 0, giftPieces: 0, coupons: 0 }
  const consider = ({ chosen, dueMinor, giftMinor, giftPieces, coupons }: SetState, taxMinor: number): void => {
    if (required !== null && !chosen.includes(required)) return
    const found = { chosen, owedMinor: dueMinor + taxMinor, giftMinor, giftPieces, coupons }
    if (isBetter(found, best, candidates, faces)) best = found
  }
  let tried = 0
  let leastLeftOut = Number.POSITIVE_INFINITY

  const visit = (state: SetState, measures: Measures): void => {
    const taxMinor = taxOf(state)
    consider(state, taxMinor)
    const most = mostOf(problem, state)
    for (let next = state.place + 1; next < count; next += 1) {
      const measured = measures[next]
      if (measured === undefined || measured.refusal !== undefined) continue
      const bound = boundOf(measures, next)
      const least = leastOwed(problem, state.dueMinor, taxMinor, Math.min(bound.savingMinor, most))
      if (least > best.owedMinor) continue
      if (least === best.owedMinor) {
        const gifts = state.giftMinor + bound.giftMinor
        if (gifts < best.giftMinor) continue
        if (gifts === best.giftMinor) {
          const pieces = state.giftPieces + bound.giftPieces
          if (pieces < best.giftPieces) continue
          if (pieces === best.giftPieces && state.coupons + couponsOf(problem, next) > best.coupons) continue
        }
      }
      if (tried >= problem.limit) {
        leastLeftOut = Math.min(leastLeftOut, least)
        continue
      }
      tried += 1
      // The walk comes by the greedy set, which is reckoned already.
      const known = greedy[state.chosen.length]
      const child =
        known?.before === state && known.place === next
          ? known
          : include(problem, state, next, measured, bound.isLast && taxOnTop === null)
      if (bound.isLast) consider(child, taxOf(child))
      else visit(child, measuresAfter(problem, conflicts, child, measures))
    }
  }
  consider(last, taxOf(last))
  visit(root, rootMeasures)
  const gapMinor = leastLeftOut < best.owedMinor ? best.owedMinor - leastLeftOut : 0
  return { chosen: best.chosen, optimal: gapMinor === 0, gapMinor, setsTried: tried }
}

const emptySet = ({ goods, carriage }: SearchProblem): SetState => ({
  before: null,
  place: -1,
  chosen: [],
  running: goods.activity,
  carriage,
  dueMinor: sumOf(goods.activity) + carriage.minor,
  giftMinor: 0,
  giftPieces: 0,
  coupons: 0,
})

const couponsOf = ({ candidates }: SearchProblem, place: number): number => (candidates[place]?.coupon == null ? 0 : 1)

/** What a candidate gives beside a set; nothing when it never will give anything beside it. */
const measureIn = (
  { goods }: SearchProblem,
  { running, carriage }: SetState,
  candidate: Candidate,
): Measure | undefined => {
  const measured = measure(candidate, goods, running, carriage)
  const mayGive = measured.mostMinor > 0 || measured.shippingMinor > 0 || measured.effect.gift !== undefined
  return mayGive ? measured : undefined
}

/** What the candidates after the last of a set give beside it. */
const measuresAfter = (
  problem: SearchProblem,
  conflicts: Conflicts,
  state: SetState,
  measuresBefore: Measures,
): Measures => {
  const last = state.place
  const measures: (Measure | undefined)[] = new Array(measuresBefore.length)
  for (let place = last + 1; place < measures.length; place += 1) {
    const candidate = problem.candidates[place]
    if (candidate === undefined || measuresBefore[place] === undefined || conflicts(last, place)) continue
    measures[place] = measureIn(problem, state, candidate)
  }
  return measures
}

/** The set with one more candidate; where nothing looks at what is left of the lines, that is not reckoned. */
const include = (
  problem: SearchProblem,
  state: SetState,
  place: number,
  measured: Measure,
  linesUnread: boolean,
): SetState => ({
  before: state,
  place,
  chosen: [...state.chosen, place],
  running: linesUnread ? state.running : runningAfter(problem, state, place, measured),
  carriage: carriageAfter(problem, state, place, measured),
  dueMinor: state.dueMinor - measured.goodsMinor - measured.shippingMinor,
  giftMinor: state.giftMinor + (measured.effect.gift?.valueMinor ?? 0),
  giftPieces: state.giftPieces + (measured.effect.gift?.quantity ?? 0),
  coupons: state.coupons + couponsOf(problem, place),
})

const carriageAfter = (
  { candidates }: SearchProblem,
  { carriage }: SetState,
  place: number,
  { shippingMinor }: Measure,
): CarriageLeft => {
  const candidate = candidates[place]
  return candidate === undefined || shippingMinor === 0
    ? carriage
    : freeCarriage(carriage, merchantOf(candidate), shippingMinor)
}

const runningAfter = (
  { candidates, goods }: SearchProblem,
  { running }: SetState,
  place: number,
  measured: Measure,
): readonly number[] => {
  const candidate = candidates[place]
  if (candidate === undefined || measured.goodsMinor === 0) return running
  const shares = sharesOf(candidate, measured, goods, running)
  const left = running.slice()
  for (let index = 0; index < shares.length; index += 1) {
    const line = at(candidate.lines, index)
    left[line] = at(left, line) - at(shares, index)
  }
  return left
}

/** The most that may still be taken: what is left of the lines above their floors, and of carriage. */
const mostOf = ({ goods }: SearchProblem, { running, carriage }: SetState): number => {
  let most = carriage.minor
  for (let line = 0; line < running.length; line += 1) most += Math.max(0, at(running, line) - at(goods.floor, line))
  return most
}

/** The least that may be owed when so much more is saved. */
const leastOwed = ({ taxOnTop }: SearchProblem, dueMinor: number, taxMinor: number, savingMinor: number): number => {
  const due = dueMinor - savingMinor
  if (taxOnTop === null) return due
  const saved = Math.ceil((savingMinor * taxOnTop.highestMillionths) / 1_000_000)
  return due + Math.max(0, taxMinor - saved - taxOnTop.slackMinor)
}

/** A good set to start from, step by step: the largest first, as long as they go together and still give something. */
const greedySets = (
  problem: SearchProblem,
  conflicts: Conflicts,
  root: SetState,
  measures: Measures,
): readonly SetState[] => {
  const { candidates, goods } = problem
  const gainOf = (place: number): number => (measures[place]?.goodsMinor ?? 0) + (measures[place]?.shippingMinor ?? 0)
  const gives = (place: number): boolean => measures[place] !== undefined && measures[place]?.refusal === undefined
  const picked: number[] = []
  const places = candidates.map((_, place) => place).filter(gives)
  for (const place of places.sort((a, b) => gainOf(b) - gainOf(a) || a - b)) {
    if (!picked.some((other) => conflicts(other, place))) picked.push(place)
  }
  const sets: SetState[] = []
  let state = root
  for (const place of picked.sort((a, b) => a - b)) {
    const candidate = candidates[place]
    if (candidate === undefined) continue
    const measured = state === root ? measures[place] : measure(candidate, goods, state.running, state.carriage)
    if (measured === undefined || measured.refusal !== undefined) continue
    state = include(problem, state, place, measured, false)
    sets.push(state)
  }
  return sets
}
