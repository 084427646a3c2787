import { describe, expect, it } from 'vitest'
import { messages } from '../../../src/notify/message.schema.js'
import { writeMessage } from '../../../src/notify/templates.js'
import { listBills } from '../../../src/orders/books/list-bills.js'
import type { StatementInput } from '../../../src/orders/books/list-bills.schema.js'
import { billsCsv, billsJsonLines } from '../../../src/orders/books/render-bills.js'
import { statementCsv, statementJsonLines } from '../../../src/orders/books/render-statement.js'
import { type PeriodStatement, showStatement } from '../../../src/orders/books/show-statement.js'
import { tellBill } from '../../../src/orders/books/tell-bill.js'
import { listOrders } from '../../../src/orders/pages/list-orders.js'
import { ordersCsv, ordersJsonLines } from '../../../src/orders/pages/render-orders.js'
import { captureOrder } from '../../../src/orders/paying/capture-order.js'
import { savePolicy } from '../../../src/orders/policy/save-policy.js'
import { defaultShopPolicy } from '../../../src/orders/policy/shop-policy.js'
import { refundOrder } from '../../../src/orders/refunds/refund-order.js'
import { closeUnpaidOrders } from '../../../src/orders/sweep-orders.js'
import type { LedgerEntry } from '../../../src/payments/ledger.js'
import { appendEntries } from '../../../src/payments/move-payment.js'
import type { StatementCursor } from '../../../src/payments/statement.js'
import { exportPages } from '../../../src/shared/export-pages.js'
import { daysMs, hoursMs, minutesMs } from '../../../src/shared/instant.js'
import { find } from '../../../src/shared/read-plan.js'
import { runRelay } from '../../../src/shared/relay.js'
import { ask, expectBooksToAgree } from '../books-of.js'
import { decideAt, dispute } from '../disputes/disputed.js'
import {
  by,
  byStaff,
  commit,
  fillCart,
  givePoints,
  openShop,
  pay,
  place,
  type Sku,
  type TestShop,
  value,
} from '../open-shop.js'
import { openMall } from '../placing/open-mall.js'

const order = async (shop: TestShop, buyer: string, lines: readonly (readonly [Sku, number])[], points?: number) => {
  await fillCart(shop, buyer, lines)
  const placed = await place(shop, buyer, points === undefined ? {} : { points })
  shop.pass(minutesMs)
  return placed
}

/** A shop with a bill in each state. */
const openBilled = async () => {
  const shop = await openShop()
  const closed = await order(shop, 'eve', [['mug', 1]])
  shop.pass(hoursMs)
  value(await closeUnpaidOrders(shop, { limit: 10 }))
  const created = await order(shop, 'bob', [['mug', 2]])
  await givePoints(shop, 'ann', 10_000)
  const paid = await order(
    shop,
    'ann',
    [
      ['kettle', 1],
      ['lamp', 2],
    ],
    1_000,
  )
  await pay(shop, 'ann', paid.orderId)
  const part = await order(shop, 'cat', [['kettle', 2]])
  await pay(shop, 'cat', part.orderId)
  const back = (orderId: string, quantity: number, withShipping: boolean) =>
    refundOrder(shop, byStaff(), {
      orderId,
      reason: 'goodwill',
      lines: [{ lineId: 'kettle-1', quantity }],
      withShipping,
    })
  value(await back(part.orderId, 1, false))
  const refunded = await order(shop, 'dan', [['kettle', 1]])
  await pay(shop, 'dan', refunded.orderId)
  value(await back(refunded.orderId, 1, true))
  return { shop, placed: { closed, created, paid, partRefunded: part, refunded } }
}

const textOf = async (pieces: AsyncIterable<{ _unsafeUnwrap: () => string }>) => {
  let text = ''
  for await (const piece of pieces) text += piece._unsafeUnwrap()
  return text
}

