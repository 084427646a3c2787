import { Decimal } from 'decimal.js'
import * as z from 'zod'
import type { PriceCartInput, PricedCart } from '../../src/pricing/index.js'
import { priceCart } from '../../src/pricing/index.js'
import type { Offer } from '../../src/promotions/index.js'
import { currencyExponent } from '../../src/shared/currency.js'
import { basisPointsOf, decimalText, isRoundedFrom, millionthsOf, minorOf } from './amounts.js'
import { checkedOffer, flatCarriage, plainInput, plainLine, taxesOf } from './build-input.js'
import { createComparison, type Difference, Inexpressible, readCase } from './verdict.js'

const text = z.string()
const optionalNumber = z.optional(z.nullable(decimalText))

const rule = z.strictObject({ attribute: text, operator: text, values: z.array(text) })

const promotionShape = z.strictObject({
  code: text,
  type: z.enum(['standard', 'buyget']),
  automatic: z.boolean(),
  taxInclusive: z.boolean(),
  method: z.enum(['fixed', 'percentage']),
  value: decimalText,
  target: z.enum(['items', 'order', 'shipping']),
  allocation: z.enum(['each', 'across', 'once']),
  currency: z.nullable(text),
  maxQuantity: optionalNumber,
  applyToQuantity: optionalNumber,
  buyMinQuantity: optionalNumber,
  rules: z.array(rule),
  targetRules: z.array(rule),
  buyRules: z.array(rule),
  limit: optionalNumber,
  used: optionalNumber,
  status: z.optional(text),
  campaign: z.optional(
    z.nullable(
      z.strictObject({
        id: text,
        budget: z.optional(
          z.nullable(
            z.strictObject({
              type: text,
              limit: decimalText,
              used: decimalText,
              currency: z.nullable(text),
              attribute: z.nullable(text),
            }),
          ),
        ),
      }),
    ),
  ),
})

const stated = z.record(text, z.unknown())

const caseShape = z.strictObject({
  id: text,
  group: text,
  source: z.optional(text),
  title: z.optional(text),
  provenance: z.optional(text),
  note: z.optional(text),
  why: z.optional(text),
  measured: z.optional(z.unknown()),
  medusa_2_21_2: z.optional(z.unknown()),
  currency: z.nullable(text),
  lines: z.array(
    z.strictObject({
      id: text,
      unitPrice: optionalNumber,
      quantity: z.nullable(decimalText),
      subtotal: z.optional(decimalText),
      originalTotal: z.optional(decimalText),
      taxRate: optionalNumber,
      taxRates: z.optional(z.array(decimalText)),
      taxInclusive: z.optional(z.boolean()),
      discountable: z.optional(z.boolean()),
      attributes: z.optional(z.record(text, z.unknown())),
      adjustments: z.optional(z.array(z.unknown())),
      existingAdjustments: z.optional(z.array(z.unknown())),
    }),
  ),
  shipping: z.array(
    z.strictObject({
      id: text,
      amount: z.optional(decimalText),
      subtotal: z.optional(decimalText),
      originalTotal: z.optional(decimalText),
      taxRate: optionalNumber,
      taxRates: z.optional(z.array(decimalText)),
      taxInclusive: z.optional(z.boolean()),
      attributes: z.optional(z.record(text, z.unknown())),
      adjustments: z.optional(z.array(z.unknown())),
    }),
  ),
  credits: z.optional(z.array(z.unknown())),
  context: z.optional(z.record(text, z.unknown())),
  promotions: z.array(promotionShape),
  codes: z.array(text),
  options: z.optional(
    z.strictObject({
      preventAutomatic: z.optional(z.boolean()),
      skipUsageLimits: z.optional(z.boolean()),
    }),
  ),
  usages: z.optional(z.unknown()),
  expected: stated,
})

type MedusaCase = z.infer<typeof caseShape>
type MedusaPromotion = z.infer<typeof promotionShape>

