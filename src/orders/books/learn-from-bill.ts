import { err, ok, okAsync, type ResultAsync } from 'neverthrow'
import type { InventoryPorts } from '../../inventory/ports.js'
import type { GatewayBillRow } from '../../payments/gateway-bill.js'
import { appendEntries } from '../../payments/move-payment.js'
import type { Mismatch, Payment, PaymentCommand } from '../../payments/payment.js'
import { isUndecided } from '../../payments/payment-machine.js'
import { postFeeReturned } from '../../payments/posting.js'
import { feeMinorOf, type Reconciled } from '../../payments/reconcile-row.js'
import { refunds } from '../../payments/refund.schema.js'
import type { PaymentSnapshot } from '../../payments/snapshot.js'
import { feeOfTaking, takingsOf } from '../../payments/takings.js'
import { decideAndCommit } from '../../shared/decide-and-commit.js'
import type { NotFound } from '../../shared/errors.js'
import type { Instant } from '../../shared/instant.js'
import type { CorePorts } from '../../shared/ports.js'
import { row } from '../../shared/read-plan.js'
import { type RecordError, recordPayment, recordRefund } from '../paying/record-outcome.js'
import type { EarlyFeeLesson } from './carried-over.js'
import { wouldBeBilled } from './ledger-rows.js'

/** What a bill teaches: the gateway's word on what was open here, or on a fee. */
export type Lesson = Extract<Reconciled, { kind: 'learnSucceeded' | 'learnFee' | 'learnNotFound' }> | EarlyFeeLesson

/**
 * Writes what a bill teaches of a payment or refund, as if the gateway had said it when asked, with everything that
 * follows from it. What is known by now changes nothing.
 *
 * @errors RecordError
 */
export const learnFromBill = (
  ports: InventoryPorts,
  gatewayId: string,
  lesson: Lesson,
): ResultAsync<unknown, RecordError> => {
  switch (lesson.kind) {
    case 'learnNotFound':
      return recordPayment(ports, lesson.ours.reference, endWithoutMoney, { gatewayId })
    case 'learnSucceeded':
      return lesson.theirs.kind === 'payment'
        ? payBy(ports, gatewayId, lesson)
        : settleBy(ports, gatewayId, lesson.theirs).andThen(() => bookFeeOf(ports, gatewayId, lesson.theirs))
    case 'learnFee':
      return lesson.theirs.kind === 'payment'
        ? payBy(ports, gatewayId, lesson)
        : bookFeeOf(ports, gatewayId, lesson.theirs)
    case 'learnEarlyFee':
      return bookFeeReturned(ports, gatewayId, lesson.ours.reference, lesson.returnedMinor)
  }
}

// A refund that costs something is for a person to look at, once it stands in the books.
const bookFeeOf = (ports: CorePorts, gatewayId: string, theirs: GatewayBillRow): ResultAsync<unknown, RecordError> => {
  const returnedMinor = 0 - feeOf(theirs)
  return returnedMinor > 0 ? bookFeeReturned(ports, gatewayId, theirs.reference, returnedMinor) : okAsync(undefined)
}

// Between the reading of the bill and now the money may have come after all: only what is still open is ended.
const endWithoutMoney = (payment: Payment, at: Instant): readonly PaymentCommand[] =>
  isUndecided(payment) && wouldBeBilled(payment)
    ? [
        { type: 'RequestClose', reason: 'unpaidDeadline', at },
        { type: 'ConfirmClosed', evidence: 'notFoundAfterExpiry', at },
      ]
    : []

