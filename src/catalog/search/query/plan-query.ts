import { analyseFolded, type Term } from '../analysis/analyse.js'
import { fold } from '../analysis/fold.js'
import { stem } from '../analysis/stem.js'
import type { CatalogFigures } from '../index/catalog-figures.js'
import { likelihood } from '../spelling/speller.js'
import { findSplit } from './find-split.js'
import { rarityOf } from './rarity.js'
import { type ReadLatin, readLatin } from './read-latin.js'
import type { PreparedWords, SynonymTable } from './search-words.js'
import { type Alternative, type Slot, whole } from './slot.js'

/** The longest query that is looked at, in UTF-16 units. */
export const longestQuery = 400

/** The most words of a query that are looked for. */
export const mostSlots = 24

/** What a query asks of the index. */
export type QueryPlan = {
  /** Word by word, in the order of the query. */
  readonly slots: readonly Slot[]
  /** Latin words that were read as Chinese ones. */
  readonly read: ReadLatin['read']
}

/** Plans what is looked for; undefined where there are no words, and everything is. */
export const planOf = (figures: CatalogFigures, text: string, words: PreparedWords): QueryPlan | undefined =>
  text.trim() === '' ? undefined : planQuery(figures, text, words)

const planQuery = (figures: CatalogFigures, text: string, words: PreparedWords): QueryPlan => {
  const folded = words.rewrite(fold(text.slice(0, longestQuery))).slice(0, longestQuery)
  const { text: told, read } = readLatin(figures, folded)
  const terms = analyseFolded(told.slice(0, longestQuery))
  const found = slotsOf(figures, terms, isWanted, words)
  const isKnown = ({ alternatives }: Slot): boolean => alternatives.some(({ term }) => figures.frequencyOf(term) > 0)
  if (found.some(isKnown)) return { slots: found, read }
  // Of 女跑鞋 nothing has a pair of characters: where titles have them all, each by itself says more than nothing.
  const alone = slotsOf(figures, terms, isWantedAlone, words)
  return { slots: alone.every(isKnown) ? alone : found, read }
}

type IsWanted = (term: Term, terms: readonly Term[]) => boolean

const slotsOf = (
  figures: CatalogFigures,
  terms: readonly Term[],
  isAsked: IsWanted,
  words: PreparedWords,
): readonly Slot[] => {
  const asked = terms.filter((term) => isAsked(term, terms))
  const telling = asked.filter(({ term }) => !words.isIgnored(term))
  const wanted = (telling.length > 0 ? telling : asked).slice(0, mostSlots)
  const drafts = wanted.map((term) => draftOf(figures, term, terms))
  return withoutCrossings(figures, withJoins(figures, drafts))
    .flatMap((draft) => resolve(figures, draft, words.synonyms))
    .map((draft) => ({ ...draft, rarity: weighed(figures, draft) }))
}

// Where pairs of characters lead nowhere, the characters take their places.
const isWantedAlone: IsWanted = (term, terms) =>
  term.kind === 'character' || (term.kind !== 'pair' && isWanted(term, terms))

type Draft = Omit<Slot, 'rarity'>

// Characters are looked for where there is no pair; a unit is part of its measure.
const isWanted: IsWanted = (term, terms) => {
  switch (term.kind) {
    case 'character':
      return !terms.some(({ kind, at }) => kind === 'pair' && (at === term.at || at === term.at - 1))
    case 'word':
      return !terms.some(({ kind, at, span }) => kind === 'measure' && span === 2 && at + 1 === term.at)
    case 'number':
    case 'measure':
    case 'joined':
    case 'pair':
      return true
  }
}

const draftOf = (
  { vocabulary }: CatalogFigures,
  { term: word, kind, at, span }: Term,
  terms: readonly Term[],
): Draft => {
  const term = vocabulary.terms.find(word)
  const hasParts = terms.some(
    (other) => (other.kind === 'word' || other.kind === 'number') && other.at >= at && other.at < at + span,
  )
  return {
    word,
    kind,
    at,
    alternatives: term === undefined ? [] : [{ term, weight: whole }],
    isExtra: kind === 'measure' || (kind === 'joined' && hasParts),
    corrected: null,
  }
}

