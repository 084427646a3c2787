import { createShop } from 'shopwright'
import { expect, it } from 'vitest'
import { createManualGateway } from '../../adapters/gateways/manual/index.js'
import { openStall, orderKettles } from '../support/open-stall.js'
import { must } from './open-shop.js'
import { by, clerk, join, password } from './world.js'

const hour = 3_600_000

/** A shop that takes transfers, too, and Ann, who has ordered a kettle, 137.00 with carriage. */
const openOrdered = async () => {
  const stall = await openStall([])
  const manual = createManualGateway({ bank: 'ICBC', holder: 'Shopwright', account: '6222 **** 0007' })
  const shop = createShop({ ...stall.ports, gateways: { ...stall.ports.gateways, manual } })
  const ann = await join(stall, 'ann@example.com', 'Ann')
  const { orderId } = await orderKettles(stall, ann.actor, 1)
  const closeUnpaid = async () => {
    for (let turn = 0; turn < 40; turn += 1) {
      stall.pass(6 * hour)
      must(await shop.upkeep.settlePayments({ limit: 50 }))
      must(await shop.upkeep.closeUnpaidOrders({ limit: 50 }))
    }
    expect(must(await shop.orders.page({ actor: ann.actor }, { orderId })).state).toBe('closed')
  }
  const openNow = async () =>
    (await shop.accounts.erase(by(ann.actor), { password })).match(
      () => [],
      (error) => (error.type === 'BusinessOpen' ? error.open : [error]),
    )
  return { stall, shop, ann, orderId, closeUnpaid, openNow }
}

it('an account waits with its erasure for money of its closed order of which the shop has not decided', async () => {
  const { stall, shop, ann, orderId, closeUnpaid, openNow } = await openOrdered()
  stall.gateway.script({ kind: 'wrongAmount', minor: 13_600 })
  const { paymentId } = must(
    await shop.orders.pay(by(ann.actor), { orderId, gatewayId: 'sandbox', method: 'wechatPay' }),
  )
  await closeUnpaid()
  expect(must(await shop.payments.held({ actor: clerk }, {})).payments).toMatchObject([{ paymentId }])
  expect(await openNow()).toEqual([{ record: 'payment', id: paymentId }])
  must(await shop.orders.returnHeldMoney(by(clerk), { paymentId }))
  must(await shop.upkeep.settleRefunds({ limit: 10 }))
  expect(await openNow()).toEqual([])
})

it('an account waits with its erasure for a transfer that stands in suspense', async () => {
  const { shop, ann, orderId, closeUnpaid, openNow } = await openOrdered()
  const { paymentId } = must(
    await shop.orders.pay(by(ann.actor), { orderId, gatewayId: 'manual', method: 'bankTransfer' }),
  )
  const line = { amountMinor: 13_600, currency: 'CNY', reference: 'STMT-1' } as const
  const { held } = must(await shop.orders.recordReceipt(by(clerk), { paymentId, ...line }))
  expect(held).toMatchObject({ reason: 'tooLow' })
  await closeUnpaid()
  expect(await openNow()).toEqual([{ record: 'heldReceipt', id: held?.receiptId }])
  must(await shop.orders.returnReceipt(by(clerk), { receiptId: held?.receiptId ?? '' }))
  expect(await openNow()).toEqual([])
})