/** Runs a cart of Medusa: what it does not round is compared to the minor unit. */
export const runMedusaPrice = (raw: unknown): readonly Difference[] => {
  const given = readCase(caseShape, raw)
  if (given.lines.length === 0) throw new Inexpressible('a cart of carriage alone')
  if (given.shipping.length > 1) throw new Inexpressible('several ways to send in one order')
  if ((given.credits ?? []).length > 0) throw new Inexpressible('credit lines on an order')
  if (given.lines.some(({ existingAdjustments }) => existingAdjustments !== undefined)) {
    throw new Inexpressible('discounts from an earlier pricing; ours prices anew')
  }
  const exact = [...given.lines, ...given.shipping].some(({ adjustments }) => (adjustments ?? []).length > 0)
  if (exact) throw new Inexpressible('discounts that are given as amounts')
  const currency = (given.currency ?? 'usd').toUpperCase()
  const decimals = currencyExponent(currency).unwrapOr(2)
  refusePieces(given, meantOf(given))
  const answer = priceCart(inputOf(given, currency, decimals))
  if (answer.isErr()) return [{ path: 'price', expected: given.expected, actual: answer.error }]
  refuseSpendBudgets(given, answer.value, decimals)
  return compare(given, answer.value, decimals)
}

const unitPriceOf = (line: MedusaCase['lines'][number], quantity: number, decimals: number): number => {
  // In carts of promotions the subtotal without tax is what counts.
  const price = line.subtotal === undefined ? line.unitPrice : new Decimal(line.subtotal).div(quantity).toFixed()
  if (price == null) throw new Inexpressible('a line without a price')
  return minorOf(price, decimals)
}

const ratesOf = (given: { readonly taxRate?: string | null | undefined; readonly taxRates?: string[] | undefined }) =>
  (given.taxRates ?? (given.taxRate == null ? [] : [given.taxRate])).map(millionthsOf)

const inputOf = (given: MedusaCase, currency: string, decimals: number): PriceCartInput => {
  const [carriage] = given.shipping
  const byNet = given.lines.some(({ subtotal }) => subtotal !== undefined)
  const taxed = [...given.lines, ...(carriage === undefined ? [] : [carriage])].filter((each) =>
    ratesOf(each).some((rate) => rate > 0),
  )
  const inclusive = taxed[0]?.taxInclusive ?? false
  if (taxed.some((each) => (each.taxInclusive ?? false) !== inclusive)) {
    throw new Inexpressible('prices with and without tax in one order')
  }
  const charge = carriage?.subtotal ?? carriage?.amount
  return plainInput({
    currency,
    lines: given.lines.map((line) => {
      const quantity = Number(line.quantity ?? '1')
      if (!Number.isSafeInteger(quantity)) throw new Inexpressible('part of a piece')
      return plainLine({
        lineId: line.id,
        productId: attributeOf(line.attributes, 'product.id') ?? line.id,
        categoryIds: [attributeOf(line.attributes, 'product_category.id')].filter((id) => id !== undefined),
        quantity,
        listUnitMinor: unitPriceOf(line, quantity, decimals),
        discountable: line.discountable ?? true,
      })
    }),
    offers: offersOf(given, currency, decimals, inclusive),
    usesLeft: Object.fromEntries(given.promotions.map((each) => [each.code, usesLeftOf(given, each)])),
    buyer: {
      levelId: attributeOf(given.context, 'customer.customer_group.id') ?? null,
      firstOrder: false,
      birthdayToday: false,
    },
    shipping: charge === undefined ? null : flatCarriage(minorOf(charge, decimals), currency),
    // One rounding for each rate, which is the nearest to none at all.
    tax: byNet
      ? null
      : taxesOf({
          inclusive,
          roundPer: 'order',
          classes: {
            ...Object.fromEntries(given.lines.map((line) => [line.id, ratesOf(line)])),
            carriage: carriage === undefined ? [] : ratesOf(carriage),
          },
          shippingClass: 'carriage',
        }),
  })
}

const attributeOf = (from: Readonly<Record<string, unknown>> | undefined, path: string): string | undefined => {
  let value: unknown = from
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null) return undefined
    value = Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined
  }
  return typeof value === 'string' ? value : undefined
}

const usesLeftOf = (given: MedusaCase, { limit, used, campaign }: MedusaPromotion): { left?: number } => {
  if (given.options?.skipUsageLimits === true) return {}
  if (limit != null) return { left: Number(limit) - Number(used ?? 0) }
  const budget = campaign?.budget
  if (budget?.type === 'usage') return { left: Number(budget.limit) - Number(budget.used) }
  return {}
}

