import type { ResultAsync } from 'neverthrow'
import { type QueryContext, type QueryError, runQuery } from '../../shared/run-query.js'
import type { EditOrderInput } from '../order-inputs.js'
import type { PlaceOrderPorts } from '../ports.js'
import { parsePreviewEdit } from './edit-order.schema.js'
import { askEdit, type EditPreview, type ReckonEditError, reckonEdit } from './reckon-edit.js'

/**
 * Shows what a change of an order would come to: who gets it and where, which pieces stay in it, what it then costs and
 * what goes back; and the hash to apply just that by. Nothing is changed by it.
 *
 * @errors OrderStateForbids once everything has left; RecipientFixed once anything has; EditCostsMore, EditNeedsNewOrder,
 * ReckonEditError, QueryError
 */
export const previewEdit = (
  ports: PlaceOrderPorts,
  context: QueryContext,
  input: EditOrderInput,
): ResultAsync<EditPreview, ReckonEditError | QueryError> =>
  runQuery(ports, context, input, {
    action: 'orders.previewEdit',
    parse: parsePreviewEdit,
    about: ({ input: { orderId } }) => orderId,
    plan: ({ actor, input: asked }) => askEdit(ports, actor, asked),
    answer: (read, { actor, input: asked, now }) =>
      reckonEdit(ports, read, asked, { actor, now, editId: 'preview' }).map(({ preview }) => preview),
  })
