import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { giftHoldback, lostGifts } from '../../src/pricing/gift-holdback.js'
import { addPieces, type KeptPrice, priceOfRest } from '../../src/pricing/price-of-rest.js'
import type { PriceCartInput } from '../../src/pricing/priced-cart.js'
import { type PiecesBack, reevaluatedRefundOf } from '../../src/pricing/reevaluated-refund.js'
import { unitTableOf } from '../../src/pricing/unit-table.js'
import { couponOffer, offer } from '../promotions/offers.js'
import { cart, carts, coupon, line, pointsOf, priced } from './carts.js'

const keep = (input: PriceCartInput): KeptPrice => ({ input, price: priced(input) })

type Return = readonly (readonly [lineId: string, quantity: number])[]

const backOf = (pieces: Return, sellerAtFault = false): PiecesBack => ({
  pieces: pieces.map(([lineId, quantity]) => ({ lineId, quantity })),
  sellerAtFault,
})

const giveBackAll = (kept: KeptPrice, returns: readonly PiecesBack[]) =>
  returns.map((now, place) => reevaluatedRefundOf(kept, returns.slice(0, place), now)._unsafeUnwrap())

const giveBack = (kept: KeptPrice, ...returns: readonly Return[]) =>
  giveBackAll(
    kept,
    returns.map((pieces) => backOf(pieces)),
  )

const fiftyOff = offer('p', {
  benefit: { kind: 'amountOff', offMinor: 5000 },
  threshold: { amountMinor: 30000, basis: 'activity' },
})

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

