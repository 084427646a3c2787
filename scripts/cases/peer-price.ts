import * as z from 'zod'
import type { PriceCartInput, PricedCart, PricedLine } from '../../src/pricing/index.js'
import { priceCart, unitTableOf } from '../../src/pricing/index.js'
import type { Offer } from '../../src/promotions/index.js'
import { basisPointsOf, decimalText, millionthsOf, minorText } from './amounts.js'
import { checkedOffer, flatCarriage, plainInput, plainLine, taxesOf } from './build-input.js'
import { createComparison, type Difference, Inexpressible, readCase } from './verdict.js'

const text = z.string()
const texts = z.array(text)

const actionShape = z.strictObject({
  scope: z.enum(['order', 'unit', 'line', 'shipping', 'order+shipping']),
  kind: z.enum(['fixed', 'percent', 'setTotalTo']),
  amount: z.optional(minorText),
  value: z.optional(decimalText),
  products: z.optional(texts),
  taxons: z.optional(texts),
  facets: z.optional(texts),
  priceMin: z.optional(minorText),
  priceMax: z.optional(minorText),
  unitPriceEquals: z.optional(minorText),
})

const conditionShape = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('itemsTotal'), min: minorText }),
  z.strictObject({ type: z.literal('cartQuantity'), min: minorText }),
  z.strictObject({ type: z.literal('anyLineQuantity'), min: minorText }),
  z.strictObject({ type: z.literal('containsProduct'), product: text }),
  z.strictObject({ type: z.literal('containsTaxon'), taxons: texts }),
  z.strictObject({ type: z.literal('totalOfItemsFromTaxon'), taxon: text, min: minorText }),
])

const promotionShape = z.union([
  z.strictObject({
    name: text,
    conditions: z.optional(z.array(conditionShape)),
    actions: z.array(actionShape),
    priority: z.optional(minorText),
    exclusive: z.optional(z.boolean()),
    coupon: z.optional(text),
  }),
  actionShape.transform((action) => ({ name: 'promotion', actions: [action] })),
])

const amounts = z.record(text, minorText)

const caseShape = z.strictObject({
  id: text,
  peer: text,
  source: z.optional(text),
  title: z.optional(text),
  recomputed: z.optional(text),
  conserving: z.optional(z.boolean()),
  notes: z.optional(texts),
  currency: text,
  taxInclusive: z.boolean(),
  taxRounding: z.optional(text),
  lines: z.array(
    z.strictObject({
      name: z.optional(text),
      unitPrice: minorText,
      quantity: minorText,
      taxRate: z.optional(decimalText),
      taxIncluded: z.optional(z.boolean()),
      taxLines: z.optional(z.array(z.strictObject({ name: z.optional(text), rate: decimalText }))),
      taxCalculator: z.optional(text),
      minimumPrice: z.optional(minorText),
      taxons: z.optional(texts),
      facets: z.optional(texts),
      discount: z.optional(minorText),
    }),
  ),
  shipping: z.optional(
    z.nullable(
      z.array(
        z.strictObject({
          name: z.optional(text),
          price: minorText,
          taxRate: z.optional(decimalText),
          taxIncluded: z.optional(z.boolean()),
        }),
      ),
    ),
  ),
  surcharges: z.optional(z.array(z.strictObject({ price: minorText, taxIncluded: z.boolean(), taxRate: decimalText }))),
  promotions: z.array(promotionShape),
  couponCodesEntered: z.optional(z.nullable(texts)),
  expected: z.strictObject({
    total: z.optional(minorText),
    totalWithTax: z.optional(minorText),
    subTotal: z.optional(minorText),
    subTotalWithTax: z.optional(minorText),
    shipping: z.optional(minorText),
    shippingWithTax: z.optional(minorText),
    lineTotals: z.optional(z.array(minorText)),
    lineTotalsWithTax: z.optional(z.array(minorText)),
    lineTotal: z.optional(amounts),
    lineDiscount: z.optional(amounts),
    lineDiscounts: z.optional(z.array(minorText)),
    unitDiscounts: z.optional(z.record(text, z.array(minorText))),
    discount: z.optional(minorText),
    discountCount: z.optional(minorText),
    applied: z.optional(texts),
    taxExcluded: z.optional(minorText),
    taxIncluded: z.optional(minorText),
    tax: z.optional(minorText),
    net: z.optional(minorText),
    gross: z.optional(minorText),
    totalNet: z.optional(minorText),
    totalGross: z.optional(minorText),
    taxSummary: z.optional(z.array(z.strictObject({ taxRate: decimalText, taxBase: minorText, taxTotal: minorText }))),
  }),
})

type PeerCase = z.infer<typeof caseShape>
type Action = z.infer<typeof actionShape>
type Condition = z.infer<typeof conditionShape>
type Promotion = { readonly name: string; readonly actions: readonly Action[] } & Partial<
  Extract<PeerCase['promotions'][number], { conditions?: unknown }>
