import type { Product } from '../catalog/product.js'
import type { CounterFamily } from '../shared/collection.js'
import { adjust, type Change } from '../shared/commit.js'
import { type Asked, counters, type IdsFrom, known } from '../shared/read-plan.js'

/**
 * What each person has bought of each product that is limited for one person, counted below zero so that the limit is a
 * floor. It counts from the first order under a limit, and the limit may change.
 */
export const purchases: CounterFamily = { name: 'purchase', rank: 6, minimum: -1_000_000_000 }

/** What persons have bought, by product and owner. */
export type Purchases = ReadonlyMap<string, number>

const purchaseId = (productId: string, ownerId: string): string => `${productId}@${ownerId}`

/** Asks what a person has bought of products, given or found by another query of the plan. */
export const askPurchases = (
  ownerId: string | undefined,
  productIds: readonly string[] | IdsFrom,
): Asked<Purchases> => {
  if (ownerId === undefined) return known(new Map())
  if ('from' in productIds) return counters(purchases, { ...productIds, suffix: `@${ownerId}` })
  return counters(
    purchases,
    productIds.map((productId) => purchaseId(productId, ownerId)),
  )
}

/** Pieces of a product that a person may still buy; null where it is not limited. */
export const remainingOf = (product: Product | undefined, ownerId: string, bought: Purchases): number | null =>
  product === undefined || product.perPersonLimit === null
    ? null
    : Math.max(0, product.perPersonLimit + (bought.get(purchaseId(product.productId, ownerId)) ?? 0))

/** Counts pieces as bought; under a race the storage refuses what is beyond the limit. */
export const countPurchase = (bought: {
  readonly productId: string
  readonly ownerId: string
  readonly quantity: number
  readonly limit: number
}): Change =>
  adjust(purchases, { id: purchaseId(bought.productId, bought.ownerId), by: -bought.quantity, floor: -bought.limit })

/** Counts pieces as not bought after all. */
export const uncountPurchase = (back: {
  readonly productId: string
  readonly ownerId: string
  readonly quantity: number
}): Change => adjust(purchases, { id: purchaseId(back.productId, back.ownerId), by: back.quantity })
