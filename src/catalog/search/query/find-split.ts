import { stem } from '../analysis/stem.js'
import { type CatalogIndex, frequencyOf } from '../index/catalog-index.js'
import { forMark, postingsOf, type Segment } from '../index/segment.js'

/** A word taken apart: `toiletseat` is toilet and seat. */
export type Split = {
  readonly parts: readonly [SplitPart, SplitPart]
  /** In how many titles the parts stand beside each other. */
  readonly frequency: number
}

/** A part of a word that the catalog knows. */
export type SplitPart = { readonly word: string; readonly term: number }

/** Takes a word apart where the catalog's titles write both parts one after the other; the most frequent way. */
export const findSplit = (index: CatalogIndex, word: string): Split | undefined => {
  if (word.length < 5 || word.length > 30) return undefined
  let best: Split | undefined
  for (let cut = 2; cut <= word.length - 2; cut += 1) {
    const left = partOf(index, word.slice(0, cut))
    const right = left === undefined ? undefined : partOf(index, stem(word.slice(cut)))
    if (left === undefined || right === undefined) continue
    const frequency = titlesWith(index, left.term, right.term)
    if (frequency > (best?.frequency ?? 0)) best = { parts: [left, right], frequency }
  }
  return best
}

const partOf = (index: CatalogIndex, word: string): SplitPart | undefined => {
  const term = index.vocabulary.terms.find(word)
  return term === undefined || frequencyOf(index, term) === 0 ? undefined : { word, term }
}

// Enough to know which way is the usual one.
const mostLooked = 2_000

/** In how many titles two words stand one after the other; of frequent words only so many are looked at. */
export const titlesWith = ({ segments }: CatalogIndex, left: number, right: number, most = mostLooked): number =>
  segments.reduce((sum, segment) => sum + titlesIn(segment, left, right, most), 0)

const titlesIn = (segment: Segment, left: number, right: number, most: number): number => {
  const ofLeft = postingsOf(segment, left)
  const ofRight = postingsOf(segment, right)
  const rarer = ofLeft.end - ofLeft.begin < ofRight.end - ofRight.begin ? ofLeft : ofRight
  const { documents, titleOffsets, titleTerms } = segment
  let found = 0
  for (let at = rarer.begin; at < Math.min(rarer.end, rarer.begin + most); at += 1) {
    const document = documents[at] ?? 0
    const end = (titleOffsets[document + 1] ?? 0) - 1
    for (let place = titleOffsets[document] ?? 0; place < end; place += 1) {
      if ((titleTerms[place] ?? 0) % forMark !== left || (titleTerms[place + 1] ?? 0) % forMark !== right) continue
      found += 1
      break
    }
  }
  return found
}
