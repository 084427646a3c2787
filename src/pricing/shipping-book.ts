import type { Message } from '../shared/messages.js'

/** A step of a rate: up to and including the limit it costs so much; the last step has no limit. */
export type ShippingTier = {
  /** Null: no limit. */
  readonly upTo: number | null
  readonly chargeMinor: number
}

/** What carriage costs in a zone. */
export type ShippingRate =
  | { readonly kind: 'flat'; readonly chargeMinor: number }
  /** By weight of the goods, grams; above the last limit the parcel is refused. */
  | { readonly kind: 'weight'; readonly tiers: readonly ShippingTier[] }
  /** So much up to a first weight, so much more for each further one begun. */
  | {
      readonly kind: 'stepped'
      readonly firstGrams: number
      readonly firstMinor: number
      readonly stepGrams: number
      readonly stepMinor: number
    }
  /** By price of the goods after line offers, minor units; the last tier has no limit. */
  | { readonly kind: 'price'; readonly tiers: readonly ShippingTier[] }

/** Regions that a method serves alike. */
export type ShippingZone = {
  readonly zoneId: string
  /** Codes of regions; `*` is every region that no zone before it names. */
  readonly regions: readonly string[]
  readonly rate: ShippingRate
  /** From this price of the goods, after line offers, carriage costs nothing; null: never. */
  readonly freeFromMinor: number | null
  /** Days from payment to the door. */
  readonly days: { readonly earliest: number; readonly latest: number }
}

/** A way to send. */
export type ShippingMethod = {
  readonly methodId: string
  readonly title: Message
  /** The first that names the region holds. */
  readonly zones: readonly ShippingZone[]
}

/** All ways to send, at one revision: the version of the stored row. */
export type ShippingBook = {
  readonly bookId: string
  readonly currency: string
  readonly methods: readonly ShippingMethod[]
  /** What they cost where goods are sold in another currency. */
  readonly otherCurrencies?: readonly { readonly currency: string; readonly methods: readonly ShippingMethod[] }[]
}
