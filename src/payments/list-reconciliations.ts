import { ok, type ResultAsync } from 'neverthrow'
import { listed, pageOf, type UnreadableRows } from '../shared/list-page.js'
import type { CorePorts } from '../shared/ports.js'
import { type Condition, find } from '../shared/read-plan.js'
import { type QueryContext, type QueryError, runQuery } from '../shared/run-query.js'
import {
  type ListReconciliationsInput,
  parseListReconciliations,
  type ReconciliationCursor,
} from './list-reconciliations.schema.js'
import { type Reconciliation, toldReconciliation } from './reconciliation.js'
import { reconciliations } from './reconciliation.schema.js'

/** A page of reconciliations, the latest day first. */
export type ReconciliationPage = UnreadableRows & {
  readonly reconciliations: readonly Reconciliation[]
  /** Where the next page begins; null when this is the last. */
  readonly next: ReconciliationCursor | null
}

/**
 * Lists what the bills of gateways came to, with what a person has to look at.
 *
 * @errors QueryError
 */
export const listReconciliations = (
  ports: CorePorts,
  context: QueryContext,
  input: ListReconciliationsInput = {},
): ResultAsync<ReconciliationPage, QueryError> =>
  runQuery(ports, context, input, {
    action: 'payments.reconciliations',
    parse: parseListReconciliations,
    about: () => 'reconciliations',
    plan: ({ input: { limit = 20, after, ...asked } }) => ({
      found: listed(
        find(reconciliations, {
          where: conditionsOf(asked),
          orderBy: { field: 'day', direction: 'descending' },
          limit: limit + 1,
          ...(after === undefined ? {} : { after: { value: after.day, id: after.reconciliationId } }),
        }),
      ),
    }),
    answer: ({ found }, { input: { limit = 20 }, scope }) => {
      const { rows, unreadable, end } = pageOf(found, { limit, scope })
      const page = rows.map(({ state }) => toldReconciliation(state))
      return ok({
        reconciliations: page,
        unreadable,
        next: end === null ? null : { day: String(end.value), reconciliationId: end.id },
      })
    },
  })

const conditionsOf = ({
  gatewayId,
  open = false,
}: Pick<ListReconciliationsInput, 'gatewayId' | 'open'>): readonly Condition[] => [
  ...(gatewayId === undefined ? [] : [{ field: 'gatewayId', is: 'eq' as const, value: gatewayId }]),
  ...(open ? [{ field: 'openCount', is: 'gt' as const, value: 0 }] : []),
]
