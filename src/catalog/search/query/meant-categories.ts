import { analyseFolded } from '../analysis/analyse.js'
import { fold } from '../analysis/fold.js'
import { setIn, valuesOfSet } from '../index/facet-columns.js'
import type { Segment } from '../index/segment.js'
import type { Vocabulary } from '../index/vocabulary.js'
import type { Slot } from './slot.js'

/** Numbers of the categories of a catalog by the words of their names. */
type CategoryNames = ReadonlyMap<string, readonly number[]>

const made = /* @__PURE__ */ new WeakMap<object, CategoryNames>()

const mostWords = 6

/**
 * The categories that a query names with its last words, the longest name that does: who asks for a laptop, or a gaming laptop,
 * wants what stands under Laptops before the bags and stands made for one. Sizes and numbers behind the name say nothing.
 */
export const meantCategories = (vocabulary: Vocabulary, slots: readonly Slot[]): ReadonlySet<number> => {
  const byName = namesOf(vocabulary)
  if (byName.size === 0) return none
  const asked = slots.filter(({ isExtra }) => !isExtra)
  let end = asked.length
  while (end > 0 && isAmount(asked[end - 1])) end -= 1
  const words = asked.slice(0, end).map(({ word }) => word)
  for (let from = Math.max(0, words.length - mostWords); from < words.length; from += 1) {
    const values = byName.get(words.slice(from).join(' '))
    if (values !== undefined) return new Set(values)
  }
  return none
}

const isAmount = (slot: Slot | undefined): boolean => slot?.kind === 'number' || slot?.kind === 'measure'

const none: ReadonlySet<number> = /* @__PURE__ */ new Set()

/** Prepares to tell which products stand in one of some categories or below it. */
export const createIsMeant = (
  vocabulary: Vocabulary,
  slots: readonly Slot[],
): ((segment: Segment, document: number) => boolean) => {
  const meant = meantCategories(vocabulary, slots)
  const facet = vocabulary.facets.find('category')
  if (meant.size === 0 || facet === undefined) return () => false
  return (segment, document) => {
    const column = segment.facets.get(facet)
    return column !== undefined && [...valuesOfSet(column, setIn(column, document))].some((value) => meant.has(value))
  }
}

const namesOf = (vocabulary: Vocabulary): CategoryNames => {
  const naming = vocabulary.naming()
  const known = made.get(naming)
  if (known !== undefined) return known
  const facet = vocabulary.facets.find('category')
  const labels = facet === undefined ? [] : vocabulary.valuesOf(facet).labels
  const byName = new Map<string, number[]>()
  for (const [value, label] of labels.entries()) {
    for (const name of new Set((label ?? '').split('\n').map(wordsOf))) {
      if (name === '') continue
      const held = byName.get(name)
      if (held === undefined) byName.set(name, [value])
      else held.push(value)
    }
  }
  made.set(naming, byName)
  return byName
}

/** The words of a name as a query has them: Chinese ones by their pairs of characters. */
const wordsOf = (name: string): string => {
  const terms = analyseFolded(fold(name.slice(0, 80)))
  const isPaired = (at: number): boolean =>
    terms.some((other) => other.kind === 'pair' && (other.at === at || other.at === at - 1))
  return terms
    .filter(({ kind, at }) => kind === 'pair' || kind === 'word' || (kind === 'character' && !isPaired(at)))
    .map(({ term }) => term)
    .join(' ')
}

/** The score of a product that stands where the query says. */
export const meantScore = (score: number, isMeant: boolean): number =>
  isMeant ? Math.floor((score * (1_024 + meantWorth)) / 1_024) : score

/** What that is worth, of 1,024. */
const meantWorth = 256
