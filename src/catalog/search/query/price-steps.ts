import { originOf } from '../index/changed-column.js'
import { placeOfLeast } from '../index/sorted-column.js'

/** By product the step that its price falls into plus one, 0 without a price; and how many fall into each. */
export type PriceSteps = { readonly sets: Uint16Array; readonly totals: Uint32Array }

/** Where the steps begin: 0, 1,000, 2,000, 5,000, 10,000 and so on, up to what a price can be. */
export const priceEdges: readonly number[] = [
  0,
  ...Array.from({ length: 13 }, (_, power) => [1, 2, 5].map((digit) => digit * 10 ** (power + 3))).flat(),
].filter((edge) => edge <= Number.MAX_SAFE_INTEGER)

const edges = /* @__PURE__ */ Float64Array.from(priceEdges)
const made = /* @__PURE__ */ new WeakMap<Float64Array, PriceSteps>()

/** The steps of the prices of a segment; made when they are asked for first. */
export const priceStepsOf = (prices: Float64Array): PriceSteps => {
  const known = made.get(prices)
  if (known !== undefined) return known
  const origin = originOf(prices)
  const steps =
    origin === undefined ? stepsOf(prices) : resteppedFrom(priceStepsOf(origin.base), prices, origin.changed)
  made.set(prices, steps)
  return steps
}

const stepsOf = (prices: Float64Array): PriceSteps => {
  const sets = new Uint16Array(prices.length)
  const totals = new Uint32Array(priceEdges.length + 1)
  for (let document = 0; document < prices.length; document += 1) {
    const step = setOfPrice(prices[document])
    sets[document] = step
    totals[step] = (totals[step] ?? 0) + 1
  }
  return { sets, totals }
}

const resteppedFrom = (before: PriceSteps, prices: Float64Array, changed: Uint32Array): PriceSteps => {
  const sets = before.sets.slice()
  const totals = before.totals.slice()
  for (const document of changed) {
    const step = setOfPrice(prices[document])
    const old = sets[document] ?? 0
    sets[document] = step
    totals[old] = (totals[old] ?? 0) - 1
    totals[step] = (totals[step] ?? 0) + 1
  }
  return { sets, totals }
}

const setOfPrice = (price = Number.NaN): number => (Number.isNaN(price) ? 0 : stepOf(price) + 1)

const stepOf = (minor: number): number => {
  const place = placeOfLeast(edges, minor)
  return edges[place] === minor ? place : Math.max(0, place - 1)
}
