import { describe, expect, it } from 'vitest'
import { createManualGateway } from '../../../adapters/gateways/manual/index.js'
import { createKeyedDigest } from '../../../adapters/runtime/index.js'
import { messages } from '../../../src/notify/message.schema.js'
import { type TemplateName, writeMessage } from '../../../src/notify/templates.js'
import { orderReactions } from '../../../src/orders/notices/notify-buyer.js'
import type { PayerInput } from '../../../src/orders/order-inputs.js'
import { payShare } from '../../../src/orders/payers/pay-share.js'
import { sharePayment } from '../../../src/orders/payers/share-payment.js'
import { showShare } from '../../../src/orders/payers/show-share.js'
import { payOrder } from '../../../src/orders/paying/pay-order.js'
import { savePolicy } from '../../../src/orders/policy/save-policy.js'
import { defaultShopPolicy } from '../../../src/orders/policy/shop-policy.js'
import { closeUnpaidOrders, settleRefunds } from '../../../src/orders/sweep-orders.js'
import { daysMs, hoursMs, minutesMs } from '../../../src/shared/instant.js'
import { find } from '../../../src/shared/read-plan.js'
import { runRelay } from '../../../src/shared/relay.js'
import { ask, booksOf } from '../books-of.js'
import { buy, edit, hear, openEditShop, two } from '../editing/open-edit-shop.js'
import { by, byStaff, fillCart, openShop, place, type TestShop, value } from '../open-shop.js'

const relay = async (shop: TestShop) => {
  for (const worker of ['one', 'two']) value(await runRelay(shop, orderReactions, { worker, limit: 1_000 }))
}

/** Who was told what so far, in the words of both languages. */
const toldOf = async (shop: TestShop, template: TemplateName) =>
  (await ask(shop, find(messages, { where: [], limit: 100 })))
    .map(({ state }) => state)
    .filter((message) => message.template === template)
    .map(({ accountId, facts }) => {
      const texts = (['en', 'zh-CN'] as const).map((locale) => writeMessage(template, facts, { locale }).text)
      return [accountId, ...texts] as const
    })
    .sort()

const openShared = async (terms: Partial<typeof defaultShopPolicy> = {}) => {
  const shop: TestShop = {
    ...(await openShop()),
    digests: createKeyedDigest({ key: new Uint8Array(32).fill(3) }),
  }
  const { policyId: _, ...policy } = defaultShopPolicy
  value(await savePolicy(shop, byStaff(), { ...policy, ...terms }))
  await fillCart(shop, 'ann', [['kettle', 2]])
  const { orderId, orderNumber } = await place(shop, 'ann')
  const shared = value(
    await sharePayment(shop, by('ann'), {
      orderId,
      payers: [
        { accountId: 'ann', part: { by: 'amount', amountMinor: 10_000 } },
        { accountId: 'bob', part: { by: 'share', share: 1 } },
        { part: { by: 'share', share: 1 } },
      ],
    }),
  )
  const link = shared.payers.find((payer) => payer.link !== null)?.link ?? ''
  return { shop, orderId, orderNumber, link }
}

const how = { gatewayId: 'sandbox', method: 'wechatPay' } as const

