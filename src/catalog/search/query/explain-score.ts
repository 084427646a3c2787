import { placeIn, postingsOf, type Segment } from '../index/segment.js'
import { boostedScore } from './arrangement.js'
import { exactCodeWorth } from './exact-code.js'
import { worthOfImpact } from './match-segment.js'
import { meantScore } from './meant-categories.js'
import { fittedScore, scoreOf, type TitleFit } from './relevance.js'
import type { Placed } from './select-top.js'
import type { Slot } from './slot.js'

/** What a score is made of; the parts of a product sum to its score exactly. */
export type ScorePart =
  /** A word of the query that the product has; `impact`, 1 to 255, is what it says of the product, `rarity` how rare it is. */
  | {
      readonly kind: 'word'
      readonly word: string
      /** The writing that the product has, where it is another. */
      readonly as: string | null
      readonly impact: number
      readonly rarity: number
      readonly worth: number
    }
  /** Less, because it has only a part of the query. */
  | { readonly kind: 'partOfQuery'; readonly worth: number }
  /** More, because words that stand together in the query do so in the title. */
  | { readonly kind: 'neighbours'; readonly worth: number }
  /** More for what of the query stands in the title. */
  | { readonly kind: 'title'; readonly worth: number }
  /** Less, because it is made for what is asked for, and is not the thing itself. */
  | { readonly kind: 'madeForIt'; readonly worth: number }
  /** More, because it stands in the category that the query names. */
  | { readonly kind: 'category'; readonly worth: number }
  /** What the shop adds or takes. */
  | { readonly kind: 'boost'; readonly worth: number }
  /** The query is its SKU or model. */
  | { readonly kind: 'code'; readonly worth: number }

/** What scores of a query are made with. */
export type ScoreMaking = {
  readonly nameOf: (term: number) => string
  readonly slots: readonly Slot[]
  readonly fitOf: (segment: Segment, document: number) => TitleFit
  readonly isMeant: (segment: Segment, document: number) => boolean
  readonly boost: ((productId: string) => number) | undefined
}

/** Takes the score of a product apart; nothing of one that scored nothing. */
export const explainScore = (
  { nameOf, slots, fitOf, isMeant, boost }: ScoreMaking,
  { segment, document, key, isLookedAt }: Placed,
): readonly ScorePart[] => {
  if (key === 0) return []
  const parts: ScorePart[] = []
  let score = 0
  let covered = 0
  let total = 0
  for (const slot of slots) {
    const part = wordPart(nameOf, segment, document, slot)
    const cover = slot.isExtra ? 0 : slot.rarity
    total += cover
    if (part === undefined) continue
    covered += cover
    score += part.worth
    parts.push(part)
  }
  const step = (kind: Exclude<ScorePart['kind'], 'word'>, next: number): void => {
    if (next !== score) parts.push({ kind, worth: next - score })
    score = next
  }
  const ofWords = scoreOf(score, covered, total)
  step('partOfQuery', ofWords)
  if (isLookedAt === true) {
    const { adjacent, cover, isServed } = fitOf(segment, document)
    step('neighbours', fittedScore(ofWords, { adjacent, cover: 0, isServed: false }))
    step('title', fittedScore(ofWords, { adjacent, cover, isServed: false }))
    step('madeForIt', fittedScore(ofWords, { adjacent, cover, isServed }))
    step('category', meantScore(score, isMeant(segment, document)))
    if (boost !== undefined) step('boost', boostedScore(score, boost(segment.ids[document] ?? '')))
  }
  if (key >= exactCodeWorth) step('code', score + exactCodeWorth)
  return parts
}

const wordPart = (
  nameOf: (term: number) => string,
  segment: Segment,
  document: number,
  { word, rarity, alternatives }: Slot,
): Extract<ScorePart, { kind: 'word' }> | undefined => {
  let best: Extract<ScorePart, { kind: 'word' }> | undefined
  for (const { term, weight } of alternatives) {
    const { begin, end } = postingsOf(segment, term)
    const place = placeIn(segment.documents.subarray(begin, end), document)
    if (place === undefined) continue
    const impact = segment.impacts[begin + place] ?? 0
    const worth = worthOfImpact(rarity * weight, impact)
    const name = nameOf(term)
    if (best === undefined || worth > best.worth) {
      best = { kind: 'word', word, as: name === word ? null : name, impact, rarity, worth }
    }
  }
  return best
}
