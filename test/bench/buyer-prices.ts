import { performance } from 'node:perf_hooks'
import { createShop, type Product, put, type Shop } from 'shopwright'
import { createConsoleNotifier } from 'shopwright/adapters/notify/console'
import { createScryptHasher } from 'shopwright/adapters/passwords/scrypt'
import { createPostgresStorage, type PostgresStorage } from 'shopwright/adapters/postgres'
import { createKeyedDigest, createSealer, systemClock } from 'shopwright/adapters/runtime'
import { startPostgresServer } from '../../scripts/postgres-server/start-server.js'
import { products } from '../../src/catalog/product.schema.js'
import { skuClaims } from '../../src/catalog/save-product.js'
import type { CatalogIndex } from '../../src/catalog/search/index/catalog-index.js'
import type { ViewerPrices } from '../../src/catalog/search/query/viewer-prices.js'
import { type Bench, type Figure, wholeOption } from './bench.js'
import { must, rowsAtOnce, write } from './bench-shop.js'
import { openCountingPool } from './counting-pool.js'
import { type FacetQuery, type Listed, listProducts, listQueries } from './facets/catalog.js'
import { askIndex, indexListed, skuOfListed } from './facets/engines.js'
import { quantileOf } from './search/relevance-metric.js'

const turns = 3
/** How many that have never looked do so, one after the other. */
const newcomers = 12

/** What a list takes that is sorted and bounded by what things cost whoever looks. */
export const bench: Bench<'sizes' | 'postgres' | 'named' | 'queries'> = {
  name: 'buyer-prices',
  summary: "lists sorted and bounded by the buyer's own prices, beside those at the catalog's",
  options: {
    sizes: {
      summary: 'how many products the index in process has, one size after the other',
      otherwise: '100000,1000000',
    },
    postgres: { summary: 'how many products stand in Postgres; 0 for none', otherwise: '55000' },
    named: { summary: 'how many SKUs a price list names', otherwise: '20000' },
    queries: { summary: 'questions, each timed thrice', otherwise: '70' },
  },
  run: async ({ sizes, postgres, named, queries: count }, report) => {
    const queries = listQueries(wholeOption('queries', count))
    const most = wholeOption('named', named)
    const figures: Figure[] = []
    for (const size of sizes.split(',').map((each) => wholeOption('sizes', each))) {
      report(`${size.toLocaleString('en')} products in process`)
      figures.push(...inProcess(size, most, queries))
    }
    const size = wholeOption('postgres', postgres, 0)
    if (size > 0) figures.push(...(await inPostgres(size, most, queries, report)))
    return figures
  },
}

const figure = (name: string, value: number, baseline: number | null = null, most: number | null = null): Figure => ({
  case: name,
  value,
  unit: 'ms',
  baseline,
  ratio: baseline === null ? null : value / baseline,
  target: most === null ? null : { kind: 'atMost', value: most },
  kind: 'time',
})

/** So many products, spread over all. */
const someOf = (listed: readonly Listed[], most: number, from: number): readonly Listed[] => {
  const step = Math.max(1, Math.floor(listed.length / most))
  return Array.from(
    { length: Math.min(most, listed.length) },
    (_, at) => listed[(from + at * step) % listed.length],
  ).flatMap((each) => each ?? [])
}

const priceFor = ({ price }: Listed, at: number): number => Math.max(1, Math.floor((price * (60 + (at % 60))) / 100))

const viewerOf = (listed: readonly Listed[], most: number, number: number, currency: string | null): ViewerPrices => {
  const own = new Map(someOf(listed, most, number).map((each, at) => [skuOfListed(each), priceFor(each, at + number)]))
  return {
    key: `viewer ${number} ${currency}`,
    skus: new Set(own.keys()),
    currency,
    priceOf: (variant) =>
      own.get(variant.sku) ?? (currency === null || currency === variant.currency ? variant.minor : null),
  }
}

