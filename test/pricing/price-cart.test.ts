import { describe, expect, it } from 'vitest'
import { priceCart } from '../../src/pricing/price-cart.js'
import { stagePresets } from '../../src/pricing/stages.js'
import type { Offer } from '../../src/promotions/offer.js'
import { couponOffer, offer } from '../promotions/offers.js'
import { appliedIds, carriage, cart, coupon, line, pointsOf, priced, reasonOf, singlesDay } from './carts.js'

const off = (offMinor: number) => ({ kind: 'amountOff', offMinor }) as const
const percent = (offBasisPoints: number) => ({ kind: 'percentOff', offBasisPoints }) as const
const nets = (price: ReturnType<typeof priced>) => price.lines.map((each) => each.netMinor)

describe('a cart without offers', () => {
  it('costs what its lines cost', () => {
    const price = priced(cart([line('a', 1999, { quantity: 3 }), line('b', 500)]))
    expect(price.totals).toEqual({
      listMinor: 6497,
      discountMinor: 0,
      goodsMinor: 6497,
      shippingMinor: 0,
      taxMinor: 0,
      taxOnTopMinor: 0,
      pointsMinor: 0,
      payableMinor: 6497,
    })
  })

  it('is refused when there is nothing in it, or something that cannot be', () => {
    const refusal = (...lines: Parameters<typeof cart>[0][number][]) => priceCart(cart(lines))._unsafeUnwrapErr()
    expect(refusal()).toEqual({ type: 'CartEmpty' })
    expect(refusal(line('a', 100, { quantity: 0 }))).toEqual({ type: 'LineInvalid', lineId: 'a' })
    expect(refusal(line('a', 1.5))).toEqual({ type: 'LineInvalid', lineId: 'a' })
    expect(refusal(line('a', -1))).toEqual({ type: 'LineInvalid', lineId: 'a' })
    expect(refusal(line('a', 1), line('a', 1))).toEqual({ type: 'LineInvalid', lineId: 'a' })
    expect(refusal(line('a', 9_000_000_000, { quantity: 999_999 }))).toEqual({ type: 'AmountTooLarge' })
  })
})

describe('an offer on the order', () => {
  it('is split over its lines by what they cost, the odd unit to the largest remainder', () => {
    // 50.00 over 200 and 150: 28.571 and 21.428.
    const price = priced(
      cart([line('a', 20000), line('b', 15000)], {
        offers: [offer('p', { benefit: off(5000), threshold: { amountMinor: 30000, basis: 'activity' } })],
      }),
    )
    expect(nets(price)).toEqual([17143, 12857])
    expect(price.lines[0]?.shares).toEqual([
      { applied: 0, offerId: 'p', couponId: null, amountMinor: 2857, platformMinor: 2857 },
    ])
  })

  it('takes a line no lower than its floor', () => {
    const price = priced(
      cart([line('a', 5000, { floorUnitMinor: 4500 }), line('b', 5000)], {
        offers: [offer('p', { benefit: off(3000) })],
      }),
    )
    expect(nets(price)).toEqual([4500, 2500])
  })

  it('leaves alone what may not be discounted, and does not count it', () => {
    const price = priced(
      cart([line('a', 9900), line('b', 5000, { discountable: false })], {
        offers: [offer('p', { benefit: off(1000), threshold: { amountMinor: 10000, basis: 'activity' } })],
      }),
    )
    expect(price.totals.payableMinor).toBe(14900)
    expect(reasonOf(price, 'p')).toEqual({ type: 'ThresholdAmount', missingMinor: 100 })
  })

  it('is paid for by platform and merchant in their parts', () => {
    const price = priced(
      cart([line('a', 10000), line('b', 10000, { merchantId: 'm2' })], {
        offers: [offer('p', { stage: 'platform', benefit: off(2101), funding: { platformBasisPoints: 7000 } })],
      }),
    )
    // 21.01: 14.707 -> 14.71 by the platform, over 10.51 and 10.50.
    expect(price.applied[0]).toMatchObject({ goodsMinor: 2101, platformGoodsMinor: 1471 })
    expect(price.lines.map((each) => each.shares[0]?.platformMinor)).toEqual([736, 735])
  })

  it('of a merchant is for goods of that merchant', () => {
    const price = priced(
      cart([line('a', 10000), line('b', 10000, { merchantId: 'm2' })], {
        offers: [offer('p', { issuer: { kind: 'merchant', merchantId: 'm2' }, benefit: percent(5000) })],
      }),
    )
    expect(nets(price)).toEqual([10000, 5000])
  })

  it('is for the goods it names, and not for those it leaves out', () => {
    const lines = [
      line('a', 1000, { categoryIds: ['toys'], brand: 'Ace' }),
      line('b', 1000, { categoryIds: ['toys'], brand: 'Bee' }),
      line('c', 1000, { categoryIds: ['food'], brand: 'Ace' }),
    ]
    const half = (scope: Parameters<typeof offer>[1]['scope']) =>
      nets(
        priced(
          cart(lines, { offers: [offer('p', { benefit: percent(5000), ...(scope === undefined ? {} : { scope }) })] }),
        ),
      )
    expect(half({ categoryIds: ['toys'] })).toEqual([500, 500, 1000])
    expect(half({ categoryIds: ['toys'], brands: ['Ace'] })).toEqual([500, 1000, 1000])
    expect(half({ brands: ['Ace'], not: { categoryIds: ['food'] } })).toEqual([500, 1000, 1000])
    expect(half({ skus: ['sku-c'] })).toEqual([1000, 1000, 500])
    expect(half({ not: { productIds: ['product-a'] } })).toEqual([1000, 500, 500])
  })
})

