import { okAsync } from 'neverthrow'
import type { PaymentGateway } from 'shopwright/payments'
import { describe, expect, it } from 'vitest'
import { receiveNotification } from '../../../src/orders/paying/receive-notification.js'
import { booksOf, expectBooksToAgree } from '../books-of.js'
import { fillCart, openShop, pay, place, type TestShop, value } from '../open-shop.js'

/** A shop whose gateway gives money only to who asks, and says so; nobody has heard of Ann's payment yet. */
const openPaid = async (toQuery: (paymentId: string) => readonly string[]) => {
  const shop = await openShop()
  await fillCart(shop, 'ann', [['kettle', 1]])
  const { orderId } = await place(shop, 'ann')
  shop.gateway.script({ kind: 'pending' })
  const { paymentId } = await pay(shop, 'ann', orderId)
  shop.gateway.pay(paymentId)
  await shop.gateway.takeNotifications()
  const asked: string[] = []
  const telling = (gatewayId: string): PaymentGateway => ({
    ...shop.gateway,
    gatewayId,
    query: (question) => {
      asked.push(question.attemptRef)
      return shop.gateway.query(question)
    },
    verifyNotification: () => okAsync({ eventId: 'e1', facts: [], toQuery: toQuery(paymentId) }),
  })
  const ports: TestShop = { ...shop, gateways: { sandbox: telling('sandbox'), other: telling('other') } }
  const hear = async (gatewayId = 'sandbox') =>
    value(await receiveNotification(ports, { gatewayId, body: new Uint8Array(), headers: {} })).outcome
  const status = async () => (await booksOf(shop)).orders[0]?.state.status
  return { shop, paymentId, asked, hear, status }
}

describe('a notification that names what is to be asked about', () => {
  it('has it asked about at once, and not again once it is decided', async () => {
    const { shop, paymentId, asked, hear, status } = await openPaid((own) => [own])
    expect(await status()).toBe('awaitingPayment')
    expect(await hear()).toBe('handled')
    expect(await status()).toBe('paid')
    expect(await hear()).toBe('handled')
    expect(asked).toEqual([paymentId])
    await expectBooksToAgree(shop)
  })

  it('has nothing asked that the shop does not know', async () => {
    const { asked, hear, status } = await openPaid(() => ['INV-77'])
    expect(await hear()).toBe('handled')
    expect([asked, await status()]).toEqual([[], 'awaitingPayment'])
  })

  it('has nothing asked about payments through another gateway', async () => {
    const { asked, hear, status } = await openPaid((own) => [own])
    expect(await hear('other')).toBe('handled')
    expect([asked, await status()]).toEqual([[], 'awaitingPayment'])
  })
})
