import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { partsOf } from '../../src/catalog/stock-source.js'
import { type AllocatedLine, allocateLines, findMissing, freePieces } from '../../src/inventory/allocate-lines.js'
import { stockId } from '../../src/inventory/stock.js'

const warehouses = ['near', 'mid', 'far']
const freeOf = (levels: Readonly<Record<string, number>>) => new Map(Object.entries(levels))
const line = (lineId: string, sku: string, quantity: number) => ({ lineId, sku, quantity })
const part = (sku: string, quantity: number) => ({ sku, quantity })
const brief = (lines: readonly AllocatedLine[]) =>
  lines.map(({ lineId, warehouse, quantity }) => `${lineId} ${quantity}@${warehouse}`)

describe('which warehouse gives what', () => {
  it('is the first that has the whole order, before a nearer one that has a part of it', () => {
    const free = freeOf({ 'cup@near': 9, 'cup@mid': 2, 'pot@mid': 1, 'cup@far': 9, 'pot@far': 9 })
    expect(brief(allocateLines(free, warehouses, [line('a', 'cup', 2), line('b', 'pot', 1)]))).toEqual([
      'a 2@mid',
      'b 1@mid',
    ])
  })

  it('is for each line one that has all of it, rather one that sends something already', () => {
    const free = freeOf({ 'cup@near': 2, 'pot@far': 1, 'lid@near': 1, 'lid@mid': 1, 'lid@far': 1 })
    expect(
      brief(allocateLines(free, warehouses, [line('b', 'pot', 1), line('c', 'lid', 1), line('a', 'cup', 2)])),
    ).toEqual(['b 1@far', 'c 1@far', 'a 2@near'])
  })

  it('is several, from the fullest on, only where none has all of a line', () => {
    const free = freeOf({ 'cup@near': 2, 'cup@mid': 1, 'cup@far': 5 })
    expect(brief(allocateLines(free, warehouses, [line('a', 'cup', 7)]))).toEqual(['a 5@far', 'a 2@near'])
  })

  it('counts two lines of one SKU together', () => {
    const free = freeOf({ 'cup@near': 2, 'cup@mid': 2 })
    const lines = [line('a', 'cup', 2), line('b', 'cup', 2)]
    expect(brief(allocateLines(free, warehouses, lines))).toEqual(['a 2@near', 'b 2@mid'])
    expect(findMissing(free, warehouses, lines)).toEqual([])
    expect(findMissing(free, warehouses, [line('a', 'cup', 2), line('b', 'cup', 3)])).toEqual([
      { lineId: 'a', sku: 'cup', wanted: 2, available: 4 },
      { lineId: 'b', sku: 'cup', wanted: 3, available: 4 },
    ])
  })

  it('gives every line what it wants and takes from no warehouse more than it has', () => {
    const sku = fc.constantFrom('cup', 'pot')
    const stock = fc.dictionary(
      fc.tuple(sku, fc.constantFrom(...warehouses)).map(([name, warehouse]) => stockId(name, warehouse)),
      fc.integer({ min: 0, max: 6 }),
    )
    const lines = fc
      .array(fc.tuple(sku, fc.integer({ min: 1, max: 5 })), { minLength: 1, maxLength: 4 })
      .map((wanted) => wanted.map(([name, quantity], index) => line(`l${index}`, name, quantity)))
    fc.assert(
      fc.property(stock, lines, (levels, wanted) => {
        const free = freeOf(levels)
        const given = allocateLines(free, warehouses, wanted)
        const sum = (of: (each: AllocatedLine) => boolean) =>
          given.filter(of).reduce((total, each) => total + each.quantity, 0)
        for (const warehouse of warehouses) {
          for (const name of ['cup', 'pot']) {
            const taken = sum((each) => each.warehouse === warehouse && each.sku === name)
            expect(taken).toBeLessThanOrEqual(free.get(stockId(name, warehouse)) ?? 0)
          }
        }
        expect(new Set(given.map((each) => `${each.lineId}@${each.warehouse}`)).size).toBe(given.length)
        const enough = ['cup', 'pot'].every(
          (name) =>
            wanted.filter((each) => each.sku === name).reduce((total, each) => total + each.quantity, 0) <=
            freePieces(free, warehouses, { sku: name }),
        )
        expect(findMissing(free, warehouses, wanted).length === 0).toBe(enough)
        if (!enough) return
        for (const each of wanted) expect(sum(({ lineId }) => lineId === each.lineId)).toBe(each.quantity)
        // Where one warehouse could send everything, one does.
        const alone = warehouses.filter((warehouse) =>
          ['cup', 'pot'].every(
            (name) =>
              wanted.filter((each) => each.sku === name).reduce((total, each) => total + each.quantity, 0) <=
              (free.get(stockId(name, warehouse)) ?? 0),
          ),
        )
        if (alone.length > 0) expect(new Set(given.map(({ warehouse }) => warehouse))).toEqual(new Set([alone[0]]))
      }),
    )
  })

  it('makes a piece of a kit of what lies in one warehouse, before that is taken piece by piece', () => {
    const set = { ...line('k', 'set', 1), parts: [part('cup', 2), part('pot', 1)] }
    const free = freeOf({ 'cup@near': 2, 'pot@near': 1, 'cup@far': 1, 'pot@mid': 1 })
    expect(brief(allocateLines(free, warehouses, [line('a', 'pot', 1), set]))).toEqual(['k 1@near', 'a 1@mid'])
    expect(findMissing(free, warehouses, [line('a', 'pot', 1), set])).toEqual([])
    // Three cups and a pot there are, but not together.
    const apart = freeOf({ 'cup@near': 1, 'pot@near': 1, 'cup@far': 2 })
    expect(findMissing(apart, warehouses, [set])).toEqual([{ lineId: 'k', sku: 'set', wanted: 1, available: 0 }])
  })

  it('makes that kit first of which the fewest can be made', () => {
    const first = { ...line('a', 'ab', 1), parts: [part('cup', 1), part('pot', 1)] }
    const second = { ...line('b', 'ac', 1), parts: [part('cup', 1), part('lid', 1)] }
    const free = freeOf({ 'cup@near': 1, 'pot@near': 1, 'lid@near': 1, 'cup@far': 1, 'pot@far': 1 })
    expect(brief(allocateLines(free, warehouses, [first, second]))).toEqual(['b 1@near', 'a 1@far'])
  })

  it('counts a SKU that several share in all of them', () => {
    const six = { ...line('six', 'box', 2), parts: [part('cup', 6)] }
    const free = freeOf({ 'cup@near': 13 })
    expect(findMissing(free, warehouses, [six, line('a', 'cup', 1)])).toEqual([])
    expect(findMissing(free, warehouses, [six, line('a', 'cup', 2)])).toEqual([
      { lineId: 'six', sku: 'box', wanted: 2, available: 2 },
      { lineId: 'a', sku: 'cup', wanted: 2, available: 13 },
    ])
  })

  it('takes for kits and pieces together no more than there is, and gives all of what is not missing', () => {
    const kits = fc.constantFrom(
      { sku: 'cup' },
      { sku: 'pot' },
      { sku: 'set', parts: [part('cup', 2), part('pot', 1)] },
      { sku: 'box', parts: [part('cup', 3)] },
    )
    const stock = fc.dictionary(
      fc
        .tuple(fc.constantFrom('cup', 'pot'), fc.constantFrom(...warehouses))
        .map(([name, warehouse]) => stockId(name, warehouse)),
      fc.integer({ min: 0, max: 8 }),
    )
    const wanted = fc
      .array(fc.tuple(kits, fc.integer({ min: 1, max: 3 })), { minLength: 1, maxLength: 4 })
      .map((all) => all.map(([item, quantity], index) => ({ lineId: `l${index}`, ...item, quantity })))
    fc.assert(
      fc.property(stock, wanted, (levels, lines) => {
        const free = freeOf(levels)
        const given = allocateLines(free, warehouses, lines)
        for (const [id, level] of free) {
          const taken = given.flatMap((each) =>
            partsOf(each).map(({ sku, quantity }) =>
              stockId(sku, each.warehouse) === id ? each.quantity * quantity : 0,
            ),
          )
          expect(taken.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(level)
        }
        const missing = new Set(findMissing(free, warehouses, lines).map(({ lineId }) => lineId))
        if (missing.size > 0) return
        for (const { lineId, quantity } of lines) {
          const got = given.filter((each) => each.lineId === lineId).reduce((sum, each) => sum + each.quantity, 0)
          expect(got).toBe(quantity)
        }
      }),
    )
  })
})
