import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { listReturns } from '../../src/aftersales/list-returns.js'
import { receiveReturn } from '../../src/aftersales/receive-return.js'
import { refundReturn } from '../../src/aftersales/refund-return.js'
import { requestReturn } from '../../src/aftersales/request-return.js'
import { returnPage } from '../../src/aftersales/return-page.js'
import { refundDeadline } from '../../src/aftersales/return-policy.js'
import { approveReturn, cancelReturn, refuseReturn } from '../../src/aftersales/review-return.js'
import { members } from '../../src/membership/member.collection.schema.js'
import { listOrders } from '../../src/orders/pages/list-orders.js'
import { confirmReceipt } from '../../src/orders/parcels/complete-order.js'
import { shipOrder } from '../../src/orders/parcels/ship-order.js'
import { placeOrder } from '../../src/orders/placing/place-order.js'
import { previewOrder } from '../../src/orders/placing/preview-order.js'
import { returnWindowEnd } from '../../src/orders/policy/return-window.js'
import { savePolicy } from '../../src/orders/policy/save-policy.js'
import { defaultShopPolicy } from '../../src/orders/policy/shop-policy.js'
import { advanceOrders } from '../../src/orders/sweep-orders.js'
import { put } from '../../src/shared/commit.js'
import { daysMs, hoursMs } from '../../src/shared/instant.js'
import { orderWithReturns } from '../../src/storefront/order-with-returns.js'
import { booksOf, expectBooksToAgree, freeOf } from '../orders/books-of.js'
import {
  by,
  byStaff,
  commit,
  couponOffer,
  fillCart,
  giveCoupon,
  givePoints,
  insist,
  openShop,
  pay,
  place,
  recipient,
  type TestShop,
  value,
} from '../orders/open-shop.js'

/** Ann's order of three kettles and a mug, signed for; the coupon and 500 points paid part of it. */
const signedOrder = async (shop: TestShop) => {
  const couponId = await giveCoupon(shop, 'ann')
  await givePoints(shop, 'ann', 500)
  await fillCart(
    shop,
    'ann',
    [
      ['kettle', 3],
      ['mug', 1],
    ],
    [couponId],
  )
  const { orderId } = await place(shop, 'ann', { points: 500 })
  await pay(shop, 'ann', orderId)
  value(await shipOrder(shop, byStaff(), { orderId, carrier: 'sf-express', trackingNumber: 'SF1' }))
  value(await confirmReceipt(shop, by('ann'), { orderId }))
  return orderId
}

const kettles = (quantity: number) => [{ lineId: 'kettle-1', quantity }] as const
const found = (received: number, accepted: number, restock: number) => [
  { lineId: 'kettle-1', receivedQuantity: received, acceptedQuantity: accepted, restockQuantity: restock },
]
const orderOf = async (shop: TestShop) => (await booksOf(shop)).orders[0]!.state

