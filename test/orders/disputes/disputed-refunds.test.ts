import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createKeyedDigest } from '../../../adapters/runtime/index.js'
import { listBills } from '../../../src/orders/books/list-bills.js'
import { applyEdit } from '../../../src/orders/editing/apply-edit.js'
import { cancelOrder } from '../../../src/orders/editing/cancel-order.js'
import { previewEdit } from '../../../src/orders/editing/preview-edit.js'
import { captureAndShip, shipOrder } from '../../../src/orders/parcels/ship-order.js'
import { defaultShopPolicy, shopPolicyId } from '../../../src/orders/policy/shop-policy.js'
import { policyBooks } from '../../../src/orders/policy/shop-policy.schema.js'
import { refundOrder } from '../../../src/orders/refunds/refund-order.js'
import { payRefundByHand, retryRefund } from '../../../src/orders/refunds/rescue-refund.js'
import { settleRefunds } from '../../../src/orders/sweep-orders.js'
import { put } from '../../../src/shared/commit.js'
import { daysMs, minutesMs } from '../../../src/shared/instant.js'
import { balanceOf, booksOf, expectBooksToAgree } from '../books-of.js'
import { by, byStaff, commit, fillCart, openShop, pay, place, type TestShop, value } from '../open-shop.js'
import { decideAt, dispute, ledgerOf, openPaid, orderOf, owe, refundsOf } from './disputed.js'

/** Two kettles paid by one payment, and one more by a second that the bank has taken back. */
const openExtended = async ({ lost }: { readonly lost: boolean } = { lost: true }) => {
  const opened = await openPaid()
  const shop = { ...opened.shop, digests: createKeyedDigest({ key: new Uint8Array(32).fill(3) }) }
  const { orderId, lineId, paymentId: first } = opened
  const change = { orderId, lines: [{ lineId, quantity: 3 }] }
  const { hash } = value(await previewEdit(shop, by('ann'), change))
  value(await applyEdit(shop, by('ann'), { ...change, hash }))
  const { paymentId: second } = await pay(shop, 'ann', orderId)
  if (lost) await decideAt(shop, (await dispute(shop, second)).disputeRef, 'lost')
  const sent = () => shop.gateway.books().refunds.map(({ attemptRef, amountMinor }) => [attemptRef, amountMinor])
  return { shop, orderId, lineId, first, second, sent }
}

it('what a lost dispute has taken of one payment is not asked of it: goodwill comes from the other', async () => {
  const { shop, orderId, lineId, first, sent } = await openExtended()
  for (const _ of [1, 2]) {
    const piece = { orderId, reason: 'goodwill', lines: [{ lineId, quantity: 1 }] } as const
    value(await refundOrder(shop, byStaff(), piece))
  }
  expect(sent()).toEqual([
    [first, 12_900],
    [first, 12_900],
  ])
  await expectBooksToAgree(shop)
})

it('an order of two payments, one of them lost to a dispute, can be given up: only the rest is sent', async () => {
  const { shop, orderId, first, sent } = await openExtended()
  value(await cancelOrder(shop, by('ann'), { orderId }))
  value(await settleRefunds(shop, { limit: 10 }))
  expect((await orderOf(shop))?.status).toBe('cancelled')
  expect(sent()).toEqual([[first, 26_600]])
  expect(balanceOf(await ledgerOf(shop), 'chargebackLoss')).toBe(0)
  expect(balanceOf(await ledgerOf(shop), `escrow:${orderId}`)).toBe(0)
  await expectBooksToAgree(shop)
})

it('a refund that two payments give back is under way until both have sent theirs', async () => {
  const { shop, orderId, lineId } = await openExtended({ lost: false })
  const pieces = { orderId, reason: 'goodwill', lines: [{ lineId, quantity: 2 }] } as const
  expect(value(await refundOrder(shop, byStaff(), pieces)).status).toBe('pending')
  value(await settleRefunds(shop, { limit: 10 }))
  expect((await orderOf(shop))?.refunds).toMatchObject([{ status: 'succeeded', cashMinor: 25_800 }])
  await expectBooksToAgree(shop)
})

