export type { BookChanged, PublishedBook } from '../shared/publish-book.js'
export type { SweepReport as CouponSweepReport } from '../shared/sweep-each.js'
export { promotionsAccess } from './access.js'
export { type CampaignCounts, type CampaignResults, campaignResults, campaignResultsCsv } from './campaign-results.js'
export type { CampaignResultsInput } from './campaign-results.schema.js'
export { type CouponCount, campaignTallies, couponCounts, type SaleCount, saleCounts } from './campaign-tally.js'
export { type ClaimCouponPorts, claimCoupon, type MemberLevel } from './claim-coupon.js'
export type { ClaimCouponInput } from './claim-coupon.schema.js'
export type { ClaimableCoupon } from './claimable-coupons.js'
export { coupons } from './coupon.collection.schema.js'
export type {
  Coupon,
  CouponCommand,
  CouponError,
  CouponEvent,
  CouponFacts,
  EndedCoupon,
  HeldCoupon,
  RevokeReason,
} from './coupon.js'
export { type CouponState, type CouponStatus, couponMachine, couponTable } from './coupon-machine.js'
export type { QrError, QrNotGenuine, QrUnknown, QrVersionUnknown } from './coupon-qr.js'
export { couponSweep } from './coupon-sweep.js'
export { giveCoupons } from './give-coupons.js'
export { type ClaimedCouponAnswer, grantCoupon } from './grant-coupon.js'
export { type IssuedCoupon, type IssuedCoupons, issueCoupons } from './issue-coupons.js'
export type { GrantCouponInput, IssueCouponsInput } from './issue-coupons.schema.js'
export { couponIssues, offerUses, paidCheckouts, type UsesLeft } from './limits.js'
export { listCoupons, type OwnCoupon, type OwnCoupons } from './list-coupons.js'
export type { ListCouponsInput } from './list-coupons.schema.js'
export { promotionsMessages } from './messages.js'
export type {
  CouponOccasion,
  GoodsFilter,
  Offer,
  OfferAudience,
  OfferBook,
  OfferForm,
  OfferIssuer,
  OfferLimits,
  OfferScope,
  OfferStacking,
  OfferThreshold,
  OfferWindow,
} from './offer.js'
export { offerBookId, offerBooks, offerSchema } from './offer.schema.js'
export type {
  AmountBasis,
  BenefitShape,
  Effect,
  EffectGift,
  GoodsView,
  OfferKind,
  OfferStage,
  OfferWriter,
} from './offer-kind.js'
export type { AmountOff } from './offer-kinds/amount-off.js'
export type { BundlePrice } from './offer-kinds/bundle-price.js'
export type { BuyXGetY } from './offer-kinds/buy-x-get-y.js'
export type { FixedPrice } from './offer-kinds/fixed-price.js'
export type { FreeShipping } from './offer-kinds/free-shipping.js'
export type { GiftBenefit } from './offer-kinds/gift.js'
export type { NthItem } from './offer-kinds/nth-item.js'
export type { PercentOff } from './offer-kinds/percent-off.js'
export type { PieceOff } from './offer-kinds/piece-off.js'
export type { SetPrice } from './offer-kinds/set-price.js'
export type { OfferTier, Tiered } from './offer-kinds/tiered.js'
export type { Benefit } from './offer-kinds.js'
export {
  describeOffer,
  type OfferNames,
  type OfferRow,
  type OfferRules,
  offerRules,
  renderOffer,
} from './offer-words.js'
export { promotionsPersonalRecords } from './personal-records.js'
export type {
  BatchOfOtherOffer,
  ClaimLimitReached,
  CouponClaimError,
  CouponCodeMistyped,
  CouponCodeUnknown,
  CouponNeedsCode,
  CouponNeedsLevel,
  CouponsExhausted,
  OfferEnded,
  OfferHasNoCoupons,
  OfferUnknown,
  PromotionError,
} from './promotion-errors.js'
export { publishOffers, toOfferBook } from './publish-offers.js'
export type { PublishOffersInput } from './publish-offers.schema.js'
export { remindOfCoupons } from './remind-of-coupons.js'
export { type RevokedCoupon, revokeCoupon } from './revoke-coupon.js'
export type { RevokeCouponInput, RevokeCouponsInput } from './revoke-coupon.schema.js'
export { type RevokedCoupons, revokeCoupons } from './revoke-coupons.js'
export { showOffers } from './show-offers.js'
export type { ShownOffer } from './shown-offer.js'
