import { Decimal } from 'decimal.js'
import { ok, type Result } from 'neverthrow'
import { allocate } from '../shared/allocate.js'
import type { CapsTooSmall, InvalidSplit, WeightsAllZero } from '../shared/split.js'
import type { Payment } from './payment.js'
import { refundableMinor } from './payment-machine.js'
import type { PayoutSplit } from './payout.js'
import { type Settlement, unpaidMinor } from './settlement.js'

/** A payment that its gateway can divide, and the accounts that payees have there. */
export type Splittable = {
  readonly payment: Payment
  readonly mostBasisPoints: number
  readonly accounts: ReadonlyMap<string, string>
}

/** What a payee is to get out of a payment. */
export type PlannedSplit = Pick<PayoutSplit, 'gatewayId' | 'paymentId' | 'gatewayRef' | 'account'> & {
  readonly payee: string
  /** Above zero. */
  readonly amountMinor: number
}

/** The whole of a payment, in hundredths of a percent. */
const wholeBasisPoints = 10_000

/**
 * Says who gets what out of which payment of an order: what is due to payees with an account at its gateway, as far as
 * the gateway may give it away and still has it. What does not fit is shared by what is due, and stands to their
 * accounts as before.
 *
 * @param owed - what payees owe of other orders, which is set off first
 * @param cashMinor - what was paid for the order by gateways and has not gone back; a payment may be of other orders too
 * @errors WeightsAllZero, CapsTooSmall, InvalidSplit never of sound rows
 */
export const planSplits = (
  settlement: Settlement,
  { cashMinor, owed }: { readonly cashMinor: number; readonly owed: ReadonlyMap<string, number> },
  payments: readonly Splittable[],
): Result<readonly PlannedSplit[], WeightsAllZero | CapsTooSmall | InvalidSplit> => {
  const due = new Map(
    settlement.shares.map(({ payee }) => [payee, Math.max(0, unpaidMinor(settlement, payee) - (owed.get(payee) ?? 0))]),
  )
  let leftMinor = cashMinor
  return payments.reduce<ReturnType<typeof planSplits>>(
    (sofar, { payment, mostBasisPoints, accounts }) =>
      sofar.andThen((planned) => {
        const wanted = [...due].filter(([payee, minor]) => minor > 0 && accounts.has(payee))
        const weights = wanted.map(([, minor]) => minor)
        const sum = weights.reduce((total, minor) => total + minor, 0)
        const ownMinor = Math.min(leftMinor, refundableMinor(payment))
        const roomMinor = Math.min(sum, roomOf(payment, ownMinor, mostBasisPoints))
        leftMinor -= Math.max(0, ownMinor)
        if (roomMinor <= 0) return ok(planned)
        return allocate(roomMinor, weights, weights).map((amounts) => [
          ...planned,
          ...wanted.flatMap(([payee, minor], place): readonly PlannedSplit[] => {
            const amountMinor = amounts[place] ?? 0
            due.set(payee, minor - amountMinor)
            const account = accounts.get(payee)
            const { paymentId, gatewayId, known } = payment
            return account === undefined || amountMinor === 0
              ? []
              : [{ payee, account, amountMinor, paymentId, gatewayId, gatewayRef: known.gatewayRef }]
          }),
        ])
      }),
    ok([]),
  )
}

/** What of an order's money in a payment may be given away: the fee is the gateway's already. */
const roomOf = ({ known, amountMinor }: Payment, ownMinor: number, mostBasisPoints: number): number => {
  const fee = new Decimal(known.feeMinor).mul(ownMinor).div(Math.max(1, amountMinor)).ceil()
  const most = new Decimal(ownMinor).mul(mostBasisPoints).div(wholeBasisPoints).floor()
  return Math.min(most.toNumber(), new Decimal(ownMinor).minus(fee).toNumber())
}