/** Gives words the writing that the catalog has for them and their neighbour together: subwoofer for sub woofer. */
const withJoins = ({ vocabulary }: CatalogFigures, drafts: readonly Draft[]): readonly Draft[] => {
  const words = drafts.filter(({ kind }) => kind === 'word' || kind === 'number')
  const joined = new Map<number, Alternative[]>()
  for (const [index, left] of words.entries()) {
    const right = words[index + 1]
    const word = left.word + (right?.word ?? '')
    if (right === undefined || right.at !== left.at + 1 || word.length < 4) continue
    const term = drafts.some((each) => each.word === word) ? undefined : vocabulary.terms.find(word)
    if (term === undefined) continue
    for (const { at } of [left, right]) joined.set(at, [...(joined.get(at) ?? []), { term, weight: writtenTogether }])
  }
  return drafts.map((draft) => {
    const more = draft.isExtra ? undefined : joined.get(draft.at)
    return more === undefined ? draft : { ...draft, alternatives: [...draft.alternatives, ...more] }
  })
}

const writtenTogether = 13

/**
 * Leaves out pairs of characters that reach from one Chinese word into the next: they are rarer than the pairs on both
 * sides, and say nothing.
 */
const withoutCrossings = (figures: CatalogFigures, drafts: readonly Draft[]): readonly Draft[] => {
  const pairs = new Map(drafts.filter(({ kind }) => kind === 'pair').map((draft) => [draft.at, draft]))
  const countAt = (at: number): number | undefined => {
    const draft = pairs.get(at)
    return draft === undefined ? undefined : figures.frequencyOf(draft.alternatives[0]?.term)
  }
  return drafts.filter(({ kind, at }) => {
    if (kind !== 'pair') return true
    const own = countAt(at) ?? 0
    const before = countAt(at - 1)
    const after = countAt(at + 1)
    return before === undefined || after === undefined || own >= crossingShare * Math.min(before, after)
  })
}

const crossingShare = 0.5

/** Gives a word the writings that answer it: as parts, as it may have been meant, as others say it. */
const resolve = (figures: CatalogFigures, draft: Draft, synonyms: SynonymTable): readonly Draft[] => {
  if (draft.kind !== 'word') return [withSynonyms(figures, draft, synonyms)]
  const frequency = Math.max(0, ...draft.alternatives.map(({ term }) => figures.frequencyOf(term)))
  if (frequency <= rareWord) {
    const split = findSplit(figures, draft.word)
    if (split !== undefined && split.frequency > 2 * frequency) {
      return split.parts.map(({ word, term }, part) => ({
        ...draft,
        word,
        at: draft.at + part / 2,
        alternatives: [{ term, weight: whole }, ...draft.alternatives],
      }))
    }
  }
  const told = withSynonyms(figures, draft, synonyms)
  if (frequency > 0 || told.alternatives.length > 0) return [told]
  const meant = candidatesFor(figures, draft.word)
  return [{ ...draft, alternatives: meant.alternatives, corrected: meant.best }]
}

const rareWord = 3
const likeTyped = 13

const candidatesFor = (
  figures: CatalogFigures,
  word: string,
): { readonly alternatives: readonly Alternative[]; readonly best: string | null } => {
  const { terms, speller } = figures.vocabulary
  const found = speller.candidates(word)
  const [best] = found
  const alternatives: Alternative[] = []
  for (const each of found.slice(0, 3)) {
    const term = terms.find(stem(each.word))
    if (term === undefined || best === undefined || likelihood(best) - likelihood(each) > 2) continue
    if (figures.frequencyOf(term) === 0 || alternatives.some((other) => other.term === term)) continue
    alternatives.push({ term, weight: Math.max(4, Math.round(likeTyped - 3 * Math.max(0, each.cost - 1))) })
  }
  return { alternatives, best: alternatives.length === 0 ? null : (best?.word ?? null) }
}

const withSynonyms = (figures: CatalogFigures, draft: Draft, synonyms: SynonymTable): Draft => {
  const others = synonyms(draft.word).flatMap(({ word, weight }): readonly Alternative[] => {
    const term = figures.vocabulary.terms.find(word)
    return term === undefined || draft.alternatives.some((held) => held.term === term) ? [] : [{ term, weight }]
  })
  return others.length === 0 ? draft : { ...draft, alternatives: [...draft.alternatives, ...others] }
}

const weighed = (figures: CatalogFigures, { kind, isExtra, alternatives }: Draft): number => {
  const frequencies = alternatives.map(({ term, weight }) => ({ weight, frequency: figures.frequencyOf(term) }))
  const own = frequencies.filter(({ weight, frequency }) => weight === whole && frequency > 0)
  const told = own.length > 0 ? own : frequencies
  const frequency = told.reduce((most, each) => Math.max(most, each.frequency), 0)
  const rarity = rarityOf(figures.counted, frequency)
  // A word that nothing has still counts as missed, but less: it is often a slip.
  if (frequency === 0) return Math.max(1, rarity >> 1)
  return isExtra || kind === 'measure' ? Math.max(1, rarity >> 1) : rarity
}
