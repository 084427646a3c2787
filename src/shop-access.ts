import { accountsAccess } from './accounts/access.js'
import { aftersalesAccess } from './aftersales/access.js'
import { cartAccess } from './cart/access.js'
import { catalogAccess } from './catalog/access.js'
import { historyAccess } from './catalog/history/access.js'
import { reviewsAccess } from './catalog/reviews/access.js'
import { inventoryAccess } from './inventory/access.js'
import { membershipAccess } from './membership/access.js'
import { notifyAccess } from './notify/access.js'
import { ordersAccess } from './orders/access.js'
import { paymentsAccess } from './payments/access.js'
import { pricingAccess } from './pricing/access.js'
import { promotionsAccess } from './promotions/access.js'
import { storefrontAccess } from './storefront/access.js'

/** Who may do what, by action, as the modules state it. */
export const shopAccess = {
  ...notifyAccess,
  ...accountsAccess,
  ...catalogAccess,
  ...reviewsAccess,
  ...historyAccess,
  ...inventoryAccess,
  ...promotionsAccess,
  ...membershipAccess,
  ...pricingAccess,
  ...cartAccess,
  ...paymentsAccess,
  ...ordersAccess,
  ...aftersalesAccess,
  ...storefrontAccess,
}
