/** A word that may have been meant. */
export type SpellingCandidate = {
  readonly word: string
  /** How often the catalog's titles hold it. */
  readonly count: number
  /** What it took to come to it; less is nearer, an edit counts about 1. */
  readonly cost: number
}

/** The words that a catalog writes, and those that are written like a given one. */
export type Speller = {
  /** Takes in a Latin word in lower case. */
  readonly hear: (word: string) => void
  /** Every word that was heard, and how often. */
  readonly heard: () => ReadonlyMap<string, number>
  /** How often a word was heard. */
  readonly countOf: (word: string) => number
  /** Words like it, the likeliest first. */
  readonly candidates: (word: string) => readonly SpellingCandidate[]
}

type Bucket = { readonly words: string[]; readonly masks: number[] }
type Tell = (word: string) => void

/** How many edits a word of so many letters may be away. */
export const editsAllowed = (length: number): number => (length < 3 ? 0 : length < 5 ? 1 : length < 11 ? 2 : 3)

/**
 * Starts to collect words: by length, each with the set of its letters as bits, so that nearly all are passed over without
 * a look at their letters.
 */
export const createSpeller = (given: Iterable<readonly [word: string, count: number]> = []): Speller => {
  const counts = new Map<string, number>()
  // By length, then by the first letter.
  const buckets: (readonly Bucket[] | undefined)[] = []
  const nearIn = (bucket: Bucket | undefined, word: string, mask: number, edits: number, tell: Tell): void => {
    if (bucket === undefined) return
    const { words, masks } = bucket
    for (let index = 0; index < masks.length; index += 1) {
      if (bitsOf(mask ^ (masks[index] ?? 0)) > 2 * edits) continue
      const other = words[index] ?? ''
      if (other !== word && distanceWithin(word, other, edits) !== undefined) tell(other)
    }
  }
  // Who errs seldom errs in the first letter, and then in little else.
  const nearTo = (word: string, edits: number, tell: Tell): void => {
    const mask = maskOf(word)
    const first = word.charCodeAt(0) - 97
    for (let length = word.length - edits; length <= word.length + edits; length += 1) {
      const near = Math.abs(length - word.length) <= 1
      for (const [letter, bucket] of (buckets[length] ?? []).entries()) {
        if (letter === first) nearIn(bucket, word, mask, edits, tell)
        else if (near) nearIn(bucket, word, mask, 1, tell)
      }
    }
  }
  const hear = (word: string, times: number): void => {
    const count = counts.get(word) ?? 0
    counts.set(word, count + times)
    if (count > 0 || word.length < 3 || word.length > longestWord || !latin.test(word)) return
    let ofLength = buckets[word.length]
    if (ofLength === undefined) {
      ofLength = Array.from({ length: 26 }, () => ({ words: [], masks: [] }))
      buckets[word.length] = ofLength
    }
    const bucket = ofLength[word.charCodeAt(0) - 97]
    bucket?.words.push(word)
    bucket?.masks.push(maskOf(word))
  }
  for (const [word, count] of given) hear(word, count)
  return {
    hear: (word) => hear(word, 1),
    heard: () => counts,
    countOf: (word) => counts.get(word) ?? 0,
    candidates: (word) => {
      const edits = editsAllowed(word.length)
      if (edits === 0 || word.length > longestWord || !latin.test(word)) return []
      const found: SpellingCandidate[] = []
      nearTo(word, edits, (other) => {
        const cost = costOf(word, other)
        if (cost <= edits) found.push({ word: other, count: counts.get(other) ?? 0, cost })
      })
      return found
        .map((each) => ({ each, worth: likelihood(each) }))
        .sort((a, b) => b.worth - a.worth || (a.each.word < b.each.word ? -1 : 1))
        .map(({ each }) => each)
    },
  }
}

/** How likely it is that a candidate was meant: the less it takes and the more often it is written. */
export const likelihood = ({ cost, count }: SpellingCandidate): number => 0.6 * Math.log(1 + count) - 2.25 * cost

const longestWord = 24
const latin = /^[a-z]+$/

