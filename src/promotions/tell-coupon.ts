import type { MessagePreference } from '../notify/preference.js'
import { queueMarketing } from '../notify/queue-message.js'
import type { Change } from '../shared/commit.js'
import type { Instant } from '../shared/instant.js'
import type { Stored } from '../shared/read-plan.js'
import type { Coupon } from './coupon.js'
import type { Offer } from './offer.js'
import { summarizeOffer } from './offer-words.js'

/** Messages that say which coupon a customer was given, once for each coupon, on every channel agreed to. */
export const tellCouponGiven = (
  offer: Offer,
  coupon: Extract<Coupon, { status: 'claimed' }>,
  preference: Stored<MessagePreference> | undefined,
  at: Instant,
): readonly Change[] =>
  queueMarketing(
    {
      cause: `coupon-given/${coupon.couponId}`,
      accountId: coupon.holderId,
      template: 'couponGiven',
      facts: { title: offer.title, rules: summarizeOffer(offer), until: { at: coupon.validTo } },
      at,
    },
    preference?.state,
  )

/** Messages that say which coupon will end, once for each end that it has, on every channel agreed to. */
export const tellCouponEnding = (
  offer: Offer | undefined,
  coupon: Extract<Coupon, { status: 'claimed' }>,
  preference: Stored<MessagePreference> | undefined,
  at: Instant,
): readonly Change[] =>
  queueMarketing(
    {
      cause: `coupon-ending/${coupon.couponId}/${coupon.validTo}`,
      accountId: coupon.holderId,
      template: 'couponEnding',
      facts: {
        title: offer?.title ?? coupon.offerId,
        rules: offer === undefined ? '' : summarizeOffer(offer),
        until: { at: coupon.validTo },
      },
      at,
    },
    preference?.state,
  )