>

/** Runs an order of a peer: lines, promotions, carriage and taxes in, totals out. */
export const runPeerPrice = (raw: unknown): readonly Difference[] => {
  const given = readCase(caseShape, raw)
  if (given.lines.length === 0) throw new Inexpressible('an empty cart has no price')
  const inclusive = inclusionOf(given)
  refusePolicies(given, inclusive)
  const input = inputOf(given, inclusive)
  const answer = priceCart(input)
  if (answer.isErr()) return [{ path: 'price', expected: given.expected, actual: answer.error }]
  return compare(given, answer.value)
}

/** Policies of peers that are not ours, told by the shape of the case. */
const refusePolicies = (given: PeerCase, inclusive: boolean): void => {
  if (given.lines.some(({ taxCalculator }) => taxCalculator !== undefined && taxCalculator !== 'default')) {
    throw new Inexpressible('tax that is not rounded until the end')
  }
  const onOrder = given.promotions.some(({ actions }) => actions.some(({ scope }) => scope === 'order'))
  const rates = new Set(given.lines.map((line) => ratesOf(line).join()))
  if (given.peer === 'vendure' && !inclusive && onOrder && rates.size > 1) {
    throw new Inexpressible('an order discount spread by prices with tax; ours is spread by the prices as they are')
  }
}

/** Whether all taxed amounts include their tax, or none does. */
const inclusionOf = (given: PeerCase): boolean => {
  const taxed = [
    ...given.lines.map((line) => ({
      rates: ratesOf(line),
      included: line.taxIncluded ?? given.taxInclusive,
    })),
    ...[...(given.shipping ?? []), ...(given.surcharges ?? [])].map((each) => ({
      rates: each.taxRate === undefined ? [] : [millionthsOf(each.taxRate)],
      included: each.taxIncluded ?? given.taxInclusive,
    })),
  ].filter(({ rates }) => rates.some((rate) => rate > 0))
  const [first] = taxed
  if (first === undefined) return given.taxInclusive
  if (taxed.some(({ included }) => included !== first.included)) {
    throw new Inexpressible('prices with and without tax in one order')
  }
  return first.included
}

const ratesOf = (line: PeerCase['lines'][number]): readonly number[] =>
  line.taxLines === undefined
    ? line.taxRate === undefined
      ? []
      : [millionthsOf(line.taxRate)]
    : line.taxLines.map(({ rate }) => millionthsOf(rate))

const roundPerOf = ({ taxRounding }: PeerCase): 'unit' | 'line' | 'order' => {
  if (taxRounding === undefined || taxRounding === 'order-items' || taxRounding.startsWith('per-line')) return 'line'
  if (taxRounding === 'order-item-units') return 'unit'
  if (taxRounding === 'order') return 'order'
  throw new Inexpressible(`tax rounded ${taxRounding}`)
}

const lineIdOf = (line: PeerCase['lines'][number], place: number): string => line.name ?? `line ${place}`

const inputOf = (given: PeerCase, inclusive: boolean): PriceCartInput => {
  const { currency } = given
  const names = given.lines.map(lineIdOf)
  if (new Set(names).size < names.length) throw new Inexpressible('one item on two lines')
  const lines = given.lines.map((line, place) =>
    plainLine({
      lineId: lineIdOf(line, place),
      quantity: line.quantity,
      listUnitMinor: line.unitPrice,
      categoryIds: [...(line.taxons ?? []), ...(line.facets ?? [])],
      ...(line.minimumPrice === undefined ? {} : { floorUnitMinor: line.minimumPrice }),
    }),
  )
  const surcharges = (given.surcharges ?? []).map(({ price }, place) => {
    if (price < 0) throw new Inexpressible('a surcharge below zero')
    return plainLine({ lineId: `surcharge ${place}`, quantity: 1, listUnitMinor: price, discountable: false })
  })
  const shipments = given.shipping ?? []
  if (new Set(shipments.map(({ taxRate }) => taxRate)).size > 1) throw new Inexpressible('shipments of several rates')
  const carriage = shipments.reduce((sum, { price }) => sum + price, 0)
  const discounts = given.lines.flatMap(({ discount }, place) =>
    discount === undefined
      ? []
      : [
          checkedOffer({
            offerId: `discount of line ${place}`,
            currency,
            scope: { productIds: [names[place]] },
            benefit: { kind: 'amountOff', offMinor: discount },
          }),
        ],
  )
  return plainInput({
    currency,
    lines: [...lines, ...surcharges],
    offers: [...discounts, ...offersOf(given)],
    shipping: shipments.length === 0 ? null : flatCarriage(carriage, currency),
    tax: taxesOf({
      inclusive,
      roundPer: roundPerOf(given),
      classes: {
        ...Object.fromEntries(given.lines.map((line, place) => [names[place] ?? '', ratesOf(line)])),
        ...Object.fromEntries(
          (given.surcharges ?? []).map(({ taxRate }, place) => [`surcharge ${place}`, [millionthsOf(taxRate)]]),
        ),
        carriage: shipments[0]?.taxRate === undefined ? [] : [millionthsOf(shipments[0].taxRate)],
      },
      shippingClass: 'carriage',
    }),
  })
}

