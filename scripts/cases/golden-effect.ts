import * as z from 'zod'
import type { OfferStage } from '../../src/promotions/index.js'
import { Inexpressible } from './verdict.js'

const amount = z.int()
const basis = z.optional(z.enum(['list', 'activity', 'running']))
const times = z.optional(z.int())

/** What an offer of the rule model gives. */
export const effectShape = z.union([
  z.strictObject({ off: amount }),
  z.strictObject({ bp: z.int(), cap: z.optional(amount), basis, base: basis }),
  z.strictObject({ each: amount, eachOff: amount, maxTimes: times }),
  z.strictObject({
    tiers: z.array(
      z.strictObject({
        min: z.optional(amount),
        minQty: z.optional(z.int()),
        qty: z.optional(z.int()),
        off: z.optional(amount),
        bp: z.optional(z.int()),
      }),
    ),
  }),
  z.strictObject({ nth: z.strictObject({ n: z.int(), bp: z.int() }) }),
  z.strictObject({ cheapestFree: z.strictObject({ n: z.int(), free: z.int(), maxTimes: times }) }),
  z.strictObject({ bundle: z.strictObject({ n: z.int(), price: amount, maxTimes: times }) }),
  z.strictObject({ bundlePrice: z.strictObject({ n: z.int(), price: amount, maxTimes: times }) }),
  z.strictObject({ gift: z.strictObject({ sku: z.string(), qty: z.int(), value: amount }) }),
  z.strictObject({ ship: z.union([z.literal('free'), amount, z.strictObject({ off: amount })]) }),
  z.strictObject({ shipOff: amount }),
  z.strictObject({ unitPrice: amount, maxUnits: times }),
])

type Effect = z.infer<typeof effectShape>

const maxTimesOf = (maxTimes: number | undefined) => (maxTimes === undefined ? {} : { maxTimes })

/** The benefit of an offer that the effect means; what it comes to is checked by the schema of offers. */
export const benefitOf = (effect: Effect): Readonly<Record<string, unknown>> => {
  if ('off' in effect) return { kind: 'amountOff', offMinor: effect.off }
  if ('bp' in effect) {
    const of = effect.basis ?? effect.base
    return {
      kind: 'percentOff',
      offBasisPoints: effect.bp,
      ...(effect.cap === undefined ? {} : { capMinor: effect.cap }),
      ...(of === undefined ? {} : { of }),
    }
  }
  if ('each' in effect) {
    return {
      kind: 'amountOff',
      offMinor: effect.eachOff,
      perFullMinor: effect.each,
      ...maxTimesOf(effect.maxTimes),
    }
  }
  if ('tiers' in effect) return tieredOf(effect.tiers)
  if ('nth' in effect) return { kind: 'nthItem', nth: effect.nth.n, offBasisPoints: effect.nth.bp }
  if ('cheapestFree' in effect) {
    const { n, free, maxTimes } = effect.cheapestFree
    return { kind: 'buyXGetY', buy: n - free, get: free, ...maxTimesOf(maxTimes) }
  }
  if ('bundle' in effect || 'bundlePrice' in effect) {
    const { n, price, maxTimes } = 'bundle' in effect ? effect.bundle : effect.bundlePrice
    return { kind: 'bundlePrice', pieces: n, priceMinor: price, ...maxTimesOf(maxTimes) }
  }
  if ('gift' in effect) {
    const { sku, qty, value } = effect.gift
    if (value % qty !== 0) throw new Inexpressible('a gift whose worth does not divide into its pieces')
    return { kind: 'gift', sku, pieces: qty, unitValueMinor: value / qty }
  }
  if ('unitPrice' in effect) {
    return {
      kind: 'fixedPrice',
      unitMinor: effect.unitPrice,
      ...(effect.maxUnits === undefined ? {} : { maxPieces: effect.maxUnits }),
    }
  }
  if ('shipOff' in effect) return { kind: 'freeShipping', upToMinor: effect.shipOff }
  if (effect.ship === 'free') return { kind: 'freeShipping' }
  return { kind: 'freeShipping', upToMinor: typeof effect.ship === 'number' ? effect.ship : effect.ship.off }
}

const tieredOf = (tiers: Extract<Effect, { tiers: unknown }>['tiers']): Readonly<Record<string, unknown>> => {
  const byPieces = tiers.some((tier) => tier.min === undefined)
  return {
    kind: 'tiered',
    measure: byPieces ? 'pieces' : 'amount',
    tiers: tiers.map((tier) => ({
      from: byPieces ? (tier.minQty ?? tier.qty) : tier.min,
      ...(tier.off === undefined ? {} : { offMinor: tier.off }),
      ...(tier.bp === undefined ? {} : { offBasisPoints: tier.bp }),
    })),
  }
}

const stages: ReadonlyMap<number, OfferStage> = new Map([
  [10, 'line'],
  [20, 'shop'],
  [25, 'shopCoupon'],
  [30, 'platform'],
  [40, 'shipping'],
  [50, 'shopCoupon'],
  [60, 'platformCoupon'],
  [65, 'shippingCoupon'],
  [66, 'lateGift'],
])

/** The stage that a number of the rule model stands for. */
export const stageOf = (stage: number): OfferStage => {
  const found = stages.get(stage)
  if (found === undefined) throw new Inexpressible(`stage ${stage}`)
  return found
}
