import { err, ok, type Result, type ResultAsync } from 'neverthrow'
import { actorName } from '../../shared/actor.js'
import { auditEntry } from '../../shared/audit-entry.js'
import { put, release } from '../../shared/commit.js'
import type { Decision } from '../../shared/decide-and-commit.js'
import type { NotFound } from '../../shared/errors.js'
import type { Instant } from '../../shared/instant.js'
import type { CorePorts } from '../../shared/ports.js'
import { claims, row } from '../../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../../shared/run-command.js'
import { parseResolvePaymentAlert, type ResolvePaymentAlertInput } from '../resolution.schema.js'
import type { PaymentAlert } from './payment-alert.js'
import { paymentAlerts } from './payment-alert.schema.js'
import { reportSpace } from './raise-alert.js'

/** An alert that a person has looked at. */
export type ResolvedAlert = { readonly alertId: string; readonly orderId: string; readonly resolvedAt: Instant }

/**
 * Says that a person has looked at a payment that stood out or was reported, and what they found; what is to be done about
 * it is done by the order's own verbs. It is listed no more. Saying so again changes nothing.
 *
 * @errors NotFound, CommandError
 */
export const resolvePaymentAlert = (
  ports: CorePorts,
  context: CommandContext,
  input: ResolvePaymentAlertInput,
): ResultAsync<ResolvedAlert, NotFound | CommandError> =>
  runCommand(ports, context, input, {
    action: 'orders.resolvePaymentAlert',
    parse: parseResolvePaymentAlert,
    plan: ({ input: { alertId } }) => ({
      found: row(paymentAlerts, alertId),
      reported: claims(reportSpace, { from: 'found', path: 'orderId' }),
    }),
    decide: (
      { found, reported },
      { input: { alertId, note }, actor, now: at },
    ): Result<Decision<ResolvedAlert>, NotFound> => {
      if (found === undefined) return err({ type: 'NotFound', entity: 'alert', id: alertId })
      const { state: alert, version } = found
      const { orderId } = alert
      if (alert.status === 'resolved') {
        return ok({ changes: [], answer: { alertId, orderId, resolvedAt: alert.resolved.at } })
      }
      const state: PaymentAlert = { ...alert, status: 'resolved', resolved: { note, by: actorName(actor), at } }
      const isReport = reported.get(orderId) === alertId
      return ok({
        changes: [
          put(paymentAlerts, { id: alertId, version, state }),
          // Should it be reported once more, a person is to look once more.
          ...(isReport ? [release({ space: reportSpace, key: orderId, owner: alertId })] : []),
          auditEntry(ports.ids, { actor, action: 'orders.resolvePaymentAlert', subject: alertId, at, outcome: 'done' }),
        ],
        answer: { alertId, orderId, resolvedAt: at },
      })
    },
  })
