import { err, type Result, type ResultAsync } from 'neverthrow'
import type { Product, Variant } from '../catalog/product.js'
import { type StockFacts, type StockItem, stockOf } from '../catalog/stock-source.js'
import { type Actor, type Denied, guestOwnerId } from '../shared/actor.js'
import { type Change, put } from '../shared/commit.js'
import type { Decision } from '../shared/decide-and-commit.js'
import { decideNext } from '../shared/decider.js'
import type { InvalidInput } from '../shared/errors.js'
import { type Asked, known, row, type Stored } from '../shared/read-plan.js'
import { type CommandContext, type CommandError, type CommandMoment, runCommand } from '../shared/run-command.js'
import {
  type CartCommand,
  type CartError,
  type CartPolicy,
  cartIdOf,
  defaultCartPolicy,
  type LineLimits,
  type OpenCart,
  type OwnerKind,
  type StoredCart,
} from './cart.js'
import { carts } from './cart.schema.js'
import { absentCart, cartMachine } from './machine.js'
import type { CartPorts } from './ports.js'
import { type Purchases, remainingOf } from './purchases.js'

/** What a change of a cart comes to. */
export type ChangedCart = {
  readonly cartId: string
  /** Lines it holds now. */
  readonly lineCount: number
  /** Pieces in all of them. */
  readonly pieceCount: number
}

/** What a workflow on a cart decides: what changes, or why nothing may. */
export type CartDecision = Result<Decision<ChangedCart>, CartError | CommandError>

/** Whose cart a command is about. */
export type CartOwner = { readonly cartId: string; readonly ownerId: string; readonly ownerKind: OwnerKind }

/** The owner an actor is; undefined for those who have no cart. */
export const cartOwner = (actor: Actor): CartOwner | undefined => {
  switch (actor.kind) {
    case 'guest': {
      const ownerId = guestOwnerId(actor.guestId)
      return { cartId: cartIdOf(ownerId), ownerId, ownerKind: 'guest' }
    }
    case 'customer':
      return { cartId: cartIdOf(actor.accountId), ownerId: actor.accountId, ownerKind: 'customer' }
    case 'staff':
    case 'merchant':
    case 'system':
      return undefined
  }
}

/**
 * Asks for the cart of an actor. A cart of the other kind of owner is as if absent: a visitor who takes an account's id
 * for a guest id reaches nothing.
 */
export const askCart = (actor: Actor): Asked<Stored<StoredCart> | undefined> => {
  const owner = cartOwner(actor)
  if (owner === undefined) return known(undefined)
  const asked = row(carts, owner.cartId)
  return {
    query: asked.query,
    answer: (rows) => asked.answer(rows).map((cart) => (cart?.state.ownerKind === owner.ownerKind ? cart : undefined)),
  }
}

/** What a cart may hold, by the shop's policy. */
export const policyOf = (ports: CartPorts): CartPolicy => ports.cartPolicy ?? defaultCartPolicy

/** A product's variant that is on sale; undefined when it is not. */
export const variantOnSale = (product: Product | undefined, sku: string): Variant | undefined =>
  product?.status === 'active' ? product.variants.find((variant) => variant.sku === sku) : undefined

/** How much of an item may stand in a cart: by policy, by stock, and for one person with what was bought before. */
export const limitsOf = (
  ports: CartPorts,
  facts: StockFacts & { readonly bought: Purchases },
  product: Product | undefined,
  item: { readonly sku: string; readonly ownerId: string },
): LineLimits => {
  const variant = variantOnSale(product, item.sku)
  return {
    maxQuantity: policyOf(ports).maxQuantityPerLine,
    available: variant === undefined ? 0 : stockOf(ports.stock, facts, variant),
    personRemaining: remainingOf(product, item.ownerId, facts.bought),
  }
}

/** A line's variant, on sale or not; the line itself where the product has it no more. */
export const stockItemOf = (product: Product | undefined, line: { readonly sku: string }): StockItem =>
  product?.variants.find(({ sku }) => sku === line.sku) ?? { sku: line.sku }

/** Decides a command on a cart; nothing is written when nothing happens. */
export const decideCart = (
  stored: Stored<StoredCart> | undefined,
  cartId: string,
  command: CartCommand,
): Result<{ readonly changes: readonly Change[]; readonly answer: ChangedCart }, CartError> =>
  decideNext(cartMachine, stored?.state ?? absentCart, command).map(({ state, events }) => ({
    changes:
      events.length === 0 || state.status === 'absent'
        ? []
        : [put(carts, { id: cartId, version: stored?.version ?? 0, state, events })],
    answer: describeCart(cartId, state.status === 'open' ? state : undefined),
  }))

const describeCart = (cartId: string, cart: OpenCart | undefined): ChangedCart => ({
  cartId,
  lineCount: cart?.lines.length ?? 0,
  pieceCount: cart?.lines.reduce((sum, { quantity }) => sum + quantity, 0) ?? 0,
})

/**
 * Runs a command that needs the cart alone.
 *
 * @errors CommandError, CartError
 */
export const changeCart = <Input>(
  ports: CartPorts,
  context: CommandContext,
  input: unknown,
  spec: {
    readonly action: string
    readonly parse: (input: unknown) => Result<Input, InvalidInput>
    readonly command: (moment: CommandMoment<Input>) => CartCommand
  },
): ResultAsync<ChangedCart, CartError | CommandError> =>
  runCommand(ports, context, input, {
    action: spec.action,
    parse: spec.parse,
    plan: ({ actor }) => ({ cart: askCart(actor) }),
    decide: ({ cart }, moment): CartDecision => {
      const owner = cartOwner(moment.actor)
      return owner === undefined ? err(hasNoCart(spec.action)) : decideCart(cart, owner.cartId, spec.command(moment))
    },
  })

/** What an actor without a cart is told. */
export const hasNoCart = (action: string): Denied => ({ type: 'Denied', action })
