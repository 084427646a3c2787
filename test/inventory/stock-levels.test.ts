import { describe, expect, it } from 'vitest'
import { listMovements } from '../../src/inventory/list-movements.js'
import { sumMovements } from '../../src/inventory/move-stock.js'
import { receiveStock } from '../../src/inventory/receive-stock.js'
import type { MovementCursor } from '../../src/inventory/stock-inputs.js'
import { stockLevels } from '../../src/inventory/stock-levels.js'
import { cancelOrder } from '../../src/orders/editing/cancel-order.js'
import { recordLoss } from '../../src/orders/parcels/move-parcel.js'
import { shipOrder } from '../../src/orders/parcels/ship-order.js'
import { expectBooksToAgree } from '../orders/books-of.js'
import { by, byStaff, fillCart, openShop, pay, place, type TestShop, value } from '../orders/open-shop.js'

const none = { onHand: 0, available: 0, reserved: 0, allocated: 0, shipped: 0, quarantined: 0, scrapped: 0 }

const levelsOf = async (shop: TestShop, sku: string, warehouse?: string) =>
  value(await stockLevels(shop, byStaff(), { skus: [sku], ...(warehouse === undefined ? {} : { warehouse }) }))
    .levels[0]

const movementsOf = async (shop: TestShop, sku: string, limit: number) => {
  const found = []
  let after: MovementCursor | null = null
  do {
    const page: Awaited<ReturnType<typeof readPage>> = await readPage(shop, sku, limit, after)
    expect(page.movements.length).toBeLessThanOrEqual(limit)
    found.push(...page.movements)
    after = page.next
  } while (after !== null)
  return found
}

const readPage = async (shop: TestShop, sku: string, limit: number, after: MovementCursor | null) =>
  value(await listMovements(shop, byStaff(), { sku, limit, ...(after === null ? {} : { after }) }))

describe('the levels of stock', () => {
  it('tell what is free, reserved, allocated, sent and lost as an order goes its way', async () => {
    const shop = await openShop({ stock: { kettle: 10 } })
    await fillCart(shop, 'ann', [['kettle', 3]])
    const { orderId } = await place(shop, 'ann')
    expect(await levelsOf(shop, 'kettle')).toMatchObject({ ...none, onHand: 10, available: 7, reserved: 3 })
    await pay(shop, 'ann', orderId)
    expect(await levelsOf(shop, 'kettle')).toMatchObject({ ...none, onHand: 10, available: 7, allocated: 3 })
    const lines = [{ lineId: 'kettle-1', quantity: 2 }]
    const { parcelId } = value(
      await shipOrder(shop, byStaff(), { orderId, carrier: 'sf-express', trackingNumber: 'SF1', lines }),
    )
    const sent = { ...none, onHand: 8, available: 7, allocated: 1 }
    expect(await levelsOf(shop, 'kettle')).toMatchObject({ ...sent, shipped: 2 })
    value(await recordLoss(shop, byStaff(), { parcelId }))
    expect(await levelsOf(shop, 'kettle')).toEqual({
      sku: 'kettle',
      ...sent,
      scrapped: 2,
      warehouses: [{ warehouse: 'main', ...sent, scrapped: 2 }],
    })
    await expectBooksToAgree(shop)
  })

  it('stand in each warehouse and sum over all; one that was given up is still told by its name', async () => {
    const shop = await openShop({
      warehouses: ['near', 'far'],
      stock: { kettle: 1, lamp: 0 },
      elsewhere: { far: { kettle: 4 } },
    })
    await fillCart(shop, 'ann', [['kettle', 3]])
    const { orderId } = await place(shop, 'ann')
    const near = { ...none, warehouse: 'near', onHand: 1, available: 1 }
    const far = { ...none, warehouse: 'far', onHand: 4, available: 1, reserved: 3 }
    const all = { ...none, sku: 'kettle', onHand: 5, available: 2, reserved: 3 }
    expect(await levelsOf(shop, 'kettle')).toEqual({ ...all, warehouses: [near, far] })
    const without = { ...shop, warehouses: ['near'] }
    expect(await levelsOf(without, 'kettle', 'far')).toMatchObject({ onHand: 4, warehouses: [far] })
    expect(await levelsOf(without, 'kettle')).toMatchObject({ onHand: 1, warehouses: [near] })
    value(await cancelOrder(shop, by('ann'), { orderId }))
    expect(await levelsOf(shop, 'kettle')).toMatchObject({ ...none, onHand: 5, available: 5 })
    expect(await levelsOf(shop, 'unheard')).toEqual({ ...none, sku: 'unheard', warehouses: [] })
    const { levels } = value(await stockLevels(shop, byStaff(), { skus: ['lamp', 'kettle'] }))
    expect(levels.map(({ sku, available }) => [sku, available])).toEqual([
      ['lamp', 0],
      ['kettle', 5],
    ])
    expect(levels[0]?.warehouses).toEqual([{ ...none, warehouse: 'near' }])
  })

  it('are for the shop’s own people, and of a hundred SKUs at most', async () => {
    const shop = await openShop()
    for (const actor of [by('ann'), { actor: { kind: 'guest', guestId: 'g' } as const }]) {
      expect((await stockLevels(shop, actor, { skus: ['kettle'] }))._unsafeUnwrapErr().type).toBe('Denied')
      expect((await listMovements(shop, actor, { sku: 'kettle' }))._unsafeUnwrapErr().type).toBe('Denied')
    }
    const many = Array.from({ length: 101 }, (_, index) => `sku-${index}`)
    expect((await stockLevels(shop, byStaff(), { skus: many }))._unsafeUnwrapErr().type).toBe('InvalidInput')
    expect((await stockLevels(shop, byStaff(), { skus: [] }))._unsafeUnwrapErr().type).toBe('InvalidInput')
    for (const limit of [0, 101]) {
      expect((await listMovements(shop, byStaff(), { sku: 'kettle', limit }))._unsafeUnwrapErr().type).toBe(
        'InvalidInput',
      )
    }
  })
})

