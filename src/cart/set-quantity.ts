import { err, type ResultAsync } from 'neverthrow'
import { products } from '../catalog/product.schema.js'
import { askPartStock, askStock } from '../catalog/stock-source.js'
import { rows } from '../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../shared/run-command.js'
import type { CartError } from './cart.js'
import {
  askCart,
  type CartDecision,
  type ChangedCart,
  cartOwner,
  decideCart,
  hasNoCart,
  limitsOf,
} from './change-cart.js'
import { parseSetQuantity } from './input.schema.js'
import type { CartPorts } from './ports.js'
import { askPurchases } from './purchases.js'

/**
 * Gives a line another quantity; of two such commands the later commit wins.
 *
 * @errors CommandError, NotFound, QuantityAboveMaximum, PersonLimitExceeded, StockInsufficient, CartAlreadyMerged
 */
export const setQuantity = (
  ports: CartPorts,
  context: CommandContext,
  input: { readonly lineId: string; readonly quantity: number },
): ResultAsync<ChangedCart, CartError | CommandError> =>
  runCommand(ports, context, input, {
    action: 'cart.setQuantity',
    parse: parseSetQuantity,
    plan: ({ actor }) => ({
      cart: askCart(actor),
      products: rows(products, { from: 'cart', path: 'lines.*.productId' }),
      ...askStock(ports.stock, { from: 'cart', path: 'lines.*.sku' }),
      ...askPartStock(ports.stock, 'products'),
      bought: askPurchases(cartOwner(actor)?.ownerId, { from: 'cart', path: 'lines.*.productId' }),
    }),
    decide: (facts, { input: { lineId, quantity }, actor, now }): CartDecision => {
      const owner = cartOwner(actor)
      if (owner === undefined) return err(hasNoCart('cart.setQuantity'))
      const lines = facts.cart?.state.status === 'open' ? facts.cart.state.lines : []
      const line = lines.find((each) => each.lineId === lineId)
      const product = facts.products.find(({ id }) => id === line?.productId)?.state
      return decideCart(facts.cart, owner.cartId, {
        type: 'SetQuantity',
        lineId,
        quantity,
        limits: limitsOf(ports, facts, product, { sku: line?.sku ?? '', ownerId: owner.ownerId }),
        at: now,
      })
    },
  })
