import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { explainPrice } from '../../src/pricing/explain-price.js'
import { renderExplanation } from '../../src/pricing/render-explanation.js'
import { runsOf } from '../kit/property-runs.js'
import { couponOffer, offer } from '../promotions/offers.js'
import { carriage, cart, carts, coupon, line, priced } from './carts.js'

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

const threshold = (amountMinor: number) => ({ amountMinor, basis: 'activity' as const })

describe('an explanation', () => {
  const offers = [
    offer('full', { benefit: { kind: 'amountOff', offMinor: 3000 }, threshold: threshold(20_000) }),
    couponOffer('big', { benefit: { kind: 'amountOff', offMinor: 2500 } }),
    couponOffer('small', { benefit: { kind: 'amountOff', offMinor: 2000 } }),
    offer('gold', { benefit: { kind: 'amountOff', offMinor: 100 }, audience: { levels: ['gold'] } }),
    offer('pieces', {
      benefit: { kind: 'percentOff', offBasisPoints: 1000 },
      threshold: { quantity: 3, basis: 'activity' },
      scope: { skus: ['sku-b'] },
    }),
  ]
  const input = cart([line('a', 17_800), line('b', 1000)], { offers, coupons: [coupon('big'), coupon('small')] })
  const explained = explainPrice(input)._unsafeUnwrap()
  const of = (id: string) => explained.offers.find((each) => (each.couponId ?? each.offerId) === id)

  it('says what is to pay with and without each offer, and what it gives alone', () => {
    expect(of('big')).toMatchObject({ aloneMinor: 2500, bestPayableWithMinor: 16_300, bestPayableWithoutMinor: 16_800 })
    expect(of('small')).toMatchObject({
      aloneMinor: 2000,
      bestPayableWithMinor: 16_800,
      bestPayableWithoutMinor: 16_300,
    })
    expect(of('gold')).toMatchObject({ aloneMinor: null, bestPayableWithMinor: null, bestPayableWithoutMinor: 16_300 })
  })

  it('says how much more would reach an offer, having tried it', () => {
    expect(explained.hints.map(({ offerId, lineId, more }) => ({ offerId, lineId, more }))).toEqual([
      { offerId: 'full', lineId: 'a', more: { kind: 'spend', amountMinor: 1200 } },
      { offerId: 'pieces', lineId: 'b', more: { kind: 'pieces', pieces: 2 } },
    ])
    expect(explained.hints[0]?.payableMinor).toBe(14_500)
  })

  it('gives no hint that adding would not fulfil', () => {
    const running = offer('late', {
      benefit: { kind: 'amountOff', offMinor: 100 },
      threshold: { amountMinor: 15_000, basis: 'running' },
    })
    const half = offer('half', { priority: 1, benefit: { kind: 'percentOff', offBasisPoints: 5000 } })
    const answer = explainPrice(cart([line('a', 20_000)], { offers: [half, running] }))._unsafeUnwrap()
    expect(answer.hints).toEqual([])
  })

  it('is said in both languages', () => {
    const names = { offers: Object.fromEntries(offers.map((each) => [each.offerId, each.title])) }
    expect(renderExplanation(explained, 'en', names)).toContain('Spend CN¥12.00 more for “full”: CN¥145.00 to pay then')
    expect(renderExplanation(explained, 'zh-CN', names)).toContain('再买 ¥12.00 可享“full”，届时应付 ¥145.00')
    expect(renderExplanation(explained, 'en', names)).toContain('“big” is used: without it CN¥168.00 to pay')
    expect(renderExplanation(explained, 'en', names).join('\n')).not.toMatch(/[{}]/)
  })

  it('prices at most twice for each offer, once for each hint, and twice more', () => {
    fc.assert(
      fc.property(carts({ promotions: 3, coupons: 3 }), (drawn) => {
        const answer = explainPrice(drawn)._unsafeUnwrap()
        const tried = answer.offers.filter(
          ({ outcome }) =>
            outcome.kind === 'rejected' &&
            (outcome.reason.type === 'ThresholdAmount' || outcome.reason.type === 'ThresholdQuantity'),
        )
        expect(answer.pricings).toBeLessThanOrEqual(2 * answer.offers.length + answer.hints.length + 2)
        expect(answer.hints.length).toBeLessThanOrEqual(tried.length)
      }),
      { numRuns: runsOf(60) },
    )
  })

  it('explains the very price, in steps that sum to it', () => {
    fc.assert(
      fc.property(carts({ promotions: 3, coupons: 2 }), (drawn) => {
        const answer = explainPrice(drawn)._unsafeUnwrap()
        expect(answer.price).toEqual(priced(drawn))
        expect(sum(answer.waterfall.map((step) => step.amountMinor))).toBe(answer.price.totals.payableMinor)
        expect(answer.waterfall.at(-1)?.afterMinor).toBe(answer.price.totals.payableMinor)
        for (const each of answer.offers) {
          if (each.outcome.kind === 'applied' || each.bestPayableWithMinor === null) continue
          const spent = drawn.points?.spend ?? 0
          if (spent === 0) expect(each.bestPayableWithMinor).toBeGreaterThanOrEqual(each.bestPayableWithoutMinor)
        }
      }),
      { numRuns: runsOf(60) },
    )
  })

  it('counts carriage among the steps', () => {
    const answer = explainPrice(
      cart([line('a', 20_000)], {
        shipping: carriage({ kind: 'flat', chargeMinor: 1000 }),
        offers: [offer('free', { stage: 'shipping', benefit: { kind: 'freeShipping', upToMinor: 600 } })],
      }),
    )._unsafeUnwrap()
    expect(answer.waterfall.map(({ kind, amountMinor }) => [kind, amountMinor])).toEqual([
      ['list', 20_000],
      ['shipping', 1000],
      ['shippingOffer', -600],
    ])
    expect(answer.offers[0]).toMatchObject({ aloneMinor: 600, bestPayableWithoutMinor: 21_000 })
  })
})
