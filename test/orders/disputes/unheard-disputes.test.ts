import { okAsync } from 'neverthrow'
import { describe, expect, it } from 'vitest'
import { decideDispute } from '../../../src/orders/disputes/decide-dispute.js'
import { settleDisputes } from '../../../src/orders/disputes/settle-disputes.js'
import { submitEvidence } from '../../../src/orders/disputes/submit-evidence.js'
import { orderPage } from '../../../src/orders/pages/order-page.js'
import { settleRefunds } from '../../../src/orders/sweep-orders.js'
import { disputes } from '../../../src/payments/dispute.schema.js'
import { listDisputes } from '../../../src/payments/list-disputes.js'
import { auditLog } from '../../../src/shared/audit.schema.js'
import { daysMs } from '../../../src/shared/instant.js'
import { entries, rows } from '../../../src/shared/read-plan.js'
import { ask, balanceOf, expectBooksToAgree } from '../books-of.js'
import { byStaff, type TestShop, value } from '../open-shop.js'
import { decideAt, deliver, dispute, ledgerOf, openPaid, orderOf, owe, refundsOf } from './disputed.js'

/** A dispute over 266.00 of a shop whose gateway does not say how disputes stand, or is gone. */
const openUnheard = async () => {
  const { shop, orderId, paymentId, lineId } = await openPaid()
  const owed = await owe(shop, orderId, lineId)
  const { disputeRef, disputeId } = await dispute(shop, paymentId)
  const { disputes: port, ...undisputed } = shop.gateway
  if (port === undefined) throw new Error('no disputes')
  const query = () => okAsync({ kind: 'unknown', cause: 'timeout' } as const)
  const silent = { ...shop, gateways: { sandbox: { ...undisputed, disputes: { ...port, query } } } } satisfies TestShop
  const gone = { ...shop, gateways: {} } satisfies TestShop
  return { shop, silent, gone, orderId, owed, disputeRef, disputeId }
}

const turn = async (shop: TestShop) => value(await settleDisputes(shop, { limit: 10 })).failed

const unheard = async (shop: TestShop) =>
  value(await listDisputes(shop, byStaff(), { unheard: true })).disputes.map(({ disputeId, unheardSince }) => ({
    disputeId,
    unheardSince,
  }))

const staffMay = async (shop: TestShop, orderId: string) =>
  value(await orderPage(shop, byStaff(), { orderId })).nextActions.filter((action) => action === 'decideDispute')

const said = (disputeId: string, won: boolean) => ({ disputeId, won, note: 'Looked it up on its pages.' })
const stateOf = async (shop: TestShop, disputeId: string) => (await ask(shop, rows(disputes, [disputeId])))[0]?.state

