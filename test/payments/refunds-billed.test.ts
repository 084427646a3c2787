import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type BilledOrder, billOf } from '../../src/payments/bill.js'
import type { LedgerEntry } from '../../src/payments/ledger.js'
import { postRefund } from '../../src/payments/post-refund.js'
import type { Refund, RefundCommand } from '../../src/payments/refund.js'
import { type RefundState, refundMachine } from '../../src/payments/refund-machine.js'
import { createStatement } from '../../src/payments/statement.js'
import { decideNext } from '../../src/shared/decider.js'
import { t0 } from './payment-samples.js'
import { refundModel } from './refund-machine.model.js'

const order: BilledOrder<string> = {
  orderId: 'order_1',
  orderNumber: '1',
  currency: 'CNY',
  totalMinor: 8888,
  shippingMinor: 0,
  placedAt: t0,
  ended: false,
  settledAt: t0,
  payingIds: ['pay_1'],
  isPart: false,
  lines: [],
}

/** What the bill and a statement say of some entries. */
const toldOf = (entries: readonly LedgerEntry[]) => {
  const statement = createStatement({ withFees: true })
  statement.add(entries)
  const { refundedMinor, refundPendingMinor } = billOf(order, entries, [])
  const part = billOf({ ...order, isPart: true }, entries, []).refundedMinor
  return { refundedMinor, refundPendingMinor, part, stated: statement.close().sums?.[0]?.refundedMinor ?? 0 }
}

const commands: readonly RefundCommand[] = Object.values(refundModel.model).flat()

/** What a refund came to, and what was booked on the way. */
const walk = (asked: readonly RefundCommand[]) => {
  const entries: LedgerEntry[] = []
  let state: RefundState = refundMachine.initial
  for (const [step, command] of asked.entries()) {
    const before: Refund | null = state.status === 'absent' ? null : state
    const next = decideNext(refundMachine, state, command)
    if (next.isErr()) continue
    state = next.value.state
    if (state.status === 'absent') continue
    // All is of one moment here, by which entries are told apart.
    entries.push(...postRefund(before, state, t0).map((entry) => ({ ...entry, entryId: `${entry.entryId}/${step}` })))
  }
  return { entries, state }
}

it('says on bills and statements what became of a refund, whatever it went through before', () => {
  const [request] = commands.filter(({ type }) => type === 'RequestRefund')
  if (request === undefined) throw new Error('no request')
  const some = fc.array(fc.constantFrom(...commands), { minLength: 2, maxLength: 14 })
  fc.assert(
    fc.property(some, (given) => {
      const { entries, state } = walk([request, ...given])
      if (state.status === 'absent') throw new Error('no refund')
      expect(toldOf(entries)).toEqual(toldOf(postRefund(null, state, t0)))
    }),
  )
})
