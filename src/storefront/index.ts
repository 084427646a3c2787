export { storefrontAccess } from './access.js'
export { boughtTogether } from './bought-together.js'
export { type CardPrice, cardPrices } from './card-prices.js'
export type { SoldPorts } from './check-currency.js'
export {
  type ComparedAttribute,
  type ComparedProducts,
  type ComparedValue,
  compareProducts,
} from './compare-products.js'
export { type ForYou, forYou } from './for-you.js'
export { type CardPage, listCards } from './list-cards.js'
export {
  type BenefitView,
  type CouponStanding,
  type MemberCentre,
  type MembershipView,
  memberCentre,
} from './member-centre.js'
export { type OrderWithReturns, orderWithReturns } from './order-with-returns.js'
export type {
  CardPricesInput,
  CompareProductsInput,
  ForYouInput,
  ListCardsInput,
  ProductPageInput,
  RecommendInput,
  SearchCardsInput,
  SectionCardsInput,
  ShownWhere,
} from './page-inputs.schema.js'
export type { PiecePrice } from './piece-prices.js'
export type { CardPorts, PricedCard } from './priced-cards.js'
export { type ProductPage, productPage, type ReturnTermsView, type ShownPrice, type ShownTier } from './product-page.js'
export type { Recommendation, RecommendedFor } from './recommended.js'
export { type SearchedCards, searchCards } from './search-cards.js'
export { type SectionCards, sectionCards } from './section-cards.js'
export { similarProducts } from './similar-products.js'
export { viewedAlso } from './viewed-also.js'