describe('bills', () => {
  it('are listed by state, time, number and buyer, page after page, each as the ledger has it', async () => {
    const { shop, placed } = await openBilled()
    const numbers = async (input: object) =>
      value(await listBills(shop, byStaff(), input)).bills.map(({ orderNumber }) => orderNumber)
    for (const [state, { orderNumber }] of Object.entries(placed))
      expect(await numbers({ state })).toEqual([orderNumber])
    expect(await numbers({ accountId: 'cat' })).toEqual([placed.partRefunded.orderNumber])
    expect(await numbers({ orderNumber: placed.paid.orderNumber })).toEqual([placed.paid.orderNumber])

    const pages: string[] = []
    let after: { placedAt: number; orderId: string } | null = null
    do {
      const page: Awaited<ReturnType<typeof listBills>> = await listBills(shop, byStaff(), {
        limit: 2,
        ...(after ? { after } : {}),
      })
      const { bills, next } = value(page)
      pages.push(...bills.map(({ status }) => status))
      after = next
    } while (after !== null)
    expect(pages).toEqual(['refunded', 'partRefunded', 'paid', 'created', 'closed'])

    const [bill] = value(await listBills(shop, by('ann'), {})).bills
    // 129.00 and twice 59.00, carriage 8.00; 1,000 points are 10.00 of it.
    expect(bill).toMatchObject({
      status: 'paid',
      accountId: 'ann',
      totalMinor: 25_500,
      paidMinor: 25_500,
      shippingMinor: 800,
      refundedMinor: 0,
      methods: ['wechatPay', 'points'],
      lines: [
        { sku: 'kettle', quantity: 1, unitMinor: 12_900, totalMinor: 12_900 },
        { sku: 'lamp', quantity: 2, unitMinor: 5_900, totalMinor: 11_800 },
      ],
    })
    expect(bill?.paidAt).not.toBeNull()
    expect(await listBills(shop, by('ann'), { accountId: 'cat' })).toMatchObject({ value: { bills: [], next: null } })
    await expectBooksToAgree(shop)
  })

  it('come to a statement page after page: each movement once and in order, the sums of all on the first', async () => {
    const { shop } = await openBilled()
    const period = { from: shop.clock.now() - 24 * hoursMs, to: shop.clock.now() + 1 }
    const whole = value(await showStatement(shop, byStaff(), period))
    expect(whole).toMatchObject({ next: null })
    expect(whole.lines.length).toBeGreaterThan(4)
    for (const limit of [1, 2, whole.lines.length - 1, whole.lines.length]) {
      const ids: string[] = []
      let after: StatementCursor | null = null
      let pages = 0
      do {
        const asked: StatementInput = { ...period, limit, ...(after === null ? {} : { after }) }
        const { lines, next, ...rest }: PeriodStatement = value(await showStatement(shop, byStaff(), asked))
        const { sums, lineCount } = pages === 0 ? whole : { sums: null, lineCount: null }
        expect(rest).toMatchObject({ sums, lineCount })
        expect(lines.length).toBeLessThanOrEqual(limit)
        ids.push(...lines.map(({ entryId }) => entryId))
        after = next
        pages += 1
      } while (after !== null)
      expect(ids).toEqual(whole.lines.map(({ entryId }) => entryId))
      expect(pages).toBe(Math.ceil(whole.lines.length / limit))
    }
    expect(await showStatement(shop, byStaff(), { ...period, limit: 1_001 })).toMatchObject({
      error: { type: 'InvalidInput' },
    })
  })

  it('come to a statement that reads the whole period for its first page, and for those after it where they begin', async () => {
    const shop = await openShop()
    const at = shop.clock.now()
    const bought = Array.from({ length: 2_500 }, (_, n): LedgerEntry => {
      const lines = [
        { account: 'gatewayClearing:sandbox', currency: 'CNY', amountMinor: 100 },
        { account: `escrow:order-${n}`, currency: 'CNY', amountMinor: -100 },
      ] as const
      const about = {
        orderId: `order-${n}`,
        paymentId: `pay-${n}`,
        refundId: null,
        accountId: 'ann',
        merchantId: 'self',
      }
      return { entryId: `captured/${String(n).padStart(4, '0')}`, kind: 'captured', at: at + n, ...about, lines }
    })
    await commit(shop, appendEntries(bought))
    const readsOf = async (after?: StatementCursor) => {
      const before = shop.counts.reads
      const asked = { from: at, to: at + daysMs, limit: 10, ...(after === undefined ? {} : { after }) }
      const page = value(await showStatement(shop, byStaff(), asked))
      return { page, reads: shop.counts.reads - before }
    }
    const first = await readsOf()
    // Beside the pages of the ledger each has one read of what its lines are known by.
    expect(first).toMatchObject({ reads: 4, page: { lineCount: 2_500, sums: [{ paidMinor: 250_000 }] } })
    const second = await readsOf(first.page.next ?? undefined)
    expect(second).toMatchObject({ reads: 2, page: { lineCount: null, sums: null } })
    expect(second.page.lines.map(({ entryId }) => entryId)).toEqual(bought.slice(10, 20).map(({ entryId }) => entryId))
    const last = await readsOf({ at: at + 2_489, entryId: 'captured/2489' })
    expect(last).toMatchObject({ reads: 2, page: { next: null } })
    expect(last.page.lines).toHaveLength(10)
  })

  it('come to a statement, of one buyer and of the shop', async () => {
    const { shop, placed } = await openBilled()
    const whole = { from: shop.clock.now() - 24 * hoursMs, to: shop.clock.now() + 1 }
    const cat = value(await showStatement(shop, by('cat'), whole))
    expect(cat.sums).toEqual([
      {
        currency: 'CNY',
        paidMinor: 26_600,
        paidInPointsMinor: 0,
        refundedMinor: 12_900,
        pointsReturnedMinor: 0,
        chargedBackMinor: 0,
        feeMinor: 0,
      },
    ])
    expect(cat.lines.map(({ kind, amountMinor }) => [kind, amountMinor])).toEqual([
      ['paid', 26_600],
      ['refunded', -12_900],
    ])
    const shopWide = value(await showStatement(shop, byStaff(), whole))
    const inPoints = shopWide.lines.filter(({ method }) => method === 'points')
    expect(inPoints.map(({ kind, orderNumber }) => [kind, orderNumber])).toEqual([
      ['paidInPoints', placed.paid.orderNumber],
    ])
    expect(shopWide.lines.every(({ orderNumber, method }) => orderNumber !== null && method !== null)).toBe(true)
    const { payments, refunds } = shop.gateway.books()
    expect(shopWide.sums).toEqual([
      {
        currency: 'CNY',
        paidMinor: payments.reduce((sum, { capturedMinor }) => sum + capturedMinor, 0),
        paidInPointsMinor: 1_000,
        refundedMinor: refunds.reduce((sum, { amountMinor }) => sum + amountMinor, 0),
        pointsReturnedMinor: 0,
        chargedBackMinor: 0,
        feeMinor: 0,
      },
    ])
    expect(value(await showStatement(shop, byStaff(), { ...whole, accountId: 'cat' }))).toEqual({
      ...cat,
      accountId: 'cat',
    })
    expect(value(await showStatement(shop, byStaff(), { from: 0, to: hoursMs })).lineCount).toBe(0)
    expect(await showStatement(shop, byStaff(), { from: 2, to: 1 })).toMatchObject({ error: { type: 'InvalidInput' } })
  })

  it('and orders are exported in any size, as comma-separated values and as JSON Lines', async () => {
    const { shop, placed } = await openBilled()
    const bills = (after: { placedAt: number; orderId: string } | undefined) =>
      listBills(shop, byStaff(), { limit: 2, ...(after === undefined ? {} : { after }) })
    const csv = await textOf(exportPages(bills, (page, withHeader) => billsCsv(page, { locale: 'en', withHeader })))
    const lines = csv.split('\r\n')
    expect(lines[0]).toBe(
      'Order,State,Placed,Paid at,Paid by,Item,SKU,Quantity,Unit price,Line total,Shipping,Total,Paid amount,Refunded,Currency',
    )
    expect(lines).toHaveLength(8)
    expect(lines.find((line) => line.includes(',lamp,'))).toMatch(
      new RegExp(
        `^${placed.paid.orderNumber},Paid,2026-03-10T[^,]+,2026-03-10T[^,]+,"WeChat Pay, Points",lamp,lamp,2,59.00,118.00,(8.00,255.00,255.00,0.00|,,,),CNY$`,
      ),
    )
    // What its order comes to stands on the first row of each.
    const totals = lines.slice(1).map((line) => line.split(',').slice(-5, -1).join())
    expect(totals.filter((cells) => cells === ',,,')).toHaveLength(1)
    expect(totals.filter((cells) => cells.endsWith('255.00,255.00,0.00'))).toEqual(['8.00,255.00,255.00,0.00'])
    const json = await textOf(exportPages(bills, billsJsonLines))
    expect(
      json
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).status),
    ).toEqual(['refunded', 'partRefunded', 'paid', 'created', 'closed'])
    const ordersOf = (after: { placedAt: number; orderId: string } | undefined) =>
      listOrders(shop, byStaff(), { limit: 3, ...(after === undefined ? {} : { after }) })
    const sheet = await textOf(
      exportPages(ordersOf, (page, withHeader) => ordersCsv(page, { locale: 'zh-CN', withHeader })),
    )
    expect(sheet.split('\r\n').slice(0, 2)).toEqual([
      '订单号,状态,退款,下单时间,商品名称,SKU,数量,应付金额,币种',
      expect.stringContaining(`${placed.refunded.orderNumber},待发货,已全额退款,`),
    ])
    // Carriage is 8.00: with one mug, two mugs, one kettle and two; of the two rows of the kettle with lamps one says 245.00.
    const payable = sheet.split('\r\n').flatMap((line) => line.split(',').slice(-2, -1))
    expect(payable.filter((cell) => /^\d/.test(cell)).sort()).toEqual(['137.00', '245.00', '266.00', '27.00', '46.00'])
    expect(payable.filter((cell) => cell === '')).toHaveLength(1)
    expect((await textOf(exportPages(ordersOf, ordersJsonLines))).trim().split('\n')).toHaveLength(5)
  })

  it('and statements are exported page by page, amounts below zero as numbers, with the mark of UTF-8 where it is asked for', async () => {
    const { shop, placed } = await openBilled()
    const pages = (after: StatementCursor | undefined) =>
      showStatement(shop, by('cat'), {
        from: shop.clock.now() - 24 * hoursMs,
        to: shop.clock.now() + 1,
        limit: 1,
        ...(after === undefined ? {} : { after }),
      })
    const options = { locale: 'en', bom: true } as const
    const csv = await textOf(exportPages(pages, (page, withHeader) => statementCsv(page, { ...options, withHeader })))
    const rows = csv.split('\r\n').map((line) => line.split(','))
    expect(rows[0]).toEqual(['\uFEFFAt', 'Kind', 'Order', 'Order id', 'Paid by', 'Amount', 'Currency', 'Entry'])
    expect(csv.split('\uFEFF')).toHaveLength(2)
    const { orderId, orderNumber } = placed.partRefunded
    expect(rows.slice(1, -1).map((cells) => cells.slice(1, 7))).toEqual([
      ['Paid', orderNumber, orderId, 'WeChat Pay', '266.00', 'CNY'],
      ['Refunded', orderNumber, orderId, 'WeChat Pay', '-129.00', 'CNY'],
    ])
    expect(statementCsv({ lines: [] }, { locale: 'zh-CN', withHeader: true })).toBe(
      '时间,类型,订单号,订单编码,支付方式,金额,币种,记账编号\r\n',
    )
    const json = (await textOf(exportPages(pages, statementJsonLines))).trim().split('\n')
    expect(json.map((line) => JSON.parse(line).amountMinor)).toEqual([26_600, -12_900])
  })

  it('find an order by a text in its number, goods or SKU', async () => {
    const { shop, placed } = await openBilled()
    const found = async (text: string, actor = byStaff()) =>
      value(await listOrders(shop, actor, { text })).orders.map(({ orderNumber }) => orderNumber)
    expect(await found('LAMP')).toEqual([placed.paid.orderNumber])
    expect(await found(placed.created.orderNumber.slice(-4))).toContain(placed.created.orderNumber)
    expect(await found('lamp', by('bob'))).toEqual([])
    // Names are sealed, and nobody is found by one.
    expect(await found('王小明')).toEqual([])
  })
})

