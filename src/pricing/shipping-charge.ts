import { err, ok, type Result } from 'neverthrow'
import type { PriceCartError } from './priced-cart.js'
import type { ShippingBook, ShippingMethod, ShippingRate, ShippingTier, ShippingZone } from './shipping-book.js'

/** What carriage costs before offers. */
export type ShippingCharge = {
  readonly method: ShippingMethod
  readonly zone: ShippingZone
  readonly grossMinor: number
}

/** The ways to send as they are priced in a currency; nothing where they are not. */
export const methodsIn = (book: ShippingBook, currency: string): readonly ShippingMethod[] | undefined =>
  book.currency === currency ? book.methods : book.otherCurrencies?.find((each) => each.currency === currency)?.methods

/** The zone of a region: the first that names it. */
export const zoneOf = (zones: readonly ShippingZone[], region: string): ShippingZone | undefined =>
  zones.find(({ regions }) => regions.includes(region) || regions.includes('*'))

/**
 * What it costs to send goods by a method to a region.
 *
 * @param parcel.goodsMinor - price of the goods after line offers
 * @errors ShippingMethodUnknown, RegionNotServed, TooHeavy
 */
export const chargeShipping = (
  wanted: { readonly methods: readonly ShippingMethod[]; readonly methodId: string; readonly region: string },
  parcel: { readonly weightGrams: number; readonly goodsMinor: number },
): Result<ShippingCharge, PriceCartError> => {
  const { methodId, region } = wanted
  const method = wanted.methods.find((each) => each.methodId === methodId)
  if (method === undefined) return err({ type: 'ShippingMethodUnknown', methodId })
  const zone = zoneOf(method.zones, region)
  if (zone === undefined) return err({ type: 'RegionNotServed', region, methodId })
  const mostGrams = mostGramsOf(zone.rate)
  if (mostGrams !== null && parcel.weightGrams > mostGrams) return err({ type: 'TooHeavy', methodId, mostGrams })
  const free = zone.freeFromMinor !== null && parcel.goodsMinor >= zone.freeFromMinor
  return ok({ method, zone, grossMinor: free ? 0 : rateOf(zone.rate, parcel) })
}

const mostGramsOf = (rate: ShippingRate): number | null => {
  if (rate.kind !== 'weight') return null
  return rate.tiers.at(-1)?.upTo ?? null
}

const rateOf = (rate: ShippingRate, parcel: { readonly weightGrams: number; readonly goodsMinor: number }): number => {
  switch (rate.kind) {
    case 'flat':
      return rate.chargeMinor
    case 'weight':
      return tierOf(rate.tiers, parcel.weightGrams)
    case 'price':
      return tierOf(rate.tiers, parcel.goodsMinor)
    case 'stepped': {
      const beyond = Math.max(0, parcel.weightGrams - rate.firstGrams)
      return rate.firstMinor + Math.ceil(beyond / rate.stepGrams) * rate.stepMinor
    }
  }
}

const tierOf = (tiers: readonly ShippingTier[], measure: number): number =>
  (tiers.find((tier) => tier.upTo === null || measure <= tier.upTo) ?? tiers.at(-1))?.chargeMinor ?? 0
