import { compareCodePoints } from '../shared/json.js'
import type {
  ListedItem,
  ListedPrice,
  PriceList,
  PriceListContext,
  PriceListTerms,
  PriceTier,
  ResolvedPrice,
} from './price-list.js'

/** A price that holds for a buyer, with the list it stands in and how many terms bound it. */
export type FoundPrice = { readonly list: PriceList; readonly price: ListedPrice; readonly terms: number }

/** The prices that hold for a buyer, by SKU; of how many pieces they speak is not looked at yet. */
export type FoundPrices = ReadonlyMap<string, readonly FoundPrice[]>

/**
 * Finds the price of a piece: the most specific of the lists that hold, of equals the lower, then the first by id. A base
 * price takes the place of the catalog's; on it a sale or an override is laid, whichever is more specific.
 *
 * @returns nothing where neither the catalog nor a list has a price
 */
export const resolveListPrice = (
  lists: readonly PriceList[],
  context: PriceListContext,
  item: ListedItem,
): ResolvedPrice | undefined => priceAmong(findPrices(lists, context, new Set([item.sku])), item)

/**
 * The price of a piece from every number of pieces on at which it changes, beginning with one.
 *
 * @returns empty where neither the catalog nor a list has a price
 */
export const listPriceTiers = (
  lists: readonly PriceList[],
  context: PriceListContext,
  item: Omit<ListedItem, 'quantity'>,
): readonly PriceTier[] => tiersAmong(findPrices(lists, context, new Set([item.sku])), item)

/** The prices of some goods that hold for a buyer; where none does, the goods are left out. */
export const findPrices = (
  lists: readonly PriceList[],
  context: PriceListContext,
  skus: ReadonlySet<string>,
): FoundPrices => {
  const index = indexOf(lists)
  const found = new Map<string, readonly FoundPrice[]>()
  for (const sku of skus) {
    const holding = index
      .get(sku)
      ?.filter(({ list, price }) => list.currency === context.currency && holds(list, context) && holds(price, context))
    if (holding !== undefined && holding.length > 0) found.set(sku, holding)
  }
  return found
}

// Lists are never changed once they are made: a revision that stays in process is walked once, whatever is priced by it.
const indexes = /* @__PURE__ */ new WeakMap<readonly PriceList[], FoundPrices>()

/** Every price by its SKU, in the order of the lists. */
const indexOf = (lists: readonly PriceList[]): FoundPrices => {
  const kept = indexes.get(lists)
  if (kept !== undefined) return kept
  const index = new Map<string, FoundPrice[]>()
  for (const list of lists) {
    const terms = termsOf(list)
    for (const price of list.prices) {
      const each = { list, price, terms: terms + termsOf(price) }
      const others = index.get(price.sku)
      if (others === undefined) index.set(price.sku, [each])
      else others.push(each)
    }
  }
  indexes.set(lists, index)
  return index
}

/** As `resolveListPrice`, among prices that were found. */
export const priceAmong = (prices: FoundPrices, item: ListedItem): ResolvedPrice | undefined => {
  const { sku, quantity, catalogUnitMinor } = item
  const found = (prices.get(sku) ?? []).filter(
    ({ price }) => quantity >= (price.fromQuantity ?? 1) && quantity <= (price.toQuantity ?? Number.MAX_SAFE_INTEGER),
  )
  const base = bestOf(found.filter(({ list }) => list.kind === 'base'))
  const originalUnitMinor = base?.price.unitMinor ?? catalogUnitMinor
  const best = bestOf(
    found.filter(
      ({ list, price }) =>
        list.kind === 'override' ||
        (list.kind === 'sale' && (originalUnitMinor === null || price.unitMinor < originalUnitMinor)),
    ),
  )
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

/** As `listPriceTiers`, among prices that were found. */
export const tiersAmong = (prices: FoundPrices, item: Omit<ListedItem, 'quantity'>): readonly PriceTier[] => {
  const bounds = (prices.get(item.sku) ?? []).flatMap(({ price: { fromQuantity = 1, toQuantity } }) =>
    toQuantity === undefined ? [fromQuantity] : [fromQuantity, toQuantity + 1],
  )
  const tiers: PriceTier[] = []
  for (const fromQuantity of [...new Set([1, ...bounds])].sort((a, b) => a - b)) {
    const price = priceAmong(prices, { ...item, quantity: fromQuantity })
    const before = tiers.at(-1)
    const goesOn = before !== undefined && before.toQuantity === undefined
    if (price === undefined) {
      if (goesOn) tiers[tiers.length - 1] = { ...before, toQuantity: fromQuantity - 1 }
    } else if (!goesOn || !isSame(before, price)) tiers.push({ fromQuantity, ...price })
  }
  return tiers
}

const isSame = (a: ResolvedPrice, b: ResolvedPrice): boolean =>
  a.unitMinor === b.unitMinor && a.originalUnitMinor === b.originalUnitMinor && a.listId === b.listId

/** The prices of a list that hold for a buyer, of however many pieces. */
export const pricesHolding = (list: PriceList, context: PriceListContext): readonly ListedPrice[] =>
  list.currency === context.currency && holds(list, context) ? list.prices.filter((price) => holds(price, context)) : []

const holds = (
  { levels, groups, channels, regions, from, to }: PriceListTerms,
  { now, levelId, groups: theirs, channel, region }: PriceListContext,
): boolean =>
  (levels === undefined || (levelId !== null && levels.includes(levelId))) &&
  (groups === undefined || groups.some((group) => theirs.includes(group))) &&
  (channels === undefined || (channel !== null && channels.includes(channel))) &&
  (regions === undefined || (region !== null && regions.includes(region))) &&
  (from === undefined || now >= from) &&
  (to === undefined || now < to)

/** How many terms bound a price; a tier of quantities counts as well. */
const termsOf = (terms: PriceListTerms & { readonly fromQuantity?: number; readonly toQuantity?: number }): number =>
  Number(terms.levels !== undefined) +
  Number(terms.groups !== undefined) +
  Number(terms.channels !== undefined) +
  Number(terms.regions !== undefined) +
  Number((terms.fromQuantity ?? 1) > 1 || terms.toQuantity !== undefined)

const bestOf = (found: readonly FoundPrice[]): FoundPrice | undefined => {
  let best: FoundPrice | undefined
  for (const each of found) if (best === undefined || isBetter(each, best)) best = each
  return best
}

const isBetter = (a: FoundPrice, b: FoundPrice): boolean =>
  a.terms !== b.terms
    ? a.terms > b.terms
    : a.price.unitMinor !== b.price.unitMinor
      ? a.price.unitMinor < b.price.unitMinor
      : compareCodePoints(a.list.listId, b.list.listId) < 0
