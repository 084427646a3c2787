import { ok, type ResultAsync } from 'neverthrow'
import { listed, pageOf, type UnreadableRows } from '../../shared/list-page.js'
import type { CorePorts } from '../../shared/ports.js'
import { find } from '../../shared/read-plan.js'
import { type QueryContext, type QueryError, runQuery } from '../../shared/run-query.js'
import {
  type ListPaymentAlertsInput,
  type PaymentAlertCursor,
  parseListPaymentAlerts,
} from './list-payment-alerts.schema.js'
import type { PaymentAlert } from './payment-alert.js'
import { paymentAlerts } from './payment-alert.schema.js'

/** A page of alerts, the oldest first. */
export type PaymentAlertPage = UnreadableRows & {
  readonly alerts: readonly PaymentAlert[]
  readonly next: PaymentAlertCursor | null
}

/**
 * Lists the payments that stood out, or whose owner says that they were not theirs, and for which no order is held: until a
 * person has looked (`resolvePaymentAlert`). Held orders are listed as such.
 *
 * @errors QueryError
 */
export const listPaymentAlerts = (
  ports: CorePorts,
  context: QueryContext,
  input: ListPaymentAlertsInput = {},
): ResultAsync<PaymentAlertPage, QueryError> =>
  runQuery(ports, context, input, {
    action: 'orders.paymentAlerts',
    parse: parseListPaymentAlerts,
    about: () => 'paymentAlerts',
    plan: ({ input: { resolved, limit = 20, after } }) => ({
      found: listed(
        find(paymentAlerts, {
          where: [{ field: 'status', is: 'eq', value: resolved === undefined ? 'open' : 'resolved' }],
          orderBy: { field: 'at', direction: 'ascending' },
          limit: limit + 1,
          ...(after === undefined ? {} : { after: { value: after.at, id: after.alertId } }),
        }),
      ),
    }),
    answer: ({ found }, { input: { limit = 20 }, scope }) => {
      const { rows, unreadable, end } = pageOf(found, { limit, scope })
      const page = rows.map(({ state }) => state)
      return ok({ alerts: page, unreadable, next: end === null ? null : { at: Number(end.value), alertId: end.id } })
    },
  })
