import { describe, expect, it } from 'vitest'
import { reconcileBill } from '../../../src/orders/books/reconcile-bill.js'
import { recordGatewayPayout } from '../../../src/orders/books/record-gateway-payout.js'
import { cancelOrder } from '../../../src/orders/editing/cancel-order.js'
import { payOrder } from '../../../src/orders/paying/pay-order.js'
import { holdReceipt, returnReceipt } from '../../../src/orders/suspense/hold-receipt.js'
import type { GatewayBillRow } from '../../../src/payments/gateway-bill.js'
import { daysMs } from '../../../src/shared/instant.js'
import { balanceOf, booksOf, expectBooksToAgree } from '../books-of.js'
import { by, byStaff, fillCart, openShop, pay, place, type TestShop, value } from '../open-shop.js'

/** The shop, and as it opens once it has given its gateway up. */
const openBoth = async () => {
  const shop = await openShop()
  return { shop, without: { ...shop, gateways: {} } satisfies TestShop }
}

/** An order of one kettle, 129.00 and 8.00 carriage, paid by the sandbox as it goes then. */
const sell = async (shop: TestShop, buyer: string) => {
  await fillCart(shop, buyer, [['kettle', 1]])
  const { orderId } = await place(shop, buyer)
  const { paymentId } = await pay(shop, buyer, orderId)
  return { orderId, paymentId }
}

const clearingOf = async (shop: TestShop) => balanceOf((await booksOf(shop)).ledger, 'gatewayClearing:sandbox')
const payout = { currency: 'CNY', amountMinor: 13_700, reference: 'last' } as const
const bill = { gatewayId: 'sandbox', day: '2026-03-10', timeZone: 'Asia/Shanghai' } as const

const billed = (kind: 'payment' | 'refund', reference: string, attemptRef: string, at: number): GatewayBillRow => ({
  ...{ kind, reference, attemptRef, gatewayRef: null, status: 'succeeded' },
  ...{ currency: 'CNY', amountMinor: 13_700, fee: null, at },
})

describe('the books of a gateway that the shop has given up', () => {
  it('are closed by its last payout to the shop', async () => {
    const { shop, without } = await openBoth()
    await sell(shop, 'ann')
    const owedMinor = await clearingOf(shop)
    expect(owedMinor).toBeGreaterThan(0)
    const last = { ...payout, gatewayId: 'sandbox', amountMinor: owedMinor }
    expect(value(await recordGatewayPayout(without, byStaff(), last)).recorded).toBe(true)
    expect(await clearingOf(shop)).toBe(0)
    await expectBooksToAgree(shop)
  })

  it('learn from its last bill what was paid, what was not, and that a refund arrived', async () => {
    const { shop, without } = await openBoth()
    const at = shop.clock.now()
    shop.gateway.script({ kind: 'timeout', charged: true, delivery: { times: 0 } })
    const paid = await sell(shop, 'ann')
    shop.gateway.script({ kind: 'timeout', charged: false, delivery: { times: 0 } })
    const unpaid = await sell(shop, 'bob')
    const refunded = await sell(shop, 'cat')
    shop.gateway.scriptRefund({ kind: 'timeout', refunded: true, delivery: { times: 0 } })
    await cancelOrder(shop, by('cat'), { orderId: refunded.orderId })
    const refundId = (await booksOf(shop)).refunds[0]?.id ?? ''
    shop.pass(2 * daysMs)
    const source = [
      billed('payment', paid.paymentId, paid.paymentId, at),
      billed('payment', refunded.paymentId, refunded.paymentId, at),
      billed('refund', refundId, refunded.paymentId, at),
    ]
    const read = value(await reconcileBill(without, byStaff(), { ...bill, source }))
    expect(read).toMatchObject({ findingCount: 0, counts: { learnSucceeded: 2, learnNotFound: 1 } })
    const { orders, payments: attempts, refunds } = await booksOf(shop)
    expect(attempts.find(({ id }) => id === unpaid.paymentId)?.state.status).toBe('closed')
    expect(refunds.map(({ state }) => state.status)).toEqual(['succeeded'])
    expect(orders.find(({ id }) => id === paid.orderId)?.state).toHaveProperty('paidAt')
    await expectBooksToAgree(shop)
  })

  it('leave rows of another gateway of the same merchant alone, as they did before', async () => {
    const { shop } = await openBoth()
    const at = shop.clock.now()
    const gateways = { sandbox: shop.gateway, other: { ...shop.gateway } }
    const { paymentId } = await sell(shop, 'ann')
    await fillCart(shop, 'bob', [['kettle', 1]])
    const { orderId } = await place(shop, 'bob')
    const through = { orderId, gatewayId: 'other', method: 'wechatPay' } as const
    const elsewhere = value(await payOrder({ ...shop, gateways }, by('bob'), through)).paymentId
    shop.pass(daysMs)
    const source = [billed('payment', paymentId, paymentId, at), billed('payment', elsewhere, elsewhere, at)]
    const without = { ...shop, gateways: { other: gateways.other } }
    const read = value(await reconcileBill(without, byStaff(), { ...bill, source }))
    expect(read).toMatchObject({ findingCount: 0, counts: { matched: 1, otherGateway: 1 } })
  })

  it('take in a late line of its statement, which is sent back', async () => {
    const { shop, without } = await openBoth()
    await sell(shop, 'ann')
    const line = { gatewayId: 'sandbox', reference: 'L1', amountMinor: 500, currency: 'CNY' } as const
    const { receiptId } = value(await holdReceipt(without, byStaff(), line))
    expect(balanceOf((await booksOf(shop)).ledger, 'suspense:sandbox')).toBe(-500)
    value(await returnReceipt(without, byStaff(), { receiptId }))
    expect(balanceOf((await booksOf(shop)).ledger, 'suspense:sandbox')).toBe(0)
    await expectBooksToAgree(shop)
  })

  it('are no books of a name by which nobody ever paid', async () => {
    const { shop, without } = await openBoth()
    await sell(shop, 'ann')
    shop.pass(2 * daysMs)
    const gatewayId = 'sandbo'
    const refusals = [
      await recordGatewayPayout(without, byStaff(), { ...payout, gatewayId }),
      await reconcileBill(without, byStaff(), { ...bill, gatewayId, source: [] }),
      await holdReceipt(without, byStaff(), { ...payout, gatewayId, reference: 'L1' }),
    ]
    for (const refusal of refusals) expect(refusal._unsafeUnwrapErr()).toEqual({ type: 'GatewayUnknown', gatewayId })
  })
})
