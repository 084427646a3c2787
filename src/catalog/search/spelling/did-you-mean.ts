import { isStopWord } from '../analysis/analyse.js'
import { fold } from '../analysis/fold.js'
import { stem } from '../analysis/stem.js'
import type { CatalogFigures } from '../index/catalog-figures.js'
import { likelihood, type SpellingCandidate } from './speller.js'

/** A query as it may have been meant. */
export type MeantQuery = {
  /** The whole query, folded, with its slips mended. */
  readonly text: string
  readonly changed: readonly { readonly from: string; readonly to: string }[]
}

/**
 * Mends the slips of a query: Latin words that the catalog's titles hardly know give way to words like them that stand
 * beside their neighbours in titles, or to two words that were written together. Numbers, models and words that are known
 * stay.
 *
 * @returns null where there is nothing to mend
 */
export const didYouMean = (figures: CatalogFigures, text: string): MeantQuery | null => {
  const folded = fold(text.slice(0, 400))
  const words = [...folded.matchAll(wordPattern)].map(({ 0: word, index: start }) => ({ word, start }))
  const changed: { from: string; to: string }[] = []
  const meant = words.map(({ word }) => word)
  let mended = ''
  let kept = 0
  for (const [place, { word, start }] of words.entries()) {
    const isModel = digit.test(folded.charAt(start - 1)) || digit.test(folded.charAt(start + word.length))
    const to =
      isModel && word.length < 4 ? undefined : meantBy(figures, word, [meant[place - 1], words[place + 1]?.word])
    if (to === undefined) continue
    meant[place] = to
    changed.push({ from: word, to })
    mended += folded.slice(kept, start) + to
    kept = start + word.length
  }
  return changed.length === 0 ? null : { text: mended + folded.slice(kept), changed }
}

const wordPattern = /[a-z]+/g
const digit = /[0-9]/

/** What is written so often is meant as it is. */
const knownFrom = 10
/** How many words like one are held against its neighbours. */
const mostLike = 6
/** How many titles are looked at to see whether two words stand together. */
const titlesLooked = 100
/** What it says that titles have a word beside its neighbours. */
const neighbourWeight = 0.9
/** How often titles must write each of two words before they are taken apart, and what that takes. */
const leastOfPart = 20
const splitCost = 6
const worstWorth = -6

type Beside = readonly [before: string | undefined, after: string | undefined]

const meantBy = (figures: CatalogFigures, word: string, beside: Beside): string | undefined => {
  if (word.length < 3 || isStopWord(word)) return undefined
  const { speller, terms } = figures.vocabulary
  const own = Math.max(speller.countOf(word), figures.frequencyOf(terms.find(stem(word))))
  if (own >= knownFrom) return undefined
  const singular = word.endsWith('s') ? word.slice(0, -1) : undefined
  if (singular !== undefined && speller.countOf(singular) >= leastOfPart) return undefined
  const fitOf = createFit(figures, beside)
  let best = splitOf(figures, word)
  const propose = (to: string, each: SpellingCandidate, less = 0): void => {
    const worth = likelihood(each) - less + fitOf(each.word)
    if (to !== word && (best === undefined || worth > best.worth)) best = { to, worth }
  }
  for (const each of speller.candidates(word).slice(0, mostLike)) propose(each.word, each)
  // Titles say one; who searches writes several.
  const ofSingular = singular === undefined ? [] : speller.candidates(singular).slice(0, mostLike)
  for (const each of ofSingular) if (!each.word.endsWith('s')) propose(pluralOf(each.word), each, pluralCost)
  if (best === undefined || best.worth < worstWorth) return undefined
  const stays = own === 0 ? Number.NEGATIVE_INFINITY : 0.9 * Math.log(1 + own) + fitOf(word) - 0.5
  return best.worth > stays ? best.to : undefined
}

const pluralCost = 0.3

/** How well a word stands between its neighbours. */
const createFit = (figures: CatalogFigures, [before, after]: Beside): ((word: string) => number) => {
  const { terms } = figures.vocabulary
  const left = before === undefined ? undefined : terms.find(stem(before))
  const right = after === undefined ? undefined : terms.find(stem(after))
  const together = (first: number | undefined, second: number | undefined): number =>
    first === undefined || second === undefined ? 0 : Math.log(1 + figures.titlesWith(first, second, titlesLooked))
  return (word) => {
    const term = terms.find(stem(word))
    return neighbourWeight * (together(left, term) + together(term, right))
  }
}

const pluralOf = (word: string): string => {
  if (/[^aeiou]y$/.test(word)) return `${word.slice(0, -1)}ies`
  return /(?:x|ch|sh|ss|zz)$/.test(word) ? `${word}es` : `${word}s`
}

type Proposal = { readonly to: string; readonly worth: number }

/** Two words that are written together, each of which titles know well. */
const splitOf = (figures: CatalogFigures, word: string): Proposal | undefined => {
  const { speller } = figures.vocabulary
  const countOf = (part: string): number => {
    if (isStopWord(part)) return figures.counted
    if (part.length < 3) return 0
    return Math.max(speller.countOf(part), part.endsWith('s') ? speller.countOf(part.slice(0, -1)) : 0)
  }
  let best: Proposal | undefined
  for (let cut = 2; cut <= word.length - 2; cut += 1) {
    const [left, right] = [word.slice(0, cut), word.slice(cut)]
    const least = Math.min(countOf(left), countOf(right))
    if (least < leastOfPart) continue
    const worth = 1.2 * Math.log(1 + least) - splitCost
    if (best === undefined || worth > best.worth) best = { to: `${left} ${right}`, worth }
  }
  return best
}
