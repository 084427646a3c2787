import { ok, type ResultAsync } from 'neverthrow'
import type { Instant } from '../shared/instant.js'
import { listed, pageOf, type UnreadableRows } from '../shared/list-page.js'
import type { CorePorts } from '../shared/ports.js'
import { find } from '../shared/read-plan.js'
import { type QueryContext, type QueryError, runQuery } from '../shared/run-query.js'
import { type AttemptCursor, type ListAttemptsInput, parseListAttempts } from './list-attempts.schema.js'
import { within } from './listed-period.schema.js'
import { payments } from './payment.schema.js'
import { type PaymentView, viewPayment } from './payment-view.js'

/** An attempt to pay as whoever keeps the books is shown it. */
export type ListedAttempt = PaymentView & {
  readonly orderId: string
  readonly gatewayId: string
  /** What the gateway calls it; null until it said. */
  readonly gatewayRef: string | null
  /** What the gateway has kept of it so far as is known, minor units of its currency. */
  readonly feeMinor: number
  /** By which moment all of `capturedMinor` was taken; null where nothing was. */
  readonly capturedAt: Instant | null
}

/** A page of attempts to pay, those begun last first. */
export type AttemptPage = UnreadableRows & {
  readonly attempts: readonly ListedAttempt[]
  readonly next: AttemptCursor | null
}

/**
 * Lists attempts to pay of all orders, by gateway, state and when they were begun: a day of one gateway, as a bookkeeper looks
 * at it. What moved on a day, also of what was begun before it, is in the ledger (`payments.ledger`).
 *
 * @errors QueryError
 */
export const listAttempts = (
  ports: CorePorts,
  context: QueryContext,
  input: ListAttemptsInput = {},
): ResultAsync<AttemptPage, QueryError> =>
  runQuery(ports, context, input, {
    action: 'payments.attempts',
    parse: parseListAttempts,
    about: () => 'attempts',
    plan: ({ input: { gatewayId, status, limit = 20, after, ...period } }) => ({
      found: listed(
        find(payments, {
          where: [
            ...(gatewayId === undefined ? [] : [{ field: 'gatewayId', is: 'eq', value: gatewayId } as const]),
            ...(status === undefined ? [] : [{ field: 'status', is: 'eq', value: status } as const]),
            ...within('startedAt', period),
          ],
          orderBy: { field: 'startedAt', direction: 'descending' },
          limit: limit + 1,
          ...(after === undefined ? {} : { after: { value: after.startedAt, id: after.paymentId } }),
        }),
      ),
    }),
    answer: ({ found }, { input: { limit = 20 }, scope }) => {
      const { rows, unreadable, end } = pageOf(found, { limit, scope })
      const attempts = rows.map(({ state }): ListedAttempt => {
        const { orderId, gatewayId, known } = state
        const { gatewayRef, feeMinor, captured } = known
        return { ...viewPayment(state), orderId, gatewayId, gatewayRef, feeMinor, capturedAt: captured?.at ?? null }
      })
      return ok({
        attempts,
        unreadable,
        next: end === null ? null : { startedAt: Number(end.value), paymentId: end.id },
      })
    },
  })
