import { describe, expect, it } from 'vitest'
import { listBills } from '../../../src/orders/books/list-bills.js'
import { showStatement } from '../../../src/orders/books/show-statement.js'
import { sharePayment } from '../../../src/orders/payers/share-payment.js'
import { payOrder } from '../../../src/orders/paying/pay-order.js'
import { placeOrder } from '../../../src/orders/placing/place-order.js'
import { previewOrder } from '../../../src/orders/placing/preview-order.js'
import { refundOrder } from '../../../src/orders/refunds/refund-order.js'
import { settleRefunds } from '../../../src/orders/sweep-orders.js'
import { guestOwnerId } from '../../../src/shared/actor.js'
import { minutesMs } from '../../../src/shared/instant.js'
import type { CommandContext } from '../../../src/shared/run-command.js'
import { booksOf, expectBooksToAgree } from '../books-of.js'
import { by, byStaff, fillCart, recipient, value } from '../open-shop.js'
import { hear, how, openSharedShop, order, payPart, shareAmong, visitor } from '../payers/open-shared.js'

it('a visitor who pays their own part of their own order by its link has it on their statement', async () => {
  const shop = await openSharedShop()
  const me = visitor()
  const owner = me.actor.kind === 'guest' ? guestOwnerId(me.actor.guestId) : ''
  await fillCart(shop, owner, [['kettle', 2]])
  const choice = { shippingMethodId: 'standard' }
  const { totals } = value(await previewOrder(shop, me, { ...choice, region: recipient.region }))
  const { orderId } = value(
    await placeOrder(shop, me, { ...choice, recipient, expectedTotalMinor: totals.payableMinor }),
  )
  const parts = [{ part: { by: 'share', share: 1 } }, { part: { by: 'share', share: 1 } }] as const
  const { payers } = value(await sharePayment(shop, { ...me, key: 'share' }, { orderId, payers: parts }))
  await payPart(shop, { ...me, key: 'own' }, { link: payers[0]?.link ?? '' })
  await payPart(shop, visitor(), { link: payers[1]?.link ?? '' })
  const { ledger } = await booksOf(shop)
  const booked = ledger.filter(({ body }) => body.kind === 'captured').map(({ body }) => body.accountId)
  expect(booked.sort()).toEqual([owner, null])
  await expectBooksToAgree(shop)
})

describe('a part of an order that another pays', () => {
  it('stands on the statement of whoever paid: what they paid and what came back to them, and nobody else’s', async () => {
    const shop = await openSharedShop()
    const orderId = await order(shop)
    const { link } = await shareAmong(shop, orderId)
    await payPart(shop, visitor(), { link })
    await payPart(shop, by('bob'), { orderId })
    value(await payOrder(shop, by('ann'), { orderId, ...how }))
    value(
      await refundOrder(shop, byStaff(), { orderId, reason: 'goodwill', lines: [{ lineId: 'lamp-2', quantity: 1 }] }),
    )
    value(await settleRefunds(shop, { limit: 10 }))
    const period = { from: shop.clock.now() - minutesMs, to: shop.clock.now() + minutesMs }
    const movedOn = async (context: CommandContext, accountId?: string) =>
      value(await showStatement(shop, context, accountId === undefined ? period : { ...period, accountId })).sums?.map(
        ({ paidMinor, refundedMinor }) => [paidMinor, refundedMinor],
      )
    // 59.00 back by 100 : 75 : 150 of 325, as above.
    for (const [accountId, moved] of [
      ['ann', [10_000, 1_815]],
      ['bob', [7_500, 1_362]],
    ] as const) {
      expect(await movedOn(by(accountId))).toEqual([moved])
      expect(await movedOn(byStaff(), accountId)).toEqual([moved])
    }
    expect(await movedOn(visitor())).toEqual([])
    expect(await movedOn(byStaff())).toEqual([[32_500, 5_900]])
    // The bill is the order's: its buyer sees it paid, by whomever.
    const { bills } = value(await listBills(shop, by('ann')))
    expect(bills).toMatchObject([{ orderId, status: 'partRefunded', paidMinor: 32_500, refundedMinor: 5_900 }])
    expect(value(await listBills(shop, by('bob'))).bills).toEqual([])
    await expectBooksToAgree(shop)
  })

  it('tells who came by a link and has an account of what they paid, and of what their bank took back', async () => {
    const shop = await openSharedShop()
    const orderId = await order(shop)
    const { link } = await shareAmong(shop, orderId)
    const { paymentId } = await payPart(shop, by('carol'), { link })
    const disputeRef = shop.gateway.dispute(paymentId) ?? ''
    await hear(shop)
    shop.gateway.moveDispute(disputeRef, { status: 'lost', lostMinor: 6_000 })
    await hear(shop)
    const period = { from: shop.clock.now() - minutesMs, to: shop.clock.now() + minutesMs }
    const ofCarol = value(await showStatement(shop, by('carol'), period))
    expect(ofCarol.lines.map(({ kind, amountMinor }) => [kind, amountMinor])).toEqual([
      ['paid', 15_000],
      ['chargedBack', -6_000],
    ])
    expect(value(await showStatement(shop, by('ann'), period)).lines).toEqual([])
  })
})
