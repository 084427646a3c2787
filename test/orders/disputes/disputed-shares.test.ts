import { expect, it } from 'vitest'
import { payShare } from '../../../src/orders/payers/pay-share.js'
import { sharePayment } from '../../../src/orders/payers/share-payment.js'
import { booksOf, expectBooksToAgree, freeOf } from '../books-of.js'
import { by, fillCart, openShop, place, value } from '../open-shop.js'
import { decideAt, dispute } from './disputed.js'

/** Ann and Bob pay half each; Ann's bank holds hers before Bob has paid his. */
const openHeld = async () => {
  const shop = await openShop()
  await fillCart(shop, 'ann', [['kettle', 2]])
  const { orderId } = await place(shop, 'ann')
  const half = (accountId: string) => ({ accountId, part: { by: 'share', share: 1 } }) as const
  value(await sharePayment(shop, by('ann'), { orderId, payers: [half('ann'), half('bob')] }))
  const how = { orderId, gatewayId: 'sandbox', method: 'wechatPay' } as const
  const { paymentId } = value(await payShare(shop, by('ann'), how))
  const { disputeRef } = await dispute(shop, paymentId)
  expect(value(await payShare(shop, by('bob'), how)).orderStatus).toBe('awaitingPayment')
  const statusOf = async () => (await booksOf(shop)).orders.map(({ state }) => state.status)
  return { shop, disputeRef, statusOf }
}

it('an order of several payers is paid once the last part that a dispute held is the shop’s again', async () => {
  const { shop, disputeRef, statusOf } = await openHeld()
  await decideAt(shop, disputeRef, 'won')
  expect(await statusOf()).toEqual(['paid'])
  expect(await freeOf(shop, 'kettle')).toBe(98)
  await expectBooksToAgree(shop)
  // Told again, it changes nothing.
  await decideAt(shop, disputeRef, 'won')
  expect(await statusOf()).toEqual(['paid'])
  await expectBooksToAgree(shop)
})

it('and is not while a part is gone by a lost dispute', async () => {
  const { shop, disputeRef, statusOf } = await openHeld()
  await decideAt(shop, disputeRef, 'lost')
  expect(await statusOf()).toEqual(['awaitingPayment'])
  await expectBooksToAgree(shop)
})
