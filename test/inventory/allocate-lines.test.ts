import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type AllocatedLine, allocateLines, findMissing, freePieces } from '../../src/inventory/allocate-lines.js'
import { stockId } from '../../src/inventory/stock.js'

const warehouses = ['near', 'mid', 'far']
const freeOf = (levels: Readonly<Record<string, number>>) => new Map(Object.entries(levels))
const line = (lineId: string, sku: string, quantity: number) => ({ lineId, sku, quantity })
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
            freePieces(free, warehouses, name),
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
})
