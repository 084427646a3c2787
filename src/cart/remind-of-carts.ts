import { ok, type Result, type ResultAsync } from 'neverthrow'
import type { Product, Variant } from '../catalog/product.js'
import { products } from '../catalog/product.schema.js'
import { askPartStock, askStock, stockOf } from '../catalog/stock-source.js'
import { messagePreferences } from '../notify/preference.schema.js'
import { type MessageRequest, queueMarketing } from '../notify/queue-message.js'
import { askListPrices, defaultChannel, listPriceOf } from '../pricing/list-price-facts.js'
import { put } from '../shared/commit.js'
import type { Currency } from '../shared/currency.js'
import { type Decision, decideAndCommit, type StorageError } from '../shared/decide-and-commit.js'
import { decideNext } from '../shared/decider.js'
import type { Instant } from '../shared/instant.js'
import type { Money } from '../shared/money.js'
import { row, rows, type Stored } from '../shared/read-plan.js'
import { sweepEach } from '../shared/sweep-each.js'
import type { CartError, OpenCart } from './cart.js'
import { carts } from './cart.schema.js'
import { policyOf, stockItemOf, variantOnSale } from './change-cart.js'
import { cartMachine } from './machine.js'
import type { CartPorts } from './ports.js'
import { type CartReminder, remindersOf } from './reminders.js'

/** What one turn of reminding came to. */
export type CartReminderReport = {
  /** Carts whose owners are written to. */
  readonly reminded: number
  readonly failed: readonly { readonly id: string; readonly reason: string }[]
}

/**
 * Writes to customers whose carts were left alone for as long as the policy says, at most so many: of what became
 * cheaper, else of what runs out, else of the cart itself; once for each time a cart is left alone. These messages are
 * marketing: they go to nobody who has not agreed to it.
 *
 * @errors StorageError when the carts cannot be found at all
 */
export const remindOfCarts = (
  ports: CartPorts,
  { limit }: { readonly limit: number },
): ResultAsync<CartReminderReport, StorageError> => {
  const due = {
    collection: carts,
    field: 'quietSince',
    until: ports.clock.now() - policyOf(ports).abandonedAfterMs,
    where: [{ field: 'ownerKind', is: 'eq', value: 'customer' }] as const,
    limit,
  }
  return sweepEach(ports, due, (id) => remindOfOne(ports, id)).map(({ done, failed }) => ({ reminded: done, failed }))
}

const remindOfOne = (ports: CartPorts, id: string) =>
  decideAndCommit(ports, {
    scope: { kind: 'all' },
    plan: ({ now }) => ({
      cart: row(carts, id),
      products: rows(products, { from: 'cart', path: 'lines.*.productId' }),
      ...askStock(ports.stock, { from: 'cart', path: 'lines.*.sku' }),
      ...askPartStock(ports.stock, 'products'),
      ...askListPrices(ports, { from: 'cart', path: 'ownerId' }, now),
      preference: row(messagePreferences, { from: 'cart', path: 'ownerId' }),
    }),
    decide: (facts, { now }): Result<Decision<boolean>, CartError> => {
      const cart = facts.cart
      // Somebody may have come back to it, or another sweep have been here first.
      if (cart?.state.status !== 'open') return ok({ changes: [], answer: false })
      const open = cart.state
      const productOf = (productId: string) => facts.products.find((each) => each.id === productId)?.state
      // In which groups the host would put its customer is not known here: what all may have is looked at.
      const viewer = { groups: [], channel: defaultChannel, region: null, now }
      const priceOf = (variant: Variant, currency: Currency | undefined): Money | null => {
        const listed = listPriceOf(facts, variant, 1, { ...viewer, currency })
        return listed === undefined ? null : { minor: listed.unitMinor, currency: listed.currency }
      }
      const reminders = remindersOf(
        open,
        ({ productId, sku, priceWhenAdded }) => {
          const variant = variantOnSale(productOf(productId), sku)
          return {
            // In the currency it was put in at: of another no price is higher or lower.
            price: variant === undefined ? null : priceOf(variant, priceWhenAdded?.currency),
            available: stockOf(ports.stock, facts, stockItemOf(productOf(productId), { sku })),
          }
        },
        policyOf(ports),
        now,
      )
      if (!reminders.some(({ type }) => type === 'CartAbandoned')) return ok({ changes: [], answer: false })
      return decideNext(cartMachine, open, { type: 'NoteReminder', at: now }).map(({ state, events }) => ({
        answer: true,
        changes:
          state.status === 'absent'
            ? []
            : [
                put(carts, { id, version: cart.version, state, events }),
                ...queueMarketing(
                  messageOf({ ...cart, state: open }, reminders, productOf, now),
                  facts.preference?.state,
                ),
              ],
      }))
    },
  })

// What became cheaper is the better news, what runs out the more urgent; each cart is told one thing.
const messageOf = (
  { id, version, state: cart }: Stored<OpenCart>,
  reminders: readonly CartReminder[],
  productOf: (productId: string) => Product | undefined,
  at: Instant,
): MessageRequest => {
  const titleOf = (lineId: string | undefined) => {
    const line = cart.lines.find((each) => each.lineId === lineId)
    return (line === undefined ? undefined : productOf(line.productId)?.title) ?? line?.sku ?? ''
  }
  const base = { cause: `cart-reminder/${id}/${version}`, accountId: cart.ownerId, at }
  const cheaper = reminders.find((each) => each.type === 'PriceDropped')
  if (cheaper !== undefined) {
    const facts = { title: titleOf(cheaper.lineId), before: cheaper.before, price: cheaper.price }
    return { ...base, template: 'cartPriceDropped', facts }
  }
  const scarce = reminders.find((each) => each.type === 'LowStock')
  if (scarce !== undefined) {
    return { ...base, template: 'cartLowStock', facts: { title: titleOf(scarce.lineId), available: scarce.available } }
  }
  return {
    ...base,
    template: 'cartAbandoned',
    facts: { title: titleOf(cart.lines[0]?.lineId), count: cart.lines.length },
  }
}