describe('a return', () => {
  it('brings the goods to the shelf and the money to where it came from', async () => {
    const shop = await openShop({ offers: [couponOffer] })
    const orderId = await signedOrder(shop)
    const free = await freeOf(shop, 'kettle')
    const asked = value(
      await requestReturn(shop, by('ann'), {
        orderId,
        kind: 'returnAndRefund',
        reason: 'noReason',
        lines: kettles(1),
        description: '颜色和想象的不一样',
      }),
    )
    // Approved by rule: no person is needed for a small return without reason.
    expect(asked).toMatchObject({ status: 'approved', freightPayer: 'buyer' })
    expect((await orderOf(shop)).openReturnIds).toEqual([asked.returnId])

    const { returnId } = asked
    expect(value(await receiveReturn(shop, byStaff(), { returnId })).status).toBe('received')
    expect(value(await receiveReturn(shop, byStaff(), { returnId, lines: found(1, 1, 1) })).status).toBe('inspected')
    expect(await freeOf(shop, 'kettle')).toBe(free + 1)
    const refunded = value(await refundReturn(shop, byStaff(), { returnId }))
    expect(refunded).toMatchObject({ status: 'succeeded', cashMinor: asked.cashMinor, points: asked.points })
    expect((await orderOf(shop)).openReturnIds).toEqual([])
    expect((await refundReturn(shop, byStaff(), { returnId }))._unsafeUnwrapErr()).toMatchObject({
      type: 'ReturnStateForbids',
      status: 'refunded',
    })
    await expectBooksToAgree(shop)

    const page = value(await orderWithReturns(shop, by('ann'), { orderId }))
    expect(page).toMatchObject({ refund: 'partly', returns: [{ returnId, status: 'refunded' }] })
    expect(value(await returnPage(shop, by('ann'), { returnId })).description).toBe('颜色和想象的不一样')
    expect((await returnPage(shop, by('eve'), { returnId }))._unsafeUnwrapErr()).toMatchObject({ type: 'NotFound' })
    expect(JSON.stringify(shop.told)).not.toContain('颜色')
  })

  it('in any steps gives back exactly what was paid', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom([3], [1, 2], [2, 1], [1, 1, 1]), async (steps) => {
        const shop = await openShop({ offers: [couponOffer] })
        const orderId = await signedOrder(shop)
        for (const quantity of steps) {
          const { returnId } = value(
            await requestReturn(shop, by('ann'), {
              orderId,
              kind: 'returnAndRefund',
              reason: 'quality',
              lines: kettles(quantity),
            }),
          )
          value(await approveReturn(shop, byStaff(), { returnId }))
          value(await receiveReturn(shop, byStaff(), { returnId, lines: found(quantity, quantity, 0) }))
          value(await refundReturn(shop, byStaff(), { returnId }))
          await expectBooksToAgree(shop)
        }
        const { details, refunds } = await orderOf(shop)
        const line = details.price.lines.find(({ lineId }) => lineId === 'kettle-1')!
        expect(refunds.reduce((sum, each) => sum + each.cashMinor, 0)).toBe(line.cashMinor)
        expect(refunds.reduce((sum, each) => sum + each.points, 0)).toBe(line.points)
      }),
      { numRuns: 8 },
    )
  })

  it('refunds only what the inspection accepted, and writes off what cannot be sold', async () => {
    const shop = await openShop({ offers: [couponOffer] })
    const orderId = await signedOrder(shop)
    const free = await freeOf(shop, 'kettle')
    const { returnId } = value(
      await requestReturn(shop, by('ann'), { orderId, kind: 'returnAndRefund', reason: 'noReason', lines: kettles(3) }),
    )
    const more = await receiveReturn(shop, byStaff(), { returnId, lines: found(4, 4, 4) })
    expect(more._unsafeUnwrapErr()).toMatchObject({ type: 'InspectionDiffers', requested: 3 })
    value(await receiveReturn(shop, byStaff(), { returnId, lines: found(3, 2, 1) }))
    value(await refundReturn(shop, byStaff(), { returnId }))
    expect(await freeOf(shop, 'kettle')).toBe(free + 1)
    expect((await orderOf(shop)).lines[0]?.refundedQuantity).toBe(2)
    await expectBooksToAgree(shop)
  })

  it('waits for a person where the terms do not approve, and is refused by a person only', async () => {
    const shop = await openShop({ offers: [couponOffer] })
    const orderId = await signedOrder(shop)
    const { returnId, status } = value(
      await requestReturn(shop, by('ann'), { orderId, kind: 'refundOnly', reason: 'damaged', lines: kettles(1) }),
    )
    expect(status).toBe('requested')
    const itself = await refuseReturn(
      shop,
      { actor: { kind: 'system', reason: 'rule' }, key: 'k' },
      { returnId, ground: 'notSold' },
    )
    expect(itself._unsafeUnwrapErr()).toMatchObject({ type: 'Denied' })
    expect(value(await refuseReturn(shop, byStaff(), { returnId, ground: 'evidenceMissing' })).status).toBe('refused')
    expect((await orderOf(shop)).openReturnIds).toEqual([])

    // Another request is not in the way of the first; money alone needs no goods.
    const again = value(
      await requestReturn(shop, by('ann'), { orderId, kind: 'refundOnly', reason: 'damaged', lines: kettles(1) }),
    )
    expect(value(await approveReturn(shop, byStaff(), { returnId: again.returnId })).status).toBe('inspected')
    value(await refundReturn(shop, byStaff(), { returnId: again.returnId }))
    await expectBooksToAgree(shop)
  })

  it('cannot ask for a piece twice, nor at the same time', async () => {
    const shop = await openShop({ offers: [couponOffer] })
    const orderId = await signedOrder(shop)
    const asked = { orderId, kind: 'returnAndRefund', reason: 'size', lines: kettles(2) } as const
    const answers = await Promise.all(
      [1, 2].map(() => {
        const context = by('ann')
        return insist(() => requestReturn(shop, context, asked))
      }),
    )
    expect(answers.filter((answer) => 'returnId' in answer)).toHaveLength(1)
    expect(answers.flatMap((answer) => ('type' in answer ? [answer] : []))).toEqual([
      { type: 'ReturnTooLarge', lineId: 'kettle-1', asked: 2, left: 1 },
    ])
    const [first] = answers.flatMap((answer) => ('returnId' in answer ? [answer.returnId] : []))
    value(await cancelReturn(shop, by('ann'), { returnId: first ?? '' }))
    value(await requestReturn(shop, by('ann'), { ...asked, lines: kettles(3) }))
    await expectBooksToAgree(shop)
  })

  it('keeps its order from completing while it is open', async () => {
    const shop = await openShop({ offers: [couponOffer] })
    const orderId = await signedOrder(shop)
    shop.pass(5 * daysMs)
    const { returnId } = value(
      await requestReturn(shop, by('ann'), { orderId, kind: 'returnAndRefund', reason: 'size', lines: kettles(1) }),
    )
    shop.pass(30 * daysMs)
    expect(value(await advanceOrders(shop, { limit: 9 })).done).toBe(0)
    value(await cancelReturn(shop, by('ann'), { returnId }))
    expect(value(await advanceOrders(shop, { limit: 9 })).done).toBe(1)
    expect((await orderOf(shop)).status).toBe('completed')
    await expectBooksToAgree(shop)
  })
})

