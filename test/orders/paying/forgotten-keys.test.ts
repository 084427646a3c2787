import { describe, expect, it } from 'vitest'
import { captureOrder } from '../../../src/orders/paying/capture-order.js'
import { payOrder } from '../../../src/orders/paying/pay-order.js'
import { defaultShopPolicy, type ShopPolicy, shopPolicyId } from '../../../src/orders/policy/shop-policy.js'
import { policyBooks } from '../../../src/orders/policy/shop-policy.schema.js'
import { settlePayments } from '../../../src/orders/sweep-orders.js'
import { put } from '../../../src/shared/commit.js'
import { daysMs, minutesMs } from '../../../src/shared/instant.js'
import { losing } from '../../support/losing-storage.js'
import { booksOf, expectBooksToAgree } from '../books-of.js'
import { by, byStaff, commit, fillCart, openShop, place, type TestShop, value } from '../open-shop.js'

/** A shop whose gateway keeps a key for a day and then takes the same request for another one, and what was asked of it. */
const openKeyed = async (terms: Partial<ShopPolicy> = {}) => {
  const opened = await openShop()
  await commit(opened, [put(policyBooks, { id: shopPolicyId, version: 0, state: { ...defaultShopPolicy, ...terms } })])
  const { gateway } = opened
  const asked: string[] = []
  const noted =
    <Request, Answer>(what: string, ask: (request: Request) => Answer) =>
    (request: Request): Answer => {
      asked.push(what)
      return ask(request)
    }
  const keyed = {
    ...gateway,
    capabilities: { ...gateway.capabilities, idempotency: { style: 'key' as const, windowMs: daysMs } },
    create: noted('create', gateway.create),
    query: noted('query', gateway.query),
    ...(gateway.capture === undefined ? {} : { capture: noted('capture', gateway.capture) }),
  }
  const shop = { ...opened, gateways: { sandbox: keyed } }
  await fillCart(shop, 'ann', [['kettle', 1]])
  const { orderId } = await place(shop, 'ann')
  return { shop, orderId, asked, payment: { orderId, gatewayId: 'sandbox', method: 'wechatPay' } as const }
}

/** The same shop, whose process ends before what the gateway said is written. */
const dying = (shop: TestShop): TestShop => ({
  ...shop,
  storage: losing(shop.storage, ['well', 'well', 'well', 'never']),
})

const lost = { error: { type: 'StorageUnavailable' } }

