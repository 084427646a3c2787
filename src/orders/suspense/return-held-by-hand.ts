import { err, ok, type Result, type ResultAsync } from 'neverthrow'
import { movePayment, openPayment, writePayment } from '../../payments/move-payment.js'
import type { PaymentError } from '../../payments/payment.js'
import { payments } from '../../payments/payment.schema.js'
import { undecidedMinor } from '../../payments/payment-machine.js'
import { auditEntry } from '../../shared/audit-entry.js'
import type { DecidedChange } from '../../shared/commit.js'
import type { Currency } from '../../shared/currency.js'
import type { NotFound } from '../../shared/errors.js'
import type { CorePorts } from '../../shared/ports.js'
import { row } from '../../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../../shared/run-command.js'
import { noticeReturned } from '../notices/notice-returned.js'
import { orders } from '../order.collection.schema.js'
import type { ReturnHeldByHandInput } from '../order-inputs.js'
import { parseReturnHeldByHand } from '../order-inputs.schema.js'
import type { NoMoneyHeld } from './check-held-money.js'

/** Held money that has gone back past its gateway. */
export type ReturnedByHand = {
  readonly paymentId: string
  readonly orderId: string
  readonly amountMinor: number
  readonly currency: Currency
}

/** Why held money is not said to be sent back. */
export type ReturnHeldByHandError = NotFound | PaymentError | NoMoneyHeld

/**
 * Records that a person has sent money back that came in another currency than was asked for and so stands in suspense
 * (`integrityHold`): all that is left of it, past the gateway, which can be asked for the payment's own currency alone. Its
 * order is not touched; whoever paid is told.
 *
 * @errors NotFound; PaymentStateForbids unless a person has to look at the payment; NoMoneyHeld where nothing of that
 * currency is left, or it is the payment's own, which `returnHeldMoney` sends back; CommandError
 */
export const returnHeldByHand = (
  ports: CorePorts,
  context: CommandContext,
  input: ReturnHeldByHandInput,
): ResultAsync<ReturnedByHand, ReturnHeldByHandError | CommandError> =>
  runCommand(ports, context, input, {
    action: 'orders.returnHeldByHand',
    parse: parseReturnHeldByHand,
    plan: ({ input: { paymentId } }) => ({
      found: row(payments, paymentId),
      order: row(orders, { from: 'found', path: 'orderId' }),
    }),
    decide: (
      { found, order },
      { input: { paymentId, currency }, actor, now: at },
    ): Result<
      { readonly changes: readonly DecidedChange[]; readonly answer: ReturnedByHand },
      ReturnHeldByHandError
    > => {
      if (found === undefined) return err({ type: 'NotFound', entity: 'payment', id: paymentId })
      return movePayment(openPayment(found), [{ type: 'RecordHeldReturned', currency, at }]).andThen(
        (
          moved,
        ): Result<{ readonly changes: readonly DecidedChange[]; readonly answer: ReturnedByHand }, NoMoneyHeld> => {
          if (moved.events.length === 0) return err({ type: 'NoMoneyHeld', paymentId, currency })
          const { orderId } = found.state
          const amountMinor = undecidedMinor(found.state, currency)
          const entry = auditEntry(ports.ids, {
            ...{ actor, action: 'orders.returnHeldByHand', subject: paymentId, at, outcome: 'done' },
            detail: `${currency} ${amountMinor}`,
          })
          return ok({
            changes: [
              ...writePayment(moved, at),
              // More of the currency may come, and go back, later.
              ...noticeReturned({ id: `heldReturned/${paymentId}.${found.version}`, at }, order?.state, found.state, {
                minor: amountMinor,
                currency,
              }),
              entry,
            ],
            answer: { paymentId, orderId, amountMinor, currency },
          })
        },
      )
    },
  })
