import { ok, type ResultAsync } from 'neverthrow'
import type { Instant } from '../shared/instant.js'
import { listed, pageOf, type UnreadableRows } from '../shared/list-page.js'
import type { Money } from '../shared/money.js'
import type { CorePorts } from '../shared/ports.js'
import { find } from '../shared/read-plan.js'
import { type QueryContext, type QueryError, runQuery } from '../shared/run-query.js'
import type { ListHeldPaymentsInput } from './list-held-payments.schema.js'
import { type HeldPaymentCursor, parseListHeldPayments } from './list-held-payments.schema.js'
import type { KnownFacts } from './payment.js'
import { payments } from './payment.schema.js'
import { undecidedMinor } from './payment-machine.js'
import { type PaymentView, viewPayment } from './payment-view.js'

/** A payment of which the gateway says what was not asked for. */
export type HeldPayment = PaymentView & {
  readonly orderId: string
  readonly gatewayId: string
  /** How it differs from what was asked. */
  readonly mismatches: KnownFacts['mismatches']
  /** The money in words that do not fit, by currency; what of it can be sent back is `refundableMinor`. */
  readonly suspended: KnownFacts['suspended']
  /** What of it nobody has decided about yet, by currency. */
  readonly undecided: readonly Money[]
  /** Since when its gateway has owed an answer; null while it owes none. */
  readonly unheardSince: Instant | null
}

/** A page of such payments, the latest first. */
export type HeldPaymentPage = UnreadableRows & {
  readonly payments: readonly HeldPayment[]
  readonly next: HeldPaymentCursor | null
}

/**
 * Lists the payments that a person has to decide about, because what the gateway says of them does not fit what was asked:
 * their orders count as unpaid, and what came of money stands in suspense. Once all of that has gone back, or is on its
 * way, a payment is listed no more. Or lists those of which their gateways have not said what came of the last request.
 *
 * @errors QueryError
 */
export const listHeldPayments = (
  ports: CorePorts,
  context: QueryContext,
  input: ListHeldPaymentsInput = {},
): ResultAsync<HeldPaymentPage, QueryError> =>
  runQuery(ports, context, input, {
    action: 'payments.held',
    parse: parseListHeldPayments,
    about: () => 'heldPayments',
    plan: ({ input: { unheard = false, limit = 20, after } }) => ({
      found: listed(
        find(payments, {
          where: [
            unheard ? { field: 'unheardSince', is: 'gte', value: 0 } : { field: 'toDecide', is: 'eq', value: true },
          ],
          orderBy: { field: 'startedAt', direction: 'descending' },
          limit: limit + 1,
          ...(after === undefined ? {} : { after: { value: after.startedAt, id: after.paymentId } }),
        }),
      ),
    }),
    answer: ({ found }, { input: { limit = 20 }, scope }) => {
      const { rows, unreadable, end } = pageOf(found, { limit, scope })
      const page = rows.map(({ state }): HeldPayment => {
        const { orderId, gatewayId, known, unheardSince = null } = state
        const { mismatches, suspended } = known
        const undecided = suspended
          .map(({ currency }): Money => ({ currency, minor: undecidedMinor(state, currency) }))
          .filter(({ minor }) => minor > 0)
        return { ...viewPayment(state), orderId, gatewayId, mismatches, suspended, undecided, unheardSince }
      })
      return ok({
        payments: page,
        unreadable,
        next: end === null ? null : { startedAt: Number(end.value), paymentId: end.id },
      })
    },
  })
