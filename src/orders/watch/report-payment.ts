import { ok, type Result, type ResultAsync, safeTry } from 'neverthrow'
import { claim, expectRow } from '../../shared/commit.js'
import type { CorePorts } from '../../shared/ports.js'
import { claims } from '../../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../../shared/run-command.js'
import {
  askOrderOfMoney,
  closeDraft,
  draftOrder,
  type OrderDraft,
  type OrderMoveError,
  openDraft,
  orderIn,
} from '../order-draft.js'
import { parseOrderId } from '../order-inputs.schema.js'
import { holdOrder, holdOthersPaidBy } from './hold-order.js'
import { paymentAlerts } from './payment-alert.schema.js'
import { raiseAlert, reportSpace } from './raise-alert.js'

/** The shop knows that a payment was not its owner's. */
export type ReportedPayment = {
  readonly orderId: string
  /** Whether what has not left is held; where everything has left, the report is kept for a person to look at. */
  readonly held: boolean
}

/**
 * Tells the shop that one did not make the payment of an order: what has not left of it is held until a person has looked,
 * and so is what the same payment has paid of the other orders of its checkout; where all of it has left, the report is
 * listed until one has (`paymentAlerts`). It is an event of the order, too (`PaymentReported`). It says nothing of who did.
 *
 * @errors OrderStateForbids where nothing was paid, or the order has ended; CommandError
 */
export const reportPayment = (
  ports: CorePorts,
  context: CommandContext,
  input: { readonly orderId: string },
): ResultAsync<ReportedPayment, OrderMoveError | CommandError> =>
  runCommand(ports, context, input, {
    action: 'orders.reportPayment',
    parse: parseOrderId,
    plan: ({ input: { orderId } }) => ({ ...askOrderOfMoney(orderId), reported: claims(reportSpace, [orderId]) }),
    decide: ({ reported, ...read }, { input: { orderId }, now }) =>
      openDraft(read, orderId, now).andThen((draft) =>
        report(draft, reported.get(orderId), () => ports.ids.next('alert')).map((answer) => ({
          changes: closeDraft(draft),
          answer,
        })),
      ),
  })

// One report of an order waits at a time; who reports it again says nothing new.
const report = (
  draft: OrderDraft,
  waitingId: string | undefined,
  newId: () => string,
): Result<ReportedPayment, OrderMoveError> =>
  safeTry(function* () {
    const { at } = draft
    yield* draftOrder(draft, { type: 'ReportPayment', at })
    const order = yield* orderIn(draft)
    const { orderId, status } = order
    const paymentId = 'paidAt' in order ? order.paymentId : null
    const hold = { by: 'owner', reasons: ['reportedByOwner'] } as const
    // Who did not make it did not buy what else it has paid.
    if (paymentId !== null) yield* holdOthersPaidBy(draft, paymentId, hold)
    if (status === 'paid' || status === 'partlyShipped') {
      yield* holdOrder(draft, hold)
      return ok({ orderId, held: true })
    }
    if (waitingId !== undefined) {
      // As it was raised: should a person look at it meanwhile, this is to be looked at, too.
      draft.further.push(expectRow(paymentAlerts, { id: waitingId, version: 1 }))
    } else {
      const alertId = newId()
      draft.further.push(
        raiseAlert({ alertId, orderId, paymentId, reasons: ['reportedByOwner'], at }),
        claim({ space: reportSpace, key: orderId, owner: alertId }),
      )
    }
    return ok({ orderId, held: false })
  })
