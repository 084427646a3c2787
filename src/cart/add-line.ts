import { err, type ResultAsync } from 'neverthrow'
import { products } from '../catalog/product.schema.js'
import { askPartStock, askStock } from '../catalog/stock-source.js'
import { askListPrices, defaultChannel, listPriceOf } from '../pricing/list-price-facts.js'
import { currencySold } from '../pricing/sold-currency.js'
import { groupsOf } from '../shared/actor.js'
import { expectRow } from '../shared/commit.js'
import { row } from '../shared/read-plan.js'
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
  variantOnSale,
} from './change-cart.js'
import type { AddLineInput } from './input.schema.js'
import { parseAddLine } from './input.schema.js'
import type { CartPorts } from './ports.js'
import { askPurchases } from './purchases.js'

/**
 * Puts an item in the actor's cart; one that is there already gets so many pieces more.
 *
 * Stock is looked at and not held: the order decides.
 *
 * @errors CommandError, ItemUnavailable, QuantityAboveMaximum, PersonLimitExceeded, StockInsufficient, CartFull,
 * CartAlreadyMerged, CurrencyNotSold, NotSoldInCurrency
 */
export const addLine = (
  ports: CartPorts,
  context: CommandContext,
  input: AddLineInput,
): ResultAsync<ChangedCart, CartError | CommandError> =>
  runCommand(ports, context, input, {
    action: 'cart.addLine',
    parse: parseAddLine,
    plan: ({ input: { productId, sku }, actor, now }) => ({
      cart: askCart(actor),
      product: row(products, productId),
      ...askStock(ports.stock, [sku]),
      ...askPartStock(ports.stock, 'product'),
      bought: askPurchases(cartOwner(actor)?.ownerId, [productId]),
      ...askListPrices(ports, cartOwner(actor)?.ownerId ?? '', now),
    }),
    decide: (facts, { input, actor, now }): CartDecision => {
      const owner = cartOwner(actor)
      if (owner === undefined) return err(hasNoCart('cart.addLine'))
      const { product } = facts
      const { productId, sku, quantity, channel = defaultChannel, region = null } = input
      const variant = variantOnSale(product?.state, sku)
      if (product === undefined || variant === undefined) {
        return err({ type: 'ItemUnavailable', productId, sku })
      }
      // For a single piece: what a larger quantity costs is no news of the item.
      const sold = currencySold(ports, input.currency, [variant.listPrice.currency])
      if (sold.isErr()) return err(sold.error)
      const viewer = { groups: groupsOf(actor), channel, region, currency: sold.value, now }
      const listed = listPriceOf(facts, variant, 1, viewer)
      if (listed === undefined) {
        return err({ type: 'NotSoldInCurrency', sku, currency: sold.value ?? variant.listPrice.currency })
      }
      return decideCart(facts.cart, owner.cartId, {
        type: 'AddLine',
        ...owner,
        lineId: ports.ids.next('line'),
        productId,
        sku,
        quantity,
        price: { minor: listed.unitMinor, currency: listed.currency },
        limits: limitsOf(ports, facts, product.state, { sku, ownerId: owner.ownerId }),
        policy: policyOf(ports),
        at: now,
      }).map(({ changes, answer }) => ({ answer, changes: [...changes, expectRow(products, product)] }))
    },
  })
