import type { ImportRow } from 'shopwright'
import { readLines } from './read-text.js'
import { asRecord, attributesAt, cut, type JsonRecord, parseRecord, textAt, textsAt } from './records.js'

/**
 * Puts the lines of somebody else's JSON Lines into ours, one for one, so that a wrong one is reported under its own
 * number; what is no record stays as it is, for the import to say so.
 */
async function* translateLines(path: string, toRow: (record: JsonRecord) => ImportRow): AsyncGenerator<string> {
  for await (const line of readLines(path)) {
    const record = parseRecord(line)
    yield `${record === undefined ? line : JSON.stringify(toRow(record))}\n`
  }
}

/** JSON Lines of products by `id` and `title`; brand, text, attributes and a price in cents where they stand. */
export const readTitled = (path: string): AsyncGenerator<string> =>
  translateLines(path, (record) => {
    const externalId = textAt(record, 'id', 120)
    const brand = textAt(record, 'brand', 120)
    const { attributes, ...price } = priceOf(externalId, typeof record.price === 'number' ? record.price / 100 : null)
    return {
      externalId,
      title: textAt(record, 'title', 300),
      description: textAt(record, 'desc', 20_000),
      brand,
      categoryPath: [allProducts, brand === '' ? otherProducts : brand],
      ...price,
      attributes: { ...attributesAt(record, 'attrs'), ...attributes },
      stock: stockFor(externalId),
    }
  })

// What two well-known collections call a brand and the thing itself.
const brandMarks = ['1', 'HPPX']
const thingMarks = ['4', 'HCCX']

/** JSON Lines of titles with marked words `ents: [[start, end, mark]]`, of which some name the brand and the thing. */
export async function* readMarked(path: string): AsyncGenerator<string> {
  const counts = new Map<string, number>()
  for await (const line of readLines(path)) {
    const word = markedWord(parseRecord(line) ?? {}, thingMarks)
    if (word !== undefined) counts.set(word, (counts.get(word) ?? 0) + 1)
  }
  yield* translateLines(path, (record) => {
    const externalId = textAt(record, 'id', 120)
    const word = markedWord(record, thingMarks)
    // A word that few titles have would make a category of its own for nearly every product.
    const category = word !== undefined && (counts.get(word) ?? 0) >= 20 ? cut(word, 120) : otherProducts
    return {
      externalId,
      title: textAt(record, 'title', 300),
      brand: cut(markedWord(record, brandMarks) ?? '', 120),
      categoryPath: [allProducts, category],
      ...priceOf(externalId, null),
      stock: stockFor(externalId),
    }
  })
}

/** A JSON array of products with `name`, `categories` and a price in whole currency. */
export function* readArray(records: readonly unknown[]): Generator<unknown> {
  const seen = new Set<string>()
  for (const [index, each] of records.entries()) {
    const record = asRecord(each)
    if (record === undefined) {
      yield each
      continue
    }
    // The picture's name is the article number; without one the place in the file has to do.
    const article = /(\d{1,100})[^/]*$/.exec(textAt(record, 'image', 2_000))?.[1]
    const externalId = article === undefined || seen.has(article) ? `row-${index + 1}` : article
    seen.add(externalId)
    const row: ImportRow = {
      externalId,
      title: textAt(record, 'name', 300),
      description: textAt(record, 'description', 20_000),
      brand: textAt(record, 'brand', 120),
      categoryPath: textsAt(record, 'categories')
        .slice(0, 8)
        .map((name) => cut(name, 120)),
      ...priceOf(externalId, typeof record.price === 'number' ? record.price : null),
      stock: stockFor(externalId),
      images: textsAt({ images: [record.image] }, 'images'),
    }
    yield row
  }
}

const allProducts = { en: 'All products', 'zh-CN': '全部商品' }
const otherProducts = { en: 'Other products', 'zh-CN': '其他商品' }

/** The first word of a title under one of the marks; places are counted in code points. */
const markedWord = (record: JsonRecord, marks: readonly string[]): string | undefined => {
  const found = (Array.isArray(record.ents) ? record.ents : []).find(
    (each) => Array.isArray(each) && marks.includes(String(each[2])),
  )
  if (!Array.isArray(found)) return undefined
  const title = typeof record.title === 'string' ? record.title : ''
  const word = [...title].slice(Number(found[0]), Number(found[1])).join('').trim()
  return word === '' ? undefined : word
}

/** The price a file states; else one from 9.90 to 999.90, the same for the same id, and marked as made up. */
const priceOf = (
  id: string,
  stated: number | null,
): Pick<ImportRow, 'price' | 'priceMinor'> & { readonly attributes: Record<string, string> } =>
  stated !== null && stated > 0
    ? { price: stated.toFixed(2), attributes: {} }
    : { priceMinor: 990 + (hashOf(id) % 991) * 100, attributes: { 'made up': 'price' } }

/** Pieces on stock, which no such file states: the same for the same id, from 20 to 199. */
const stockFor = (id: string): number => 20 + (hashOf(`${id}/stock`) % 180)

const hashOf = (text: string): number => {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  return hash >>> 0
}