/** A budget of money that does not bind changes nothing; one that does is not ours. */
const refuseSpendBudgets = (given: MedusaCase, price: PricedCart, decimals: number): void => {
  for (const { code, campaign } of meantOf(given)) {
    const budget = campaign?.budget
    if (budget == null || budget.type === 'usage') continue
    if (budget.attribute !== null || budget.type !== 'spend') throw new Inexpressible(`a budget by ${budget.type}`)
    const given = price.applied.filter(({ offerId }) => offerId === code)
    const off = given.reduce((sum, each) => sum + each.goodsMinor + each.shippingMinor, 0)
    const left = new Decimal(budget.limit).minus(budget.used).times(new Decimal(10).pow(decimals))
    if (left.lessThan(off)) throw new Inexpressible('a budget of money that is used up by the discount')
  }
}

const meantOf = ({ promotions, codes, options }: MedusaCase): readonly MedusaPromotion[] =>
  promotions.filter(
    ({ code, automatic, status }) =>
      (status === undefined || status === 'active') &&
      (codes.includes(code) || (automatic && options?.preventAutomatic !== true)),
  )

/** Buy-and-get first, then by falling value: the order of the peer, which applies all of them. */
const offersOf = (given: MedusaCase, currency: string, decimals: number, inclusive: boolean): readonly Offer[] => {
  const meant = meantOf(given)
  const ranked = [...meant].sort(
    (a, b) => Number(b.type === 'buyget') - Number(a.type === 'buyget') || Number(b.value) - Number(a.value),
  )
  if (ranked.filter(({ type }) => type === 'buyget').length > 1) {
    throw new Inexpressible('several offers that share the pieces they count; ours count them each by itself')
  }
  return meant.flatMap((promotion) => {
    if (promotion.taxInclusive !== inclusive && promotion.method === 'fixed' && hasTax(given)) {
      throw new Inexpressible('an amount off with tax on prices without it, or the other way round')
    }
    if (promotion.currency !== null && promotion.currency.toUpperCase() !== currency) return []
    return [
      checkedOffer({
        offerId: promotion.code,
        currency,
        priority: ranked.length - ranked.indexOf(promotion),
        stage: promotion.target === 'shipping' ? 'shipping' : 'platform',
        ...audienceOf(promotion),
        ...(promotion.target === 'items' ? scopeOf('scope', promotion.targetRules) : {}),
        ...thresholdOf(promotion),
        benefit: benefitOf(promotion, decimals),
        ...(Object.keys(usesLeftOf(given, promotion)).length === 0 ? {} : { limits: { uses: 1_000_000 } }),
      }),
    ]
  })
}

/** Which pieces an offer is had by: the peer chooses others, which can tell only where their prices differ. */
const refusePieces = (given: MedusaCase, meant: readonly MedusaPromotion[]): void => {
  for (const { type, applyToQuantity, buyRules, targetRules } of meant) {
    if (type !== 'buyget' || JSON.stringify(buyRules) === JSON.stringify(targetRules)) continue
    const got = given.lines.filter((line) => targetRules.every((each) => meets(line, each)))
    const pieces = got.reduce((sum, { quantity }) => sum + Number(quantity ?? '1'), 0)
    if (new Set(got.map(priceOf)).size > 1 && Number(applyToQuantity ?? '1') < pieces) {
      throw new Inexpressible('the dearest of the meant pieces for nothing; ours gives the cheapest')
    }
  }
  const onSome = meant.filter(
    ({ type, target, method, allocation, maxQuantity }) =>
      type === 'standard' &&
      target === 'items' &&
      method === 'percentage' &&
      allocation !== 'across' &&
      given.lines.some(({ quantity }) => Number(quantity ?? '1') > Number(maxQuantity ?? quantity ?? '1')),
  )
  if (onSome.length > 0 && meant.filter(({ target }) => target !== 'shipping').length > 1) {
    throw new Inexpressible(
      'a part of pieces that the offer before left alone; ours is taken of what is left of a line',
    )
  }
}

