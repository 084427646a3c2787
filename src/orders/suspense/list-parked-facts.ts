import { ok, type ResultAsync } from 'neverthrow'
import { listed, pageOf, type UnreadableRows } from '../../shared/list-page.js'
import type { CorePorts } from '../../shared/ports.js'
import { find } from '../../shared/read-plan.js'
import { type QueryContext, type QueryError, runQuery } from '../../shared/run-query.js'
import type { ParkedFact } from '../paying/parked-fact.js'
import { parkedFacts } from '../paying/parked-fact.schema.js'
import type { ListParkedFactsInput } from './list-parked-facts.schema.js'
import { type ParkedFactCursor, parseListParkedFacts } from './list-parked-facts.schema.js'

/** A page of what gateways said of what the shop does not know, the latest first. */
export type ParkedFactPage = UnreadableRows & {
  readonly facts: readonly ParkedFact[]
  readonly next: ParkedFactCursor | null
}

/**
 * Lists what gateways have said of payments, refunds and disputes that the shop does not know, or of refunds that it has
 * given up or has in another amount, until a person has looked (`resolveParkedFact`).
 *
 * @errors QueryError
 */
export const listParkedFacts = (
  ports: CorePorts,
  context: QueryContext,
  input: ListParkedFactsInput = {},
): ResultAsync<ParkedFactPage, QueryError> =>
  runQuery(ports, context, input, {
    action: 'orders.parkedFacts',
    parse: parseListParkedFacts,
    about: () => 'parkedFacts',
    plan: ({ input: { resolved, limit = 20, after } }) => ({
      found: listed(
        find(parkedFacts, {
          where: [{ field: 'status', is: 'eq', value: resolved === undefined ? 'open' : 'resolved' }],
          orderBy: { field: 'at', direction: 'descending' },
          limit: limit + 1,
          ...(after === undefined ? {} : { after: { value: after.at, id: after.factId } }),
        }),
      ),
    }),
    answer: ({ found }, { input: { limit = 20 }, scope }) => {
      const { rows, unreadable, end } = pageOf(found, { limit, scope })
      const page = rows.map(({ state }) => state)
      return ok({ facts: page, unreadable, next: end === null ? null : { at: Number(end.value), factId: end.id } })
    },
  })
