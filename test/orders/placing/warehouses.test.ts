import { describe, expect, it } from 'vitest'
import { receiveReturn } from '../../../src/aftersales/receive-return.js'
import { requestReturn } from '../../../src/aftersales/request-return.js'
import { approveReturn } from '../../../src/aftersales/review-return.js'
import { reservations } from '../../../src/inventory/inventory.schema.js'
import { stockOf } from '../../../src/inventory/stock-of.js'
import { cancelOrder } from '../../../src/orders/editing/cancel-order.js'
import { recordDelivery, recordLoss, recordParcelReturn } from '../../../src/orders/parcels/move-parcel.js'
import { shipOrder } from '../../../src/orders/parcels/ship-order.js'
import { placeOrder } from '../../../src/orders/placing/place-order.js'
import { row } from '../../../src/shared/read-plan.js'
import { ask, booksOf, expectBooksToAgree, freeOf } from '../books-of.js'
import { by, byStaff, fillCart, insist, openShop, pay, place, recipient, type TestShop, value } from '../open-shop.js'

const warehouses = ['near', 'mid', 'far']
const carrier = { carrier: 'sf-express', trackingNumber: 'SF1' }

/** 3 kettles near, 2 in the middle, 1 far. */
const openSpreadShop = () =>
  openShop({ warehouses, stock: { kettle: 3 }, elsewhere: { mid: { kettle: 2 }, far: { kettle: 1 } } })

const freeEverywhere = async (shop: TestShop) => [
  await freeOf(shop, 'kettle', 'near'),
  await freeOf(shop, 'kettle', 'mid'),
  await freeOf(shop, 'kettle', 'far'),
]

const setAside = async (shop: TestShop, orderId: string) =>
  (await ask(shop, row(reservations, orderId)))?.state.lines.map(
    ({ lineId, warehouse, quantity }) => `${lineId} ${quantity}@${warehouse}`,
  )

describe('an order of a shop with several warehouses', () => {
  it('is sent from one where one has it all, and is split where none has', async () => {
    const shop = await openSpreadShop()
    await fillCart(shop, 'ann', [['kettle', 2]])
    const first = await place(shop, 'ann')
    expect(await setAside(shop, first.orderId)).toEqual(['kettle-1 2@near'])
    await fillCart(shop, 'bob', [
      ['kettle', 3],
      ['kettle', 1],
    ])
    const second = await place(shop, 'bob')
    expect(await setAside(shop, second.orderId)).toEqual(['kettle-1 2@mid', 'kettle-1 1@near', 'kettle-2 1@far'])
    expect(await freeEverywhere(shop)).toEqual([0, 0, 0])
    await expectBooksToAgree(shop)

    value(await cancelOrder(shop, by('bob'), { orderId: second.orderId }))
    expect(await freeEverywhere(shop)).toEqual([1, 2, 1])
    await expectBooksToAgree(shop)
  })

  it('is refused with what is free over all of them, when that is not enough', async () => {
    const shop = await openSpreadShop()
    await fillCart(shop, 'ann', [
      ['kettle', 4],
      ['kettle', 3],
    ])
    const refused = await placeOrder(shop, by('ann'), {
      shippingMethodId: 'standard',
      recipient,
      expectedTotalMinor: 90_300,
    })
    expect(refused._unsafeUnwrapErr()).toEqual({
      type: 'OutOfStock',
      lines: [
        { lineId: 'kettle-1', sku: 'kettle', wanted: 4, available: 6 },
        { lineId: 'kettle-2', sku: 'kettle', wanted: 3, available: 6 },
      ],
    })
    expect(value(await stockOf(shop, by('ann'), { skus: ['kettle'] })).lines).toEqual([{ sku: 'kettle', available: 6 }])
    expect(value(await stockOf(shop, by('ann'), { skus: ['kettle'], warehouse: 'mid' })).lines).toEqual([
      { sku: 'kettle', available: 2 },
    ])
  })

  it('leaves by warehouse, is lost by warehouse and comes back to the shelf it left', async () => {
    const shop = await openSpreadShop()
    await fillCart(shop, 'ann', [['kettle', 6]])
    const { orderId } = await place(shop, 'ann')
    await pay(shop, 'ann', orderId)
    const fromMid = value(await shipOrder(shop, byStaff(), { orderId, ...carrier, warehouse: 'mid' }))
    expect(fromMid).toMatchObject({
      status: 'partlyShipped',
      lines: [{ lineId: 'kettle-1', warehouse: 'mid', quantity: 2 }],
    })
    const tooMany = { orderId, ...carrier, warehouse: 'far', lines: [{ lineId: 'kettle-1', quantity: 2 }] }
    expect((await shipOrder(shop, byStaff(), tooMany))._unsafeUnwrapErr()).toEqual({
      type: 'ReservationTooSmall',
      lineId: 'kettle-1',
      asked: 2,
      left: 1,
    })
    const again = await shipOrder(shop, byStaff(), { orderId, ...carrier, warehouse: 'mid' })
    expect(again._unsafeUnwrapErr()).toMatchObject({ type: 'NothingToDo' })
    const rest = value(await shipOrder(shop, byStaff(), { orderId, ...carrier }))
    expect(rest).toMatchObject({
      status: 'shipped',
      lines: [
        { warehouse: 'near', quantity: 3 },
        { warehouse: 'far', quantity: 1 },
      ],
    })
    await expectBooksToAgree(shop)

    value(await recordLoss(shop, byStaff(), { parcelId: fromMid.parcelId }))
    value(await recordDelivery(shop, byStaff(), { parcelId: rest.parcelId }))
    await expectBooksToAgree(shop)
    const lines = [{ lineId: 'kettle-1', quantity: 4 }]
    const { returnId } = value(
      await requestReturn(shop, by('ann'), { orderId, kind: 'returnAndRefund', reason: 'noReason', lines }),
    )
    value(await approveReturn(shop, byStaff(), { returnId }))
    value(
      await receiveReturn(shop, byStaff(), {
        returnId,
        lines: [{ lineId: 'kettle-1', receivedQuantity: 4, acceptedQuantity: 4, restockQuantity: 4 }],
      }),
    )
    // What was lost came from the middle, so the four that are back go near and far.
    expect(await freeEverywhere(shop)).toEqual([3, 0, 1])
    expect((await booksOf(shop)).reservations[0]?.state.status).toBe('returned')
    await expectBooksToAgree(shop)
  })
})