describe('a command that is sent again after its gateway has forgotten the key', () => {
  it('asks for no more money where the payment was settled meanwhile', async () => {
    const { shop, asked, payment } = await openKeyed()
    expect(await payOrder(dying(shop), by('ann', 'k'), payment)).toMatchObject(lost)
    shop.pass(minutesMs)
    value(await settlePayments(shop, { limit: 10 }))
    expect(asked).toEqual(['create', 'query'])
    shop.pass(2 * daysMs)
    const again = value(await payOrder(shop, by('ann', 'k'), payment))
    expect(again).toMatchObject({ orderStatus: 'paid', paymentStatus: 'captured', failure: null, next: null })
    expect(value(await payOrder(shop, by('ann', 'k'), payment))).toEqual(again)
    expect(asked).toEqual(['create', 'query'])
    expect((await booksOf(shop)).ledger.map(({ body }) => body.kind)).toEqual(['captured'])
    await expectBooksToAgree(shop)
  })

  it('asks what became of it where nobody knows, and sends the same only while the key is kept', async () => {
    const { shop, asked, payment } = await openKeyed()
    expect(await payOrder(dying(shop), by('ann', 'k'), payment)).toMatchObject(lost)
    shop.pass(daysMs - 10 * minutesMs)
    expect(await payOrder(dying(shop), by('ann', 'k'), payment)).toMatchObject(lost)
    expect(asked).toEqual(['create', 'create'])
    shop.pass(10 * minutesMs)
    expect(value(await payOrder(shop, by('ann', 'k'), payment))).toMatchObject({ paymentStatus: 'captured' })
    expect(asked).toEqual(['create', 'create', 'query'])
    await expectBooksToAgree(shop)
  })

  it('shows a payer what to do while the key is kept, and no more once they have paid or it is not', async () => {
    const { shop, orderId, asked, payment } = await openKeyed({ payWithinMs: 3 * daysMs })
    shop.gateway.script({ kind: 'pending' })
    const first = value(await payOrder(shop, by('ann', 'k'), payment))
    expect(value(await payOrder(shop, by('ann', 'k'), payment)).next).toEqual(first.next)
    expect(asked).toEqual(['create', 'create'])
    shop.pass(daysMs)
    expect(value(await payOrder(shop, by('ann', 'k'), payment))).toMatchObject({
      paymentStatus: 'requiresAction',
      next: null,
    })
    expect(asked.slice(2)).toEqual(['query'])
    shop.gateway.pay(first.paymentId)
    const paid = value(await payOrder(shop, by('ann', 'k'), payment))
    expect(paid).toMatchObject({ orderId, orderStatus: 'paid', paymentStatus: 'captured', next: null })
    value(await payOrder(shop, by('ann', 'k'), payment))
    expect(asked.slice(2)).toEqual(['query', 'query'])
    await expectBooksToAgree(shop)
  })

  it('takes no more of what is held than it did', async () => {
    const { shop, orderId, asked, payment } = await openKeyed({ capture: 'onShipment' })
    value(await payOrder(shop, by('ann'), payment))
    const capture = { orderId, amountMinor: 3_000 }
    expect(await captureOrder(dying(shop), byStaff('c'), capture)).toMatchObject(lost)
    expect(await captureOrder(dying(shop), byStaff('c'), capture)).toMatchObject(lost)
    // The call before may still be at work.
    expect(asked).toEqual(['create', 'capture', 'query'])
    shop.pass(daysMs)
    const taken = value(await captureOrder(shop, byStaff('c'), capture))
    expect(taken).toMatchObject({ status: 'captured', code: null, capturedMinor: 3_000, heldMinor: 10_700 })
    expect(value(await captureOrder(shop, byStaff('c'), capture))).toEqual(taken)
    expect(asked.slice(3)).toEqual(['query'])
    expect(shop.gateway.books().payments[0]?.capturedMinor).toBe(3_000)
    await expectBooksToAgree(shop)
  })

  it('sends a capture again whose key is forgotten only once the gateway has said that it knows of none', async () => {
    const { shop, orderId, asked, payment } = await openKeyed({ capture: 'onShipment' })
    value(await payOrder(shop, by('ann'), payment))
    shop.gateway.scriptCapture({ kind: 'timeout', captured: false })
    expect(value(await captureOrder(shop, byStaff(), { orderId, amountMinor: 3_000 })).status).toBe('underway')
    shop.pass(daysMs)
    shop.gateway.scriptQuery({ kind: 'timeout' })
    value(await settlePayments(shop, { limit: 10 }))
    expect(asked).toEqual(['create', 'capture', 'query'])
    shop.pass(daysMs)
    value(await settlePayments(shop, { limit: 10 }))
    expect(asked.slice(3)).toEqual(['query', 'capture'])
    expect(shop.gateway.books().payments[0]?.capturedMinor).toBe(3_000)
    await expectBooksToAgree(shop)
  })

  it('asks first where a clock that was ahead wrote when the request went out, for that says nothing of its age', async () => {
    const { shop, orderId, asked, payment } = await openKeyed({ capture: 'onShipment' })
    value(await payOrder(shop, by('ann'), payment))
    shop.gateway.scriptCapture({ kind: 'timeout', captured: true })
    const ahead = { ...shop, clock: { now: () => shop.clock.now() + 30 * daysMs } }
    expect(value(await captureOrder(ahead, byStaff(), { orderId }))).toMatchObject({ status: 'underway' })
    shop.pass(2 * daysMs)
    shop.gateway.scriptQuery({ kind: 'timeout' })
    value(await settlePayments(shop, { limit: 10 }))
    expect(asked).toEqual(['create', 'capture', 'query'])
    shop.pass(daysMs)
    value(await settlePayments(shop, { limit: 10 }))
    expect(asked).toEqual(['create', 'capture', 'query', 'query'])
    expect((await booksOf(shop)).payments[0]?.state.status).toBe('captured')
    await expectBooksToAgree(shop)
  })
})