describe('the bill as a message', () => {
  const relay = async (shop: TestShop) => {
    for (const worker of ['one', 'two']) {
      value(await runRelay(shop, [tellBill], { worker, limit: 1_000 }))
      shop.pass(2 * minutesMs)
    }
  }
  const sent = async (shop: TestShop) =>
    (await ask(shop, find(messages, { where: [], limit: 100 }))).map(({ state }) => state)

  it('is one for each order of a divided checkout once that is paid, and none of all of it', async () => {
    const shop = await openMall()
    const { orderId } = await order(shop, 'ann', [
      ['kettle', 1],
      ['lamp', 1],
    ])
    await relay(shop)
    await pay(shop, 'ann', orderId)
    await relay(shop)
    const bills = await sent(shop)
    const { bills: shown } = value(await listBills(shop, by('ann'), {}))
    expect(shown).toHaveLength(2)
    expect(bills.map(({ cause }) => cause).sort()).toEqual(
      [`bill/${orderId}/created`, ...shown.map((bill) => `bill/${bill.orderId}/paid`)].sort(),
    )
    for (const { orderId: part, paidMinor, currency } of shown) {
      const told = bills.find(({ cause }) => cause === `bill/${part}/paid`)
      expect(told?.facts.paid).toEqual({ minor: paidMinor, currency })
    }
    expect(shown.reduce((total, { paidMinor }) => total + paidMinor, 0)).toBe(
      shop.gateway.books().payments[0]?.capturedMinor,
    )
  })

  it('goes out once for each state that it comes to, and says what was bought and paid', async () => {
    const shop = await openShop()
    const { orderId, orderNumber } = await order(shop, 'ann', [['kettle', 2]])
    await relay(shop)
    await pay(shop, 'ann', orderId)
    await relay(shop)
    for (const quantity of [1, 1]) {
      const lines = [{ lineId: 'kettle-1', quantity }]
      value(await refundOrder(shop, byStaff(), { orderId, reason: 'goodwill', lines, withShipping: false }))
      await relay(shop)
    }
    const bills = await sent(shop)
    expect(bills.map(({ cause, channel }) => [cause, channel]).sort()).toEqual([
      [`bill/${orderId}/created`, 'email'],
      [`bill/${orderId}/paid`, 'email'],
      // The second part does not make another state of it: carriage was not given back.
      [`bill/${orderId}/partRefunded`, 'email'],
    ])
    const paid = bills.find(({ cause }) => cause.endsWith('/paid'))
    expect(writeMessage('bill', paid?.facts ?? {}, { locale: 'en' })).toEqual({
      subject: `Bill of order ${orderNumber}: Paid`,
      text: [
        `Bill of order ${orderNumber} (Paid):`,
        'kettle × 2  CN¥129.00  CN¥258.00',
        'Shipping CN¥8.00',
        'Total CN¥266.00',
        'Paid CN¥266.00 by WeChat Pay at 2026-03-10 10:05 +08:00',
        'Refunded CN¥0.00',
      ].join('\n'),
    })
    expect(writeMessage('bill', paid?.facts ?? {}, { locale: 'zh-CN' }).text).toContain('支付方式：微信支付')
  })

  it('goes out as paid once held money is taken, and as given back where a dispute is lost', async () => {
    const shop = await openShop()
    const { policyId: _, ...terms } = defaultShopPolicy
    value(await savePolicy(shop, byStaff(), { ...terms, capture: 'onShipment' }))
    const { orderId } = await order(shop, 'ann', [['kettle', 1]])
    const { paymentId } = await pay(shop, 'ann', orderId)
    await relay(shop)
    const states = async () => (await sent(shop)).map(({ cause }) => cause.replace(`bill/${orderId}/`, '')).sort()
    expect(await states()).toEqual(['created'])
    value(await captureOrder(shop, byStaff(), { orderId }))
    await relay(shop)
    expect(await states()).toEqual(['created', 'paid'])
    const { disputeRef } = await dispute(shop, paymentId)
    await decideAt(shop, disputeRef, 'lost')
    await relay(shop)
    expect(await states()).toEqual(['created', 'paid', 'refunded'])
  })

  it('goes by the way that the terms name', async () => {
    const shop = await openShop()
    const { policyId: _, ...terms } = defaultShopPolicy
    value(await savePolicy(shop, byStaff(), { ...terms, billsBy: 'inApp' }))
    await order(shop, 'ann', [['kettle', 1]])
    await relay(shop)
    expect((await sent(shop)).map(({ channel, template }) => [channel, template])).toEqual([['inApp', 'bill']])
  })
})