describe('a line offer', () => {
  it('wins a line by taking most, then by priority, then by id', () => {
    const price = (priority: number, second: number) =>
      appliedIds(
        priced(
          cart([line('a', 10000)], {
            offers: [
              offer('x', { stage: 'line', benefit: percent(1000) }),
              offer('y', { stage: 'line', priority, benefit: percent(second) }),
            ],
          }),
        ),
      )
    expect(price(0, 1100)).toEqual(['y'])
    expect(price(1, 1000)).toEqual(['y'])
    expect(price(0, 1000)).toEqual(['x'])
  })

  it('that loses everywhere says to whom', () => {
    const price = priced(
      cart([line('a', 10000)], {
        offers: [
          offer('flash', { stage: 'line', benefit: { kind: 'fixedPrice', unitMinor: 5000 } }),
          offer('member', { stage: 'line', benefit: percent(500) }),
        ],
      }),
    )
    expect(reasonOf(price, 'member')).toEqual({ type: 'LineTaken', offerId: 'flash' })
  })

  it('that is exclusive keeps its lines from all other offers and thresholds', () => {
    const price = priced(
      cart([line('a', 10000), line('b', 10000)], {
        offers: [
          offer('flash', {
            stage: 'line',
            benefit: { kind: 'fixedPrice', unitMinor: 5000 },
            scope: { skus: ['sku-a'] },
            stacking: { exclusive: true },
          }),
          offer('ten', { benefit: percent(1000) }),
          offer('far', { benefit: off(1), threshold: { amountMinor: 10001, basis: 'list' } }),
        ],
      }),
    )
    expect(nets(price)).toEqual([5000, 9000])
    expect(reasonOf(price, 'far')).toEqual({ type: 'ThresholdAmount', missingMinor: 1 })
  })
})

describe('thresholds', () => {
  const three = (basis: 'list' | 'activity' | 'running') =>
    priced(
      cart([line('a', 10000)], {
        offers: [
          offer('flash', { stage: 'line', benefit: { kind: 'fixedPrice', unitMinor: 9000 } }),
          offer('first', { priority: 1, benefit: off(1000) }),
          offer('second', { stage: 'platform', benefit: off(500), threshold: { amountMinor: 9000, basis } }),
        ],
      }),
    )

  it('look at prices after line offers, whatever other offers take', () => {
    expect(three('activity').totals.payableMinor).toBe(7500)
  })

  it('look at what is left when they are told to', () => {
    expect(three('running').totals.payableMinor).toBe(8000)
    expect(reasonOf(three('running'), 'second')).toEqual({ type: 'ThresholdAmount', missingMinor: 1000 })
  })

  it('count pieces too', () => {
    const price = priced(
      cart([line('a', 10000, { quantity: 2 })], {
        offers: [offer('p', { benefit: off(1), threshold: { quantity: 3, basis: 'activity' } })],
      }),
    )
    expect(reasonOf(price, 'p')).toEqual({ type: 'ThresholdQuantity', missingQuantity: 1 })
  })
})

