import { err, type ResultAsync } from 'neverthrow'
import { put } from '../shared/commit.js'
import { decideNext } from '../shared/decider.js'
import { row } from '../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../shared/run-command.js'
import { factsOf, withStatus } from './compose-product.js'
import { productMachine } from './machine.js'
import type { CatalogPorts } from './ports.js'
import type { ProductError } from './product.js'
import { parseProductId, products } from './product.schema.js'
import { isWithinMerchant, productNotFound, type SavedProduct } from './save-product.js'

/**
 * Takes a product from sale; carts show it as unavailable, orders keep what they bought.
 *
 * @errors CommandError, NotFound
 */
export const archiveProduct = (
  ports: CatalogPorts,
  context: CommandContext,
  input: { readonly productId: string },
): ResultAsync<SavedProduct, ProductError | CommandError> =>
  runCommand(ports, context, input, {
    action: 'catalog.archiveProduct',
    parse: parseProductId,
    plan: ({ input: { productId } }) => ({ product: row(products, productId) }),
    decide: (facts, { input: { productId }, now, scope }) => {
      const before = facts.product
      if (before === undefined || !isWithinMerchant(scope, before.state.merchantId))
        return err(productNotFound(productId))
      return decideNext(productMachine, { status: before.state.status }, { type: 'ArchiveProduct', productId }).map(
        ({ events }) => ({
          answer: { productId, status: 'archived' as const, version: before.version + (events.length === 0 ? 0 : 1) },
          changes:
            events.length === 0
              ? []
              : [
                  put(products, {
                    id: before.id,
                    version: before.version,
                    state: withStatus({ ...factsOf(before.state), updatedAt: now }, 'archived', before.state),
                    events,
                  }),
                ],
        }),
      )
    },
  })
