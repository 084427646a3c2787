import type { JudgedQuery } from './judged-set.js'

/** How good the first ten are: gains by place, over the best that could be; what nobody judged gains nothing. */
export const ndcg10 = ({ gains }: JudgedQuery, found: readonly string[]): number => {
  const best = [...gains.values()].sort((a, b) => b - a)
  return discounted(found.slice(0, 10).map((document) => gains.get(document) ?? 0)) / discounted(best.slice(0, 10))
}

const discounted = (gains: readonly number[]): number =>
  gains.reduce((sum, gain, place) => sum + gain / Math.log2(place + 2), 0)

/** One over the place of the first sure find among a hundred. */
export const reciprocalRank = ({ gains }: JudgedQuery, found: readonly string[]): number => {
  const place = found.slice(0, 100).findIndex((document) => (gains.get(document) ?? 0) >= 1)
  return place < 0 ? 0 : 1 / (place + 1)
}

/** The share of what is worth anything that is among a hundred. */
export const recall100 = ({ gains }: JudgedQuery, found: readonly string[]): number => {
  const worthy = [...gains].filter(([, gain]) => gain > 0)
  const first = new Set(found.slice(0, 100))
  return worthy.filter(([document]) => first.has(document)).length / worthy.length
}

/** The mean; NaN of none. */
export const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

/** How far a mean of so many values may be from that of all: the standard error. */
export const standardError = (values: readonly number[]): number => {
  const mean = meanOf(values)
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1) / values.length)
}

/** The value below which a share of the values lies. */
export const quantileOf = (values: readonly number[], share: number): number => {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN
}

/** The interval that holds the mean 95 times of 100, by drawing the values anew; the same at every run. */
export const bootstrapInterval = (values: readonly number[], draws = 2_000): readonly [low: number, high: number] => {
  let state = 0x2545f491
  const next = (): number => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % values.length
  }
  const means = Array.from({ length: draws }, () => {
    let sum = 0
    for (let drawn = 0; drawn < values.length; drawn += 1) sum += values[next()] ?? 0
    return sum / values.length
  })
  return [quantileOf(means, 0.025), quantileOf(means, 0.975)]
}