it('what was never taken is given up with the pieces it was held for, whatever banks took of the rest', async () => {
  const shop = { ...(await openShop()), digests: createKeyedDigest({ key: new Uint8Array(32).fill(3) }) }
  const state = { ...defaultShopPolicy, capture: 'onShipment' } as const
  await commit(shop, [put(policyBooks, { id: shopPolicyId, version: 0, state })])
  await fillCart(shop, 'ann', [['kettle', 3]])
  const { orderId } = await place(shop, 'ann')
  const { paymentId } = await pay(shop, 'ann', orderId)
  const lines = [{ lineId: 'kettle-1', quantity: 1 }]
  value(await captureAndShip(shop, byStaff(), { orderId, carrier: 'sf-express', trackingNumber: 'SF1', lines }))
  // 129.00 and carriage are taken, and lost twice.
  const [one, other] = [await dispute(shop, paymentId), await dispute(shop, paymentId)]
  for (const { disputeRef } of [one, other]) await decideAt(shop, disputeRef, 'lost')
  const change = { orderId, lines: [{ lineId: 'kettle-1', quantity: 1 }] }
  const { hash } = value(await previewEdit(shop, by('ann'), change))
  value(await applyEdit(shop, by('ann'), { ...change, hash }))
  const [payment] = (await booksOf(shop)).payments
  expect(payment?.state).toMatchObject({ known: { captured: { minor: 13_700 } }, forgoneMinor: 25_800 })
  // The kettle that went stays paid; what the banks took for it is the shop's loss.
  expect(balanceOf(await ledgerOf(shop), `escrow:${orderId}`)).toBe(-13_700)
  expect(balanceOf(await ledgerOf(shop), 'chargebackLoss')).toBe(27_400)
  await expectBooksToAgree(shop)
})

it('what a payer has by a dispute is not spared of the hold, and what is left does not leave unpaid', async () => {
  const shop = await openShop()
  const state = { ...defaultShopPolicy, capture: 'onShipment' } as const
  await commit(shop, [put(policyBooks, { id: shopPolicyId, version: 0, state })])
  await fillCart(shop, 'ann', [['kettle', 2]])
  const { orderId } = await place(shop, 'ann')
  const { paymentId } = await pay(shop, 'ann', orderId)
  const lineId = 'kettle-1'
  const parcel = (trackingNumber: string) => ({
    orderId,
    carrier: 'sf-express',
    trackingNumber,
    lines: [{ lineId, quantity: 1 }],
  })
  // 129.00 and carriage are taken with the first, and 129.00 of them are lost.
  value(await captureAndShip(shop, byStaff(), parcel('SF1')))
  const { disputeRef } = await dispute(shop, paymentId, { amountMinor: 12_900 })
  await decideAt(shop, disputeRef, 'lost')
  value(await refundOrder(shop, byStaff(), { orderId, reason: 'lost', lines: [{ lineId, quantity: 1 }] }))
  expect((await orderOf(shop))?.refunds).toMatchObject([{ status: 'succeeded', cashMinor: 12_900 }])
  expect(shop.gateway.books().refunds).toEqual([])
  const early = await shipOrder(shop, byStaff(), parcel('SF2'))
  expect(early._unsafeUnwrapErr()).toMatchObject({ type: 'NotCaptured', missingMinor: 12_900, heldMinor: 12_900 })
  value(await captureAndShip(shop, byStaff(), parcel('SF2')))
  const [sandbox] = shop.gateway.books().payments
  expect(sandbox?.capturedMinor).toBe(26_600)
  expect(balanceOf(await ledgerOf(shop), 'chargebackLoss')).toBe(0)
  await expectBooksToAgree(shop)
})

