import { analyseFolded } from '../analysis/analyse.js'
import { fold } from '../analysis/fold.js'
import { retailWords } from './retail-words.js'

/** What else may be written for a word, as the index has it, and what that is worth, 1 to 16. */
export type SynonymTable = (word: string) => readonly { readonly word: string; readonly weight: number }[]

/** What a shop says about the words that its shoppers search with; languages may be mixed. */
export type SearchWords = {
  /**
   * Single words that mean the same (`['sofa', 'couch']`, `['耳机', '耳麦']`); one is found by the other, behind what has
   * the very word. Chinese words have two characters here; for longer ones use `rewritten`.
   */
  readonly alike?: readonly (readonly string[])[]
  /** What stands in a query, and what is searched for instead: `[['随身碟', 'U盘']]`. */
  readonly rewritten?: readonly (readonly [from: string, to: string])[]
  /** Words that say nothing in this shop and are not looked for where anything else is. */
  readonly ignored?: readonly string[]
}

/** Words prepared for searching. */
export type PreparedWords = {
  readonly synonyms: SynonymTable
  /** A folded query as it is searched for. */
  readonly rewrite: (folded: string) => string
  readonly isIgnored: (word: string) => boolean
}

/** Prepares words for searching, together with those that every shop has. */
export const prepareWords = (words: SearchWords = {}): PreparedWords => {
  const retail = retailWords()
  const others = new Map<string, Set<string>>()
  for (const group of [...retail.alike, ...(words.alike ?? [])]) {
    const known = group.flatMap((word) => wordOf(word) ?? [])
    for (const word of known) {
      const held = others.get(word) ?? new Set()
      others.set(word, held)
      for (const other of known) if (other !== word) held.add(other)
    }
  }
  const rewritten = [...retail.rewritten, ...(words.rewritten ?? [])]
    .map(([from, to]) => [fold(from ?? '').trim(), fold(to ?? '').trim()] as const)
    .filter(([from]) => from !== '')
    // The longer first, for it may hold the shorter.
    .sort(([a], [b]) => b.length - a.length)
  const ignored = new Set((words.ignored ?? []).flatMap((word) => wordOf(word) ?? []))
  return {
    synonyms: (word) => [...(others.get(word) ?? [])].map((other) => ({ word: other, weight: alikeWeight })),
    rewrite: (folded) =>
      rewritten.reduce((text, [from, to]) => (text.includes(from) ? replaceWord(text, from, to) : text), folded),
    isIgnored: (word) => ignored.has(word),
  }
}

/** What a word that means the same is worth beside the word itself, of 16. */
const alikeWeight = 7

/** A word as the index has it; none where it is several. */
const wordOf = (text: string): string | undefined => {
  const terms = analyseFolded(fold(text))
  const kept = terms.length > 1 ? terms.filter(({ kind }) => kind !== 'character') : terms
  return kept.length === 1 ? kept[0]?.term : undefined
}

const latin = /[a-z0-9]/

// A Latin phrase is replaced where it stands as words, Chinese text wherever it stands.
const replaceWord = (text: string, from: string, to: string): string => {
  let replaced = ''
  let kept = 0
  for (let at = text.indexOf(from); at >= 0; at = text.indexOf(from, at + from.length)) {
    const end = at + from.length
    const isPart =
      (latin.test(from.charAt(0)) && latin.test(text.charAt(at - 1))) ||
      (latin.test(from.charAt(from.length - 1)) && latin.test(text.charAt(end)))
    if (isPart) continue
    replaced += text.slice(kept, at) + to
    kept = end
  }
  return replaced + text.slice(kept)
}

let retail: PreparedWords | undefined

/** The words that every shop has; made when the first search comes. */
export const onlyRetailWords = (): PreparedWords => {
  retail ??= prepareWords()
  return retail
}
