export { storefrontAccess } from './access.js'
export { type MemberCentre, memberCentre } from './member-centre.js'
export { type OrderWithReturns, orderWithReturns } from './order-with-returns.js'
export { type ProductPage, productPage, type ReturnTermsView } from './product-page.js'
