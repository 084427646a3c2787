import { err, ok, type Result, type ResultAsync } from 'neverthrow'
import type { Product } from '../catalog/product.js'
import { products } from '../catalog/product.schema.js'
import { askPartStock, askStock } from '../catalog/stock-source.js'
import { guestOwnerId } from '../shared/actor.js'
import { type Change, expectRow } from '../shared/commit.js'
import { row, rows, type Stored } from '../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../shared/run-command.js'
import { type CartError, cartIdOf, type MergedLine, type StoredCart } from './cart.js'
import { carts } from './cart.schema.js'
import { askCart, type ChangedCart, cartOwner, decideCart, hasNoCart, limitsOf, policyOf } from './change-cart.js'
import { parseMerge } from './input.schema.js'
import { type CartLists, type NotTaken, takeInLines } from './merge-lines.js'
import type { CartPorts } from './ports.js'
import { askPurchases } from './purchases.js'

/** What a merge came to. */
export type MergedCart = ChangedCart & {
  /** False when the guest had no cart, or it was merged before. */
  readonly merged: boolean
  /** What the guest had in the cart and the account has not: beyond its limits, or without room. Their buyer wants to know. */
  readonly notTaken: readonly NotTaken[]
}

/**
 * Takes a guest's cart into the cart of the account that signed in, both in one commit: the same item sums, no line
 * above its limits, and the guest's cart is at its end; what could not be taken in is named. A visitor who signs out again needs a new guest id.
 *
 * @errors CommandError, CartError
 */
export const mergeGuestCart = (
  ports: CartPorts,
  context: CommandContext,
  input: { readonly guestId: string },
): ResultAsync<MergedCart, CartError | CommandError> =>
  runCommand(ports, context, input, {
    action: 'cart.mergeGuestCart',
    parse: parseMerge,
    plan: ({ input: { guestId }, actor }) => ({
      cart: askCart(actor),
      guest: row(carts, cartIdOf(guestOwnerId(guestId))),
      products: rows(products, { from: 'guest', path: 'lines.*.productId' }),
      ...askStock(ports.stock, { from: 'guest', path: 'lines.*.sku' }),
      ...askPartStock(ports.stock, 'products'),
      bought: askPurchases(cartOwner(actor)?.ownerId, { from: 'guest', path: 'lines.*.productId' }),
    }),
    decide: (
      facts,
      { actor, now },
    ): Result<{ changes: readonly Change[]; answer: MergedCart }, CartError | CommandError> => {
      const owner = cartOwner(actor)
      if (owner === undefined || owner.ownerKind !== 'customer') return err(hasNoCart('cart.mergeGuestCart'))
      const guest = facts.guest
      if (guest?.state.status !== 'open' || guest.state.ownerKind !== 'guest') {
        const unchanged = decideCart(facts.cart, owner.cartId, { type: 'RemoveLines', lineIds: [], at: now })
        return unchanged.map(({ answer }) => ({ changes: [], answer: { ...answer, merged: false, notTaken: [] } }))
      }
      const used = new Map<string, Stored<Product>>()
      const lines = guest.state.lines.map((line): MergedLine => {
        const product = facts.products.find(({ id }) => id === line.productId)
        if (product !== undefined) used.set(product.id, product)
        return { line, limits: limitsOf(ports, facts, product?.state, { sku: line.sku, ownerId: owner.ownerId }) }
      })
      const merge = { lines, later: guest.state.later, policy: policyOf(ports) }
      const { notTaken } = takeInLines(listsOf(facts.cart), merge)
      return decideCart(facts.cart, owner.cartId, {
        type: 'TakeInGuestCart',
        ...owner,
        guestCartId: guest.id,
        ...merge,
        at: now,
      }).andThen((taken) =>
        decideCart(guest, guest.id, { type: 'EndMerged', at: now }).andThen((ended) =>
          ok({
            answer: { ...taken.answer, merged: true, notTaken },
            changes: [
              ...taken.changes,
              ...ended.changes,
              ...[...used.values()].map((product) => expectRow(products, product)),
            ],
          }),
        ),
      )
    },
  })

const listsOf = (cart: Stored<StoredCart> | undefined): CartLists =>
  cart?.state.status === 'open' ? cart.state : { lines: [], later: [] }
