import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Payment } from '../../src/payments/payment.js'
import { paymentMachine } from '../../src/payments/payment-machine.js'
import type { Payout } from '../../src/payments/payout.js'
import { planReturns } from '../../src/payments/plan-returns.js'
import { planSplits, type Splittable } from '../../src/payments/plan-splits.js'
import { openSettlement, resettle, type Settlement, splitShare } from '../../src/payments/settlement.js'
import { foldEvents } from '../../src/shared/decider.js'
import { knownFacts, samplePayment, t0 } from './payment-samples.js'

const settlementOf = (...earned: readonly number[]): Settlement =>
  openSettlement(
    {
      orderId: 'order_1',
      accountId: 'account_1',
      merchantId: null,
      currency: 'CNY',
      confirmedAt: t0,
      afterWorkingDays: 0,
      timeZone: 'Asia/Shanghai',
    },
    { payees: earned.map((amountMinor, index) => ({ payee: `payee_${index}`, amountMinor })), commissionMinor: 0 },
  )

const paid = (
  paymentId: string,
  minor: number,
  facts: Partial<Pick<Payment, 'refundedMinor' | 'disputes'>> & { readonly feeMinor?: number } = {},
): Payment => {
  const { feeMinor = 0, ...more } = facts
  const known = knownFacts({ gatewayRef: `gw_${paymentId}`, captured: { minor, at: t0 }, feeMinor })
  const state = foldEvents(paymentMachine, [
    { type: 'PaymentStarted', ...samplePayment, paymentId, amountMinor: minor },
    { type: 'PaymentCaptured', known, addedMinor: minor },
  ])
  if (state.status === 'absent') throw new Error('no payment')
  return { ...state, ...more }
}

const accounts = new Map([0, 1, 2].map((index) => [`payee_${index}`, `account_${index}`]))
const splittable = (payment: Payment, mostBasisPoints = 10_000): Splittable => ({ payment, mostBasisPoints, accounts })
const planned = (
  settlement: Settlement,
  cashMinor: number,
  payments: readonly Splittable[],
  owed: ReadonlyMap<string, number> = new Map(),
) =>
  planSplits(settlement, { cashMinor, owed }, payments)
    ._unsafeUnwrap()
    .map(({ payee, paymentId, amountMinor }) => [payee, paymentId, amountMinor])

describe('a plan of splits', () => {
  it('gives everyone what is due, out of one payment after the other', () => {
    const payments = [splittable(paid('pay_1', 6_000)), splittable(paid('pay_2', 4_000))]
    expect(planned(settlementOf(6_000, 3_000), 10_000, payments)).toEqual([
      ['payee_0', 'pay_1', 4_000],
      ['payee_1', 'pay_1', 2_000],
      ['payee_0', 'pay_2', 2_000],
      ['payee_1', 'pay_2', 1_000],
    ])
  })

  it('leaves the gateway its fee, and who disputes or got back money what is theirs', () => {
    const due = settlementOf(9_000)
    const one = (payment: Payment, cash = 10_000) => planned(due, cash, [splittable(payment)]).map((each) => each[2])
    expect(one(paid('pay_1', 10_000, { feeMinor: 1_060 }))).toEqual([8_940])
    expect(one(paid('pay_1', 10_000, { refundedMinor: 2_500 }))).toEqual([7_500])
    const lost = [{ disputeId: 'd', amountMinor: 4_000, status: 'lost' as const }]
    expect(one(paid('pay_1', 10_000, { disputes: lost }))).toEqual([6_000])
    // A payment of two orders: of each no more than was paid for it, and its part of the fee.
    expect(one(paid('pay_1', 10_000, { feeMinor: 60 }), 5_000)).toEqual([4_970])
    // Of 0.61 half is 0.305: what cannot be halved is the gateway's.
    expect(one(paid('pay_1', 10_000, { feeMinor: 61 }), 5_000)).toEqual([4_969])
    expect(one(paid('pay_1', 10_000, { refundedMinor: 10_000 }))).toEqual([])
  })

  it('gives of payments for several orders no more than was paid for this one, all of them together', () => {
    const payments = [splittable(paid('pay_1', 10_000)), splittable(paid('pay_2', 10_000))]
    expect(planned(settlementOf(20_000), 12_000, payments)).toEqual([
      ['payee_0', 'pay_1', 10_000],
      ['payee_0', 'pay_2', 2_000],
    ])
  })

  it('keeps back what a payee owes of other orders', () => {
    const payments = [splittable(paid('pay_1', 10_000))]
    const owed = new Map([['payee_0', 2_500]])
    expect(planned(settlementOf(6_000, 3_000), 10_000, payments, owed).map((each) => each[2])).toEqual([3_500, 3_000])
    expect(planned(settlementOf(2_000), 10_000, payments, owed)).toEqual([])
  })

  it('never gives more than is due, than there is, or than it may, and leaves no unit that it could give', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 9_999 }), { minLength: 1, maxLength: 3 }),
        fc.array(
          fc.record({
            minor: fc.integer({ min: 1, max: 9_999 }),
            most: fc.integer({ min: 0, max: 10_000 }),
            back: fc.integer({ min: 0, max: 5_000 }),
          }),
          { minLength: 1, maxLength: 3 },
        ),
        (earned, sources) => {
          const payments = sources.map(({ minor, most, back }, index) =>
            splittable(paid(`pay_${index}`, minor, { refundedMinor: Math.min(back, minor) }), most),
          )
          const cash = payments.reduce((sum, { payment }) => sum + payment.amountMinor - payment.refundedMinor, 0)
          const plan = planSplits(
            settlementOf(...earned),
            { cashMinor: cash, owed: new Map() },
            payments,
          )._unsafeUnwrap()
          const of = (key: 'payee' | 'paymentId', value: string) =>
            plan.reduce((sum, each) => (each[key] === value ? sum + each.amountMinor : sum), 0)
          for (const [index, minor] of earned.entries())
            expect(of('payee', `payee_${index}`)).toBeLessThanOrEqual(minor)
          let room = 0
          for (const { payment, mostBasisPoints } of payments) {
            const left = payment.amountMinor - payment.refundedMinor
            const most = Math.floor((left * mostBasisPoints) / 10_000)
            expect(of('paymentId', payment.paymentId)).toBeLessThanOrEqual(most)
            room += most
          }
          const due = earned.reduce((sum, minor) => sum + minor, 0)
          expect(plan.reduce((sum, { amountMinor }) => sum + amountMinor, 0)).toBe(Math.min(due, room))
        },
      ),
    )
  })
})