const inProcess = (size: number, most: number, queries: readonly FacetQuery[]): readonly Figure[] => {
  const name = size.toLocaleString('en')
  const listed = listProducts(size)
  const index = indexListed(listed)
  const one = viewerOf(listed, most, 0, null)
  const catalog = timed(index, queries, undefined)
  const own = timed(index, queries, one)
  const first = (named: number, currency: string | null): number => {
    const [query] = queries
    const took = Array.from({ length: newcomers }, (_, at) => {
      const prices = viewerOf(listed, named, 100 + at, currency)
      const begin = performance.now()
      if (query !== undefined) look(index, query, prices)
      return performance.now() - begin
    })
    // Of the first something is made that all have in common.
    return quantileOf(took.slice(1), 0.5)
  }
  const sortMs = sortOf(listed)
  return [
    figure(`p50 ${name}, own prices`, quantileOf(own, 0.5), quantileOf(catalog, 0.5)),
    figure(`p95 ${name}, own prices`, quantileOf(own, 0.95), quantileOf(catalog, 0.95), 1.5),
    // Beside a bare sort of so many prices.
    figure(`the first look ${name}, ${most.toLocaleString('en')} prices of their own`, first(most, null), sortMs),
    figure(`the first look ${name}, 200 prices of their own`, first(200, null), sortMs),
    figure(`the first look ${name}, in another currency`, first(most, 'JPY'), sortMs),
  ]
}

const look = (index: CatalogIndex, query: FacetQuery, prices: ViewerPrices | undefined): unknown =>
  askIndex(index, query, { isTotalOnly: true, ...(prices === undefined ? {} : { prices }) })

const timed = (
  index: CatalogIndex,
  queries: readonly FacetQuery[],
  prices: ViewerPrices | undefined,
): readonly number[] => {
  for (const query of queries.slice(0, 7)) look(index, query, prices)
  const quickest = queries.map(() => Number.POSITIVE_INFINITY)
  for (let turn = 0; turn < turns; turn += 1) {
    for (const [at, query] of queries.entries()) {
      const begin = performance.now()
      look(index, query, prices)
      quickest[at] = Math.min(quickest[at] ?? 0, performance.now() - begin)
    }
  }
  return quickest
}

const sortOf = (listed: readonly Listed[]): number => {
  const prices = Float64Array.from(listed, ({ price }) => price)
  let quickest = Number.POSITIVE_INFINITY
  for (let turn = 0; turn < turns; turn += 1) {
    const copy = prices.slice()
    const begin = performance.now()
    copy.sort()
    quickest = Math.min(quickest, performance.now() - begin)
  }
  return quickest
}

const shopName = 'priced'
const key = new Uint8Array(32).fill(7)
const staff = { actor: { kind: 'staff', staffId: 'sue', roles: [] } } as const
const buyer = (groups: readonly string[]) => ({ actor: { kind: 'customer', accountId: 'ann', groups } }) as const

const productOf = (each: Listed, now: number): Product => ({
  status: 'active',
  publishedAt: now,
  productId: each.id,
  externalId: each.id,
  merchantId: 'self',
  title: { en: `A thing of ${each.category}, ${each.colour}`, 'zh-CN': '' },
  description: { en: '', 'zh-CN': '' },
  brand: each.brand,
  homeCategoryIds: [each.category],
  categoryIds: [each.category],
  variants: [
    {
      sku: skuOfListed(each),
      options: {},
      listPrice: { minor: each.price, currency: 'CNY' },
      weightGrams: 500,
      taxClass: 'goods',
      discountable: true,
    },
  ],
  attributes: { colour: each.colour, spec: each.spec, stock: each.stock, grade: each.grade },
  media: [],
  perPersonLimit: null,
  facets: [],
  minPriceMinor: each.price,
  createdAt: now,
  updatedAt: now,
})