// A row says what was taken since the one before; to the payment is said what was taken by then. That is counted from
// where the ledger stood when it was read, so that what was heard since is not counted twice.
const payBy = (
  ports: InventoryPorts,
  gatewayId: string,
  { ours, theirs }: Extract<Lesson, { kind: 'learnSucceeded' | 'learnFee' }>,
) => {
  const fromMinor = ours.part?.fromMinor ?? 0
  const takenMinor = fromMinor + theirs.amountMinor
  const feeMinor = Math.max(0, feeOf(theirs))
  return recordPayment(
    ports,
    theirs.reference,
    (payment) => [
      {
        type: 'RecordSnapshot',
        snapshot: {
          kind: 'payment',
          attemptRef: theirs.reference,
          ...ownersHeardOf(payment),
          // What the gateway called it when it was asked is what it is asked about by.
          gatewayRef: payment.known.gatewayRef ?? theirs.gatewayRef,
          ...totalsBy(payment, takenMinor, theirs),
          capturedMinor: takenMinor,
          feeMinor: payment.capture === 'manual' ? null : feeMinor,
          failure: null,
          at: takingsOf(payment.known).find(({ toMinor }) => toMinor === takenMinor)?.at ?? theirs.at,
        },
        ...(payment.capture === 'manual'
          ? { billedFeeMinor: Math.max(0, feeMinor - feeHeardOf(payment, { fromMinor, takenMinor })) }
          : {}),
      },
    ],
    { gatewayId },
  )
}

// A bill is that of the shop's own account there, and names no order: another account or order, of which the gateway spoke
// before, is not taken back by it.
const ownersHeardOf = ({ merchantAccount, known }: Payment): Pick<PaymentSnapshot, 'merchantAccount' | 'orderRef'> => {
  const heard = (kind: Mismatch['kind']) => known.mismatches.find((mismatch) => mismatch.kind === kind)?.actual
  return { merchantAccount: heard('merchantAccount') ?? merchantAccount, orderRef: heard('order') ?? null }
}

/** What is known to have been kept of the captures that the last one of a row comes after. */
const feeHeardOf = (
  { known }: Payment,
  { fromMinor, takenMinor }: { readonly fromMinor: number; readonly takenMinor: number },
): number => {
  const earlier = takingsOf(known).filter(({ toMinor }) => toMinor > fromMinor && toMinor < takenMinor)
  const toMinor = earlier.at(-1)?.toMinor
  return toMinor === undefined ? 0 : (feeOfTaking(known, { fromMinor, toMinor }) ?? 0)
}

// A row of what was held before says what was taken of it; as long as that is not all, the rest may still be held.
const totalsBy = (
  { capture, amountMinor, currency, known }: Payment,
  takenMinor: number,
  theirs: GatewayBillRow,
): Pick<PaymentSnapshot, 'status' | 'total' | 'authorisedMinor'> =>
  capture === 'manual' && theirs.currency === currency && takenMinor < amountMinor
    ? {
        status: 'authorised',
        total: { minor: amountMinor, currency },
        authorisedMinor: known.authorised?.minor ?? amountMinor,
      }
    : { status: 'captured', total: { minor: takenMinor, currency: theirs.currency }, authorisedMinor: 0 }

const settleBy = (ports: CorePorts, gatewayId: string, theirs: GatewayBillRow) =>
  recordRefund(
    ports,
    theirs.reference,
    ({ paymentId, known }) => [
      {
        type: 'RecordRefundSnapshot',
        snapshot: {
          kind: 'refund',
          refundRef: theirs.reference,
          attemptRef: paymentId,
          gatewayRef: known.gatewayRef ?? theirs.gatewayRef,
          status: 'succeeded',
          amount: { minor: theirs.amountMinor, currency: theirs.currency },
          failure: null,
          at: theirs.at,
        },
      },
    ],
    { gatewayId },
  )

const bookFeeReturned = (
  ports: CorePorts,
  gatewayId: string,
  refundId: string,
  amountMinor: number,
): ResultAsync<unknown, RecordError> =>
  decideAndCommit(ports, {
    scope: { kind: 'all' },
    plan: () => ({ refund: row(refunds, refundId) }),
    decide: ({ refund }, { now }) => {
      if (refund === undefined || refund.state.gatewayId !== gatewayId) {
        return err<never, NotFound>({ type: 'NotFound', entity: 'refund', id: refundId })
      }
      const booked = postFeeReturned({ refund: refund.state, amountMinor, at: now })
      return ok({ changes: appendEntries(booked), answer: {} })
    },
    // Booked by another try.
    claimed: () => ok({}),
  })

const feeOf = ({ fee, currency }: GatewayBillRow): number => (fee === null ? 0 : feeMinorOf(fee, currency).unwrapOr(0))
