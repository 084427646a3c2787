import fc from 'fast-check'
import { expect } from 'vitest'
import { createSealer } from '../../adapters/runtime/index.js'
import { defaultAccountsPolicy } from '../../src/accounts/accounts-policy.js'
import { catalogAccess } from '../../src/catalog/access.js'
import { composeFacts, withStatus } from '../../src/catalog/compose-product.js'
import type { HistoryPorts } from '../../src/catalog/history/read-history.js'
import type { CatalogPorts } from '../../src/catalog/ports.js'
import type { Product } from '../../src/catalog/product.js'
import { products } from '../../src/catalog/product.schema.js'
import { skuClaims } from '../../src/catalog/save-product.js'
import type { CatalogShelf } from '../../src/catalog/search/catalog-shelf.js'
import { priceEdges } from '../../src/catalog/search/query/price-steps.js'
import { pricingAccess } from '../../src/pricing/access.js'
import type { PriceList } from '../../src/pricing/price-list.js'
import { publishPriceLists } from '../../src/pricing/publish-price-lists.js'
import type { CurrencyPorts } from '../../src/pricing/sold-currency.js'
import { put } from '../../src/shared/commit.js'
import { compareCodePoints } from '../../src/shared/json.js'
import { commitChanges, type Storage } from '../../src/shared/storage.js'
import { storefrontAccess } from '../../src/storefront/access.js'
import { type CardPrice, cardPrices } from '../../src/storefront/card-prices.js'
import { listCards } from '../../src/storefront/list-cards.js'
import type { ShownWhere } from '../../src/storefront/page-inputs.schema.js'
import { searchCards } from '../../src/storefront/search-cards.js'
import { byStaff, content } from '../catalog/product-content.js'
import { createTestPorts, type TestPorts } from '../support/core-ports.js'

/** A shop with price lists, by its ports. */
export type PricedShop = TestPorts & CatalogPorts & HistoryPorts & CurrencyPorts

/** A shop over a storage that sells in yuan, and in yen by its lists. */
export const pricedShop = (storage: Storage, shelf: CatalogShelf, shop = 'main'): PricedShop => ({
  ...createTestPorts(storage, { ...catalogAccess, ...pricingAccess, ...storefrontAccess }),
  shop,
  shelf,
  sealer: createSealer({ current: { keyId: 'k1', key: new Uint8Array(32).fill(7) } }),
  accountsPolicy: defaultAccountsPolicy,
  soldCurrencies: ['JPY'],
})

/** What a product costs in the catalog: yuan of its one or two variants, in fen; or as much of another currency. */
export type Priced = { readonly number: number; readonly minors: readonly number[]; readonly currency?: string }

const skuOf = (number: number, variant: number): string => `sku-${number}-${variant}`

const productOf = ({ number, minors, currency = 'CNY' }: Priced, now: number): Product => {
  const [simple] = content().variants
  const variants = minors.map((minor, place) => ({
    ...simple!,
    sku: skuOf(number, place),
    listPrice: { minor, currency },
  }))
  const facts = composeFacts({
    productId: `p${number}`,
    externalId: `p${number}`,
    merchantId: 'self',
    content: content({ title: { en: number % 2 === 0 ? 'Oak lamp' : 'Red desk', 'zh-CN': '' }, variants }),
    branch: [],
    before: undefined,
    now,
  })
  return withStatus(facts, 'active', undefined)
}

/** Puts products on sale, or on sale again as they are now. */
export const saveAll = async (
  ports: PricedShop,
  saved: readonly Priced[],
  versions: Map<number, number>,
): Promise<void> => {
  const changes = saved.flatMap((each) => {
    const state = productOf(each, ports.clock.now())
    const version = versions.get(each.number) ?? 0
    versions.set(each.number, version + 1)
    return [
      put(products, { id: state.productId, version, state }),
      ...(version === 0 ? skuClaims(undefined, state) : []),
    ]
  })
  ;(await commitChanges(ports.storage, { shop: ports.shop, at: ports.clock.now(), changes }))._unsafeUnwrap()
}

/** Puts other price lists in the place of those of a revision. */
export const publish = async (ports: PricedShop, expectedRevision: number, lists: readonly PriceList[]) =>
  (await publishPriceLists(ports, byStaff(), { expectedRevision, lists }))._unsafeUnwrap()

/** Who looks, and where. */
type Viewer = { readonly groups: readonly string[]; readonly where: ShownWhere }

const contextOf = ({ groups }: Viewer) => ({ actor: { kind: 'customer', accountId: 'ann', groups } }) as const

const minor = fc.constantFrom(500, 999, 1_000, 1_500, 2_000, 4_999, 9_000)
const most = 14

/** Products of a catalog, each once. */
export const catalogs: fc.Arbitrary<readonly Priced[]> = fc.uniqueArray(
  fc.record({ number: fc.nat({ max: most - 1 }), minors: fc.array(minor, { minLength: 2, maxLength: 2 }) }),
  { selector: ({ number }) => number, minLength: 6, maxLength: most, size: 'max' },
)

const from = Date.UTC(2026, 0, 1)
const terms = fc.record(
  {
    groups: fc.subarray(['trade', 'staff'], { minLength: 1 }),
    channels: fc.constantFrom(['web'], ['app']),
    regions: fc.constant(['CN-GD']),
    from: fc.constantFrom(from, from + 4e10),
    to: fc.constantFrom(from + 8e10, from + 9e10),
  },
  { requiredKeys: [] },
)

