import { fold } from '../analysis/fold.js'
import { documentsWithCode } from '../index/code-column.js'
import type { Segment } from '../index/segment.js'

/** Added to the score of what has the very SKU or model that was asked for: more than words come to. */
export const exactCodeWorth = 2 ** 40

/** The products of a segment whose code a query is, whole, whatever the signs between its parts. */
export const documentsByCode = (segment: Segment, text: string): readonly number[] => {
  const folded = readCode(text)
  return folded === undefined ? [] : documentsWithCode(segment, folded)
}

/** What may be a code in a query, folded. */
export const readCode = (text: string): string | undefined => {
  const folded = fold(text.slice(0, 120))
  // A code without a digit is a word as well.
  return /\d/.test(folded) ? folded : undefined
}
