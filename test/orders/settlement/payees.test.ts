import { ok, okAsync } from 'neverthrow'
import { describe, expect, it } from 'vitest'
import { completeOrder, confirmReceipt } from '../../../src/orders/parcels/complete-order.js'
import { shipOrder } from '../../../src/orders/parcels/ship-order.js'
import { refundOrder } from '../../../src/orders/refunds/refund-order.js'
import { listPayees, type PayeeStanding } from '../../../src/orders/settlement/list-payees.js'
import type { ListPayeesInput } from '../../../src/orders/settlement/list-payees.schema.js'
import { payOut } from '../../../src/orders/settlement/pay-out.js'
import { releaseShares } from '../../../src/orders/settlement/release-shares.js'
import { showPayee } from '../../../src/orders/settlement/show-payee.js'
import { moveBalances } from '../../../src/payments/payee-balance.js'
import { openSettlement, type Settlement } from '../../../src/payments/settlement.js'
import { settlements } from '../../../src/payments/settlement.schema.js'
import type { Scope } from '../../../src/shared/actor.js'
import type { Collection } from '../../../src/shared/collection.js'
import { put } from '../../../src/shared/commit.js'
import { daysMs, hoursMs } from '../../../src/shared/instant.js'
import type { JsonObject } from '../../../src/shared/json.js'
import { by, byStaff, commit, fillCart, openShop, pay, place, type Sku, type TestShop, value } from '../open-shop.js'
import { openMall } from '../placing/open-mall.js'

const terms = {
  afterWorkingDays: 0,
  rates: [{ merchantId: null, platformBasisPoints: 0, partners: [{ payee: 'agency', basisPoints: 1_000 }] }],
}

/** Mugs are of `potter`, lamps of `lights`; a tenth of either is the agency's. */
const openSharing = async () => {
  const shop = await openMall({}, { settlement: terms })
  const payouts = { send: () => okAsync({ kind: 'ok' as const, value: { payoutRef: null } }) }
  return { ...shop, payouts }
}

const completed = async (shop: TestShop, buyer: string, sku: Sku): Promise<string> => {
  await fillCart(shop, buyer, [[sku, 1]])
  const { orderId } = await place(shop, buyer)
  await pay(shop, buyer, orderId)
  value(await shipOrder(shop, byStaff(), { orderId, carrier: 'sf-express', trackingNumber: 'SF1' }))
  value(await confirmReceipt(shop, by(buyer), { orderId }))
  value(await completeOrder(shop, byStaff(), { orderId }))
  return orderId
}

/** An order whose shares are released an hour after those of the one before. */
const released = async (shop: TestShop, sku: Sku) => {
  const orderId = await completed(shop, `buyer-${shop.clock.now()}`, sku)
  shop.pass(hoursMs)
  expect(value(await releaseShares(shop, { limit: 10 })).done).toBe(1)
  return { orderId, at: shop.clock.now() }
}

const paid = async (shop: Awaited<ReturnType<typeof openSharing>>, payee: string) =>
  value(await payOut(shop, byStaff(), { payee, currency: 'CNY' }))

const list = async (shop: TestShop, input?: ListPayeesInput) => value(await listPayees(shop, byStaff(), input))

/** All of them, by pages of so many. */
const listed = async (shop: TestShop, input: ListPayeesInput = {}): Promise<readonly PayeeStanding[]> => {
  const { payees, next } = await list(shop, input)
  expect(payees.length).toBeLessThanOrEqual(input.limit ?? 20)
  return next === null ? payees : [...payees, ...(await listed(shop, { ...input, after: next }))]
}

const cny = (payee: string, availableMinor: number, owedMinor: number, since: number): PayeeStanding => ({
  payee,
  currency: 'CNY',
  availableMinor,
  owedMinor,
  since,
})

