import * as z from 'zod'
import type { PricedCart } from '../../src/pricing/index.js'
import { priceCart, refundOf, unitTableOf } from '../../src/pricing/index.js'
import { moveOfferUses } from '../../src/promotions/limits.js'
import { allocate } from '../../src/shared/allocate.js'
import { basisPointsOf, decimalText, millionthsOf, minorText } from './amounts.js'
import { checkedOffer, flatCarriage, plainInput, plainLine, taxesOf } from './build-input.js'
import { createComparison, type Difference, Inexpressible, Refused, readCase } from './verdict.js'

const text = z.string()
const lineShape = z.strictObject({ unitPrice: minorText, quantity: minorText, taxRate: z.optional(decimalText) })

const about = {
  id: text,
  peer: text,
  source: z.optional(text),
  title: z.optional(text),
  recomputed: z.optional(text),
  conserving: z.optional(z.boolean()),
  method: z.optional(text),
  currency: text,
}

const parts = z.strictObject({
  parts: z.optional(z.array(minorText)),
  total: z.optional(minorText),
  anyOrder: z.optional(z.boolean()),
  error: z.optional(z.boolean()),
})
const discount = z.strictObject({ discount: minorText })

const componentShape = z.discriminatedUnion('kind', [
  z.strictObject({
    ...about,
    kind: z.literal('distribute-by-weight'),
    weights: z.array(minorText),
    amount: minorText,
    expected: parts,
  }),
  z.strictObject({
    ...about,
    kind: z.literal('distribute-equally'),
    targets: minorText,
    amount: minorText,
    expected: parts,
  }),
  z.strictObject({
    ...about,
    kind: z.literal('distribute-with-floor'),
    items: z.array(z.strictObject({ total: minorText, quantity: minorText, minimumUnitPrice: minorText })),
    amount: minorText,
    expected: parts,
  }),
  z.strictObject({
    ...about,
    kind: z.literal('percent-with-cap'),
    weights: z.array(minorText),
    percent: decimalText,
    cap: minorText,
    expected: parts,
  }),
  z.strictObject({
    ...about,
    kind: z.literal('percent'),
    amount: minorText,
    percent: decimalText,
    expected: discount,
  }),
  z.strictObject({
    ...about,
    kind: z.literal('tiered-percent'),
    base: decimalText,
    tiers: z.array(z.strictObject({ from: minorText, percent: decimalText })),
    lines: z.array(lineShape),
    expected: z.strictObject({ firstLineDiscount: minorText }),
  }),
  z.strictObject({
    ...about,
    kind: z.literal('tiered-flat'),
    base: minorText,
    tiers: z.array(z.strictObject({ from: minorText, amount: minorText })),
    amount: minorText,
    expected: discount,
  }),
  z.strictObject({
    ...about,
    kind: z.literal('flexi-rate'),
    first: minorText,
    additional: minorText,
    maxItems: minorText,
    quantity: minorText,
    expected: discount,
  }),
  z.strictObject({
    ...about,
    kind: z.literal('quantity-groups'),
    groupSize: minorText,
    perUnit: z.optional(minorText),
    percent: z.optional(decimalText),
    lines: z.array(lineShape),
    expected: z.strictObject({ lineDiscounts: z.array(minorText) }),
  }),
  z.strictObject({
    ...about,
    kind: z.literal('re-tax'),
    from: z.strictObject({ gross: minorText, rate: decimalText }),
    toRate: decimalText,
    expected: z.strictObject({ gross: minorText, tax: minorText, net: minorText }),
  }),
  z.strictObject({
    ...about,
    kind: z.literal('unit-cancel'),
    lineTotal: minorText,
    units: minorText,
    cancelledBefore: z.optional(minorText),
    expected: z.strictObject({ adjustment: minorText }),
  }),
  z.strictObject({
    ...about,
    kind: z.literal('unit-cancel-all'),
    lines: z.array(lineShape),
    expected: z.strictObject({ lineTotal: minorText }),
  }),
  z.strictObject({
    ...about,
    kind: z.literal('coupon-eligibility'),
    itemsTotal: z.optional(minorText),
    quantity: z.optional(minorText),
    coupon: z.strictObject({
      minSpent: z.optional(z.nullable(minorText)),
      minQuantity: z.optional(z.nullable(minorText)),
      onlyForStaff: z.optional(z.boolean()),
    }),
    customer: z.optional(text),
    expected: z.strictObject({ applicable: z.boolean() }),
  }),
  z.strictObject({
    ...about,
    kind: z.literal('coupon-usage'),
    usedBefore: minorText,
    event: text,
    expected: z.strictObject({ used: minorText }),
  }),
  z.strictObject({
    ...about,
    kind: z.literal('split-discount'),
    discount: z.strictObject({ kind: z.enum(['fixed', 'percent']), value: text }),
    subtotal: minorText,
    shippingPrice: minorText,
    expected: z.strictObject({ subtotalPortion: minorText, shippingPortion: minorText }),
  }),
  z.looseObject({ kind: z.literal('gift-card'), currency: text }),
])

