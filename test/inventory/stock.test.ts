import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { reservations, stockMovements } from '../../src/inventory/inventory.schema.js'
import { allocateStock, releaseStock, reserveStock, shipStock, sumMovements } from '../../src/inventory/move-stock.js'
import { receiveStock, receiveStockRows } from '../../src/inventory/receive-stock.js'
import { stockOf } from '../../src/inventory/stock-of.js'
import { takeBackStock } from '../../src/inventory/take-back-stock.js'
import { entries, row } from '../../src/shared/read-plan.js'
import { ask, booksOf, expectBooksToAgree, freeOf } from '../orders/books-of.js'
import { by, byStaff, commit, openShop, value } from '../orders/open-shop.js'

const line = (sku: string, quantity: number) => ({ sku, quantity })

describe('receiving stock', () => {
  it('adds what came in, takes what a count found missing, and never goes below nothing', async () => {
    const shop = await openShop({ stock: { kettle: 5 } })
    value(await receiveStock(shop, byStaff(), { reference: 'truck-1', lines: [line('kettle', 3), line('new', 2)] }))
    value(await receiveStock(shop, byStaff(), { reference: 'count-1', lines: [line('kettle', -1)] }))
    expect(await freeOf(shop, 'kettle')).toBe(7)
    const refused = await receiveStock(shop, byStaff(), {
      reference: 'count-2',
      lines: [line('kettle', -5), line('kettle', -3)],
    })
    expect(refused._unsafeUnwrapErr()).toEqual({ type: 'StockTooLow', sku: 'kettle', warehouse: 'main', available: 2 })
    expect(value(await stockOf(shop, by('ann'), { skus: ['new', 'kettle', 'unheard'] })).lines).toEqual([
      { sku: 'new', available: 2 },
      { sku: 'kettle', available: 7 },
      { sku: 'unheard', available: null },
    ])
    await expectBooksToAgree(shop)
  })

  it('counts one delivery once, however often its key comes', async () => {
    const shop = await openShop({ stock: { kettle: 0 } })
    const input = { reference: 'truck-1', lines: [line('kettle', 3)] }
    for (let count = 0; count < 3; count += 1) value(await receiveStock(shop, byStaff('truck'), input))
    expect(await freeOf(shop, 'kettle')).toBe(3)
  })

  it('takes rows in one by one: a bad one stops no other, and one that stands is not taken twice', async () => {
    const shop = await openShop({ stock: { kettle: 1 } })
    const rows = [line('kettle', 4), line('kettle\u0000', 1), line('lamp', -1_000), line('mug', 0)]
    const first = value(await receiveStockRows(shop, { reference: 'import-1', rows }))
    expect(first).toMatchObject({
      received: 2,
      repeated: 0,
      failed: [
        { index: 1, reason: 'IllFormedText' },
        { index: 2, reason: 'FloorReached' },
      ],
    })
    expect(value(await receiveStockRows(shop, { reference: 'import-1', rows }))).toMatchObject({
      received: 1,
      repeated: 1,
    })
    expect(await freeOf(shop, 'kettle')).toBe(5)
  })

  it('is for the shop’s own people', async () => {
    const shop = await openShop()
    const refused = await receiveStock(shop, by('ann'), { reference: 'x', lines: [line('kettle', 1)] })
    expect(refused._unsafeUnwrapErr()).toEqual({ type: 'Denied', action: 'inventory.receive' })
  })
})

describe('the movements of stock', () => {
  const quantity = fc.integer({ min: 1, max: 4 })
  const histories = fc.record({
    lines: fc.array(quantity, { minLength: 1, maxLength: 3 }),
    steps: fc.array(
      fc.oneof(
        fc.record({ kind: fc.constant('allocate' as const) }),
        fc.record({ kind: fc.constantFrom('ship' as const, 'release' as const), line: fc.nat({ max: 2 }), quantity }),
        fc.record({ kind: fc.constant('releaseAll' as const) }),
        fc.record({
          kind: fc.constant('takeBack' as const),
          line: fc.nat({ max: 2 }),
          quantity,
          good: fc.nat({ max: 4 }),
        }),
      ),
      { maxLength: 8 },
    ),
  })

  it('sum to what the counter and the reservation say, after every step', async () => {
    await fc.assert(
      fc.asyncProperty(histories, async ({ lines, steps }) => {
        const shop = await openShop({
          warehouses: ['main', 'west', 'east'],
          stock: { kettle: 4 },
          elsewhere: { west: { kettle: 5 }, east: { kettle: 1 } },
        })
        const wanted = lines.map((count, index) => ({
          lineId: `l${index}`,
          sku: 'kettle',
          quantity: count,
        }))
        const at = shop.clock.now()
        const free = (await booksOf(shop)).stock
        const reserved = reserveStock(free, {
          orderId: 'o1',
          accountId: 'ann',
          lines: wanted,
          warehouses: shop.warehouses,
          until: at + 1,
          at,
        })
        const sum = lines.reduce((total, count) => total + count, 0)
        expect(reserved.isOk()).toBe(sum <= 10)
        if (reserved.isErr()) return
        await commit(shop, reserved.value)
        for (const [index, step] of steps.entries()) {
          const stored = (await ask(shop, row(reservations, 'o1')))!
          const reference = `step-${index}`
          const changes =
            step.kind === 'allocate'
              ? allocateStock(stored, at)
              : step.kind === 'releaseAll'
                ? releaseStock(stored, { reference, at })
                : step.kind === 'ship'
                  ? shipStock(stored, {
                      lines: [{ lineId: `l${step.line}`, quantity: step.quantity }],
                      reference,
                      at,
                    }).map(({ changes }) => changes)
                  : step.kind === 'takeBack'
                    ? takeBackStock(stored, {
                        pieces: [
                          {
                            lineId: `l${step.line}`,
                            restockQuantity: Math.min(step.good, step.quantity),
                            scrapQuantity: Math.max(0, step.quantity - step.good),
                          },
                        ],
                        reference,
                        reason: 'returned',
                        at,
                      })
                    : releaseStock(stored, {
                        lines: [{ lineId: `l${step.line}`, quantity: step.quantity }],
                        reference,
                        at,
                      })
          if (changes.isOk() && changes.value.length > 0) await commit(shop, changes.value)
          await expectBooksToAgree(shop)
        }
        const moved = await ask(shop, entries(stockMovements, { where: [], limit: 1_000 }))
        const levels = sumMovements(moved.map(({ body }) => body).filter(({ sku }) => sku === 'kettle'))
        expect(levels.available + levels.reserved + levels.allocated + levels.shipped + levels.scrapped).toBe(10)
      }),
      { numRuns: 60 },
    )
  })
})