const given = (
  payoutId: string,
  amountMinor: number,
  facts: Partial<Extract<Payout, { status: 'paid' }>> = {},
): Payout => ({
  status: 'paid',
  payoutId,
  payee: 'payee_0',
  currency: 'CNY',
  amountMinor,
  parts: [{ orderId: 'order_1', amountMinor }],
  submittedAt: t0,
  paidAt: t0,
  payoutRef: null,
  ...facts,
  split: {
    gatewayId: 'sandbox',
    paymentId: 'pay_1',
    gatewayRef: 'gw_1',
    account: 'account_0',
    returnedMinor: 0,
    isReturnRefused: false,
    ...facts.split,
  },
})

describe('a plan of returns', () => {
  // Earned 50.00, got 30.00 and 60.00: owes 40.00.
  const owing = ['split_1', 'split_2'].reduce(
    (settlement, splitId, index) =>
      splitShare(settlement, { payee: 'payee_0', amountMinor: index === 0 ? 3_000 : 6_000, splitId }),
    resettle(settlementOf(9_000), { payees: [{ payee: 'payee_0', amountMinor: 5_000 }], commissionMinor: 0 }),
  )
  const plan = (...splits: readonly Payout[]) => [...planReturns(owing, splits, t0)]
  const returning = { returnId: 'r', amountMinor: 1_500, tellAt: t0 }

  it('takes what is owed once, of one split after the other', () => {
    expect(plan(given('split_1', 3_000), given('split_2', 6_000))).toEqual([
      ['split_1', 3_000],
      ['split_2', 1_000],
    ])
  })

  it('asks no split for more than it gave, nor one that is giving back or refused to', () => {
    const half = given('split_1', 3_000).split
    if (half === undefined) throw new Error('no split')
    expect(plan(given('split_1', 3_000, { split: { ...half, returnedMinor: 2_000 } }))).toEqual([['split_1', 1_000]])
    expect(plan(given('split_1', 3_000, { returning }), given('split_2', 6_000))).toEqual([['split_2', 2_500]])
    const short = (at: number) => given('split_1', 3_000, { split: { ...half, returnDeclinedAt: at } })
    expect(plan(short(t0), given('split_2', 6_000))).toEqual([['split_2', 4_000]])
    expect(plan(short(t0 - 1), given('split_2', 6_000))).toEqual([
      ['split_1', 3_000],
      ['split_2', 1_000],
    ])
    const refused = given('split_1', 3_000, { split: { ...half, isReturnRefused: true } })
    expect(plan(refused, given('split_2', 6_000))).toEqual([['split_2', 4_000]])
    expect([...planReturns(settlementOf(9_000), [given('split_1', 3_000)], t0)]).toEqual([])
  })
})
