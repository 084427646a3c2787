import { err, ok, type ResultAsync } from 'neverthrow'
import type { NotFound } from '../shared/errors.js'
import type { CorePorts } from '../shared/ports.js'
import { row, rowsUpwards } from '../shared/read-plan.js'
import { type QueryContext, type QueryError, runQuery } from '../shared/run-query.js'
import { categories } from './category.schema.js'
import { missingForSale } from './compose-product.js'
import type { Product } from './product.js'
import { parseProductId, products } from './product.schema.js'
import { isWithinMerchant, productNotFound } from './save-product.js'

/** A product as whoever sells it works on it. */
export type ShownProduct = {
  /** Whatever its status; its content is what `saveProduct` takes, beside what is made of it. */
  readonly product: Product
  /** What the next save is made over (`expectedVersion`). */
  readonly version: number
  /** What it still lacks to be sold, as `ProductIncomplete` names it; empty when nothing is missing. */
  readonly missing: readonly string[]
}

/**
 * Shows a product of whatever status to whoever sells it. A merchant is shown its own.
 *
 * @errors NotFound, QueryError
 */
export const showProduct = (
  ports: CorePorts,
  context: QueryContext,
  input: { readonly productId: string },
): ResultAsync<ShownProduct, NotFound | QueryError> =>
  runQuery(ports, context, input, {
    action: 'catalog.product',
    parse: parseProductId,
    plan: ({ input: { productId } }) => ({
      product: row(products, productId),
      // Where its categories are now: those above them as it names them may be of before a move.
      branch: rowsUpwards(categories, { from: 'product', path: 'homeCategoryIds.*' }, 'parentId'),
    }),
    answer: ({ product, branch }, { input: { productId }, scope }) =>
      product === undefined || !isWithinMerchant(scope, product.state.merchantId)
        ? err(productNotFound(productId))
        : ok({
            product: product.state,
            version: product.version,
            missing: missingForSale(
              product.state,
              branch.map(({ state }) => state),
            ),
          }),
  })