describe('a refund by what is kept', () => {
  it('takes the discount back when what is left no longer reaches the threshold', () => {
    const kept = keep(cart([line('a', 20000), line('b', 15000)], { offers: [fiftyOff] }))
    const refunds = giveBack(kept, [['b', 1]], [['a', 1]])
    expect(refunds.map((each) => each.payMinor)).toEqual([10000, 20000])
    expect(refunds[0]?.shares).toEqual([{ offerId: 'p', couponId: null, amountMinor: 5000, platformMinor: 5000 }])
    expect(refunds[1]?.shares).toEqual([])
  })

  it('gives nothing back, and charges nothing, when what is left costs more than was paid', () => {
    const offers = [{ ...fiftyOff, benefit: { kind: 'amountOff' as const, offMinor: 20000 } }]
    const kept = keep(cart([line('a', 16000), line('b', 15000)], { offers }))
    expect(giveBack(kept, [['b', 1]], [['a', 1]]).map((each) => each.payMinor)).toEqual([0, 11000])
  })

  it('prices what is left with the coupons of the order and no other', () => {
    const offers = [
      couponOffer('used', {
        benefit: { kind: 'amountOff', offMinor: 3000 },
        threshold: { quantity: 2, basis: 'list' },
      }),
      couponOffer('other', { benefit: { kind: 'amountOff', offMinor: 2000 } }),
    ]
    const kept = keep(
      cart([line('a', 10000), line('b', 10000)], { offers, coupons: [coupon('used'), coupon('other')] }),
    )
    const [first] = giveBack(kept, [['b', 1]])
    expect(first?.payMinor).toBe(7000)
    expect(first?.couponsToReturn).toEqual([])
  })

  it('gives points back in step with the money', () => {
    const kept = keep(cart([line('a', 6000), line('b', 4000)], { points: pointsOf(5000, 2500) }))
    const refunds = giveBack(kept, [['b', 1]], [['a', 1]])
    expect(refunds.map((each) => [each.payMinor, each.points])).toEqual([
      [3000, 1000],
      [4500, 1500],
    ])
  })

  it('loses the price of a tier with the pieces that reached it: ten at 8.00 are nine at 10.00', () => {
    const tier = { sku: 'sku-a', unitMinor: 800, fromQuantity: 10 }
    const lists = [{ listId: 'trade', kind: 'sale' as const, currency: 'CNY', prices: [tier] }]
    const kept = keep(cart([line('a', 1000, { quantity: 10 })], { priceLists: { lists, groups: [], region: null } }))
    expect(kept.price.totals.payableMinor).toBe(8000)
    // 9 cost 90.00, 7 cost 70.00.
    const refunds = giveBack(kept, [['a', 1]], [['a', 2]], [['a', 7]])
    expect(refunds.map((each) => [each.payMinor, each.shares])).toEqual([
      [0, []],
      [1000, []],
      [7000, []],
    ])
  })

  it('refuses what the unit table refuses', () => {
    const kept = keep(cart([line('a', 6000)]))
    expect(reevaluatedRefundOf(kept, [], backOf([['x', 1]]))._unsafeUnwrapErr()).toEqual({
      type: 'LineUnknown',
      lineId: 'x',
    })
    const twice = reevaluatedRefundOf(kept, [backOf([['a', 1]])], backOf([['a', 1]]))
    expect(twice._unsafeUnwrapErr()).toMatchObject({ type: 'PiecesExceeded', remaining: 0 })
  })

  it('gives what was paid for a piece at least where the seller is at fault, and no more than was paid in all', () => {
    const offers = [{ ...fiftyOff, benefit: { kind: 'amountOff' as const, offMinor: 20000 } }]
    const kept = keep(cart([line('a', 16000), line('b', 15000)], { offers }))
    // Paid 110.00; the faulty piece had cost 53.23 of it.
    const refunds = giveBackAll(kept, [backOf([['b', 1]], true), backOf([['a', 1]])])
    expect(refunds.map((each) => each.payMinor)).toEqual([5323, 5677])
  })

  it('lets an offer take back of what it gave as much as a piece no longer costs', () => {
    const offers = [{ ...fiftyOff, benefit: { kind: 'amountOff' as const, offMinor: 20000 } }]
    const kept = keep(cart([line('a', 16000), line('b', 15000)], { offers }))
    // The 150.00 of b give no money: 150.00 of the 200.00 are taken back, 50.00 stay with the piece kept for 110.00.
    const taken = giveBack(kept, [['b', 1]], [['a', 1]]).map((each) => each.shares.map((share) => share.amountMinor))
    expect(taken).toEqual([[15000], [5000]])
  })

  /** A cart that was bought, and all its pieces coming back in some order and grouping. */
  const purchasesWith = (mayBeFault: boolean) =>
    fc.tuple(carts({ promotions: 3, coupons: 2 }), fc.infiniteStream(fc.nat())).map(([input, draw]) => {
      const kept = keep(input)
      const next = (): number => draw.next().value
      const pieces = input.lines
        .flatMap((each) => Array.from({ length: each.quantity }, () => each.lineId))
        .map((lineId) => ({ lineId, key: next() }))
        .sort((a, b) => a.key - b.key)
      const returns: PiecesBack[] = []
      for (let from = 0; from < pieces.length; ) {
        const count = 1 + (next() % 6)
        const group = new Map<string, number>()
        for (const { lineId } of pieces.slice(from, from + count)) group.set(lineId, (group.get(lineId) ?? 0) + 1)
        returns.push(backOf([...group], mayBeFault && next() % 4 === 0))
        from += count
      }
      return { kept, returns, refunds: giveBackAll(kept, returns) }
    })

  it('P14: never charges, and gives everything back with the last piece, in any order and grouping', () => {
    fc.assert(
      fc.property(purchasesWith(true), ({ kept: { price }, refunds }) => {
        for (const refund of refunds) {
          for (const amount of [refund.cashMinor, refund.pointsMinor, refund.points, refund.taxMinor])
            expect(amount).toBeGreaterThanOrEqual(0)
          for (const name of ['cashMinor', 'pointsMinor', 'points', 'taxMinor', 'earnedPoints'] as const)
            expect(sum(refund.lines.map((each) => each[name]))).toBe(refund[name])
        }
        const total = (name: 'cashMinor' | 'pointsMinor' | 'points' | 'taxMinor' | 'earnedPoints') =>
          sum(refunds.map((each) => each[name]))
        expect(total('cashMinor')).toBe(price.totals.goodsMinor - price.totals.pointsMinor)
        expect(total('pointsMinor')).toBe(price.totals.pointsMinor)
        expect(total('points')).toBe(price.pointsSpent)
        expect(total('taxMinor')).toBe(sum(price.lines.map((each) => each.taxMinor)))
        expect(total('earnedPoints')).toBe(price.pointsEarned)
        for (const applied of price.applied) {
          const shares = refunds.flatMap((each) =>
            each.shares.filter(({ offerId, couponId }) => offerId === applied.offerId && couponId === applied.couponId),
          )
          expect(shares.every((share) => share.amountMinor >= 0 && share.platformMinor >= 0)).toBe(true)
          expect(sum(shares.map((share) => share.amountMinor))).toBe(applied.goodsMinor)
          expect(sum(shares.map((share) => share.platformMinor))).toBe(applied.platformGoodsMinor)
        }
        expect(refunds.at(-1)?.everythingReturned).toBe(true)
        expect(refunds.flatMap((each) => each.couponsToReturn).sort()).toEqual([...price.couponsUsed].sort())
      }),
    )
  })

  it('lets offers take back, of what they gave, the list price of the pieces less what they give', () => {
    fc.assert(
      fc.property(purchasesWith(true), ({ kept, returns, refunds }) => {
        const table = unitTableOf(kept.price)
        let listMinor = 0
        let backMinor = 0
        let takenMinor = 0
        for (const [place, refund] of refunds.entries()) {
          for (const { lineId, quantity } of returns[place]?.pieces ?? []) {
            listMinor += quantity * (table.lines.find((each) => each.lineId === lineId)?.unitListMinor ?? Number.NaN)
          }
          backMinor += refund.cashMinor + refund.pointsMinor
          const before = takenMinor
          takenMinor += sum(refund.shares.map((each) => each.amountMinor))
          // Where the rest gets a larger discount than the whole got, the return gives more than the list price.
          expect(takenMinor).toBe(Math.max(before, listMinor - backMinor))
        }
      }),
    )
  })

  it('leaves the buyer with what is kept at its price, or for nothing more than was paid', () => {
    fc.assert(
      fc.property(purchasesWith(false), ({ kept: { input, price }, returns, refunds }) => {
        let returned: Readonly<Record<string, number>> = {}
        let backMinor = 0
        for (const [place, refund] of refunds.entries()) {
          returned = addPieces(returned, returns[place]?.pieces ?? [])
          const before = backMinor
          backMinor += refund.cashMinor + refund.pointsMinor
          const rest = priceOfRest({ input, price }, returned)._unsafeUnwrap()
          expect(backMinor).toBe(Math.max(before, price.totals.goodsMinor - (rest?.totals.goodsMinor ?? 0)))
        }
      }),
    )
  })
})

