import { describe, expect, it } from 'vitest'
import { billOf } from '../../src/payments/bill.js'
import { type LedgerEntry, ledgerBalances, trialBalance } from '../../src/payments/ledger.js'
import { ledgerEntries } from '../../src/payments/ledger.schema.js'
import type { Payment } from '../../src/payments/payment.js'
import { paymentMachine } from '../../src/payments/payment-machine.js'
import { postRefund } from '../../src/payments/post-refund.js'
import {
  postGatewayPayout,
  postPayment,
  postPointsClawedBack,
  postPointsEarned,
  postPointsReturn,
  postPointsTender,
  postReceiptConfirmed,
  postSubsidy,
  postSubsidyReturn,
  postSuspended,
  postSuspenseMove,
  postSuspenseReturn,
} from '../../src/payments/posting.js'
import type { Refund, RefundCommand } from '../../src/payments/refund.js'
import { type RefundState, refundMachine } from '../../src/payments/refund-machine.js'
import { decideNext } from '../../src/shared/decider.js'
import { capturedSnapshot, refundSnapshot, samplePayment, sampleRefund, t0 } from './payment-samples.js'

const about = { orderId: 'order_1', accountId: 'account_1', merchantId: 'merchant_1' }
const common = { reference: 'order_1', about, currency: 'CNY', at: t0 }

const payment = (): Payment => {
  const started = decideNext(paymentMachine, paymentMachine.initial, { type: 'StartPayment', ...samplePayment })
  const paid = started.andThen(({ state }) =>
    decideNext(paymentMachine, state, { type: 'RecordSnapshot', snapshot: capturedSnapshot({ feeMinor: 53 }) }),
  )
  const { state } = paid._unsafeUnwrap()
  if (state.status === 'absent') throw new Error('no payment')
  return state
}

const refund = (...commands: readonly RefundCommand[]): readonly Refund[] => {
  const states: Refund[] = []
  let state: RefundState = refundMachine.initial
  for (const command of [{ type: 'RequestRefund', ...sampleRefund } as const, ...commands]) {
    state = decideNext(refundMachine, state, command)._unsafeUnwrap().state
    if (state.status !== 'absent') states.push(state)
  }
  return states
}

const post = (states: readonly Refund[]): readonly LedgerEntry[] =>
  states.flatMap((state, index) => postRefund(states[index - 1] ?? null, state, t0))

const balancesOf = (entries: readonly LedgerEntry[]) =>
  Object.fromEntries(
    ledgerBalances(entries)
      ._unsafeUnwrap()
      .map((row) => [row.account, row.balanceMinor]),
  )

const submit: RefundCommand = { type: 'SubmitRefund', at: t0 }
const succeed: RefundCommand = { type: 'RecordRefundSnapshot', snapshot: refundSnapshot({ status: 'succeeded' }) }
const fail: RefundCommand = {
  type: 'RecordRefundSnapshot',
  snapshot: refundSnapshot({ status: 'failed', at: t0 + 6000 }),
}

