import { describe, expect, it } from 'vitest'
import { bestCoveringDispute, coveredMinor, coveringDispute } from '../../src/payments/cover-refund.js'
import type { PaymentDisputeShare } from '../../src/payments/payment.js'
import type { Refund, RefundCommand, RefundStart } from '../../src/payments/refund.js'
import { type RefundState, refundMachine } from '../../src/payments/refund-machine.js'
import { decideNext } from '../../src/shared/decider.js'
import { sampleRefund, t0 } from './payment-samples.js'

const lost = (disputeId: string, amountMinor: number): PaymentDisputeShare => {
  return { disputeId, amountMinor, status: 'lost' }
}

/** A refund of 60.00 that so much happened to. */
const refundAfter = (facts: Partial<RefundStart>, ...commands: readonly RefundCommand[]): Refund => {
  const state = [{ type: 'RequestRefund', ...sampleRefund, ...facts } as const, ...commands].reduce<RefundState>(
    (before, command) => decideNext(refundMachine, before, command)._unsafeUnwrap().state,
    refundMachine.initial,
  )
  if (state.status === 'absent') throw new Error('no refund')
  return state
}

const covered: RefundCommand = { type: 'CoverRefund', disputeId: 'd1', at: t0 + 10 }
const makesUp: Partial<RefundStart> = {
  refundId: 'refund_2',
  amountMinor: 1_000,
  sources: [{ account: 'chargebackLoss', amountMinor: 1_000 }],
}

describe('a lost dispute', () => {
  it('pays a refund where it took exactly as much, the first of several', () => {
    const disputes = [lost('d1', 6_000), lost('d2', 8_000)]
    const paying = [6_000, 6_001, 8_000, 8_001].map((minor) => coveringDispute({ disputes }, [], minor))
    expect(paying).toEqual(['d1', 'd2', 'd2', undefined])
  })

  it('pays the most of a refund where none took as much, and one that is not lost nothing', () => {
    const refund = refundAfter({})
    const best = (...disputes: readonly PaymentDisputeShare[]) => bestCoveringDispute({ disputes }, [], refund)
    expect(best(lost('d1', 2_000), lost('d2', 3_000), lost('d3', 1_000))).toBe('d2')
    expect(best({ ...lost('d1', 6_000), status: 'held' }, { ...lost('d2', 6_000), status: 'won' })).toBe(undefined)
  })

  it('pays no more of a refund than that comes to', () => {
    const cover = (coveredMinor: number) =>
      refundMachine.decide(refundAfter({}), { type: 'CoverRefund', disputeId: 'd1', coveredMinor, at: t0 + 10 })
    expect(cover(6_000).isOk()).toBe(true)
    for (const minor of [0, 6_001]) {
      expect(cover(minor)).toMatchObject({ error: { type: 'RefundAmountInvalid', amountMinor: minor } })
    }
  })

  it('counts for what refunds do not take, less what makes up for it and has not been given up', () => {
    const instead = refundAfter({}, covered)
    expect(coveredMinor([instead])).toBe(6_000)
    expect(coveredMinor([instead, refundAfter(makesUp)])).toBe(5_000)
    expect(coveredMinor([instead, refundAfter(makesUp, { type: 'CancelRefund', at: t0 + 20 })])).toBe(6_000)
    expect(coveredMinor([instead, refundAfter(makesUp, covered)])).toBe(6_000)
  })
})
