import { describe, expect, it } from 'vitest'
import { recordDispute } from '../../../src/orders/disputes/record-dispute.js'
import { acceptHeldMoney } from '../../../src/orders/suspense/accept-held-money.js'
import { closeUnpaidOrders, settlePayments } from '../../../src/orders/sweep-orders.js'
import type { DisputeSnapshot } from '../../../src/payments/snapshot.js'
import { daysMs, hoursMs } from '../../../src/shared/instant.js'
import { balanceOf, booksOf, expectBooksToAgree } from '../books-of.js'
import { openEditShop } from '../editing/open-edit-shop.js'
import { byStaff, fillCart, pay, place, type TestShop, value } from '../open-shop.js'
import { say } from './say-total.js'

/** An order of 137.00, of whose attempt a word of another total came first, and then 60.00 of the right one. */
const openPart = async () => {
  const shop = await openEditShop({}, { capture: 'onShipment' })
  await fillCart(shop, 'ann', [['kettle', 1]])
  const { orderId } = await place(shop, 'ann')
  shop.gateway.script({ kind: 'pending' })
  const { paymentId } = await pay(shop, 'ann', orderId)
  await say(shop, paymentId, { minor: 25_000, capturedMinor: 0, status: 'authorised' })
  await say(shop, paymentId, { minor: 13_700, capturedMinor: 6_000, status: 'authorised' })
  return { shop, orderId, paymentId }
}

/** What the bank says of what was taken. */
const saysBank = async (
  shop: TestShop,
  paymentId: string,
  status: DisputeSnapshot['status'],
  lostMinor: number | null = null,
) => {
  const at = shop.clock.now()
  const about = {
    kind: 'dispute',
    disputeRef: 'd1',
    attemptRef: paymentId,
    gatewayRef: null,
    reason: 'notReceived',
  } as const
  const evidenceDueAt = status === 'evidenceDue' ? at + 5 * daysMs : null
  const told = { status, amount: { minor: 6_000, currency: 'CNY' }, lostMinor, feeMinor: 0, evidenceDueAt, at }
  value(await recordDispute(shop, shop.gateway, { ...about, ...told }))
}

const close = async (shop: TestShop) => {
  shop.pass(daysMs)
  for (let turn = 0; turn < 3; turn += 1) {
    value(await closeUnpaidOrders(shop, { limit: 10 }))
    value(await settlePayments(shop, { limit: 10 }))
    shop.pass(hoursMs)
  }
  expect((await booksOf(shop)).orders[0]?.state.status).toBe('closed')
}

const refundsOf = async (shop: TestShop) =>
  (await booksOf(shop)).refunds.map(({ state }) => [state.reason, state.amountMinor, state.status])

describe('what was taken of an attempt that pays nothing, and a dispute held when its order closed', () => {
  const openDisputed = async () => {
    const opened = await openPart()
    await saysBank(opened.shop, opened.paymentId, 'evidenceDue')
    await close(opened.shop)
    expect(await refundsOf(opened.shop)).toEqual([])
    opened.shop.pass(daysMs)
    return opened
  }

  it('goes back once the dispute is won', async () => {
    const { shop, paymentId } = await openDisputed()
    await saysBank(shop, paymentId, 'won')
    expect(await refundsOf(shop)).toEqual([['lateSuccess', 6_000, 'requested']])
    await expectBooksToAgree(shop)
  })

  it('goes back as far as a lost dispute has not taken it', async () => {
    for (const [lostMinor, back] of [
      [6_000, [['heldMoneyReturned', 6_000, 'chargedBack']]],
      [
        2_000,
        [
          ['heldMoneyReturned', 2_000, 'chargedBack'],
          ['lateSuccess', 4_000, 'requested'],
        ],
      ],
    ] as const) {
      const { shop, paymentId } = await openDisputed()
      await saysBank(shop, paymentId, 'lost', lostMinor)
      expect((await refundsOf(shop)).sort()).toEqual(back)
      expect(balanceOf((await booksOf(shop)).ledger, 'chargebackLoss')).toBe(0)
      await expectBooksToAgree(shop)
    }
  })

  it('stays while its order may still be paid', async () => {
    const { shop, paymentId } = await openPart()
    await saysBank(shop, paymentId, 'evidenceDue')
    await saysBank(shop, paymentId, 'won')
    expect(await refundsOf(shop)).toEqual([])
    await close(shop)
    expect(await refundsOf(shop)).toEqual([['lateSuccess', 6_000, 'requested']])
    await expectBooksToAgree(shop)
  })
})

it('what was taken of an attempt that pays nothing goes back once held money of another is said to pay its order', async () => {
  const { shop, orderId, paymentId } = await openPart()
  shop.gateway.script({ kind: 'pending' })
  const other = await pay(shop, 'ann', orderId)
  await say(shop, other.paymentId, { minor: 15_000, capturedMinor: 15_000, status: 'captured' })
  expect(await refundsOf(shop)).toEqual([])
  const accepted = value(await acceptHeldMoney(shop, byStaff(), { paymentId: other.paymentId }))
  expect(accepted).toMatchObject({ orderStatus: 'paid', acceptedMinor: 13_700, returned: { amountMinor: 1_300 } })
  const { refunds } = await booksOf(shop)
  expect(refunds.filter(({ state }) => state.paymentId === paymentId).map(({ state }) => state)).toMatchObject([
    { reason: 'duplicatePayment', amountMinor: 6_000 },
  ])
  await expectBooksToAgree(shop)
})
