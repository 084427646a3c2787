import type { Instant } from '../shared/instant.js'
import { compareCodePoints } from '../shared/json.js'

/** For whom, where, when and from how many pieces on a list price holds; what is left out bounds nothing. */
export type PriceListTerms = {
  /** Customer groups, any of which will do. */
  readonly groups?: readonly string[]
  readonly channels?: readonly string[]
  readonly regions?: readonly string[]
  /** From the first moment up to, not including, the last. */
  readonly from?: Instant
  readonly to?: Instant
}

/** The price of a piece, for so many pieces on a line; both bounds included. */
export type ListedPrice = PriceListTerms & {
  readonly sku: string
  readonly unitMinor: number
  readonly fromQuantity?: number
  readonly toQuantity?: number
}

/** Prices that hold together. */
export type PriceList = PriceListTerms & {
  readonly listId: string
  /**
   * `base`: stands in for the price of the catalog. `sale`: holds where it is lower, the price before is kept to be
   * shown. `override`: holds whether lower or not, and no price before is shown.
   */
  readonly kind: 'base' | 'sale' | 'override'
  /** ISO 4217 code of its prices. */
  readonly currency: string
  readonly prices: readonly ListedPrice[]
}

/** Who buys, where and when. */
export type PriceListContext = {
  readonly now: Instant
  readonly currency: string
  /** The customer's groups. */
  readonly groups: readonly string[]
  readonly channel: string | null
  readonly region: string | null
}

/** The price of a piece and where it comes from. */
export type ResolvedPrice = {
  readonly unitMinor: number
  /** Before a sale; the same as `unitMinor` without one. */
  readonly originalUnitMinor: number
  /** Null: the price of the catalog. */
  readonly listId: string | null
  readonly kind: PriceList['kind'] | null
}

/**
 * Finds the price of a piece: the most specific of the lists that hold, of equals the lower, then the first by id. A base
 * price takes the place of the catalog's; on it a sale or an override is laid, whichever is more specific.
 *
 * @returns nothing where neither the catalog nor a list has a price
 */
export const resolveListPrice = (
  lists: readonly PriceList[],
  context: PriceListContext,
  item: {
    readonly sku: string
    readonly quantity: number
    /** The price of the catalog; null where it has none in this currency. */
    readonly catalogUnitMinor: number | null
  },
): ResolvedPrice | undefined => {
  const found = lists.flatMap((list) => (list.currency === context.currency ? findIn(list, context, item) : []))
  const base = bestOf(found.filter(({ list }) => list.kind === 'base'))
  const originalUnitMinor = base?.price.unitMinor ?? item.catalogUnitMinor
  const laid = found.filter(
    ({ list, price }) =>
      list.kind === 'override' ||
      (list.kind === 'sale' && (originalUnitMinor === null || price.unitMinor < originalUnitMinor)),
  )
  const best = bestOf(laid)
  if (best === undefined) {
    if (originalUnitMinor === null) return undefined
    return {
      unitMinor: originalUnitMinor,
      originalUnitMinor,
      listId: base?.list.listId ?? null,
      kind: base === undefined ? null : 'base',
    }
  }
  const { list, price } = best
  return {
    unitMinor: price.unitMinor,
    originalUnitMinor: list.kind === 'sale' && originalUnitMinor !== null ? originalUnitMinor : price.unitMinor,
    listId: list.listId,
    kind: list.kind,
  }
}

type Found = { readonly list: PriceList; readonly price: ListedPrice; readonly terms: number }

const findIn = (
  list: PriceList,
  context: PriceListContext,
  { sku, quantity }: { readonly sku: string; readonly quantity: number },
): readonly Found[] => {
  if (!holds(list, context)) return []
  return list.prices.flatMap((price) => {
    const { fromQuantity = 1, toQuantity = Number.MAX_SAFE_INTEGER } = price
    if (price.sku !== sku || quantity < fromQuantity || quantity > toQuantity || !holds(price, context)) return []
    return [{ list, price, terms: termsOf(list) + termsOf(price) }]
  })
}

const holds = ({ groups, channels, regions, from, to }: PriceListTerms, context: PriceListContext): boolean =>
  (groups === undefined || groups.some((group) => context.groups.includes(group))) &&
  (channels === undefined || (context.channel !== null && channels.includes(context.channel))) &&
  (regions === undefined || (context.region !== null && regions.includes(context.region))) &&
  (from === undefined || context.now >= from) &&
  (to === undefined || context.now < to)

/** How many terms bound a price; a tier of quantities counts as well. */
const termsOf = (terms: PriceListTerms & { readonly fromQuantity?: number; readonly toQuantity?: number }): number =>
  Number(terms.groups !== undefined) +
  Number(terms.channels !== undefined) +
  Number(terms.regions !== undefined) +
  Number((terms.fromQuantity ?? 1) > 1)

const bestOf = (found: readonly Found[]): Found | undefined =>
  [...found].sort(
    (a, b) =>
      b.terms - a.terms || a.price.unitMinor - b.price.unitMinor || compareCodePoints(a.list.listId, b.list.listId),
  )[0]
