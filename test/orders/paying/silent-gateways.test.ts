import { okAsync } from 'neverthrow'
import { describe, expect, it } from 'vitest'
import { createSandboxGateway } from '../../../adapters/gateways/sandbox/index.js'
import { orderPage } from '../../../src/orders/pages/order-page.js'
import { payOrder } from '../../../src/orders/paying/pay-order.js'
import { sparing } from '../../../src/orders/spare-gateways.js'
import { closeUnpaidOrders, settlePayments, settleRefunds } from '../../../src/orders/sweep-orders.js'
import type { Outcome, PaymentGateway } from '../../../src/payments/ports.js'
import { spareSilentGateways } from '../../../src/payments/spare-silent-gateways.js'
import { minutesMs } from '../../../src/shared/instant.js'
import { booksOf } from '../books-of.js'
import { deliver, openPaid, owe, refundsOf } from '../disputes/disputed.js'
import { by, fillCart, openShop, pay, place, type TestShop, value } from '../open-shop.js'

const timedOut: Outcome<never> = { kind: 'unknown', cause: 'timeout' }

/** A shop with a gateway that lets every question time out, once it is silent, beside one that answers. */
const openSilent = async () => {
  const opened = await openShop()
  const wallet = createSandboxGateway({
    gatewayId: 'wallet',
    merchantAccount: 'wallet-1',
    now: opened.clock.now,
    keys: [{ keyId: 'k1', secret: 'sandbox-secret' }],
  })
  const asked: string[] = []
  /** Of which payments it says nothing for ever; of all of them while there are none. */
  const poison = new Set<string>()
  let isSilent = true
  const unless =
    <Request extends { readonly attemptRef: string }, Answer>(name: string, ask: (request: Request) => Answer) =>
    (request: Request) => {
      asked.push(name)
      return isSilent && (poison.size === 0 || poison.has(request.attemptRef)) ? okAsync(timedOut) : ask(request)
    }
  const silent: PaymentGateway = {
    ...wallet,
    query: unless('query', wallet.query),
    close: unless('close', wallet.close),
  }
  const shop: TestShop = { ...opened, gateways: { ...opened.gateways, wallet: silent } }
  const payBy = async (buyer: string, gatewayId: 'wallet' | 'sandbox') => {
    await fillCart(shop, buyer, [['kettle', 1]])
    const { orderId } = await place(shop, buyer)
    const gateway = gatewayId === 'wallet' ? wallet : opened.gateway
    gateway.script({ kind: 'timeout', charged: true })
    return value(await payOrder(shop, by(buyer), { orderId, gatewayId, method: 'wechatPay' })).paymentId
  }
  return { shop, asked, poison, payBy, speaks: () => (isSilent = false) }
}

const isSameAs = (one: { readonly id: string; readonly version: number }) => (other: typeof one) =>
  other.id === one.id && other.version === one.version