describe('the movements of a SKU', () => {
  it('are read the latest first, whatever the page, each once though others come meanwhile, and sum to the levels', async () => {
    const shop = await openShop({ stock: { kettle: 10, lamp: 3 } })
    await fillCart(shop, 'ann', [
      ['kettle', 2],
      ['kettle', 1],
    ])
    const { orderId } = await place(shop, 'ann')
    // Both lines move at one moment: the id says which comes first.
    await pay(shop, 'ann', orderId)
    shop.pass(1_000)
    value(await receiveStock(shop, byStaff(), { reference: 'count', lines: [{ sku: 'kettle', quantity: -1 }] }))
    const whole = await movementsOf(shop, 'kettle', 100)
    expect(whole.map(({ reason, quantity }) => `${reason} ${quantity}`).sort()).toEqual([
      'corrected 1',
      'ordered 1',
      'ordered 2',
      'paid 1',
      'paid 2',
      'received 10',
    ])
    expect(whole[0]).toMatchObject({ reason: 'corrected', reference: 'count', from: 'available', to: 'outside' })
    expect(whole.map(({ at }) => at)).toEqual(whole.map(({ at }) => at).sort((a, b) => b - a))
    for (const limit of [1, 2, 3, 5]) expect(await movementsOf(shop, 'kettle', limit)).toEqual(whole)

    const first = await readPage(shop, 'kettle', 2, null)
    shop.pass(1_000)
    value(await receiveStock(shop, byStaff(), { reference: 'truck', lines: [{ sku: 'kettle', quantity: 5 }] }))
    expect((await readPage(shop, 'kettle', 100, first.next)).movements).toEqual(whole.slice(2))

    const { outside, ...inside } = sumMovements(await movementsOf(shop, 'kettle', 100))
    expect(outside).toBe(-14)
    expect(await levelsOf(shop, 'kettle')).toMatchObject({ ...inside, onHand: 14, available: 11, allocated: 3 })
  })
})
