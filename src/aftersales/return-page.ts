import { errAsync, okAsync, type ResultAsync } from 'neverthrow'
import type { PlaceOrderPorts } from '../orders/ports.js'
import type { NotFound } from '../shared/errors.js'
import { maskedText } from '../shared/mask.js'
import { openValue } from '../shared/personal-data.js'
import { subjectKeys } from '../shared/personal-data.schema.js'
import { row } from '../shared/read-plan.js'
import { isShownClear } from '../shared/roles.js'
import { type QueryContext, type QueryError, runQuery } from '../shared/run-query.js'
import { parseDescription } from './description.schema.js'
import { returnRequests } from './return.collection.schema.js'
import { parseReturnId } from './return-inputs.schema.js'
import type { ReturnRequest } from './return-request.js'

/** A return as its buyer, or somebody of the shop, sees it. */
export type ReturnView = ReturnRequest & {
  /** The buyer's words; null without any, or where the buyer's data was erased. */
  readonly description: string | null
}

/**
 * Shows a return.
 *
 * @errors NotFound, QueryError
 */
export const returnPage = (
  ports: PlaceOrderPorts,
  context: QueryContext,
  input: { readonly returnId: string },
): ResultAsync<ReturnView, NotFound | QueryError> =>
  runQuery(ports, context, input, {
    action: 'aftersales.returnPage',
    parse: parseReturnId,
    plan: ({ input: { returnId } }) => ({
      request: row(returnRequests, returnId),
      key: row(subjectKeys, { from: 'request', path: 'accountId' }),
    }),
    about: ({ input: { returnId } }) => returnId,
    answer: ({ request, key }, { actor, input: { returnId } }): ResultAsync<ReturnView, NotFound> => {
      if (request === undefined) return errAsync({ type: 'NotFound', entity: 'returnRequest', id: returnId })
      const { details, ...state } = request.state
      if (details.description === null) return okAsync({ ...state, description: null })
      const place = { collection: 'returnRequest', id: returnId, field: 'description' }
      return openValue(ports.sealer, key?.state, place, details.description, parseDescription)
        .map(
          (description): ReturnView => ({
            ...state,
            description: isShownClear(ports.roles, actor, 'returnRequest.description') ? description : maskedText,
          }),
        )
        .orElse(() => okAsync<ReturnView, NotFound>({ ...state, description: null }))
    },
  })