describe('a gateway that answers nothing', () => {
  it('is asked three times in a turn and named once, and holds up no payment of another', async () => {
    const { shop, asked, payBy } = await openSilent()
    const waiting: string[] = []
    for (let each = 0; each < 6; each += 1) waiting.push(await payBy(`buyer-${each}`, 'wallet'))
    const other = await payBy('eve', 'sandbox')
    shop.pass(minutesMs)
    const report = value(await sparing(settlePayments)(shop, { limit: 100 }))
    expect(asked).toEqual(['query', 'query', 'query'])
    expect(report).toEqual({ done: 4, failed: [{ id: 'wallet', reason: 'GatewayNotAnswering' }] })
    const { payments } = await booksOf(shop)
    const ofOthers = payments.filter(({ id }) => waiting.includes(id)).map(({ state }) => state.status)
    expect(ofOthers).toEqual(waiting.map(() => 'unknown'))
    expect(payments.find(({ id }) => id === other)?.state.status).not.toBe('unknown')
  })

  it('puts off what it was asked, and what it was not asked is as it was and comes first the next time', async () => {
    const { shop, asked, payBy, speaks } = await openSilent()
    const waiting: string[] = []
    for (let each = 0; each < 5; each += 1) waiting.push(await payBy(`buyer-${each}`, 'wallet'))
    const stored = async () => (await booksOf(shop)).payments.filter(({ id }) => waiting.includes(id))
    shop.pass(minutesMs)
    const before = await stored()
    const turn = () => sparing(settlePayments)(shop, { limit: 100 })
    value(await turn())
    const after = await stored()
    const untouched = waiting.filter((id) => after.some((one) => one.id === id && before.some(isSameAs(one))))
    expect(untouched).toHaveLength(2)
    speaks()
    asked.length = 0
    expect(value(await turn())).toEqual({ done: 2, failed: [] })
    const still = (await stored()).filter(({ state }) => state.status === 'unknown').map(({ id }) => id)
    expect(still.sort()).toEqual(waiting.filter((id) => !untouched.includes(id)).sort())
    shop.pass(30 * minutesMs)
    expect(value(await turn())).toEqual({ done: 3, failed: [] })
  })

  it('for some payments for ever keeps no other from being heard of', async () => {
    const { shop, payBy, poison } = await openSilent()
    for (let each = 0; each < 3; each += 1) poison.add(await payBy(`buyer-${each}`, 'wallet'))
    shop.pass(1)
    const good = await payBy('eve', 'wallet')
    const statusOf = async () => (await booksOf(shop)).payments.find(({ id }) => id === good)?.state.status
    for (let turn = 0; turn < 5; turn += 1) {
      shop.pass(minutesMs)
      value(await sparing(settlePayments)(shop, { limit: 100 }))
      value(await sparing(closeUnpaidOrders)(shop, { limit: 100 }))
    }
    expect(await statusOf()).toBe('captured')
  })

  it('leaves orders due that would ask it, and closes none while one of its attempts may yet bring money', async () => {
    const { shop, asked, payBy } = await openSilent()
    for (let each = 0; each < 5; each += 1) await payBy(`buyer-${each}`, 'wallet')
    shop.pass(31 * minutesMs)
    const report = value(await sparing(closeUnpaidOrders)(shop, { limit: 100 }))
    expect(report).toEqual({ done: 3, failed: [{ id: 'wallet', reason: 'GatewayNotAnswering' }] })
    expect(asked).toEqual(['close', 'close', 'close'])
    const { orders } = await booksOf(shop)
    expect(orders.map(({ state }) => state.status)).toEqual(Array.from({ length: 5 }, () => 'closing'))
    const due = orders.filter(({ state }) => state.status === 'closing' && state.closeAt <= shop.clock.now())
    expect(due).toHaveLength(2)
  })

  it('takes refunds while it does not say how payments stand', async () => {
    const { shop, orderId, lineId } = await openPaid()
    await owe(shop, orderId, lineId)
    for (const buyer of ['bob', 'cat', 'dan', 'eve']) {
      await fillCart(shop, buyer, [['kettle', 1]])
      const placed = await place(shop, buyer)
      shop.gateway.script({ kind: 'timeout', charged: true, delivery: { times: 0 } })
      await pay(shop, buyer, placed.orderId)
    }
    shop.pass(31 * minutesMs)
    const asked: string[] = []
    const unheard = (name: string) => () => {
      asked.push(name)
      return okAsync(timedOut)
    }
    const half = {
      ...shop,
      gateways: { sandbox: { ...shop.gateway, query: unheard('query'), close: unheard('close') } },
    }
    value(await sparing(settlePayments)(half, { limit: 100 }))
    expect(asked).toEqual(['query', 'query', 'query'])
    expect(value(await sparing(settleRefunds)(half, { limit: 100 }))).toEqual({ done: 1, failed: [] })
    expect(await refundsOf(shop)).toMatchObject([[expect.any(String), 'succeeded']])
  })

  it('counts no try of a refund that was not sent to it', async () => {
    const { shop, orderId, lineId } = await openPaid()
    for (const buyer of ['bob', 'cat', 'dan', 'eve']) {
      await fillCart(shop, buyer, [['kettle', 1]])
      const placed = await place(shop, buyer)
      await pay(shop, buyer, placed.orderId)
      await deliver(shop)
      const { lines } = value(await orderPage(shop, by(buyer), { orderId: placed.orderId }))
      shop.pass(1)
      await owe(shop, placed.orderId, lines[0]?.lineId ?? '')
    }
    shop.pass(1)
    await owe(shop, orderId, lineId)
    let sent = 0
    const refund: PaymentGateway['refund'] = () => {
      sent += 1
      return okAsync(timedOut)
    }
    const silent = { ...shop, gateways: { sandbox: { ...shop.gateway, refund } } }
    const report = value(await sparing(settleRefunds)(silent, { limit: 100 }))
    expect(report).toEqual({ done: 3, failed: [{ id: 'sandbox', reason: 'GatewayNotAnswering' }] })
    expect(sent).toBe(3)
    expect((await refundsOf(shop)).map(([, status]) => status).sort()).toEqual([
      ...['requested', 'requested', 'unknown', 'unknown', 'unknown'],
    ])
    value(await sparing(settleRefunds)(shop, { limit: 100 }))
    expect((await refundsOf(shop)).filter(([, status]) => status === 'succeeded')).toHaveLength(2)
  })

  it('is not taken for silent where it answers between, and is never answered for', async () => {
    const { shop } = await openSilent()
    let calls = 0
    const { gateways, silent, isSilent } = spareSilentGateways({
      sandbox: {
        ...shop.gateway,
        query: () => {
          calls += 1
          return okAsync(calls % 3 === 0 ? { kind: 'ok', value: 'notFound' } : timedOut)
        },
      },
    })
    const ask = () => gateways.sandbox?.query({ attemptRef: 'pay_1', gatewayRef: null, at: 0 })
    for (let each = 0; each < 9; each += 1) await ask()
    expect(calls).toBe(9)
    expect(silent()).toEqual([])
    expect(isSilent('sandbox')).toBe(false)
  })
})
