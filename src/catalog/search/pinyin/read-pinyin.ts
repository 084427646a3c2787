import type { CatalogFigures } from '../index/catalog-figures.js'
import { charactersReadAs, syllablesIn } from './syllables.js'

/** Chinese text that letters stand for, and in how many products its rarest pair of characters is. */
export type ReadPinyin = { readonly text: string; readonly frequency: number }

const shortest = 4
const longest = 36

/**
 * The Chinese words of a catalog that a Latin word spells: lanyaerji is 蓝牙耳机. Of all characters that its syllables may
 * be, those are taken whose pairs stand in most products; nothing is kept for it beside the index.
 */
export const readPinyin = (figures: CatalogFigures, letters: string): ReadPinyin | undefined => {
  if (letters.length < shortest || letters.length > longest) return undefined
  let best: (ReadPinyin & { readonly worth: number }) | undefined
  for (const syllables of syllablesIn(letters)) {
    if (syllables.length < 2) continue
    const read = spell(figures, syllables)
    if (read !== undefined && (best === undefined || read.worth > best.worth)) best = read
  }
  return best
}

/** How many characters of a syllable are looked at: the most frequent of the catalog. */
const mostCharacters = 40
/** What it takes to go from one word to the next, beside the gain of a pair that stands in many products. */
const cutCost = 9

type Path = {
  readonly text: string
  readonly worth: number
  readonly least: number
  /** Whether the last character stands in a pair with the one before. */
  readonly isBound: boolean
}

const spell = (
  figures: CatalogFigures,
  syllables: readonly string[],
): (ReadPinyin & { readonly worth: number }) | undefined => {
  let paths: readonly Path[] = [{ text: '', worth: 0, least: Number.POSITIVE_INFINITY, isBound: true }]
  for (const syllable of syllables) {
    const next: Path[] = []
    for (const character of frequentOf(figures, syllable)) {
      let best: Path | undefined
      for (const path of paths) {
        const longer = extend(figures, path, character)
        if (longer !== undefined && (best === undefined || longer.worth > best.worth)) best = longer
      }
      if (best !== undefined) next.push(best)
    }
    paths = next
  }
  const ended = paths.filter(({ isBound }) => isBound)
  const [first] = ended
  if (first === undefined) return undefined
  const best = ended.reduce((held, path) => (path.worth > held.worth ? path : held), first)
  return { text: best.text, frequency: best.least, worth: best.worth / syllables.length }
}

// Every character stands in a pair with one of its neighbours; words of one character alone say too little.
const extend = (figures: CatalogFigures, path: Path, character: string): Path | undefined => {
  const text = path.text + character
  if (path.text === '') return { text, worth: 0, least: path.least, isBound: false }
  const pair = (path.text.at(-1) ?? '') + character
  const frequency = figures.frequencyOf(figures.vocabulary.terms.find(pair))
  if (frequency > 0) {
    const worth = path.worth + Math.log(1 + frequency)
    return { text, worth, least: Math.min(path.least, frequency), isBound: true }
  }
  return path.isBound ? { text, worth: path.worth - cutCost, least: path.least, isBound: false } : undefined
}

const frequentOf = (figures: CatalogFigures, syllable: string): readonly string[] =>
  [...charactersReadAs(syllable)]
    .map((character) => ({ character, frequency: figures.frequencyOf(figures.vocabulary.terms.find(character)) }))
    .filter(({ frequency }) => frequency > 0)
    .sort((a, b) => b.frequency - a.frequency)
    .slice(0, mostCharacters)
    .map(({ character }) => character)
