import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { priceCart } from '../../src/pricing/price-cart.js'
import type { PriceCartInput } from '../../src/pricing/priced-cart.js'
import { unitTableOf } from '../../src/pricing/unit-table.js'
import { offer } from '../promotions/offers.js'
import { cart, carts, line, priced } from './carts.js'

/** Carts whose offers all take effect and split what they take off over their lines. */
const splittingCarts = fc
  .record({
    lines: fc.array(fc.record({ listUnitMinor: fc.integer({ min: 5000, max: 9000 }), food: fc.boolean() }), {
      minLength: 2,
      maxLength: 6,
    }),
    offers: fc.array(
      fc.record({
        benefit: fc.oneof(
          fc.record({ kind: fc.constant('amountOff' as const), offMinor: fc.integer({ min: 1, max: 700 }) }),
          fc.record({
            kind: fc.constant('percentOff' as const),
            offBasisPoints: fc.integer({ min: 1, max: 900 }),
          }),
        ),
        scope: fc.boolean(),
      }),
      { maxLength: 4 },
    ),
  })
  .map(({ lines, offers }) =>
    cart(
      [line('first', 5000, { categoryIds: ['food'] })].concat(
        lines.map(({ listUnitMinor, food }, place) =>
          line(`l${place}`, listUnitMinor, { categoryIds: food ? ['food'] : [] }),
        ),
      ),
      {
        offers: offers.map(({ benefit, scope }, place) =>
          offer(`p${place}`, { benefit, ...(scope ? { scope: { categoryIds: ['food'] } } : {}) }),
        ),
      },
    ),
  )

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

