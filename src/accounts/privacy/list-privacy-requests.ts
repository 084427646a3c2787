import { ok, type ResultAsync } from 'neverthrow'
import type { Instant } from '../../shared/instant.js'
import { find } from '../../shared/read-plan.js'
import { type QueryContext, type QueryError, runQuery } from '../../shared/run-query.js'
import type { AccountsPorts } from '../ports.js'
import type { PrivacyRequestsInput } from './privacy-inputs.js'
import { parsePrivacyRequests } from './privacy-inputs.schema.js'
import type { PrivacyRequest } from './privacy-request.js'
import { privacyRequests } from './privacy-request.schema.js'

/** Requests about personal data, the one that is due first at the top. */
export type PrivacyRequestPage = {
  readonly requests: readonly (PrivacyRequest & {
    /** It should have been answered by now. */
    readonly isOverdue: boolean
  })[]
  /** Where the next page begins, as `after`; null on the last. */
  readonly next: { readonly dueAt: Instant; readonly requestId: string } | null
}

/**
 * Lists requests about personal data: a person's own, or for staff those of everybody, by when they are due, which stands in the
 * audit log.
 *
 * @errors QueryError
 */
export const listPrivacyRequests = (
  ports: AccountsPorts,
  context: QueryContext,
  input: PrivacyRequestsInput = {},
): ResultAsync<PrivacyRequestPage, QueryError> =>
  runQuery(ports, context, input, {
    action: 'accounts.privacyRequests',
    parse: parsePrivacyRequests,
    plan: ({ input: { status, limit = 50, after } }) => ({
      found: find(privacyRequests, {
        where: status === undefined ? [] : [{ field: 'status', is: 'eq', value: status }],
        orderBy: { field: 'dueAt', direction: 'ascending' },
        limit: limit + 1,
        ...(after === undefined ? {} : { after: { value: after.dueAt, id: after.requestId } }),
      }),
    }),
    about: () => 'privacyRequests',
    answer: ({ found }, { now, input: { limit = 50 } }) => {
      const shown = found.slice(0, limit).map(({ state }) => state)
      const last = shown.at(-1)
      return ok({
        requests: shown.map((state) => ({ ...state, isOverdue: state.status === 'open' && state.dueAt < now })),
        next: found.length > limit && last !== undefined ? { dueAt: last.dueAt, requestId: last.requestId } : null,
      })
    },
  })
