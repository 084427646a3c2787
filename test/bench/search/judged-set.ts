import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'

/** A product as the benchmark gives it to every engine. */
export type Goods = {
  readonly id: string
  readonly title: string
  readonly brand: string
  readonly description: string
  /** The values of its attributes, joined. */
  readonly attributes: string
}

/** A query with what each judged product is worth for it: 1, 0.5 or 0. */
export type JudgedQuery = {
  readonly id: string
  readonly text: string
  readonly gains: ReadonlyMap<string, number>
}

/** Products and judged queries. */
export type JudgedSet = {
  readonly name: string
  readonly goods: readonly Goods[]
  readonly queries: readonly JudgedQuery[]
}

/** The names of the sets of a folder: those with queries, judgements and products. */
export const listSets = (folder: string): readonly string[] =>
  existsSync(folder)
    ? readdirSync(folder)
        .flatMap((file) => /^(.+)\.queries\.tsv\.gz$/.exec(file)?.[1] ?? [])
        .filter((name) => existsSync(join(folder, `${name}.qrels.tsv.gz`)) && goodsFileOf(folder, name) !== undefined)
        .sort()
    : []

/** Reads a set; queries that nothing is worth anything for are left out, for there is nothing to find. */
export const readSet = (folder: string, name: string): JudgedSet => {
  const gains = new Map<string, Map<string, number>>()
  for (const [query = '', document = '', gain = '0'] of readTable(join(folder, `${name}.qrels.tsv.gz`))) {
    const held = gains.get(query) ?? new Map<string, number>()
    gains.set(query, held.set(document, Number(gain)))
  }
  const queries = readTable(join(folder, `${name}.queries.tsv.gz`))
    .map(([id = '', text = '']): JudgedQuery => ({ id, text, gains: gains.get(id) ?? new Map() }))
    .filter((query) => [...query.gains.values()].some((gain) => gain > 0))
  return { name, goods: readGoods(folder, name), queries: sampleOf(name, queries) }
}

/** The lines of a packed table, split into cells. */
export const readTable = (path: string): readonly (readonly string[])[] =>
  gunzipSync(readFileSync(path))
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.replace(/\r$/, '').split('\t'))

const mostQueries = 800

// Judgements are shallow where there are many queries: those with five of them and a sure find, 800 by their digests.
const sampleOf = (name: string, queries: readonly JudgedQuery[]): readonly JudgedQuery[] => {
  if (queries.length <= mostQueries) return queries
  return queries
    .filter(({ gains }) => gains.size >= 5 && [...gains.values()].some((gain) => gain >= 1))
    .map((query) => ({ query, digest: createHash('sha256').update(`${name}:${query.id}`).digest('hex') }))
    .sort((a, b) => (a.digest < b.digest ? -1 : 1))
    .slice(0, mostQueries)
    .map(({ query }) => query)
}

const goodsFileOf = (folder: string, name: string): string | undefined =>
  [`${name}.docs.jsonl.gz`, `${name}_titles.jsonl.gz`]
    .map((file) => join(folder, file))
    .find((path) => existsSync(path))

type Row = {
  readonly id: string
  readonly title: string
  readonly brand?: string
  readonly desc?: string
  readonly attrs?: Readonly<Record<string, unknown>>
  /** Who labelled a title; what nobody labelled cannot be judged. */
  readonly src?: string
}

const readGoods = (folder: string, name: string): readonly Goods[] =>
  gunzipSync(readFileSync(goodsFileOf(folder, name) ?? ''))
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
    // The file's shape is that of its data sheet; what may be missing is optional.
    .map((line) => JSON.parse(line) as Row)
    .filter(({ src }) => src !== 'none')
    .map(({ id, title, brand = '', desc = '', attrs = {} }) => ({
      id,
      title,
      brand,
      description: desc,
      attributes: Object.values(attrs).join(' '),
    }))
