import pg from 'pg'
import { startPostgresServer } from '../../../scripts/postgres-server/start-server.js'
import { type FacetName, type FacetQuery, facetNames, type Listed, valuesOf } from './catalog.js'

/** Answers a question, and how many products meet it. */
type Ask = (query: FacetQuery) => Promise<number>

/** A table of products as a shop without an index would keep it, and the ways to ask it. */
export type GoodsTable = {
  /** The first by price, and how many of each value there are: each facet by a look of its own. */
  readonly byFacet: Ask
  /** The same in one look, in which a product counts where it misses no condition but that on the facet. */
  readonly atOnce: Ask
  /** The first by price, and how many there are in all. */
  readonly first: Ask
  readonly stop: () => Promise<void>
}

/** Numbers instead of names, which are quicker. */
const numberOf = (facet: FacetName, value: string): number => valuesOf[facet].indexOf(value)

/** Rows that go out in one statement. */
const atOnce = 50_000

/**
 * Puts products into a table of a server of their own: every facet and the price indexed, analysed, and all in memory.
 *
 * @param most - how many of the first are asked for
 */
export const openGoodsTable = async (listed: readonly Listed[], most: number): Promise<GoodsTable> => {
  const settings = {
    shared_buffers: '1GB',
    work_mem: '256MB',
    random_page_cost: '1.1',
    effective_cache_size: '4GB',
    jit: 'off',
    // A plan for the very values is never worse here than one for any.
    plan_cache_mode: 'force_custom_plan',
  }
  const server = await startPostgresServer({ maxConnections: 5, settings })
  const client = new pg.Client({ connectionString: server.url() })
  const stop = async (): Promise<void> => {
    await client.end()
    await server.stop()
  }
  await client.connect()
  await fill(client, listed)
  const forms = createForms(most)
  const ask =
    (form: (query: FacetQuery) => Form): Ask =>
    async (query) => {
      const { text, values } = form(query)
      const name = `q${forms.numberOf(text)}`
      const { rows } = await client.query<{ readonly total: string | null }>({ name, text, values: [...values] })
      return Number(rows.find(({ total }) => total !== null)?.total)
    }
  return { byFacet: ask(forms.byFacet), atOnce: ask(forms.atOnce), first: ask(forms.first), stop }
}

const fill = async (client: pg.Client, listed: readonly Listed[]): Promise<void> => {
  const columns = facetNames.map((name) => `${name} smallint not null`).join(', ')
  await client.query(`create table goods (id text collate "C" not null, price int not null, ${columns})`)
  const places = new Map(
    facetNames.map((facet) => [facet, new Map(valuesOf[facet].map((value, at) => [value, at]))] as const),
  )
  for (let at = 0; at < listed.length; at += atOnce) {
    const some = listed.slice(at, at + atOnce)
    const facets = facetNames.map((facet) => some.map((each) => places.get(facet)?.get(each[facet]) ?? 0))
    await client.query(
      `insert into goods select * from unnest($1::text[], $2::int[], ${facetNames.map((_, place) => `$${place + 3}::smallint[]`).join(', ')})`,
      [some.map(({ id }) => id), some.map(({ price }) => price), ...facets],
    )
  }
  await client.query('create index on goods (price, id)')
  for (const facet of facetNames) await client.query(`create index on goods (${facet}, price, id)`)
  await client.query('vacuum (analyze, freeze) goods')
}

type Form = { readonly text: string; readonly values: readonly unknown[] }

const createForms = (most: number) => {
  const numbers = new Map<string, number>()
  const numberOfText = (text: string): number => {
    const known = numbers.get(text) ?? numbers.size
    numbers.set(text, known)
    return known
  }
  const none = (count: number): string => Array.from({ length: count }, () => 'null').join(', ')
  const firstOf = (conditions: readonly string[]): string =>
    `select id from goods${whereOf(conditions)} order by price, id limit ${most}`
  return {
    numberOf: numberOfText,
    first: (query: FacetQuery): Form => {
      const { values, all } = conditionsOf(query)
      const first = `select f.id, null::bigint as total from (${firstOf(all)}) f`
      return { text: `${first} union all select null, count(*) from goods${whereOf(all)}`, values }
    },
    byFacet: (query: FacetQuery): Form => {
      const { values, all, facets, price } = conditionsOf(query)
      const counts = facetNames.map((facet, at) => {
        const others = [...price, ...facetNames.flatMap((other) => (other === facet ? [] : (facets.get(other) ?? [])))]
        return `select null, null::bigint, ${at}, ${facet}::int, count(*) from goods${whereOf(others)} group by ${facet}`
      })
      const total = `select null, count(*), null, null, null from goods${whereOf(all)}`
      const first = `select f.id, null::bigint as total, null::int as facet, null::int as value, null::bigint as count from (${firstOf(all)}) f`
      return { text: [first, total, ...counts].join(' union all '), values }
    },
    atOnce: (query: FacetQuery): Form => {
      const { values, all, facets, price } = conditionsOf(query)
      const asked = facetNames.filter((facet) => facets.has(facet))
      const missing =
        asked.length === 0
          ? '0'
          : asked.map((facet) => `case when ${facets.get(facet)} then 0 else ${bitOf(facet)} end`).join(' + ')
      const counted = asked.map((facet) => `count(*) filter (where missing = ${bitOf(facet)})`)
      const names = facetNames.join(', ')
      const sets = facetNames.map((facet) => `(${facet})`).join(', ')
      const counts =
        `select null, null::bigint, ${names}, count(*) filter (where missing = 0)${counted.map((each) => `, ${each}`).join('')} ` +
        `from (select ${names}, ${missing} as missing from goods${whereOf(price)}) g group by grouping sets (${sets})`
      const types = facetNames.map((facet) => `null::smallint as ${facet}`).join(', ')
      const kinds = [...Array(counted.length + 1).keys()].map((at) => `null::bigint as c${at}`).join(', ')
      const first = `select f.id, null::bigint as total, ${types}, ${kinds} from (${firstOf(all)}) f`
      const total = `select null, count(*), ${none(facetNames.length + counted.length + 1)} from goods${whereOf(all)}`
      return { text: [first, total, counts].join(' union all '), values }
    },
  }
}

const bitOf = (facet: FacetName): number => 2 ** facetNames.indexOf(facet)

const whereOf = (conditions: readonly string[]): string =>
  conditions.length === 0 ? '' : ` where ${conditions.join(' and ')}`

const conditionsOf = ({ values: wanted, price: bounds }: FacetQuery) => {
  const values: unknown[] = []
  const bind = (value: unknown): string => {
    values.push(value)
    return `$${values.length}`
  }
  const price = bounds === null ? [] : [`price between ${bind(bounds.from)} and ${bind(bounds.to)}`]
  const facets = new Map(
    facetNames.flatMap((facet) => {
      const asked = wanted[facet]
      return asked === undefined
        ? []
        : [[facet, `${facet} = any (${bind(asked.map((value) => numberOf(facet, value)))}::smallint[])`] as const]
    }),
  )
  return { values, price, facets, all: [...price, ...facets.values()] }
}