describe('a line that two warehouses send', () => {
  const piece = [{ lineId: 'kettle-1', quantity: 1 }]

  /** Two kettles of ann's, one on its way from each warehouse. */
  const sendBoth = async () => {
    const two = ['near', 'mid']
    const shop = await openShop({ warehouses: two, stock: { kettle: 1 }, elsewhere: { mid: { kettle: 1 } } })
    await fillCart(shop, 'ann', [['kettle', 2]])
    const { orderId } = await place(shop, 'ann')
    await pay(shop, 'ann', orderId)
    const [fromNear, fromMid] = await Promise.all(
      two.map((warehouse) => insist(() => shipOrder(shop, byStaff(), { orderId, ...carrier, warehouse }))),
    )
    const parcelOf = (shipped: typeof fromNear) =>
      shipped !== undefined && 'parcelId' in shipped ? shipped.parcelId : ''
    return { shop, orderId, near: parcelOf(fromNear), mid: parcelOf(fromMid) }
  }

  const sendBack = async (shop: TestShop, orderId: string) => {
    const asked = { orderId, kind: 'returnAndRefund', reason: 'noReason', lines: piece } as const
    const { returnId } = value(await requestReturn(shop, by('ann'), asked))
    const looked = [{ lineId: 'kettle-1', receivedQuantity: 1, acceptedQuantity: 1, restockQuantity: 1 }]
    value(await receiveReturn(shop, byStaff(), { returnId, lines: looked }))
  }

  const shelves = async (shop: TestShop) => [await freeOf(shop, 'kettle', 'near'), await freeOf(shop, 'kettle', 'mid')]

  it('takes a piece back to the warehouse whose parcel came, and the other parcel is lost or comes back as ever', async () => {
    for (const [goes, near] of [
      [recordLoss, 0],
      [recordParcelReturn, 1],
    ] as const) {
      const both = await sendBoth()
      value(await recordDelivery(both.shop, byStaff(), { parcelId: both.mid }))
      await sendBack(both.shop, both.orderId)
      expect(await shelves(both.shop)).toEqual([0, 1])
      value(await goes(both.shop, byStaff(), { parcelId: both.near }))
      expect(await shelves(both.shop)).toEqual([near, 1])
      await expectBooksToAgree(both.shop)
    }
  })
})

describe('many buyers at once', () => {
  it('64 of 10 pieces in three warehouses: exactly 10 orders, 54 refused, nothing below zero', async () => {
    const shop = await openShop({
      warehouses,
      stock: { kettle: 3 },
      elsewhere: { mid: { kettle: 6 }, far: { kettle: 1 } },
    })
    const buyers = Array.from({ length: 64 }, (_, index) => `buyer-${index}`)
    for (const buyer of buyers) await fillCart(shop, buyer, [['kettle', 1]])
    const answers = await Promise.all(
      buyers.map((buyer) => {
        const context = by(buyer)
        const input = { shippingMethodId: 'standard', recipient, expectedTotalMinor: 13_700 }
        return insist(() => placeOrder(shop, context, input))
      }),
    )
    expect(answers.filter((answer) => 'orderId' in answer)).toHaveLength(10)
    expect(answers.flatMap((answer) => ('type' in answer ? [answer.type] : []))).toEqual(Array(54).fill('OutOfStock'))
    expect(await freeEverywhere(shop)).toEqual([0, 0, 0])
    await expectBooksToAgree(shop)
  })

  it('of one SKU on two lines never take more than there is', async () => {
    const shop = await openSpreadShop()
    const buyers = Array.from({ length: 8 }, (_, index) => `buyer-${index}`)
    for (const buyer of buyers) {
      await fillCart(shop, buyer, [
        ['kettle', 1],
        ['kettle', 1],
      ])
    }
    const answers = await Promise.all(
      buyers.map((buyer) => {
        const context = by(buyer)
        const input = { shippingMethodId: 'standard', recipient, expectedTotalMinor: 26_600 }
        return insist(() => placeOrder(shop, context, input))
      }),
    )
    expect(answers.filter((answer) => 'orderId' in answer)).toHaveLength(3)
    expect(await freeEverywhere(shop)).toEqual([0, 0, 0])
    await expectBooksToAgree(shop)
  })
})
