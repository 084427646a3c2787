import { createReadStream } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { createGunzip } from 'node:zlib'
import type { ImportRow, ImportSource } from '../src/catalog/index.js'

/** What kind of catalog a file turned out to be. */
type CatalogShape = 'ownJsonLines' | 'ownCsv' | 'retailerArray' | 'electronicsLines' | 'chineseTitles'

/** A catalog file, ready to be imported. */
export type CatalogFile = {
  readonly shape: CatalogShape
  /** Together with `source`, what `importProducts` takes. */
  readonly format: 'jsonl' | 'csv' | 'rows'
  readonly source: ImportSource
  /** Of rows that state none. */
  readonly currency: string
  /** What was made up because the file does not say it; such rows carry the attribute `made up`. */
  readonly madeUp: readonly ('price' | 'stock')[]
}

/**
 * Opens a catalog: a folder of our own JSON Lines, or one file, plain or `.gz`, whose shape is found out from its
 * beginning.
 */
export const openCatalog = async (path: string): Promise<CatalogFile> => {
  if ((await stat(path)).isDirectory()) {
    const names = (await readdir(path)).filter((name) => /\.jsonl(\.gz)?$/.test(name)).sort()
    const files = names.map((name) => join(path, name))
    return { shape: 'ownJsonLines', format: 'jsonl', source: readAll(files), currency: 'CNY', madeUp: [] }
  }
  const shape = await detectShape(path)
  switch (shape) {
    case 'ownJsonLines':
      return { shape, format: 'jsonl', source: readText(path), currency: 'CNY', madeUp: [] }
    case 'ownCsv':
      return { shape, format: 'csv', source: readText(path), currency: 'CNY', madeUp: [] }
    case 'retailerArray':
      return { shape, format: 'rows', source: readRetailer(path), currency: 'USD', madeUp: ['stock'] }
    case 'electronicsLines':
      return { shape, format: 'rows', source: readElectronics(path), currency: 'USD', madeUp: ['price', 'stock'] }
    case 'chineseTitles':
      return { shape, format: 'rows', source: readTitles(path), currency: 'CNY', madeUp: ['price', 'stock'] }
  }
}

/** Finds out the shape of a catalog file from its first characters. */
const detectShape = async (path: string): Promise<CatalogShape> => {
  let head = ''
  for await (const chunk of readText(path)) {
    head += chunk
    if (head.length > 65_536 || head.includes('\n')) break
  }
  const text = head.replace(/^\uFEFF/, '').trimStart()
  if (text.startsWith('[')) return 'retailerArray'
  if (!text.startsWith('{')) return 'ownCsv'
  const first = parseRecord(text.split('\n')[0] ?? '')
  if ('ents' in first) return 'chineseTitles'
  return 'attrs' in first && 'id' in first ? 'electronicsLines' : 'ownJsonLines'
}

async function* readText(path: string): AsyncGenerator<string> {
  const file = createReadStream(path)
  const stream = path.endsWith('.gz') ? file.pipe(createGunzip()) : file
  file.on('error', (cause) => stream.destroy(cause))
  stream.setEncoding('utf8')
  for await (const chunk of stream) yield String(chunk)
}

async function* readAll(paths: readonly string[]): AsyncGenerator<string> {
  for (const path of paths) {
    yield* readText(path)
    yield '\n'
  }
}

async function* readRecords(path: string): AsyncGenerator<JsonRecord> {
  let rest = ''
  for await (const chunk of readText(path)) {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) if (line.trim() !== '') yield parseRecord(line)
  }
  if (rest.trim() !== '') yield parseRecord(rest)
}

/** One JSON array of products with `name`, `categories` and a price in dollars. */
async function* readRetailer(path: string): AsyncGenerator<ImportRow> {
  let text = ''
  for await (const chunk of readText(path)) text += chunk
  const records: unknown = JSON.parse(text)
  const seen = new Set<string>()
  for (const [index, each] of (Array.isArray(records) ? records : []).entries()) {
    const record = asRecord(each)
    // The picture's name is the article number; without one the place in the file has to do.
    const article = /(\d+)[^/]*$/.exec(textAt(record, 'image'))?.[1]
    const externalId = article === undefined || seen.has(article) ? `row-${index + 1}` : article
    seen.add(externalId)
    yield {
      externalId,
      title: english(textAt(record, 'name'), 300),
      description: english(textAt(record, 'description'), 20_000),
      brand: textAt(record, 'brand').slice(0, 120),
      categoryPath: textsAt(record, 'categories')
        .slice(0, 8)
        .map((name) => english(name, 120)),
      ...priceOf(externalId, record.price),
      stock: stockFor(externalId),
      images: textsAt({ images: [record.image] }, 'images'),
    }
  }
}

