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
  policyOf,
} from './change-cart.js'
import { parseLine } from './input.schema.js'
import type { CartPorts } from './ports.js'
import { askPurchases } from './purchases.js'

/**
 * Takes a line saved for later back into the cart; pieces of an item that is there already sum.
 *
 * @errors CommandError, NotFound, QuantityAboveMaximum, PersonLimitExceeded, StockInsufficient, CartFull,
 * CartAlreadyMerged
 */
export const takeBackLine = (
  ports: CartPorts,
  context: CommandContext,
  input: { readonly lineId: string },
): ResultAsync<ChangedCart, CartError | CommandError> =>
  runCommand(ports, context, input, {
    action: 'cart.takeBackLine',
    parse: parseLine,
    plan: ({ actor }) => ({
      cart: askCart(actor),
      products: rows(products, { from: 'cart', path: 'later.*.productId' }),
      ...askStock(ports.stock, { from: 'cart', path: 'later.*.sku' }),
      ...askPartStock(ports.stock, 'products'),
      bought: askPurchases(cartOwner(actor)?.ownerId, { from: 'cart', path: 'later.*.productId' }),
    }),
    decide: (facts, { input: { lineId }, actor, now }): CartDecision => {
      const owner = cartOwner(actor)
      if (owner === undefined) return err(hasNoCart('cart.takeBackLine'))
      const later = facts.cart?.state.status === 'open' ? facts.cart.state.later : []
      const line = later.find((each) => each.lineId === lineId)
      const product = facts.products.find(({ id }) => id === line?.productId)?.state
      return decideCart(facts.cart, owner.cartId, {
        type: 'TakeBack',
        lineId,
        limits: limitsOf(ports, facts, product, { sku: line?.sku ?? '', ownerId: owner.ownerId }),
        policy: policyOf(ports),
        at: now,
      })
    },
  })
