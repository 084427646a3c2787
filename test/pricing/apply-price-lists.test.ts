import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { explainPrice } from '../../src/pricing/explain-price.js'
import { priceCart } from '../../src/pricing/price-cart.js'
import { parsePriceInput } from '../../src/pricing/price-cart-input.schema.js'
import type { ListedPrice, PriceList } from '../../src/pricing/price-list.js'
import type { PriceCartInput } from '../../src/pricing/priced-cart.js'
import { reevaluatedRefundOf } from '../../src/pricing/reevaluated-refund.js'
import { refundOf } from '../../src/pricing/refund-of.js'
import { renderPrice } from '../../src/pricing/render-price.js'
import { unitTableOf } from '../../src/pricing/unit-table.js'
import { canonicalJson } from '../../src/shared/json.js'
import { offer } from '../promotions/offers.js'
import { cart, line } from './carts.js'

const list = (prices: readonly ListedPrice[], changes: Partial<PriceList> = {}): PriceList => ({
  listId: 'list',
  kind: 'sale',
  currency: 'CNY',
  prices,
  ...changes,
})

const listed = (given: PriceCartInput, ...lists: readonly PriceList[]): PriceCartInput => ({
  ...given,
  priceLists: { lists, groups: ['trade'], region: 'CN-31' },
})

const priceOf = (input: PriceCartInput) => priceCart(input)._unsafeUnwrap()

describe('a price with price lists', () => {
  it('begins at the list price: 3 of 100.00 at 80.00 are 240.00, and 10 % off them 24.00', () => {
    const tenOff = offer('ten', { benefit: { kind: 'percentOff', offBasisPoints: 1_000 }, stage: 'platform' })
    const given = cart([line('a', 10_000, { quantity: 3 }), line('b', 5_000)], { offers: [tenOff] })
    const price = priceOf(listed(given, list([{ sku: 'sku-a', unitMinor: 8_000 }])))
    expect(price.lines[0]).toMatchObject({
      listUnitMinor: 8_000,
      listMinor: 24_000,
      priceList: { listId: 'list', kind: 'sale', originalUnitMinor: 10_000 },
    })
    expect(price.lines[1]).not.toHaveProperty('priceList')
    expect(price.totals).toMatchObject({ listMinor: 29_000, discountMinor: 2_900, payableMinor: 26_100 })
  })

  it('is told as a sale: before it, what it takes off, and what is left', () => {
    const given = listed(cart([line('a', 10_000, { quantity: 3 })]), list([{ sku: 'sku-a', unitMinor: 8_000 }]))
    const { price, waterfall } = explainPrice(given)._unsafeUnwrap()
    expect(waterfall.map(({ kind, amountMinor, afterMinor }) => [kind, amountMinor, afterMinor])).toEqual([
      ['list', 30_000, 30_000],
      ['sale', -6_000, 24_000],
    ])
    expect(renderPrice(price, 'zh-CN')[1]).toEqual({ kind: 'sale', label: '原价 ¥100.00/件', amount: '' })
  })

  it('takes the tier that a hint would reach: two more make five, which cost less each', () => {
    const fromFive = offer('five', {
      benefit: { kind: 'amountOff', offMinor: 1_000 },
      stage: 'platform',
      threshold: { quantity: 5, basis: 'activity' },
    })
    const given = cart([line('a', 1_000, { quantity: 3 })], { offers: [fromFive] })
    const tiers = list([{ sku: 'sku-a', unitMinor: 800, fromQuantity: 5 }])
    const { price, hints } = explainPrice(listed(given, tiers))._unsafeUnwrap()
    expect(price.totals.payableMinor).toBe(3_000)
    // 5 × 8.00 - 10.00; at the catalog's prices it would be 40.00.
    expect(hints).toEqual([
      { offerId: 'five', couponId: null, lineId: 'a', more: { kind: 'pieces', pieces: 2 }, payableMinor: 3_000 },
    ])
  })

  it('spends what is missing, whatever the list price of the goods', () => {
    const from = offer('from', {
      benefit: { kind: 'amountOff', offMinor: 500 },
      stage: 'platform',
      threshold: { amountMinor: 5_000, basis: 'activity' },
    })
    const given = cart([line('a', 1_000, { quantity: 4 })], { offers: [from] })
    const { hints } = explainPrice(listed(given, list([{ sku: 'sku-a', unitMinor: 900 }])))._unsafeUnwrap()
    expect(hints).toMatchObject([{ more: { kind: 'spend', amountMinor: 1_400 }, payableMinor: 4_500 }])
  })

  it('is the price of the same cart with the list prices written in its lines', () => {
    const drawn = fc.record({
      catalog: fc.integer({ min: 0, max: 20_000 }),
      quantity: fc.integer({ min: 1, max: 12 }),
      unit: fc.option(fc.integer({ min: 0, max: 20_000 })),
      fromQuantity: fc.integer({ min: 1, max: 12 }),
    })
    const half = offer('half', { benefit: { kind: 'percentOff', offBasisPoints: 5_000 }, stage: 'platform' })
    fc.assert(
      fc.property(fc.array(drawn, { minLength: 1, maxLength: 6 }), (all) => {
        const lines = all.map(({ catalog, quantity }, place) => line(`${place}`, catalog, { quantity }))
        const prices = all.flatMap(({ unit, fromQuantity }, place) =>
          unit === null ? [] : [{ sku: `sku-${place}`, unitMinor: unit, fromQuantity }],
        )
        const written = lines.map((each, place) => {
          const { unit, fromQuantity, quantity, catalog } = all[place]!
          return { ...each, listUnitMinor: unit === null || quantity < fromQuantity ? catalog : unit }
        })
        const by = priceOf(listed(cart(lines, { offers: [half] }), list(prices, { kind: 'override' })))
        const plain = priceOf(cart(written, { offers: [half] }))
        const bare = { ...by, lines: by.lines.map(({ priceList: _, ...rest }) => rest) }
        expect(canonicalJson(bare)).toBe(canonicalJson(plain))
      }),
    )
  })

  it('is agreed for each piece, or for ten, as returns are reckoned: two of ten at 8.00 give 16.00 or nothing', () => {
    const given = cart([line('a', 1_000, { quantity: 10 })])
    const input = listed(given, list([{ sku: 'sku-a', unitMinor: 800, fromQuantity: 10 }]))
    const price = priceOf(input)
    const pieces = [{ lineId: 'a', quantity: 2 }]
    expect(refundOf(unitTableOf(price), {}, pieces)._unsafeUnwrap().cashMinor).toBe(1_600)
    // Eight cost 10.00 each, which is what was paid for ten.
    expect(reevaluatedRefundOf({ input, price }, [], { pieces })._unsafeUnwrap().cashMinor).toBe(0)
  })

  it('is read from a file, and given again by it', () => {
    const input = listed(cart([line('a', 10_000)]), list([{ sku: 'sku-a', unitMinor: 8_000 }], { groups: ['trade'] }))
    const read = parsePriceInput(JSON.parse(JSON.stringify(input)))._unsafeUnwrap()
    expect(priceOf(read)).toEqual(priceOf(input))
    expect(priceOf(read).totals.payableMinor).toBe(8_000)
  })

  it('refuses a list price that no cart can hold', () => {
    const input = listed(cart([line('a', 10_000)]), list([{ sku: 'sku-a', unitMinor: -1 }], { kind: 'override' }))
    expect(priceCart(input)._unsafeUnwrapErr()).toEqual({ type: 'LineInvalid', lineId: 'a' })
  })
})

