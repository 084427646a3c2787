export { storefrontAccess } from './access.js'
export {
  type BenefitView,
  type CouponStanding,
  type MemberCentre,
  type MembershipView,
  memberCentre,
} from './member-centre.js'
export { type OrderWithReturns, orderWithReturns } from './order-with-returns.js'
export { type ProductPage, productPage, type ReturnTermsView } from './product-page.js'
