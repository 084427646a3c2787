import { describe, expect, it } from 'vitest'
import { payShare } from '../../../src/orders/payers/pay-share.js'
import { sharePayment } from '../../../src/orders/payers/share-payment.js'
import { recordPayment } from '../../../src/orders/paying/record-outcome.js'
import { refundOrder } from '../../../src/orders/refunds/refund-order.js'
import { acceptHeldMoney } from '../../../src/orders/suspense/accept-held-money.js'
import { settleRefunds } from '../../../src/orders/sweep-orders.js'
import { booksOf, expectBooksToAgree } from '../books-of.js'
import { edit, openEditShop } from '../editing/open-edit-shop.js'
import { by, byStaff, fillCart, pay, place, type TestShop, value } from '../open-shop.js'
import { hear, how, openSharedShop, order, payPart, returned, shareAmong, visitor } from './open-shared.js'

const backOf = async (shop: TestShop) => {
  value(await settleRefunds(shop, { limit: 10 }))
  return (await booksOf(shop)).payments.map(({ state }) => [
    state.payerAccountId ?? state.accountId,
    state.amountMinor,
    state.refundedMinor,
  ])
}

describe('an order that several have paid', () => {
  it('gives what a later change cost back to who paid that alone, and the rest by each one’s part', async () => {
    const shop = await openEditShop()
    await fillCart(shop, 'ann', [['kettle', 1]])
    const { orderId } = await place(shop, 'ann')
    const half = { by: 'share', share: 1 } as const
    const payers = ['ann', 'bob'].map((accountId) => ({ accountId, part: half }))
    value(await sharePayment(shop, by('ann'), { orderId, payers }))
    value(await payShare(shop, by('bob'), { orderId, ...how }))
    await pay(shop, 'ann', orderId)
    await edit(shop, 'ann', { orderId, lines: [{ lineId: 'kettle-1', quantity: 2 }] })
    await pay(shop, 'ann', orderId)
    await edit(shop, 'ann', { orderId, lines: [{ lineId: 'kettle-1', quantity: 1 }] })
    expect(await backOf(shop)).toEqual([
      ['bob', 6_850, 0],
      ['ann', 6_850, 0],
      ['ann', 12_900, 12_900],
    ])
    value(await refundOrder(shop, byStaff(), { orderId, reason: 'goodwill', amountMinor: 1_000 }))
    expect((await backOf(shop)).map(([, , back]) => back)).toEqual([500, 500, 12_900])
    await expectBooksToAgree(shop)
  })

  it('gives no more to whom more was taken from than their part, which stands aside', async () => {
    const shop = await openSharedShop()
    const orderId = await order(shop)
    const { link } = await shareAmong(shop, orderId)
    await payPart(shop, visitor(), { link })
    shop.gateway.script({ kind: 'otherAmount', minor: 6_000 })
    const { paymentId } = await payPart(shop, by('bob'), { orderId })
    value(await acceptHeldMoney(shop, byStaff(), { paymentId }))
    await payPart(shop, by('bob'), { orderId })
    await pay(shop, 'ann', orderId)
    await hear(shop)
    // Of Bob 60.00 were accepted and 15.00 came; now his gateway says that the first were 75.00 after all.
    value(
      await recordPayment(shop, paymentId, ({ merchantAccount, currency, amountMinor }, at) => [
        {
          type: 'RecordSnapshot',
          snapshot: {
            ...{ kind: 'payment', attemptRef: paymentId, orderRef: orderId, gatewayRef: null, merchantAccount, at },
            ...{ status: 'captured', total: { minor: amountMinor, currency }, authorisedMinor: 0 },
            ...{ capturedMinor: amountMinor, feeMinor: null, failure: null },
          },
        },
      ]),
    )
    // A tenth of 100.00, 15.00, 150.00 and 60.00.
    value(await refundOrder(shop, byStaff(), { orderId, reason: 'goodwill', amountMinor: 3_250 }))
    value(await settleRefunds(shop, { limit: 10 }))
    expect(await returned(shop, orderId)).toEqual([1_000, 150, 1_500, 600])
    await expectBooksToAgree(shop)
  })
})
