import { compareCodePoints } from '../../shared/json.js'
import type { Product } from '../product.js'
import { analyse, type Term } from './analyse.js'
import { type SearchedField, searchedTexts } from './index-terms.js'

/** What a word is worth in each part of a product. */
export const fieldWeights: Readonly<Record<SearchedField, number>> = {
  title: 6,
  brand: 5,
  sku: 10,
  attributes: 2,
  description: 1,
}

/** What each kind of search word is worth: joined models say most, single Chinese characters least. */
const kindWeights: Readonly<Record<Term['kind'], number>> = { word: 1, model: 1.5, pair: 1, character: 0.15 }

/** A product with what it scored. */
export type Ranked = {
  readonly product: Product
  readonly score: number
  /** The part of the query's required words that it has, 0 to 1. */
  readonly coverage: number
}

const fields = Object.keys(fieldWeights) as readonly SearchedField[]

/**
 * Orders candidates by how well they answer the words of a query: words that few candidates have count more, fields by
 * their weight, short titles and titles that begin with the words a little more. Ties by id.
 */
export const rankProducts = (candidates: readonly Product[], query: readonly Term[]): readonly Ranked[] => {
  const held = candidates.map((product) => ({ product, termsIn: termsByField(product) }))
  const rarity = new Map(
    query.map(({ term }) => {
      const having = held.filter(({ termsIn }) => fields.some((field) => termsIn[field].has(term))).length
      return [term, Math.log(1 + (held.length + 1) / (having + 0.5))]
    }),
  )
  const required = query.filter((term) => term.required)
  return held
    .map(({ product, termsIn }) => {
      let score = 0
      for (const { term, kind } of query) {
        const worth = (rarity.get(term) ?? 0) * kindWeights[kind]
        const best = fields.reduce(
          (most, field) => (termsIn[field].has(term) ? Math.max(most, fieldWeights[field]) : most),
          0,
        )
        score += worth * best
      }
      const found = required.filter(({ term }) => fields.some((field) => termsIn[field].has(term))).length
      const coverage = required.length === 0 ? 0 : found / required.length
      const brevity = 1 / (1 + Math.log(1 + termsIn.title.size) / 8)
      return { product, score: score * coverage ** 1.5 * brevity * startBonus(product, query), coverage }
    })
    .sort((a, b) => b.score - a.score || compareCodePoints(a.product.productId, b.product.productId))
}

const startBonus = (product: Product, query: readonly Term[]): number => {
  const first = query.find(({ required }) => required)?.term
  if (first === undefined) return 1
  const starts = [product.title.en, product.title['zh-CN']].some(
    (text) => analyse(text.slice(0, 24))[0]?.term === first,
  )
  return starts ? 1.05 : 1
}

const termsByField = (product: Product): Readonly<Record<SearchedField, ReadonlySet<string>>> => {
  const texts = searchedTexts(product)
  const wordsOf = (text: string): ReadonlySet<string> => new Set(analyse(text).map(({ term }) => term))
  return {
    title: wordsOf(texts.title),
    brand: wordsOf(texts.brand),
    sku: wordsOf(texts.sku),
    attributes: wordsOf(texts.attributes),
    description: wordsOf(texts.description.slice(0, 600)),
  }
}