const openShop = (storage: PostgresStorage, now: () => number): Shop =>
  createShop({
    shop: shopName,
    storage,
    catalogIndex: storage.catalogIndex,
    clock: { now },
    digests: createKeyedDigest({ key }),
    sealer: createSealer({ current: { keyId: 'k1', key } }),
    hasher: createScryptHasher(),
    notifier: createConsoleNotifier(),
    gateways: {},
  })

const inPostgres = async (
  size: number,
  most: number,
  queries: readonly FacetQuery[],
  report: (line: string) => void,
): Promise<readonly Figure[]> => {
  const settings = { shared_buffers: '512MB' }
  const server = await startPostgresServer({ durable: true, maxConnections: 20, settings })
  const { pool } = await openCountingPool(server.url(), 2)
  try {
    const storage = createPostgresStorage({ pool, prepared: 'named' })
    must(await storage.migrate())
    report(`${size.toLocaleString('en')} products in Postgres: writing`)
    const listed = listProducts(size)
    const start = systemClock.now() - 3_600_000
    for (let at = 0; at < listed.length; at += rowsAtOnce) {
      const changes = listed.slice(at, at + rowsAtOnce).flatMap((each) => {
        const state = productOf(each, start)
        return [put(products, { id: state.productId, version: 0, state }), ...skuClaims(undefined, state)]
      })
      await write(storage, shopName, changes)
    }
    let later = 0
    const shop = openShop(storage, () => systemClock.now() + later)
    const trade = someOf(listed, most, 0).map((each, at) => ({ sku: skuOfListed(each), unitMinor: priceFor(each, at) }))
    const lists = [{ listId: 'trade', kind: 'override', currency: 'CNY', groups: ['trade'], prices: trade } as const]
    must(await shop.pricing.publishPriceLists({ ...staff, key: 'lists' }, { expectedRevision: 0, lists }))
    must(await shop.upkeep.sealCatalog())
    await pool.query('vacuum analyze')
    report(`${size.toLocaleString('en')} products in Postgres: asking`)
    const ask = async (groups: readonly string[], query: FacetQuery): Promise<number> => {
      const begin = performance.now()
      must(await shop.storefront.listCards(buyer(groups), inputOf(query)))
      return performance.now() - begin
    }
    const all = async (groups: readonly string[]): Promise<readonly number[]> => {
      const quickest = queries.map(() => Number.POSITIVE_INFINITY)
      for (let turn = 0; turn < turns; turn += 1) {
        for (const [at, query] of queries.entries()) {
          quickest[at] = Math.min(quickest[at] ?? 0, await ask(groups, query))
        }
      }
      return quickest
    }
    const [query] = queries
    if (query === undefined) return []
    const catalog = await all([])
    const first = await ask(['trade'], query)
    const own = await all(['trade'])
    const afterChange: number[] = []
    for (const each of listed.slice(0, newcomers)) {
      later += 1
      const now = systemClock.now() + later
      const state = { ...productOf(each, start), updatedAt: now }
      await write(storage, shopName, [put(products, { id: each.id, version: 1, state })])
      afterChange.push(await ask(['trade'], query))
    }
    const name = `${size.toLocaleString('en')} in Postgres`
    return [
      figure(`p50 ${name}, own prices`, quantileOf(own, 0.5), quantileOf(catalog, 0.5)),
      figure(`p95 ${name}, own prices`, quantileOf(own, 0.95), quantileOf(catalog, 0.95)),
      figure(`the first look ${name}, ${most.toLocaleString('en')} prices of their own`, first),
      figure(`p50 ${name}, behind a change of a product`, quantileOf(afterChange.slice(1), 0.5)),
    ]
  } finally {
    await pool.end()
    await server.stop()
  }
}

const inputOf = ({ values, price }: FacetQuery) => ({
  sort: 'priceAscending' as const,
  limit: 24,
  filter: {
    ...(values.category?.[0] === undefined ? {} : { categoryId: values.category[0] }),
    ...(values.brand === undefined ? {} : { brands: values.brand }),
    ...(price === null ? {} : { minPriceMinor: price.from, maxPriceMinor: price.to }),
  },
})
