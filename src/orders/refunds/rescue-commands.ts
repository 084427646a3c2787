import { err, ok, type Result } from 'neverthrow'
import { moveRefund, openPayment, openRefund } from '../../payments/move-payment.js'
import { offlineRefund } from '../../payments/offline.js'
import type { Payment } from '../../payments/payment.js'
import type { Refund, RefundCommand } from '../../payments/refund.js'
import type { Instant } from '../../shared/instant.js'
import type { OrderMoveError } from '../order-draft.js'
import type { MoneyPorts } from '../ports.js'

/** Whether a gateway waits for a person's word on every refund, so that what it took is cleared by what goes back. */
export const isSentByHand = ({ gateways }: Pick<MoneyPorts, 'gateways'>, gatewayId: string): boolean =>
  Object.hasOwn(gateways, gatewayId) && gateways[gatewayId]?.capabilities.refund === 'manual'

type Commands = Result<readonly RefundCommand[], OrderMoveError>

/** What sends a refund again; one that waits to be sent waits for something: payees are to give their parts back first. */
export const retrying = ({ status }: Refund, at: Instant): Commands =>
  status === 'requested'
    ? err({ type: 'RefundStateForbids', status, command: 'SubmitRefund' })
    : ok([{ type: 'SubmitRefund', at }])

/** What notes that a person has paid a refund, once. */
export const payingByHand = (refund: Refund, byHand: boolean, at: Instant): Commands => {
  const { status } = refund
  if (status === 'succeeded' || status === 'paidManually' || status === 'chargedBack') {
    return err({ type: 'RefundStateForbids', status, command: 'ConfirmManualPayout' })
  }
  return ok(
    byHand
      ? [
          ...(mustSubmit(refund) ? [{ type: 'SubmitRefund' as const, at }] : []),
          { type: 'RecordRefundSnapshot', snapshot: offlineRefund(refund, at), isAnswer: true },
        ]
      : [
          { type: 'RequestManualPayout', at },
          { type: 'ConfirmManualPayout', at },
        ],
  )
}

/** Whether a refund may be sent to its gateway once more. */
export const mayRetryRefund = (payment: Payment, refund: Refund, at: Instant): boolean =>
  retrying(refund, at)
    .andThen((commands) => moves(payment, refund, commands))
    .unwrapOr(false)

/**
 * Whether a person may say that they have paid a refund.
 *
 * @param byHand - whether its gateway sends no money itself
 */
export const mayPayByHand = (payment: Payment, refund: Refund, byHand: boolean, at: Instant): boolean =>
  payingByHand(refund, byHand, at)
    .andThen((commands) => moves(payment, refund, commands))
    .unwrapOr(false)

const moves = (payment: Payment, refund: Refund, commands: readonly RefundCommand[]): Result<boolean, OrderMoveError> =>
  moveRefund(
    {
      payment: openPayment({ id: payment.paymentId, version: 0, state: payment }),
      refund: openRefund({ id: refund.refundId, version: 0, state: refund }),
    },
    commands,
  ).map((moved) => moved.refund.events.length > 0)

const mustSubmit = ({ status }: Refund): boolean => status === 'requested' || status === 'failed'