describe('the window to return', () => {
  it('begins on the day after signing and ends with its last day, in the shop’s time zone', () => {
    // Signed on 10 March 2026 at 23:30 in Shanghai: the seventh day after is 17 March.
    const signedAt = Date.UTC(2026, 2, 10, 15, 30)
    expect(returnWindowEnd(signedAt, 'noReason', defaultShopPolicy)).toBe(Date.UTC(2026, 2, 17, 16))
    // Half an hour later it is another day there, though not in UTC.
    expect(returnWindowEnd(signedAt + hoursMs, 'noReason', defaultShopPolicy)).toBe(Date.UTC(2026, 2, 18, 16))
    expect(refundDeadline(signedAt, defaultShopPolicy)).toBe(Date.UTC(2026, 2, 17, 16))
  })

  it('holds through a change of the clock', () => {
    const policy = { ...defaultShopPolicy, timeZone: 'Europe/Berlin' }
    // Signed on 27 March 2026; summer time begins on the 29th, so the end is at 22:00 UTC and not at 23:00.
    expect(returnWindowEnd(Date.UTC(2026, 2, 27, 12), 'noReason', policy)).toBe(Date.UTC(2026, 3, 3, 22))
  })

  it('is open at its last moment and over at the next', async () => {
    const shop = await openShop({ offers: [couponOffer] })
    const orderId = await signedOrder(shop)
    const end = returnWindowEnd(shop.clock.now(), 'noReason', defaultShopPolicy)
    const asked = { orderId, kind: 'returnAndRefund', reason: 'noReason', lines: kettles(1) } as const
    shop.setNow(end)
    expect((await requestReturn(shop, by('ann'), asked))._unsafeUnwrapErr()).toEqual({
      type: 'ReturnWindowPassed',
      endedAt: end,
    })
    // A fault has longer.
    value(await requestReturn(shop, by('ann'), { ...asked, reason: 'quality' }))
    shop.setNow(end - 1)
    value(await requestReturn(shop, by('ann'), asked))
  })

  it('can be widened and not narrowed, and an order keeps the terms that it was placed under', async () => {
    const shop = await openShop({ offers: [couponOffer] })
    const { policyId: _, ...terms } = defaultShopPolicy
    const narrow = await savePolicy(shop, byStaff(), { ...terms, returns: { ...terms.returns, noReasonDays: 6 } })
    expect(narrow._unsafeUnwrapErr()).toEqual({ type: 'PolicyBelowFloor', field: 'noReasonDays', minimum: 7 })
    value(await savePolicy(shop, byStaff(), { ...terms, returns: { ...terms.returns, noReasonDays: 30 } }))
    const orderId = await signedOrder(shop)
    value(await savePolicy(shop, byStaff(), terms))
    shop.pass(20 * daysMs)
    const asked = { orderId, kind: 'returnAndRefund', reason: 'noReason', lines: kettles(1) } as const
    expect((await requestReturn(shop, by('ann'), asked)).isOk()).toBe(true)
  })

  it('does not open for goods that the terms except, unless they have a fault', async () => {
    const shop = await openShop({ offers: [couponOffer] })
    const { policyId: _, ...terms } = defaultShopPolicy
    const exceptions = [{ categoryId: 'fresh', ground: 'perishable' as const }]
    value(await savePolicy(shop, byStaff(), { ...terms, returns: { ...terms.returns, exceptions } }))
    const orderId = await signedOrder(shop)
    const asked = {
      orderId,
      kind: 'returnAndRefund',
      reason: 'noReason',
      lines: [{ lineId: 'mug-2', quantity: 1 }],
    } as const
    expect((await requestReturn(shop, by('ann'), asked))._unsafeUnwrapErr()).toEqual({
      type: 'NotReturnable',
      lineId: 'mug-2',
      ground: 'perishable',
    })
    expect((await requestReturn(shop, by('ann'), { ...asked, reason: 'quality' })).isOk()).toBe(true)
  })
})

