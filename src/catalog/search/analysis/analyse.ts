import { fold } from './fold.js'
import { type Run, scanRuns } from './scan.js'
import { stem } from './stem.js'
import { hanUnitOf, unitOf } from './units.js'

/**
 * What a search word is: a word, a number, a number with its unit, a name written together that has parts (`iphone15`,
 * `wifi` of Wi-Fi), a pair of Chinese characters, or one of them.
 */
export type TermKind = 'word' | 'number' | 'measure' | 'joined' | 'pair' | 'character'

/** A search word where it stands in a text. */
export type Term = {
  readonly term: string
  readonly kind: TermKind
  /** How many words, numbers and characters stand before it; parts of one name count each. */
  readonly at: number
  /** How many of them it takes. */
  readonly span: number
  /** Where it stands in the folded text. */
  readonly start: number
  readonly end: number
}

/** The longest text that is analysed, in UTF-16 units; what follows is left out. */
export const longestAnalysed = 20_000

/**
 * Splits a text into search words; the same for what is indexed and what is asked.
 *
 * @returns in order of appearance; what is written together comes behind its parts
 */
export const analyse = (text: string): readonly Term[] => analyseFolded(fold(text.slice(0, longestAnalysed)))

/** Splits a text that is folded already. */
export const analyseFolded = (folded: string): readonly Term[] => {
  const terms: Term[] = []
  const runs = scanRuns(folded)
  let at = 0
  let index = 0
  while (index < runs.length) {
    const run = runs[index]
    if (run === undefined) break
    if (run.kind === 'han') {
      at = addHan(terms, run, at)
      index += 1
    } else {
      const group = groupFrom(runs, index)
      at = addGroup(terms, { group, following: runs[index + group.length], folded, at })
      index += group.length
    }
  }
  return terms
}

const addHan = (terms: Term[], run: Run, first: number): number => {
  const characters = [...run.text]
  let start = run.start
  for (const [index, character] of characters.entries()) {
    const end = start + character.length
    const at = first + index
    terms.push({ term: character, kind: 'character', at, span: 1, start, end })
    const next = characters[index + 1]
    if (next !== undefined) {
      terms.push({ term: character + next, kind: 'pair', at, span: 2, start, end: end + next.length })
    }
    start = end
  }
  return first + characters.length
}

/** Letters and digits that touch, or that a single sign links. */
const groupFrom = (runs: readonly Run[], first: number): readonly Run[] => {
  let end = first + 1
  while (end < runs.length) {
    const run = runs[end]
    const before = runs[end - 1]
    if (run === undefined || before === undefined || run.kind === 'han' || end - first >= mostParts) break
    if (run.gap !== 'touching' && run.gap !== 'linked') break
    // 2x4 is two numbers.
    if (run.text === 'x' && before.kind === 'digits' && runs[end + 1]?.kind === 'digits') break
    if (before.text === 'x' && end - first === 1 && run.kind === 'digits' && runs[first - 1]?.kind === 'digits') break
    end += 1
  }
  return runs.slice(first, end)
}

const mostParts = 8

type Group = {
  readonly group: readonly Run[]
  readonly following: Run | undefined
  readonly folded: string
  readonly at: number
}

const addGroup = (terms: Term[], { group, following, folded, at: first }: Group): number => {
  const whole = group.map(({ text }) => text).join('')
  const isMixed = group.some(({ kind }) => kind === 'digits') && group.some(({ kind }) => kind === 'letters')
  // A short name such as 5g or m2 means nothing in parts.
  const isShort = isMixed && whole.length <= 3
  let at = first
  for (const [index, run] of group.entries()) {
    if (!isShort) addPart(terms, run, at)
    if (run.kind === 'digits') addMeasure(terms, { run, next: group[index + 1] ?? following, folded, at })
    at += 1
  }
  const start = group[0]?.start ?? 0
  const end = group[group.length - 1]?.end ?? 0
  if (group.length > 1) {
    addSegments(terms, group, first)
    // 5g is one word, whether it is a network or a weight.
    if (terms.at(-1)?.term === whole) terms.pop()
    terms.push({ term: whole, kind: 'joined', at: first, span: group.length, start, end })
  }
  return at
}

const addPart = (terms: Term[], { kind, text, start, end }: Run, at: number): void => {
  if (kind === 'digits') terms.push({ term: numberOf(text), kind: 'number', at, span: 1, start, end })
  else if (!stopWords.has(text)) terms.push({ term: stem(text), kind: 'word', at, span: 1, start, end })
}

/** The parts between the signs of a name, where they have parts themselves: 1000xm4 of wh-1000xm4. */
const addSegments = (terms: Term[], group: readonly Run[], first: number): void => {
  let begin = 0
  for (let index = 1; index <= group.length; index += 1) {
    if (index < group.length && group[index]?.gap === 'touching') continue
    const segment = group.slice(begin, index)
    const start = segment[0]?.start ?? 0
    const end = segment[segment.length - 1]?.end ?? 0
    if (segment.length > 1 && segment.length < group.length) {
      const term = segment.map(({ text }) => text).join('')
      terms.push({ term, kind: 'joined', at: first + begin, span: segment.length, start, end })
    }
    begin = index
  }
}

type Measured = { readonly run: Run; readonly next: Run | undefined; readonly folded: string; readonly at: number }

const addMeasure = (terms: Term[], { run, next, folded, at }: Measured): void => {
  const sign = folded[run.end]
  const ofSign = sign === '"' || sign === "'" ? unitOf(sign) : undefined
  const { start } = run
  if (ofSign !== undefined) {
    terms.push({ term: numberOf(run.text) + ofSign, kind: 'measure', at, span: 1, start, end: run.end + 1 })
    return
  }
  if (next === undefined || next.gap === 'apart') return
  const unit =
    next.kind === 'han'
      ? hanUnitOf(next.text)
      : next.kind === 'letters'
        ? { unit: unitOf(next.text), length: next.text.length }
        : undefined
  if (unit?.unit === undefined) return
  const span = next.kind === 'han' ? 1 + unit.length : 2
  terms.push({ term: numberOf(run.text) + unit.unit, kind: 'measure', at, span, start, end: next.start + unit.length })
}

/** A number as it is looked for: without separators of thousands and noughts that say nothing. */
const numberOf = (digits: string): string => {
  const plain = digits.replaceAll(',', '').replaceAll('⁄', '/')
  return plain.includes('.') && !plain.includes('/') ? plain.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '') : plain
}

/** Whether a word says nothing of what a product is. */
export const isStopWord = (word: string): boolean => stopWords.has(word)

const stopWords: ReadonlySet<string> = /* @__PURE__ */ new Set(
  'a an and are as at be by for from in into is it its of on or our s that the their this to with your'.split(' '),
)
