import { ok, type ResultAsync } from 'neverthrow'
import type { Instant } from '../../shared/instant.js'
import { find } from '../../shared/read-plan.js'
import { type QueryContext, type QueryError, runQuery } from '../../shared/run-query.js'
import type { AccountsPorts } from '../ports.js'
import type { Incident } from './incident.js'
import { incidents } from './incident.schema.js'
import type { IncidentsInput } from './incident-inputs.js'
import { parseIncidents } from './incident-inputs.schema.js'

/** Incidents, the one that became known last at the top. */
export type IncidentPage = {
  readonly incidents: readonly Incident[]
  /** Where the next page begins, as `after`; null on the last. */
  readonly next: { readonly knownAt: Instant; readonly incidentId: string } | null
}

/**
 * Lists incidents. That staff looked stands in the audit log.
 *
 * @errors QueryError
 */
export const listIncidents = (
  ports: AccountsPorts,
  context: QueryContext,
  input: IncidentsInput = {},
): ResultAsync<IncidentPage, QueryError> =>
  runQuery(ports, context, input, {
    action: 'accounts.incidents',
    parse: parseIncidents,
    plan: ({ input: { status, limit = 50, after } }) => ({
      found: find(incidents, {
        where: status === undefined ? [] : [{ field: 'status', is: 'eq', value: status }],
        orderBy: { field: 'knownAt', direction: 'descending' },
        limit: limit + 1,
        ...(after === undefined ? {} : { after: { value: after.knownAt, id: after.incidentId } }),
      }),
    }),
    about: () => 'incidents',
    answer: ({ found }, { input: { limit = 50 } }) => {
      const shown = found.slice(0, limit).map(({ state }) => state)
      const last = shown.at(-1)
      const next = found.length > limit && last !== undefined
      return ok({
        incidents: shown,
        next: next ? { knownAt: last.knownAt, incidentId: last.incidentId } : null,
      })
    },
  })
