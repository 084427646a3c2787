import { okAsync } from 'neverthrow'
import { describe, expect, it } from 'vitest'
import { messages } from '../../../src/notify/message.schema.js'
import { writeMessage } from '../../../src/notify/templates.js'
import { readDispute } from '../../../src/orders/disputes/read-dispute.js'
import { settleDisputes } from '../../../src/orders/disputes/settle-disputes.js'
import { submitEvidence } from '../../../src/orders/disputes/submit-evidence.js'
import { tellWatchers } from '../../../src/orders/disputes/tell-watchers.js'
import { listOrders } from '../../../src/orders/pages/list-orders.js'
import { orderPage } from '../../../src/orders/pages/order-page.js'
import { savePolicy } from '../../../src/orders/policy/save-policy.js'
import { defaultShopPolicy } from '../../../src/orders/policy/shop-policy.js'
import { refundOrder } from '../../../src/orders/refunds/refund-order.js'
import { disputes } from '../../../src/payments/dispute.schema.js'
import { listDisputes } from '../../../src/payments/list-disputes.js'
import type { DisputePort } from '../../../src/payments/ports.js'
import { auditLog } from '../../../src/shared/audit.schema.js'
import { daysMs, hoursMs } from '../../../src/shared/instant.js'
import { entries, find } from '../../../src/shared/read-plan.js'
import { runRelay } from '../../../src/shared/relay.js'
import { ask, expectBooksToAgree } from '../books-of.js'
import { byStaff, type TestShop, value } from '../open-shop.js'
import { deliver, dispute, ledgerOf, openPaid } from './disputed.js'

const statement = 'The parcel never came, call 13900000000.'
const complaint = { status: 'inquiry', statement, phone: '13900000000', evidenceWithinMs: daysMs } as const

const portOf = (shop: TestShop): Required<Omit<DisputePort, 'files' | 'accept'>> => {
  const { query, submitEvidence, mostCharacters = 0, read, list } = shop.gateway.disputes ?? {}
  if (!query || !submitEvidence || !read || !list) throw new Error('a sandbox without complaints')
  return { query, submitEvidence, mostCharacters, read, list }
}

const speaking = (shop: TestShop, disputes: DisputePort): TestShop => ({
  ...shop,
  gateways: { sandbox: { ...shop.gateway, disputes } },
})

describe('a complaint at a gateway', () => {
  it('stands on its order with the time to answer, holds no money, and stops no refund', async () => {
    const { shop, orderId, paymentId, lineId } = await openPaid()
    const before = await ledgerOf(shop)
    const { disputeId } = await dispute(shop, paymentId, complaint)
    expect(await ledgerOf(shop)).toEqual(before)
    const evidenceDueAt = shop.clock.now() + daysMs
    const seen = { disputeId, status: 'inquiry', heldMinor: 0, evidenceDueAt, evidence: null }
    expect(value(await orderPage(shop, byStaff(), { orderId })).disputes).toMatchObject([seen])
    expect(value(await listOrders(shop, byStaff(), {})).orders[0]).toMatchObject({ disputed: true })
    const refund = { orderId, reason: 'goodwill', lines: [{ lineId, quantity: 1 }] } as const
    expect(value(await refundOrder(shop, byStaff(), refund))).toMatchObject({ status: 'succeeded' })
    await expectBooksToAgree(shop)
  })

  it('is answered any number of times, late too, and settled when the shop says so', async () => {
    const { shop, paymentId } = await openPaid()
    const { disputeId, disputeRef } = await dispute(shop, paymentId, complaint)
    const answer = (explanation: string, concludes?: boolean) =>
      submitEvidence(shop, byStaff(), { disputeId, explanation, ...(concludes === undefined ? {} : { concludes }) })
    expect(value(await answer('It is with the carrier.'))).toMatchObject({
      status: 'inquiry',
      evidence: { outcome: 'taken' },
    })
    const listed = async () => value(await listDisputes(shop, byStaff(), { open: true })).disputes
    expect(await listed()).toMatchObject([{ disputeId, evidenceDueAt: null }])
    shop.pass(daysMs)
    shop.gateway.continueDispute(disputeRef, 'Still nothing.')
    await deliver(shop)
    expect(await listed()).toMatchObject([{ evidenceDueAt: shop.clock.now() + 7 * daysMs }])
    shop.pass(8 * daysMs)
    expect(value(await answer('It was handed over.', true))).toMatchObject({ status: 'won' })
    expect(await listed()).toEqual([])
    expect((await answer('Once more.'))._unsafeUnwrapErr()).toMatchObject({
      type: 'DisputeStateForbids',
      status: 'won',
    })
  })

  it('is answered in no more characters than the gateway takes', async () => {
    const { shop, paymentId } = await openPaid()
    const { disputeId } = await dispute(shop, paymentId, complaint)
    const long = await submitEvidence(shop, byStaff(), { disputeId, explanation: '赔'.repeat(5_001) })
    expect(long._unsafeUnwrapErr()).toEqual({
      type: 'ExplanationTooLong',
      gatewayId: 'sandbox',
      mostCharacters: 5_000,
    })
    expect(value(await submitEvidence(shop, byStaff(), { disputeId, explanation: '赔'.repeat(5_000) }))).toMatchObject({
      evidence: { outcome: 'taken' },
    })
  })

  it('is read by staff as the payer put it, noted in the audit log and kept nowhere', async () => {
    const { shop, paymentId } = await openPaid()
    const { disputeId } = await dispute(shop, paymentId, complaint)
    expect(value(await readDispute(shop, byStaff(), { disputeId }))).toEqual({
      disputeId,
      phone: '13900000000',
      statements: [{ by: 'payer', text: statement, at: shop.clock.now() }],
    })
    const audit = await ask(shop, entries(auditLog, { where: [], limit: 50 }))
    expect(audit.map(({ body }) => [body.action, body.subject])).toContainEqual(['orders.readDispute', disputeId])
    const stored = JSON.stringify([await ask(shop, find(disputes, { where: [], limit: 10 })), shop.told, audit])
    expect(stored).not.toContain('13900000000')
  })

  it('is not read where it is none, where the gateway shows it itself, and while it gives no answer', async () => {
    const { shop, paymentId } = await openPaid()
    const { disputeId } = await dispute(shop, paymentId, complaint)
    const { query } = portOf(shop)
    const bare = speaking(shop, { query })
    const silent = speaking(shop, { query, read: () => okAsync({ kind: 'unknown', cause: 'timeout' }) })
    const refusals = await Promise.all([
      readDispute(shop, byStaff(), { disputeId: 'sandbox:none' }),
      readDispute(bare, byStaff(), { disputeId }),
      readDispute(silent, byStaff(), { disputeId }),
    ])
    expect(refusals.map((refusal) => refusal._unsafeUnwrapErr().type)).toEqual([
      'NotFound',
      'DisputeNotShown',
      'GatewayNotAnswering',
    ])
  })

  it('that nobody told of is heard when the gateway is asked, once an hour, and by one machine', async () => {
    const { shop, paymentId } = await openPaid()
    let asked = 0
    const port = portOf(shop)
    const counted = speaking(shop, {
      ...port,
      list: (request) => {
        asked += 1
        return port.list(request)
      },
    })
    const sweep = async () => value(await settleDisputes(counted, { limit: 10 }))
    const both = await Promise.all([sweep(), sweep()])
    expect(both).toEqual([
      { done: 0, failed: [] },
      { done: 0, failed: [] },
    ])
    expect(asked).toBe(1)
    shop.gateway.dispute(paymentId, { ...complaint, delivery: { times: 0 } })
    expect(await sweep()).toEqual({ done: 0, failed: [] })
    shop.pass(hoursMs)
    expect(await sweep()).toEqual({ done: 1, failed: [] })
    expect(value(await listDisputes(shop, byStaff(), { open: true })).disputes).toMatchObject([{ status: 'inquiry' }])
    shop.pass(hoursMs)
    expect(await sweep()).toEqual({ done: 0, failed: [] })
    expect(asked).toBe(3)
  })

  it('of a payment that is not the shop’s is left alone, and a gateway that gives no answer is told of', async () => {
    const { shop } = await openPaid()
    const through = (list: Required<DisputePort>['list']) => speaking(shop, { ...portOf(shop), list })
    const other = through(() => okAsync({ kind: 'ok', value: [{ disputeRef: 'c1', attemptRef: 'pay_of_another' }] }))
    expect(value(await settleDisputes(other, { limit: 10 }))).toEqual({ done: 0, failed: [] })
    expect(value(await listDisputes(shop, byStaff(), {})).disputes).toEqual([])
    shop.pass(hoursMs)
    const silent = through(() => okAsync({ kind: 'unknown', cause: 'timeout' }))
    expect(value(await settleDisputes(silent, { limit: 10 }))).toEqual({
      done: 0,
      failed: [{ id: 'sandbox', reason: 'GatewayNotAnswering' }],
    })
  })
})

