import { okAsync, ResultAsync } from 'neverthrow'
import { describe, expect, it } from 'vitest'
import { captureOrder } from '../../../src/orders/paying/capture-order.js'
import { payOrder } from '../../../src/orders/paying/pay-order.js'
import { defaultShopPolicy, shopPolicyId } from '../../../src/orders/policy/shop-policy.js'
import { policyBooks } from '../../../src/orders/policy/shop-policy.schema.js'
import { refundOrder } from '../../../src/orders/refunds/refund-order.js'
import { payRefundByHand } from '../../../src/orders/refunds/rescue-refund.js'
import { settlePayments, settleRefunds } from '../../../src/orders/sweep-orders.js'
import type { GatewayErrorCode } from '../../../src/payments/gateway-error.js'
import type { Outcome, PaymentGateway } from '../../../src/payments/ports.js'
import type { PaymentSnapshot } from '../../../src/payments/snapshot.js'
import { put } from '../../../src/shared/commit.js'
import { minutesMs, secondsMs } from '../../../src/shared/instant.js'
import { losing } from '../../support/losing-storage.js'
import { booksOf, expectBooksToAgree } from '../books-of.js'
import { by, byStaff, commit, fillCart, openShop, place, type TestShop, value } from '../open-shop.js'

type Request = 'create' | 'capture' | 'query' | 'refund' | 'queryRefund'

/** A shop with an order, whose gateway turns away requests of some kinds at the door, as one does that is asked too often. */
const openDoor = async () => {
  const opened = await openShop()
  const state = { ...defaultShopPolicy, capture: 'onShipment' as const }
  await commit(opened, [put(policyBooks, { id: shopPolicyId, version: 0, state })])
  const { gateway } = opened
  const shut = new Map<Request, GatewayErrorCode>()
  const at = <Ask, Answer>(name: Request, ask: (request: Ask) => Answer) =>
    ((request: Ask) => {
      const code = shut.get(name)
      const no: Outcome<never> | undefined =
        code === undefined ? undefined : { kind: 'declined', error: { code, gatewayCode: code } }
      return no === undefined ? ask(request) : okAsync(no)
    }) as (request: Ask) => Answer
  const doored: PaymentGateway = {
    ...gateway,
    create: at('create', gateway.create),
    query: at('query', gateway.query),
    refund: at('refund', gateway.refund),
    queryRefund: at('queryRefund', gateway.queryRefund),
    ...(gateway.capture === undefined ? {} : { capture: at('capture', gateway.capture) }),
  }
  const shop: TestShop = { ...opened, gateways: { sandbox: doored } }
  await fillCart(shop, 'ann', [['kettle', 1]])
  const { orderId } = await place(shop, 'ann')
  return { shop, orderId, shut, payment: { orderId, gatewayId: 'sandbox', method: 'wechatPay' } as const }
}

/** The same shop, whose process ends before what the gateway said is written. */
const dying = (shop: TestShop): TestShop => ({
  ...shop,
  storage: losing(shop.storage, ['well', 'well', 'well', 'never']),
})

const paid = async () => {
  const opened = await openDoor()
  const { shop, orderId, payment } = opened
  value(await payOrder(shop, by('ann'), payment))
  value(await captureOrder(shop, byStaff(), { orderId, final: true }))
  return opened
}

const refundsOf = async (shop: TestShop) => (await booksOf(shop)).refunds.map(({ state }) => state.status)
const goodwill = (orderId: string) => ({ orderId, reason: 'goodwill', withShipping: true }) as const

describe('a refund whose answer was lost and that is turned away when it is sent again', () => {
  it.each(['RateLimited', 'MerchantConfig', 'GatewayDown'] as const)(
    'by %s is not taken for one that moved no money: nobody pays it a second time',
    async (code) => {
      const { shop, orderId, shut } = await paid()
      shop.gateway.scriptRefund({ kind: 'timeout', refunded: true, delivery: { times: 0 } })
      const { refundId } = value(await refundOrder(shop, byStaff(), goodwill(orderId)))
      shut.set('refund', code)
      shut.set('queryRefund', code)
      shop.pass(minutesMs)
      value(await settleRefunds(shop, { limit: 10 }))
      expect(await refundsOf(shop)).toEqual(['unknown'])
      const byHand = await payRefundByHand(shop, byStaff(), { refundId })
      expect(byHand._unsafeUnwrapErr()).toMatchObject({ type: 'RefundStateForbids', status: 'unknown' })
      shut.delete('queryRefund')
      shop.pass(minutesMs)
      value(await settleRefunds(shop, { limit: 10 }))
      expect(await refundsOf(shop)).toEqual(['succeeded'])
      expect(shop.gateway.books().totals).toMatchObject([{ refundedMinor: 800 }])
      await expectBooksToAgree(shop)
    },
  )

  it('has failed once the gateway says that it has never heard of it, unless it was only asked too often', async () => {
    const { shop, orderId, shut } = await paid()
    shop.gateway.scriptRefund({ kind: 'timeout', refunded: false })
    value(await refundOrder(shop, byStaff(), goodwill(orderId)))
    shut.set('refund', 'RateLimited')
    shop.pass(minutesMs)
    value(await settleRefunds(shop, { limit: 10 }))
    expect(await refundsOf(shop)).toEqual(['unknown'])
    shut.set('refund', 'MerchantConfig')
    shop.pass(minutesMs)
    value(await settleRefunds(shop, { limit: 10 }))
    expect(await refundsOf(shop)).toEqual(['failed'])
    await expectBooksToAgree(shop)
  })

  it('is sent again later each time, and stands in the way of no other', async () => {
    const { shop, orderId } = await paid()
    shop.gateway.scriptRefund(...Array.from({ length: 3 }, () => ({ kind: 'timeout', refunded: false }) as const))
    value(await refundOrder(shop, byStaff(), goodwill(orderId)))
    shop.pass(minutesMs)
    expect(value(await settleRefunds(shop, { limit: 10 })).done).toBe(1)
    expect(value(await settleRefunds(shop, { limit: 10 })).done).toBe(0)
  })

  it('turned away at its first try has moved nothing: asked too often it goes out later, else staff see it', async () => {
    const { shop, orderId, shut } = await paid()
    shut.set('refund', 'RateLimited')
    value(await refundOrder(shop, byStaff(), goodwill(orderId)))
    expect(await refundsOf(shop)).toEqual(['unknown'])
    shut.clear()
    shop.pass(minutesMs)
    value(await settleRefunds(shop, { limit: 10 }))
    expect(await refundsOf(shop)).toEqual(['succeeded'])
    await expectBooksToAgree(shop)
  })
})