describe('those who pay an order together', () => {
  it('are told their part and until when, that it came, and that of others nothing', async () => {
    const { shop, orderId, orderNumber, link } = await openShared()
    await relay(shop)
    await relay(shop)
    // 266.00 less Ann's 100.00, by halves. Placed at 10:00 in Shanghai, half an hour to pay.
    expect(await toldOf(shop, 'shareDue')).toEqual([
      [
        'bob',
        `You were asked to pay CN¥83.00 of order ${orderNumber}. Sign in and pay it by 2026-03-10 10:30 +08:00. If somebody has not paid by then, everything that was paid goes back.`,
        `您受邀支付订单 ${orderNumber} 中的 ¥83.00。请在 2026-03-10 10:30 +08:00 前登录并支付；若届时有人未付，所有已付款项将原路退回。`,
      ],
    ])
    shop.gateway.script({ kind: 'decline', code: 'InsufficientFunds' })
    value(await payShare(shop, by('bob'), { orderId, ...how }))
    await relay(shop)
    value(await payShare(shop, by('bob'), { orderId, ...how }))
    await relay(shop)
    expect((await toldOf(shop, 'paymentFailed')).map(([to]) => to)).toEqual(['bob'])
    const [paid] = await toldOf(shop, 'sharePaid')
    expect(paid?.[0]).toBe('bob')
    expect(paid?.[1]).toContain(`We received your part of CN¥83.00 by WeChat Pay for order ${orderNumber}.`)
    expect(paid?.[2]).toContain(`已收到您为订单 ${orderNumber} 支付的 ¥83.00（微信支付）`)

    value(await payShare(shop, by('ann'), { link, ...how }))
    value(await payShare(shop, by('ann'), { orderId, ...how }))
    await relay(shop)
    // Whoever has a link has no account to write to; Ann, whose part was the last, is told of the whole.
    expect((await toldOf(shop, 'sharePaid')).map(([to]) => to)).toEqual(['bob'])
    expect((await toldOf(shop, 'paymentSucceeded')).map(([to]) => to)).toEqual(['ann'])
  })

  it('are told that it came where they paid by a link with an account of their own', async () => {
    const { shop, orderNumber, link } = await openShared()
    value(await payShare(shop, by('cat'), { link, ...how }))
    await relay(shop)
    const [paid, ...more] = await toldOf(shop, 'sharePaid')
    expect(paid?.[0]).toBe('cat')
    expect(paid?.[1]).toContain(`We received your part of CN¥83.00 by WeChat Pay for order ${orderNumber}.`)
    expect(more).toEqual([])
  })

  it('are told by which ways all of it was paid, each once', async () => {
    const { shop, orderId, link } = await openShared()
    value(await payShare(shop, by('bob'), { orderId, ...how, method: 'alipay' }))
    value(await payShare(shop, by('cat'), { link, ...how }))
    value(await payShare(shop, by('ann'), { orderId, ...how }))
    await relay(shop)
    const [told] = await toldOf(shop, 'paymentSucceeded')
    expect(told?.[0]).toBe('ann')
    expect(told?.[1]).toMatch(/by (WeChat Pay, Alipay|Alipay, WeChat Pay)/)
    expect(told?.[2]).toMatch(/微信支付、支付宝|支付宝、微信支付/)
  })

  it('are each told of the part that goes back to them when somebody has not paid in time', async () => {
    const { shop, orderId } = await openShared()
    value(await payShare(shop, by('bob'), { orderId, ...how }))
    value(await payShare(shop, by('ann'), { orderId, ...how }))
    await relay(shop)
    expect((await toldOf(shop, 'sharePaid')).map(([to]) => to)).toEqual(['ann', 'bob'])
    shop.pass(30 * minutesMs)
    value(await closeUnpaidOrders(shop, { limit: 10 }))
    value(await settleRefunds(shop, { limit: 10 }))
    await relay(shop)
    const back = await toldOf(shop, 'refundSucceeded')
    expect(back.map(([to, en]) => [to, en?.match(/CN¥[\d.]+/)?.[0]])).toEqual([
      ['ann', 'CN¥100.00'],
      ['bob', 'CN¥83.00'],
    ])
    // Nobody is told that nothing was charged.
    expect(await toldOf(shop, 'orderClosed')).toEqual([])
    const [closed, ...more] = await toldOf(shop, 'orderClosedMoneyBack')
    expect(more).toEqual([])
    expect(closed?.[1]).toContain('it was not paid in time. What was paid for it goes back to whoever paid it')
  })
})

