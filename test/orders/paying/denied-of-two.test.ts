import { expect, it } from 'vitest'
import { shipOrder } from '../../../src/orders/parcels/ship-order.js'
import { payShare } from '../../../src/orders/payers/pay-share.js'
import { decidePayment } from '../../../src/orders/paying/decide-payment.js'
import { expectBooksToAgree } from '../books-of.js'
import { by, byStaff, value } from '../open-shop.js'
import { how, openSharedShop, order, orderOf, shareAmong } from '../payers/open-shared.js'
import { gone, hear, paid, tell, threeDays } from './unheard-shop.js'

it('an order of which two payments were denied stays held until both turn out to be there', async () => {
  const shop = await openSharedShop()
  const orderId = await order(shop)
  await shareAmong(shop, orderId, [
    { accountId: 'ann', part: { by: 'amount', amountMinor: 10_000 } },
    { accountId: 'bob', part: { by: 'share', share: 1 } },
  ])
  const paymentIds: string[] = []
  for (const buyer of ['ann', 'bob']) {
    shop.gateway.script({ kind: 'timeout', charged: false })
    paymentIds.push(value(await payShare(shop, by(buyer), { orderId, ...how })).paymentId)
  }
  threeDays(shop)
  for (const [place, paymentId] of paymentIds.entries()) {
    value(await decidePayment(gone(shop), byStaff(), paid(paymentId, `STMT-${place}`)))
  }
  await hear(shop)
  const [anns = '', bobs = ''] = paymentIds
  for (const paymentId of paymentIds) await tell(shop, paymentId, { status: 'closed' })
  const parcel = { orderId, carrier: 'sf-express', trackingNumber: 'X1' }
  await tell(shop, anns, { status: 'captured', capturedMinor: 10_000 })
  expect((await orderOf(shop, orderId))?.hold).toMatchObject({ reasons: ['paymentDenied'] })
  expect((await shipOrder(shop, byStaff(), parcel))._unsafeUnwrapErr()).toMatchObject({ type: 'OrderOnHold' })
  await tell(shop, bobs, { status: 'captured', capturedMinor: 22_500 })
  expect((await orderOf(shop, orderId))?.hold).toBeUndefined()
  value(await shipOrder(shop, byStaff(), parcel))
  await expectBooksToAgree(shop)
})
