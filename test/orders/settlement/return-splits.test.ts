import { errAsync } from 'neverthrow'
import { describe, expect, it } from 'vitest'
import { completeOrder, confirmReceipt } from '../../../src/orders/parcels/complete-order.js'
import { shipOrder } from '../../../src/orders/parcels/ship-order.js'
import { savePolicy } from '../../../src/orders/policy/save-policy.js'
import { defaultShopPolicy } from '../../../src/orders/policy/shop-policy.js'
import { refundOrder } from '../../../src/orders/refunds/refund-order.js'
import { releaseShares } from '../../../src/orders/settlement/release-shares.js'
import { returnSplits } from '../../../src/orders/settlement/return-splits.js'
import { splitShares } from '../../../src/orders/settlement/split-shares.js'
import { settleRefunds } from '../../../src/orders/sweep-orders.js'
import { daysMs } from '../../../src/shared/instant.js'
import { booksOf, expectBooksToAgree } from '../books-of.js'
import { owe } from '../disputes/disputed.js'
import { by, byStaff, fillCart, openShop, pay, place, type TestShop, value } from '../open-shop.js'

const rates = [{ merchantId: null, platformBasisPoints: 500, partners: [] }]

/** Two kettles of which one is to go back, once its payee has given back their part, of which nobody knows yet. */
const openReturning = async () => {
  const shop = await openShop({ splits: { payees: { self: 'acct-self' } } })
  const { policyId: _, ...policy } = defaultShopPolicy
  value(await savePolicy(shop, byStaff(), { ...policy, settlement: { afterWorkingDays: 0, rates } }))
  await fillCart(shop, 'ann', [['kettle', 2]])
  const { orderId } = await place(shop, 'ann')
  await pay(shop, 'ann', orderId)
  value(await shipOrder(shop, byStaff(), { orderId, carrier: 'sf-express', trackingNumber: 'SF1' }))
  value(await confirmReceipt(shop, by('ann'), { orderId }))
  value(await completeOrder(shop, byStaff(), { orderId }))
  value(await releaseShares(shop, { limit: 10 }))
  value(await splitShares(shop, { limit: 10 }))
  isLost(shop)
  const lines = [{ lineId: 'kettle-1', quantity: 1 }]
  value(await refundOrder(shop, byStaff(), { orderId, reason: 'goodwill', lines }))
  const refundOf = async () => (await booksOf(shop)).refunds[0]?.state
  expect(await refundOf()).toMatchObject({ status: 'requested' })
  const refundId = (await refundOf())?.refundId ?? ''
  const returnedMinor = () => shop.gateway.books().splits[0]?.returnedMinor
  return { shop, refundId, refundOf, returnedMinor }
}

/** What is asked back next does not come, and nobody hears whether it did. */
const isLost = (shop: TestShop) => shop.gateway.scriptSplit({ kind: 'timeout', moved: false })

const gone = () => errAsync({ type: 'StorageUnavailable', detail: 'gone' } as const)

describe('a refund whose payees have their parts by the gateway', () => {
  it('may leave once they have given them back, and is asked about for nothing once it has left', async () => {
    const { shop, refundId, returnedMinor } = await openReturning()
    isLost(shop)
    expect(value(await returnSplits(shop, refundId))).toBe(false)
    expect(returnedMinor()).toBe(0)
    expect(value(await returnSplits(shop, refundId))).toBe(true)
    const once = returnedMinor()
    expect(once).toBeGreaterThan(0)
    // Asked again before it leaves, it takes nothing a second time.
    expect(value(await returnSplits(shop, refundId))).toBe(true)
    expect(returnedMinor()).toBe(once)
    value(await settleRefunds(shop, { limit: 10 }))
    expect(value(await returnSplits(shop, refundId))).toBe(false)
    expect(returnedMinor()).toBe(once)
    await expectBooksToAgree(shop)
  })

  it('leaves without them after a day, to the moment, and a gateway that the shop lacks keeps it no longer', async () => {
    const { shop, refundId, refundOf, returnedMinor } = await openReturning()
    const { splits: _, ...undividing } = shop.gateway
    const lacking: TestShop = { ...shop, gateways: { sandbox: undividing } }
    const requestedAt = (await refundOf())?.requestedAt ?? 0
    shop.pass(requestedAt + daysMs - 1 - shop.clock.now())
    expect(value(await returnSplits(lacking, refundId))).toBe(false)
    shop.pass(1)
    expect(value(await returnSplits(lacking, refundId))).toBe(true)
    expect(returnedMinor()).toBe(0)
  })

  it('may leave at once where nobody was given a part, and not where there is no such refund', async () => {
    const { shop, refundId } = await openReturning()
    expect(value(await returnSplits(shop, 'refund-of-nobody'))).toBe(false)
    const plain = await openShop()
    await fillCart(plain, 'ann', [['kettle', 1]])
    const { orderId } = await place(plain, 'ann')
    await pay(plain, 'ann', orderId)
    await owe(plain, orderId, 'kettle-1')
    const ofPlain = (await booksOf(plain)).refunds[0]?.state
    expect(ofPlain).toMatchObject({ status: 'requested' })
    expect(value(await returnSplits(plain, ofPlain?.refundId ?? ''))).toBe(true)
    // Of another shop it is none.
    expect(value(await returnSplits(plain, refundId))).toBe(false)
  })

  it('stays where it is while the storage is away, and nothing is asked back that is not written down', async () => {
    const { shop, refundId, refundOf, returnedMinor } = await openReturning()
    const unread = { ...shop, storage: { ...shop.storage, read: gone } }
    expect((await returnSplits(unread, refundId))._unsafeUnwrapErr()).toMatchObject({ type: 'StorageUnavailable' })
    const unwritten = { ...shop, storage: { ...shop.storage, commit: gone } }
    expect(value(await returnSplits(unwritten, refundId))).toBe(false)
    expect(await refundOf()).toMatchObject({ status: 'requested' })
    expect(returnedMinor()).toBe(0)
    expect(value(await returnSplits(shop, refundId))).toBe(true)
    expect(returnedMinor()).toBeGreaterThan(0)
    await expectBooksToAgree(shop)
  })
})
