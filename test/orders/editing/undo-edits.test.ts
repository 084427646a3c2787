import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createKeyedDigest } from '../../../adapters/runtime/index.js'
import { applyEdit } from '../../../src/orders/editing/apply-edit.js'
import { previewEdit } from '../../../src/orders/editing/preview-edit.js'
import type { EditOrderInput } from '../../../src/orders/order-inputs.js'
import { liveRefunds } from '../../../src/orders/order-pieces.js'
import { orderPage } from '../../../src/orders/pages/order-page.js'
import { shipOrder } from '../../../src/orders/parcels/ship-order.js'
import { defaultShopPolicy } from '../../../src/orders/policy/shop-policy.js'
import { settleRefunds } from '../../../src/orders/sweep-orders.js'
import { balanceOf, booksOf, expectBooksToAgree, freeOf } from '../books-of.js'
import {
  by,
  byStaff,
  fillCart,
  givePoints,
  openShop,
  pay,
  place,
  recipient,
  type TestShop,
  value,
} from '../open-shop.js'
import { openEditShop } from './open-edit-shop.js'

const openUndoShop = async (): Promise<TestShop> => ({
  ...(await openShop()),
  digests: createKeyedDigest({ key: new Uint8Array(32).fill(3) }),
})

/** Two kettles and a lamp of Ann's, paid unless said otherwise. */
const buy = async (shop: TestShop, paid = true): Promise<string> => {
  await fillCart(shop, 'ann', [
    ['kettle', 2],
    ['lamp', 1],
  ])
  const { orderId } = await place(shop, 'ann')
  if (paid) await pay(shop, 'ann', orderId)
  return orderId
}

const edit = async (shop: TestShop, change: EditOrderInput) => {
  const { hash } = value(await previewEdit(shop, by('ann'), change))
  return value(await applyEdit(shop, by('ann'), { ...change, hash }))
}

const pageOf = async (shop: TestShop, orderId: string) => value(await orderPage(shop, by('ann'), { orderId }))
const quantities = async (shop: TestShop, orderId: string) =>
  (await pageOf(shop, orderId)).lines.map(({ quantity, cancelledQuantity = 0 }) => quantity - cancelledQuantity)
const elsewhere = { ...recipient, name: '李四', address: '解放路 9 号' }

describe('a change that is undone', () => {
  it('brings pieces back that were taken out: set aside, paid for, and all as before', async () => {
    const shop = await openUndoShop()
    const orderId = await buy(shop)
    // 258.00 and 59.00 and 8.00 carriage.
    expect((await pageOf(shop, orderId)).totals.payableMinor).toBe(32_500)
    await edit(shop, { orderId, lines: [{ lineId: 'kettle-1', quantity: 1 }] })
    await edit(shop, { orderId, lines: [{ lineId: 'lamp-2', quantity: 0 }] })
    expect(await quantities(shop, orderId)).toEqual([1, 0])
    const { earlier } = await pageOf(shop, orderId)
    expect(earlier.map(({ lines }) => lines.map(({ quantity }) => quantity))).toEqual([
      [2, 1],
      [1, 1],
    ])

    const undone = await edit(shop, { orderId, undo: earlier[0]!.editId })
    expect(undone).toMatchObject({ toPayMinor: 18_800, payableBeforeMinor: 13_700, payableAfterMinor: 32_500 })
    expect(await pay(shop, 'ann', orderId)).toMatchObject({ amountMinor: 18_800, paymentStatus: 'captured' })
    expect(await quantities(shop, orderId)).toEqual([2, 1])
    expect((await pageOf(shop, orderId)).totals.payableMinor).toBe(32_500)
    expect([await freeOf(shop, 'kettle'), await freeOf(shop, 'lamp')]).toEqual([98, 99])
    value(await settleRefunds(shop, { limit: 10 }))
    expect(balanceOf((await booksOf(shop)).ledger, `escrow:${orderId}`)).toBe(-32_500)
    await expectBooksToAgree(shop)

    // That can be undone in turn: what was paid for it goes back.
    const { earlier: now } = await pageOf(shop, orderId)
    await edit(shop, { orderId, undo: now.at(-1)!.editId })
    expect(await quantities(shop, orderId)).toEqual([1, 0])
    await expectBooksToAgree(shop)
  })

  it('brings back who was to get the order', async () => {
    const shop = await openUndoShop()
    const orderId = await buy(shop)
    await edit(shop, { orderId, recipient: elsewhere })
    await edit(shop, { orderId, lines: [{ lineId: 'lamp-2', quantity: 0 }] })
    const { earlier } = await pageOf(shop, orderId)
    // Before the second change it was to go where the first had said.
    await edit(shop, { orderId, undo: earlier[1]!.editId })
    expect((await pageOf(shop, orderId)).recipient).toMatchObject({ name: '李四' })
    await pay(shop, 'ann', orderId)
    await edit(shop, { orderId, undo: earlier[0]!.editId })
    expect((await pageOf(shop, orderId)).recipient).toMatchObject({ name: recipient.name, address: recipient.address })
    expect(JSON.stringify(earlier)).not.toContain(recipient.name)
  })

  it('before payment changes what is to be paid', async () => {
    const shop = await openUndoShop()
    const orderId = await buy(shop, false)
    await edit(shop, { orderId, lines: [{ lineId: 'kettle-1', quantity: 1 }] })
    const { earlier } = await pageOf(shop, orderId)
    expect(await edit(shop, { orderId, undo: earlier[0]!.editId })).toMatchObject({ payableAfterMinor: 32_500 })
    expect(await freeOf(shop, 'kettle')).toBe(98)
    expect(await pay(shop, 'ann', orderId)).toMatchObject({ amountMinor: 32_500, orderStatus: 'paid' })
    await expectBooksToAgree(shop)
  })

  it('is refused where it is not known, of another order, or once anything has left', async () => {
    const shop = await openUndoShop()
    const orderId = await buy(shop)
    const unknown = await previewEdit(shop, by('ann'), { orderId, undo: 'ref_0' })
    expect(unknown._unsafeUnwrapErr()).toEqual({ type: 'VersionUnknown', orderId, editId: 'ref_0' })
    await edit(shop, { orderId, lines: [{ lineId: 'kettle-1', quantity: 1 }] })
    const undo = (await pageOf(shop, orderId)).earlier[0]!.editId
    const both = await previewEdit(shop, by('ann'), { orderId, undo, lines: [{ lineId: 'lamp-2', quantity: 0 }] })
    expect(both._unsafeUnwrapErr()).toMatchObject({ type: 'InvalidInput' })
    const stranger = await previewEdit(shop, by('ben'), { orderId, undo })
    expect(stranger._unsafeUnwrapErr()).toEqual({ type: 'NotFound', entity: 'order', id: orderId })
    const one = { orderId, carrier: 'post', trackingNumber: 'P1', lines: [{ lineId: 'lamp-2', quantity: 1 }] }
    value(await shipOrder(shop, byStaff(), one))
    const late = await previewEdit(shop, by('ann'), { orderId, undo })
    expect(late._unsafeUnwrapErr()).toEqual({ type: 'UndoTooLate', orderId })
  })
})

