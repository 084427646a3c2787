import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { applyEdit } from '../../../src/orders/editing/apply-edit.js'
import { cancelOrder } from '../../../src/orders/editing/cancel-order.js'
import { previewEdit } from '../../../src/orders/editing/preview-edit.js'
import type { PayerInput } from '../../../src/orders/order-inputs.js'
import { orderPage } from '../../../src/orders/pages/order-page.js'
import { payShare } from '../../../src/orders/payers/pay-share.js'
import { sharePayment } from '../../../src/orders/payers/share-payment.js'
import { showShare } from '../../../src/orders/payers/show-share.js'
import { payOrder } from '../../../src/orders/paying/pay-order.js'
import { savePolicy } from '../../../src/orders/policy/save-policy.js'
import { defaultShopPolicy } from '../../../src/orders/policy/shop-policy.js'
import { refundOrder } from '../../../src/orders/refunds/refund-order.js'
import { closeUnpaidOrders, settleRefunds } from '../../../src/orders/sweep-orders.js'
import { paymentWatchOfOurs } from '../../../src/orders/watch/payment-watch.js'
import { guestOwnerId } from '../../../src/shared/actor.js'
import { minutesMs } from '../../../src/shared/instant.js'
import { balanceOf, booksOf, expectBooksToAgree, freeOf } from '../books-of.js'
import { by, byStaff, givePoints, insist, recipient, value } from '../open-shop.js'
import {
  hear,
  how,
  openSharedShop,
  order,
  orderOf,
  payPart,
  returned,
  shareAmong,
  three,
  visitor,
} from './open-shared.js'

