import { expect, it } from 'vitest'
import { listBills } from '../../../src/orders/books/list-bills.js'
import { cancelOrder } from '../../../src/orders/editing/cancel-order.js'
import { orderPage } from '../../../src/orders/pages/order-page.js'
import { payRefundByHand, retryRefund } from '../../../src/orders/refunds/rescue-refund.js'
import { balanceOf, booksOf, expectBooksToAgree } from '../books-of.js'
import { by, byStaff, fillCart, openShop, pay, place, type TestShop, value } from '../open-shop.js'
import { balances as balancesOn, openGoneInPart, say } from './gone-refund.js'

const balances = (shop: TestShop, orderId: string) =>
  balancesOn(shop, [`escrow:${orderId}`, 'gatewayClearing:sandbox', 'bank', 'receivable:ann'])

it('a refund of which a part arrived is paid by hand for the rest, and the books say by whom it went', async () => {
  const { shop, orderId, refundId } = await openGoneInPart()
  const page = value(await orderPage(shop, byStaff(), { orderId }))
  expect(page.moneyBack).toMatchObject([{ refundId, amountMinor: 13_700, goneMinor: 6_000, status: 'failed' }])
  value(await payRefundByHand(shop, byStaff(), { refundId }))
  // 60.00 by the gateway, which has 77.00 of the 137.00 still, and 77.00 past it.
  expect(await balances(shop, orderId)).toEqual([0, 7_700, -7_700, 0])
  const [bill] = value(await listBills(shop, byStaff(), {})).bills
  expect([bill?.status, bill?.refundedMinor]).toEqual(['refunded', 13_700])
  await expectBooksToAgree(shop)
})

it('a refund of which a part arrived is paid by hand for the rest also where it was sent again and declined', async () => {
  const { shop, orderId, refundId } = await openGoneInPart()
  shop.gateway.scriptRefund({ kind: 'decline', code: 'InsufficientFunds' })
  expect(value(await retryRefund(shop, byStaff(), { refundId })).status).toBe('failed')
  expect(value(await orderPage(shop, byStaff(), { orderId })).moneyBack).toMatchObject([{ goneMinor: 6_000 }])
  value(await payRefundByHand(shop, byStaff(), { refundId }))
  expect(await balances(shop, orderId)).toEqual([0, 7_700, -7_700, 0])
  await expectBooksToAgree(shop)
})

it('what is heard of its parts once it was paid by hand whole is owed back, and what came back is to be paid', async () => {
  const { shop, orderId, refundId } = await openGoneInPart()
  value(await payRefundByHand(shop, byStaff(), { refundId }))
  // The 60.00 come back after all.
  await say(shop, refundId, 'failed')
  expect(await balances(shop, orderId)).toEqual([0, 13_700, -7_700, 0])
  expect(balanceOf((await booksOf(shop)).ledger, 'refundInTransit')).toBe(-6_000)
  await expectBooksToAgree(shop)

  const other = await openShop()
  await fillCart(other, 'ann', [['kettle', 1]])
  const placed = await place(other, 'ann')
  await pay(other, 'ann', placed.orderId)
  other.gateway.scriptRefund({ kind: 'decline', code: 'InstrumentDeclined' })
  value(await cancelOrder(other, by('ann'), { orderId: placed.orderId }))
  const wholeId = (await booksOf(other)).refunds[0]?.id ?? ''
  value(await payRefundByHand(other, byStaff(), { refundId: wholeId }))
  await say(other, wholeId, 'failed', 6_000)
  expect(await balances(other, placed.orderId)).toEqual([0, 7_700, -13_700, 6_000])
  await expectBooksToAgree(other)
})

it('a refund that was paid by hand for the rest, and then goes whole by its gateway, is owed back as far as it went twice', async () => {
  const { shop, orderId, refundId } = await openGoneInPart()
  value(await payRefundByHand(shop, byStaff(), { refundId }))
  await say(shop, refundId, 'succeeded')
  expect(await balances(shop, orderId)).toEqual([0, 0, -7_700, 7_700])
  await expectBooksToAgree(shop)
})
