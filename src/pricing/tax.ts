import { err, ok, type Result } from 'neverthrow'
import { at, shareOf, splitOver, splitRows, sumOf } from './goods.js'
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
  /** The same of each line, by place, and of carriage; null unless it was asked for. */
  readonly detail: TaxDetail | null
}

/** Tax by rate of everything that is taxed by itself: of all together it comes to what `rates` says, amount by amount. */
export type TaxDetail = {
  readonly lines: readonly (readonly PricedTax[])[]
  readonly shipping: readonly PricedTax[]
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

/** Tells a rate apart from all others: one tax may have several rates, VAT of 13 % and of 9 %. */
export const nameOfRate = ({ rateId, rateMillionths }: Pick<TaxRate, 'rateId' | 'rateMillionths'>): string =>
  `${rateId}@${rateMillionths}`

/** Whether goods and carriage are taxed at several rates, so that which of them is whose has to be told. */
export const hasSeveralRates = ({ lineRates, shippingRates }: TaxPlan): boolean => {
  const first = lineRates.find((rates) => rates.length > 0)?.[0] ?? shippingRates[0]
  const differs = (rates: readonly TaxRate[]): boolean =>
    rates.some((rate) => rate.rateId !== first?.rateId || rate.rateMillionths !== first.rateMillionths)
  return differs(shippingRates) || lineRates.some(differs)
}

/**
 * Reckons the tax on what the lines and carriage cost. Carriage is rounded by itself; every split is by `allocate`.
 *
 * @param net - by place of the line, minor units
 * @param quantity - pieces, by place of the line
 * @param detailed - whether it is told of each line, rate by rate
 */
export const reckonTax = (
  plan: TaxPlan,
  net: readonly number[],
  quantity: readonly number[],
  shippingMinor: number,
  detailed = false,
): Taxes => {
  const tally = new Map<string, { readonly rate: TaxRate; baseMinor: number; taxMinor: number }>()
  const note = (rate: TaxRate, baseMinor: number, taxMinor: number): void => {
    const name = nameOfRate(rate)
    const known = tally.get(name)
    if (known === undefined) tally.set(name, { rate, baseMinor, taxMinor })
    else {
      known.baseMinor += baseMinor
      known.taxMinor += taxMinor
    }
  }
  const ofLines: PricedTax[][] | null = detailed ? net.map(() => []) : null
  const ofShipping: PricedTax[] | null = detailed ? [] : null
  const lines =
    plan.roundPer === 'order'
      ? taxPerOrder(plan, net, note, ofLines)
      : taxPerLine(plan, net, quantity, (place) => alsoNoting(note, ofLines?.[place]))
  const shipping = taxAlone(plan, plan.shippingRates, shippingMinor, 1, alsoNoting(note, ofShipping))
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
    detail: ofLines === null || ofShipping === null ? null : { lines: ofLines, shipping: ofShipping },
  }
}

type Note = (rate: TaxRate, baseMinor: number, taxMinor: number) => void

const alsoNoting = (note: Note, kept: PricedTax[] | null | undefined): Note =>
  kept === null || kept === undefined
    ? note
    : (rate, baseMinor, taxMinor) => {
        note(rate, baseMinor, taxMinor)
        kept.push(taxAt(rate, baseMinor, taxMinor))
      }

const taxAt = ({ rateId, rateMillionths }: TaxRate, baseMinor: number, taxMinor: number): PricedTax => ({
  rateId,
  rateMillionths,
  baseMinor,
  taxMinor,
})

const taxPerLine = (
  plan: TaxPlan,
  net: readonly number[],
  quantity: readonly number[],
  noteOf: (line: number) => Note,
): number[] =>
  net.map((amount, line) => {
    const pieces = plan.roundPer === 'unit' ? at(quantity, line) : 1
    return taxAlone(plan, plan.lineRates[line] ?? [], amount, pieces, noteOf(line))
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
const taxPerOrder = (
  plan: TaxPlan,
  net: readonly number[],
  note: Note,
  ofLines: readonly PricedTax[][] | null,
): number[] => {
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
    const ofGroup: PricedTax[] | null = ofLines === null ? null : []
    const tax = taxAlone(plan, rates, sumOf(weights), 1, alsoNoting(note, ofGroup))
    if (tax === 0 && ofLines === null) continue
    const parts = splitOver(tax, weights)
    if (ofLines !== null && ofGroup !== null) detailGroup(plan, rates, { ofGroup, weights, parts }, ofLines)
    for (let line = 0; line < parts.length; line += 1) taxes[line] = at(taxes, line) + at(parts, line)
  }
  return taxes
}

/** Tells the tax that was rounded as one of each of its lines, rate by rate; rows and columns come to what they are. */
const detailGroup = (
  { inclusive }: TaxPlan,
  rates: readonly TaxRate[],
  {
    ofGroup,
    weights,
    parts,
  }: { readonly ofGroup: readonly PricedTax[]; readonly weights: readonly number[]; readonly parts: readonly number[] },
  ofLines: readonly PricedTax[][],
): void => {
  const rows = splitRows(
    ofGroup.map(({ taxMinor }) => taxMinor),
    parts,
  )
  for (const [row, rate] of rates.entries()) {
    for (const [line, weight] of weights.entries()) {
      if (weight === 0) continue
      ofLines[line]?.push(taxAt(rate, inclusive ? weight - at(parts, line) : weight, at(rows[row] ?? [], line)))
    }
  }
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
    const name = part.map(nameOfRate).join('\n')
    const group = groups.get(name) ?? { rates: part, weights: new Array<number>(lines).fill(0) }
    groups.set(name, group)
    return [group]
  })
}
