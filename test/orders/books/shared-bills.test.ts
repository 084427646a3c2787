import { expect, it } from 'vitest'
import { createSandboxGateway } from '../../../adapters/gateways/sandbox/index.js'
import { reconcileBill } from '../../../src/orders/books/reconcile-bill.js'
import { recordGatewayPayout } from '../../../src/orders/books/record-gateway-payout.js'
import { cancelOrder } from '../../../src/orders/editing/cancel-order.js'
import { payOrder } from '../../../src/orders/paying/pay-order.js'
import type { GatewayBillRow } from '../../../src/payments/gateway-bill.js'
import { listReconciliations } from '../../../src/payments/list-reconciliations.js'
import { daysMs } from '../../../src/shared/instant.js'
import { balanceOf, booksOf } from '../books-of.js'
import { by, byStaff, fillCart, openShop, place, sandboxKey, type TestShop, value } from '../open-shop.js'

const bill = { day: '2026-03-10', timeZone: 'Asia/Shanghai' }

/** A shop that takes money of one merchant by two gateways, and by one of another merchant. */
const openScenes = async () => {
  const opened = await openShop()
  const scene = (gatewayId: string, merchantAccount: string) =>
    createSandboxGateway({ gatewayId, merchantAccount, now: opened.clock.now, keys: [sandboxKey] })
  const gateways = {
    native: scene('native', 'app1/m1'),
    jsapi: scene('jsapi', 'app2/m1'),
    other: scene('other', 'app1/m2'),
  }
  const shop: TestShop = { ...opened, gateways }
  const order = async (buyer: string, gatewayId: string) => {
    await fillCart(shop, buyer, [['kettle', 1]])
    const { orderId } = await place(shop, buyer)
    const { paymentId } = value(await payOrder(shop, by(buyer), { orderId, gatewayId, method: 'wechatPay' }))
    return { orderId, paymentId }
  }
  return { shop, order }
}

/** What a bill that all the gateways share has of the payments and refunds that stand in the books. */
const rowsOf = async (shop: TestShop): Promise<readonly GatewayBillRow[]> => {
  const at = shop.clock.now()
  const { payments, refunds } = await booksOf(shop)
  const facts = { gatewayRef: null, status: 'succeeded', currency: 'CNY', fee: null, at } as const
  return [
    ...payments.map(({ id, state }): GatewayBillRow => {
      return { ...facts, kind: 'payment', reference: id, attemptRef: id, amountMinor: state.amountMinor }
    }),
    ...refunds.map(({ id, state }): GatewayBillRow => {
      return { ...facts, kind: 'refund', reference: id, attemptRef: state.paymentId, amountMinor: state.amountMinor }
    }),
  ]
}

it('a bill that several gateways of one merchant share is read for each of them, and has what is each one’s', async () => {
  const { shop, order } = await openScenes()
  const paid = [await order('ann', 'native'), await order('bob', 'jsapi'), await order('eve', 'other')]
  value(await cancelOrder(shop, by('bob'), { orderId: paid[1]?.orderId ?? '' }))
  const rows = await rowsOf(shop)
  shop.pass(daysMs)
  const read = async (gatewayId: string) => {
    const { counts, findings, sums } = value(await reconcileBill(shop, byStaff(), { ...bill, gatewayId, source: rows }))
    return [
      counts.matched,
      counts.otherGateway,
      findings.map(({ kind }) => kind),
      sums.map(({ billMinor }) => billMinor),
    ]
  }
  // What the account of another merchant has is for a person to see.
  expect(await read('native')).toEqual([1, 2, ['missingInLedger'], [27_400]])
  expect(await read('jsapi')).toEqual([2, 1, ['missingInLedger'], [13_700]])
  const kept = value(await listReconciliations(shop, byStaff(), {})).reconciliations
  expect(kept.map(({ gatewayId, counts }) => [gatewayId, counts.otherGateway]).sort()).toEqual([
    ['jsapi', 1],
    ['native', 2],
  ])
})

it('a shared bill leaves alone what was paid through a gateway of its merchant that the shop has no more', async () => {
  const { shop, order } = await openScenes()
  await order('ann', 'native')
  const { orderId } = await order('bob', 'jsapi')
  await order('eve', 'other')
  value(await cancelOrder(shop, by('bob'), { orderId }))
  const source = await rowsOf(shop)
  const { native } = shop.gateways
  shop.pass(daysMs)
  const without = { ...shop, gateways: native === undefined ? {} : { native } } satisfies TestShop
  const read = value(await reconcileBill(without, byStaff(), { ...bill, gatewayId: 'native', source }))
  // Another merchant's is a finding as before.
  expect([read.counts.matched, read.counts.otherGateway]).toEqual([1, 2])
  expect(read.findings.map(({ kind }) => kind)).toEqual(['missingInLedger'])
})

it('a payout that several gateways share is recorded for each with its part, and closes both', async () => {
  const { shop, order } = await openScenes()
  await order('ann', 'native')
  await order('bob', 'jsapi')
  for (const gatewayId of ['native', 'jsapi']) {
    const payout = { gatewayId, currency: 'CNY', amountMinor: 13_700, reference: 'payout-1' }
    expect(value(await recordGatewayPayout(shop, byStaff(), payout))).toMatchObject({ recorded: true })
  }
  const { ledger } = await booksOf(shop)
  expect([balanceOf(ledger, 'gatewayClearing:native'), balanceOf(ledger, 'gatewayClearing:jsapi')]).toEqual([0, 0])
})
