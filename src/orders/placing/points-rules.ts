import type { PointsRules } from '../../cart/ports.js'
import { type BookShelf, book } from '../../shared/books.js'
import type { Instant } from '../../shared/instant.js'
import type { Asked } from '../../shared/read-plan.js'
import { defaultShopPolicy, shopPolicyId } from '../policy/shop-policy.js'
import { policyBooks } from '../policy/shop-policy.schema.js'

/** How points are spent and earned by the terms of the shop: what the price of a cart asks for. */
export const askPointsRules = (books: BookShelf, now: Instant): Asked<PointsRules | null> => {
  const asked = book(books, policyBooks, shopPolicyId, now)
  return {
    query: asked.query,
    answer: (found) =>
      asked.answer(found).map((stored) => {
        const { points, currency } = stored?.state ?? defaultShopPolicy
        return points === null || currency === undefined ? points : { ...points, currency }
      }),
  }
}
