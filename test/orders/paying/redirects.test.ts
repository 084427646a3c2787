import { describe, expect, it } from 'vitest'
import { payShare } from '../../../src/orders/payers/pay-share.js'
import { payOrder } from '../../../src/orders/paying/pay-order.js'
import { queryPayment } from '../../../src/orders/paying/query-payment.js'
import type { PaymentGateway } from '../../../src/payments/ports.js'
import { minutesMs } from '../../../src/shared/instant.js'
import { booksOf, expectBooksToAgree } from '../books-of.js'
import { by, fillCart, openShop, place, type TestShop, value } from '../open-shop.js'
import { openSharedShop, order, shareAmong } from '../payers/open-shared.js'

/** A shop whose gateway, or whoever sits before it, would send payers elsewhere. */
const astray = (shop: TestShop): TestShop => {
  const sandbox: PaymentGateway = {
    ...shop.gateway,
    create: (request) =>
      shop.gateway.create(request).map((outcome) =>
        outcome.kind === 'ok'
          ? {
              ...outcome,
              value: { ...outcome.value, next: { kind: 'redirect', url: 'https://sandbox.evil.example/' } },
            }
          : outcome,
      ),
  }
  return { ...shop, gateways: { sandbox } }
}

const byAlipay = { gatewayId: 'sandbox', method: 'alipay' } as const

describe('where a gateway sends a payer', () => {
  it('is shown where it is a host that the gateway declares', async () => {
    const shop = await openShop()
    await fillCart(shop, 'ann', [['kettle', 1]])
    const { orderId } = await place(shop, 'ann')
    shop.gateway.script({ kind: 'pending' })
    const shown = value(await payOrder(shop, by('ann'), { orderId, ...byAlipay }))
    expect(shown.next).toMatchObject({ kind: 'redirect' })
    expect(Object.keys(shown)).not.toContain('withheld')
  })

  it('is withheld where it is another, as often as it is asked, and the attempt is not lost', async () => {
    const opened = await openShop()
    const shop = astray(opened)
    await fillCart(shop, 'ann', [['kettle', 1]])
    const { orderId } = await place(shop, 'ann')
    opened.gateway.script({ kind: 'pending' })
    const pay = () => payOrder(shop, by('ann', 'once'), { orderId, ...byAlipay })
    const first = value(await pay())
    expect(first).toMatchObject({ paymentStatus: 'requiresAction', next: null, withheld: 'undeclaredHost' })
    expect(value(await pay())).toEqual(first)
    expect(JSON.stringify([await booksOf(shop), shop.told])).not.toContain('evil')
    expect(opened.gateway.pay(first.paymentId)).toBe(true)
    shop.pass(minutesMs)
    expect(value(await queryPayment(shop, by('ann'), { orderId }))).toMatchObject({ orderStatus: 'paid' })
    await expectBooksToAgree(shop)
  })

  it('is withheld from each of several payers, who may turn to another method', async () => {
    const opened = await openSharedShop()
    const shop = astray(opened)
    const { link } = await shareAmong(shop, await order(shop))
    opened.gateway.script({ kind: 'pending' })
    const visitor = { actor: { kind: 'guest', guestId: 'v' }, key: 'v' } as const
    const first = value(await payShare(shop, visitor, { link, ...byAlipay }))
    expect(first).toMatchObject({ paymentStatus: 'requiresAction', next: null, withheld: 'undeclaredHost' })
    const other = { link, gatewayId: 'sandbox', method: 'wechatPay' } as const
    expect(value(await payShare(opened, { ...visitor, key: 'w' }, other))).toMatchObject({ paymentStatus: 'captured' })
  })
})