describe('a dispute with a refund that waits', () => {
  it('that is won after all leaves to another, lost before, what that has paid, and nothing is sent twice', async () => {
    const { shop, orderId, paymentId, lineId } = await openPaid()
    const owed = await owe(shop, orderId, lineId)
    const first = await dispute(shop, paymentId, { amountMinor: 13_000 })
    const second = await dispute(shop, paymentId, { amountMinor: 13_600 })
    await decideAt(shop, first.disputeRef, 'lost')
    await decideAt(shop, second.disputeRef, 'lost')
    await decideAt(shop, first.disputeRef, 'won')
    value(await settleRefunds(shop, { limit: 10 }))
    expect(await refundsOf(shop)).toEqual([[owed.refundId, 'chargedBack']])
    expect(shop.gateway.books().refunds).toEqual([])
    // 136.00 are gone, and 129.00 of them were owed.
    expect(balanceOf(await ledgerOf(shop), 'chargebackLoss')).toBe(700)
    await expectBooksToAgree(shop)
  })

  it('that is won while another is open, which is then lost, lets go what the other has not paid', async () => {
    const { shop, orderId, paymentId, lineId } = await openPaid()
    const owed = await owe(shop, orderId, lineId)
    const first = await dispute(shop, paymentId, { amountMinor: 20_000 })
    const second = await dispute(shop, paymentId, { amountMinor: 6_600 })
    for (const [{ disputeRef }, status] of [
      [first, 'lost'],
      [first, 'won'],
      [second, 'lost'],
    ] as const) {
      await decideAt(shop, disputeRef, status)
    }
    value(await settleRefunds(shop, { limit: 10 }))
    expect(await refundsOf(shop)).toEqual([
      [owed.refundId, 'succeeded'],
      [`${owed.refundId}_sandbox:${second.disputeRef}`, 'chargedBack'],
    ])
    expect(shop.gateway.books().refunds.map(({ amountMinor }) => amountMinor)).toEqual([12_900 - 6_600])
    expect(balanceOf(await ledgerOf(shop), 'chargebackLoss')).toBe(0)
    await expectBooksToAgree(shop)
  })

  it('whose loss is put lower later covers no more than that', async () => {
    const { shop, orderId, paymentId, lineId } = await openPaid()
    const owed = await owe(shop, orderId, lineId)
    const { disputeRef } = await dispute(shop, paymentId)
    await decideAt(shop, disputeRef, 'lost', 12_900)
    expect(await refundsOf(shop)).toEqual([[owed.refundId, 'chargedBack']])
    await decideAt(shop, disputeRef, 'lost', 5_000)
    value(await settleRefunds(shop, { limit: 10 }))
    expect(shop.gateway.books().refunds.map(({ amountMinor }) => amountMinor)).toEqual([7_900])
    expect(balanceOf(await ledgerOf(shop), 'chargebackLoss')).toBe(0)
    await expectBooksToAgree(shop)
  })

  it('whose loss is put lower shares with another what it covers, and the order bears that once', async () => {
    const { shop, orderId, paymentId, lineId } = await openPaid()
    await owe(shop, orderId, lineId)
    const first = await dispute(shop, paymentId, { amountMinor: 20_000 })
    await decideAt(shop, first.disputeRef, 'lost', 12_900)
    const second = await dispute(shop, paymentId, { amountMinor: 6_600 })
    await decideAt(shop, second.disputeRef, 'lost')
    await decideAt(shop, first.disputeRef, 'lost', 8_000)
    const { refunds, ledger } = await booksOf(shop)
    expect(refunds.map(({ state }) => [state.status, state.amountMinor])).toEqual(
      expect.arrayContaining([
        ['chargedBack', 8_000],
        ['chargedBack', 4_900],
      ]),
    )
    // 146.00 are gone, and 129.00 of them were owed.
    expect(balanceOf(ledger, `escrow:${orderId}`)).toBe(12_900 - 26_600)
    expect(balanceOf(ledger, 'chargebackLoss')).toBe(14_600 - 12_900)
    await expectBooksToAgree(shop)
  })

  it('that is won shows on the order when the part it had paid cannot be sent', async () => {
    const { shop, orderId, paymentId, lineId } = await openPaid()
    const owed = await owe(shop, orderId, lineId, 2)
    const { disputeRef, disputeId } = await dispute(shop, paymentId)
    await decideAt(shop, disputeRef, 'lost', 6_600)
    value(await settleRefunds(shop, { limit: 10 }))
    expect((await orderOf(shop))?.refunds).toMatchObject([{ refundId: owed.refundId, status: 'succeeded' }])
    await decideAt(shop, disputeRef, 'won')
    shop.gateway.scriptRefund({ kind: 'decline', code: 'LimitExceeded' })
    value(await settleRefunds(shop, { limit: 10 }))
    expect((await orderOf(shop))?.refunds).toMatchObject([{ refundId: owed.refundId, status: 'failed' }])
    value(await retryRefund(shop, byStaff(), { refundId: `${owed.refundId}_${disputeId}` }))
    expect((await orderOf(shop))?.refunds).toMatchObject([{ refundId: owed.refundId, status: 'succeeded' }])
    await expectBooksToAgree(shop)
  })

  it('and others, won and lost in any order before anything is sent, leave the payer with what is owed, once', async () => {
    const words = fc.array(
      fc.record({ which: fc.constantFrom(0, 1), status: fc.constantFrom('won' as const, 'lost' as const) }),
      { minLength: 1, maxLength: 5 },
    )
    const sizes = fc.tuple(fc.constantFrom(5_000, 12_900, 13_000), fc.constantFrom(6_600, 12_900, 13_600))
    await fc.assert(
      fc.asyncProperty(words, sizes, fc.constantFrom(1, 2), async (said, [first, second], quantity) => {
        const { shop, orderId, paymentId, lineId } = await openPaid()
        const owed = await owe(shop, orderId, lineId, quantity)
        const both = [
          await dispute(shop, paymentId, { amountMinor: first }),
          await dispute(shop, paymentId, { amountMinor: second }),
        ]
        for (const { which, status } of said) await decideAt(shop, both[which]?.disputeRef ?? '', status)
        const last = (which: number) => said.filter((word) => word.which === which).at(-1)?.status ?? 'open'
        if (last(0) === 'open' || last(1) === 'open') return expectBooksToAgree(shop)
        value(await settleRefunds(shop, { limit: 10 }))
        value(await settleRefunds(shop, { limit: 10 }))
        const lost = (last(0) === 'lost' ? first : 0) + (last(1) === 'lost' ? second : 0)
        const sent = shop.gateway.books().refunds.reduce((sum, { amountMinor }) => sum + amountMinor, 0)
        expect(sent).toBe(Math.max(0, owed.cashMinor - lost))
        expect(balanceOf(await ledgerOf(shop), 'chargebackLoss')).toBe(Math.max(0, lost - owed.cashMinor))
        await expectBooksToAgree(shop)
      }),
      { numRuns: 25 },
    )
  })
})

