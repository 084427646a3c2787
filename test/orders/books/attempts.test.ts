import { ok, okAsync } from 'neverthrow'
import { describe, expect, it } from 'vitest'
import { createSandboxGateway } from '../../../adapters/gateways/sandbox/index.js'
import { payOrder } from '../../../src/orders/paying/pay-order.js'
import { type AttemptPage, listAttempts } from '../../../src/payments/list-attempts.js'
import type { AttemptCursor, ListAttemptsInput } from '../../../src/payments/list-attempts.schema.js'
import { payments } from '../../../src/payments/payment.schema.js'
import type { Collection } from '../../../src/shared/collection.js'
import { put } from '../../../src/shared/commit.js'
import { daysMs, minutesMs } from '../../../src/shared/instant.js'
import type { JsonObject } from '../../../src/shared/json.js'
import { by, byStaff, commit, fillCart, openShop, place, sandboxKey, type TestShop, value } from '../open-shop.js'

/** A shop of two gateways, of which the sandbox keeps 0.6 %. */
const openBoth = async (): Promise<TestShop> => {
  const shop = await openShop({ feeRateBasisPoints: 60 })
  const other = createSandboxGateway({ gatewayId: 'other', now: shop.clock.now, keys: [sandboxKey] })
  return { ...shop, gateways: { ...shop.gateways, other } }
}

/** An order of one kettle, 129.00 and 8.00 carriage, and an attempt to pay it; a minute goes by. */
const sell = async (shop: TestShop, buyer: string, gatewayId: string) => {
  await fillCart(shop, buyer, [['kettle', 1]])
  const { orderId } = await place(shop, buyer)
  const asked = { orderId, gatewayId, method: 'wechatPay' } as const
  const { paymentId } = value(await payOrder(shop, by(buyer), asked))
  const at = shop.clock.now()
  shop.pass(minutesMs)
  return { orderId, paymentId, at }
}

const list = async (shop: TestShop, input: ListAttemptsInput = {}): Promise<AttemptPage> =>
  value(await listAttempts(shop, byStaff(), input))

const idsOf = ({ attempts }: AttemptPage) => attempts.map(({ paymentId }) => paymentId)

describe('attempts to pay, of all orders', () => {
  it('are listed by gateway, state and when they were begun, the latest first, with what staff go by', async () => {
    const shop = await openBoth()
    const first = await sell(shop, 'ann', 'sandbox')
    const elsewhere = await sell(shop, 'bob', 'other')
    shop.gateway.script({ kind: 'decline', code: 'InsufficientFunds' })
    const failed = await sell(shop, 'cat', 'sandbox')
    shop.pass(daysMs)
    const next = await sell(shop, 'dan', 'sandbox')

    expect(idsOf(await list(shop))).toEqual([next, failed, elsewhere, first].map(({ paymentId }) => paymentId))
    const day = { gatewayId: 'sandbox', from: first.at, to: next.at }
    const { attempts, unreadable, next: more } = await list(shop, day)
    expect([unreadable, more]).toEqual([[], null])
    expect(attempts).toMatchObject([
      {
        paymentId: failed.paymentId,
        status: 'failed',
        failure: 'InsufficientFunds',
        capturedMinor: 0,
        capturedAt: null,
      },
      {
        ...{ paymentId: first.paymentId, orderId: first.orderId, gatewayId: 'sandbox', method: 'wechatPay' },
        ...{ status: 'captured', amount: { minor: 13_700, currency: 'CNY' }, capturedMinor: 13_700, feeMinor: 82 },
        ...{ startedAt: first.at, capturedAt: first.at, gatewayRef: expect.any(String) },
      },
    ])
    expect(idsOf(await list(shop, { ...day, status: 'captured' }))).toEqual([first.paymentId])
    expect(idsOf(await list(shop, { gatewayId: 'other' }))).toEqual([elsewhere.paymentId])
    expect(idsOf(await list(shop, { from: next.at }))).toEqual([next.paymentId])
    expect(idsOf(await list(shop, { to: elsewhere.at }))).toEqual([first.paymentId])
    const turned = await listAttempts(shop, byStaff(), { from: 2, to: 1 })
    expect(turned._unsafeUnwrapErr()).toMatchObject({ type: 'InvalidInput', issues: [{ path: 'to' }] })
  })

  it('go on page by page where the page before ended, whatever comes meanwhile, past what cannot be read', async () => {
    const shop = await openBoth()
    const sold = []
    for (const buyer of ['ann', 'bob', 'cat']) sold.push((await sell(shop, buyer, 'sandbox')).paymentId)
    const broken: Collection<JsonObject> = { ...payments, parse: (stored) => ok(stored as JsonObject) }
    const state = {
      ...{ gatewayId: 'sandbox', accountId: 'ann', startedAt: shop.clock.now(), status: 'captured' },
      ...{ refundReservedMinor: 0, refundedMinor: 0 },
    }
    await commit(shop, [put(broken, { id: 'bad-1', version: 0, state })])
    shop.pass(minutesMs)

    const found: string[] = []
    let after: AttemptCursor | null | undefined
    for (let pages = 0; after !== null && pages < 10; pages += 1) {
      const page: AttemptPage = await list(shop, { gatewayId: 'sandbox', limit: 1, ...(after ? { after } : {}) })
      found.push(...idsOf(page), ...page.unreadable)
      after = page.next
      if (pages === 0) await sell(shop, 'dan', 'sandbox')
    }
    expect(found).toEqual(['bad-1', ...[...sold].reverse()])

    // Whoever sees some of them only is told of no row that nobody knows whose it is.
    const bound = {
      ...shop,
      authorizer: { authorize: () => okAsync({ kind: 'fields', fields: { accountId: ['ann'] } } as const) },
    }
    const theirs = await list(bound)
    expect([idsOf(theirs), theirs.unreadable]).toEqual([[sold[0]], []])
  })

  it('are for staff alone: buyers and merchants ask by order', async () => {
    const shop = await openBoth()
    await sell(shop, 'ann', 'sandbox')
    for (const actor of [by('ann').actor, { kind: 'merchant', merchantId: 'self' } as const]) {
      const refused = await listAttempts(shop, { actor }, {})
      expect(refused._unsafeUnwrapErr()).toEqual({ type: 'Denied', action: 'payments.attempts' })
    }
  })
})
