import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { listBills } from '../../../src/orders/books/list-bills.js'
import { payOrder } from '../../../src/orders/paying/pay-order.js'
import { settlePayments, settleRefunds } from '../../../src/orders/sweep-orders.js'
import { minutesMs } from '../../../src/shared/instant.js'
import { balanceOf, booksOf, expectBooksToAgree, freeOf } from '../books-of.js'
import { decideAt } from '../disputes/disputed.js'
import { edit } from '../editing/open-edit-shop.js'
import { noticesOf } from '../notices/notices-of.js'
import { by, byStaff, pay, type TestShop, value } from '../open-shop.js'
import { hear, how, openSharedShop, order, orderOf, payPart, shareAmong } from '../payers/open-shared.js'

const lamps = (orderId: string, quantity: number) => ({ orderId, lines: [{ lineId: 'lamp-2', quantity }] })
const oneKettle = (orderId: string) => ({
  orderId,
  lines: [
    { lineId: 'kettle-1', quantity: 1 },
    { lineId: 'lamp-2', quantity: 0 },
  ],
})

/** Ann's order of 384.00, two lamps in it; she was shown how to pay, and takes a lamp out. */
const openChanged = async (shop: TestShop) => {
  const orderId = await order(shop)
  await edit(shop, 'ann', lamps(orderId, 2))
  shop.gateway.script({ kind: 'pending' })
  const { paymentId } = await pay(shop, 'ann', orderId)
  shop.gateway.scriptClose({ kind: 'timeout', closed: false })
  await edit(shop, 'ann', lamps(orderId, 1))
  return { orderId, paymentId }
}

const tellAgain = async (shop: TestShop, paymentId: string) => {
  shop.gateway.repeat(paymentId)
  await hear(shop)
  value(await settleRefunds(shop, { limit: 10 }))
}

describe('money that was asked back', () => {
  it('does not pay the order that costs as much again, however often its capture is told', async () => {
    const shop = await openSharedShop()
    const { orderId, paymentId } = await openChanged(shop)
    expect(shop.gateway.pay(paymentId)).toBe(true)
    await hear(shop)
    value(await settleRefunds(shop, { limit: 10 }))
    await edit(shop, 'ann', lamps(orderId, 2))
    for (let count = 0; count < 2; count += 1) await tellAgain(shop, paymentId)
    const { refunds, ledger } = await booksOf(shop)
    expect(await orderOf(shop, orderId)).toMatchObject({
      status: 'awaitingPayment',
      totals: { payableMinor: 38_400 },
    })
    expect(refunds.map(({ id, state }) => [id, state.status, state.amountMinor])).toEqual([
      [`late_${paymentId}`, 'succeeded', 38_400],
    ])
    expect(balanceOf(ledger, `escrow:${orderId}`)).toBe(0)
    // What never paid it is on no bill of it, so that the one of its own refund is sent when it comes.
    const billed = async () =>
      value(await listBills(shop, byStaff(), {})).bills.map((bill) => [bill.status, bill.paidMinor])
    expect(await billed()).toEqual([['created', 0]])
    // Money that is the order's own pays it.
    expect(await pay(shop, 'ann', orderId)).toMatchObject({ orderStatus: 'paid', amountMinor: 38_400 })
    expect(await billed()).toEqual([['paid', 38_400]])
    expect(balanceOf((await booksOf(shop)).ledger, `escrow:${orderId}`)).toBe(-38_400)
    await expectBooksToAgree(shop)
  })

  it('pays nothing in whatever order prices come and go, payers pay, and gateways tell', async () => {
    const facts = ['pay', 'hear', 'hear', 'repeat', 'more', 'fewer', 'more', 'send', 'try'] as const
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([...facts], { minLength: 6 }), async (steps) => {
        const shop = await openSharedShop()
        const { orderId, paymentId } = await openChanged(shop)
        for (const does of steps) {
          const { status, lines } = (await orderOf(shop, orderId))!
          const has = lines.find(({ lineId }) => lineId === 'lamp-2')?.quantity ?? 0
          const wanted = does === 'more' ? 2 : 1
          if ((does === 'fewer' || does === 'more') && status === 'awaitingPayment' && has !== wanted) {
            await edit(shop, 'ann', lamps(orderId, wanted))
          }
          if (does === 'try' && status === 'awaitingPayment') {
            shop.gateway.script({ kind: 'pending' })
            value(await payOrder(shop, by('ann'), { orderId, ...how }))
          }
          if (does === 'pay') shop.gateway.pay(paymentId, { evenIfEnded: true })
          if (does === 'hear') await hear(shop)
          if (does === 'repeat') shop.gateway.repeat(paymentId)
          if (does === 'send') value(await settleRefunds(shop, { limit: 10 }))
        }
        await tellAgain(shop, paymentId)
        shop.pass(minutesMs)
        value(await settlePayments(shop, { limit: 10 }))
        const { ledger } = await booksOf(shop)
        const { status, totals } = (await orderOf(shop, orderId))!
        const inHand = status === 'paid' ? totals.payableMinor : 0
        expect(balanceOf(ledger, `escrow:${orderId}`)).toBe(0 - inHand)
        expect(balanceOf(ledger, 'gatewayClearing:sandbox')).toBe(inHand)
        await expectBooksToAgree(shop)
      }),
      { numRuns: 8 },
    )
  })

  it.each(['ended', 'notEnded'] as const)(
    'is not the order’s where it was another’s part of before, be it all that is due by now: %s',
    async (atGateway) => {
      const shop = await openSharedShop()
      const orderId = await order(shop)
      await shareAmong(shop, orderId, [
        { accountId: 'bob', part: { by: 'amount', amountMinor: 13_700 } },
        { accountId: 'ann', part: { by: 'rest' } },
      ])
      shop.gateway.script({ kind: 'pending' })
      const { paymentId } = await payPart(shop, by('bob'), { orderId })
      if (atGateway === 'notEnded') shop.gateway.scriptClose({ kind: 'timeout', closed: false })
      await shareAmong(shop, orderId)
      await edit(shop, 'ann', oneKettle(orderId))
      expect(shop.gateway.pay(paymentId, { evenIfEnded: true })).toBe(true)
      await hear(shop)
      for (let count = 0; count < 2; count += 1) await tellAgain(shop, paymentId)
      expect(await orderOf(shop, orderId)).toMatchObject({
        status: 'awaitingPayment',
        totals: { payableMinor: 13_700 },
      })
      expect((await booksOf(shop)).refunds.map(({ id, state }) => [id, state.status])).toEqual([
        [`late_${paymentId}`, 'succeeded'],
      ])
      const notices = await noticesOf(shop)
      expect(notices.filter(([, template]) => template.startsWith('refund'))).toEqual([['bob', 'refundSucceeded']])
      await expectBooksToAgree(shop)
    },
  )
})

