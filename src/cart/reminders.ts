import type { Instant } from '../shared/instant.js'
import type { Money } from '../shared/money.js'
import type { CartLine, CartPolicy, OpenCart } from './cart.js'

/** Something a buyer should know of their cart. */
export type CartReminder =
  /** It will soon take no more. */
  | { readonly type: 'CartNearlyFull'; readonly lineCount: number; readonly maxLines: number }
  /** An item costs less than when it was put in. */
  | { readonly type: 'PriceDropped'; readonly lineId: string; readonly before: Money; readonly price: Money }
  /** Few pieces of an item are left. */
  | { readonly type: 'LowStock'; readonly lineId: string; readonly available: number }
  /** Nothing was done with it for long, and nothing was said of that yet. */
  | { readonly type: 'CartAbandoned'; readonly since: Instant }

/** What is true of an item now. */
export type ItemFacts = {
  /** Price of a single piece before any offer; null when it is not on sale. */
  readonly price: Money | null
  /** Pieces that can be had; null where stock is not kept. */
  readonly available: number | null
}

/**
 * What there is to remind the owner of a cart of; pure.
 *
 * @param itemOf - what is true now of the item of a line
 */
export const remindersOf = (
  cart: OpenCart,
  itemOf: (line: CartLine) => ItemFacts,
  policy: CartPolicy,
  now: Instant,
): readonly CartReminder[] => {
  const reminders: CartReminder[] = []
  const lineCount = cart.lines.length
  const { maxLines, nearFullBasisPoints, lowStockPieces, abandonedAfterMs } = policy
  // By whole numbers: a share of 90 % of 120 lines is reached at 108.
  if (lineCount * 10_000 >= maxLines * nearFullBasisPoints)
    reminders.push({ type: 'CartNearlyFull', lineCount, maxLines })
  for (const line of cart.lines) {
    const { lineId, priceWhenAdded: before } = line
    const { price, available } = itemOf(line)
    if (price === null) continue
    if (before !== undefined && before.currency === price.currency && price.minor < before.minor) {
      reminders.push({ type: 'PriceDropped', lineId, before, price })
    }
    if (available !== null && available > 0 && available <= lowStockPieces) {
      reminders.push({ type: 'LowStock', lineId, available })
    }
  }
  if (cart.quietSince !== undefined && now - cart.quietSince >= abandonedAfterMs) {
    reminders.push({ type: 'CartAbandoned', since: cart.quietSince })
  }
  return reminders
}