/**
 * What it takes to come from one word to the other: a swap, a vowel for a vowel, a letter too many or too few of two
 * alike are slight, another first letter is not.
 */
const costOf = (word: string, other: string): number => {
  const width = other.length + 1
  const table = new Float64Array((word.length + 1) * width)
  for (let line = 0; line <= word.length; line += 1) {
    for (let column = 0; column <= other.length; column += 1) {
      if (line === 0 && column === 0) continue
      let value = Number.POSITIVE_INFINITY
      const at = line * width + column
      if (line > 0) value = (table[at - width] ?? 0) + oneMore(word, line - 1, other[column - 1])
      if (column > 0) value = Math.min(value, (table[at - 1] ?? 0) + oneMore(other, column - 1, word[line - 1]))
      if (line > 0 && column > 0) {
        value = Math.min(
          value,
          (table[at - width - 1] ?? 0) + otherLetter(word.charAt(line - 1), other.charAt(column - 1)),
        )
        const isSwap =
          line > 1 && column > 1 && word[line - 1] === other[column - 2] && word[line - 2] === other[column - 1]
        if (isSwap) value = Math.min(value, (table[at - 2 * width - 2] ?? 0) + 0.7)
      }
      table[at] = value
    }
  }
  return (table[table.length - 1] ?? 0) + (word[0] === other[0] ? 0 : 0.6)
}

const oneMore = (word: string, index: number, beside: string | undefined): number => {
  const letter = word.charAt(index)
  if (letter === word[index - 1] || letter === word[index + 1]) return 0.4
  if (letter === 's' && index === word.length - 1) return 0.9
  return vowels.has(letter) || letter === 'h' || letter === beside ? 0.8 : 1
}

const otherLetter = (left: string, right: string): number => {
  if (left === right) return 0
  if (vowels.has(left) && vowels.has(right)) return 0.6
  return alike.has(left + right) || alike.has(right + left) ? 0.7 : 1
}

const vowels: ReadonlySet<string> = /* @__PURE__ */ new Set('aeiouy')
const alike: ReadonlySet<string> = /* @__PURE__ */ new Set(['ck', 'cs', 'sz', 'gj', 'mn', 'dt', 'bp', 'fv', 'kq', 'bv'])

const maskOf = (word: string): number => {
  let mask = 0
  for (let index = 0; index < word.length; index += 1) mask |= 1 << (word.charCodeAt(index) - 97)
  return mask >>> 0
}

const bitsOf = (mask: number): number => {
  let bits = mask - ((mask >>> 1) & 0x55555555)
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333)
  return (((bits + (bits >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24
}

const rows = [new Uint8Array(32), new Uint8Array(32), new Uint8Array(32)] as const

/** The number of letters added, left out, changed or swapped with their neighbour; undefined above the most allowed. */
const distanceWithin = (left: string, right: string, most: number): number | undefined => {
  let [before, above, row] = rows as readonly [Uint8Array, Uint8Array, Uint8Array]
  for (let column = 0; column <= right.length; column += 1) above[column] = column
  let leastAbove = 0
  for (let line = 1; line <= left.length; line += 1) {
    row[0] = line
    let least = line
    const letter = left.charCodeAt(line - 1)
    for (let column = 1; column <= right.length; column += 1) {
      const isSame = letter === right.charCodeAt(column - 1)
      let value = Math.min(
        (above[column] ?? 0) + 1,
        (row[column - 1] ?? 0) + 1,
        (above[column - 1] ?? 0) + (isSame ? 0 : 1),
      )
      const isSwap =
        line > 1 &&
        column > 1 &&
        letter === right.charCodeAt(column - 2) &&
        left.charCodeAt(line - 2) === right.charCodeAt(column - 1)
      if (isSwap) value = Math.min(value, (before[column - 2] ?? 0) + 1)
      row[column] = value
      if (value < least) least = value
    }
    // A swap reaches over one line.
    if (least > most && leastAbove >= most) return undefined
    leastAbove = least
    ;[before, above, row] = [above, row, before]
  }
  const distance = above[right.length] ?? 0
  return distance <= most ? distance : undefined
}