describe('those who were asked for a part of an order that money of before pays', () => {
  it('are told that nothing is asked of them any more, and are shown that theirs is over, and not kept', async () => {
    const shop: TestShop = {
      ...(await openShop()),
      digests: createKeyedDigest({ key: new Uint8Array(32).fill(3) }),
    }
    await fillCart(shop, 'ann', [['kettle', 2]])
    const { orderId, orderNumber } = await place(shop, 'ann')
    shop.gateway.script({ kind: 'pending' })
    const whole = value(await payOrder(shop, by('ann'), { orderId, ...how }))
    const half = { by: 'share', share: 1 } as const
    value(
      await sharePayment(shop, by('ann'), {
        orderId,
        payers: ['ann', 'bob'].map((accountId) => ({ accountId, part: half })),
      }),
    )
    expect(shop.gateway.pay(whole.paymentId, { evenIfEnded: true, delivery: { times: 1 } })).toBe(true)
    await hear(shop)
    expect(value(await showShare(shop, by('bob'), { orderId }))).toMatchObject({ state: 'ended', payBy: null })
    for (const _turn of [1, 2]) await relay(shop)
    expect(await toldOf(shop, 'shareDropped')).toEqual([
      [
        'bob',
        `Order ${orderNumber} is paid. The CN¥133.00 that you were asked to pay of it is not asked any more; there is nothing you need to do.`,
        `订单 ${orderNumber} 已付清，您无需再支付其中的 ¥133.00。`,
      ],
    ])
  })

  it('are told so only where they have not paid, and are shown that theirs is kept where it paid the order', async () => {
    const { shop, orderId, link } = await openShared()
    value(await payShare(shop, by('bob'), { orderId, ...how }))
    value(await payShare(shop, by('ann'), { link, ...how }))
    value(await payShare(shop, by('ann'), { orderId, ...how }))
    expect(value(await showShare(shop, by('bob'), { orderId })).state).toBe('kept')
    await relay(shop)
    expect(await toldOf(shop, 'shareDropped')).toEqual([])
  })
})

