import { ok, type ResultAsync } from 'neverthrow'
import type { ServiceClass } from '../membership/level.js'
import { serviceClasses } from '../membership/service-class.js'
import { type ListedRow, listed, pageOf, type UnreadableRows } from '../shared/list-page.js'
import type { CorePorts } from '../shared/ports.js'
import { type Asked, find, known } from '../shared/read-plan.js'
import { type QueryContext, type QueryError, runQuery } from '../shared/run-query.js'
import { type ListReturnsInput, parseListReturns, type ReturnCursor } from './list-returns.schema.js'
import { returnRequests } from './return.collection.schema.js'
import type { ReturnRow } from './return-request.js'
import { type ListedReturn, viewReturn } from './view-return.js'

/** A page of returns, in the order in which they are to be served. */
export type ReturnList = UnreadableRows & {
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
    answer: (found, { input, actor, scope }) => {
      const queue = serviceClasses.flatMap((service) => found[service])
      const { rows, unreadable, end } = pageOf(queue, { limit: limitOf(input), scope })
      const service = serviceClasses.find((one) => found[one].some(({ id }) => id === end?.id))
      return ok({
        returns: rows.map(({ state }) => viewReturn(state, actor)),
        unreadable,
        next:
          end === null || service === undefined ? null : { service, requestedAt: Number(end.value), returnId: end.id },
      })
    },
  })

const limitOf = ({ limit }: ListReturnsInput): number => limit ?? 20

const askClass = (service: ServiceClass, input: ListReturnsInput): Asked<readonly ListedRow<ReturnRow>[]> => {
  const { status = 'requested', after } = input
  if (after !== undefined && serviceClasses.indexOf(after.service) > serviceClasses.indexOf(service)) return known([])
  return listed(
    find(returnRequests, {
      where: [
        { field: 'status', is: 'eq', value: status },
        { field: 'service', is: 'eq', value: service },
      ],
      orderBy: { field: 'requestedAt', direction: 'ascending' },
      limit: limitOf(input) + 1,
      ...(after?.service === service ? { after: { value: after.requestedAt, id: after.returnId } } : {}),
    }),
  )
}