describe('an order that several pay', () => {
  it('scenario: three share it, each pays a part, it is paid with the last; what goes back goes by each one’s part', async () => {
    const shop = await openSharedShop()
    const orderId = await order(shop)
    const { payers, link, payBy } = await shareAmong(shop, orderId)
    expect(payers.map(({ accountId, amountMinor }) => [accountId, amountMinor])).toEqual([
      ['ann', 10_000],
      ['bob', 7_500],
      [null, 15_000],
    ])
    expect(payers.map((payer) => payer.link === null)).toEqual([true, true, false])
    expect(payBy).toBe(shop.clock.now() + 30 * minutesMs)

    expect(await payPart(shop, visitor(), { link })).toMatchObject({
      amountMinor: 15_000,
      orderStatus: 'awaitingPayment',
    })
    expect(await payPart(shop, by('bob'), { orderId })).toMatchObject({
      amountMinor: 7_500,
      orderStatus: 'awaitingPayment',
    })
    expect(value(await orderPage(shop, by('ann'), { orderId })).payers.map(({ paid }) => paid)).toEqual([
      false,
      true,
      true,
    ])
    // The buyer pays their own part as they pay any order.
    expect(value(await payOrder(shop, by('ann'), { orderId, ...how }))).toMatchObject({
      amountMinor: 10_000,
      orderStatus: 'paid',
    })
    expect(await freeOf(shop, 'kettle')).toBe(98)
    expect(balanceOf((await booksOf(shop)).ledger, `escrow:${orderId}`)).toBe(-32_500)
    await expectBooksToAgree(shop)

    // 59.00 by 100 : 75 : 150 of 325.
    value(
      await refundOrder(shop, byStaff(), { orderId, reason: 'goodwill', lines: [{ lineId: 'lamp-2', quantity: 1 }] }),
    )
    value(await settleRefunds(shop, { limit: 10 }))
    expect(await returned(shop, orderId)).toEqual([1_815, 1_362, 2_723])
    expect((await orderOf(shop, orderId))?.refunds).toMatchObject([{ cashMinor: 5_900, status: 'succeeded' }])
    expect(value(await showShare(shop, by('bob'), { orderId }))).toMatchObject({
      amountMinor: 7_500,
      state: 'kept',
      returnedMinor: 1_362,
    })
    value(await cancelOrder(shop, by('ann'), { orderId }))
    value(await settleRefunds(shop, { limit: 10 }))
    expect(await returned(shop, orderId)).toEqual([10_000, 7_500, 15_000])
    expect((await orderOf(shop, orderId))?.status).toBe('cancelled')
    expect(balanceOf((await booksOf(shop)).ledger, `escrow:${orderId}`)).toBe(0)
    await expectBooksToAgree(shop)
  })

  it('that is not paid whole in time gives everything back, what comes later too', async () => {
    const shop = await openSharedShop()
    await givePoints(shop, 'ann', 100)
    const orderId = await order(shop)
    const { link } = await shareAmong(shop, orderId)
    await payPart(shop, by('bob'), { orderId })
    await payPart(shop, by('ann'), { orderId })
    shop.gateway.script({ kind: 'pending', delivery: { times: 1 } })
    const { paymentId } = await payPart(shop, visitor(), { link })
    shop.pass(30 * minutesMs)
    value(await closeUnpaidOrders(shop, { limit: 10 }))
    value(await settleRefunds(shop, { limit: 10 }))
    expect(await orderOf(shop, orderId)).toMatchObject({ status: 'closed', reason: 'unpaid' })
    expect(await returned(shop, orderId)).toEqual([10_000, 7_500, 0])
    expect(await freeOf(shop, 'kettle')).toBe(100)
    expect(value(await showShare(shop, by('bob'), { orderId }))).toMatchObject({ state: 'ended', returnedMinor: 7_500 })
    expect(shop.gateway.pay(paymentId, { evenIfEnded: true })).toBe(true)
    await hear(shop)
    value(await settleRefunds(shop, { limit: 10 }))
    const { ledger, refunds } = await booksOf(shop)
    expect(refunds.map(({ state }) => [state.amountMinor, state.status]).sort()).toEqual([
      [10_000, 'succeeded'],
      [15_000, 'succeeded'],
      [7_500, 'succeeded'],
    ])
    expect(balanceOf(ledger, `escrow:${orderId}`)).toBe(0)
    expect(balanceOf(ledger, 'gatewayClearing:sandbox')).toBe(0)
    await expectBooksToAgree(shop)
  })

  it('shows each payer their own part and nobody else anything', async () => {
    const shop = await openSharedShop()
    const orderId = await order(shop)
    const { link, payers } = await shareAmong(shop, orderId)
    const seen = value(await showShare(shop, visitor(), { link }))
    expect(seen).toMatchObject({ amountMinor: 15_000, state: 'awaiting', attempts: [] })
    expect(Object.keys(seen).sort()).toEqual([
      'amountMinor',
      'attempts',
      'currency',
      'heldMoney',
      'orderId',
      'orderNumber',
      'payBy',
      'payerId',
      'paymentMethods',
      'returnedMinor',
      'returningMinor',
      'state',
    ])
    for (const hidden of [recipient.name, 'kettle', 'ann', 'bob', '10000', '7500', '32500']) {
      expect(JSON.stringify(seen)).not.toContain(hidden)
    }
    const guess = `${link.slice(0, -1)}${link.endsWith('0') ? '1' : '0'}`
    const ofBob = `${orderId}.${payers[1]!.payerId}.${link.split('.')[2]}`
    const nobody = { type: 'NotFound', entity: 'share', id: orderId }
    for (const [context, whose] of [
      [by('eve'), { orderId }],
      [visitor(), { orderId }],
      [visitor(), { link: guess }],
      [by('bob'), { link: ofBob }],
    ] as const) {
      expect((await showShare(shop, context, whose))._unsafeUnwrapErr()).toEqual(nobody)
      expect((await payShare(shop, context, { ...whose, ...how }))._unsafeUnwrapErr()).toEqual(nobody)
    }
    // Of an order that is not there the same is said.
    expect((await showShare(shop, by('eve'), { orderId: 'ord_0' }))._unsafeUnwrapErr()).toMatchObject({
      entity: 'share',
    })
    expect((await sharePayment(shop, by('bob'), { orderId, payers: three }))._unsafeUnwrapErr()).toMatchObject({
      type: 'NotFound',
    })
    expect((await orderPage(shop, by('bob'), { orderId }))._unsafeUnwrapErr()).toMatchObject({ type: 'NotFound' })
    // What is kept of a link does not make one.
    expect(JSON.stringify(await orderOf(shop, orderId))).not.toContain(link.split('.')[2])
    expect(JSON.stringify(shop.told)).not.toContain(link.split('.')[2])
  })

  it('is shared anew until one has paid, and earlier links then open nothing', async () => {
    const shop = await openSharedShop()
    const orderId = await order(shop)
    const { link } = await shareAmong(shop, orderId)
    const again = await shareAmong(shop, orderId, [
      { accountId: 'ann', part: { by: 'amount', amountMinor: 2_500 } },
      { part: { by: 'rest' } },
    ])
    expect(again.payers.map(({ amountMinor }) => amountMinor)).toEqual([2_500, 30_000])
    expect((await showShare(shop, visitor(), { link }))._unsafeUnwrapErr()).toMatchObject({ type: 'NotFound' })
    await payPart(shop, visitor(), { link: again.link })
    const third = await sharePayment(shop, by('ann'), { orderId, payers: three })
    expect(third._unsafeUnwrapErr()).toEqual({ type: 'PaymentShared', orderId })
    expect((await payShare(shop, visitor(), { link: again.link, ...how }))._unsafeUnwrapErr()).toEqual({
      type: 'PaymentShared',
      orderId,
    })
    const fewer = await previewEdit(shop, by('ann'), { orderId, lines: [{ lineId: 'kettle-1', quantity: 1 }] })
    expect(fewer._unsafeUnwrapErr()).toEqual({ type: 'PaymentShared', orderId })
  })

  it('is shared ten times and no more, and an attempt that is refused counts for none', async () => {
    const shop = await openSharedShop()
    const orderId = await order(shop)
    const wrong: readonly PayerInput[] = [{ part: { by: 'amount', amountMinor: 1 } }]
    for (let times = 0; times < 10; times += 1) {
      expect((await sharePayment(shop, by('ann'), { orderId, payers: wrong })).isErr()).toBe(true)
      expect(value(await orderPage(shop, by('ann'), { orderId })).nextActions).toContain('sharePayment')
      await shareAmong(shop, orderId)
    }
    const refused = await sharePayment(shop, by('ann'), { orderId, payers: three })
    expect(refused._unsafeUnwrapErr()).toEqual({ type: 'SharedTooOften', orderId, most: 10 })
    expect(value(await orderPage(shop, by('ann'), { orderId })).nextActions).not.toContain('sharePayment')
    // What it was shared among last is paid as ever.
    expect((await payPart(shop, by('bob'), { orderId })).paymentStatus).toBe('captured')
  })

  it('is asked of no visitor by name: who has no account pays by a link', async () => {
    const shop = await openSharedShop()
    const orderId = await order(shop)
    const half = { by: 'share', share: 1 } as const
    const payers = [
      { accountId: 'ann', part: half },
      { accountId: guestOwnerId('somebody'), part: half },
    ]
    const refused = await sharePayment(shop, by('ann'), { orderId, payers })
    expect(refused._unsafeUnwrapErr()).toMatchObject({ type: 'InvalidInput', issues: [{ path: 'payers.1.accountId' }] })
    expect((await orderOf(shop, orderId))?.payers).toBeUndefined()
  })

  it('is refused parts that are not the whole, and a buyer without a part pays none', async () => {
    const shop = await openSharedShop()
    const orderId = await order(shop)
    const amounts = (...minors: readonly number[]): readonly PayerInput[] =>
      minors.map((amountMinor) => ({ part: { by: 'amount', amountMinor } }))
    for (const [payers, actualMinor] of [
      [amounts(10_000, 22_499), 32_499],
      [amounts(10_000, 22_501), 32_501],
      [[...amounts(32_500), { part: { by: 'rest' } }], 32_500],
    ] as const) {
      const refused = await sharePayment(shop, by('ann'), { orderId, payers })
      expect(refused._unsafeUnwrapErr()).toEqual({ type: 'SharesDiffer', orderId, expectedMinor: 32_500, actualMinor })
    }
    await shareAmong(shop, orderId, amounts(32_500))
    expect((await payOrder(shop, by('ann'), { orderId, ...how }))._unsafeUnwrapErr()).toEqual({
      type: 'PaymentShared',
      orderId,
    })
    // Another price is to be shared anew.
    const change = { orderId, lines: [{ lineId: 'lamp-2', quantity: 0 }] }
    const { hash } = value(await previewEdit(shop, by('ann'), change))
    value(await applyEdit(shop, by('ann'), { ...change, hash }))
    expect(value(await payOrder(shop, by('ann'), { orderId, ...how }))).toMatchObject({
      amountMinor: 26_600,
      orderStatus: 'paid',
    })
    await expectBooksToAgree(shop)
  })

  it('is shared as before when it goes elsewhere at the same price, and who is paying pays it', async () => {
    const shop = await openSharedShop()
    const orderId = await order(shop)
    const { link } = await shareAmong(shop, orderId)
    shop.gateway.script({ kind: 'pending' })
    const { paymentId } = await payPart(shop, visitor(), { link })
    const change = { orderId, recipient: { ...recipient, address: '世纪大道 2 号' } }
    const { hash, payableAfterMinor } = value(await previewEdit(shop, by('ann'), change))
    expect(payableAfterMinor).toBe(32_500)
    value(await applyEdit(shop, by('ann'), { ...change, hash }))
    expect(value(await orderPage(shop, by('ann'), { orderId })).payers).toHaveLength(3)
    expect(shop.gateway.pay(paymentId)).toBe(true)
    await hear(shop)
    expect(value(await showShare(shop, visitor(), { link }))).toMatchObject({ orderId, state: 'waiting' })
    await payPart(shop, by('bob'), { orderId })
    expect(value(await payOrder(shop, by('ann'), { orderId, ...how })).orderStatus).toBe('paid')
    expect((await booksOf(shop)).refunds).toEqual([])
    await expectBooksToAgree(shop)
  })

  it('is not paid a second time by an attempt of before it was shared: what comes whole goes back whole', async () => {
    const shop = await openSharedShop()
    const orderId = await order(shop)
    shop.gateway.script({ kind: 'pending' })
    const whole = value(await payOrder(shop, by('ann'), { orderId, ...how }))
    const { link } = await shareAmong(shop, orderId)
    await payPart(shop, visitor(), { link })
    expect(shop.gateway.pay(whole.paymentId)).toBe(true)
    await hear(shop)
    value(await settleRefunds(shop, { limit: 10 }))
    expect((await orderOf(shop, orderId))?.status).toBe('awaitingPayment')
    expect(shop.gateway.books().refunds.map(({ attemptRef, amountMinor }) => [attemptRef, amountMinor])).toEqual([
      [whole.paymentId, 32_500],
    ])
    await payPart(shop, by('bob'), { orderId })
    expect(value(await payOrder(shop, by('ann'), { orderId, ...how })).orderStatus).toBe('paid')
    expect(balanceOf((await booksOf(shop)).ledger, `escrow:${orderId}`)).toBe(-32_500)
    await expectBooksToAgree(shop)
  })

  it('is watched as any order is, by however small parts and by whomever it is paid', async () => {
    const shop = await openSharedShop()
    const { policyId: _, ...terms } = defaultShopPolicy
    const rule = { kind: 'spending', aboveMinor: 10_000, withinMs: 3_600_000, response: 'hold' } as const
    value(await savePolicy(shop, byStaff(), { ...terms, watch: { ...paymentWatchOfOurs, rules: [rule] } }))
    const orderId = await order(shop)
    const { link } = await shareAmong(shop, orderId)
    await payPart(shop, visitor(), { link })
    expect(value(await orderPage(shop, byStaff(), { orderId })).hold?.reasons).toEqual(['spending'])
  })

  it('is not paid while a bank has a part of it back', async () => {
    const shop = await openSharedShop()
    const orderId = await order(shop)
    const { link } = await shareAmong(shop, orderId)
    const { paymentId } = await payPart(shop, visitor(), { link })
    shop.gateway.dispute(paymentId)
    await hear(shop)
    await payPart(shop, by('bob'), { orderId })
    expect(value(await payOrder(shop, by('ann'), { orderId, ...how })).orderStatus).toBe('awaitingPayment')
    await expectBooksToAgree(shop)
  })

  it('takes a part once, however often its payer pays, fails or is heard of', async () => {
    const shop = await openSharedShop()
    const orderId = await order(shop)
    const { link } = await shareAmong(shop, orderId)
    for (let count = 0; count < 4; count += 1) {
      shop.gateway.script({ kind: 'decline', code: 'InsufficientFunds' })
      expect(await payPart(shop, visitor(), { link })).toMatchObject({ orderStatus: 'awaitingPayment' })
    }
    shop.gateway.script({ kind: 'pending', delivery: { times: 2 } })
    const first = await payPart(shop, visitor(), { link })
    shop.gateway.script({ kind: 'succeed', delivery: { times: 3 } })
    await payPart(shop, visitor(), { link })
    shop.gateway.pay(first.paymentId, { evenIfEnded: true })
    await hear(shop)
    value(await settleRefunds(shop, { limit: 10 }))
    const { refunds } = await booksOf(shop)
    expect(refunds.map(({ state }) => [state.paymentId, state.reason, state.amountMinor])).toEqual([
      [first.paymentId, 'duplicatePayment', 15_000],
    ])
    expect(await orderOf(shop, orderId)).toMatchObject({ status: 'awaitingPayment', failedAttempts: 0 })
    await expectBooksToAgree(shop)
  })

  it('is paid once where all pay at the same time, or given up with everything returned', async () => {
    for (const givenUp of [false, true]) {
      const shop = await openSharedShop()
      const orderId = await order(shop)
      const { link } = await shareAmong(shop, orderId)
      const [ann, bob, guest, giveUp] = [by('ann'), by('bob'), visitor(), by('ann')]
      await Promise.all([
        insist(() => payShare(shop, ann, { orderId, ...how })),
        insist(() => payShare(shop, bob, { orderId, ...how })),
        insist(() => payShare(shop, guest, { link, ...how })),
        ...(givenUp ? [insist(() => cancelOrder(shop, giveUp, { orderId }))] : []),
      ])
      value(await closeUnpaidOrders(shop, { limit: 10 }))
      value(await settleRefunds(shop, { limit: 10 }))
      const status = (await orderOf(shop, orderId))?.status
      expect(givenUp ? ['paid', 'cancelled'] : ['paid']).toContain(status)
      expect(balanceOf((await booksOf(shop)).ledger, `escrow:${orderId}`)).toBe(status === 'paid' ? -32_500 : 0)
      expect(shop.told.filter(({ type }) => type === 'OrderPaid').length).toBeLessThanOrEqual(1)
      await expectBooksToAgree(shop)
    }
  })

  it('gives back to each exactly what they paid, piece by piece and in any order', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 2, maxLength: 5 }),
        fc.shuffledSubarray(['kettle-1', 'kettle-1', 'lamp-2', 'carriage'], { minLength: 1 }),
        async (weights, steps) => {
          const shop = await openSharedShop()
          const orderId = await order(shop)
          const parts = weights.map((share): PayerInput => ({ part: { by: 'share', share } }))
          const { payers } = value(await sharePayment(shop, by('ann'), { orderId, payers: parts }))
          for (const { link } of payers) await payPart(shop, visitor(), { link: link ?? '' })
          expect((await orderOf(shop, orderId))?.status).toBe('paid')
          let before = payers.map(() => 0)
          for (const step of steps) {
            const input = step === 'carriage' ? { withShipping: true } : { lines: [{ lineId: step, quantity: 1 }] }
            const refund = value(await refundOrder(shop, byStaff(), { orderId, reason: 'goodwill', ...input }))
            value(await settleRefunds(shop, { limit: 50 }))
            const after = [...(await returned(shop, orderId))]
            const back = after.map((minor, place) => minor - (before[place] ?? 0))
            expect(back.reduce((sum, minor) => sum + minor, 0)).toBe(refund.cashMinor)
            expect(Math.min(...back)).toBeGreaterThanOrEqual(0)
            before = after
          }
          value(await cancelOrder(shop, by('ann'), { orderId }))
          value(await settleRefunds(shop, { limit: 50 }))
          expect(await returned(shop, orderId)).toEqual(payers.map(({ amountMinor }) => amountMinor))
          await expectBooksToAgree(shop)
        },
      ),
      { numRuns: 6 },
    )
  })

  it('owes a payer nothing of a part that their bank has got back, once the order is closed unpaid', async () => {
    const shop = await openSharedShop()
    const orderId = await order(shop)
    await shareAmong(shop, orderId)
    const { paymentId } = await payPart(shop, by('ann'), { orderId })
    const disputeRef = shop.gateway.dispute(paymentId) ?? ''
    await hear(shop)
    shop.gateway.moveDispute(disputeRef, { status: 'lost', lostMinor: 6_000 })
    await hear(shop)
    shop.pass(31 * minutesMs)
    value(await closeUnpaidOrders(shop, { limit: 10 }))
    expect((await orderOf(shop, orderId))?.status).toBe('closed')
    value(await settleRefunds(shop, { limit: 10 }))
    // 60.00 of the 100.00 she has by her bank; the rest goes back.
    const { refunds, ledger } = await booksOf(shop)
    expect(refunds.map(({ state }) => [state.amountMinor, state.status]).sort()).toEqual([
      [4_000, 'succeeded'],
      [6_000, 'chargedBack'],
    ])
    expect(balanceOf(ledger, `escrow:${orderId}`)).toBe(0)
    expect(balanceOf(ledger, 'chargebackLoss')).toBe(0)
    await expectBooksToAgree(shop)
  })
})