describe('a price', () => {
  it('P11: adds up on every line: list = net + shares, net = money + points, nothing below zero or the floor', () => {
    fc.assert(
      fc.property(carts(), (input) => {
        for (const [place, line] of priced(input).lines.entries()) {
          expect(line.netMinor + sum(line.shares.map((share) => share.amountMinor))).toBe(line.listMinor)
          expect(line.cashMinor + line.pointsMinor).toBe(line.netMinor)
          const amounts = [line.cashMinor, line.pointsMinor, line.points, line.taxMinor, line.earnedPoints]
          expect(Math.min(...amounts)).toBeGreaterThanOrEqual(0)
          for (const share of line.shares) {
            expect(share.amountMinor).toBeGreaterThan(0)
            expect(share.platformMinor).toBeGreaterThanOrEqual(0)
            expect(share.platformMinor).toBeLessThanOrEqual(share.amountMinor)
          }
          const drawn = input.lines[place]
          const floor = line.quantity * Math.min(drawn?.floorUnitMinor ?? 0, line.listUnitMinor)
          expect(line.netMinor).toBeGreaterThanOrEqual(floor)
          if (drawn?.discountable === false) expect(line.shares).toEqual([])
        }
      }),
    )
  })

  it('P12: adds up as a whole: goods, carriage, tax on top, less points, is what is to pay', () => {
    fc.assert(
      fc.property(carts(), (input) => {
        const price = priced(input)
        const { totals, lines, applied } = price
        expect(sum(lines.map((line) => line.netMinor))).toBe(totals.goodsMinor)
        expect(totals.listMinor - totals.discountMinor).toBe(totals.goodsMinor)
        expect(sum(applied.map((each) => each.goodsMinor))).toBe(totals.discountMinor)
        expect(sum(lines.map((line) => line.pointsMinor))).toBe(totals.pointsMinor)
        expect(sum(lines.map((line) => line.points))).toBe(price.pointsSpent)
        expect(sum(lines.map((line) => line.earnedPoints))).toBe(price.pointsEarned)
        expect(sum(lines.map((line) => line.taxMinor)) + (price.shipping?.taxMinor ?? 0)).toBe(totals.taxMinor)
        expect(sum(price.taxes.map((tax) => tax.taxMinor))).toBe(totals.taxMinor)
        expect((price.shipping?.grossMinor ?? 0) - sum(applied.map((each) => each.shippingMinor))).toBe(
          totals.shippingMinor,
        )
        expect(totals.goodsMinor + totals.shippingMinor + totals.taxOnTopMinor - totals.pointsMinor).toBe(
          totals.payableMinor,
        )
        expect(totals.payableMinor).toBeGreaterThanOrEqual(0)
        for (const [place, each] of applied.entries()) {
          const shares = lines.flatMap((line) => line.shares.filter((share) => share.applied === place))
          expect(sum(shares.map((share) => share.amountMinor))).toBe(each.goodsMinor)
          expect(sum(shares.map((share) => share.platformMinor))).toBe(each.platformGoodsMinor)
        }
      }),
    )
  })

  it('P16: is the same for the same input, down to the byte, and survives being stored', () => {
    fc.assert(
      fc.property(carts(), (input) => {
        const stored: PriceCartInput = JSON.parse(JSON.stringify(input))
        const before = JSON.stringify(input)
        const text = JSON.stringify(priced(input))
        expect(JSON.stringify(priced(stored))).toBe(text)
        expect(JSON.stringify(input)).toBe(before)
        expect(JSON.parse(text)).toEqual(priced(input))
      }),
    )
  })

  it('P18: does not depend on the order in which offers and coupons are listed', () => {
    fc.assert(
      fc.property(carts(), fc.infiniteStream(fc.nat()), (input, stream) => {
        const shuffled = <Item>(items: readonly Item[]): Item[] =>
          items
            .map((item) => ({ item, key: stream.next().value }))
            .sort((a, b) => a.key - b.key)
            .map(({ item }) => item)
        const moved = { ...input, offers: shuffled(input.offers), coupons: shuffled(input.coupons) }
        expect(priced(moved)).toEqual(priced(input))
      }),
    )
  })

  it('P19: in another order of lines moves no more than leftover units', () => {
    fc.assert(
      fc.property(splittingCarts, fc.infiniteStream(fc.nat()), (input, stream) => {
        const keys = new Map(input.lines.map((each) => [each.lineId, stream.next().value]))
        const lines = [...input.lines].sort((a, b) => (keys.get(a.lineId) ?? 0) - (keys.get(b.lineId) ?? 0))
        const [before, after] = [priced(input), priced({ ...input, lines })]
        expect(after.applied.map((each) => each.offerId)).toEqual(before.applied.map((each) => each.offerId))
        // Every split may leave a unit elsewhere, and every later one may feel that by a unit more.
        const units = 2 * before.applied.length
        expect(Math.abs(after.totals.payableMinor - before.totals.payableMinor)).toBeLessThanOrEqual(units)
        for (const line of before.lines) {
          const moved = after.lines.find((each) => each.lineId === line.lineId)
          expect(Math.abs((moved?.netMinor ?? Number.NaN) - line.netMinor)).toBeLessThanOrEqual(units)
        }
      }),
    )
  })

  it('without trace is the same price', () => {
    fc.assert(
      fc.property(carts(), (input) => {
        const { trace, ...rest } = priced(input)
        expect(priceCart(input, { trace: false })._unsafeUnwrap()).toEqual({ ...rest, trace: [] })
        expect(trace).toHaveLength(input.offers.length)
      }),
    )
  })

  it('P21: in a currency of other decimals has the same whole numbers', () => {
    fc.assert(
      fc.property(carts(), fc.constantFrom('JPY', 'KWD'), (input, currency) => {
        const offers = input.offers.map((each) => ({ ...each, currency }))
        const { shipping } = input
        const carriage = shipping === null ? null : { ...shipping, book: { ...shipping.book, currency } }
        expect(priced({ ...input, currency, offers, shipping: carriage })).toEqual({ ...priced(input), currency })
      }),
    )
  })
})

describe('a unit table', () => {
  it('P13: has rows that sum to the price of a piece and columns that sum to the line', () => {
    fc.assert(
      fc.property(carts(), (input) => {
        const price = priced(input)
        for (const [place, units] of unitTableOf(price).lines.entries()) {
          const line = price.lines[place]
          if (line === undefined) continue
          for (let piece = 0; piece < units.quantity; piece += 1) {
            const cells = [
              ...units.shares.map((share) => share.amountMinor[piece]),
              units.pointsMinor[piece],
              units.cashMinor[piece],
            ]
            expect(sum(cells.map((cell) => cell ?? Number.NaN))).toBe(units.unitListMinor)
            expect(cells.every((cell) => (cell ?? -1) >= 0)).toBe(true)
          }
          expect(sum(units.cashMinor)).toBe(line.cashMinor)
          expect(sum(units.pointsMinor)).toBe(line.pointsMinor)
          expect(sum(units.taxMinor)).toBe(line.taxMinor)
          for (const share of units.shares) {
            const told = line.shares.find((each) => each.offerId === share.offerId && each.couponId === share.couponId)
            expect(sum(share.amountMinor)).toBe(told?.amountMinor)
            expect(sum(share.platformMinor)).toBe(told?.platformMinor)
          }
        }
      }),
    )
  })
})