describe('money that a bank held when it came', () => {
  const openHeld = async (isOther: boolean) => {
    const shop = await openSharedShop()
    const orderId = await order(shop)
    shop.gateway.script({ kind: 'pending' })
    const { paymentId } = await pay(shop, 'ann', orderId)
    if (isOther) await edit(shop, 'ann', lamps(orderId, 0))
    expect(shop.gateway.pay(paymentId, { evenIfEnded: true })).toBe(true)
    // What it says of the payment is lost, and it says so again after it has spoken of the dispute.
    expect(await shop.gateway.takeNotifications()).toHaveLength(1)
    const disputeRef = shop.gateway.dispute(paymentId) ?? ''
    await hear(shop)
    shop.gateway.repeat(paymentId)
    await hear(shop)
    expect((await orderOf(shop, orderId))?.status).toBe('awaitingPayment')
    return { shop, orderId, paymentId, disputeRef }
  }

  it('goes back once it is free, where the order costs something else by now', async () => {
    const { shop, orderId, disputeRef } = await openHeld(true)
    expect((await booksOf(shop)).refunds).toEqual([])
    await decideAt(shop, disputeRef, 'won')
    value(await settleRefunds(shop, { limit: 10 }))
    expect((await booksOf(shop)).refunds.map(({ state }) => [state.status, state.amountMinor])).toEqual([
      ['succeeded', 32_500],
    ])
    expect(balanceOf((await booksOf(shop)).ledger, `escrow:${orderId}`)).toBe(0)
    await expectBooksToAgree(shop)
  })

  it('pays the order that still waits for it once it is free, and not before', async () => {
    const { shop, orderId, disputeRef } = await openHeld(false)
    await decideAt(shop, disputeRef, 'won')
    expect((await orderOf(shop, orderId))?.status).toBe('paid')
    expect(await freeOf(shop, 'kettle')).toBe(98)
    expect((await booksOf(shop)).refunds).toEqual([])
    await expectBooksToAgree(shop)
  })

  it('pays nothing where it is lost: its payer has it, and it is no loss', async () => {
    const { shop, orderId, paymentId, disputeRef } = await openHeld(false)
    await decideAt(shop, disputeRef, 'lost')
    await tellAgain(shop, paymentId)
    expect((await orderOf(shop, orderId))?.status).toBe('awaitingPayment')
    const { refunds, ledger } = await booksOf(shop)
    expect(refunds.map(({ state }) => [state.status, state.amountMinor])).toEqual([['chargedBack', 32_500]])
    expect(balanceOf(ledger, `escrow:${orderId}`)).toBe(0)
    expect(balanceOf(ledger, 'chargebackLoss')).toBe(0)
    await expectBooksToAgree(shop)
  })
})
