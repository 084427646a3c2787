import { stem } from '../analysis/stem.js'
import type { CatalogFigures } from '../index/catalog-figures.js'

/** A word taken apart: `toiletseat` is toilet and seat. */
export type Split = {
  readonly parts: readonly [SplitPart, SplitPart]
  /** In how many titles the parts stand beside each other. */
  readonly frequency: number
}

/** A part of a word that the catalog knows. */
export type SplitPart = { readonly word: string; readonly term: number }

/** Takes a word apart where the catalog's titles write both parts one after the other; the most frequent way. */
export const findSplit = (figures: CatalogFigures, word: string): Split | undefined => {
  if (word.length < 5 || word.length > 30) return undefined
  let best: Split | undefined
  for (let cut = 2; cut <= word.length - 2; cut += 1) {
    const left = partOf(figures, word.slice(0, cut))
    const right = left === undefined ? undefined : partOf(figures, stem(word.slice(cut)))
    if (left === undefined || right === undefined) continue
    const frequency = figures.titlesWith(left.term, right.term)
    if (frequency > (best?.frequency ?? 0)) best = { parts: [left, right], frequency }
  }
  return best
}

const partOf = (figures: CatalogFigures, word: string): SplitPart | undefined => {
  const term = figures.vocabulary.terms.find(word)
  return term === undefined || figures.frequencyOf(term) === 0 ? undefined : { word, term }
}
