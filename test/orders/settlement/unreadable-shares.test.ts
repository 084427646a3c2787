import { ok, okAsync } from 'neverthrow'
import { describe, expect, it } from 'vitest'
import { orders } from '../../../src/orders/order.collection.schema.js'
import { completeOrder, confirmReceipt } from '../../../src/orders/parcels/complete-order.js'
import { shipOrder } from '../../../src/orders/parcels/ship-order.js'
import { savePolicy } from '../../../src/orders/policy/save-policy.js'
import { defaultShopPolicy } from '../../../src/orders/policy/shop-policy.js'
import { payOut } from '../../../src/orders/settlement/pay-out.js'
import { releaseShares } from '../../../src/orders/settlement/release-shares.js'
import { settlements } from '../../../src/payments/settlement.schema.js'
import type { Collection } from '../../../src/shared/collection.js'
import { put } from '../../../src/shared/commit.js'
import type { JsonObject } from '../../../src/shared/json.js'
import { row } from '../../../src/shared/read-plan.js'
import { ask, expectBooksToAgree } from '../books-of.js'
import { by, byStaff, commit, fillCart, openShop, pay, place, type TestShop, value } from '../open-shop.js'

const payee = { payee: 'self', currency: 'CNY' }
const payouts = { send: () => okAsync({ kind: 'ok', value: { payoutRef: null } } as const) }

/** A shop that pays out at once, and what it sold to some buyers: 137.00 each, of which the seller gets 95 %. */
const openWith = async (...buyers: readonly string[]) => {
  const shop = await openShop()
  const { policyId: _, ...policy } = defaultShopPolicy
  const rates = [{ merchantId: null, platformBasisPoints: 500, partners: [] }]
  value(await savePolicy(shop, byStaff(), { ...policy, settlement: { afterWorkingDays: 0, rates } }))
  const orderIds: string[] = []
  for (const buyer of buyers) {
    await fillCart(shop, buyer, [['kettle', 1]])
    const { orderId } = await place(shop, buyer)
    await pay(shop, buyer, orderId)
    value(await shipOrder(shop, byStaff(), { orderId, carrier: 'post', trackingNumber: 'P1' }))
    value(await confirmReceipt(shop, by(buyer), { orderId }))
    value(await completeOrder(shop, byStaff(), { orderId }))
    orderIds.push(orderId)
  }
  value(await releaseShares(shop, { limit: 10 }))
  return { shop: { ...shop, payouts }, orderIds }
}

const stateAs = <State>({ parse: _, ...collection }: Collection<State>): Collection<JsonObject> => ({
  ...collection,
  parse: (stored) => ok(stored as JsonObject),
})

const shareOf = (more: JsonObject = {}): JsonObject => ({
  ...{ status: 'available', currency: 'CNY', releasedAt: 1, openPayeeIds: ['self'], owingPayeeIds: [] },
  ...more,
})

const spoil = async (shop: TestShop, ids: readonly string[], state: JsonObject) =>
  commit(
    shop,
    ids.map((id) => put(stateAs(settlements), { id, version: 0, state })),
  )

describe('a share of a payee that cannot be read', () => {
  it('keeps nothing else from being paid, and is named', async () => {
    const { shop, orderIds } = await openWith('ann', 'bob')
    await spoil(shop, ['bad-1'], shareOf())
    await spoil(shop, ['bad-2'], shareOf({ openPayeeIds: [], owingPayeeIds: ['self'] }))
    const paid = value(await payOut(shop, byStaff('once'), payee))
    expect(paid).toMatchObject({
      amountMinor: orderIds.length * 13_015,
      status: 'paid',
      unreadable: ['bad-1', 'bad-2'],
    })
    expect(value(await payOut(shop, byStaff('once'), payee))).toEqual(paid)
    await expectBooksToAgree(shop)
    expect((await payOut(shop, byStaff(), payee))._unsafeUnwrapErr()).toEqual({
      ...{ type: 'NothingToPayOut', ...payee },
      unreadable: ['bad-1', 'bad-2'],
    })
  })

  it('hides nothing behind as many of them as one payout looks at', async () => {
    const { shop } = await openWith('ann')
    const bad = Array.from({ length: 100 }, (_, place) => `bad-${String(place).padStart(3, '0')}`)
    await spoil(shop, bad, shareOf())
    const paid = value(await payOut(shop, byStaff(), payee))
    expect(paid).toMatchObject({ amountMinor: 13_015, status: 'paid' })
    expect(paid.unreadable).toEqual(bad)
  })

  it('may be so because its order cannot be read: that is paid once it can', async () => {
    const { shop, orderIds } = await openWith('ann', 'bob')
    const [first = ''] = orderIds
    const raw = await ask(shop, row(stateAs(orders), first))
    if (raw === undefined) throw new Error('No order.')
    await commit(shop, [put(stateAs(orders), { ...raw, state: { ...raw.state, lines: 'none' } })])
    expect(value(await payOut(shop, byStaff(), payee))).toMatchObject({ amountMinor: 13_015, unreadable: [first] })
    await commit(shop, [put(stateAs(orders), { ...raw, version: raw.version + 1 })])
    expect(value(await payOut(shop, byStaff(), payee))).toMatchObject({ amountMinor: 13_015, unreadable: [] })
    await expectBooksToAgree(shop)
  })
})
