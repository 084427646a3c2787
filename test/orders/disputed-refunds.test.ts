import { expect, it } from 'vitest'
import { createKeyedDigest } from '../../adapters/runtime/index.js'
import { applyEdit } from '../../src/orders/apply-edit.js'
import { cancelOrder } from '../../src/orders/cancel-order.js'
import { previewEdit } from '../../src/orders/preview-edit.js'
import { refundOrder } from '../../src/orders/refund-order.js'
import { captureAndShip, shipOrder } from '../../src/orders/ship-order.js'
import { defaultShopPolicy, shopPolicyId } from '../../src/orders/shop-policy.js'
import { policyBooks } from '../../src/orders/shop-policy.schema.js'
import { settleRefunds } from '../../src/orders/sweep-orders.js'
import { put } from '../../src/shared/commit.js'
import { balanceOf, expectBooksToAgree } from './books-of.js'
import { decideAt, dispute, ledgerOf, openPaid, orderOf } from './disputed.js'
import { by, byStaff, commit, fillCart, openShop, pay, place, value } from './open-shop.js'

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
    const piece = { orderId, reason: 'goodwill', lines: [{ lineId, quantity: 1 }] }
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
  const pieces = { orderId, reason: 'goodwill', lines: [{ lineId, quantity: 2 }] }
  expect(value(await refundOrder(shop, byStaff(), pieces)).status).toBe('pending')
  value(await settleRefunds(shop, { limit: 10 }))
  expect((await orderOf(shop))?.refunds).toMatchObject([{ status: 'succeeded', cashMinor: 25_800 }])
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