type Component = z.infer<typeof componentShape>
type Of<Kind extends Component['kind']> = Extract<Component, { kind: Kind }>

/** Runs a split, a tier, a cap, a limit or a cancelled unit of a peer. */
export const runPeerComponent = (raw: unknown): readonly Difference[] => {
  const given = readCase(componentShape, raw)
  switch (given.kind) {
    case 'distribute-by-weight':
      return splits(given, allocate(given.amount, given.weights).unwrapOr(undefined), given.amount)
    case 'distribute-equally':
      return splits(
        given,
        allocate(given.amount, new Array<number>(given.targets).fill(1)).unwrapOr(undefined),
        given.amount,
      )
    case 'distribute-with-floor':
      return withFloor(given)
    case 'percent-with-cap':
      return percentWithCap(given)
    case 'percent':
      return off(given, { kind: 'percentOff', offBasisPoints: basisPointsOf(given.percent) }, given.amount)
    case 'tiered-flat':
      return tieredFlat(given)
    case 'tiered-percent':
      return tieredPercent(given)
    case 'flexi-rate':
      return flexiRate(given)
    case 'quantity-groups':
      return quantityGroups(given)
    case 're-tax':
      return reTax(given)
    case 'unit-cancel':
    case 'unit-cancel-all':
      return cancelUnits(given)
    case 'coupon-eligibility':
      return eligibility(given)
    case 'coupon-usage':
      return usage(given)
    case 'split-discount':
      throw new Inexpressible('one discount over goods and carriage')
    case 'gift-card':
      throw new Inexpressible('a gift card, and a net amount of what is left to pay after it')
  }
}

const ourMethods = ['floor + largest fractional part first', 'proportional; excess over the floor is redistributed']

type Split = Of<'distribute-by-weight' | 'distribute-equally' | 'distribute-with-floor' | 'percent-with-cap'>

const splits = (given: Split, actual: readonly number[] | undefined, amount: number): readonly Difference[] => {
  const { expected, method } = given
  const { expect, differences } = createComparison()
  if (expected.error === true) {
    expect('error', true, actual === undefined || actual.length === 0)
    return differences
  }
  if (expected.parts === undefined) throw new Inexpressible('a split without parts')
  const sum = expected.parts.reduce((total, part) => total + part, 0)
  // A peer that loses a unit is not followed: exact arithmetic demands that the parts sum to the whole.
  if (given.conserving === false || sum !== amount) {
    expect(
      'sum',
      amount,
      actual?.reduce((total, part) => total + part, 0),
    )
    return differences
  }
  const sorted = (values: readonly number[] | undefined) => [...(values ?? [])].sort((a, b) => a - b)
  const same =
    expected.anyOrder === true
      ? sorted(expected.parts).join() === sorted(actual).join()
      : expected.parts.join() === actual?.join()
  if (!same && actual === undefined) throw new Inexpressible('weights that are all zero; ours is a refusal')
  const isOurs = method === undefined || ourMethods.some((ours) => method.startsWith(ours))
  if (!same && !isOurs) throw new Inexpressible(`another way to deal the odd unit out: ${method}`)
  if (!same) expect('parts', expected.parts, actual)
  expect(
    'total',
    expected.total,
    actual?.reduce((total, part) => total + part, 0),
  )
  return differences
}

const withFloor = (given: Of<'distribute-with-floor'>): readonly Difference[] => {
  const weights = given.items.map(({ total }) => total)
  const caps = given.items.map(({ total, quantity, minimumUnitPrice }) =>
    Math.max(0, total - quantity * minimumUnitPrice),
  )
  return splits(given, allocate(given.amount, weights, caps).unwrapOr(undefined), given.amount)
}