const offersOf = (given: PeerCase): readonly Offer[] => {
  const promotions: readonly Promotion[] = given.promotions
  const typed = given.couponCodesEntered ?? []
  const meant = promotions.filter(({ coupon }) => coupon === undefined || typed.includes(coupon))
  if (meant.length > 1 && meant.some(({ exclusive }) => exclusive === true)) {
    throw new Inexpressible('the exclusive promotion of highest priority; ours is the one that is best for the buyer')
  }
  return meant.flatMap((promotion, place) =>
    promotion.actions.flatMap((action, step) =>
      scopesOf(given, action).map((scope, part) =>
        checkedOffer({
          offerId: `${promotion.name} ${place}.${step}.${part}`,
          currency: given.currency,
          // As listed, or by their stated priority, then action after action.
          priority: (promotion.priority ?? promotions.length - place) * 10 - step,
          stage: action.scope === 'shipping' ? 'shipping' : action.scope === 'order' ? 'platform' : 'shop',
          ...(scope === undefined ? {} : { scope }),
          ...thresholdOf(promotion.conditions ?? []),
          benefit: benefitOf(given, action),
        }),
      ),
    ),
  )
}

/** The scope of an action; one for each line where it is reckoned line by line. */
const scopesOf = (given: PeerCase, action: Action): readonly (Readonly<Record<string, unknown>> | undefined)[] => {
  const { products, taxons, facets, priceMin, priceMax, unitPriceEquals } = action
  if (taxons !== undefined && facets !== undefined) throw new Inexpressible('taxons and facets of one action')
  const from = unitPriceEquals ?? priceMin
  const to = unitPriceEquals ?? priceMax
  const categoryIds = taxons ?? facets
  const scope = {
    ...(products === undefined ? {} : { productIds: products }),
    ...(categoryIds === undefined ? {} : { categoryIds }),
    ...(from === undefined && to === undefined
      ? {}
      : { listUnitMinor: { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) } }),
  }
  if (!isPerLine(given, action)) return [Object.keys(scope).length === 0 ? undefined : scope]
  return given.lines.map(lineIdOf).map((lineId) => ({ ...scope, skus: [lineId] }))
}

/** Peers that round a line as a whole take a percentage of the line, not of each piece of it. */
const isPerLine = (given: PeerCase, { scope, kind }: Action): boolean =>
  scope === 'line' || (scope === 'unit' && kind === 'percent' && given.taxRounding?.startsWith('per-line') === true)

const thresholdOf = (conditions: readonly Condition[]): Readonly<Record<string, unknown>> => {
  const [condition, other] = conditions
  if (condition === undefined) return {}
  if (other !== undefined) throw new Inexpressible('a promotion with several conditions')
  switch (condition.type) {
    case 'itemsTotal':
      return { threshold: { amountMinor: condition.min, basis: 'running' } }
    case 'cartQuantity':
      return { threshold: { quantity: condition.min, basis: 'running' } }
    case 'anyLineQuantity':
      return { threshold: { lineQuantity: condition.min, basis: 'running' } }
    case 'containsProduct':
      return { threshold: { scope: { productIds: [condition.product] }, quantity: 1, basis: 'running' } }
    case 'containsTaxon':
      return { threshold: { scope: { categoryIds: condition.taxons }, quantity: 1, basis: 'running' } }
    case 'totalOfItemsFromTaxon':
      return { threshold: { scope: { categoryIds: [condition.taxon] }, amountMinor: condition.min, basis: 'list' } }
  }
}

const benefitOf = (given: PeerCase, action: Action): Readonly<Record<string, unknown>> => {
  const { scope, kind } = action
  const amount = action.amount ?? (action.value === undefined ? undefined : Number(action.value))
  const percent = (): number => basisPointsOf(action.value ?? '')
  if (scope === 'order+shipping') throw new Inexpressible('one discount over goods and carriage')
  if (kind === 'setTotalTo') return { kind: 'setPrice', priceMinor: amount }
  if (scope === 'shipping') {
    return kind === 'percent'
      ? { kind: 'freeShipping', offBasisPoints: percent() }
      : { kind: 'freeShipping', upToMinor: amount }
  }
  if (scope === 'unit' && !isPerLine(given, action)) {
    return kind === 'percent'
      ? { kind: 'pieceOff', offBasisPoints: percent(), of: given.peer === 'sylius' ? 'list' : 'running' }
      : { kind: 'pieceOff', offMinor: amount }
  }
  // Where what is left is rounded half up, what is taken is rounded half down.
  const rounding = given.taxRounding?.startsWith('per-line') === true ? 'halfDown' : 'halfUp'
  return kind === 'percent'
    ? { kind: 'percentOff', offBasisPoints: percent(), rounding }
    : { kind: 'amountOff', offMinor: amount }
}

