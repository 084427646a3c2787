import type { Counted } from '../../promotions/campaign-tally.js'
import { coupons } from '../../promotions/coupon.collection.schema.js'
import type { Coupon } from '../../promotions/coupon.js'
import { campaignOf } from '../../promotions/make-coupon.js'
import type { OfferBook } from '../../promotions/offer.js'
import { offerBookId, offerBooks } from '../../promotions/offer.schema.js'
import type { OutboxEvent } from '../../shared/events.js'
import { valuesAt } from '../../shared/json.js'
import { type Asked, row, rows, type Stored } from '../../shared/read-plan.js'
import { discountsIn } from '../money/discounts.js'
import { orders } from '../order.collection.schema.js'
import type { OfferDiscount } from '../order.js'
import type { OrderRow } from '../order-row.js'
import { shopPolicyId } from '../policy/shop-policy.js'
import { policyBooks } from '../policy/shop-policy.schema.js'

/** An offer, or a campaign, that took effect, with what it took off. */
export type InEffect = { readonly of: Counted['of']; readonly discountMinor: number }

type OffersRead = {
  readonly coupons: readonly Stored<Coupon>[]
  readonly checkoutCoupons: readonly Stored<Coupon>[]
  readonly toldCoupons: readonly Stored<Coupon>[]
  readonly book: Stored<OfferBook> | undefined
}
type InEffectRead = OffersRead & { readonly checkout: Stored<OrderRow> | undefined }

/**
 * Asks, beside an order, for what took effect in it, and for the terms that say which day it is.
 *
 * @param discounts - what an event tells of: a coupon among them may be the buyer's again
 */
export const askInEffect = (
  discounts: readonly OfferDiscount[] = [],
): { readonly [Name in keyof InEffectRead]: Asked<InEffectRead[Name]> } & {
  readonly policy: ReturnType<typeof askPolicy>
} => ({
  checkout: row(orders, { from: 'order', path: 'details.partOf.checkoutId' }),
  coupons: rows(coupons, { from: 'order', path: 'couponIds.*' }),
  checkoutCoupons: rows(coupons, { from: 'checkout', path: 'couponIds.*' }),
  toldCoupons: rows(coupons, [...new Set(discounts.flatMap(({ couponId }) => couponId ?? []))]),
  book: row(offerBooks, offerBookId),
  policy: askPolicy(),
})

const askPolicy = () => row(policyBooks, shopPolicyId)

/**
 * The offers that took effect in an order and their campaigns, each once, with what it took off. An order that came of a
 * divided checkout was sold with that: what it brings, and gives back, is of whatever took effect in the whole.
 */
export const inEffect = (order: OrderRow, read: InEffectRead): readonly InEffect[] =>
  creditsOf(discountsIn((read.checkout?.state ?? order).details.price), read)

/** The same of discounts: each offer and each campaign once. */
export const creditsOf = (discounts: readonly OfferDiscount[], read: OffersRead): readonly InEffect[] => {
  const known = [...read.coupons, ...read.checkoutCoupons, ...read.toldCoupons]
  const found = new Map<string, InEffect>()
  const add = (of: Counted['of'], minor: number): void => {
    const key = creditKey({ of })
    found.set(key, { of, discountMinor: (found.get(key)?.discountMinor ?? 0) + minor })
  }
  for (const { offerId, couponId, amountMinor } of discounts) {
    const coupon = known.find(({ id }) => id === couponId)?.state
    const offer = read.book?.state.offers.find((each) => each.offerId === offerId)
    // A coupon keeps its campaign; a promotion has the one that the book names now.
    const campaignId = coupon === undefined ? (offer === undefined ? null : campaignOf(offer)) : coupon.campaignId
    add({ offerId }, amountMinor)
    if (campaignId !== null) add({ campaignId }, amountMinor)
  }
  return [...found.values()]
}

/** By what one is told from another. */
export const creditKey = ({ of }: Pick<InEffect, 'of'>): string =>
  'campaignId' in of ? `campaign ${of.campaignId}` : `offer ${of.offerId}`

/**
 * Discounts that an event tells of.
 *
 * @param path - where each of them stands in it
 */
export const toldDiscounts = ({ body }: OutboxEvent, path: string): readonly OfferDiscount[] =>
  valuesAt(body, path).flatMap((each) => {
    const [[offerId], [couponId], [amountMinor]] = [
      valuesAt(each, 'offerId'),
      valuesAt(each, 'couponId'),
      valuesAt(each, 'amountMinor'),
    ]
    const isWhole = typeof offerId === 'string' && typeof amountMinor === 'number'
    return isWhole ? [{ offerId, couponId: typeof couponId === 'string' ? couponId : null, amountMinor }] : []
  })