/** JSON Lines of electronics with `attrs` and a price in cents, 0 where it is not known. */
async function* readElectronics(path: string): AsyncGenerator<ImportRow> {
  for await (const record of readRecords(path)) {
    const externalId = textAt(record, 'id')
    const brand = textAt(record, 'brand').slice(0, 120)
    const cents = record.price
    const price = typeof cents === 'number' && cents > 0 ? { priceMinor: Math.round(cents) } : madeUpPrice(externalId)
    yield {
      externalId,
      title: english(textAt(record, 'title'), 300),
      description: english(textAt(record, 'desc'), 20_000),
      brand,
      categoryPath: ['Electronics', english(brand === '' ? 'Other brands' : brand, 120)],
      ...price,
      attributes: { ...attributesAt(record, 'attrs'), ...('attributes' in price ? price.attributes : {}) },
      stock: stockFor(externalId),
    }
  }
}

/** JSON Lines of Chinese titles with marked words: 1 names a brand, 4 what the thing is. */
async function* readTitles(path: string): AsyncGenerator<ImportRow> {
  const counts = new Map<string, number>()
  for await (const record of readRecords(path)) {
    const word = markedWord(record, '4')
    if (word !== undefined) counts.set(word, (counts.get(word) ?? 0) + 1)
  }
  for await (const record of readRecords(path)) {
    const externalId = textAt(record, 'id')
    const word = markedWord(record, '4')
    // A word that few titles have would make a category of its own for nearly every product.
    const category = word !== undefined && (counts.get(word) ?? 0) >= 20 ? word : '其他商品'
    yield {
      externalId,
      title: { 'zh-CN': cut(textAt(record, 'title'), 300) },
      brand: cut(markedWord(record, '1') ?? '', 120),
      categoryPath: ['全部商品', { 'zh-CN': cut(category, 120) }],
      ...madeUpPrice(externalId),
      stock: stockFor(externalId),
    }
  }
}

type JsonRecord = Readonly<Record<string, unknown>>

const parseRecord = (line: string): JsonRecord => asRecord(JSON.parse(line))

// What a file holds is not known before it is looked at, member by member.
const asRecord = (value: unknown): JsonRecord =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonRecord) : {}

const textAt = (record: JsonRecord, name: string): string => {
  const value = record[name]
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : ''
}

const textsAt = (record: JsonRecord, name: string): readonly string[] => {
  const value = record[name]
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string' && each !== '') : []
}

const attributesAt = (record: JsonRecord, name: string): Record<string, string | number | boolean> => {
  const kept: Record<string, string | number | boolean> = {}
  for (const [key, value] of Object.entries(asRecord(record[name])).slice(0, 110)) {
    if (key === '' || key.length > 80) continue
    if (typeof value === 'string') kept[key] = cut(value, 500)
    else if (typeof value === 'number' || typeof value === 'boolean') kept[key] = value
  }
  return kept
}

/** The first word of a title that is marked so; places are counted in code points. */
const markedWord = (record: JsonRecord, mark: string): string | undefined => {
  const marks = record.ents
  const found = (Array.isArray(marks) ? marks : []).find((each) => Array.isArray(each) && each[2] === mark)
  if (!Array.isArray(found)) return undefined
  const word = [...textAt(record, 'title')].slice(Number(found[0]), Number(found[1])).join('').trim()
  return word === '' ? undefined : word
}

/** At most so many characters, no pair of surrogates cut in two. */
const cut = (text: string, most: number): string =>
  text.length <= most ? text : [...text.slice(0, most - 1)].join('').replace(/[\ud800-\udbff]$/, '')

const english = (text: string, most: number): { readonly en: string } => ({ en: cut(text, most) })

const priceOf = (id: string, price: unknown): Pick<ImportRow, 'price' | 'priceMinor' | 'attributes'> =>
  typeof price === 'number' && price > 0 ? { price: price.toFixed(2) } : madeUpPrice(id)

/** A price that the file does not state: the same for the same id, from 9.90 to 999.90. */
const madeUpPrice = (id: string): { readonly priceMinor: number; readonly attributes: Record<string, string> } => ({
  priceMinor: 990 + (hashOf(id) % 991) * 100,
  attributes: { 'made up': 'price' },
})

/** Pieces on stock, which no such file states: the same for the same id, from 20 to 199. */
const stockFor = (id: string): number => 20 + (hashOf(`${id}/stock`) % 180)

const hashOf = (text: string): number => {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  return hash >>> 0
}
