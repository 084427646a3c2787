import type { Term } from '../analysis/analyse.js'

/**
 * Tells, word by word of a title, what the product is from what it is for: a case for a phone is no phone. Words behind
 * `for` or 适用 count as what it is for up to the next comma or bracket, in Chinese up to the next gap, and those before
 * 通用 back to the last.
 */
export type ClauseReader = {
  /** Takes the next word, in the order of the title; whether it stands in a part that says what the product is for. */
  readonly isFor: (term: Term) => boolean
}

/** Starts to read a folded title. */
export const readClauses = (folded: string): ClauseReader => {
  let end = 0
  let inside: 'no' | 'latin' | 'han' = 'no'
  let words = 0
  return {
    isFor: ({ term, kind, start, end: termEnd }) => {
      if (start > end) {
        const gap = folded.slice(end, start)
        if (inside !== 'no' && words > 0 && (breaks.test(gap) || (inside === 'han' && gap.includes(' ')))) inside = 'no'
        if (leads.test(gap)) {
          inside = 'latin'
          words = 0
        }
      }
      end = Math.max(end, termEnd)
      if (kind === 'pair' && leadingPairs.has(term)) {
        inside = 'han'
        words = -2
      }
      words += 1
      return inside !== 'no' && words > 0
    },
  }
}

const leads = /(?:^|[^a-z])(?:for|fits)[^a-z]/
const breaks = /[,;()[\]{}|]|\s-\s|(?:^|[^a-z])with[^a-z]/
const leadingPairs: ReadonlySet<string> = /* @__PURE__ */ new Set(['适用', '适配', '适合', '兼容'])
