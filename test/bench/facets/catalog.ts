/** A product as every engine is given it. */
export type Listed = {
  readonly id: string
  readonly category: string
  readonly brand: string
  readonly colour: string
  readonly spec: string
  readonly stock: string
  readonly grade: string
  readonly price: number
}

/** The facets that are filtered by and counted. */
export const facetNames = ['category', 'brand', 'colour', 'spec', 'stock', 'grade'] as const

/** The name of a facet. */
export type FacetName = (typeof facetNames)[number]

/** What is asked: any of some values of each facet named, a price within bounds. */
export type FacetQuery = {
  readonly values: Readonly<Partial<Record<FacetName, readonly string[]>>>
  readonly price: { readonly from: number; readonly to: number } | null
}

/** A source of chance that says the same at every run: a number from 0 up to and without 1. */
const createChance = (seed: number): (() => number) => {
  let state = seed | 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 0x1_0000_0000
  }
}

/** All values of each facet. */
export const valuesOf: Readonly<Record<FacetName, readonly string[]>> = {
  category: Array.from({ length: 600 }, (_, at) => `c${at}`),
  brand: Array.from({ length: 500 }, (_, at) => `b${at}`),
  colour: Array.from({ length: 16 }, (_, at) => `colour${at}`),
  spec: Array.from({ length: 8 }, (_, at) => `spec${at}`),
  stock: ['in', 'low', 'out'],
  grade: ['1', '2', '3', '4', '5'],
}

// A few brands have most of the goods: the rank is drawn evenly on a logarithmic scale.
const draw = (facet: FacetName, chance: number): string => {
  const values = valuesOf[facet]
  const at = facet === 'brand' ? Math.floor(values.length ** chance) - 1 : Math.floor(values.length * chance)
  return values[at] ?? ''
}

/** So many products, of which about half cost less than 100.00. */
export const listProducts = (count: number): readonly Listed[] => {
  const chance = createChance(20_261_128)
  return Array.from({ length: count }, (_, at) => ({
    id: `p${String(at).padStart(8, '0')}`,
    category: draw('category', chance()),
    brand: draw('brand', chance()),
    colour: draw('colour', chance()),
    spec: draw('spec', chance()),
    stock: draw('stock', chance()),
    grade: draw('grade', chance()),
    price: Math.floor(10 ** (2 + 4 * chance())),
  }))
}

/** Questions with conditions on none up to all facets, and on the price in six of ten. */
export const listQueries = (count: number): readonly FacetQuery[] => {
  const chance = createChance(7_411)
  return Array.from({ length: count }, (_, at) => {
    const isAsked = facetNames.map((name) => ({ name, order: chance() })).sort((a, b) => a.order - b.order)
    const values = isAsked.slice(0, at % 7).map(({ name }) => {
      // A shopper looks into one category, and may tick several values of anything else.
      const most = name === 'category' ? 1 : 3
      const wanted = Array.from({ length: 1 + Math.floor(most * chance()) }, () => draw(name, chance()))
      return [name, [...new Set(wanted)]] as const
    })
    const from = Math.floor(10 ** (2 + 3 * chance()))
    const price = chance() < 0.6 ? { from, to: Math.floor(from * (1.5 + 20 * chance())) } : null
    return { values: Object.fromEntries(values), price }
  })
}

/** What a look at every product finds: how many meet the query, and of each facet how many under each value. */
export type PlainAnswer = {
  readonly total: number
  readonly counts: Readonly<Record<FacetName, ReadonlyMap<string, number>>>
  /** Ids of the cheapest, ties by id. */
  readonly cheapest: readonly string[]
}

/** Looks at every product; counts of a facet are made under all conditions but its own. */
export const lookAtAll = (listed: readonly Listed[], { values, price }: FacetQuery, most: number): PlainAnswer => {
  const meets = (each: Listed, name: FacetName): boolean => values[name]?.includes(each[name]) ?? true
  const isPriced = (each: Listed): boolean => price === null || (each.price >= price.from && each.price <= price.to)
  const open = listed.filter((each) => isPriced(each) && facetNames.every((name) => meets(each, name)))
  const countOf = (counted: FacetName): ReadonlyMap<string, number> => {
    const counts = new Map<string, number>()
    for (const each of listed) {
      if (!isPriced(each) || facetNames.some((name) => name !== counted && !meets(each, name))) continue
      counts.set(each[counted], (counts.get(each[counted]) ?? 0) + 1)
    }
    return counts
  }
  return {
    total: open.length,
    counts: {
      category: countOf('category'),
      brand: countOf('brand'),
      colour: countOf('colour'),
      spec: countOf('spec'),
      stock: countOf('stock'),
      grade: countOf('grade'),
    },
    cheapest: [...open]
      .sort((a, b) => a.price - b.price || (a.id < b.id ? -1 : 1))
      .slice(0, most)
      .map(({ id }) => id),
  }
}
