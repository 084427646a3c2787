import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PriceList, PriceListContext } from '../../src/pricing/price-list.js'
import { findPrices, listPriceTiers, resolveListPrice } from '../../src/pricing/resolve-list-price.js'

const context: PriceListContext = {
  now: 100,
  currency: 'CNY',
  levelId: 'gold',
  groups: ['vip'],
  channel: 'app',
  region: 'CN-31',
}
const item = { sku: 'a', quantity: 1, catalogUnitMinor: 1000 }

const list = (listId: string, unitMinor: number, changes: Partial<PriceList> = {}): PriceList => ({
  listId,
  kind: 'override',
  currency: 'CNY',
  prices: [{ sku: 'a', unitMinor }],
  ...changes,
})

const unitOf = (lists: readonly PriceList[], changes: Partial<typeof item> = {}) =>
  resolveListPrice(lists, context, { ...item, ...changes })?.unitMinor

describe('the price of a piece', () => {
  it('is that of the catalog where no list holds', () => {
    const none = [
      list('other currency', 1, { currency: 'USD' }),
      list('other group', 1, { groups: ['staff'] }),
      list('other channel', 1, { channels: ['store'] }),
      list('other region', 1, { regions: ['CN-11'] }),
      list('over', 1, { to: 100 }),
      list('not yet', 1, { from: 101 }),
      list('other goods', 1, { prices: [{ sku: 'b', unitMinor: 1 }] }),
      list('more pieces', 1, { prices: [{ sku: 'a', unitMinor: 1, fromQuantity: 2 }] }),
    ]
    expect(resolveListPrice(none, context, item)).toEqual({
      unitMinor: 1000,
      originalUnitMinor: 1000,
      listId: null,
      kind: null,
    })
    expect(resolveListPrice(none, context, { ...item, catalogUnitMinor: null })).toBeUndefined()
  })

  it('is that of the most specific list, of equals the lower one', () => {
    const lists = [list('all', 500), list('vip', 900, { groups: ['vip'] }), list('app', 800, { channels: ['app'] })]
    expect(unitOf(lists)).toBe(800)
    expect(unitOf([...lists, list('both', 950, { groups: ['vip'], channels: ['app'] })])).toBe(950)
  })

  it('follows the quantity', () => {
    const tiers = list('tiers', 0, {
      prices: [
        { sku: 'a', unitMinor: 900, toQuantity: 9 },
        { sku: 'a', unitMinor: 700, fromQuantity: 10 },
      ],
    })
    expect(unitOf([tiers], { quantity: 9 })).toBe(900)
    expect(unitOf([tiers], { quantity: 10 })).toBe(700)
  })

  it('takes a last piece for a term as a first one', () => {
    const few = list('few', 0, { prices: [{ sku: 'a', unitMinor: 950, toQuantity: 9 }] })
    expect(unitOf([few, list('all', 900)], { quantity: 9 })).toBe(950)
    expect(unitOf([few, list('all', 900)], { quantity: 10 })).toBe(900)
  })

  it('asks for the level of a member as offers do', () => {
    const gold = list('gold', 900, { levels: ['gold', 'black'] })
    expect(unitOf([gold])).toBe(900)
    expect(unitOf([list('black', 900, { levels: ['black'] })])).toBe(1000)
    expect(resolveListPrice([gold], { ...context, levelId: null }, item)?.unitMinor).toBe(1000)
    // A level is a term like any other: with a group it is more specific than either.
    expect(unitOf([gold, list('both', 950, { levels: ['gold'], groups: ['vip'] })])).toBe(950)
  })

  it('is shown from every number of pieces on at which it changes', () => {
    const tiers = list('tiers', 0, {
      kind: 'sale',
      prices: [
        { sku: 'a', unitMinor: 900, fromQuantity: 5, toQuantity: 9 },
        { sku: 'a', unitMinor: 700, fromQuantity: 10, toQuantity: 49 },
        { sku: 'a', unitMinor: 1_200, fromQuantity: 50 },
      ],
    })
    expect(
      listPriceTiers([tiers], context, item).map(({ fromQuantity, unitMinor, listId }) => [
        fromQuantity,
        unitMinor,
        listId,
      ]),
    ).toEqual([
      [1, 1000, null],
      [5, 900, 'tiers'],
      [10, 700, 'tiers'],
      [50, 1000, null],
    ])
    const unlisted = { sku: 'a', catalogUnitMinor: null }
    expect(listPriceTiers([], context, unlisted)).toEqual([])
    // Sold by 2 to 5 pieces and from 10 on, and not in between.
    const parted = list('parted', 0, {
      prices: [
        { sku: 'a', unitMinor: 900, fromQuantity: 2, toQuantity: 5 },
        { sku: 'a', unitMinor: 900, fromQuantity: 10 },
      ],
    })
    expect(listPriceTiers([parted], context, unlisted)).toMatchObject([
      { fromQuantity: 2, toQuantity: 5, unitMinor: 900 },
      { fromQuantity: 10, unitMinor: 900 },
    ])
  })

  it('keeps the price before a sale, and takes a sale only where it is lower', () => {
    const sale = list('sale', 800, { kind: 'sale' })
    expect(resolveListPrice([sale], context, item)).toEqual({
      unitMinor: 800,
      originalUnitMinor: 1000,
      listId: 'sale',
      kind: 'sale',
    })
    expect(unitOf([list('sale', 1200, { kind: 'sale' })])).toBe(1000)
    expect(unitOf([list('override', 1200)])).toBe(1200)
    const base = list('base', 700, { kind: 'base', groups: ['vip'] })
    expect(resolveListPrice([sale, base], context, item)).toMatchObject({ unitMinor: 700, kind: 'base' })
  })

  const drawnPrices = fc.array(
    fc.record({
      unitMinor: fc.nat(5),
      kind: fc.constantFrom('base' as const, 'sale' as const, 'override' as const),
      from: fc.integer({ min: 1, max: 4 }),
      length: fc.option(fc.nat(3)),
    }),
    { maxLength: 6 },
  )

  it('is at every quantity that of the last tier begun, and none where that has ended', () => {
    fc.assert(
      fc.property(drawnPrices, fc.integer({ min: 1, max: 10 }), fc.boolean(), (all, quantity, isListed) => {
        const sold = isListed ? item : { ...item, catalogUnitMinor: null }
        const lists = all.map(({ unitMinor, kind, from, length }, place) =>
          list(`l${place}`, 0, {
            kind,
            prices: [
              { sku: 'a', unitMinor, fromQuantity: from, ...(length === null ? {} : { toQuantity: from + length }) },
            ],
          }),
        )
        const tier = listPriceTiers(lists, context, sold)
          .filter(({ fromQuantity }) => fromQuantity <= quantity)
          .at(-1)
        const isSold = tier !== undefined && quantity <= (tier.toQuantity ?? quantity)
        const resolved = resolveListPrice(lists, context, { ...sold, quantity })
        expect(isSold ? [tier.unitMinor, tier.originalUnitMinor] : undefined).toEqual(
          resolved && [resolved.unitMinor, resolved.originalUnitMinor],
        )
      }),
    )
  })

  it('does not depend on the order of the lists', () => {
    const drawn = fc.record({
      unitMinor: fc.integer({ min: 0, max: 5 }),
      kind: fc.constantFrom('base' as const, 'sale' as const, 'override' as const),
      groups: fc.option(fc.constant(['vip'])),
      regions: fc.option(fc.constantFrom(['CN-31'], ['CN-11'])),
    })
    fc.assert(
      fc.property(fc.array(drawn, { maxLength: 6 }), (all) => {
        const lists = all.map(({ unitMinor, kind, groups, regions }, place) =>
          list(`l${place}`, unitMinor, {
            kind,
            ...(groups === null ? {} : { groups }),
            ...(regions === null ? {} : { regions }),
          }),
        )
        expect(resolveListPrice([...lists].reverse(), context, item)).toEqual(resolveListPrice(lists, context, item))
      }),
    )
  })
})

