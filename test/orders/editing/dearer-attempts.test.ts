import { expect, it } from 'vitest'
import { payOrder } from '../../../src/orders/paying/pay-order.js'
import { settlePayments } from '../../../src/orders/sweep-orders.js'
import { isUndecided } from '../../../src/payments/payment-machine.js'
import { minutesMs } from '../../../src/shared/instant.js'
import { losing } from '../../support/losing-storage.js'
import { booksOf, expectBooksToAgree } from '../books-of.js'
import { eventsOf } from '../history-laws.js'
import { by, pay, value } from '../open-shop.js'
import { buy, edit, hear, openEditShop, orderOf, two } from './open-edit-shop.js'

/** Ann's kettle becomes two, and two attempts have been made to pay for the second. */
const openTwice = async (second: 'started' | 'neverSent') => {
  const shop = await openEditShop()
  const orderId = await buy(shop, 'ann', [['kettle', 1]])
  await hear(shop)
  await edit(shop, 'ann', two(orderId))
  shop.gateway.script({ kind: 'pending' })
  const earlier = await pay(shop, 'ann', orderId)
  shop.gateway.script({ kind: 'pending' })
  if (second === 'started') await pay(shop, 'ann', orderId)
  else {
    const input = { orderId, gatewayId: 'sandbox', method: 'wechatPay' } as const
    const cut = { ...shop, storage: losing(shop.storage, ['well', 'unheard', 'never', 'never', 'never']) }
    expect((await payOrder(cut, by('ann'), input)).isErr()).toBe(true)
  }
  return { shop, orderId, earlier }
}

for (const second of ['started', 'neverSent'] as const) {
  it(`an attempt to pay a dearer change ends once another has paid it, where it was ${second}`, async () => {
    const { shop, orderId, earlier } = await openTwice(second)
    expect(shop.gateway.pay(earlier.paymentId, { evenIfEnded: true })).toBe(true)
    await hear(shop)
    const order = await orderOf(shop, orderId)
    expect(order?.lines).toMatchObject([{ quantity: 2 }])
    expect(order).toMatchObject({ extraPaymentIds: [earlier.paymentId] })
    // What its gateway never heard of can be said to bring nothing once its time is over.
    shop.pass(second === 'started' ? minutesMs : 31 * minutesMs)
    value(await settlePayments(shop, { limit: 10 }))
    const { payments } = await booksOf(shop)
    expect(payments).toHaveLength(3)
    expect(payments.filter(({ state }) => isUndecided(state))).toEqual([])
    // Nobody is shown a code any more that would pay for it twice.
    expect(shop.gateway.books().payments.filter(({ status }) => status === 'requiresAction')).toEqual([])
    await expectBooksToAgree({ ...shop, told: [...(await eventsOf(shop))] })
  })
}