const meets = (line: MedusaCase['lines'][number], { attribute, values }: z.infer<typeof rule>): boolean =>
  values.includes(attributeOf(line.attributes, attribute.replace(/^items\./, '')) ?? '')

const priceOf = ({ unitPrice, subtotal, quantity }: MedusaCase['lines'][number]): string =>
  subtotal === undefined ? (unitPrice ?? '0') : new Decimal(subtotal).div(Number(quantity ?? '1')).toFixed()

/** How many figures are rounded on the way to a total that a peer does not round at all. */
const roundingsOf = (given: MedusaCase): number =>
  meantOf(given).reduce((sum, { method, allocation, maxQuantity }) => {
    if (method === 'fixed') return sum
    if (allocation === 'across') return sum + 1
    return sum + Number(maxQuantity ?? '1') * (allocation === 'each' ? given.lines.length : 1)
  }, 2)

const hasTax = (given: MedusaCase): boolean => given.lines.some((line) => ratesOf(line).some((rate) => rate > 0))

const audienceOf = ({ rules }: MedusaPromotion): Readonly<Record<string, unknown>> => {
  const [first, other] = rules
  if (first === undefined) return {}
  if (
    other !== undefined ||
    first.attribute !== 'customer.customer_group.id' ||
    !['in', 'eq'].includes(first.operator)
  ) {
    throw new Inexpressible(`a rule on ${rules.map(({ attribute }) => attribute).join(', ')}`)
  }
  return { audience: { levels: first.values } }
}

const filterOf = (rules: readonly z.infer<typeof rule>[]): Readonly<Record<string, readonly string[]>> => {
  const filter: Record<string, readonly string[]> = {}
  for (const { attribute, operator, values } of rules) {
    const path = attribute.replace(/^items\./, '')
    const name = path === 'product.id' ? 'productIds' : path === 'product_category.id' ? 'categoryIds' : undefined
    if (name === undefined || Object.hasOwn(filter, name) || !['eq', 'in'].includes(operator)) {
      throw new Inexpressible(`goods by ${attribute} ${operator}`)
    }
    filter[name] = values
  }
  return filter
}

const scopeOf = (name: string, rules: readonly z.infer<typeof rule>[]): Readonly<Record<string, unknown>> =>
  rules.length === 0 ? {} : { [name]: filterOf(rules) }

const thresholdOf = ({ type, buyRules, targetRules }: MedusaPromotion): Readonly<Record<string, unknown>> => {
  if (type !== 'buyget') return {}
  // The same goods to buy and to get are one scope: a full group is bought and got.
  if (JSON.stringify(buyRules) === JSON.stringify(targetRules)) return {}
  return { threshold: { ...scopeOf('scope', buyRules), basis: 'list' } }
}

const benefitOf = (promotion: MedusaPromotion, decimals: number): Readonly<Record<string, unknown>> => {
  const { type, method, value, target, allocation, maxQuantity } = promotion
  const most = maxQuantity == null ? {} : { maxPieces: Number(maxQuantity) }
  if (type === 'buyget') return buyGetOf(promotion)
  if (target === 'shipping') {
    return method === 'percentage'
      ? { kind: 'freeShipping', offBasisPoints: basisPointsOf(value) }
      : { kind: 'freeShipping', upToMinor: minorOf(value, decimals) }
  }
  if (target === 'order' || allocation === 'across') {
    return method === 'percentage'
      ? { kind: 'percentOff', offBasisPoints: basisPointsOf(value) }
      : { kind: 'amountOff', offMinor: minorOf(value, decimals) }
  }
  return {
    kind: 'pieceOff',
    ...(method === 'percentage' ? { offBasisPoints: basisPointsOf(value) } : { offMinor: minorOf(value, decimals) }),
    ...most,
    ...(allocation === 'once' ? { per: 'order' } : {}),
  }
}

