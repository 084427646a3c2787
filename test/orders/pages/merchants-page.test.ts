import { describe, expect, it } from 'vitest'
import { requestReturn } from '../../../src/aftersales/request-return.js'
import { returnPage } from '../../../src/aftersales/return-page.js'
import { orderPage } from '../../../src/orders/pages/order-page.js'
import { confirmReceipt } from '../../../src/orders/parcels/complete-order.js'
import { shipOrder } from '../../../src/orders/parcels/ship-order.js'
import { refundOrder } from '../../../src/orders/refunds/refund-order.js'
import { secondsMs } from '../../../src/shared/instant.js'
import { deliver, dispute } from '../disputes/disputed.js'
import { by, byStaff, fillCart, pay, place, value } from '../open-shop.js'
import { openMall } from '../placing/open-mall.js'

const seller = (merchantId: string) => ({ actor: { kind: 'merchant', merchantId } }) as const

/** Ann's checkout of a kettle of the shop's and a lamp of `lights`, paid at once; the lamp's order. */
const openPart = async () => {
  const shop = await openMall()
  await fillCart(shop, 'ann', [
    ['kettle', 1],
    ['lamp', 1],
  ])
  const placed = await place(shop, 'ann')
  const { paymentId } = await pay(shop, 'ann', placed.orderId)
  await deliver(shop)
  const { orderIds } = value(await orderPage(shop, byStaff(), { orderId: placed.orderId }))
  // The lamp is the last of the lines, and its order the last of the parts.
  const orderId = orderIds.at(-1) ?? ''
  const lineId = value(await orderPage(shop, byStaff(), { orderId })).lines[0]?.lineId ?? ''
  return { shop, paymentId, kettleId: orderIds[0] ?? '', orderId, lineId }
}

describe('what a merchant is told of their order of a divided checkout', () => {
  it('says of a refund what became of it, as staff are told', async () => {
    const { shop, orderId, kettleId, lineId } = await openPart()
    value(await refundOrder(shop, byStaff(), { orderId, reason: 'goodwill', lines: [{ lineId, quantity: 1 }] }))
    shop.pass(secondsMs)
    shop.gateway.failRefund(shop.gateway.books().refunds[0]?.refundRef ?? '', 'InstrumentInvalid')
    await deliver(shop)
    const told = async (context: Parameters<typeof orderPage>[1], id = orderId) => {
      const { refund, refunds, moneyBack } = value(await orderPage(shop, context, { orderId: id }))
      return [refund, refunds.map(({ progress }) => progress), moneyBack.map(({ status }) => status)]
    }
    expect(await told(seller('lights'))).toEqual(['failed', ['failed'], ['failed']])
    expect(await told(byStaff())).toEqual(await told(seller('lights')))
    expect(await told(by('ann'))).toEqual(await told(seller('lights')))
    expect(await told(byStaff(), kettleId)).toEqual(['none', [], []])
  })

  it('holds the dispute of the payment, as far as it is about theirs', async () => {
    const { shop, paymentId, orderId, kettleId } = await openPart()
    const { disputeId } = await dispute(shop, paymentId)
    const [own, ...others] = value(await orderPage(shop, seller('lights'), { orderId })).disputes
    // 61.51 of 196.00 are of the lamp.
    expect(own).toMatchObject({ disputeId, orderId, amount: { minor: 6_151 }, heldMinor: 6_151 })
    expect(others).toEqual([])
    const [kettle] = value(await orderPage(shop, seller('self'), { orderId: kettleId })).disputes
    expect(kettle).toMatchObject({ disputeId, orderId: kettleId, amount: { minor: 13_449 } })
    const whole = value(await orderPage(shop, byStaff(), { orderId })).disputes
    expect(whole.map(({ amount }) => amount.minor)).toEqual([19_600])
  })

  it('holds the words of who sends something back', async () => {
    const { shop, orderId, lineId } = await openPart()
    value(await shipOrder(shop, byStaff(), { orderId, carrier: 'sf', trackingNumber: '1' }))
    value(await confirmReceipt(shop, by('ann'), { orderId }))
    const lines = [{ lineId, quantity: 1 }]
    const asked = {
      orderId,
      kind: 'returnAndRefund',
      reason: 'quality',
      lines,
      description: 'it does not burn',
    } as const
    const { returnId } = value(await requestReturn(shop, by('ann'), asked))
    for (const context of [seller('lights'), by('ann')]) {
      expect(value(await returnPage(shop, context, { returnId })).description).toBe('it does not burn')
    }
  })
})
