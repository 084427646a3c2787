import { ok, type ResultAsync } from 'neverthrow'
import { entries } from '../shared/read-plan.js'
import { type QueryContext, type QueryError, runQuery } from '../shared/run-query.js'
import { stockMovements } from './inventory.schema.js'
import { parseListMovements } from './list-movements.schema.js'
import type { InventoryPorts } from './ports.js'
import type { StockMovement } from './stock.js'
import type { ListMovementsInput, MovementCursor } from './stock-inputs.js'

/** A page of the movements of a SKU, the latest first. */
export type MovementPage = {
  readonly movements: readonly (StockMovement & { readonly movementId: string })[]
  /** Where the next page begins; null at the end. */
  readonly next: MovementCursor | null
}

/**
 * Lists how the pieces of a SKU moved, in every warehouse; all pages together sum to its levels.
 *
 * @errors QueryError
 */
export const listMovements = (
  ports: InventoryPorts,
  context: QueryContext,
  input: ListMovementsInput,
): ResultAsync<MovementPage, QueryError> =>
  runQuery(ports, context, input, {
    action: 'inventory.movements',
    parse: parseListMovements,
    about: ({ input: { sku } }) => sku,
    plan: ({ input: { sku, limit = 20, after } }) => ({
      found: entries(stockMovements, {
        where: [{ field: 'sku', is: 'eq', value: sku }],
        orderBy: { field: 'at', direction: 'descending' },
        limit: limit + 1,
        ...(after === undefined ? {} : { after: { value: after.at, id: after.movementId } }),
      }),
    }),
    answer: ({ found }, { input: { limit = 20 } }) => {
      const movements = found.slice(0, limit).map(({ id, body }) => ({ ...body, movementId: id }))
      const last = movements.at(-1)
      const more = found.length > movements.length && last !== undefined
      return ok({ movements, next: more ? { at: last.at, movementId: last.movementId } : null })
    },
  })
