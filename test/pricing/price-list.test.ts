import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type PriceList, type PriceListContext, resolveListPrice } from '../../src/pricing/price-list.js'

const context: PriceListContext = { now: 100, currency: 'CNY', groups: ['vip'], channel: 'app', region: 'CN-31' }
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