describe('an order that points pay in part, worth more than a minor unit each', () => {
  /** Three lamps of Ann's, some of them paid with points. */
  const buyWithPoints = async (rate: { readonly blockPoints: number; readonly blockMinor: number }, points: number) => {
    const terms = { ...defaultShopPolicy.points!, spend: { ...rate, minimumPoints: 0, capBasisPoints: 10_000 } }
    const shop = await openEditShop({}, { points: terms })
    await givePoints(shop, 'ann', 1_000)
    await fillCart(shop, 'ann', [['lamp', 3]])
    const { orderId } = await place(shop, 'ann', { points })
    await pay(shop, 'ann', orderId)
    const change = async (quantity: number) => {
      const asked = { orderId, lines: [{ lineId: 'lamp-1', quantity }] }
      const preview = await previewEdit(shop, by('ann'), asked)
      if (preview.isErr()) return
      const { toPayMinor } = value(await applyEdit(shop, by('ann'), { ...asked, hash: preview.value.hash }))
      if (toPayMinor > 0) await pay(shop, 'ann', orderId)
      value(await settleRefunds(shop, { limit: 10 }))
      await expectBooksToAgree(shop)
    }
    const order = async () => (await booksOf(shop)).orders[0]!.state
    /** What its totals say, less what went back. */
    const left = async () => {
      const { totals, refunds } = await order()
      const back = liveRefunds({ refunds }).map(({ cashMinor, pointsMinor }) => cashMinor + pointsMinor)
      return back.reduce((rest, minor) => rest - minor, totals.payableMinor + totals.pointsMinor)
    }
    return {
      change,
      order,
      left,
      escrow: async () => balanceOf((await booksOf(shop)).ledger, `escrow:${orderId}`),
    }
  }

  it('holds what its totals say after a piece was taken out and brought back: 7 points are worth 70, not 66', async () => {
    const { change, order, escrow } = await buyWithPoints({ blockPoints: 1, blockMinor: 10 }, 10)
    // 177.00 and 8.00 carriage, 1.00 of it in points; of 3 points that went back with a piece 34 went.
    expect(await escrow()).toBe(-18_500)
    await change(2)
    await change(3)
    expect((await order()).totals).toMatchObject({ pointsMinor: 70, payableMinor: 18_430 })
    expect(await escrow()).toBe(-18_500)
  })

  it('does so whatever a point is worth, after any edits', async () => {
    const rates = fc.record({ blockPoints: fc.constantFrom(1, 3, 7), blockMinor: fc.constantFrom(1, 10, 700) })
    const edits = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 2, maxLength: 5 })
    await fc.assert(
      fc.asyncProperty(rates, fc.integer({ min: 0, max: 20 }), edits, async (rate, blocks, quantities) => {
        const { change, left, escrow } = await buyWithPoints(rate, blocks * rate.blockPoints)
        for (const quantity of quantities) await change(quantity)
        expect(await escrow()).toBe(0 - (await left()))
      }),
      { numRuns: 6 },
    )
  })
})
