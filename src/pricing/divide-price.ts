import { divideCarriage, freeCarriage } from './carriage-left.js'
import { divideTaxes } from './divide-taxes.js'
import { at, splitOver, sumOf } from './goods.js'
import type { AppliedOffer, PricedCart, PricedGift, PricedLine } from './priced-cart.js'

/**
 * Divides the price of one cart among the merchants whose goods are in it. Goods, what offers took off them, points and
 * tax go with their lines. Carriage goes by what the goods of each come to after line offers: what a merchant's own offers
 * freed is off its part, what any other's freed is off all parts, and its tax goes by what each is charged. All amounts of
 * the parts sum to those of the whole, and each names by rate the tax of its own goods and carriage.
 *
 * @param merchantIds - each once, those of all lines among them
 * @param giftMerchants - by place among the gifts, whose gift it is; null of one that had run out, which goes with nobody
 * @returns a price for each merchant, in their order
 */
export const dividePrice = (
  price: PricedCart,
  merchantIds: readonly string[],
  giftMerchants: readonly (string | null)[],
): readonly PricedCart[] => {
  const linesOf = merchantIds.map((merchantId) => price.lines.filter((line) => line.merchantId === merchantId))
  const giftsOf = merchantIds.map((merchantId) => price.gifts.filter((_, place) => giftMerchants[place] === merchantId))
  const goods = linesOf.map((lines) => sumOf(lines.map((line) => line.netMinor)))
  const weights = goods.some((minor) => minor > 0) ? goods : goods.map(() => 1)
  const { shipping } = price
  const { charges, freed: offCarriage } = divideCharge(price, merchantIds)
  const taxesOfCarriage = splitOver(shipping?.taxMinor ?? 0, charges.some((minor) => minor > 0) ? charges : weights)
  const taxes = linesOf.map((lines, place) => sumOf(lines.map((line) => line.taxMinor)) + at(taxesOfCarriage, place))
  const byRate = divideTaxes(price, linesOf, { weights, charges, carriage: taxesOfCarriage, taxes })
  return merchantIds.map((_, place): PricedCart => {
    const lines = linesOf[place] ?? []
    const gifts = giftsOf[place] ?? []
    const offers = price.applied.map((offer, row) => offerOn(offer, lines, gifts, at(offCarriage[row] ?? [], place)))
    const kept = offers.flatMap((offer, row) => (hadPart(offer, gifts) ? [row] : []))
    const chargeMinor = at(charges, place)
    const discountMinor = sumOf(offCarriage.map((row) => at(row, place)))
    const taxMinor = at(taxes, place)
    const taxOnTopMinor = price.taxInclusive ? 0 : taxMinor
    const goodsMinor = at(goods, place)
    const pointsMinor = sumOf(lines.map((line) => line.pointsMinor))
    return {
      ...price,
      lines: lines.map((line) => ({
        ...line,
        shares: line.shares.map((share) => ({ ...share, applied: kept.indexOf(share.applied) })),
      })),
      gifts,
      shipping:
        shipping === null
          ? null
          : {
              ...shipping,
              grossMinor: chargeMinor + discountMinor,
              discountMinor,
              chargeMinor,
              taxMinor: at(taxesOfCarriage, place),
              ...(byRate.ofCarriage === null ? {} : { taxes: byRate.ofCarriage[place] ?? [] }),
            },
      taxes: byRate.ofMerchants[place] ?? [],
      totals: {
        listMinor: sumOf(lines.map((line) => line.listMinor)),
        discountMinor: sumOf(lines.map((line) => line.listMinor - line.netMinor)),
        goodsMinor,
        shippingMinor: chargeMinor,
        taxMinor,
        taxOnTopMinor,
        pointsMinor,
        payableMinor: goodsMinor + chargeMinor + taxOnTopMinor - pointsMinor,
      },
      pointsSpent: sumOf(lines.map((line) => line.points)),
      pointsEarned: sumOf(lines.map((line) => line.earnedPoints)),
      applied: kept.flatMap((row) => offers[row] ?? []),
      couponsUsed: price.couponsUsed.filter((couponId) => kept.some((row) => offers[row]?.couponId === couponId)),
      trace: [],
    }
  })
}

/** Carriage of each merchant, and what each offer of a price freed of it, minor units. */
const divideCharge = (
  { lines, shipping, applied }: Pick<PricedCart, 'lines' | 'shipping' | 'applied'>,
  merchantIds: readonly string[],
): { readonly charges: readonly number[]; readonly freed: readonly (readonly number[])[] } => {
  const activity = lines.map(({ activityMinor }) => activityMinor)
  let left = divideCarriage(lines, activity, shipping?.grossMinor ?? 0)
  const parts = (): readonly number[] => merchantIds.map((merchantId) => left.ofMerchants?.get(merchantId) ?? 0)
  const freed = applied.map(({ carriageOf, shippingMinor }) => {
    const before = parts()
    left = freeCarriage(left, carriageOf, shippingMinor)
    const after = parts()
    return before.map((minor, place) => minor - at(after, place))
  })
  return { charges: parts(), freed }
}

/**
 * What carriage of one price each merchant is charged for, its own offers off its own part.
 *
 * @param merchantIds - each once, those of all lines among them
 * @returns minor units for each, in their order, without tax on top
 */
export const chargesOf = (price: PricedCart, merchantIds: readonly string[]): readonly number[] =>
  divideCharge(price, merchantIds).charges

const offerOn = (
  offer: AppliedOffer,
  lines: readonly PricedLine[],
  gifts: readonly PricedGift[],
  shippingMinor: number,
): AppliedOffer => {
  const shares = lines.flatMap((line) => line.shares.filter((share) => isOf(offer, share)))
  return {
    ...offer,
    goodsMinor: sumOf(shares.map((share) => share.amountMinor)),
    platformGoodsMinor: sumOf(shares.map((share) => share.platformMinor)),
    shippingMinor,
    giftValueMinor: sumOf(gifts.filter((gift) => isOf(offer, gift)).map((gift) => gift.valueMinor)),
  }
}

const isOf = (
  offer: Pick<AppliedOffer, 'offerId' | 'couponId'>,
  other: Pick<AppliedOffer, 'offerId' | 'couponId'>,
): boolean => offer.offerId === other.offerId && offer.couponId === other.couponId

const hadPart = (offer: AppliedOffer, gifts: readonly PricedGift[]): boolean =>
  offer.goodsMinor !== 0 || offer.shippingMinor !== 0 || gifts.some((gift) => isOf(offer, gift))