describe('goods that do not come back once their buyer has confirmed it', () => {
  it('are named by the preview, and come back where nobody has', async () => {
    const shop = await openShop({ offers: [couponOffer] })
    const { policyId: _, ...terms } = defaultShopPolicy
    const exceptions = [{ categoryId: 'fresh', ground: 'confirmedAtPurchase' as const }]
    value(await savePolicy(shop, byStaff(), { ...terms, returns: { ...terms.returns, exceptions } }))
    const buy = async (buyer: string, confirmed: readonly string[]) => {
      await fillCart(shop, buyer, [
        ['kettle', 1],
        ['mug', 1],
      ])
      const choice = { shippingMethodId: 'standard' }
      const shown = value(await previewOrder(shop, by(buyer), { ...choice, region: recipient.region }))
      expect(shown.toConfirm).toEqual(['mug-2'])
      const { orderId } = value(
        await placeOrder(shop, by(buyer), {
          ...choice,
          recipient,
          expectedTotalMinor: shown.totals.payableMinor,
          confirmedNoReturn: confirmed,
        }),
      )
      await pay(shop, buyer, orderId)
      value(await shipOrder(shop, byStaff(), { orderId, carrier: 'sf-express', trackingNumber: 'SF1' }))
      value(await confirmReceipt(shop, by(buyer), { orderId }))
      return (lineId: string) =>
        requestReturn(shop, by(buyer), {
          orderId,
          kind: 'returnAndRefund',
          reason: 'noReason',
          lines: [{ lineId, quantity: 1 }],
        })
    }
    const unasked = await buy('ann', [])
    expect((await unasked('mug-2')).isOk()).toBe(true)
    // A confirmation says nothing of goods that the terms do not name.
    const asked = await buy('bob', ['mug-2', 'kettle-1'])
    expect((await asked('mug-2'))._unsafeUnwrapErr()).toEqual({
      type: 'NotReturnable',
      lineId: 'mug-2',
      ground: 'confirmedAtPurchase',
    })
    expect((await asked('kettle-1')).isOk()).toBe(true)
  })
})

/** An order of one mug, of a member of a level, signed for, of which money is asked back. */
const complaintOf = async (shop: TestShop, accountId: string, levelId: string | null) => {
  if (levelId !== null) {
    const now = shop.clock.now()
    const level = { levelId, rank: 0, levelSince: now, steps: [], nextStepAt: null }
    const none = { birthday: null, streak: null, earned: null, benefits: {}, birthdayAt: 0, birthdayFrom: null }
    const state = { status: 'member', accountId, joinedAt: now, termsRevision: 0, ...level, ...none } as const
    await commit(shop, [put(members, { id: accountId, version: 0, state })])
  }
  await fillCart(shop, accountId, [['mug', 1]])
  const { orderId } = await place(shop, accountId)
  await pay(shop, accountId, orderId)
  value(await shipOrder(shop, byStaff(), { orderId, carrier: 'sf-express', trackingNumber: accountId }))
  value(await confirmReceipt(shop, by(accountId), { orderId }))
  shop.pass(1)
  const asked = { orderId, kind: 'refundOnly', reason: 'quality', lines: [{ lineId: 'mug-1', quantity: 1 }] } as const
  return value(await requestReturn(shop, by(accountId), asked)).returnId
}

describe('the queue of returns', () => {
  it('is served by class of service, then the oldest first, page by page; buyers see their own', async () => {
    const shop = await openShop()
    const ann = await complaintOf(shop, 'ann', null)
    const bob = await complaintOf(shop, 'bob', 'gold')
    const cid = await complaintOf(shop, 'cid', 'diamond')
    const dan = await complaintOf(shop, 'dan', 'gold')
    const eve = await complaintOf(shop, 'eve', 'silver')
    const queue = [cid, bob, dan, ann, eve]
    const whole = value(await listReturns(shop, byStaff(), {}))
    expect(whole.returns.map(({ returnId, service }) => [returnId, service])).toEqual([
      [cid, 'personal'],
      [bob, 'priority'],
      [dan, 'priority'],
      [ann, 'standard'],
      [eve, 'standard'],
    ])
    const paged: string[] = []
    let after = {}
    for (let page = 0; page < 5; page += 1) {
      const { returns, next } = value(await listReturns(shop, byStaff(), { limit: 1, ...after }))
      paged.push(...returns.map(({ returnId }) => returnId))
      expect(next === null).toBe(page === 4)
      after = next === null ? {} : { after: next }
    }
    expect(paged).toEqual(queue)
    const own = value(await listReturns(shop, by('dan'), {}))
    expect(own.returns.map(({ returnId }) => returnId)).toEqual([dan])
    value(await refuseReturn(shop, byStaff(), { returnId: cid, ground: 'notSold' }))
    expect(value(await listReturns(shop, byStaff(), {})).returns).toHaveLength(4)
    const first = value(await listOrders(shop, byStaff(), { service: 'priority' }))
    expect(first.orders.map(({ service }) => service)).toEqual(['priority', 'priority'])
  })
})
