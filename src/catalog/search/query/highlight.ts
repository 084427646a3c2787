import { analyseFolded, longestAnalysed } from '../analysis/analyse.js'
import { foldWithOrigins } from '../analysis/fold.js'

/** A piece of a text, in UTF-16 units; the end is not part of it. */
export type TextRange = { readonly start: number; readonly end: number }

/**
 * Where a text has the words of a query, to be marked by whoever shows it: pieces of the text as it is written, ascending
 * and apart, so that nothing has to be put into it.
 *
 * @param terms - `terms` of the answer
 */
export const highlight = (text: string, terms: ReadonlySet<string>): readonly TextRange[] => {
  const { text: folded, origins } = foldWithOrigins(text.slice(0, longestAnalysed))
  const ranges: { start: number; end: number }[] = []
  const found = analyseFolded(folded)
    .filter(({ term }) => terms.has(term))
    .sort((a, b) => a.start - b.start)
  for (const { start, end } of found) {
    const from = origins[start] ?? 0
    const to = origins[end] ?? text.length
    const last = ranges.at(-1)
    if (last !== undefined && from <= last.end) last.end = Math.max(last.end, to)
    else if (to > from) ranges.push({ start: from, end: to })
  }
  return ranges
}
