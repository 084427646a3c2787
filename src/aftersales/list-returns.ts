import { ok, type ResultAsync } from 'neverthrow'
import type { ServiceClass } from '../membership/level.js'
import { serviceClasses } from '../membership/service-class.js'
import type { CorePorts } from '../shared/ports.js'
import { type Asked, find, known, type Stored } from '../shared/read-plan.js'
import { type QueryContext, type QueryError, runQuery } from '../shared/run-query.js'
import { type ListReturnsInput, parseListReturns, type ReturnCursor } from './list-returns.schema.js'
import { returnRequests } from './return.collection.schema.js'
import type { ReturnRow } from './return-request.js'
import { type ListedReturn, viewReturn } from './view-return.js'

/** A page of returns, in the order in which they are to be served. */
export type ReturnList = {
  /** Without the buyers' own words: `aftersales.returnPage` shows those. */
  readonly returns: readonly ListedReturn[]
  readonly next: ReturnCursor | null
}

/**
 * Lists the returns within the actor's reach as they are to be served: by the buyer's class of service, then the oldest
 * first.
 *
 * @errors QueryError
 */
export const listReturns = (
  ports: CorePorts,
  context: QueryContext,
  input: ListReturnsInput = {},
): ResultAsync<ReturnList, QueryError> =>
  runQuery(ports, context, input, {
    action: 'aftersales.list',
    parse: parseListReturns,
    about: () => 'returns',
    // One question a class, in one read: what a page needs of each is its first rows.
    plan: ({ input }) => ({
      personal: askClass('personal', input),
      priority: askClass('priority', input),
      standard: askClass('standard', input),
    }),
    answer: (found, { input, actor }) => {
      const queue = serviceClasses.flatMap((service) => found[service].map(({ state }) => state))
      const page = queue.slice(0, limitOf(input)).map((state) => viewReturn(state, actor))
      const last = page.at(-1)
      return ok({
        returns: page,
        next:
          queue.length > page.length && last !== undefined
            ? { service: last.service, requestedAt: last.requestedAt, returnId: last.returnId }
            : null,
      })
    },
  })

const limitOf = ({ limit }: ListReturnsInput): number => limit ?? 20

const askClass = (service: ServiceClass, input: ListReturnsInput): Asked<readonly Stored<ReturnRow>[]> => {
  const { status = 'requested', after } = input
  if (after !== undefined && serviceClasses.indexOf(after.service) > serviceClasses.indexOf(service)) return known([])
  return find(returnRequests, {
    where: [
      { field: 'status', is: 'eq', value: status },
      { field: 'service', is: 'eq', value: service },
    ],
    orderBy: { field: 'requestedAt', direction: 'ascending' },
    limit: limitOf(input) + 1,
    ...(after?.service === service ? { after: { value: after.requestedAt, id: after.returnId } } : {}),
  })
}
