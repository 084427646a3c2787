import { err, type ResultAsync } from 'neverthrow'
import { products } from '../catalog/product.schema.js'
import { askPartStock, askStock, stockOf } from '../catalog/stock-source.js'
import { askListPrices, defaultChannel } from '../pricing/list-price-facts.js'
import { currencySold } from '../pricing/sold-currency.js'
import { groupsOf } from '../shared/actor.js'
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
  stockItemOf,
} from './change-cart.js'
import type { ViewCartInput } from './input.schema.js'
import { parseViewCart } from './input.schema.js'
import type { CartPorts } from './ports.js'
import { catalogCurrencies } from './price-input.js'
import { problemOf } from './view-cart.js'

/**
 * Takes out the lines that are no longer on sale or sold out, and those not sold in the currency that is named; a line of
 * which fewer pieces are left stays.
 *
 * @errors CommandError, CartAlreadyMerged, CurrencyNotSold
 */
export const dropInvalidLines = (
  ports: CartPorts,
  context: CommandContext,
  input: ViewCartInput = {},
): ResultAsync<ChangedCart, CartError | CommandError> =>
  runCommand(ports, context, input, {
    action: 'cart.dropInvalidLines',
    parse: parseViewCart,
    plan: ({ actor, now }) => ({
      cart: askCart(actor),
      products: rows(products, { from: 'cart', path: 'lines.*.productId' }),
      ...askStock(ports.stock, { from: 'cart', path: 'lines.*.sku' }),
      ...askPartStock(ports.stock, 'products'),
      ...askListPrices(ports, cartOwner(actor)?.ownerId ?? '', now),
    }),
    decide: (facts, { actor, input, now }): CartDecision => {
      const owner = cartOwner(actor)
      if (owner === undefined) return err(hasNoCart('cart.dropInvalidLines'))
      const lines = facts.cart?.state.status === 'open' ? facts.cart.state.lines : []
      const sold = currencySold(ports, input.currency, catalogCurrencies({ lines, products: facts.products }))
      if (sold.isErr()) return err(sold.error)
      const { channel = defaultChannel, region = null } = input
      const viewer = { groups: groupsOf(actor), channel, region, currency: sold.value, now }
      const invalid = lines.filter((line) => {
        const product = facts.products.find(({ id }) => id === line.productId)?.state
        const available = stockOf(ports.stock, facts, stockItemOf(product, line))
        const problem = problemOf(facts, product, line, available, viewer)
        return problem !== null && problem.type !== 'FewerLeft'
      })
      return decideCart(facts.cart, owner.cartId, {
        type: 'DropInvalidLines',
        lineIds: invalid.map(({ lineId }) => lineId),
        at: now,
      })
    },
  })
