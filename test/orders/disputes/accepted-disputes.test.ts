import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { EvidenceScript } from '../../../adapters/gateways/sandbox/index.js'
import { acceptDispute } from '../../../src/orders/disputes/accept-dispute.js'
import { settleDisputes } from '../../../src/orders/disputes/settle-disputes.js'
import { submitEvidence } from '../../../src/orders/disputes/submit-evidence.js'
import { refundOrder } from '../../../src/orders/refunds/refund-order.js'
import { disputes } from '../../../src/payments/dispute.schema.js'
import { listDisputes } from '../../../src/payments/list-disputes.js'
import { daysMs } from '../../../src/shared/instant.js'
import { rows } from '../../../src/shared/read-plan.js'
import { ask, balanceOf, expectBooksToAgree } from '../books-of.js'
import { byStaff, openShop, value } from '../open-shop.js'
import { deliver, dispute, ledgerOf, openPaid, orderOf, owe, refundsOf } from './disputed.js'

const chargebacks = (shop: Awaited<ReturnType<typeof openPaid>>['shop']) =>
  shop.gateway.books().disputes.filter(({ status }) => status === 'lost').length

describe('accepting a dispute', () => {
  it('gives the payer what they want, once: what was owed anyhow came by it, the rest is a loss', async () => {
    const { shop, orderId, paymentId, lineId } = await openPaid()
    const owed = await owe(shop, orderId, lineId)
    const { disputeId } = await dispute(shop, paymentId)
    const accepted = value(await acceptDispute(shop, byStaff('once'), { disputeId }))
    expect(accepted).toMatchObject({ disputeId, status: 'lost', evidence: { outcome: 'taken', accepts: true } })
    expect(value(await acceptDispute(shop, byStaff('once'), { disputeId }))).toEqual(accepted)
    // What the gateway tells of it afterwards books nothing a second time.
    expect(await deliver(shop)).toEqual(['handled'])
    expect(await refundsOf(shop)).toEqual([[owed.refundId, 'chargedBack']])
    const ledger = await ledgerOf(shop)
    expect(balanceOf(ledger, 'chargebackLoss')).toBe(26_600 - owed.cashMinor)
    expect(balanceOf(ledger, 'gatewayClearing:sandbox')).toBe(0)
    expect((await orderOf(shop))?.openDisputeIds).toEqual([])
    const more = await refundOrder(shop, byStaff(), { orderId, reason: 'goodwill', lines: [{ lineId, quantity: 1 }] })
    expect(more._unsafeUnwrapErr()).toMatchObject({ type: 'RefundExceedsCaptured' })
    const again = await acceptDispute(shop, byStaff(), { disputeId })
    expect(again._unsafeUnwrapErr()).toEqual({ type: 'DisputeStateForbids', status: 'lost', command: 'SendEvidence' })
    await expectBooksToAgree(shop)
  })

  it('may come after the time to contest it, and not once it was contested', async () => {
    const late = await openPaid()
    const overdue = await dispute(late.shop, late.paymentId)
    late.shop.pass(8 * daysMs)
    expect(value(await acceptDispute(late.shop, byStaff(), { disputeId: overdue.disputeId }))).toMatchObject({
      status: 'lost',
    })
    const { shop, paymentId } = await openPaid()
    const { disputeId } = await dispute(shop, paymentId)
    value(await submitEvidence(shop, byStaff(), { disputeId, explanation: 'Signed for.' }))
    const forbidden = await acceptDispute(shop, byStaff(), { disputeId })
    expect(forbidden._unsafeUnwrapErr()).toMatchObject({ type: 'DisputeStateForbids', status: 'underReview' })
    expect(chargebacks(shop)).toBe(0)
  })

  it('whose answer was lost waits, is heard by the sweep, and changes nothing when it is sent again', async () => {
    for (const taken of [true, false]) {
      const { shop, paymentId } = await openPaid()
      const { disputeId } = await dispute(shop, paymentId)
      shop.gateway.scriptEvidence({ kind: 'timeout', taken })
      const lost = value(await acceptDispute(shop, byStaff(), { disputeId }))
      expect(lost).toMatchObject({ status: 'evidenceDue', evidence: { outcome: 'waiting', accepts: true } })
      if (taken) {
        shop.pass(daysMs)
        expect(value(await settleDisputes(shop, { limit: 10 })).failed).toEqual([])
      } else {
        value(await acceptDispute(shop, byStaff(), { disputeId }))
      }
      const [found] = await ask(shop, rows(disputes, [disputeId]))
      expect(found?.state.status).toBe('lost')
      expect(found?.state.queryAt).toBeNull()
      await deliver(shop)
      expect(balanceOf(await ledgerOf(shop), 'chargebackLoss')).toBe(26_600)
      await expectBooksToAgree(shop)
    }
  })

  it('is for good: nobody contests it any more, also where nobody knows yet whether the gateway heard it', async () => {
    for (const taken of [true, false]) {
      const { shop, paymentId } = await openPaid()
      const { disputeId } = await dispute(shop, paymentId)
      shop.gateway.scriptEvidence({ kind: 'timeout', taken })
      const lost = value(await acceptDispute(shop, byStaff(), { disputeId }))
      const refused = await submitEvidence(shop, byStaff(), { disputeId, explanation: 'Signed for.' })
      expect(refused._unsafeUnwrapErr()).toEqual({
        type: 'DisputeStateForbids',
        status: 'evidenceDue',
        command: 'SendEvidence',
      })
      const [found] = await ask(shop, rows(disputes, [disputeId]))
      expect(found?.state.evidence).toEqual(lost.evidence)
      expect(value(await acceptDispute(shop, byStaff(), { disputeId })).status).toBe('lost')
      await expectBooksToAgree(shop)
    }
  })

  it('that is refused leaves everything as it was, and says why; staff may contest it still', async () => {
    const { shop, paymentId } = await openPaid()
    const { disputeId } = await dispute(shop, paymentId)
    shop.gateway.scriptEvidence({ kind: 'decline', code: 'MerchantConfig' })
    const refused = value(await acceptDispute(shop, byStaff(), { disputeId }))
    expect(refused).toMatchObject({
      status: 'evidenceDue',
      evidence: { outcome: 'refused', code: 'MerchantConfig', accepts: true },
    })
    expect(value(await listDisputes(shop, byStaff(), { limit: 10 })).disputes).toMatchObject([
      { evidence: { accepts: true } },
    ])
    expect(balanceOf(await ledgerOf(shop), 'disputeHold')).toBe(26_600)
    const contested = value(await submitEvidence(shop, byStaff(), { disputeId, explanation: 'Signed for.' }))
    expect(contested).toMatchObject({ status: 'underReview', evidence: { outcome: 'taken' } })
    expect(contested.evidence).not.toHaveProperty('accepts')
  })

  it('is not offered where a gateway takes it on its own pages, nor of a dispute that is not there', async () => {
    const { shop, paymentId } = await openPaid()
    const { disputeId } = await dispute(shop, paymentId)
    const { accept: _, ...port } = shop.gateway.disputes ?? { query: () => value(undefined as never) }
    const mute = { ...shop, gateways: { sandbox: { ...shop.gateway, disputes: port } } }
    const refused = await acceptDispute(mute, byStaff(), { disputeId })
    expect(refused._unsafeUnwrapErr()).toEqual({ type: 'AcceptanceNotOffered', gatewayId: 'sandbox' })
    const none = await acceptDispute(await openShop(), byStaff(), { disputeId: 'sandbox:none' })
    expect(none._unsafeUnwrapErr()).toMatchObject({ type: 'NotFound', entity: 'dispute' })
  })

  it('books one loss, whatever answers are lost and however often staff, gateway and sweep speak', async () => {
    const script = fc.constantFrom<EvidenceScript>(
      { kind: 'take' },
      { kind: 'timeout', taken: true },
      { kind: 'timeout', taken: false },
      { kind: 'decline', code: 'RateLimited' },
    )
    const step = fc.constantFrom('accept', 'again', 'hear', 'sweep')
    await fc.assert(
      fc.asyncProperty(fc.array(script, { maxLength: 4 }), fc.array(step, { maxLength: 6 }), async (scripts, steps) => {
        const { shop, paymentId } = await openPaid()
        const { disputeId } = await dispute(shop, paymentId)
        shop.gateway.scriptEvidence(...scripts)
        for (const each of steps) {
          shop.pass(daysMs)
          if (each === 'hear') await deliver(shop)
          else if (each === 'sweep') value(await settleDisputes(shop, { limit: 10 }))
          else await acceptDispute(shop, byStaff(each === 'again' ? 'one key' : undefined), { disputeId })
        }
        await deliver(shop)
        const isLost = chargebacks(shop) === 1
        const ledger = await ledgerOf(shop)
        expect(balanceOf(ledger, 'chargebackLoss')).toBe(isLost ? 26_600 : 0)
        expect(balanceOf(ledger, 'disputeHold')).toBe(isLost ? 0 : 26_600)
        await expectBooksToAgree(shop)
      }),
      { numRuns: 12 },
    )
  })
})