describe('who, when and where', () => {
  const reason = (changes: Partial<Parameters<typeof offer>[1]>, input: Parameters<typeof cart>[1] = {}) =>
    reasonOf(
      priced(cart([line('a', 10000)], { offers: [offer('p', { benefit: off(100), ...changes })], ...input })),
      'p',
    )

  it('an offer holds from its first moment up to, not including, its last', () => {
    const window = { timeZone: 'UTC', from: singlesDay, to: singlesDay + 1 }
    expect(reason({ window })).toBe('applied')
    expect(reason({ window }, { now: singlesDay - 1 })).toEqual({ type: 'NotStarted', from: singlesDay })
    expect(reason({ window }, { now: singlesDay + 1 })).toEqual({ type: 'Expired', to: singlesDay + 1 })
  })

  it('a member day is a day where the shop is', () => {
    const window = { timeZone: 'Asia/Shanghai', daysOfMonth: [11] }
    // 16:30 UTC on the 11th is half past midnight on the 12th in Shanghai.
    expect(reason({ window })).toBe('applied')
    expect(reason({ window }, { now: Date.UTC(2026, 10, 11, 16, 30) })).toEqual({ type: 'NotToday' })
    expect(reason({ window: { timeZone: 'Asia/Shanghai', weekdays: [3] } })).toBe('applied')
    expect(reason({ window: { timeZone: 'Asia/Shanghai', weekdays: [1, 7] } })).toEqual({ type: 'NotToday' })
    expect(reason({ window: { timeZone: 'Asia/Shanghai', minutesOfDay: { from: 600, to: 660 } } })).toBe('applied')
    expect(reason({ window: { timeZone: 'Asia/Shanghai', minutesOfDay: { from: 540, to: 600 } } })).toEqual({
      type: 'NotToday',
    })
  })

  it('levels, first orders, birthdays, channels and means of payment are asked for', () => {
    const buyer = { levelId: 'gold', firstOrder: true, birthdayToday: true }
    expect(reason({ audience: { levels: ['gold', 'silver'], firstOrder: true, birthday: true } }, { buyer })).toBe(
      'applied',
    )
    expect(reason({ audience: { levels: ['gold'] } })).toEqual({ type: 'MemberLevel', levels: ['gold'] })
    expect(reason({ audience: { firstOrder: true } })).toEqual({ type: 'NotFirstOrder' })
    expect(reason({ audience: { birthday: true } })).toEqual({ type: 'NotBirthday' })
    expect(reason({ channels: ['web'] })).toEqual({ type: 'Channel', channels: ['web'] })
    expect(reason({ paymentMethods: ['alipay'] })).toEqual({ type: 'PaymentMethod', paymentMethods: ['alipay'] })
    expect(reason({ paymentMethods: ['alipay'] }, { paymentMethod: 'alipay' })).toBe('applied')
    expect(reason({ currency: 'USD' })).toEqual({ type: 'OtherCurrency', currency: 'USD' })
  })

  it('an offer that is used up is not given', () => {
    const limits = { uses: 10, usesPerCustomer: 1 }
    expect(reason({ limits })).toBe('applied')
    expect(reason({ limits }, { usesLeft: { p: { left: 0 } } })).toEqual({ type: 'LimitReached', limit: 'uses' })
    expect(reason({ limits }, { usesLeft: { p: { left: 3, leftForCustomer: 0 } } })).toEqual({
      type: 'LimitReached',
      limit: 'usesPerCustomer',
    })
  })

  it('only a coupon in hand is used, and only while it holds', () => {
    const why = (changes: Parameters<typeof coupon>[1]) =>
      reasonOf(
        priced(
          cart([line('a', 10000)], {
            offers: [couponOffer('c', { benefit: off(100) })],
            coupons: [coupon('c', changes)],
          }),
        ),
        'c',
      )
    expect(why({})).toBe('applied')
    expect(why({ status: 'locked' })).toEqual({ type: 'CouponStatus', status: 'locked' })
    expect(why({ validTo: singlesDay })).toEqual({ type: 'Expired', to: singlesDay })
    expect(why({ validFrom: singlesDay + 1 })).toEqual({ type: 'NotStarted', from: singlesDay + 1 })
    expect(why({ offerId: 'gone' })).toEqual({ type: 'OfferWithdrawn' })
  })
})