/** Price lists, in both currencies, of whatever kind. */
export const priceLists: fc.Arbitrary<readonly PriceList[]> = fc
  .array(
    fc.record({
      terms,
      kind: fc.constantFrom('base', 'sale', 'override'),
      currency: fc.constantFrom('CNY', 'CNY', 'JPY'),
      prices: fc.uniqueArray(
        fc.record({ number: fc.nat({ max: most - 1 }), variant: fc.nat({ max: 1 }), unitMinor: minor }),
        { selector: ({ number, variant }) => `${number} ${variant}`, minLength: 3, maxLength: 12, size: 'max' },
      ),
    }),
    { minLength: 1, maxLength: 4, size: 'max' },
  )
  .map((all) =>
    all.map(({ terms: bounds, prices, ...list }, place) => ({
      ...bounds,
      ...list,
      listId: `list-${place}`,
      prices: prices.map(({ number, variant, unitMinor }) => ({ sku: skuOf(number, variant), unitMinor })),
    })),
  )

const viewer: fc.Arbitrary<Viewer> = fc.record({
  groups: fc.subarray(['trade', 'staff', 'other'], { minLength: 1 }),
  where: fc.record(
    {
      channel: fc.constantFrom('web', 'app'),
      region: fc.constantFrom('CN-GD', 'CN-SH'),
      currency: fc.constantFrom('JPY', 'CNY'),
    },
    { requiredKeys: [] },
  ),
})

/** A look at the shop: at which prices, in which order, between which. */
export type Look = {
  readonly viewer: Viewer
  readonly text: string
  readonly sort: 'priceAscending' | 'priceDescending' | 'newest'
  readonly filter: { readonly minPriceMinor?: number; readonly maxPriceMinor?: number }
}

/** Looks at such a shop. */
export const looks: fc.Arbitrary<Look> = fc.record({
  viewer,
  text: fc.constantFrom('', '', 'lamp'),
  sort: fc.constantFrom('priceAscending', 'priceDescending', 'newest'),
  filter: fc.record(
    { minPriceMinor: fc.constantFrom(0, 900, 1_500), maxPriceMinor: fc.constantFrom(1_000, 2_000, 5_000) },
    { requiredKeys: [] },
  ),
})

/** What everything costs whoever looks, one by one. */
const naivePrices = async (
  ports: PricedShop,
  catalog: readonly Priced[],
  { viewer: who, text }: Look,
): Promise<readonly CardPrice[]> => {
  const productIds = catalog.filter(({ number }) => text === '' || number % 2 === 0).map(({ number }) => `p${number}`)
  if (productIds.length === 0) return []
  return (await cardPrices(ports, contextOf(who), { productIds, ...who.where }))._unsafeUnwrap()
}

const inOrder =
  ({ sort }: Look) =>
  (a: CardPrice, b: CardPrice): number => {
    const sign = sort === 'newest' ? 0 : sort === 'priceAscending' ? 1 : -1
    return sign * (a.price.minor - b.price.minor) || compareCodePoints(a.productId, b.productId)
  }

/** Holds every page of a search and of a list against what a naive shop would show. */
export const expectAsNaive = async (ports: PricedShop, catalog: readonly Priced[], look: Look): Promise<void> => {
  const { viewer: who, text, sort, filter } = look
  const { minPriceMinor = 0, maxPriceMinor = Number.POSITIVE_INFINITY } = filter
  const all = await naivePrices(ports, catalog, look)
  const wanted = all.filter(({ price }) => price.minor >= minPriceMinor && price.minor <= maxPriceMinor)
  // The newest of all: products that were saved at one moment stand by id, others are not asked for by it.
  const expected = [...wanted]
    .sort(inOrder(look))
    .map(({ productId, price }): readonly (string | number)[] => [productId, price.minor])
  const asked = { filter, sort, limit: 4, ...who.where }

  const found: unknown[] = []
  let after: string | null | undefined
  do {
    const more = after === undefined || after === null ? {} : { after }
    const page = (await searchCards(ports, contextOf(who), { ...asked, ...more, text }))._unsafeUnwrap()
    found.push(...page.hits.map(({ productId, price }) => [productId, price.minor]))
    after = page.next
    expect(page.total).toBe(expected.length)
    // The counts of prices are made under all filters but their own.
    const counted = page.facets.prices.map(({ fromMinor, count }) => [fromMinor, count])
    expect(counted).toEqual(stepsOf(all))
  } while (after !== null)
  expect(sort === 'newest' ? new Set(found.map(String)) : found).toEqual(
    sort === 'newest' ? new Set(expected.map(String)) : expected,
  )
  if (text !== '') return

  const listed: (readonly (string | number)[])[] = []
  let end: string | null | undefined
  do {
    const more = end === undefined || end === null ? {} : { after: end }
    const page = (await listCards(ports, contextOf(who), { ...asked, ...more, counted: true }))._unsafeUnwrap()
    listed.push(...page.products.map(({ productId, price }) => [productId, price.minor]))
    end = page.next
    expect(page.counted?.total).toBe(expected.length)
  } while (end !== null)
  // A storage has what costs the same the other way round where it descends.
  expect([...listed].sort()).toEqual([...expected].sort())
  if (sort !== 'newest') expect(listed.map(([, price]) => price)).toEqual(expected.map(([, price]) => price))
}

const stepsOf = (all: readonly CardPrice[]): readonly (readonly number[])[] => {
  const counts = new Map<number, number>()
  for (const { price } of all) {
    const edge = priceEdges.filter((each) => each <= price.minor).at(-1) ?? 0
    counts.set(edge, (counts.get(edge) ?? 0) + 1)
  }
  return [...counts].sort(([a], [b]) => a - b)
}