describe('a dispute of which its gateway does not say how it stands', () => {
  it('is listed, named by every turn after three days, and no more once the gateway says it', async () => {
    const { shop, silent, disputeId } = await openUnheard()
    expect(await turn(silent)).toEqual([])
    expect(await unheard(shop)).toEqual([])
    shop.pass(daysMs)
    expect(await turn(silent)).toEqual([])
    const since = shop.clock.now()
    expect(await unheard(shop)).toEqual([{ disputeId, unheardSince: since }])
    shop.pass(3 * daysMs - 1)
    expect(await turn(silent)).toEqual([])
    shop.pass(1)
    for (let again = 0; again < 2; again += 1) {
      expect(await turn(silent)).toEqual([{ id: disputeId, reason: 'DisputeUnheard' }])
    }
    expect(await unheard(shop)).toEqual([{ disputeId, unheardSince: since }])
    shop.pass(daysMs)
    expect(await turn(shop)).toEqual([])
    expect(await unheard(shop)).toEqual([])
    expect((await stateOf(shop, disputeId))?.status).toBe('evidenceDue')
  })

  it('is named once where the shop has the gateway no more, and by every turn after three days', async () => {
    const { shop, gone, disputeId } = await openUnheard()
    shop.pass(daysMs)
    expect(await turn(gone)).toEqual([{ id: disputeId, reason: 'GatewayUnknown' }])
    shop.pass(daysMs)
    expect(await turn(gone)).toEqual([])
    shop.pass(2 * daysMs)
    expect(await turn(gone)).toEqual([{ id: disputeId, reason: 'DisputeUnheard' }])
    expect(await unheard(shop)).toMatchObject([{ disputeId }])
  })

  it('is looked after also where its gateway could never be asked, once that is gone; staff may decide it before', async () => {
    const { shop, orderId, paymentId } = await openPaid()
    const { disputes: _, ...mute } = shop.gateway
    const unasked = { ...shop, gateways: { sandbox: mute } } as TestShop
    const { disputeId } = await dispute(unasked, paymentId)
    for (let day = 0; day < 5; day += 1) {
      shop.pass(daysMs)
      expect(await turn(unasked)).toEqual([])
    }
    expect(await unheard(shop)).toEqual([])
    expect(await staffMay(unasked, orderId)).toEqual(['decideDispute'])
    const gone = { ...shop, gateways: {} } satisfies TestShop
    shop.pass(daysMs)
    expect(await turn(gone)).toEqual([{ id: disputeId, reason: 'GatewayUnknown' }])
    shop.pass(3 * daysMs)
    expect(await turn(gone)).toEqual([{ id: disputeId, reason: 'DisputeUnheard' }])
    value(await decideDispute(gone, byStaff(), said(disputeId, true)))
    expect(await turn(gone)).toEqual([])
  })

  it('is decided by staff once it has been unheard for three days, and not before', async () => {
    const { shop, silent, orderId, owed, disputeRef, disputeId } = await openUnheard()
    const refused = async (decidableAt: number | null, status: string) =>
      expect((await decideDispute(silent, byStaff(), said(disputeId, true)))._unsafeUnwrapErr()).toEqual({
        type: 'DisputeNotInDoubt',
        disputeId,
        status,
        decidableAt,
      })
    await refused(null, 'evidenceDue')
    shop.pass(daysMs)
    await turn(silent)
    const decidableAt = shop.clock.now() + 3 * daysMs
    shop.pass(3 * daysMs - 1)
    await refused(decidableAt, 'evidenceDue')
    expect(await staffMay(silent, orderId)).toEqual([])
    shop.pass(1)
    shop.gateway.moveDispute(disputeRef, { status: 'won' }, { times: 0 })
    expect(await staffMay(silent, orderId)).toEqual(['decideDispute'])
    expect(value(await decideDispute(silent, byStaff(), said(disputeId, true)))).toEqual({
      disputeId,
      orderId,
      status: 'won',
    })
    await refused(null, 'won')
    expect(await staffMay(silent, orderId)).toEqual([])
    expect(await turn(silent)).toEqual([])
    expect(await unheard(shop)).toEqual([])
    // What it held of the shop's money is the shop's again, and what was owed leaves.
    expect(balanceOf(await ledgerOf(shop), 'disputeHold')).toBe(0)
    expect(await refundsOf(shop)).toEqual([[owed.refundId, 'requested']])
    value(await settleRefunds(shop, { limit: 10 }))
    expect(await refundsOf(shop)).toEqual([[owed.refundId, 'succeeded']])
    const log = await ask(shop, entries(auditLog, { where: [], limit: 100 }))
    expect(log.filter(({ body }) => body.action === 'orders.decideDispute')).toMatchObject([
      { body: { subject: disputeId, outcome: 'done', detail: 'won: Looked it up on its pages.' } },
    ])
  })

  it('is decided at once where the shop has the gateway no more, and lost as any other', async () => {
    const { shop, gone, orderId, owed, disputeId } = await openUnheard()
    expect(await staffMay(shop, orderId)).toEqual([])
    expect(await staffMay(gone, orderId)).toEqual(['decideDispute'])
    value(await decideDispute(gone, byStaff(), said(disputeId, false)))
    expect(await refundsOf(shop)).toEqual([[owed.refundId, 'chargedBack']])
    const ledger = await ledgerOf(shop)
    expect(balanceOf(ledger, 'disputeHold')).toBe(0)
    expect(balanceOf(ledger, 'gatewayClearing:sandbox')).toBe(0)
    expect(balanceOf(ledger, 'chargebackLoss')).toBe(26_600 - owed.cashMinor)
    expect((await orderOf(shop))?.openDisputeIds).toEqual([])
    expect(value(await listDisputes(shop, byStaff(), {})).disputes).toMatchObject([
      { status: 'lost', heldMinor: 26_600, decidedAt: shop.clock.now(), unheardSince: null },
    ])
    shop.pass(5 * daysMs)
    expect(await turn(gone)).toEqual([])
  })

  it('is lost in part where staff say how much, and never for more than it is about', async () => {
    const { shop, gone, owed, disputeId } = await openUnheard()
    const lost = (lostMinor: number) => decideDispute(gone, byStaff(), { ...said(disputeId, false), lostMinor })
    expect((await lost(26_601))._unsafeUnwrapErr()).toEqual({
      type: 'LossExceedsDispute',
      disputeId,
      amountMinor: 26_600,
    })
    value(await lost(1_000))
    expect(await refundsOf(shop)).toEqual([
      [owed.refundId, 'requested'],
      [`${owed.refundId}_${disputeId}`, 'chargedBack'],
    ])
    expect(balanceOf(await ledgerOf(shop), 'gatewayClearing:sandbox')).toBe(25_600)
  })

  it.each([
    ['what was lost of it', {}, 10_000],
    ['what staff say', { lostMinor: 12_000 }, 12_000],
  ] as const)('that was lost in part and appealed in vain stays lost for %s', async (_, loss, lostMinor) => {
    const { shop, paymentId } = await openPaid()
    const { disputeRef, disputeId } = await dispute(shop, paymentId)
    shop.pass(daysMs)
    shop.gateway.moveDispute(disputeRef, { status: 'lost', lostMinor: 10_000, mayAppeal: true })
    await deliver(shop)
    shop.gateway.scriptEvidence({ kind: 'timeout', taken: false })
    value(await submitEvidence(shop, byStaff(), { disputeId, explanation: 'It was signed for.' }))
    const gone = { ...shop, gateways: {} } satisfies TestShop
    value(await decideDispute(gone, byStaff(), { ...said(disputeId, false), ...loss }))
    expect(balanceOf(await ledgerOf(shop), 'chargebackLoss')).toBe(lostMinor)
    expect(balanceOf(await ledgerOf(shop), 'gatewayClearing:sandbox')).toBe(26_600 - lostMinor)
    await expectBooksToAgree(shop)
  })

  it.each([
    ['won', 'lost'],
    ['lost', 'won'],
    ['lost', 'lost'],
  ] as const)('is as the gateway says in the end, whatever a person had said (%s, then %s)', async (first, last) => {
    const { shop, gone, disputeRef, disputeId } = await openUnheard()
    value(await decideDispute(gone, byStaff(), said(disputeId, first === 'won')))
    // What it had said before is told once more, and is no news.
    shop.gateway.moveDispute(disputeRef, { status: 'evidenceDue' })
    await deliver(shop)
    expect((await stateOf(shop, disputeId))?.status).toBe(first)
    await decideAt(shop, disputeRef, last)
    const state = await stateOf(shop, disputeId)
    expect(state?.status).toBe(last)
    expect(state).not.toHaveProperty('decided')
    value(await settleRefunds(shop, { limit: 10 }))
    await expectBooksToAgree(shop)
  })

  it('is open again where the gateway says so after a person had said that it is over, and may be decided again', async () => {
    const { shop, gone, disputeRef, disputeId } = await openUnheard()
    value(await decideDispute(gone, byStaff(), said(disputeId, false)))
    shop.pass(daysMs)
    shop.gateway.moveDispute(disputeRef, { status: 'underReview' })
    await deliver(shop)
    expect((await stateOf(shop, disputeId))?.status).toBe('underReview')
    expect(balanceOf(await ledgerOf(shop), 'disputeHold')).toBe(26_600)
    shop.pass(daysMs)
    value(await decideDispute(gone, byStaff(), said(disputeId, false)))
    expect((await stateOf(shop, disputeId))?.status).toBe('lost')
    expect(balanceOf(await ledgerOf(shop), 'disputeHold')).toBe(0)
    await decideAt(shop, disputeRef, 'lost')
    await expectBooksToAgree(shop)
  })

  it('whose appeal is never answered stays lost, by the word of staff, and is asked about no more', async () => {
    const { shop, silent, orderId, disputeRef, disputeId } = await openUnheard()
    shop.pass(daysMs)
    shop.gateway.moveDispute(disputeRef, { status: 'lost', mayAppeal: true })
    await deliver(shop)
    shop.gateway.scriptEvidence({ kind: 'timeout', taken: false })
    value(await submitEvidence(silent, byStaff(), { disputeId, explanation: 'Signed for.' }))
    shop.pass(daysMs)
    expect(await turn(silent)).toEqual([])
    shop.pass(3 * daysMs)
    expect(await turn(silent)).toEqual([{ id: disputeId, reason: 'DisputeUnheard' }])
    expect(await staffMay(silent, orderId)).toEqual(['decideDispute'])
    value(await decideDispute(silent, byStaff(), said(disputeId, false)))
    shop.pass(5 * daysMs)
    expect(await turn(silent)).toEqual([])
    expect(await stateOf(shop, disputeId)).toMatchObject({ status: 'lost', queryAt: null })
    await expectBooksToAgree(shop)
  })
})
