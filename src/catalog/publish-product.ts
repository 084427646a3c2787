import { err, type ResultAsync } from 'neverthrow'
import { put } from '../shared/commit.js'
import { decideNext } from '../shared/decider.js'
import { row, rowsUpwards } from '../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../shared/run-command.js'
import { categories } from './category.schema.js'
import { contentOf, missingForSale, readAnew, withStatus } from './compose-product.js'
import { productMachine } from './machine.js'
import type { CatalogPorts } from './ports.js'
import type { ProductError } from './product.js'
import { parseProductId, products } from './product.schema.js'
import { expectBranch, isWithinMerchant, productNotFound, type SavedProduct } from './save-product.js'

/**
 * Puts a product on sale, or says everything it still lacks. One that is on sale stays so.
 *
 * @errors CommandError, NotFound, ProductIncomplete
 */
export const publishProduct = (
  ports: CatalogPorts,
  context: CommandContext,
  input: { readonly productId: string },
): ResultAsync<SavedProduct, ProductError | CommandError> =>
  runCommand(ports, context, input, {
    action: 'catalog.publishProduct',
    parse: parseProductId,
    plan: ({ input: { productId } }) => ({
      product: row(products, productId),
      // Where its categories are now: those above them as it names them may be of before a move.
      branch: rowsUpwards(categories, { from: 'product', path: 'homeCategoryIds.*' }, 'parentId'),
    }),
    decide: (facts, { input: { productId }, now, scope }) => {
      const before = facts.product
      if (before === undefined || !isWithinMerchant(scope, before.state.merchantId))
        return err(productNotFound(productId))
      const branch = facts.branch.map(({ state }) => state)
      const missing = missingForSale(contentOf(before.state), branch)
      return decideNext(
        productMachine,
        { status: before.state.status },
        { type: 'PublishProduct', productId, missing },
      ).map(({ events }) => ({
        answer: { productId, status: 'active' as const, version: before.version + (events.length === 0 ? 0 : 1) },
        changes:
          events.length === 0
            ? []
            : [
                put(products, {
                  id: before.id,
                  version: before.version,
                  state: withStatus({ ...readAnew(before.state, branch), updatedAt: now }, 'active', before.state),
                  events,
                }),
                ...expectBranch(facts.branch),
              ],
      }))
    },
  })