describe('a payment whose answer was lost and that is turned away when it is sent again', () => {
  it.each(['RateLimited', 'MerchantConfig'] as const)(
    'by %s has not failed: its payer is not asked to pay again',
    async (code) => {
      const { shop, shut, payment } = await openDoor()
      const dead = await payOrder(dying(shop), by('ann', 'k'), payment)
      expect(dead._unsafeUnwrapErr()).toMatchObject({ type: 'StorageUnavailable' })
      shut.set('create', code)
      expect(value(await payOrder(shop, by('ann', 'k'), payment))).toMatchObject({
        paymentStatus: 'unknown',
        failure: null,
      })
      shop.pass(minutesMs)
      value(await settlePayments(shop, { limit: 10 }))
      const { orders, payments } = await booksOf(shop)
      expect(orders.map(({ state }) => state.status)).toEqual(['paid'])
      expect(payments.map(({ state }) => state.status)).toEqual(['authorised'])
      await expectBooksToAgree(shop)
    },
  )

  it('at its first try has failed, and the payer may try at once', async () => {
    const { shop, shut, payment } = await openDoor()
    shut.set('create', 'RateLimited')
    expect(value(await payOrder(shop, by('ann'), payment))).toMatchObject({ paymentStatus: 'failed' })
    shut.clear()
    expect(value(await payOrder(shop, by('ann'), payment))).toMatchObject({ orderStatus: 'paid' })
    await expectBooksToAgree(shop)
  })
})

it('a capture whose answer was lost is under way still when it is turned away, until the gateway says how it stands', async () => {
  const { shop, orderId, shut, payment } = await openDoor()
  value(await payOrder(shop, by('ann'), payment))
  shop.gateway.scriptCapture({ kind: 'timeout', captured: true })
  const capture = { orderId, amountMinor: 3_000 }
  expect(value(await captureOrder(shop, byStaff(), capture)).status).toBe('underway')
  shut.set('capture', 'RateLimited')
  shut.set('query', 'RateLimited')
  shop.pass(minutesMs)
  value(await settlePayments(shop, { limit: 10 }))
  expect((await booksOf(shop)).payments[0]?.state.capturing).toMatchObject({ amountMinor: 3_000 })
  shut.delete('query')
  shop.pass(30 * minutesMs)
  value(await settlePayments(shop, { limit: 10 }))
  expect((await booksOf(shop)).payments[0]?.state).toMatchObject({ known: { captured: { minor: 3_000 } } })
  await expectBooksToAgree(shop)
})

it('a capture is not sent again while the call may still be at work, then by one machine, and too many requests are no answer to it', async () => {
  const { shop, orderId, payment } = await openDoor()
  value(await payOrder(shop, by('ann'), payment))
  const { capture } = shop.gateway
  let reach = () => {}
  let open = () => {}
  const reached = new Promise<void>((resolve) => {
    reach = resolve
  })
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  let sent = 0
  const slow: PaymentGateway = {
    ...shop.gateway,
    capture: (request) => {
      sent += 1
      if (sent > 1) return okAsync({ kind: 'declined', error: { code: 'RateLimited', gatewayCode: '429' } })
      reach()
      return ResultAsync.fromSafePromise<void, never>(opened).andThen(
        (): ResultAsync<Outcome<PaymentSnapshot>, never> =>
          capture?.(request) ?? okAsync({ kind: 'unknown', cause: 'timeout' }),
      )
    },
  }
  const under = { ...shop, gateways: { sandbox: slow } }
  const first = captureOrder(under, byStaff(), { orderId, amountMinor: 4_000 })
  await reached
  for (const waitsMs of [5 * secondsMs, 15 * secondsMs]) {
    shop.pass(waitsMs)
    value(await settlePayments(under, { limit: 10 }))
  }
  expect(sent).toBe(1)
  shop.pass(minutesMs)
  await Promise.all(Array.from({ length: 3 }, () => settlePayments(under, { limit: 10 })))
  expect(sent).toBe(2)
  const second = await captureOrder(under, byStaff(), { orderId, amountMinor: 4_000 })
  expect(second._unsafeUnwrapErr()).toMatchObject({ type: 'CaptureUnderway' })
  open()
  expect(value(await first)).toMatchObject({ status: 'captured', capturedMinor: 4_000 })
  expect(shop.gateway.books().payments[0]?.capturedMinor).toBe(4_000)
  await expectBooksToAgree(shop)
})
