import { err, ok, type Result } from 'neverthrow'
import { at, shareOf, splitOver, sumOf } from './goods.js'
import type { PriceCartError, PriceCartInput, PricedTax, PriceLine } from './priced-cart.js'
import type { TaxBook, TaxRate, TaxRegion } from './tax-book.js'

/** How the lines of a cart are taxed. */
export type TaxPlan = {
  readonly inclusive: boolean
  readonly roundPer: TaxBook['roundPer']
  readonly rounding: TaxBook['rounding']
  /** By place of the line. */
  readonly lineRates: readonly (readonly TaxRate[])[]
  readonly shippingRates: readonly TaxRate[]
}

/** Tax of a cart, minor units. */
export type Taxes = {
  /** By place of the line. */
  readonly lines: readonly number[]
  readonly shippingMinor: number
  readonly totalMinor: number
  /** By rate, in the order in which the rates appear. */
  readonly rates: readonly PricedTax[]
}

const million = 1_000_000

/**
 * Looks up the rates of every line.
 *
 * @errors TaxRegionUnknown, TaxClassUnknown
 */
export const planTax = (
  tax: NonNullable<PriceCartInput['tax']>,
  lines: readonly PriceLine[],
): Result<TaxPlan, PriceCartError> => {
  const { regions } = tax.book
  const region = regions.find((each) => each.region === tax.region) ?? regions.find((each) => each.region === '*')
  if (region === undefined) return err({ type: 'TaxRegionUnknown', region: tax.region })
  const lineRates: (readonly TaxRate[])[] = []
  for (const line of lines) {
    const rates = ratesOf(region, line.taxClass)
    if (rates === undefined) return err({ type: 'TaxClassUnknown', taxClass: line.taxClass, region: region.region })
    lineRates.push(rates)
  }
  const { shippingClass } = region
  const shippingRates = shippingClass === null ? [] : ratesOf(region, shippingClass)
  if (shippingRates === undefined) {
    return err({ type: 'TaxClassUnknown', taxClass: shippingClass ?? '', region: region.region })
  }
  return ok({
    inclusive: region.inclusive,
    roundPer: tax.book.roundPer,
    rounding: tax.book.rounding,
    lineRates,
    shippingRates,
  })
}

const ratesOf = (region: TaxRegion, taxClass: string): readonly TaxRate[] | undefined =>
  Object.hasOwn(region.classes, taxClass) ? region.classes[taxClass] : undefined

/**
 * Reckons the tax on what the lines and carriage cost. Carriage is rounded by itself; every split is by `allocate`.
 *
 * @param net - by place of the line, minor units
 * @param quantity - pieces, by place of the line
 */
export const reckonTax = (
  plan: TaxPlan,
  net: readonly number[],
  quantity: readonly number[],
  shippingMinor: number,
): Taxes => {
  const tally = new Map<string, { readonly rate: TaxRate; baseMinor: number; taxMinor: number }>()
  const note = (rate: TaxRate, baseMinor: number, taxMinor: number): void => {
    const known = tally.get(rate.rateId)
    if (known === undefined) tally.set(rate.rateId, { rate, baseMinor, taxMinor })
    else {
      known.baseMinor += baseMinor
      known.taxMinor += taxMinor
    }
  }
  const lines = plan.roundPer === 'order' ? taxPerOrder(plan, net, note) : taxPerLine(plan, net, quantity, note)
  const shipping = taxAlone(plan, plan.shippingRates, shippingMinor, 1, note)
  return {
    lines,
    shippingMinor: shipping,
    totalMinor: sumOf(lines) + shipping,
    rates: [...tally.values()].map(({ rate, baseMinor, taxMinor }) => ({
      rateId: rate.rateId,
      rateMillionths: rate.rateMillionths,
      baseMinor,
      taxMinor,
    })),
  }
}

type Note = (rate: TaxRate, baseMinor: number, taxMinor: number) => void

