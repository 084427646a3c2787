import fc from 'fast-check'
import type { SearchDocument } from '../../../../src/catalog/search/index/search-document.js'
import type { CatalogQuery } from '../../../../src/catalog/search/query/catalog-query.js'
import type { WithinPart } from '../../../../src/catalog/search/query/filter-documents.js'

const words =
  'lamp desk red oak for with 耳机 无线 降噪 适用 15 500ml usb-c lamps iPhone15 Canon toilet seat toiletseat'.split(' ')
const brands = ['Orrin', 'Knot', 'Tidal', '小米']
const colours = ['red', 'blue', 'green', '红色']
const places = [['home'], ['home', 'home/desk'], ['garden'], []] as const
/** Names that queries have: what stands in a category that is named comes before what only has the words. */
const placeNames = { home: 'Lamps', 'home/desk': 'Desk lamp', garden: '耳机' } as const
const codes = ['WH-1000XM4', 'A-15', 'KT 77']
const volumes = ['500 ml', '0.3 l', '2 l']

const facet = (name: string, value: string) => ({ facet: name, value, label: value })
const text = (most: number) =>
  fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: most }).map((all) => all.join(' '))

/** A product, by its number. */
const products = fc
  .record({
    number: fc.nat({ max: 120 }),
    title: text(6),
    description: text(9),
    brand: fc.option(fc.constantFrom(...brands), { nil: undefined }),
    colours: fc.uniqueArray(fc.constantFrom(...colours), { maxLength: 2 }),
    volume: fc.option(fc.constantFrom(...volumes), { nil: undefined, freq: 2 }),
    place: fc.constantFrom(...places),
    code: fc.option(fc.constantFrom(...codes), { nil: undefined, freq: 1 }),
    tag: fc.boolean(),
    rating: fc.nat({ max: 5 }),
    price: fc.option(fc.constantFrom(0, 1, 999, 1_000, 1_999, 5_000, 70_000)),
    at: fc.nat({ max: 4 }),
    sold: fc.nat({ max: 3 }),
  })
  .map(
    ({
      number,
      title,
      description,
      brand,
      volume,
      place,
      code,
      tag,
      rating,
      price,
      at,
      sold,
      ...more
    }): SearchDocument => ({
      id: `p${number}`,
      texts: {
        title: [title, ''],
        brand: brand === undefined ? [] : [brand],
        category: [...place],
        codes: code === undefined ? [] : [code],
        attributes: more.colours,
        description: [description],
      },
      facets: [
        facet('merchant', number % 2 === 0 ? 'even' : 'odd'),
        facet('currency', 'CNY'),
        ...(brand === undefined ? [] : [facet('brand', brand)]),
        ...place.map((each) => ({ facet: 'category', value: each, label: placeNames[each] })),
        ...more.colours.map((each) => facet('attribute:colour', each)),
        ...(volume === undefined ? [] : [facet('attribute:volume', volume)]),
        ...(number === 7 ? [facet('attribute:rare', 'yes')] : []),
        ...(tag ? [facet('tag', 'sale')] : []),
        ...(rating === 0 ? [] : [facet('rating', String(rating))]),
      ],
      priceMinor: price,
      createdAt: at,
      launchedAt: at / 2,
      sold,
      trend: at * sold * 0.1,
      recommendation: rating * 1_000,
    }),
  )

/** Products of a catalog, each once. */
export const catalogs = fc.uniqueArray(products, {
  selector: ({ id }) => id,
  minLength: 20,
  maxLength: 100,
  size: 'max',
})

/** What changes in it. */
export const changes = fc.record({
  changed: fc.uniqueArray(
    fc
      .tuple(products, fc.boolean())
      .map(([each, isNew]) => (isNew ? { ...each, texts: { ...each.texts, title: ['zeppelin red lamp'] } } : each)),
    { selector: ({ id }) => id, maxLength: 15 },
  ),
  gone: fc.uniqueArray(
    fc.nat({ max: 120 }).map((number) => `p${number}`),
    { maxLength: 8 },
  ),
})

const ids = fc.array(
  fc.nat({ max: 125 }).map((number) => `p${number}`),
  { maxLength: 4 },
)
const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined, freq: 1 })

