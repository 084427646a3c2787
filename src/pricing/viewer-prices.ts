import type { ViewerPrices } from '../catalog/search/query/viewer-prices.js'
import { levelIdAt } from '../membership/member.js'
import { compareCodePoints } from '../shared/json.js'
import { type ListPriceRead, listPriceOf, type PriceViewer } from './list-price-facts.js'
import type { PriceList, PriceListContext, PriceListTerms } from './price-list.js'
import { pricesHolding } from './resolve-list-price.js'

/** The most kinds of viewers whose prices are kept for a revision of the price lists. */
const mostKept = 256

/** What some price lists speak of at all, and what was made of them. */
type Spoken = {
  readonly levels: ReadonlySet<string>
  readonly groups: ReadonlySet<string>
  readonly channels: ReadonlySet<string>
  readonly regions: ReadonlySet<string>
  /** Moments at which a price begins or ends, ascending. */
  readonly edges: readonly number[]
  readonly made: Map<string, ViewerPrices>
}

// Lists are never changed once they are made.
const spokenOf = /* @__PURE__ */ new WeakMap<readonly PriceList[], Spoken>()

/**
 * What the catalog is told of the prices of whoever looks, to sort, bound and count by: those of a single piece, as they are
 * shown on cards. Who is alike in all that the lists speak of is told the same, so that it is worked out once for all of them.
 *
 * @param storage - from which the lists were read: a transaction of the host may have lists of a revision that never come to
 *   be, and another has the revision then
 * @returns undefined where everything costs them what the catalog says
 */
export const viewerPricesOf = (read: ListPriceRead, viewer: PriceViewer, storage: object): ViewerPrices | undefined => {
  const lists = read.priceLists?.state.lists ?? noLists
  const spoken = spokenOf.get(lists) ?? speak(lists)
  spokenOf.set(lists, spoken)
  const { now, groups, channel, region } = viewer
  const currency = viewer.currency ?? null
  const levelId = levelIdAt(read.member?.state, now)
  const among = (name: string | null, known: ReadonlySet<string>): string | null =>
    name !== null && known.has(name) ? name : null
  const alike = {
    storage: numberOf(storage),
    revision: read.priceLists?.version ?? 0,
    since: spoken.edges.filter((edge) => edge <= now).length,
    currency,
    levelId: among(levelId, spoken.levels),
    groups: groups.filter((group) => spoken.groups.has(group)).sort(compareCodePoints),
    channel: among(channel, spoken.channels),
    region: among(region, spoken.regions),
  }
  const key = JSON.stringify(alike)
  const kept = spoken.made.get(key) ?? {
    key,
    currency,
    skus: skusFor(lists, { ...viewer, levelId }),
    priceOf: ({ sku, ...listPrice }) => listPriceOf(read, { sku, listPrice }, 1, viewer)?.unitMinor ?? null,
  }
  spoken.made.delete(key)
  spoken.made.set(key, kept)
  for (const oldest of spoken.made.keys()) {
    if (spoken.made.size <= mostKept) break
    spoken.made.delete(oldest)
  }
  return kept.skus.size === 0 && currency === null ? undefined : kept
}

const createNumbers = (): ((of: object) => number) => {
  const numbers = new WeakMap<object, number>()
  let last = 0
  return (of) => {
    const known = numbers.get(of)
    if (known !== undefined) return known
    last += 1
    numbers.set(of, last)
    return last
  }
}

/** A number of its own for each storage. */
const numberOf = /* @__PURE__ */ createNumbers()

const noLists: readonly PriceList[] = []

const skusFor = (
  lists: readonly PriceList[],
  viewer: PriceViewer & Pick<PriceListContext, 'levelId'>,
): ReadonlySet<string> =>
  new Set(
    lists.flatMap((list) =>
      pricesHolding(list, { ...viewer, currency: viewer.currency ?? list.currency }).map(({ sku }) => sku),
    ),
  )

const speak = (lists: readonly PriceList[]): Spoken => {
  const [levels, groups, channels, regions] = [
    new Set<string>(),
    new Set<string>(),
    new Set<string>(),
    new Set<string>(),
  ]
  const edges = new Set<number>()
  const hear = (terms: PriceListTerms): void => {
    for (const each of terms.levels ?? []) levels.add(each)
    for (const each of terms.groups ?? []) groups.add(each)
    for (const each of terms.channels ?? []) channels.add(each)
    for (const each of terms.regions ?? []) regions.add(each)
    if (terms.from !== undefined) edges.add(terms.from)
    if (terms.to !== undefined) edges.add(terms.to)
  }
  for (const list of lists) {
    hear(list)
    for (const price of list.prices) hear(price)
  }
  return { levels, groups, channels, regions, edges: [...edges].sort((a, b) => a - b), made: new Map() }
}
