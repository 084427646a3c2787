import { describe, expect, it } from 'vitest'
import { listBills } from '../../../src/orders/books/list-bills.js'
import { showStatement } from '../../../src/orders/books/show-statement.js'
import { cancelOrder } from '../../../src/orders/editing/cancel-order.js'
import { orderPage } from '../../../src/orders/pages/order-page.js'
import { settleRefunds } from '../../../src/orders/sweep-orders.js'
import { hoursMs, secondsMs } from '../../../src/shared/instant.js'
import type { QueryContext } from '../../../src/shared/run-query.js'
import { expectBooksToAgree } from '../books-of.js'
import { decideAt, deliver, dispute } from '../disputes/disputed.js'
import { by, byStaff, fillCart, pay, place, type Sku, value } from '../open-shop.js'
import { openMall } from '../placing/open-mall.js'

type Happened = 'comes back' | 'disputed' | 'lost' | 'won'

const orders: readonly (readonly Happened[])[] = [
  ['comes back', 'disputed', 'lost'],
  ['disputed', 'comes back', 'lost'],
  ['disputed', 'lost', 'comes back'],
]

const wares: Readonly<Record<string, readonly (readonly [Sku, number])[]>> = {
  'an order of its own': [['lamp', 1]],
  'a part of a divided checkout': [
    ['kettle', 1],
    ['lamp', 1],
  ],
}

/** Ann's lamp of `lights`, cancelled and refunded, and what then happened to that. */
const openRefunded = async (lines: readonly (readonly [Sku, number])[]) => {
  const shop = await openMall()
  const from = shop.clock.now() - 1
  await fillCart(shop, 'ann', lines)
  const placed = await place(shop, 'ann')
  const { paymentId } = await pay(shop, 'ann', placed.orderId)
  await deliver(shop)
  const { orderIds } = value(await orderPage(shop, byStaff(), { orderId: placed.orderId }))
  // The lamp is the last of the lines, and its order the last of the parts.
  const orderId = orderIds.at(-1) ?? placed.orderId
  value(await cancelOrder(shop, by('ann'), { orderId }))
  const { refundRef } = shop.gateway.books().refunds[0] ?? { refundRef: '' }
  let disputeRef = ''
  const happen = async (what: Happened) => {
    shop.pass(secondsMs)
    switch (what) {
      case 'comes back':
        expect(shop.gateway.failRefund(refundRef, 'InstrumentInvalid')).toBe(true)
        await deliver(shop)
        return
      case 'disputed':
        disputeRef = (await dispute(shop, paymentId)).disputeRef
        return
      case 'lost':
      case 'won':
        await decideAt(shop, disputeRef, what)
        value(await settleRefunds(shop, { limit: 10 }))
        await deliver(shop)
        return
    }
  }
  const sumsOf = async (context: QueryContext) => {
    const { sums } = value(await showStatement(shop, context, { from, to: shop.clock.now() + hoursMs }))
    return sums?.map(({ paidMinor, refundedMinor, chargedBackMinor }) => [paidMinor, refundedMinor, chargedBackMinor])
  }
  const told = async () => {
    const bill = value(await listBills(shop, by('ann'), {})).bills.find((each) => each.orderId === orderId)
    return {
      bill: [bill?.status, bill?.paidMinor, bill?.refundedMinor, bill?.refundPendingMinor],
      buyer: await sumsOf(by('ann')),
      merchant: await sumsOf({ actor: { kind: 'merchant', merchantId: 'lights' } }),
    }
  }
  return { shop, happen, told }
}

describe.each(Object.entries(wares))('a refund of %s that came back and was had by a lost dispute', (name, lines) => {
  it.each(orders)('is counted once: %s, %s, %s', async (...happened) => {
    const { shop, happen, told } = await openRefunded(lines)
    for (const each of happened) await happen(each)
    const [payableMinor, partMinor] = name.startsWith('a part') ? [19_600, 6_151] : [6_700, 6_700]
    expect(shop.gateway.books().totals[0]).toMatchObject({ refundedMinor: 0, disputedMinor: payableMinor })
    expect(await told()).toEqual({
      bill: ['refunded', partMinor, partMinor, 0],
      buyer: [[payableMinor, 0, payableMinor]],
      merchant: [[partMinor, 0, partMinor]],
    })
    await expectBooksToAgree(shop)
    // Won after all, it is sent once more.
    await happen('won')
    expect(shop.gateway.books().totals[0]).toMatchObject({ refundedMinor: partMinor, disputedMinor: 0 })
    expect(await told()).toEqual({
      bill: ['refunded', partMinor, partMinor, 0],
      buyer: [[payableMinor, partMinor, 0]],
      merchant: [[partMinor, partMinor, 0]],
    })
    await expectBooksToAgree(shop)
  })
})
