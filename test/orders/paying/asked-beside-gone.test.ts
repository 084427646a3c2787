import { describe, expect, it } from 'vitest'
import { createSandboxGateway, type PaymentScript } from '../../../adapters/gateways/sandbox/index.js'
import { cancelOrder } from '../../../src/orders/editing/cancel-order.js'
import { payOrder } from '../../../src/orders/paying/pay-order.js'
import { queryPayment } from '../../../src/orders/paying/query-payment.js'
import { minutesMs } from '../../../src/shared/instant.js'
import { booksOf, expectBooksToAgree } from '../books-of.js'
import { by, fillCart, openShop, pay, place, sandboxKey, value } from '../open-shop.js'

/** An order with an attempt at a gateway that is gone, and another at one that the shop has. */
const openBeside = async (second: PaymentScript) => {
  const shop = await openShop()
  const other = createSandboxGateway({ gatewayId: 'other', now: shop.clock.now, keys: [sandboxKey] })
  await fillCart(shop, 'ann', [['kettle', 1]])
  const { orderId } = await place(shop, 'ann')
  shop.gateway.script({ kind: 'pending' })
  const gone = (await pay(shop, 'ann', orderId)).paymentId
  const without = { ...shop, gateways: { other } }
  shop.pass(5_000)
  other.script(second)
  const input = { orderId, gatewayId: 'other', method: 'wechatPay' } as const
  const { paymentId } = value(await payOrder(without, by('ann'), input))
  shop.pass(minutesMs)
  return { shop, without, other, orderId, gone, paymentId }
}

describe('an attempt whose gateway the shop has no more', () => {
  it('keeps a buyer from hearing of no other: what was paid beside it pays the order', async () => {
    const { shop, without, orderId, gone, paymentId } = await openBeside({
      kind: 'timeout',
      charged: true,
      delivery: { times: 0 },
    })
    const { orderStatus, attempts } = value(await queryPayment(without, by('ann'), { orderId }))
    expect(orderStatus).toBe('paid')
    expect(attempts.map((attempt) => attempt.paymentId).sort()).toEqual([gone, paymentId].sort())
    expect(attempts.find((attempt) => attempt.paymentId === paymentId)?.status).toBe('captured')
    await expectBooksToAgree(shop)
  })

  it('is told of as it stands, ended or not, and alone still says that there is none', async () => {
    const { shop, without, orderId, gone, paymentId } = await openBeside({ kind: 'decline', code: 'InstrumentInvalid' })
    const answer = await queryPayment(without, by('ann'), { orderId, unpaid: true })
    expect(answer._unsafeUnwrapErr()).toEqual({ type: 'GatewayUnknown', gatewayId: 'sandbox' })
    const states = new Map((await booksOf(shop)).payments.map(({ id, state }) => [id, state.status]))
    expect([states.get(gone), states.get(paymentId)]).toEqual(['closing', 'failed'])
  })

  it('keeps no other from being ended at its gateway with their order', async () => {
    const { shop, without, other, orderId, gone, paymentId } = await openBeside({ kind: 'pending' })
    value(await cancelOrder(without, by('ann'), { orderId }))
    const states = new Map((await booksOf(shop)).payments.map(({ id, state }) => [id, state.status]))
    expect([states.get(gone), states.get(paymentId)]).toEqual(['closing', 'closed'])
    expect(other.books().payments.map(({ status }) => status)).toEqual(['closed'])
  })
})
