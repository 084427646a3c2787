import { foldWithOrigins } from '../analysis/fold.js'
import type { KnownName, Lexicon } from './lexicon.js'
import { type PriceInText, priceInText } from './price-in-text.js'

/** Where a part of a query stands, and how it is written there. */
export type QuerySpan = { readonly start: number; readonly end: number; readonly written: string }

/** What a part of a query was understood as. */
export type UnderstoodPart = QuerySpan & {
  /** `stated` where the query says what it is (`brand: Orrin`, `under 50`), `inferred` where a word is the name of it. */
  readonly source: 'stated' | 'inferred'
} & (
    | {
        readonly kind: 'price'
        /** Bounds in major units, both included; null where open. */
        readonly from: number | null
        readonly to: number | null
        /** As the query names it, a bare `$` being the dollar of the shop; null for that of the shop. */
        readonly currency: string | null
      }
    | KnownName
  )

/** A query taken apart. */
export type UnderstoodQuery = {
  /** What is searched for as words; names that were inferred stay in it. */
  readonly text: string
  readonly parts: readonly UnderstoodPart[]
}

/**
 * Reads what a query says beyond words: `价格:500元以内+品牌:华为`, `red shoes under $50 size 42`. What is stated leaves the
 * text; a name that is only a word in it stays.
 *
 * @param literally - texts that are to be taken as words where they stand in the query
 */
export const understandQuery = (
  lexicon: Lexicon,
  query: string,
  literally: readonly string[] = [],
): UnderstoodQuery => {
  const { text: folded, origins } = foldWithOrigins(query.slice(0, 400))
  const written = (start: number, end: number): QuerySpan => {
    const from = origins[start] ?? 0
    const to = origins[end] ?? query.length
    return { start: from, end: to, written: query.slice(from, to) }
  }
  const literal = literally.map((each) => each.trim()).filter((each) => each !== '')
  const isLeft = (part: QuerySpan): boolean => literal.some((each) => each.includes(part.written.trim()))
  const taken: UnderstoodPart[] = []
  // What was taken is blank from then on; everything keeps its place.
  let rest = folded
  const take = (part: Found): void => {
    const span = written(part.start, part.end)
    if (isLeft(span)) return
    taken.push({ ...part.meaning, ...span, source: part.source })
    if (part.source === 'stated') {
      rest = rest.slice(0, part.start) + ' '.repeat(part.end - part.start) + rest.slice(part.end)
    }
  }
  const [first = null] = lexicon.currencies
  const sole = lexicon.currencies.length === 1 ? first : null
  for (const part of labelledIn(lexicon, folded, sole)) take(part)
  for (const part of namedIn(lexicon, rest)) take(part)
  const price = priceInText(rest, sole)
  if (price !== null && isMeant(rest, price)) take(priceFound(price))
  for (const part of namesIn(lexicon, rest)) take(part)
  const parts = taken.sort((a, b) => a.start - b.start)
  return { text: parts.length === 0 ? query : wordsLeft(query, parts), parts }
}

type Meaning =
  | {
      readonly kind: 'price'
      readonly from: number | null
      readonly to: number | null
      readonly currency: string | null
    }
  | KnownName

type Found = {
  readonly start: number
  readonly end: number
  readonly source: 'stated' | 'inferred'
  readonly meaning: Meaning
}

// An amount alone is not a wish for anything at that price.
const isMeant = (rest: string, { certainty, start, end }: PriceInText): boolean =>
  certainty === 'bound' || /[\p{L}\p{N}]/u.test(rest.slice(0, start) + rest.slice(end))

const priceFound = ({ from, to, currency, certainty, start, end }: PriceInText): Found => ({
  start,
  end,
  source: certainty === 'bound' ? 'stated' : 'inferred',
  meaning: { kind: 'price', from, to, currency },
})

/** A price that is only named is told and leaves the words all the same: no product is called so. */
const wordsLeft = (query: string, parts: readonly UnderstoodPart[]): string => {
  let text = ''
  let kept = 0
  for (const { kind, source, start, end } of parts) {
    if (source === 'inferred' && kind !== 'price') continue
    text += `${query.slice(kept, start)} `
    kept = Math.max(kept, end)
  }
  return (text + query.slice(kept))
    .replace(/(?:^|\s)[+,;，；、|\s]+(?=\s|$)/g, ' ')
    .replace(/^[\s+,;，；、|]+|[\s+,;，；、|]+$/g, '')
    .replace(/\s+/g, ' ')
}

