import { okAsync } from 'neverthrow'
import { describe, expect, it } from 'vitest'
import { recordDispute } from '../../../src/orders/disputes/record-dispute.js'
import { captureOrder } from '../../../src/orders/paying/capture-order.js'
import { decidePayment } from '../../../src/orders/paying/decide-payment.js'
import { refundOrder } from '../../../src/orders/refunds/refund-order.js'
import { settlePayments, settleRefunds } from '../../../src/orders/sweep-orders.js'
import type { DisputeSnapshot } from '../../../src/payments/snapshot.js'
import { daysMs, hoursMs } from '../../../src/shared/instant.js'
import { expectBooksToAgree } from '../books-of.js'
import { byStaff, type TestShop, value } from '../open-shop.js'
import {
  allTaken,
  gone,
  openCapturing,
  openHeld,
  paymentOf,
  refundsOf,
  tell,
  threeDays,
  unpaid,
} from './unheard-shop.js'

const lost = () => okAsync({ kind: 'unknown', cause: 'timeout' } as const)

describe('what was given up of a hold, as its capture was said not to be taken', () => {
  it('goes back where the gateway took a part that is more than what is left', async () => {
    const { shop, orderId, paymentId } = await openHeld()
    const { capture: take } = shop.gateway
    if (take === undefined) return expect.unreachable('it takes what it holds')
    const capture: typeof take = (request) => take(request).andThen(lost)
    const quiet: TestShop = { ...shop, gateways: { sandbox: { ...shop.gateway, query: lost, close: lost, capture } } }
    value(await captureOrder(quiet, byStaff(), { orderId, amountMinor: 13_000 }))
    threeDays(shop)
    value(await decidePayment(quiet, byStaff(), unpaid(paymentId)))
    // 137.00 less 50.00 is 87.00, and the gateway has 130.00.
    value(await refundOrder(shop, byStaff(), { orderId, reason: 'goodwill', amountMinor: 5_000 }))
    for (let day = 0; day < 3; day += 1) {
      shop.pass(daysMs)
      value(await settlePayments(shop, { limit: 10 }))
      value(await settleRefunds(shop, { limit: 10 }))
    }
    expect((await refundsOf(shop)).map(({ amountMinor, reason, status }) => [amountMinor, reason, status])).toEqual([
      [4_300, 'lateSuccess', 'succeeded'],
    ])
    expect(shop.gateway.books().totals[0]?.netMinor).toBe(8_700)
    await expectBooksToAgree(shop)
  })

  it.each([900, 13_000, 13_700])('waits for a dispute of %d and goes back once that is won', async (minor) => {
    const { shop, orderId, paymentId } = await openCapturing()
    value(await decidePayment(gone(shop), byStaff(), unpaid(paymentId)))
    value(await refundOrder(shop, byStaff(), { orderId, reason: 'goodwill', amountMinor: 1_500 }))
    const say = async (status: DisputeSnapshot['status']) => {
      shop.pass(hoursMs)
      const amount = { minor, currency: 'CNY' } as const
      const said = {
        kind: 'dispute',
        disputeRef: 'd1',
        attemptRef: paymentId,
        status,
        reason: 'other',
        amount,
      } as const
      const word = { ...said, at: shop.clock.now(), lostMinor: null, feeMinor: null, evidenceDueAt: null }
      value(await recordDispute(shop, shop.gateway, word))
    }
    await say('evidenceDue')
    await tell(shop, paymentId, allTaken)
    expect((await paymentOf(shop))?.known.captured?.minor).toBe(13_700)
    const back = async () => (await refundsOf(shop)).map(({ amountMinor, status }) => [amountMinor, status])
    expect(await back()).toEqual([[1_500, 'held']])
    await say('won')
    await tell(shop, paymentId, allTaken)
    expect(await back()).toEqual([[1_500, 'requested']])
    await expectBooksToAgree(shop)
  })
})
