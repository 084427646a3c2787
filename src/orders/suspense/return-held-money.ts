import { err, ok, okAsync, type Result, type ResultAsync, safeTry } from 'neverthrow'
import type { Payment } from '../../payments/payment.js'
import { payments } from '../../payments/payment.schema.js'
import type { Refund } from '../../payments/refund.js'
import type { Currency } from '../../shared/currency.js'
import { row } from '../../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../../shared/run-command.js'
import { freeRefundId, refundsIn } from '../money/refund-outcome.js'
import {
  askOrder,
  closeDraft,
  draftNewRefund,
  type OrderDraft,
  type OrderMoveError,
  openDraft,
  orderIn,
} from '../order-draft.js'
import { parsePaymentId } from '../order-inputs.schema.js'
import { resolveRefund } from '../paying/resolve-money.js'
import type { MoneyPorts } from '../ports.js'
import { checkReturn, type ReturnHeldMoneyError, sourcesOfHeld } from './check-held-money.js'

/** Held money on its way back to its payer. */
export type ReturnedMoney = {
  readonly refundId: string
  readonly orderId: string
  readonly paymentId: string
  readonly amountMinor: number
  readonly currency: Currency
  readonly status: Refund['status']
}

/**
 * Sends money back that does not fit what was asked and so stands in suspense (`integrityHold`): all that is left of the
 * payment, or, where it pays its order, what came beyond that; by its gateway, in the currency of the payment. Its order
 * is not touched.
 *
 * @errors NotFound; PaymentStateForbids unless a person has to look at the payment; MoneyPaysOrder where nothing is
 * beyond what pays; NoMoneyHeld, DisputeOpen; CommandError
 */
export const returnHeldMoney = (
  ports: MoneyPorts,
  context: CommandContext,
  input: { readonly paymentId: string },
): ResultAsync<ReturnedMoney, ReturnHeldMoneyError | CommandError> =>
  runCommand(ports, context, input, {
    action: 'orders.returnHeldMoney',
    parse: parsePaymentId,
    plan: ({ input: { paymentId } }) => ({
      found: row(payments, paymentId),
      ...askOrder({ from: 'found', path: 'orderId' }),
    }),
    decide: ({ found, ...read }, { input: { paymentId }, now }) =>
      found === undefined
        ? err<never, ReturnHeldMoneyError>({ type: 'NotFound', entity: 'payment', id: paymentId })
        : openDraft(read, found.state.orderId, now).andThen((draft) =>
            decideReturn(draft, found.state).map((answer) => ({ changes: closeDraft(draft), answer })),
          ),
  }).andThen((begun) =>
    resolveRefund(ports, begun.refundId)
      .map(({ refundStatus }): ReturnedMoney => ({ ...begun, status: refundStatus }))
      // It is written down: the sweep of refunds sends it.
      .orElse(() => okAsync<ReturnedMoney, ReturnHeldMoneyError | CommandError>(begun)),
  )

const decideReturn = (draft: OrderDraft, payment: Payment): Result<ReturnedMoney, ReturnHeldMoneyError> =>
  safeTry(function* () {
    const { paymentId, orderId, currency } = payment
    const amountMinor = yield* checkReturn(yield* orderIn(draft), payment)
    const refundId = yield* beginReturn(draft, payment, amountMinor)
    return ok({ refundId, orderId, paymentId, amountMinor, currency, status: 'requested' })
  })

/**
 * Begins to send money back that does not fit.
 *
 * @returns the id of the refund
 * @errors OrderMoveError
 */
export const beginReturn = (
  draft: OrderDraft,
  payment: Payment,
  amountMinor: number,
): Result<string, OrderMoveError> => {
  const { paymentId, orderId, accountId, merchantId, gatewayId, currency } = payment
  const refundId = freeRefundId(draft, `held_${paymentId}`)
  return draftNewRefund(draft, {
    ...{ refundId, paymentId, orderId, accountId, merchantId, gatewayId, currency, amountMinor },
    reason: 'heldMoneyReturned',
    sources: sourcesOfHeld(payment, refundsIn(draft), amountMinor),
    at: draft.at,
  }).map(() => refundId)
}