describe('a gift that is kept', () => {
  const gift = offer('g', {
    benefit: { kind: 'gift', sku: 'MUG', pieces: 1, unitValueMinor: 2000 },
    threshold: { amountMinor: 20000, basis: 'activity' },
  })
  const kept = keep(cart([line('a', 15000), line('b', 6000)], { offers: [gift] }))

  it('is lost when what is left no longer brings it', () => {
    expect(lostGifts(kept, {})._unsafeUnwrap()).toEqual([])
    const lost = lostGifts(kept, { b: 1 })._unsafeUnwrap()
    expect(lost.map((each) => each.sku)).toEqual(['MUG'])
  })

  it('is held back from the refund once, at most what is paid, the rest from the next', () => {
    expect(giftHoldback(6000, 2000, 0)).toBe(2000)
    expect(giftHoldback(6000, 2000, 2000)).toBe(0)
    expect(giftHoldback(500, 2000, 0)).toBe(500)
    expect(giftHoldback(6000, 2000, 500)).toBe(1500)
  })

  it('gives back what was held for it when it comes back', () => {
    expect(giftHoldback(0, 0, 2000)).toBe(-2000)
  })

  it('leaves, in any order of refunds, what was paid less its worth, or nothing', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat({ max: 3000 }), { minLength: 1, maxLength: 6 }),
        fc.nat({ max: 6000 }),
        (pays, worth) => {
          let held = 0
          for (const pay of pays) {
            const now = giftHoldback(pay, worth, held)
            expect(now).toBeLessThanOrEqual(pay)
            held += now
          }
          expect(sum(pays) - held).toBe(Math.max(0, sum(pays) - worth))
          expect(giftHoldback(0, 0, held)).toBe(0 - held)
        },
      ),
    )
  })
})