const taxPerLine = (plan: TaxPlan, net: readonly number[], quantity: readonly number[], note: Note): number[] =>
  net.map((amount, line) => {
    const pieces = plan.roundPer === 'unit' ? at(quantity, line) : 1
    return taxAlone(plan, plan.lineRates[line] ?? [], amount, pieces, note)
  })

/** Tax on one amount, rounded for each of so many equal pieces. */
const taxAlone = (plan: TaxPlan, rates: readonly TaxRate[], amount: number, pieces: number, note: Note): number => {
  const first = rates[0]
  if (first === undefined) return 0
  if (!plan.inclusive) {
    let total = 0
    for (const rate of rates) {
      const tax = overPieces(amount, pieces, (each) => shareOf(each, rate.rateMillionths, million, plan.rounding))
      note(rate, amount, tax)
      total += tax
    }
    return total
  }
  const sum = sumOfRates(rates)
  const total = overPieces(amount, pieces, (each) => shareOf(each, sum, million + sum, plan.rounding))
  noteShares(rates, amount, total, note)
  return total
}

/** An amount over pieces gives pieces of at most two sizes, one minor unit apart. */
const overPieces = (amount: number, pieces: number, taxOf: (piece: number) => number): number => {
  if (pieces === 1) return taxOf(amount)
  const small = Math.floor(amount / pieces)
  const large = amount - small * pieces
  return large * taxOf(small + 1) + (pieces - large) * taxOf(small)
}

const noteShares = (rates: readonly TaxRate[], amount: number, total: number, note: Note): void => {
  const shares =
    total === 0
      ? []
      : splitOver(
          total,
          rates.map((rate) => rate.rateMillionths),
        )
  for (const [place, rate] of rates.entries()) note(rate, amount - total, at(shares, place))
}

const sumOfRates = (rates: readonly TaxRate[]): number => rates.reduce((sum, rate) => sum + rate.rateMillionths, 0)

/** One rounding for each rate on top, or for each combination of rates within prices; then split over the lines. */
const taxPerOrder = (plan: TaxPlan, net: readonly number[], note: Note): number[] => {
  const taxes = net.map(() => 0)
  const groups = new Map<string, TaxedTogether>()
  // Lines of one class share their list of rates, so it is looked into once.
  const groupsOf = new Map<readonly TaxRate[], readonly TaxedTogether[]>()
  for (let line = 0; line < net.length; line += 1) {
    const rates = plan.lineRates[line] ?? []
    let found = groupsOf.get(rates)
    if (found === undefined) {
      found = groupsFor(plan, rates, net.length, groups)
      groupsOf.set(rates, found)
    }
    for (const { weights } of found) weights[line] = at(net, line)
  }
  for (const { rates, weights } of groups.values()) {
    const tax = taxAlone(plan, rates, sumOf(weights), 1, note)
    if (tax === 0) continue
    const parts = splitOver(tax, weights)
    for (let line = 0; line < parts.length; line += 1) taxes[line] = at(taxes, line) + at(parts, line)
  }
  return taxes
}

/** Lines whose tax is rounded as one. */
type TaxedTogether = {
  readonly rates: readonly TaxRate[]
  /** What each line of the cart is taxed on, minor units; 0 of those that do not belong to it. */
  readonly weights: number[]
}

const groupsFor = (
  plan: TaxPlan,
  rates: readonly TaxRate[],
  lines: number,
  groups: Map<string, TaxedTogether>,
): readonly TaxedTogether[] => {
  const parts = plan.inclusive ? [rates] : rates.map((rate) => [rate])
  return parts.flatMap((part) => {
    if (part.length === 0) return []
    const name = part.map((rate) => rate.rateId).join('\n')
    const group = groups.get(name) ?? { rates: part, weights: new Array<number>(lines).fill(0) }
    groups.set(name, group)
    return [group]
  })
}