describe('the prices of some goods', () => {
  const drawn = fc.record({
    kind: fc.constantFrom('base' as const, 'sale' as const, 'override' as const),
    currency: fc.constantFrom('CNY', 'JPY'),
    channels: fc.option(fc.constantFrom(['app'], ['web'])),
    prices: fc.array(
      fc.record({ sku: fc.constantFrom('a', 'b', 'c', 'd'), unitMinor: fc.nat(9), to: fc.option(fc.nat(200)) }),
      { maxLength: 8 },
    ),
  })

  it('are those that a walk through all lists finds, in its order, for one buyer after another', () => {
    const askers = fc.array(
      fc.record({
        channel: fc.constantFrom('app', 'web'),
        currency: fc.constantFrom('CNY', 'JPY'),
        now: fc.nat(200),
        skus: fc.subarray(['a', 'b', 'c', 'z']),
      }),
      { minLength: 1, maxLength: 4 },
    )
    fc.assert(
      fc.property(fc.array(drawn, { maxLength: 6 }), askers, (all, asked) => {
        const lists = all.map(({ kind, currency, channels, prices }, place) =>
          list(`l${place}`, 0, {
            kind,
            currency,
            ...(channels === null ? {} : { channels }),
            prices: prices.map(({ to, ...price }) => (to === null ? price : { ...price, to })),
          }),
        )
        for (const { channel, currency, now, skus } of asked) {
          const walked = skus.flatMap((sku) => {
            const found = lists.flatMap((each) =>
              each.currency !== currency || each.channels?.includes(channel) === false
                ? []
                : each.prices.filter((price) => price.sku === sku && now < (price.to ?? 1_000)),
            )
            return found.length === 0 ? [] : [[sku, found]]
          })
          const prices = findPrices(lists, { ...context, channel, currency, now }, new Set(skus))
          expect([...prices].map(([sku, found]) => [sku, found.map(({ price }) => price)])).toEqual(walked)
        }
      }),
    )
  })
})