describe('evidence that is due', () => {
  const openWatched = async (disputeWatchers: readonly string[]) => {
    const paid = await openPaid()
    const { policyId: _, ...policy } = defaultShopPolicy
    value(await savePolicy(paid.shop, byStaff(), { ...policy, disputeWatchers }))
    return paid
  }
  const sweep = async (shop: TestShop) => {
    value(await settleDisputes(shop, { limit: 10 }))
    for (const worker of ['one', 'two']) value(await runRelay(shop, [tellWatchers], { worker, limit: 1_000 }))
  }
  const noticesOf = async (shop: TestShop) =>
    (await ask(shop, find(messages, { where: [], limit: 20 }))).map(({ state }) => state)

  it('is reminded of once before its time, to everybody whom the terms name', async () => {
    const { shop, orderId, paymentId } = await openWatched(['clerk-1', 'clerk-2'])
    const { disputeId } = await dispute(shop, paymentId, complaint)
    const dueAt = shop.clock.now() + daysMs
    shop.pass(18 * hoursMs - 1)
    await sweep(shop)
    expect(await noticesOf(shop)).toEqual([])
    shop.pass(1)
    await sweep(shop)
    await sweep(shop)
    const told = await noticesOf(shop)
    const { orderNumber } = value(await orderPage(shop, byStaff(), { orderId }))
    expect(told).toMatchObject([
      { accountId: 'clerk-1', facts: { orderNumber, disputeId, dueAt: { at: dueAt } } },
      { accountId: 'clerk-2' },
    ])
    const [first] = told
    const texts = (['en', 'zh-CN'] as const).map((locale) =>
      writeMessage('evidenceDue', first?.facts ?? {}, { locale }),
    )
    for (const { text } of texts) {
      expect(text).toContain(orderNumber)
      expect(text).toContain('266.00')
      expect(text).not.toMatch(/[{}]/)
    }
    expect(shop.told.filter(({ type }) => type === 'EvidenceDueSoon')).toHaveLength(1)
  })

  it('is reminded of to nobody where it was sent in time', async () => {
    const { shop, paymentId } = await openWatched(['clerk-1'])
    const { disputeId } = await dispute(shop, paymentId)
    value(await submitEvidence(shop, byStaff(), { disputeId, explanation: 'Signed for.' }))
    shop.pass(6 * daysMs)
    await sweep(shop)
    expect(await noticesOf(shop)).toEqual([])
  })
})
