import { okAsync } from 'neverthrow'
import { cancelOrder } from '../../../src/orders/editing/cancel-order.js'
import { recordRefund } from '../../../src/orders/paying/record-outcome.js'
import type { PaymentGateway } from '../../../src/payments/ports.js'
import { daysMs } from '../../../src/shared/instant.js'
import { balanceOf, booksOf } from '../books-of.js'
import { by, fillCart, openShop, pay, place, type TestShop, value } from '../open-shop.js'

/** A gateway that answers of every refund that it failed, with so much of it arrived. */
export const failingWith = (gateway: PaymentGateway, goneMinor: number): PaymentGateway => ({
  ...gateway,
  refund: ({ refundRef, attemptRef, amount, at }) =>
    okAsync({
      kind: 'ok',
      value: {
        kind: 'refund',
        ...{ refundRef, attemptRef, gatewayRef: null, status: 'failed', amount, at },
        failure: 'InstrumentDeclined',
        ...(goneMinor === 0 ? {} : { goneMinor }),
      },
    }),
})

/** Ann's order of 137.00 is cancelled; of its refund 60.00 arrive, and the rest is turned down. */
export const openGoneInPart = async (goneMinor = 6_000) => {
  const shop = await openShop()
  await fillCart(shop, 'ann', [['kettle', 1]])
  const { orderId } = await place(shop, 'ann')
  const { paymentId } = await pay(shop, 'ann', orderId)
  const failing = { ...shop, gateways: { sandbox: failingWith(shop.gateway, goneMinor) } }
  value(await cancelOrder(failing, by('ann'), { orderId }))
  const refundId = (await booksOf(shop)).refunds[0]?.id ?? ''
  return { shop, orderId, paymentId, refundId }
}

/** What the gateway says of a refund later: that it went whole, or failed with so much of it arrived. */
export const say = async (shop: TestShop, refundId: string, status: 'succeeded' | 'failed', goneMinor?: number) => {
  shop.pass(daysMs)
  value(
    await recordRefund(shop, refundId, ({ paymentId, amountMinor, currency }, at) => [
      {
        type: 'RecordRefundSnapshot',
        snapshot: {
          kind: 'refund',
          ...{ refundRef: refundId, attemptRef: paymentId, gatewayRef: null, status, at },
          failure: status === 'failed' ? 'InstrumentDeclined' : null,
          amount: { minor: amountMinor, currency },
          ...(goneMinor === undefined ? {} : { goneMinor }),
        },
        isAnswer: true,
      },
    ]),
  )
}

/** What stands on accounts of a shop's ledger, minor units, in the order in which they are named. */
export const balances = async (shop: TestShop, accounts: readonly Parameters<typeof balanceOf>[1][]) => {
  const { ledger } = await booksOf(shop)
  return accounts.map((account) => balanceOf(ledger, account))
}