describe('the ledger', () => {
  it('books 88.88 captured with a fee of 0.53', () => {
    expect(postPayment(null, payment(), t0)).toMatchObject([
      {
        entryId: 'captured/pay_1/CNY/0-8888',
        lines: [
          { account: 'gatewayClearing:sandbox', amountMinor: 8888 },
          { account: 'escrow:order_1', amountMinor: -8888 },
        ],
      },
      {
        entryId: 'feeCharged/pay_1/CNY/0-53',
        lines: [
          { account: 'fee', amountMinor: 53 },
          { account: 'gatewayClearing:sandbox', amountMinor: -53 },
        ],
      },
    ])
    expect(postPayment(payment(), payment(), t0)).toEqual([])
  })

  it('follows a refund of 60.00 from escrow through transit to the payer', () => {
    expect(balancesOf(post(refund(submit)))).toEqual({ 'escrow:order_1': 6000, refundInTransit: -6000 })
    expect(balancesOf(post(refund(submit, succeed)))).toEqual({
      'escrow:order_1': 6000,
      refundInTransit: 0,
      'gatewayClearing:sandbox': -6000,
    })
    const back = balancesOf(post(refund(submit, succeed, fail)))
    expect(back).toEqual({ 'escrow:order_1': 0, refundInTransit: 0, 'gatewayClearing:sandbox': 0 })
  })

  it('gives every step of a refund an entry of its own, and the same step the same one', () => {
    const states = refund(submit, succeed, fail, submit, {
      ...succeed,
      snapshot: refundSnapshot({ status: 'succeeded', at: t0 + 7000 }),
    })
    const ids = post(states).map((entry) => entry.entryId)
    expect(ids).toHaveLength(5)
    expect(new Set(ids).size).toBe(5)
    expect(post(states).map((entry) => entry.entryId)).toEqual(ids)
  })

  it('shares a confirmed order among its payees and the shop: 88.88 = 80.00 + 8.88', () => {
    const receipt = postReceiptConfirmed({
      reference: 'order_1',
      about,
      currency: 'CNY',
      payees: [{ payee: 'merchant_1', amountMinor: 8000 }],
      commissionMinor: 888,
      at: t0,
    })
    expect(balancesOf([...postPayment(null, payment(), t0), ...receipt])).toEqual({
      'escrow:order_1': 0,
      'payable:merchant_1': -8000,
      commission: -888,
      fee: 53,
      'gatewayClearing:sandbox': 8835,
    })
  })

  it('books points and subsidies both ways', () => {
    const entries = [
      ...postPointsEarned({ ...common, amountMinor: 500 }),
      ...postPointsTender({ ...common, amountMinor: 300 }),
      ...postPointsReturn({ ...common, amountMinor: 100 }),
      ...postPointsClawedBack({ ...common, amountMinor: 50 }),
      ...postSubsidy({ ...common, amountMinor: 200 }),
      ...postSubsidyReturn({ ...common, amountMinor: 70 }),
    ]
    expect(balancesOf(entries)).toEqual({
      pointsExpense: 450,
      pointsLiability: -250,
      'escrow:order_1': -330,
      promotionExpense: 130,
    })
    expect(trialBalance(entries)._unsafeUnwrap().balances).toBe(true)
    expect(postPointsTender({ ...common, amountMinor: 0 })).toEqual([])
  })

  it('pays a gateway out to the bank and moves what was in suspense', () => {
    const base = { gatewayId: 'sandbox', currency: 'CNY', at: t0 }
    const entries = [
      ...postGatewayPayout({ ...base, payoutId: 'p1', amountMinor: 700, feeMinor: 5 }),
      ...postSuspended({ ...base, reference: 's1', amountMinor: 9 }),
      ...postSuspenseMove({ ...base, reference: 's1', amountMinor: 9 }),
      ...postSuspended({ ...base, reference: 's2', amountMinor: 4 }),
      ...postSuspended({ ...base, reference: 's3', amountMinor: 2 }),
      ...postSuspenseReturn({ ...base, reference: 's3', amountMinor: 2 }),
    ]
    expect(balancesOf(entries)).toEqual({
      bank: 700,
      fee: 5,
      'gatewayClearing:sandbox': -701,
      'suspense:sandbox': -4,
    })
  })

  it('says when it does not balance, and which entry is to blame', () => {
    const [good] = postPayment(null, payment(), t0)
    if (good === undefined) throw new Error('no entry')
    const bad: LedgerEntry = { ...good, entryId: 'bad', lines: [{ account: 'bank', currency: 'CNY', amountMinor: 1 }] }
    expect(trialBalance([good])._unsafeUnwrap()).toMatchObject({ balances: true, unbalancedEntryIds: [] })
    const broken = trialBalance([good, bad])._unsafeUnwrap()
    expect(broken).toMatchObject({ balances: false, unbalancedEntryIds: ['bad'] })
    expect(broken.totals).toEqual([{ currency: 'CNY', debitMinor: 8889, creditMinor: 8888, balances: false }])
  })

  it('does not take two currencies for one', () => {
    const [good] = postPayment(null, payment(), t0)
    if (good === undefined) throw new Error('no entry')
    const [debit, credit] = good.lines
    if (debit === undefined || credit === undefined) throw new Error('no lines')
    const mixed: LedgerEntry = { ...good, lines: [debit, { ...credit, currency: 'USD' }] }
    expect(trialBalance([mixed])._unsafeUnwrap().balances).toBe(false)
  })

  it('counts an entry once', () => {
    const entries = postPayment(null, payment(), t0)
    expect(ledgerBalances([...entries, ...entries])).toEqual(ledgerBalances(entries))
  })

  it('says when a sum cannot be kept exactly', () => {
    const entry = (entryId: string): LedgerEntry => ({
      ...about,
      entryId,
      kind: 'gatewayPaidOut',
      at: t0,
      paymentId: null,
      refundId: null,
      lines: [
        { account: 'bank', currency: 'CNY', amountMinor: Number.MAX_SAFE_INTEGER },
        { account: 'gatewayClearing:sandbox', currency: 'CNY', amountMinor: -Number.MAX_SAFE_INTEGER },
      ],
    })
    expect(ledgerBalances([entry('a'), entry('b')])._unsafeUnwrapErr()).toEqual({
      type: 'AmountOverflow',
      exact: '18014398509481982',
    })
  })

  it('stores only accounts that it knows', () => {
    const [entry] = postPayment(null, payment(), t0)
    if (entry === undefined) throw new Error('no entry')
    expect(ledgerEntries.parse(entry, entry.entryId).isOk()).toBe(true)
    const lines = entry.lines.map((line) => ({ ...line, account: 'pocket' }))
    expect(ledgerEntries.parse({ ...entry, lines }, entry.entryId)._unsafeUnwrapErr().paths).toEqual([
      'lines.0.account',
      'lines.1.account',
    ])
  })
})

