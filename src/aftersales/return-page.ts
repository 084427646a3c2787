import { errAsync, okAsync, type ResultAsync } from 'neverthrow'
import { orders } from '../orders/order.collection.schema.js'
import { buyerKey } from '../orders/pages/buyer-key.js'
import type { PlaceOrderPorts } from '../orders/ports.js'
import { payments } from '../payments/payment.schema.js'
import type { Actor } from '../shared/actor.js'
import type { StoredDataInvalid } from '../shared/collection.js'
import type { NotFound, StorageUnavailable } from '../shared/errors.js'
import { grantsFor } from '../shared/grants.js'
import { maskedText } from '../shared/mask.js'
import { openValue } from '../shared/personal-data.js'
import { subjectKeys } from '../shared/personal-data.schema.js'
import type { CryptoUnavailable } from '../shared/ports.js'
import { row, rows } from '../shared/read-plan.js'
import { isShownClear } from '../shared/roles.js'
import { type QueryContext, type QueryError, runQuery } from '../shared/run-query.js'
import { parseDescription } from './description.schema.js'
import { returnRequests } from './return.collection.schema.js'
import { type ReturnAction, type ReturnNow, returnActions, verbOf } from './return-actions.js'
import { parseReturnId } from './return-inputs.schema.js'
import { type ListedReturn, viewReturn } from './view-return.js'

/** A return as its buyer, or somebody of the shop, sees it. */
export type ReturnView = ListedReturn & {
  /** The buyer's words; null without any, or where the buyer's data was erased. */
  readonly description: string | null
  /** What whoever asks may do with it next. */
  readonly nextActions: readonly ReturnAction[]
}

type ReturnPageError = NotFound | CryptoUnavailable | StorageUnavailable | StoredDataInvalid

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
      order: row(orders, { from: 'request', path: 'orderId' }),
      payments: rows(payments, { from: 'order', path: 'paymentIds.*' }),
      key: row(subjectKeys, { from: 'request', path: 'accountId' }),
    }),
    about: ({ input: { returnId } }) => returnId,
    answer: (
      { request, order, payments, key },
      { actor, now: at, input: { returnId } },
    ): ResultAsync<ReturnView, ReturnPageError> => {
      if (request === undefined) return errAsync({ type: 'NotFound', entity: 'returnRequest', id: returnId })
      const { details, ...facts } = request.state
      const standing = { request: facts, order: order?.state, payments: payments.map((each) => each.state) }
      const view = viewReturn(request.state, actor)
      const place = { collection: 'returnRequest', id: returnId, field: 'description' }
      const sealed = details.description
      const showing = (description: string | null): ResultAsync<ReturnView, ReturnPageError> =>
        offeredTo(ports, actor, standing).map((nextActions) => ({ ...view, nextActions, description }))
      if (sealed === null) return showing(null)
      return buyerKey(ports, key, { accountId: facts.accountId, actor, at })
        .andThen((found) => openValue(ports.sealer, found?.state, place, sealed, parseDescription))
        .map((description): string | null =>
          isShownClear(ports.roles, actor, 'returnRequest.description') ? description : maskedText,
        )
        .orElse((error) =>
          error.type === 'Unreadable'
            ? okAsync<string | null, ReturnPageError>(null)
            : errAsync<string | null, ReturnPageError>(error),
        )
        .andThen(showing)
    },
  })

const offeredTo = (
  { authorizer }: Pick<PlaceOrderPorts, 'authorizer'>,
  actor: Actor,
  standing: ReturnNow,
): ResultAsync<readonly ReturnAction[], never> => {
  const actions = returnActions(standing, () => true).map(verbOf)
  return grantsFor(authorizer, actor, { row: standing.request, actions, ofOneKind: [] }).map((may) =>
    returnActions(standing, may),
  )
}
