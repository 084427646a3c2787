import { describe, expect, it } from 'vitest'
import { offerSchema } from '../../src/promotions/offer.schema.js'
import type { Benefit } from '../../src/promotions/offer-kinds.js'
import { couponOffer, offer } from './offers.js'

/** Dotted paths of what is wrong with an offer. */
const wrongIn = (value: unknown): readonly string[] =>
  offerSchema.safeParse(value).error?.issues.map((issue) => issue.path.map(String).join('.')) ?? []

const plain = { kind: 'amountOff', offMinor: 100 } as const

/** One benefit of every kind; a new kind does not compile without its own. */
const examples: { readonly [Kind in Benefit['kind']]: Parameters<typeof offer>[1] } = {
  amountOff: { benefit: { kind: 'amountOff', offMinor: 5000, perFullMinor: 30000, maxTimes: 2 } },
  percentOff: {
    benefit: { kind: 'percentOff', offBasisPoints: 1500, capMinor: 20000, of: 'list', rounding: 'halfDown' },
  },
  fixedPrice: { stage: 'line', benefit: { kind: 'fixedPrice', unitMinor: 0, maxPieces: 1 } },
  nthItem: { benefit: { kind: 'nthItem', nth: 2, offBasisPoints: 5000 } },
  buyXGetY: { benefit: { kind: 'buyXGetY', buy: 2, get: 1 } },
  bundlePrice: { benefit: { kind: 'bundlePrice', pieces: 3, priceMinor: 9900 } },
  tiered: {
    benefit: {
      kind: 'tiered',
      measure: 'pieces',
      tiers: [
        { from: 2, offBasisPoints: 500 },
        { from: 3, offMinor: 10 },
      ],
    },
  },
  gift: { benefit: { kind: 'gift', sku: 'MUG', pieces: 1, unitValueMinor: 2900 } },
  freeShipping: {
    stage: 'shipping',
    benefit: { kind: 'freeShipping', upToMinor: 1000, offBasisPoints: 5000 },
    funding: { platformBasisPoints: 0 },
  },
  pieceOff: { benefit: { kind: 'pieceOff', offMinor: 500, maxPieces: 2, per: 'order', groupOf: 2, of: 'list' } },
  setPrice: { benefit: { kind: 'setPrice', priceMinor: 9900 } },
}

describe('an offer as JSON', () => {
  it.each(Object.entries(examples))('may be of kind %s', (kind, changes) => {
    const value = offer('o', changes)
    expect(wrongIn(value)).toEqual([])
    expect(wrongIn({ ...value, benefit: { ...value.benefit, extra: 1 } })).toEqual(['benefit'])
    expect(value.benefit.kind).toBe(kind)
  })

  it('holds everything that conditions, limits and stacking can say', () => {
    const full = offer('o', {
      benefit: plain,
      issuer: { kind: 'campaign', campaignId: 'double-eleven' },
      window: {
        from: 1,
        to: 2,
        timeZone: 'Asia/Shanghai',
        daysOfMonth: [8, 18],
        weekdays: [1],
        minutesOfDay: { from: 0, to: 1440 },
      },
      audience: { levels: ['gold'], firstOrder: true, birthday: true },
      channels: ['app'],
      paymentMethods: ['creditCard'],
      scope: {
        skus: ['a'],
        productIds: ['p'],
        categoryIds: ['c'],
        brands: ['b'],
        listUnitMinor: { from: 0, to: 10 },
        not: { skus: ['x'] },
      },
      threshold: { scope: { brands: ['b'] }, amountMinor: 1, quantity: 1, lineQuantity: 1, basis: 'running' },
      stacking: { exclusive: true, group: 'g', stackable: true, withPromotions: false },
      limits: { uses: 1, usesPerCustomer: 1 },
    })
    expect(wrongIn(full)).toEqual([])
  })

  it('holds nothing else', () => {
    expect(wrongIn({ ...offer('o', { benefit: plain }), note: 'x' })).toEqual([''])
    expect(wrongIn({ ...offer('o', { benefit: plain }), version: 2 })).toEqual(['version'])
    expect(wrongIn({ ...offer('o', { benefit: plain }), benefit: { kind: 'magic' } })).toEqual(['benefit.kind'])
    expect(wrongIn({ ...offer('o', { benefit: plain }), benefit: { kind: 'constructor' } })).toEqual(['benefit.kind'])
    expect(wrongIn(offer('o', { benefit: { kind: 'amountOff', offMinor: 0.5 } }))).toEqual(['benefit.offMinor'])
    expect(wrongIn(offer('o', { benefit: plain, window: { timeZone: 'Nowhere/Else' } }))).toEqual(['window.timeZone'])
  })

  it('promises no part by the platform of carriage that it frees', () => {
    const carriage = { stage: 'shipping', benefit: { kind: 'freeShipping' } } as const
    expect(wrongIn(offer('o', { ...carriage, funding: { platformBasisPoints: 1 } }))).toEqual([
      'funding.platformBasisPoints',
    ])
    expect(wrongIn(offer('o', { ...carriage, funding: { platformBasisPoints: 0 } }))).toEqual([])
  })

  it('does not contradict itself', () => {
    expect(wrongIn(offer('o', { benefit: plain, window: { from: 2, to: 2, timeZone: 'UTC' } }))).toEqual(['window.to'])
    expect(wrongIn(offer('o', { stage: 'shipping', benefit: plain }))).toEqual(['stage'])
    expect(wrongIn(couponOffer('o', { stage: 'line', benefit: plain }))).toEqual(['stage'])
    expect(wrongIn(couponOffer('o', { stage: 'shop', benefit: plain }))).toEqual(['stage'])
    expect(wrongIn(offer('o', { stage: 'platformCoupon', benefit: plain }))).toEqual(['stage'])
    const twoForOne = { kind: 'buyXGetY', buy: 2, get: 1 } as const
    const threshold = { basis: 'list', scope: { skus: ['TEA'] } } as const
    expect(wrongIn(offer('o', { stage: 'shop', benefit: twoForOne, threshold }))).toEqual([])
    expect(wrongIn(offer('o', { stage: 'line', benefit: twoForOne, threshold }))).toEqual(['threshold.scope'])
    expect(wrongIn(couponOffer('o', { benefit: plain, window: { timeZone: 'UTC' } }))).toEqual(['window.to'])
    expect(wrongIn(offer('o', { benefit: { ...plain, maxTimes: 2 } }))).toEqual(['benefit.maxTimes'])
    const tiers = (...steps: { from: number; offMinor?: number; offBasisPoints?: number }[]) =>
      wrongIn(offer('o', { benefit: { kind: 'tiered', measure: 'amount', tiers: steps } }))
    expect(tiers()).toEqual(['benefit.tiers'])
    expect(tiers({ from: 1 })).toEqual(['benefit.tiers.0'])
    expect(tiers({ from: 1, offMinor: 1, offBasisPoints: 1 })).toEqual(['benefit.tiers.0'])
    expect(tiers({ from: 2, offMinor: 1 }, { from: 2, offMinor: 2 })).toEqual(['benefit.tiers.1.from'])
  })
})
