import { fileURLToPath } from 'node:url'
import { explainPrice } from '../../src/pricing/explain-price.js'
import { priceCart } from '../../src/pricing/price-cart.js'
import type { PriceCartInput } from '../../src/pricing/priced-cart.js'
import { type Bench, type Figure, median } from './bench.js'
import { type Medusa, openMedusa, totalsOf } from './medusa.js'
import { cartOf, promotions, walletOf } from './price-carts.js'
import { compareTimes, garbageOf, timeOf, wallTimeOf } from './stopwatch.js'

const root = fileURLToPath(new URL('../../', import.meta.url))

const plain = { baseline: null, ratio: null, target: null, kind: 'time' } as const

const sizes = [1, 10, 100, 1000] as const
const leastRatio: Readonly<Partial<Record<number, number>>> = { 10: 50, 1000: 200 }

/** Carts of every size, ours against the other engine where it is there. */
const pace = (medusa: Medusa | null, report: (line: string) => void): readonly Figure[] =>
  sizes.flatMap((lines) =>
    [0, 1, 3].map((count): Figure => {
      const input = cartOf(lines, promotions.slice(0, count))
      const label = { case: `${lines} lines x ${count} promotions`, unit: 'carts per second' }
      report(label.case)
      const ours = (): unknown => priceCart(input)
      if (medusa === null) return { ...plain, ...label, value: 1_000_000 / timeOf(ours) }
      const { mine, theirs, ratio } = compareTimes(ours, medusa.pricing(input))
      const least = count === 3 ? leastRatio[lines] : undefined
      return {
        ...label,
        value: 1_000_000 / mine,
        baseline: 1_000_000 / theirs,
        ratio,
        target: least === undefined ? null : { kind: 'atLeast', value: least },
        kind: 'time',
      }
    }),
  )

/** Whether both come to the same, before anything is timed: totals to the minor unit, lines to less than one. */
const parity = (medusa: Medusa): Figure => {
  let same = 0
  for (const lines of sizes) {
    for (const count of [0, 1, 3]) {
      const input = cartOf(lines, promotions.slice(0, count))
      const ours = priceCart(input)._unsafeUnwrap()
      const theirs = medusa.pricing(input)()
      const totals = JSON.stringify(totalsOf(ours)) === JSON.stringify(medusa.totalsOf(theirs))
      const found = medusa.linesOf(theirs)
      // They split an amount over the lines without rounding, we in whole minor units.
      const close = ours.lines.every(({ netMinor }, place) => Math.abs(netMinor - (found[place] ?? 0) * 100) < 1)
      if (totals && close) same += 1
    }
  }
  return {
    case: 'carts that come to the same in both',
    value: same,
    unit: 'carts of 12',
    baseline: null,
    ratio: null,
    target: { kind: 'exactly', value: 12 },
    kind: 'correctness',
  }
}

/** Ten times the lines, and how many times the time. */
const growth = (): Figure => {
  const { mine, theirs, ratio } = compareTimes(
    () => priceCart(cartOf100),
    () => priceCart(cartOf1000),
  )
  return {
    case: '1000 lines against 100',
    value: theirs,
    unit: 'microseconds',
    baseline: mine,
    ratio,
    target: { kind: 'atMost', value: 13 },
    kind: 'time',
  }
}

const cartOf100 = cartOf(100, promotions)
const cartOf1000 = cartOf(1000, promotions)

const traceFigure = (input: PriceCartInput): Figure => {
  const { mine, theirs, ratio } = compareTimes(
    () => priceCart(input, { trace: false }),
    () => priceCart(input),
  )
  return {
    case: '10 lines x 3 promotions, trace against none',
    value: theirs,
    unit: 'microseconds',
    baseline: mine,
    ratio,
    target: { kind: 'atMost', value: 1.5 },
    kind: 'time',
  }
}

/**
 * The search among 20 coupons on 20 lines: many wallets, each priced several times when the code is warm. The slowest
 * wallet at its best says whether one is hard; all calls together say what a buyer waits, other processes included.
 */
const search = (wallets: number, times: number): readonly Figure[] => {
  const inputs = Array.from({ length: wallets }, (_, seed) => walletOf(seed, 20, 20))
  for (const input of inputs) priceCart(input)
  const all: number[] = []
  const best = inputs.map(() => Number.POSITIVE_INFINITY)
  for (let time = 0; time < times; time += 1) {
    for (const [place, input] of inputs.entries()) {
      const microseconds = wallTimeOf(() => priceCart(input))
      all.push(microseconds)
      best[place] = Math.min(best[place] ?? microseconds, microseconds)
    }
  }
  const certificates = inputs.map((input) => priceCart(input)._unsafeUnwrap().certificate)
  const label = 'best of 20 coupons on 20 lines'
  const target = { kind: 'atMost', value: 1000 } as const
  return [
    { ...plain, case: `${label}, median of ${all.length} calls`, value: median(all), unit: 'microseconds' },
    { ...plain, case: `${label}, p99`, value: quantile(all, 0.99), unit: 'microseconds', target },
    {
      ...plain,
      case: `${label}, p99 of ${wallets} wallets at their best`,
      value: quantile(best, 0.99),
      unit: 'microseconds',
      target,
    },
    {
      ...plain,
      case: `${label}, slowest wallet at its best`,
      value: Math.max(...best),
      unit: 'microseconds',
      target,
    },
    {
      ...plain,
      case: `${label}, most sets looked at`,
      value: Math.max(...certificates.map(({ setsTried }) => setsTried)),
      unit: 'sets',
      kind: 'correctness',
    },
    {
      ...plain,
      case: `${label}, proved to be the best`,
      value: certificates.filter(({ optimal }) => optimal).length,
      unit: 'wallets',
      target: { kind: 'exactly', value: wallets },
      kind: 'correctness',
    },
  ]
}

const quantile = (values: readonly number[], part: number): number =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * part))] ?? Number.NaN

/** How many carts an explanation prices, against the most that it may. */
const explained = (input: PriceCartInput): Figure => {
  const { pricings, offers, hints } = explainPrice(input)._unsafeUnwrap()
  return {
    case: `explanation of ${offers.length} offers with ${hints.length} hints`,
    value: pricings,
    unit: 'pricings',
    baseline: null,
    ratio: null,
    target: { kind: 'atMost', value: 2 * offers.length + hints.length + 2 },
    kind: 'correctness',
  }
}

const garbage = (medusa: Medusa | null, input: PriceCartInput): Figure => {
  const value = garbageOf(() => priceCart(input))
  const baseline = medusa === null ? null : garbageOf(medusa.pricing(input), 2)
  return {
    case: '10 lines x 3 promotions, garbage of a cart',
    value,
    unit: 'KiB',
    baseline,
    ratio: baseline === null ? null : value / baseline,
    target: null,
    kind: 'memory',
  }
}

const measure = (_: unknown, report: (line: string) => void): readonly Figure[] => {
  const medusa = openMedusa(root, report)
  if (medusa === null) report('what prices are held against could not be installed: ours stand alone')
  const input = cartOf(10, promotions)
  const wallet = walletOf(1, 6, 10)
  return [
    ...(medusa === null ? [] : [parity(medusa)]),
    ...pace(medusa, report),
    growth(),
    traceFigure(input),
    ...search(400, 5),
    explained({ ...wallet, offers: [...promotions, ...wallet.offers] }),
    garbage(medusa, input),
  ]
}

/** What a price costs to make, and what its trace adds. */
export const bench: Bench = {
  name: 'price',
  summary: 'carts priced a second, against another engine; what their trace adds; the search for the best coupons',
  options: {},
  run: measure,
}
