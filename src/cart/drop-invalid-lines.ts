import { err, type ResultAsync } from 'neverthrow'
import { products } from '../catalog/product.schema.js'
import { askStock, stockOf } from '../catalog/stock-source.js'
import { rows } from '../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../shared/run-command.js'
import { parseNothing } from '../shared/stored.schema.js'
import type { CartError } from './cart.js'
import { askCart, type CartDecision, type ChangedCart, cartOwner, decideCart, hasNoCart } from './change-cart.js'
import type { CartPorts } from './ports.js'
import { problemOf } from './view-cart.js'

/**
 * Takes out the lines that are no longer on sale or sold out; a line of which fewer pieces are left stays.
 *
 * @errors CommandError, CartAlreadyMerged
 */
export const dropInvalidLines = (
  ports: CartPorts,
  context: CommandContext,
  input: unknown = {},
): ResultAsync<ChangedCart, CartError | CommandError> =>
  runCommand(ports, context, input, {
    action: 'cart.dropInvalidLines',
    parse: parseNothing,
    plan: ({ actor }) => ({
      cart: askCart(actor),
      products: rows(products, { from: 'cart', path: 'lines.*.productId' }),
      ...askStock(ports.stock, { from: 'cart', path: 'lines.*.sku' }),
    }),
    decide: (facts, { actor, now }): CartDecision => {
      const owner = cartOwner(actor)
      if (owner === undefined) return err(hasNoCart('cart.dropInvalidLines'))
      const lines = facts.cart?.state.status === 'open' ? facts.cart.state.lines : []
      const invalid = lines.filter((line) => {
        const product = facts.products.find(({ id }) => id === line.productId)?.state
        const problem = problemOf(product, line, stockOf(ports.stock, facts, line.sku))
        return problem !== null && problem.type !== 'FewerLeft'
      })
      return decideCart(facts.cart, owner.cartId, {
        type: 'DropInvalidLines',
        lineIds: invalid.map(({ lineId }) => lineId),
        at: now,
      })
    },
  })
