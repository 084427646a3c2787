import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decideQuarantine } from '../../src/inventory/decide-quarantine.js'
import { reservations, stockMovements } from '../../src/inventory/inventory.schema.js'
import { allocateStock, releaseStock, reserveStock, shipStock, sumMovements } from '../../src/inventory/move-stock.js'
import { receiveStock, receiveStockRows } from '../../src/inventory/receive-stock.js'
import { stockOf } from '../../src/inventory/stock-of.js'
import { type ReturnedPieces, takeBackStock } from '../../src/inventory/take-back-stock.js'
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

  it('takes rows of one SKU in together, and says so where another quantity stands under the reference', async () => {
    const shop = await openShop({ warehouses: ['main', 'west'], stock: { kettle: 0, lamp: 0 } })
    const rows = [line('kettle', 5), line('kettle', 7), { ...line('kettle', 2), warehouse: 'west' }, line('lamp', 9)]
    const receive = async (given: typeof rows) => value(await receiveStockRows(shop, { reference: 'D1', rows: given }))
    expect(await receive(rows)).toEqual({ received: 4, repeated: 0, failed: [] })
    expect([await freeOf(shop, 'kettle'), await freeOf(shop, 'kettle', 'west')]).toEqual([12, 2])
    expect(await receive(rows)).toEqual({ received: 0, repeated: 4, failed: [] })
    // Half of what came under it: a file that was cut in two, or mended.
    const differs = (index: number) => ({ index, sku: 'kettle', reason: 'QuantityDiffers' })
    expect(await receive([line('lamp', 9), line('kettle', 5)])).toEqual({
      received: 0,
      repeated: 1,
      failed: [differs(1)],
    })
    expect(await receive([line('kettle', 6), line('mug', 1), line('kettle', 7)])).toEqual({
      received: 1,
      repeated: 0,
      failed: [differs(0), differs(2)],
    })
    // What a count found missing stands as well.
    const count = { reference: 'C1', rows: [line('kettle', -2), line('kettle', -1)] }
    expect(value(await receiveStockRows(shop, count))).toEqual({ received: 2, repeated: 0, failed: [] })
    expect(value(await receiveStockRows(shop, count))).toEqual({ received: 0, repeated: 2, failed: [] })
    const other = { ...count, rows: [line('kettle', 3)] }
    expect(value(await receiveStockRows(shop, other)).failed).toEqual([differs(0)])
    expect([await freeOf(shop, 'kettle'), await freeOf(shop, 'lamp'), await freeOf(shop, 'mug')]).toEqual([9, 9, 101])
    await expectBooksToAgree(shop)
  })

  it('makes no whole piece of two halves', async () => {
    const shop = await openShop({ stock: { lamp: 0 } })
    const rows = [line('lamp', 0.5), line('lamp', 0.5), line('lamp', 2), line('lamp', Number.NaN)]
    const unsafe = (index: number) => ({ index, sku: 'lamp', reason: 'AmountNotSafe' })
    expect(value(await receiveStockRows(shop, { reference: 'D1', rows }))).toEqual({
      received: 1,
      repeated: 0,
      failed: [unsafe(0), unsafe(1), unsafe(3)],
    })
    expect(await freeOf(shop, 'lamp')).toBe(2)
  })

  it('takes nothing into a warehouse that the shop does not have, and out of one that it had what lies there', async () => {
    const shop = await openShop({ warehouses: ['main', 'west'], elsewhere: { west: { kettle: 5 } } })
    const receive = (quantity: number, warehouse: string, ports: typeof shop = shop) =>
      receiveStock(ports, byStaff(), {
        reference: 'truck',
        lines: [line('lamp', 1), { sku: 'kettle', quantity, warehouse }],
      })
    const unknown = { type: 'WarehouseUnknown', warehouse: 'north' }
    expect((await receive(3, 'north'))._unsafeUnwrapErr()).toEqual(unknown)
    expect((await receive(0, 'north'))._unsafeUnwrapErr()).toEqual(unknown)
    expect((await receive(3, 'we@st'))._unsafeUnwrapErr()).toMatchObject({ type: 'InvalidInput' })
    expect(await freeOf(shop, 'lamp')).toBe(100)
    const rows = [
      { sku: 'kettle', quantity: 1, warehouse: 'north' },
      { sku: 'kettle', quantity: 1, warehouse: 'west' },
    ]
    expect(value(await receiveStockRows(shop, { reference: 'import', rows }))).toEqual({
      received: 1,
      repeated: 0,
      failed: [{ index: 0, sku: 'kettle', reason: 'WarehouseUnknown' }],
    })
    const without = { ...shop, warehouses: ['main'] }
    expect((await receive(1, 'west', without))._unsafeUnwrapErr()).toEqual({ ...unknown, warehouse: 'west' })
    value(await receive(-6, 'west', without))
    expect((await receive(-1, 'west', without))._unsafeUnwrapErr()).toMatchObject({ type: 'StockTooLow', available: 0 })
  })

  it('takes a SKU as long as one that can be sold', async () => {
    const shop = await openShop()
    const sku = 'k'.repeat(120)
    value(await receiveStock(shop, byStaff(), { reference: 'truck', lines: [line(sku, 3)] }))
    expect(value(await stockOf(shop, by('ann'), { skus: [sku] })).lines).toEqual([{ sku, available: 3 }])
    const longer = await receiveStock(shop, byStaff(), { reference: 'truck', lines: [line(`${sku}k`, 3)] })
    expect(longer._unsafeUnwrapErr()).toMatchObject({ type: 'InvalidInput' })
  })

  it('puts back what can be sold of goods that have no parts, whether parts are named as none or not at all', async () => {
    for (const named of [{}, { restockParts: [] }]) {
      const shop = await openShop({ stock: { kettle: 5 } })
      const at = shop.clock.now()
      const reserved = reserveStock((await booksOf(shop)).stock, {
        orderId: 'o1',
        accountId: 'ann',
        lines: [{ lineId: 'l1', sku: 'kettle', quantity: 3 }],
        warehouses: ['main'],
        until: at + 1,
        at,
      })
      await commit(shop, value(reserved))
      const stored = async () => (await ask(shop, row(reservations, 'o1')))!
      await commit(shop, value(allocateStock(await stored(), at)))
      const shipped = shipStock(await stored(), { lines: [{ lineId: 'l1', quantity: 3 }], reference: 'p1', at })
      await commit(shop, value(shipped).changes)
      const pieces = [{ lineId: 'l1', restockQuantity: 2, scrapQuantity: 1, ...named }]
      await commit(shop, value(takeBackStock(await stored(), { pieces, reference: 'r1', reason: 'returned', at })))
      expect(await freeOf(shop, 'kettle')).toBe(4)
      const beyond = [{ ...pieces[0]!, restockParts: [{ sku: 'kettle', quantity: 1 }] }]
      expect(
        takeBackStock(await stored(), { pieces: beyond, reference: 'r2', reason: 'returned', at })._unsafeUnwrapErr(),
      ).toMatchObject({ type: 'ReservationTooSmall' })
    }
  })

  it('takes back whatever is out of a line, where the warehouse that is named has had others back in its place', async () => {
    const shop = await openShop({
      warehouses: ['main', 'west'],
      stock: { kettle: 1 },
      elsewhere: { west: { kettle: 2 } },
    })
    const at = shop.clock.now()
    const lines = [{ lineId: 'l1', sku: 'kettle', quantity: 3 }]
    const order = { orderId: 'o1', accountId: 'ann', lines, warehouses: shop.warehouses, until: at + 1, at }
    await commit(shop, value(reserveStock((await booksOf(shop)).stock, order)))
    const stored = async () => (await ask(shop, row(reservations, 'o1')))!
    await commit(shop, value(allocateStock(await stored(), at)))
    const all = [{ lineId: 'l1', quantity: 3 }]
    await commit(shop, value(shipStock(await stored(), { lines: all, reference: 'p1', at })).changes)
    const takeBack = async (reference: string, piece: Omit<ReturnedPieces, 'lineId'>) => {
      const pieces = [{ lineId: 'l1', ...piece }]
      return takeBackStock(await stored(), { pieces, reference, reason: 'returned', at })
    }
    const free = async () => [await freeOf(shop, 'kettle'), await freeOf(shop, 'kettle', 'west')]
    const good = { restockQuantity: 1, scrapQuantity: 0 }
    await commit(shop, value(await takeBack('r1', { ...good, warehouse: 'main' })))
    expect(await free()).toEqual([1, 0])
    // One of them is good and one is not; main has none out any more.
    await commit(shop, value(await takeBack('r2', { restockQuantity: 1, scrapQuantity: 1, warehouse: 'main' })))
    expect(await free()).toEqual([1, 1])
    expect((await takeBack('r3', { ...good, warehouse: 'west' }))._unsafeUnwrapErr()).toMatchObject({
      type: 'ReservationStateForbids',
    })
    await expectBooksToAgree(shop)
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
          unclear: fc.nat({ max: 4 }),
          warehouse: fc.option(fc.constantFrom('main', 'west', 'east'), { nil: undefined }),
          underway: fc.nat({ max: 2 }),
        }),
        fc.record({
          kind: fc.constant('decide' as const),
          warehouse: fc.constantFrom('main', 'west', 'east'),
          outcome: fc.constantFrom('restock' as const, 'scrap' as const),
          quantity,
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
          if (step.kind === 'decide') {
            const { kind: _, outcome, ...pieces } = step
            const decision =
              outcome === 'restock'
                ? ({ ...pieces, sku: 'kettle', outcome, reason: 'sound' } as const)
                : ({ ...pieces, sku: 'kettle', outcome, reason: 'damaged' } as const)
            const decided = await decideQuarantine(shop, byStaff(), { reference: `look-${index}`, lines: [decision] })
            if (decided.isErr()) expect(decided.error.type).toBe('QuarantineTooLow')
            await expectBooksToAgree(shop)
            continue
          }
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
                            ...(step.warehouse === undefined ? {} : { warehouse: step.warehouse }),
                            restockQuantity: Math.min(step.good, step.quantity),
                            quarantineQuantity: Math.min(step.unclear, Math.max(0, step.quantity - step.good)),
                            scrapQuantity: Math.max(0, step.quantity - step.good - step.unclear),
                          },
                        ],
                        reference,
                        reason: 'returned',
                        underway: [{ lineId: `l${step.line}`, warehouse: 'west', quantity: step.underway }],
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
        const { outside: _, ...inside } = levels
        expect(Object.values(inside).reduce((sum, level) => sum + level, 0)).toBe(10)
      }),
      { numRuns: 60 },
    )
  })
})