const filters = fc.record(
  {
    brands: fc.subarray(['Orrin', 'Knot', 'Nobody'], { minLength: 1 }),
    categoryId: fc.constantFrom('home', 'home/desk', 'garden', 'nowhere'),
    tags: fc.constant(['sale']),
    minRating: fc.integer({ min: 1, max: 5 }),
    attributes: fc.record(
      {
        colour: fc.subarray<string | null>(['red', 'blue', null], { minLength: 1 }),
        volume: fc.subarray<string | null>(['500ml', null], { minLength: 1 }),
        unheard: fc.subarray<string | null>(['x', null], { minLength: 1 }),
      },
      { requiredKeys: [] },
    ),
    amounts: fc.constant({ volume: { from: '0.4 l' } }),
    minPriceMinor: fc.constantFrom(0, 1, 1_000),
    maxPriceMinor: fc.constantFrom(0, 1_999, 70_000),
  },
  { requiredKeys: [] },
)

const part: fc.Arbitrary<WithinPart> = fc.oneof(
  fc
    .constantFrom('even', 'nobody')
    .map((value) => ({ kind: 'facet', facet: 'merchant', values: new Set([value]) }) as const),
  fc.constant({ kind: 'facet', facet: 'attribute:colour', values: new Set(['red']), orNotStated: true } as const),
  // What has several of the values is found once.
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      { kind: 'facet', facet: 'attribute:colour', values: new Set(['red', 'blue']) } as const,
      { kind: 'facet', facet: 'category', values: new Set(['home', 'home/desk']) } as const,
    ),
  },
  fc.constant({ kind: 'price', fromMinor: 1, toMinor: 5_000 } as const),
  fc.record({
    kind: fc.constant('atLeast' as const),
    column: fc.constantFrom('launchedAt', 'trend'),
    least: fc.constantFrom(0, 0.5, 1),
  }),
  ids.map((all) => ({ kind: 'products', ids: all }) as const),
)
const within: fc.Arbitrary<WithinPart> = fc.oneof(
  { weight: 3, arbitrary: part },
  {
    weight: 1,
    arbitrary: fc
      .oneof(
        fc.array(fc.array(part, { maxLength: 2 }), { maxLength: 2 }),
        part.map((each) => [[each]]),
      )
      .map((choices) => ({ kind: 'anyOf', choices }) as const),
  },
)

/** A query of such a catalog. */
export const queries = fc
  .record({
    text: fc.oneof(
      { weight: 2, arbitrary: fc.constant('') },
      {
        weight: 5,
        arbitrary: fc
          .array(fc.constantFrom(...words, 'lmap', 'zeppelin', '耳麦', 'sofa', 'deskk', '1000'), {
            minLength: 1,
            maxLength: 5,
          })
          .map((all) => all.join(' ')),
      },
      { weight: 1, arbitrary: fc.constantFrom(...codes, 'wh1000xm4', '无线耳机', 'for the', '\u0000 lamp \ud800') },
    ),
    filter: filters,
    within: fc.oneof(
      { weight: 1, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.array(within, { minLength: 1, maxLength: 2 }) },
    ),
    among: maybe(ids.map((all) => new Set([...all, 'p1', 'p2', 'p3', 'p4', 'p5', 'p6']))),
    sort: fc.oneof(
      { weight: 3, arbitrary: fc.constant('relevance' as const) },
      {
        weight: 2,
        arbitrary: fc.constantFrom(
          ...(['newest', 'launched', 'priceAscending', 'priceDescending', 'sales', 'hot', 'rating'] as const),
        ),
      },
    ),
    after: maybe(fc.record({ key: fc.constantFrom(-1_000, 0, 1, 2, 1_000), id: fc.constantFrom('p3', 'p5') })),
    offset: fc.constantFrom(0, 0, 1, 5, 40),
    limit: fc.constantFrom(0, 1, 10, 100),
    isExplained: fc.boolean(),
    brands: maybe(fc.constantFrom({ first: 5, most: 1 }, { first: 10, most: 4 })),
    pinned: maybe(ids),
    buried: maybe(ids),
    isBoosted: fc.boolean(),
  })
  .map(
    ({ among, after, brands: share, pinned, buried, isBoosted, sort, ...rest }): CatalogQuery => ({
      ...rest,
      sort,
      ...(among === undefined ? {} : { among }),
      ...(after === undefined || sort === 'relevance' ? {} : { after }),
      arrangement: {
        ...(share === undefined ? {} : { brands: share }),
        ...(pinned === undefined ? {} : { pinned }),
        ...(buried === undefined ? {} : { buried }),
        ...(isBoosted ? { boost: (id: string) => (id.length === 2 ? 0.1 : -0.05) } : {}),
      },
    }),
  )