describe('those whose parts are shared anew', () => {
  const bobAsWell = [
    { accountId: 'ann', part: { by: 'amount', amountMinor: 20_000 } },
    { accountId: 'bob', part: { by: 'rest' } },
  ] as const
  const withoutBob = [
    { accountId: 'ann', part: { by: 'amount', amountMinor: 20_000 } },
    { accountId: 'cat', part: { by: 'rest' } },
  ] as const

  it('are told of the parts as they are, once', async () => {
    const { shop, orderId } = await openShared()
    value(await sharePayment(shop, by('ann'), { orderId, payers: bobAsWell }))
    await relay(shop)
    const due = await toldOf(shop, 'shareDue')
    expect(due.map(([to, en]) => [to, en?.match(/CN¥[\d.]+/)?.[0]])).toEqual([['bob', 'CN¥66.00']])
  })

  it('are told once an hour at most, whoever else is asked meanwhile', async () => {
    const { shop, orderId } = await openShared()
    await relay(shop)
    for (const payers of [bobAsWell, withoutBob, bobAsWell, withoutBob]) {
      value(await sharePayment(shop, by('ann'), { orderId, payers }))
      await relay(shop)
    }
    expect((await toldOf(shop, 'shareDue')).map(([to]) => to)).toEqual(['bob', 'cat'])
    const { shop: slow, orderId: slowId } = await openShared({ payWithinMs: daysMs })
    await relay(slow)
    for (const waits of [hoursMs - 1, 1]) {
      slow.pass(waits)
      value(await sharePayment(slow, by('ann'), { orderId: slowId, payers: bobAsWell }))
      await relay(slow)
    }
    expect((await toldOf(slow, 'shareDue')).map(([to, en]) => [to, en?.match(/CN¥[\d.]+/)?.[0]])).toEqual([
      ['bob', 'CN¥66.00'],
      ['bob', 'CN¥83.00'],
    ])
  })

  it('are told again only of what changed for them', async () => {
    const { shop, orderId } = await openShared({ payWithinMs: daysMs })
    await relay(shop)
    const again = async (payers: readonly PayerInput[]) => {
      shop.pass(hoursMs)
      value(await sharePayment(shop, by('ann'), { orderId, payers }))
      await relay(shop)
      return (await toldOf(shop, 'shareDue')).map(([to, en]) => [to, en?.match(/CN¥[\d.]+/)?.[0]])
    }
    const before = [['bob', 'CN¥83.00']]
    const bobAndCat = [
      { accountId: 'bob', part: { by: 'amount', amountMinor: 8_300 } },
      { accountId: 'cat', part: { by: 'rest' } },
    ] as const
    expect(await again(bobAndCat)).toEqual([...before, ['cat', 'CN¥183.00']])
    expect(await again([...bobAndCat].reverse())).toEqual([...before, ['cat', 'CN¥183.00']])
    const changed = [['bob', 'CN¥66.00'], ...before, ['cat', 'CN¥183.00']]
    expect(await again(bobAsWell)).toEqual(changed)
    // What they were told last counts, and not what they were told once.
    expect(await again(bobAndCat)).toEqual([changed[0], ...before, ...before, ['cat', 'CN¥183.00']])
  })

  it('are told forty times in all, however many are asked one after the other', async () => {
    const { shop, orderId } = await openShared({ payWithinMs: daysMs })
    await relay(shop)
    const half = { by: 'share', share: 1 } as const
    for (const turn of [1, 2, 3]) {
      const payers = Array.from({ length: 19 }, (_, place) => ({ accountId: `p${turn}-${place}`, part: half }))
      value(await sharePayment(shop, by('ann'), { orderId, payers }))
      await relay(shop)
    }
    const told = (await toldOf(shop, 'shareDue')).map(([to]) => to)
    expect(told).toHaveLength(40)
    expect(told.filter((to) => to?.startsWith('p3-'))).toEqual(['p3-0'])
  })

  it('are told no more often, and of the change last, of an order that is kept for a transfer', async () => {
    const opened = await openShared()
    const manual = createManualGateway({ bank: 'ICBC', holder: 'Shopwright', account: '6222 **** 0007' })
    const shop: TestShop = { ...opened.shop, gateways: { ...opened.shop.gateways, manual } }
    const { orderId } = opened
    await relay(shop)
    const half = { by: 'share', share: 1 } as const
    const among = async (...others: readonly string[]) => {
      const payers = ['bob', ...others].map((accountId) => ({ accountId, part: half }))
      value(await sharePayment(shop, by('ann'), { orderId, payers }))
      await relay(shop)
    }
    const bobs = async () =>
      (await ask(shop, find(messages, { where: [], limit: 1_000 })))
        .map(({ state }) => state)
        .filter(({ accountId, template }) => accountId === 'bob' && template === 'shareDue')
        .sort((one, other) => one.queuedAt - other.queuedAt)
        .map(({ facts }) => Reflect.get(Object(facts.amount), 'minor'))
    value(await payShare(shop, by('bob'), { orderId, gatewayId: 'manual', method: 'bankTransfer' }))
    // A third of the whole, then a quarter, long after the half hour that the order had at first.
    for (const others of [
      ['cat', 'dan'],
      ['cat', 'dan', 'eve'],
      ['cat', 'dan'],
      ['cat', 'dan', 'eve'],
    ]) {
      shop.pass(2 * hoursMs)
      await among(...others)
    }
    expect(await bobs()).toEqual([8_300, 8_867, 6_650, 8_867, 6_650])
    shop.pass(2 * hoursMs)
    for (const turn of [1, 2, 3]) await among(...Array.from({ length: 18 }, (_, place) => `p${turn}-${place}`))
    expect(
      (await ask(shop, find(messages, { where: [], limit: 1_000 }))).filter(
        ({ state }) => state.template === 'shareDue',
      ),
    ).toHaveLength(40)
  })

  it('are told that what they had paid goes back, and the buyer nothing of it', async () => {
    const { shop, orderId, link } = await openShared()
    shop.gateway.script({ kind: 'pending', delivery: { times: 0 } }, { kind: 'pending', delivery: { times: 0 } })
    const bobs = value(await payShare(shop, by('bob'), { orderId, ...how }))
    const visitors = value(
      await payShare(shop, { actor: { kind: 'guest', guestId: 'visitor' }, key: 'visit' }, { link, ...how }),
    )
    value(await sharePayment(shop, by('ann'), { orderId, payers: withoutBob }))
    for (const { paymentId } of [bobs, visitors]) {
      expect(shop.gateway.pay(paymentId, { evenIfEnded: true, delivery: { times: 1 } })).toBe(true)
    }
    await hear(shop)
    value(await settleRefunds(shop, { limit: 10 }))
    await relay(shop)
    const { refunds } = await booksOf(shop)
    expect(refunds.map(({ state }) => [state.amountMinor, state.status])).toEqual([
      [8_300, 'succeeded'],
      [8_300, 'succeeded'],
    ])
    // Whoever had the link has no account to write to.
    const back = await toldOf(shop, 'refundSucceeded')
    expect(back.map(([to, en]) => [to, en?.match(/CN¥[\d.]+/)?.[0]])).toEqual([['bob', 'CN¥83.00']])
  })

  it('are not told to pay what is not theirs to pay any more', async () => {
    const { shop, orderId } = await openShared()
    shop.gateway.script({ kind: 'decline', code: 'InsufficientFunds' })
    value(await payShare(shop, by('bob'), { orderId, ...how }))
    value(await sharePayment(shop, by('ann'), { orderId, payers: withoutBob }))
    await relay(shop)
    expect(shop.told.map(({ type }) => type)).toContain('PaymentFailed')
    expect(await toldOf(shop, 'paymentFailed')).toEqual([])
  })
})