describe('a bill', () => {
  const order = {
    orderId: 'order_1',
    orderNumber: '20260302-000001-7',
    currency: 'CNY',
    totalMinor: 9188,
    shippingMinor: 0,
    placedAt: t0,
    ended: false,
    settledAt: null,
    payingIds: [payment().paymentId],
    isPart: false,
    lines: [{ lineId: 'tea-1', sku: 'tea', title: 'Tea', quantity: 2, unitMinor: 4594, totalMinor: 9188 }],
  }
  const points = postPointsTender({ ...common, amountMinor: 300 })
  const paid = [...points, ...postPayment(null, payment(), t0 + 9)]

  it('is created, paid in full by two means, part refunded, refunded', () => {
    expect(billOf(order, [], [])).toMatchObject({ status: 'created', paidMinor: 0, paidAt: null, methods: [] })
    expect(billOf(order, points, [])).toMatchObject({ status: 'created', paidMinor: 300, paidAt: null })
    expect(billOf(order, paid, [payment()])).toMatchObject({
      status: 'paid',
      paidMinor: 9188,
      refundedMinor: 0,
      paidAt: t0 + 9,
      methods: ['points', 'wechatPay'],
    })
    const underWay = [...paid, ...post(refund(submit))]
    expect(billOf(order, underWay, [payment()])).toMatchObject({ status: 'paid', refundPendingMinor: 6000 })
    const part = [...paid, ...post(refund(submit, succeed))]
    expect(billOf(order, part, [payment()])).toMatchObject({
      status: 'partRefunded',
      refundedMinor: 6000,
      refundPendingMinor: 0,
    })
    const rest = refund(submit, succeed).map((state) => ({
      ...state,
      refundId: 'refund_2',
      amountMinor: 2888,
      sources: [{ account: 'escrow:order_1', amountMinor: 2888 } as const],
    }))
    const all = [...part, ...post(rest), ...postPointsReturn({ ...common, amountMinor: 300 })]
    expect(billOf(order, all, [payment()])).toMatchObject({ status: 'refunded', refundedMinor: 9188 })
  })

  it('of an order that costs nothing is paid once that is, and closed where it ends', () => {
    const free = { ...order, totalMinor: 0, lines: [] }
    expect(billOf(free, [], [])).toMatchObject({ status: 'created', paidAt: null })
    expect(billOf({ ...free, settledAt: t0 }, [], [])).toMatchObject({ status: 'paid', paidMinor: 0, paidAt: t0 })
    expect(billOf({ ...free, ended: true }, [], [])).toMatchObject({ status: 'closed' })
  })

  it('of an order that ended unpaid is closed, and of another order is not touched', () => {
    expect(billOf({ ...order, ended: true }, [], []).status).toBe('closed')
    expect(billOf({ ...order, orderId: 'order_2' }, paid, [])).toMatchObject({ status: 'created', paidMinor: 0 })
  })

  it('counts a refund that was paid twice once', () => {
    const states = refund(
      submit,
      { type: 'RecordRefundDeclined', code: 'MerchantConfig', at: t0 },
      { type: 'RequestManualPayout', at: t0 },
      { type: 'ConfirmManualPayout', at: t0 },
      succeed,
    )
    expect(billOf(order, [...paid, ...post(states)], [payment()])).toMatchObject({ refundedMinor: 6000 })
  })
})
