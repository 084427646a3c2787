import { err, ok } from 'neverthrow'
import type { Actor } from 'shopwright'
import { describe, expect, it } from 'vitest'
import { createMemoryStorage } from '../../adapters/memory/index.js'
import { listPayments } from '../../src/orders/pages/list-payments.js'
import { paymentsAccess } from '../../src/payments/access.js'
import { trialBalance } from '../../src/payments/ledger.js'
import { listLedger } from '../../src/payments/list-ledger.js'
import {
  type MovingPayment,
  movePayment,
  openPayment,
  startPayment,
  startRefund,
  writePair,
  writePayment,
} from '../../src/payments/move-payment.js'
import type { PaymentError } from '../../src/payments/payment.js'
import { payments } from '../../src/payments/payment.schema.js'
import type { RefundError } from '../../src/payments/refund.js'
import { decideAndCommit } from '../../src/shared/decide-and-commit.js'
import { row } from '../../src/shared/read-plan.js'
import { createTestPorts, type TestPorts } from '../support/core-ports.js'
import { unchecked } from '../support/unchecked.js'
import { capturedSnapshot, samplePayment, sampleRefund, t0 } from './payment-samples.js'

const openPorts = () => createTestPorts(createMemoryStorage(), paymentsAccess, t0)

const everything = { kind: 'all' } as const
const buyer: Actor = { kind: 'customer', accountId: 'account_1' }
const stranger: Actor = { kind: 'customer', accountId: 'account_2' }
const staff: Actor = { kind: 'staff', staffId: 'staff_1', roles: [] }

const savePaid = (ports: TestPorts, amountMinor: number) => {
  const total = { minor: amountMinor, currency: 'CNY' }
  const paid: MovingPayment = startPayment({ ...samplePayment, amountMinor })
    .andThen((started) =>
      movePayment(started, [
        { type: 'RecordSnapshot', snapshot: capturedSnapshot({ total, capturedMinor: amountMinor, feeMinor: 1 }) },
      ]),
    )
    ._unsafeUnwrap()
  return decideAndCommit(ports, {
    scope: everything,
    plan: () => ({}),
    decide: () => ok({ answer: undefined, changes: writePayment(paid, t0) }),
  })
}

type Refusal = PaymentError | RefundError | { readonly type: 'NotFound' }

const refund = (ports: TestPorts, refundId: string, amountMinor: number) =>
  decideAndCommit(ports, {
    scope: everything,
    plan: () => ({ payment: row(payments, 'pay_1') }),
    decide: ({ payment }) => {
      if (payment === undefined) return err<never, Refusal>({ type: 'NotFound' })
      return startRefund(openPayment(payment), {
        ...sampleRefund,
        refundId,
        amountMinor,
        sources: [{ account: 'escrow:order_1', amountMinor }],
      })
        .map((pair) => ({ answer: refundId, changes: writePair(pair, t0) }))
        .mapErr((error): Refusal => error)
    },
  })

describe('stored payments', () => {
  it('let exactly one of two refunds of 60 out of 100 through', async () => {
    const ports = openPorts()
    await savePaid(ports, 100)
    const both = await Promise.all([refund(ports, 'refund_a', 60), refund(ports, 'refund_b', 60)])
    expect(both.filter((each) => each.isOk())).toHaveLength(1)
    const refusals = both.flatMap((each) => (each.isErr() ? [each.error] : []))
    expect(refusals).toEqual([{ type: 'RefundExceedsCaptured', askedMinor: 60, refundableMinor: 40 }])
  })

  it('are listed with their refunds to their owner and to staff, and to nobody else', async () => {
    const ports = openPorts()
    await savePaid(ports, 8888)
    await refund(ports, 'refund_a', 6000)
    const list = (actor: Actor) => listPayments(ports, { actor }, { orderId: 'order_1' })
    const mine = (await list(buyer))._unsafeUnwrap()
    expect(mine).toMatchObject({
      payments: [{ paymentId: 'pay_1', status: 'captured', capturedMinor: 8888, refundableMinor: 2888 }],
      refunds: [{ refundId: 'refund_a', status: 'requested', amount: { minor: 6000, currency: 'CNY' } }],
    })
    expect((await list(staff))._unsafeUnwrap()).toEqual(mine)
    expect((await list(stranger))._unsafeUnwrap()).toEqual({ payments: [], refunds: [], unreadable: [] })
  })

  it('write a ledger that staff can page through and that balances', async () => {
    const ports = openPorts()
    await savePaid(ports, 8888)
    const page = (actor: Actor, input: unknown) => listLedger(ports, { actor }, unchecked(input))
    const first = (await page(staff, { orderId: 'order_1', limit: 1 }))._unsafeUnwrap()
    expect(first.entries.map((entry) => entry.kind)).toEqual(['captured'])
    const second = (await page(staff, { limit: 1, after: first.next }))._unsafeUnwrap()
    expect(second.entries.map((entry) => entry.kind)).toEqual(['feeCharged'])
    expect([second.next, second.isWhole]).toEqual([null, true])
    expect(trialBalance([...first.entries, ...second.entries])._unsafeUnwrap().balances).toBe(true)
    expect((await page(buyer, { limit: 1 }))._unsafeUnwrapErr()).toEqual({ type: 'Denied', action: 'payments.ledger' })
    expect((await page(staff, { limit: 0 }))._unsafeUnwrapErr()).toMatchObject({ type: 'InvalidInput' })
  })
})
