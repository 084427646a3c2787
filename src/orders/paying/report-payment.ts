import { ok, type ResultAsync, safeTry } from 'neverthrow'
import type { CorePorts } from '../../shared/ports.js'
import type { CommandContext, CommandError } from '../../shared/run-command.js'
import { changeOrder } from '../change-order.js'
import { draftOrder, type OrderMoveError, orderIn } from '../order-draft.js'
import { parseOrderId } from '../order-inputs.schema.js'
import { holdOrder } from './hold-order.js'

/** The shop knows that a payment was not its owner's. */
export type ReportedPayment = {
  readonly orderId: string
  /** Whether what has not left is held; not where everything has left. */
  readonly held: boolean
}

/**
 * Tells the shop that one did not make the payment of an order: what has not left of it is held until a person has looked,
 * and the report is an event of the order (`PaymentReported`), for the shop's people. It says nothing of who did.
 *
 * @errors OrderStateForbids where nothing was paid, or the order has ended; CommandError
 */
export const reportPayment = (
  ports: CorePorts,
  context: CommandContext,
  input: { readonly orderId: string },
): ResultAsync<ReportedPayment, OrderMoveError | CommandError> =>
  changeOrder(ports, context, input, {
    action: 'orders.reportPayment',
    parse: parseOrderId,
    move: (draft) =>
      safeTry<ReportedPayment, OrderMoveError>(function* () {
        const { at } = draft
        yield* draftOrder(draft, { type: 'ReportPayment', at })
        const order = yield* orderIn(draft)
        const { orderId, status } = order
        const held = status === 'paid' || status === 'partlyShipped'
        if (held) yield* holdOrder(draft, { by: 'owner', reasons: ['reportedByOwner'] })
        return ok({ orderId, held })
      }),
  })
