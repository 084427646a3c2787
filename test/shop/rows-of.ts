import { type Collection, find, guestOwnerId, readFacts } from 'shopwright'
import { accounts, credentials, sessions } from '../../src/accounts/accounts.schema.js'
import { linkedIdentities } from '../../src/accounts/identity/linked-identity.schema.js'
import { passkeys } from '../../src/accounts/passkey/passkey.schema.js'
import { returnRequests } from '../../src/aftersales/return.collection.schema.js'
import { carts } from '../../src/cart/cart.schema.js'
import { categories } from '../../src/catalog/category.schema.js'
import { products } from '../../src/catalog/product.schema.js'
import { reviews } from '../../src/catalog/reviews/review.collection.schema.js'
import { reservations } from '../../src/inventory/inventory.schema.js'
import { pointsAccounts } from '../../src/membership/points-account.collection.schema.js'
import { orders, parcels } from '../../src/orders/order.collection.schema.js'
import { policyBooks } from '../../src/orders/policy/shop-policy.schema.js'
import { payments } from '../../src/payments/payment.schema.js'
import { refunds } from '../../src/payments/refund.schema.js'
import { shippingBooks, taxBooks } from '../../src/pricing/books.schema.js'
import { coupons } from '../../src/promotions/coupon.collection.schema.js'
import { offerBooks } from '../../src/promotions/offer.schema.js'
import { must, openingTime } from './open-shop.js'
import type { World } from './world.js'

/** Every row that is the owner's or everybody's, with its version. */
export const rowsOf = async ({ ports, ids }: World): Promise<readonly string[]> => {
  const found = must(
    await readFacts(ports.storage, {
      shop: 'main',
      scope: { kind: 'all' },
      at: openingTime,
      plan: Object.fromEntries(watched.map((each) => [each.name, find<unknown>(each, { where: [], limit: 500 })])),
    }),
  )
  return Object.entries(found).flatMap(([name, stored]) =>
    stored
      // Rows of a visitor who took the owner's id for a visitor's are not the owner's.
      .filter((row) => {
        const text = JSON.stringify(row)
        return shared.has(name) || (text.includes(ids.accountId) && !text.includes(guestOwnerId(ids.accountId)))
      })
      .map(({ id, version, state }) => `${name}/${id}@${version} ${JSON.stringify(state)}`),
  )
}

const shared: ReadonlySet<string> = new Set([
  'product',
  'category',
  'offerBook',
  'shippingBook',
  'taxBook',
  'policyBook',
])

const watched: readonly Collection<unknown>[] = [
  accounts,
  credentials,
  linkedIdentities,
  passkeys,
  sessions,
  products,
  categories,
  offerBooks,
  shippingBooks,
  taxBooks,
  policyBooks,
  coupons,
  pointsAccounts,
  carts,
  orders,
  parcels,
  payments,
  refunds,
  reservations,
  returnRequests,
  reviews,
]