describe('a cart in a currency that the catalog has no prices in', () => {
  const skus = ['a', 'b', 'c'] as const
  const drawn = fc.record({
    currency: fc.constantFrom('JPY', 'CNY', 'KWD', 'CLF'),
    prices: fc.dictionary(fc.constantFrom(...skus), fc.integer({ min: 0, max: 50_000 }), { minKeys: 1 }),
    lines: fc.uniqueArray(fc.record({ sku: fc.constantFrom(...skus), quantity: fc.integer({ min: 1, max: 9 }) }), {
      selector: ({ sku }) => sku,
      minLength: 1,
    }),
    offBasisPoints: fc.integer({ min: 1, max: 9_999 }),
    amountMinor: fc.integer({ min: 1, max: 60_000 }),
    spend: fc.nat(5_000),
  })

  it('adds up to the last minor unit, or names what is not sold in it', () => {
    fc.assert(
      fc.property(drawn, ({ currency, prices, lines, offBasisPoints, amountMinor, spend }) => {
        const given: PriceCartInput = {
          ...cart([]),
          lines: lines.map(({ sku, quantity }) => ({ ...line(sku, 0), sku, quantity, listUnitMinor: null })),
          currency,
          priceLists: {
            lists: [
              { ...list(Object.entries(prices).map(([sku, unitMinor]) => ({ sku, unitMinor }))), currency },
              list([{ sku: 'a', unitMinor: 1 }], { listId: 'of another currency', currency: 'USD' }),
            ],
            groups: [],
            region: null,
          },
          offers: [
            offer('percent', { benefit: { kind: 'percentOff', offBasisPoints }, currency }),
            offer('amount', { benefit: { kind: 'amountOff', offMinor: amountMinor }, currency }),
            offer('foreign', { benefit: { kind: 'amountOff', offMinor: amountMinor }, currency: 'USD' }),
          ],
          points: {
            balance: 5_000,
            spend,
            spendRule: { blockPoints: 100, blockMinor: 7, minimumPoints: 0, capBasisPoints: 5_000 },
            earnRule: { points: 1, perMinor: 100 },
            earnMultiplierBasisPoints: 10_000,
          },
        }
        const unsold = lines.find(({ sku }) => !Object.hasOwn(prices, sku))
        const result = priceCart(given)
        if (unsold !== undefined) {
          expect(result._unsafeUnwrapErr()).toEqual({ type: 'NotSoldInCurrency', sku: unsold.sku, currency })
          return
        }
        const price = result._unsafeUnwrap()
        const sum = (of: (each: (typeof price.lines)[number]) => number) =>
          price.lines.reduce((total, each) => total + of(each), 0)
        for (const each of price.lines) {
          const taken = each.shares.reduce((total, share) => total + share.amountMinor, 0)
          expect(each.listMinor).toBe(each.quantity * (prices[each.sku] ?? Number.NaN))
          expect([each.netMinor + taken, each.cashMinor + each.pointsMinor]).toEqual([each.listMinor, each.netMinor])
        }
        expect(sum((each) => each.cashMinor)).toBe(price.totals.payableMinor)
        expect(price.trace.find(({ offerId }) => offerId === 'foreign')?.outcome).toEqual({
          kind: 'rejected',
          reason: { type: 'OtherCurrency', currency: 'USD' },
        })
        // Points whose worth is stated in another currency are neither spent nor earned, and nothing else changes.
        const foreign = priceCart({ ...given, points: { ...given.points!, spend, currency: 'USD' } })._unsafeUnwrap()
        expect(foreign).toMatchObject({ pointsSpent: 0, pointsEarned: 0, pointsRefusal: { currency: 'USD' } })
        expect(foreign.totals).toEqual({
          ...price.totals,
          pointsMinor: 0,
          payableMinor: price.totals.payableMinor + price.totals.pointsMinor,
        })
      }),
    )
  })
})
