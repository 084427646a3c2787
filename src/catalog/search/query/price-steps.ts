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
  const sets = new Uint16Array(prices.length)
  const totals = new Uint32Array(priceEdges.length + 1)
  for (let document = 0; document < prices.length; document += 1) {
    const price = prices[document] ?? Number.NaN
    const step = Number.isNaN(price) ? 0 : stepOf(price) + 1
    sets[document] = step
    totals[step] = (totals[step] ?? 0) + 1
  }
  const steps = { sets, totals }
  made.set(prices, steps)
  return steps
}

const stepOf = (minor: number): number => {
  const place = placeOfLeast(edges, minor)
  return edges[place] === minor ? place : Math.max(0, place - 1)
}
