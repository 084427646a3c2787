import { queueMessage } from '../notify/queue-message.js'
import type { Change } from '../shared/commit.js'
import type { Instant } from '../shared/instant.js'
import type { Coupon } from './coupon.js'
import type { Offer } from './offer.js'
import { summarizeOffer } from './offer-words.js'

/** A message that says which coupon a customer was given, once for each coupon. */
export const tellCouponGiven = (offer: Offer, coupon: Extract<Coupon, { status: 'claimed' }>, at: Instant): Change =>
  queueMessage({
    cause: `coupon-given/${coupon.couponId}`,
    accountId: coupon.holderId,
    template: 'couponGiven',
    facts: { title: offer.title, rules: summarizeOffer(offer), until: { at: coupon.validTo } },
    at,
  })

/** A message that says which coupon will end, once for each end that it has. */
export const tellCouponEnding = (
  offer: Offer | undefined,
  coupon: Extract<Coupon, { status: 'claimed' }>,
  at: Instant,
): Change =>
  queueMessage({
    cause: `coupon-ending/${coupon.couponId}/${coupon.validTo}`,
    accountId: coupon.holderId,
    template: 'couponEnding',
    facts: {
      title: offer?.title ?? coupon.offerId,
      rules: offer === undefined ? '' : summarizeOffer(offer),
      until: { at: coupon.validTo },
    },
    at,
  })