const priceOf = (
  currency: string,
  lines: readonly { readonly unitPrice: number; readonly quantity: number }[],
  benefit: Readonly<Record<string, unknown>>,
  rest: Readonly<Record<string, unknown>> = {},
): PricedCart => {
  const answer = priceCart(
    plainInput({
      currency,
      lines: lines.map(({ unitPrice, quantity }, place) =>
        plainLine({ lineId: `line ${place}`, quantity, listUnitMinor: unitPrice }),
      ),
      offers: [checkedOffer({ offerId: 'offer', currency, benefit, ...rest })],
      shipping: flatCarriage(0, currency),
    }),
  )
  if (answer.isErr()) throw new Refused('price', answer.error.type)
  return answer.value
}

const takenOff = (price: PricedCart): readonly number[] => price.lines.map((line) => line.listMinor - line.netMinor)

const percentWithCap = (given: Of<'percent-with-cap'>): readonly Difference[] => {
  const lines = given.weights.map((unitPrice) => ({ unitPrice, quantity: 1 }))
  const benefit = { kind: 'percentOff', offBasisPoints: basisPointsOf(given.percent), capMinor: given.cap }
  const parts = takenOff(priceOf(given.currency, lines, benefit))
  const { expected } = given
  const sign = (expected.total ?? -1) < 0 ? -1 : 1
  const stated = { ...given, method: given.method ?? 'remainder to the first line' }
  return splits(
    stated,
    parts.map((part) => sign * part),
    expected.total ?? 0,
  )
}

const off = (
  given: Of<'percent' | 'tiered-flat'>,
  benefit: Readonly<Record<string, unknown>>,
  amount: number,
): readonly Difference[] => {
  const { expect, differences } = createComparison()
  const price = priceOf(given.currency, [{ unitPrice: amount, quantity: 1 }], benefit)
  expect('discount', given.expected.discount, price.totals.discountMinor)
  return differences
}

const tieredFlat = (given: Of<'tiered-flat'>): readonly Difference[] => {
  const tiers = [{ from: 1, amount: given.base }, ...given.tiers]
    .filter(({ amount }) => amount > 0)
    .map(({ from, amount }) => ({ from, offMinor: amount }))
  return off(given, { kind: 'tiered', measure: 'amount', tiers }, given.amount)
}

const tieredPercent = (given: Of<'tiered-percent'>): readonly Difference[] => {
  const tiers = [{ from: 1, percent: given.base }, ...given.tiers].map(({ from, percent }) => ({
    from,
    offBasisPoints: basisPointsOf(percent),
  }))
  const { expect, differences } = createComparison()
  const price = priceOf(given.currency, given.lines, { kind: 'tiered', measure: 'amount', tiers })
  expect('firstLineDiscount', given.expected.firstLineDiscount, takenOff(price)[0])
  return differences
}

/** So much off the first piece and so much off each further one: two offers, each off as many pieces as it is for. */
const flexiRate = (given: Of<'flexi-rate'>): readonly Difference[] => {
  const { currency, first, additional, maxItems, quantity } = given
  const { expect, differences } = createComparison()
  if (quantity === 0) throw new Inexpressible('a line of no pieces')
  const counted = maxItems === 0 ? quantity : Math.min(quantity, maxItems)
  const offers = [
    ...(first === 0 ? [] : [{ kind: 'pieceOff', offMinor: first, maxPieces: 1 }]),
    ...(additional === 0 || counted < 2 ? [] : [{ kind: 'pieceOff', offMinor: additional, maxPieces: counted - 1 }]),
  ].map((benefit, place) => checkedOffer({ offerId: `offer ${place}`, currency, benefit }))
  const lines = [plainLine({ lineId: 'line', quantity, listUnitMinor: 1_000_000 })]
  const price = priceCart(plainInput({ currency, lines, offers }))
  expect('discount', given.expected.discount, price.isOk() ? price.value.totals.discountMinor : price.error)
  return differences
}

const quantityGroups = (given: Of<'quantity-groups'>): readonly Difference[] => {
  const { expect, differences } = createComparison()
  const benefit = {
    kind: 'pieceOff',
    groupOf: given.groupSize,
    ...(given.percent === undefined ? { offMinor: given.perUnit } : { offBasisPoints: basisPointsOf(given.percent) }),
  }
  const price = priceOf(given.currency, given.lines, benefit)
  expect('lineDiscounts', given.expected.lineDiscounts.map(Math.abs), takenOff(price))
  return differences
}