describe('the order of stages', () => {
  const input = cart([line('a', 2500), line('b', 10000)], {
    offers: [
      offer('ten', { stage: 'platform', benefit: off(1000) }),
      couponOffer('thirty', { stage: 'shopCoupon', benefit: off(3000), scope: { skus: ['sku-a'] } }),
    ],
    coupons: [coupon('thirty')],
  })

  it('leaves out whole stages, and says so of their offers', () => {
    const price = priced({ ...input, stages: ['line', 'platform'] })
    expect(price.totals.payableMinor).toBe(11_500)
    expect(reasonOf(price, 'thirty')).toEqual({ type: 'StageLeftOut' })
    expect(price.trace.map(({ offerId }) => offerId)).toEqual(['ten', 'thirty'])
  })

  it('is that of the preset, and changes what is paid', () => {
    // Platform first leaves 23.00 of the coupon's goods; coupon first leaves the whole platform offer to the other line.
    expect(priced(input).totals.payableMinor).toBe(9200)
    expect(priced({ ...input, stages: stagePresets.tmall }).totals.payableMinor).toBe(9000)
  })
})

describe('gifts', () => {
  it('come on top and cost nothing', () => {
    const price = priced(
      cart([line('a', 19900)], {
        offers: [
          offer('g', {
            benefit: { kind: 'gift', sku: 'MUG', pieces: 1, unitValueMinor: 2900 },
            threshold: { amountMinor: 19900, basis: 'activity' },
          }),
        ],
      }),
    )
    expect(price.gifts).toEqual([{ offerId: 'g', couponId: null, sku: 'MUG', quantity: 1, valueMinor: 2900 }])
    expect(price.totals.payableMinor).toBe(19900)
  })
})

describe('carriage', () => {
  const at = (
    rate: Parameters<typeof carriage>[0],
    lines: Parameters<typeof cart>[0],
    freeFrom: number | null = null,
  ) => priceCart(cart(lines, { shipping: carriage(rate, freeFrom) })).map((price) => price.totals.shippingMinor)

  it('costs by weight, by price, by steps or the same for all', () => {
    const weight = {
      kind: 'weight',
      tiers: [
        { upTo: 1000, chargeMinor: 800 },
        { upTo: 5000, chargeMinor: 1500 },
      ],
    } as const
    expect(at(weight, [line('a', 100, { quantity: 2 })])._unsafeUnwrap()).toBe(800)
    expect(at(weight, [line('a', 100, { quantity: 3 })])._unsafeUnwrap()).toBe(1500)
    expect(at(weight, [line('a', 100, { quantity: 11 })])._unsafeUnwrapErr()).toEqual({
      type: 'TooHeavy',
      methodId: 'standard',
      mostGrams: 5000,
    })
    const price = {
      kind: 'price',
      tiers: [
        { upTo: 4999, chargeMinor: 1000 },
        { upTo: null, chargeMinor: 500 },
      ],
    } as const
    expect(at(price, [line('a', 4999)])._unsafeUnwrap()).toBe(1000)
    expect(at(price, [line('a', 5000)])._unsafeUnwrap()).toBe(500)
    const stepped = { kind: 'stepped', firstGrams: 1000, firstMinor: 1000, stepGrams: 500, stepMinor: 200 } as const
    expect(at(stepped, [line('a', 1, { weightGrams: 1000 })])._unsafeUnwrap()).toBe(1000)
    expect(at(stepped, [line('a', 1, { weightGrams: 1501 })])._unsafeUnwrap()).toBe(1400)
  })

  it('costs nothing from a price on, and a coupon on goods does not pay it', () => {
    expect(at({ kind: 'flat', chargeMinor: 800 }, [line('a', 9899)], 9900)._unsafeUnwrap()).toBe(800)
    expect(at({ kind: 'flat', chargeMinor: 800 }, [line('a', 9900)], 9900)._unsafeUnwrap()).toBe(0)
    const price = priced(
      cart([line('a', 2500)], {
        shipping: carriage({ kind: 'flat', chargeMinor: 800 }),
        offers: [couponOffer('c', { benefit: off(3000) })],
        coupons: [coupon('c')],
      }),
    )
    expect(price.totals).toMatchObject({ goodsMinor: 0, shippingMinor: 800, payableMinor: 800 })
  })

  it('is freed by a merchant for its own part alone', () => {
    // 75.00 and 25.00 of goods, 8.00 of carriage: 6.00 and 2.00.
    const free = (merchantId: string): Offer =>
      offer(merchantId, {
        issuer: { kind: 'merchant', merchantId },
        stage: 'shipping',
        benefit: { kind: 'freeShipping' },
        funding: { platformBasisPoints: 0 },
      })
    const charge = (...offers: readonly Offer[]): number =>
      priced(
        cart([line('a', 7_500), line('b', 2_500, { merchantId: 'm2' })], {
          offers,
          shipping: carriage({ kind: 'flat', chargeMinor: 800 }),
        }),
      ).totals.shippingMinor
    expect(charge(free('m1'))).toBe(200)
    expect(charge(free('m2'))).toBe(600)
    expect(charge(free('m1'), free('m2'))).toBe(0)
    // Nor more by a second offer; and of half that the platform frees, 3.00 are of its part, so 3.00 are left to be freed.
    expect(charge(free('m1'), { ...free('m1'), offerId: 'again' })).toBe(200)
    const half: Offer = { ...free('m1'), offerId: 'half', issuer: { kind: 'platform' }, priority: 1 }
    expect(charge({ ...half, benefit: { kind: 'freeShipping', offBasisPoints: 5_000 } }, free('m1'))).toBe(100)
  })

  it('is never added to goods of another currency', () => {
    const shipping = carriage({ kind: 'flat', chargeMinor: 800 })
    const inYen = { ...shipping, book: { ...shipping.book, currency: 'JPY' } }
    expect(priceCart(cart([line('a', 1)], { shipping: inYen }))._unsafeUnwrapErr()).toEqual({
      type: 'CarriageInOtherCurrency',
      currency: 'CNY',
      carriageCurrency: 'JPY',
    })
  })

  it('is refused to where nobody goes and by what nobody knows', () => {
    const shipping = carriage({ kind: 'flat', chargeMinor: 800 })
    const refusal = (changes: Partial<typeof shipping>) =>
      priceCart(cart([line('a', 1)], { shipping: { ...shipping, ...changes } }))._unsafeUnwrapErr()
    expect(refusal({ methodId: 'drone' })).toEqual({ type: 'ShippingMethodUnknown', methodId: 'drone' })
    const zones = shipping.book.methods[0]?.zones.map((zone) => ({ ...zone, regions: ['CN'] })) ?? []
    const methods = shipping.book.methods.map((method) => ({ ...method, zones }))
    expect(refusal({ book: { ...shipping.book, methods }, region: 'FR' })).toEqual({
      type: 'RegionNotServed',
      region: 'FR',
      methodId: 'standard',
    })
  })
})