const compare = (given: PeerCase, price: PricedCart): readonly Difference[] => {
  const { expect, differences } = createComparison()
  const { expected, peer } = given
  const { totals, lines, shipping, taxInclusive } = price
  const net = (line: PricedLine): number => line.netMinor - (taxInclusive ? line.taxMinor : 0)
  const gross = (line: PricedLine): number => line.netMinor + (taxInclusive ? 0 : line.taxMinor)
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
  const shippingNet = (shipping?.chargeMinor ?? 0) - (taxInclusive ? (shipping?.taxMinor ?? 0) : 0)
  const shippingGross = (shipping?.chargeMinor ?? 0) + (taxInclusive ? 0 : (shipping?.taxMinor ?? 0))
  const subTotal = sum(lines.map(net))
  const named = (name: string): PricedLine | undefined => lines.find((line) => line.lineId === name)
  expect('subTotal', expected.subTotal, subTotal)
  expect('subTotalWithTax', expected.subTotalWithTax, sum(lines.map(gross)))
  expect('total', expected.total, peer === 'vendure' ? subTotal + shippingNet : totals.payableMinor)
  expect('totalWithTax', expected.totalWithTax, totals.payableMinor)
  expect('shipping', expected.shipping, peer === 'vendure' ? shippingNet : totals.shippingMinor)
  expect('shippingWithTax', expected.shippingWithTax, shippingGross)
  refuseOddUnit(given, expected.lineTotals, lines.map(net))
  expect('lineTotals', expected.lineTotals, lines.map(net))
  expect('lineTotalsWithTax', expected.lineTotalsWithTax, lines.map(gross))
  const off = (line: PricedLine | undefined): number => (line === undefined ? 0 : line.listMinor - line.netMinor)
  expect('lineDiscounts', expected.lineDiscounts, lines.map(off))
  for (const [name, stated] of Object.entries(expected.lineTotal ?? {})) {
    expect(`lineTotal.${name}`, stated, named(name)?.netMinor)
  }
  for (const [name, stated] of Object.entries(expected.lineDiscount ?? {})) {
    expect(`lineDiscount.${name}`, stated, off(named(name)))
  }
  const units = unitTableOf(price)
  for (const [name, stated] of Object.entries(expected.unitDiscounts ?? {})) {
    const line = units.lines.find((each) => each.lineId === name)
    expect(
      `unitDiscounts.${name}`,
      stated,
      line?.cashMinor.map((cash) => line.unitListMinor - cash),
    )
  }
  expect('discount', expected.discount, -totals.discountMinor)
  // One promotion may be several offers here.
  const applied = [...new Set(price.applied.map(({ offerId }) => offerId.replace(/ \d+\.\d+\.\d+$/, '')))]
  expect('discountCount', expected.discountCount, applied.length)
  expect('applied', expected.applied, applied)
  expect('taxExcluded', expected.taxExcluded, taxInclusive ? 0 : totals.taxMinor)
  expect('taxIncluded', expected.taxIncluded, taxInclusive ? totals.taxMinor : 0)
  expect('tax', expected.tax, totals.taxMinor)
  expect('net', expected.net, subTotal)
  expect('gross', expected.gross, sum(lines.map(gross)))
  expect('totalNet', expected.totalNet, subTotal + shippingNet)
  expect('totalGross', expected.totalGross, totals.payableMinor)
  expect(
    'taxSummary',
    expected.taxSummary?.map(({ taxRate, taxBase, taxTotal }) => [millionthsOf(taxRate), taxBase, taxTotal]),
    price.taxes
      .filter(({ rateMillionths }) => rateMillionths > 0)
      .map(({ rateMillionths, baseMinor, taxMinor }) => [rateMillionths, baseMinor, taxMinor]),
  )
  return differences
}

/** Equal lines whose totals differ by the odd unit alone: peers and we give it to another of them. */
const refuseOddUnit = (given: PeerCase, stated: readonly number[] | undefined, actual: readonly number[]): void => {
  if (stated === undefined || stated.every((amount, place) => amount === actual[place])) return
  const [first] = given.lines
  const equal = given.lines.every((line) => line.unitPrice === first?.unitPrice && line.quantity === first?.quantity)
  if (equal && [...stated].sort().join() === [...actual].sort().join()) {
    throw new Inexpressible('the odd unit to another of equal lines; ours goes to the first')
  }
}