const buyGetOf = (promotion: MedusaPromotion): Readonly<Record<string, unknown>> => {
  const { method, value, applyToQuantity, buyMinQuantity, maxQuantity } = promotion
  if (method !== 'percentage') throw new Inexpressible('an amount off the pieces that are got')
  const get = Number(applyToQuantity ?? '1')
  const most = Math.floor(Number(maxQuantity ?? '0') / get)
  if (maxQuantity != null && most * get !== Number(maxQuantity)) {
    throw new Inexpressible('a most of pieces that is no whole number of groups')
  }
  return {
    kind: 'buyXGetY',
    buy: Number(buyMinQuantity ?? '1'),
    get,
    ...(value === '100' ? {} : { offBasisPoints: basisPointsOf(value) }),
    ...(maxQuantity == null ? {} : { maxTimes: Math.min(100_000, most) }),
  }
}

const compare = (given: MedusaCase, price: PricedCart, decimals: number): readonly Difference[] => {
  const { expect, differences } = createComparison()
  const { totals, taxInclusive } = price
  const shipping = price.shipping
  const goodsTax = totals.taxMinor - (shipping?.taxMinor ?? 0)
  const shippingCharge = shipping?.chargeMinor ?? 0
  const actual: Readonly<Record<string, number>> = {
    total: totals.payableMinor,
    taxTotal: totals.taxMinor,
    itemTotal: totals.goodsMinor + (taxInclusive ? 0 : goodsTax),
    itemTaxTotal: goodsTax,
    shippingTotal: shippingCharge + (taxInclusive ? 0 : (shipping?.taxMinor ?? 0)),
    shippingTaxTotal: shipping?.taxMinor ?? 0,
    creditLineTotal: 0,
    discountSum: totals.discountMinor + (shipping?.discountMinor ?? 0),
    ...(taxInclusive || !hasTax(given)
      ? { discountTotal: totals.discountMinor + (shipping?.discountMinor ?? 0) }
      : { discountSubtotal: totals.discountMinor + (shipping?.discountMinor ?? 0) }),
    ...(taxInclusive || !hasTax(given)
      ? { originalTotal: totals.listMinor + (shipping?.grossMinor ?? 0) }
      : {
          originalSubtotal: totals.listMinor + (shipping?.grossMinor ?? 0),
          subtotal: totals.listMinor + (shipping?.grossMinor ?? 0),
          itemSubtotal: totals.listMinor,
          shippingSubtotal: shipping?.grossMinor ?? 0,
        }),
  }
  for (const [name, value] of Object.entries(given.expected)) {
    const minor = actual[name]
    if (typeof value === 'string' && minor !== undefined) note(name, value, minor)
  }
  const perLine = (offerId: string, lineId: string): number =>
    price.lines
      .find((line) => line.lineId === lineId)
      ?.shares.filter((share) => share.offerId === offerId)
      .reduce((sum, share) => sum + share.amountMinor, 0) ?? 0
  for (const [place, each] of listOf(given.expected.adjustments).entries()) {
    const { line, shipping: carried, code, amount } = each
    if (typeof code !== 'string' || typeof amount !== 'string')
      throw new Inexpressible('an adjustment of another shape')
    const off =
      typeof line === 'string'
        ? perLine(code, line)
        : (price.applied.find(({ offerId }) => offerId === code)?.shippingMinor ?? 0)
    note(`adjustments.${place}.${code}.${String(line ?? carried)}`, amount, off)
  }
  const rejected = listOf(given.expected.rejected).map(({ code }) => code)
  for (const code of rejected) {
    const fate = price.trace.find(({ offerId }) => offerId === code)?.outcome
    expect(`rejected.${String(code)}`, 'LimitReached', fate?.kind === 'rejected' ? fate.reason.type : fate?.kind)
  }
  const checked = Object.keys(given.expected).some((name) => actual[name] !== undefined || name === 'adjustments')
  if (!checked && rejected.length === 0) throw new Inexpressible('an expectation that is not a figure of ours')
  return differences

  function note(path: string, value: string, minor: number): void {
    if (!decimalText.safeParse(value).success) throw new Inexpressible(`no figure: ${value}`)
    if (!isRoundedFrom(minor, value, decimals, roundingsOf(given)))
      differences.push({ path, expected: value, actual: minor })
  }
}

const listOf = (value: unknown): readonly Readonly<Record<string, unknown>>[] => {
  const parsed = z.array(z.record(z.string(), z.unknown())).safeParse(value ?? [])
  if (!parsed.success) throw new Inexpressible('a list of another shape')
  return parsed.data
}