describe('points', () => {
  const spend = (changes: Parameters<typeof pointsOf>[2], want: number, balance = 5000) =>
    priced(cart([line('a', 1501)], { points: pointsOf(balance, want, changes) }))

  it('pay like money, up to the cap, and leave the tax base alone', () => {
    expect(spend({}, 500)).toMatchObject({ pointsSpent: 500, totals: { pointsMinor: 500, payableMinor: 1001 } })
    const half = { blockPoints: 1, blockMinor: 1, minimumPoints: 0, capBasisPoints: 5000 }
    expect(spend({ spendRule: half }, 2000)).toMatchObject({ pointsSpent: 750, totals: { payableMinor: 751 } })
    expect(spend({}, 2000, 300).pointsSpent).toBe(300)
  })

  it('are spent in whole blocks and not below the least', () => {
    const blocks = { blockPoints: 100, blockMinor: 50, minimumPoints: 200, capBasisPoints: 10_000 }
    expect(spend({ spendRule: blocks }, 350)).toMatchObject({ pointsSpent: 300, totals: { pointsMinor: 150 } })
    expect(spend({ spendRule: blocks }, 199).pointsSpent).toBe(0)
  })

  it('are earned on money paid for goods, rounded down once', () => {
    const earned = (unit: number, multiplier: number) =>
      priced(
        cart([line('a', unit), line('card', 9900, { earnsPoints: false })], {
          shipping: carriage({ kind: 'flat', chargeMinor: 800 }),
          points: pointsOf(0, 0, { earnMultiplierBasisPoints: multiplier }),
        }),
      ).pointsEarned
    expect(earned(5050, 10_000)).toBe(50)
    expect(earned(3350, 20_000)).toBe(67)
    expect(earned(3333, 15_000)).toBe(49)
  })
})
