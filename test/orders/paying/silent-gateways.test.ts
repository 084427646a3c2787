import { err, okAsync } from 'neverthrow'
import { describe, expect, it } from 'vitest'
import { createSandboxGateway } from '../../../adapters/gateways/sandbox/index.js'
import { payOrder } from '../../../src/orders/paying/pay-order.js'
import { sparing } from '../../../src/orders/spare-gateways.js'
import { closeUnpaidOrders, settlePayments, settleRefunds } from '../../../src/orders/sweep-orders.js'
import type { Outcome, PaymentGateway } from '../../../src/payments/ports.js'
import { spareSilentGateways } from '../../../src/payments/spare-silent-gateways.js'
import { minutesMs } from '../../../src/shared/instant.js'
import { booksOf } from '../books-of.js'
import { openPaid, owe, refundsOf } from '../disputes/disputed.js'
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
  let isSilent = true
  const unless =
    <Request, Answer>(name: string, ask: (request: Request) => Answer) =>
    (request: Request) => {
      asked.push(name)
      return isSilent ? okAsync(timedOut) : ask(request)
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
  return { shop, asked, payBy, speaks: () => (isSilent = false) }
}

describe('a gateway that answers nothing', () => {
  it('is asked three times in a turn and named once, and holds up no payment of another', async () => {
    const { shop, asked, payBy, speaks } = await openSilent()
    const waiting: string[] = []
    for (let each = 0; each < 6; each += 1) waiting.push(await payBy(`buyer-${each}`, 'wallet'))
    const other = await payBy('eve', 'sandbox')
    shop.pass(minutesMs)
    const turn = () => sparing(settlePayments)(shop, { limit: 100 })
    const report = value(await turn())
    expect(asked).toEqual(['query', 'query', 'query'])
    expect(report.failed).toEqual([{ id: 'wallet', reason: 'GatewayNotAnswering' }])
    const { payments } = await booksOf(shop)
    const ofOthers = payments.filter(({ id }) => waiting.includes(id)).map(({ state }) => state.status)
    expect(ofOthers).toEqual(waiting.map(() => 'unknown'))
    expect(payments.find(({ id }) => id === other)?.state.status).not.toBe('unknown')
    // All of them were put off, and each is asked about once the gateway answers again.
    speaks()
    shop.pass(30 * minutesMs)
    asked.length = 0
    expect(value(await turn()).failed).toEqual([])
    expect(asked).toHaveLength(6)
  })

  it('is known as such in the other tasks of the turn', async () => {
    const { shop, asked, payBy } = await openSilent()
    for (let each = 0; each < 5; each += 1) await payBy(`buyer-${each}`, 'wallet')
    shop.pass(31 * minutesMs)
    const turn = { ...shop, spared: spareSilentGateways(shop.gateways) }
    expect(value(await sparing(settlePayments)(turn, { limit: 100 })).failed).toHaveLength(1)
    expect(value(await sparing(closeUnpaidOrders)(turn, { limit: 100 })).failed).toEqual([])
    expect(asked.filter((name) => name === 'query')).toHaveLength(3)
    // No order is closed while one of its attempts may yet bring money.
    const { orders } = await booksOf(shop)
    expect(orders.map(({ state }) => state.status)).toEqual(Array.from({ length: 5 }, () => 'closing'))
  })

  it('takes refunds while it does not say how payments stand, and is named once for all that it does not say', async () => {
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
    const halfSilent = { ...shop.gateway, query: unheard('query'), close: unheard('close') }
    const gateways = { sandbox: halfSilent }
    const turn = { ...shop, gateways, spared: spareSilentGateways(gateways) }
    const reports = [
      value(await sparing(settlePayments)(turn, { limit: 100 })),
      value(await sparing(settleRefunds)(turn, { limit: 100 })),
      value(await sparing(closeUnpaidOrders)(turn, { limit: 100 })),
    ]
    expect(asked.filter((name) => name === 'query')).toHaveLength(3)
    expect(await refundsOf(shop)).toMatchObject([[expect.any(String), 'succeeded']])
    expect(reports.flatMap(({ failed }) => failed)).toEqual([{ id: 'sandbox', reason: 'GatewayNotAnswering' }])
  })

  it('is asked all the same who has an account there: what it does not say would count as none', async () => {
    const { gateway } = await openShop({ splits: { payees: { self: 'acct-self' } } })
    const { splits } = gateway
    if (splits === undefined) return expect.unreachable('it divides')
    let isSilent = true
    const accountOf: typeof splits.accountOf = (payee) => (isSilent ? okAsync(timedOut) : splits.accountOf(payee))
    const { gateways, silent } = spareSilentGateways({
      sandbox: { ...gateway, query: () => okAsync(timedOut), splits: { ...splits, accountOf } },
    })
    for (let each = 0; each < 4; each += 1) await gateways.sandbox?.splits?.accountOf('self')
    expect(silent()).toEqual([])
    for (let each = 0; each < 4; each += 1) {
      await gateways.sandbox?.query({ attemptRef: 'pay_1', gatewayRef: null, at: 0 })
    }
    expect(silent()).toEqual(['sandbox'])
    isSilent = false
    expect(value((await gateways.sandbox?.splits?.accountOf('self')) ?? err('none'))).toEqual({
      kind: 'ok',
      value: 'acct-self',
    })
  })

  it('is not taken for silent where it answers between', async () => {
    const { shop } = await openSilent()
    let calls = 0
    const { gateways, silent } = spareSilentGateways({
      sandbox: {
        ...shop.gateway,
        query: () => {
          calls += 1
          return okAsync(calls % 3 === 0 ? { kind: 'ok', value: 'notFound' } : timedOut)
        },
      },
    })
    for (let each = 0; each < 9; each += 1) {
      await gateways.sandbox?.query({ attemptRef: 'pay_1', gatewayRef: null, at: 0 })
    }
    expect(calls).toBe(9)
    expect(silent()).toEqual([])
  })
})