describe('a buyer whose change costs more', () => {
  it('and who changes it again before they are told is told the difference of the last alone, once', async () => {
    const shop = await openEditShop()
    const orderId = await buy(shop, 'ann', [['kettle', 1]])
    await edit(shop, 'ann', two(orderId))
    await edit(shop, 'ann', { orderId, lines: [{ lineId: 'kettle-1', quantity: 3 }] })
    await relay(shop)
    const due = await toldOf(shop, 'differenceDue')
    expect(due.map(([to, en]) => [to, en?.match(/CN¥[\d.]+/)?.[0]])).toEqual([['ann', 'CN¥258.00']])
  })

  it('is told the difference and until when, that paying it failed, and that the change is made', async () => {
    const shop = await openEditShop()
    const orderId = await buy(shop, 'ann', [['kettle', 1]])
    await edit(shop, 'ann', two(orderId))
    await relay(shop)
    const [due] = await toldOf(shop, 'differenceDue')
    expect(due?.[1]).toMatch(
      /^The change of order \S+ costs CN¥129\.00 more\. Pay it on the page of the order by 2026-/,
    )
    expect(due?.[2]).toMatch(/^订单 \S+ 变更后须补差价 ¥129\.00。/)
    shop.gateway.script({ kind: 'decline', code: 'InsufficientFunds' })
    value(await payOrder(shop, by('ann'), { orderId, ...how }))
    await relay(shop)
    value(await payOrder(shop, by('ann'), { orderId, ...how }))
    await relay(shop)
    const [failed] = await toldOf(shop, 'differenceFailed')
    expect(failed?.[1]).toContain('CN¥129.00 by WeChat Pay')
    expect(failed?.[1]).toContain('Your balance is not enough.')
    expect(await toldOf(shop, 'paymentFailed')).toEqual([])
    const [paid] = await toldOf(shop, 'differencePaid')
    expect(paid?.[1]).toMatch(/the difference of CN¥129\.00 by WeChat Pay, .* It will ship by 2026-03-12\./)
    expect(paid?.[2]).toContain('预计最晚 2026-03-12 发货')
  })
})
