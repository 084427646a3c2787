import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { installContender } from '../install-contender.js'
import type { Engine } from './engine.js'
import type { Goods } from './judged-set.js'

/** The engines that ours is held against. */
export type Contenders = {
  /** With the settings that did best: boosted fields, stems, stop words; Chinese in pairs of characters. */
  readonly miniSearch: Engine
  readonly orama: Engine
  readonly flexSearch: Engine
  readonly itemsJs: Engine
}

type Hit = { readonly id: string }

// What is called of the packages, as they export it.
type MiniSearchClass = new (options: {
  readonly fields: readonly string[]
  readonly tokenize: (text: string) => readonly string[]
  readonly processTerm: (term: string) => string | null
  readonly searchOptions: { readonly boost: Readonly<Record<string, number>> }
}) => { readonly addAll: (goods: readonly Goods[]) => void; readonly search: (text: string) => readonly Hit[] }

type Orama = {
  readonly create: (options: object) => unknown
  readonly insertMultiple: (database: unknown, goods: readonly object[], batch: number) => Promise<unknown> | unknown
  readonly search: (database: unknown, options: object) => Promise<OramaFound> | OramaFound
}
type OramaFound = { readonly hits: readonly Hit[] }

type FlexDocument = {
  readonly add: (goods: Goods) => void
  readonly search: (text: string, options: object) => readonly { readonly result: readonly string[] }[]
}
type FlexSearch = { readonly Document: new (options: object) => FlexDocument }

type ItemsJs = (
  goods: readonly Goods[],
  options: object,
) => { readonly search: (options: object) => { readonly data: { readonly items: readonly Hit[] } } }

/** Installs the engines where they are not there yet; null where they cannot be had. */
export const openContenders = async (root: string, report: (line: string) => void): Promise<Contenders | null> => {
  const folder = installContender(root, { described: 'search/contenders', name: 'search' }, report)
  if (folder === null) return null
  const load = createRequire(join(folder, 'package.json'))
  const MiniSearch: MiniSearchClass = load('minisearch')
  const orama: Orama = load('@orama/orama')
  const flexSearch: FlexSearch = load('flexsearch')
  const itemsJs: ItemsJs = load('itemsjs')
  const { stemmer }: { stemmer: (word: string) => string } = await import(
    pathToFileURL(join(folder, 'node_modules/stemmer/index.js')).href
  )
  return {
    miniSearch: miniSearchOf(MiniSearch, stemmer),
    orama: oramaOf(orama),
    flexSearch: flexSearchOf(flexSearch),
    itemsJs: itemsJsOf(itemsJs),
  }
}

const fields = ['title', 'brand', 'description', 'attributes'] as const
const boost = { title: 4, brand: 3, description: 1, attributes: 0.5 }

const miniSearchOf = (MiniSearch: MiniSearchClass, stemmer: (word: string) => string): Engine => ({
  name: 'MiniSearch',
  build: (goods) => {
    const index = new MiniSearch({
      fields,
      tokenize: wordsAndPairs,
      processTerm: (term) => {
        const lower = term.toLowerCase()
        return stopWords.has(lower) ? null : /^[a-z]+$/.test(lower) ? stemmer(lower) : lower
      },
      searchOptions: { boost },
    })
    index.addAll(goods)
    return {
      search: (text, limit) =>
        index
          .search(text)
          .slice(0, limit)
          .map(({ id }) => id),
    }
  },
})

/** Words as MiniSearch splits them, and of Chinese text each two characters that stand together. */
const wordsAndPairs = (text: string): readonly string[] => {
  const words = text.split(spaceOrPunctuation).filter((word) => word !== '')
  if (!han.test(text)) return words
  return words.flatMap((word) => (word.match(runs) ?? []).flatMap((run) => (han.test(run) ? pairsOf(run) : [run])))
}

const pairsOf = (run: string): readonly string[] => {
  const characters = [...run]
  if (characters.length === 1) return characters
  return characters.slice(1).map((character, index) => (characters[index] ?? '') + character)
}

const spaceOrPunctuation = /[\n\r\p{Z}\p{P}]+/u
const han = /\p{Script=Han}/u
const runs = /\p{Script=Han}+|(?:(?!\p{Script=Han})\p{L})+|\p{N}+/gu

const stopWords: ReadonlySet<string> = new Set(
  'a an and are as at be but by for if in into is it no not of on or such that the their then there these they this to was will with'.split(
    ' ',
  ),
)

const oramaOf = ({ create, insertMultiple, search }: Orama): Engine => ({
  name: 'Orama',
  build: async (goods) => {
    const database = create({
      schema: { title: 'string', brand: 'string', description: 'string', attributes: 'string' },
      components: { tokenizer: { stemming: false } },
    })
    await insertMultiple(database, goods, 5_000)
    return {
      search: async (text, limit) =>
        (await search(database, { term: text, limit, threshold: 0, boost, properties: fields })).hits.map(
          ({ id }) => id,
        ),
    }
  },
})

const flexSearchOf = ({ Document }: FlexSearch): Engine => ({
  name: 'FlexSearch',
  build: (goods) => {
    const index = new Document({ document: { id: 'id', index: [...fields] } })
    for (const each of goods) index.add(each)
    return {
      search: (text, limit) => {
        const found = new Set(index.search(text, { limit }).flatMap(({ result }) => result))
        return [...found].slice(0, limit)
      },
    }
  },
})

const itemsJsOf = (itemsJs: ItemsJs): Engine => ({
  name: 'ItemsJS',
  build: (goods) => {
    const index = itemsJs(goods, { searchableFields: [...fields], aggregations: {} })
    return {
      search: (text, limit) => index.search({ query: text, per_page: limit }).data.items.map(({ id }) => id),
    }
  },
})