const labelPattern = /([\p{L}][\p{L}\p{N} _-]{0,39}?)\s*:\s*([^+;,|、:]+?)(?=\s*(?:[+;,|、]|$)|\s+[\p{L}_-]+\s*:)/gu

const labels: ReadonlyMap<string, 'price' | 'brand' | 'category'> = /* @__PURE__ */ new Map([
  ['价格', 'price'],
  ['价位', 'price'],
  ['价钱', 'price'],
  ['售价', 'price'],
  ['price', 'price'],
  ['品牌', 'brand'],
  ['牌子', 'brand'],
  ['brand', 'brand'],
  ['类目', 'category'],
  ['类别', 'category'],
  ['分类', 'category'],
  ['品类', 'category'],
  ['category', 'category'],
])

/** `label: value` parts; a value that the catalog does not know stays as words, without its label. */
const labelledIn = (lexicon: Lexicon, folded: string, sole: string | null): readonly Found[] => {
  const found: Found[] = []
  for (const { 0: whole, 1: label = '', 2: value = '', index: start } of folded.matchAll(labelPattern)) {
    const end = start + whole.length
    const known = labels.get(label.trim())
    if (known === 'price') {
      const price = priceInText(`price ${value}`, sole)
      if (price === null) continue
      const { from, to, currency } = price
      found.push({ start, end, source: 'stated', meaning: { kind: 'price', from, to, currency } })
    } else if (known !== undefined) {
      for (const text of beginningsOf(value)) {
        const meaning = lexicon.find(text).find(({ kind }) => kind === known)
        if (meaning === undefined) continue
        found.push({ start, end: end - value.length + text.length, source: 'stated', meaning })
        break
      }
    } else if (lexicon.isAttribute(label.trim())) {
      const beginnings = beginningsOf(value)
      const text =
        beginnings.find((each) => lexicon.find(each).some(({ kind }) => kind === 'attribute')) ??
        beginnings.at(-1) ??
        ''
      const meaning = { kind: 'attribute', name: label.trim(), value: text } as const
      found.push({ start, end: end - value.length + text.length, source: 'stated', meaning })
    }
  }
  return found
}

/** A value with ever fewer of its words; what follows it in the query may be more than the value. */
const beginningsOf = (value: string): readonly string[] => {
  const ends = [...value.matchAll(/\s+/g)].map(({ index }) => index)
  return [value, ...ends.reverse().map((end) => value.slice(0, end))]
}

/** Attributes that are named before their value: `size 42`, 尺码42. */
const namedIn = (lexicon: Lexicon, folded: string): readonly Found[] => {
  const found: Found[] = []
  for (const { 0: whole, 1: name = '', 2: value = '', index: start } of folded.matchAll(namedPattern)) {
    if (!lexicon.isAttribute(name)) continue
    found.push({ start, end: start + whole.length, source: 'stated', meaning: { kind: 'attribute', name, value } })
  }
  return found
}

const namedPattern = /(?<![\p{L}\p{N}])([a-z]+|[\p{Script=Han}]{2,4}) ?(\d+(?:\.\d+)?)(?![\p{L}\p{N}.])/gu

/** Names of the catalog that stand in a text, the longest first; each character belongs to one. */
const namesIn = (lexicon: Lexicon, folded: string): readonly Found[] => {
  const found: Found[] = []
  let at = 0
  while (at < folded.length) {
    const name = longestAt(lexicon, folded, at)
    if (name === undefined) {
      at += 1
      continue
    }
    found.push({ start: at, end: name.end, source: 'inferred', meaning: name.meaning })
    at = name.end
  }
  return found
}

const longestAt = (lexicon: Lexicon, folded: string, at: number): { end: number; meaning: KnownName } | undefined => {
  if (!mayBegin(folded, at)) return undefined
  for (let end = Math.min(folded.length, at + lexicon.longest); end > at; end -= 1) {
    if (!mayEnd(folded, end)) continue
    const names = lexicon.find(folded.slice(at, end))
    const [first] = names
    if (first === undefined) continue
    // A word that is both is what buyers mean by it: a kind of goods before a brand before an attribute.
    const meaning = names.find(({ kind }) => kind === 'category') ?? names.find(({ kind }) => kind === 'brand') ?? first
    return { end, meaning }
  }
  return undefined
}

const latin = /[a-z0-9]/
const mayBegin = (text: string, at: number): boolean =>
  /[^\s]/.test(text.charAt(at)) && !(latin.test(text.charAt(at)) && latin.test(text.charAt(at - 1)))
const mayEnd = (text: string, end: number): boolean =>
  !(latin.test(text.charAt(end - 1)) && latin.test(text.charAt(end)))
