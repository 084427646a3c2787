import { forMark, postingsOf, type Segment } from './segment.js'

// Enough to know which way is the usual one.
const mostLooked = 2_000

/** In how many titles two words stand one after the other; of frequent words only so many are looked at. */
export const titlesWith = (segments: readonly Segment[], left: number, right: number, most = mostLooked): number =>
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