/** What an order brings, of which so much is each payee's, released at a moment. */
const availableOf = (
  orderId: string,
  { releasedAt, currency = 'CNY' }: { readonly releasedAt: number; readonly currency?: string },
  amounts: Readonly<Record<string, number>>,
): Settlement => {
  const opened = openSettlement(
    {
      orderId,
      accountId: 'ann',
      merchantId: null,
      currency,
      confirmedAt: releasedAt,
      afterWorkingDays: 0,
      timeZone: 'Asia/Shanghai',
    },
    { commissionMinor: 0, payees: Object.entries(amounts).map(([payee, amountMinor]) => ({ payee, amountMinor })) },
  )
  if (opened.status !== 'pending') throw new Error('not pending')
  const { checkAt: _, ...facts } = opened
  return { ...facts, status: 'available', releasedAt }
}

const settle = (shop: TestShop, states: readonly Settlement[]) =>
  commit(shop, [
    ...states.map((state) => put(settlements, { id: state.orderId, version: 0, state })),
    ...moveBalances(states.map((after) => ({ before: null, after }))),
  ])

describe('the payees of a shop', () => {
  it('are listed while something is due to them or owed by them, who waits longest first', async () => {
    const shop = await openSharing()
    expect(await list(shop)).toEqual({ payees: [], unreadable: [], next: null })
    const mug = await released(shop, 'mug')
    const lamp = await released(shop, 'lamp')
    await released(shop, 'mug')
    // A mug at 19.00 and a lamp at 59.00, with a carriage of 8.00 each.
    expect(await listed(shop)).toEqual([
      cny('agency', 270 + 670 + 270, 0, mug.at),
      cny('potter', 2 * 2_430, 0, mug.at),
      cny('lights', 6_030, 0, lamp.at),
    ])

    await paid(shop, 'potter')
    await paid(shop, 'agency')
    expect(await listed(shop)).toEqual([cny('lights', 6_030, 0, lamp.at)])
    await paid(shop, 'lights')
    expect(await listed(shop)).toEqual([])

    // The mug comes back: who was paid of it owes that.
    value(
      await refundOrder(shop, byStaff(), {
        orderId: mug.orderId,
        reason: 'goodwill',
        lines: [{ lineId: 'mug-1', quantity: 1 }],
      }),
    )
    expect(await listed(shop)).toEqual([cny('agency', 0, 190, mug.at), cny('potter', 0, 1_710, mug.at)])
    // What is due to them is due since it was released, whatever they owed before.
    const another = await released(shop, 'mug')
    const standing = [cny('agency', 270, 190, another.at), cny('potter', 2_430, 1_710, another.at)]
    expect(await listed(shop)).toEqual(standing)
    for (const { payee, currency, availableMinor, owedMinor } of standing) {
      expect(value(await showPayee(shop, byStaff(), { payee, currency }))).toMatchObject({ availableMinor, owedMinor })
      expect((await paid(shop, payee)).amountMinor).toBe(availableMinor - owedMinor)
    }
    expect(await listed(shop)).toEqual([])
  })

  it('stand on no page before what they wait for is released', async () => {
    const shop = await openMall({}, { settlement: { ...terms, afterWorkingDays: 2 } })
    await completed(shop, 'ann', 'mug')
    expect(await listed(shop)).toEqual([])
  })

  it('stand each on one page by itself, however long the pages, in each currency apart', async () => {
    const shop = await openShop()
    const at = shop.clock.now()
    await settle(shop, [
      availableOf('order-1', { releasedAt: at }, { b: 5, a: 1, c: 2 }),
      availableOf('order-2', { releasedAt: at }, { a: 1, d: 3 }),
      availableOf('order-3', { releasedAt: at + 1, currency: 'USD' }, { a: 7, e: 1 }),
      availableOf('order-4', { releasedAt: at + 2 }, { e: 4, b: 1 }),
      availableOf('order-5', { releasedAt: at + 2, currency: 'USD' }, { e: 2, a: 1 }),
    ])
    const usd = (payee: string, availableMinor: number, since: number) => ({
      ...cny(payee, availableMinor, 0, since),
      currency: 'USD',
    })
    const all = [
      cny('a', 2, 0, at),
      cny('b', 6, 0, at),
      cny('c', 2, 0, at),
      cny('d', 3, 0, at),
      usd('a', 8, at + 1),
      usd('e', 3, at + 1),
      cny('e', 4, 0, at + 2),
    ]
    for (const limit of [1, 2, 3, 7, 100]) expect(await listed(shop, { limit })).toEqual(all)
    for (const currency of ['USD', 'CNY', 'EUR']) {
      const own = all.filter((each) => each.currency === currency)
      for (const limit of [1, 2, 20]) expect(await listed(shop, { currency, limit })).toEqual(own)
    }
  })

  it('are found behind any number of orders of another, and of orders that were settled before it was kept', async () => {
    const shop = await openShop()
    const at = shop.clock.now()
    const many = Array.from({ length: 600 }, (_, index) =>
      availableOf(`many-${index}`, { releasedAt: at + index }, { busy: 1 }),
    )
    // Of these it is not known without looking whether anything is open of them.
    const { unevenShares: _, ...before } = availableOf('before', { releasedAt: at - daysMs }, { forgotten: 9 })
    const { unevenShares: __, ...over } = availableOf('over', { releasedAt: at - 2 * daysMs }, {})
    await settle(shop, [...many, availableOf('late', { releasedAt: at + daysMs }, { late: 1, busy: 1 }), before, over])
    const all = [cny('forgotten', 9, 0, at - daysMs), cny('busy', 601, 0, at), cny('late', 1, 0, at + daysMs)]
    for (const limit of [1, 2, 20]) expect(await listed(shop, { limit })).toEqual(all)
    const first = await list(shop)
    expect(first.payees).toEqual(all.slice(0, 2))
    expect(first.next).not.toBeNull()
  })

  it('are found behind what cannot be read, which takes a place of its own', async () => {
    const shop = await openShop()
    const at = shop.clock.now()
    const broken: Collection<JsonObject> = { ...settlements, parse: (stored) => ok(stored as JsonObject) }
    await settle(shop, [availableOf('order-1', { releasedAt: at + 1 }, { a: 1, b: 2 })])
    const bad = { ...availableOf('bad', { releasedAt: at }, { a: 5 }), shares: 'none' }
    await commit(shop, [put(broken, { id: 'bad', version: 0, state: bad })])
    const all = [cny('a', 1, 0, at + 1), cny('b', 2, 0, at + 1)]
    expect(await list(shop)).toEqual({ payees: all, unreadable: ['bad'], next: null })
    for (const limit of [1, 2]) expect(await listed(shop, { limit })).toEqual(all)
  })

  it('are found where they are more than a page can be asked about', async () => {
    const shop = await openShop()
    const at = shop.clock.now()
    const names = Array.from({ length: 130 }, (_, index) => `payee-${String(index).padStart(3, '0')}`)
    await settle(shop, [
      ...names.map((payee, index) => availableOf(`one-${payee}`, { releasedAt: at + index }, { payee: 0, [payee]: 1 })),
      ...names.map((payee, index) => availableOf(`two-${payee}`, { releasedAt: at + 200 + index }, { [payee]: 1 })),
    ])
    const all = names.map((payee, index) => cny(payee, 2, 0, at + index))
    for (const limit of [30, 100]) expect(await listed(shop, { limit })).toEqual(all)
  })

  it('are the shop’s to know: a merchant asks for its own account, and staff who see some orders only see none', async () => {
    const shop = await openSharing()
    await released(shop, 'mug')
    const denied = { type: 'Denied', action: 'orders.payees' }
    for (const actor of [{ kind: 'merchant', merchantId: 'potter' } as const, by('ann').actor]) {
      expect((await listPayees(shop, { actor }))._unsafeUnwrapErr()).toEqual(denied)
    }
    const seenWithin = (scope: Scope) => ({ ...shop, authorizer: { authorize: () => okAsync(scope) } })
    expect(await list(seenWithin({ kind: 'fields', fields: { merchantId: ['potter'] } }))).toEqual({
      payees: [],
      unreadable: [],
      next: null,
    })
    expect(await list(seenWithin({ kind: 'all' }))).toMatchObject({
      payees: [{ payee: 'agency' }, { payee: 'potter' }],
    })
    for (const input of [{ limit: 0 }, { limit: 101 }, { currency: 'yuan' }]) {
      expect((await listPayees(shop, byStaff(), input))._unsafeUnwrapErr().type).toBe('InvalidInput')
    }
  })
})