describe('a dispute with a refund that was sent and failed', () => {
  const sentBy = (shop: TestShop) =>
    shop.gateway
      .books()
      .refunds.filter(({ status }) => status === 'succeeded')
      .reduce((sum, { amountMinor }) => sum + amountMinor, 0)

  const openFailed = async () => {
    const opened = await openPaid()
    opened.shop.gateway.scriptRefund({ kind: 'decline', code: 'InstrumentInvalid' })
    const input = {
      orderId: opened.orderId,
      reason: 'goodwill',
      lines: [{ lineId: opened.lineId, quantity: 1 }],
    } as const
    const { refundId } = value(await refundOrder(opened.shop, byStaff(), input))
    expect(await refundsOf(opened.shop)).toEqual([[refundId, 'failed']])
    return { ...opened, refundId }
  }

  it('whose loss is put lower later leaves the rest to be sent beside, and the books know of no other loss', async () => {
    const { shop, paymentId, refundId } = await openFailed()
    const { disputeRef } = await dispute(shop, paymentId)
    await decideAt(shop, disputeRef, 'lost', 12_900)
    expect(await refundsOf(shop)).toEqual([[refundId, 'chargedBack']])
    await decideAt(shop, disputeRef, 'lost', 5_000)
    value(await settleRefunds(shop, { limit: 10 }))
    expect(await refundsOf(shop)).toEqual([
      [refundId, 'chargedBack'],
      [`${refundId}_rest`, 'succeeded'],
    ])
    expect(sentBy(shop)).toBe(7_900)
    expect((await orderOf(shop))?.refunds).toMatchObject([{ refundId, status: 'succeeded', cashMinor: 12_900 }])
    expect(balanceOf(await ledgerOf(shop), 'chargebackLoss')).toBe(0)
    await expectBooksToAgree(shop)
  })

  it('that took less than it leaves only the rest to be sent, not the whole to be paid by hand', async () => {
    const { shop, paymentId, refundId } = await openFailed()
    const { disputeRef } = await dispute(shop, paymentId)
    await decideAt(shop, disputeRef, 'lost', 5_000)
    shop.gateway.scriptRefund({ kind: 'decline', code: 'InstrumentInvalid' })
    value(await settleRefunds(shop, { limit: 10 }))
    expect(await refundsOf(shop)).toEqual([
      [refundId, 'chargedBack'],
      [`${refundId}_rest`, 'failed'],
    ])
    expect((await orderOf(shop))?.refunds).toMatchObject([{ refundId, status: 'failed' }])
    value(await payRefundByHand(shop, byStaff(), { refundId: `${refundId}_rest` }))
    expect((await orderOf(shop))?.refunds).toMatchObject([{ refundId, status: 'succeeded' }])
    expect(balanceOf(await ledgerOf(shop), 'bank')).toBe(-7_900)
    expect(balanceOf(await ledgerOf(shop), 'chargebackLoss')).toBe(0)
    await expectBooksToAgree(shop)
  })

  it('and was tried again in vain, without an answer, is not asked about for ever: the payer has it by the dispute', async () => {
    const { shop, paymentId, refundId } = await openFailed()
    shop.pass(daysMs)
    shop.gateway.scriptRefund({ kind: 'timeout', refunded: false })
    expect(value(await retryRefund(shop, byStaff(), { refundId })).status).toBe('unknown')
    const billed = async () => value(await listBills(shop, by('ann'), {})).bills
    expect(await billed()).toMatchObject([{ refundedMinor: 0, refundPendingMinor: 12_900 }])
    const { disputeRef } = await dispute(shop, paymentId)
    await decideAt(shop, disputeRef, 'lost')
    value(await settleRefunds(shop, { limit: 10 }))
    expect(await refundsOf(shop)).toEqual([[refundId, 'chargedBack']])
    expect(await billed()).toMatchObject([{ refundedMinor: 26_600, refundPendingMinor: 0 }])
    expect(sentBy(shop)).toBe(0)
    expect((await orderOf(shop))?.refunds).toMatchObject([{ refundId, status: 'succeeded' }])
    expect(balanceOf(await ledgerOf(shop), 'chargebackLoss')).toBe(26_600 - 12_900)
    await expectBooksToAgree(shop)
  })

  it('that takes all of it after all leaves nothing of the rest to be sent', async () => {
    const { shop, paymentId, refundId } = await openFailed()
    const { disputeRef } = await dispute(shop, paymentId)
    await decideAt(shop, disputeRef, 'lost', 5_000)
    await decideAt(shop, disputeRef, 'lost', 12_900)
    value(await settleRefunds(shop, { limit: 10 }))
    expect(await refundsOf(shop)).toEqual([
      [refundId, 'chargedBack'],
      [`${refundId}_rest`, 'cancelled'],
    ])
    expect(sentBy(shop)).toBe(0)
    expect((await orderOf(shop))?.refunds).toMatchObject([{ refundId, status: 'succeeded' }])
    expect(balanceOf(await ledgerOf(shop), 'chargebackLoss')).toBe(0)
    await expectBooksToAgree(shop)
  })

  it('that takes all of it after all leaves nothing of the rest, also of what another dispute holds back', async () => {
    const { shop, paymentId, refundId } = await openFailed()
    const first = await dispute(shop, paymentId)
    await decideAt(shop, first.disputeRef, 'lost', 5_000)
    const second = await dispute(shop, paymentId, { amountMinor: 1_000 })
    expect(await refundsOf(shop)).toContainEqual([`${refundId}_rest`, 'held'])
    await decideAt(shop, first.disputeRef, 'lost', 12_900)
    await decideAt(shop, second.disputeRef, 'won')
    value(await settleRefunds(shop, { limit: 10 }))
    expect(await refundsOf(shop)).toEqual([
      [refundId, 'chargedBack'],
      [`${refundId}_rest`, 'cancelled'],
    ])
    expect(sentBy(shop)).toBe(0)
    expect(balanceOf(await ledgerOf(shop), 'chargebackLoss')).toBe(0)
    await expectBooksToAgree(shop)
  })

  it('comes to the same for the payer, whichever is heard of first, however often the loss is put anew', async () => {
    const losses = fc.array(fc.constantFrom(0, 4_000, 5_000, 12_900, 20_000), { minLength: 1, maxLength: 4 })
    await fc.assert(
      fc.asyncProperty(losses, fc.nat(4), async (lost, failsAfter) => {
        const { shop, orderId, paymentId, lineId } = await openPaid()
        const owed = await owe(shop, orderId, lineId)
        // Sent, and not answered for the time being.
        shop.gateway.scriptRefund({ kind: 'timeout', refunded: false })
        value(await settleRefunds(shop, { limit: 10 }))
        const { disputeRef } = await dispute(shop, paymentId)
        for (const [index, lostMinor] of [...lost, null].entries()) {
          if (index === Math.min(failsAfter, lost.length)) {
            shop.pass(minutesMs)
            shop.gateway.scriptRefund({ kind: 'decline', code: 'InstrumentInvalid' })
            value(await settleRefunds(shop, { limit: 10 }))
          }
          if (lostMinor !== null) await decideAt(shop, disputeRef, lostMinor === 0 ? 'won' : 'lost', lostMinor || null)
        }
        for (let turn = 0; turn < 6; turn += 1) {
          for (const [refundId, status] of await refundsOf(shop))
            if (status === 'failed' || status === 'manualPayout')
              value(await payRefundByHand(shop, byStaff(), { refundId }))
          shop.pass(daysMs)
          value(await settleRefunds(shop, { limit: 10 }))
        }
        const ledger = await ledgerOf(shop)
        const byDispute = lost.at(-1) ?? 0
        const given = sentBy(shop) - balanceOf(ledger, 'bank') + byDispute
        // Nobody gets less than is owed; what is more is a loss that the books name.
        expect(given).toBeGreaterThanOrEqual(owed.cashMinor)
        expect(balanceOf(ledger, 'chargebackLoss')).toBe(given - owed.cashMinor)
        await expectBooksToAgree(shop)
      }),
      { numRuns: 25 },
    )
  })
})

it('a refund that a gateway says it has sent is sent, also where the shop’s clock was days ahead at every try', async () => {
  const { shop, orderId, lineId } = await openPaid()
  const ahead: TestShop = { ...shop, clock: { now: () => shop.clock.now() + 6 * daysMs } }
  shop.gateway.scriptRefund({ kind: 'decline', code: 'InstrumentInvalid' })
  const input = { orderId, reason: 'goodwill', lines: [{ lineId, quantity: 1 }] } as const
  const { refundId } = value(await refundOrder(ahead, byStaff(), input))
  shop.pass(minutesMs)
  shop.gateway.scriptRefund({ kind: 'timeout', refunded: true })
  expect(value(await retryRefund(ahead, byStaff(), { refundId })).status).toBe('unknown')
  shop.pass(daysMs)
  value(await settleRefunds(ahead, { limit: 10 }))
  expect(await refundsOf(shop)).toEqual([[refundId, 'succeeded']])
  await expectBooksToAgree(shop)
})