/** The same net price under another rate: the tax is taken out by one rate and put on by the other. */
const reTax = ({ currency, from, toRate, expected }: Of<'re-tax'>): readonly Difference[] => {
  const taxed = (unitPrice: number, rate: string, inclusive: boolean): number => {
    const answer = priceCart(
      plainInput({
        currency,
        lines: [plainLine({ lineId: 'line', quantity: 1, listUnitMinor: unitPrice })],
        tax: taxesOf({ inclusive, roundPer: 'line', classes: { line: [millionthsOf(rate)] }, shippingClass: null }),
      }),
    )
    if (answer.isErr()) throw new Refused('price', answer.error.type)
    return answer.value.totals.taxMinor
  }
  const net = from.gross - taxed(from.gross, from.rate, true)
  const tax = taxed(net, toRate, false)
  const { expect, differences } = createComparison()
  expect('net', expected.net, net)
  expect('tax', expected.tax, tax)
  expect('gross', expected.gross, net + tax)
  return differences
}

const cancelUnits = (given: Of<'unit-cancel' | 'unit-cancel-all'>): readonly Difference[] => {
  const { expect, differences } = createComparison()
  const line =
    given.kind === 'unit-cancel'
      ? { quantity: given.units, total: given.lineTotal }
      : given.lines.map(({ unitPrice, quantity }) => ({ quantity, total: unitPrice * quantity }))[0]
  if (line === undefined || line.total % line.quantity !== 0) throw new Inexpressible('units of unequal price')
  const lines = [plainLine({ lineId: 'line', quantity: line.quantity, listUnitMinor: line.total / line.quantity })]
  const price = priceCart(plainInput({ currency: given.currency, lines }))
  if (price.isErr()) throw new Refused('price', price.error.type)
  const table = unitTableOf(price.value)
  if (given.kind === 'unit-cancel-all') {
    let left = line.total
    for (let unit = 0; unit < line.quantity; unit += 1) {
      left -= refundOf(table, { line: unit }, [{ lineId: 'line', quantity: 1 }]).match(
        (split) => split.payMinor,
        () => 0,
      )
    }
    expect('lineTotal', given.expected.lineTotal, left)
    return differences
  }
  if ((given.cancelledBefore ?? 0) > 0) {
    throw new Inexpressible('a line total that cancelled units have not lowered; ours gives each unit its own part')
  }
  const split = refundOf(table, {}, [{ lineId: 'line', quantity: 1 }])
  expect('adjustment', given.expected.adjustment, split.isOk() ? -split.value.payMinor : split.error)
  return differences
}

const eligibility = (given: Of<'coupon-eligibility'>): readonly Difference[] => {
  const { coupon, itemsTotal, quantity } = given
  if (coupon.onlyForStaff !== undefined || itemsTotal === undefined || quantity === undefined) {
    throw new Inexpressible('a coupon for staff only')
  }
  if (itemsTotal % quantity !== 0) throw new Inexpressible('units of unequal price')
  const { minSpent, minQuantity } = coupon
  const threshold = {
    ...(minSpent == null ? {} : { amountMinor: minSpent }),
    ...(minQuantity == null ? {} : { quantity: minQuantity }),
    basis: 'activity',
  }
  const price = priceOf(
    given.currency,
    [{ unitPrice: itemsTotal / quantity, quantity }],
    { kind: 'amountOff', offMinor: 1 },
    { threshold },
  )
  const { expect, differences } = createComparison()
  expect('applicable', given.expected.applicable, price.applied.length === 1)
  return differences
}

const usage = (given: Of<'coupon-usage'>): readonly Difference[] => {
  const by = given.event === 'order placed' ? -1 : given.event === 'order cancelled/expired' ? 1 : undefined
  if (by === undefined) throw new Inexpressible(`the event ${given.event}`)
  const benefit = { kind: 'amountOff', offMinor: 1 }
  const offer = checkedOffer({ offerId: 'offer', currency: given.currency, benefit, limits: { uses: 1000 } })
  // What is counted is the uses that are left.
  const moved = moveOfferUses([offer], 'buyer', by).reduce(
    (sum, change) => sum + (change.kind === 'adjust' ? change.by : 0),
    0,
  )
  const { expect, differences } = createComparison()
  expect('used', given.expected.used, given.usedBefore - moved)
  return differences
}
