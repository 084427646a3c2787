import { traditionalPairs } from './traditional-characters.js'

/**
 * The text under which writings of the same are equal: full width as half, upper case as lower, without accents and
 * trade marks, traditional characters as simplified ones.
 */
export const fold = (text: string): string => {
  const plain = ascii.test(text)
    ? text
    : text.replace(marks, ' ').normalize('NFKD').replace(accents, '').normalize('NFC')
  const lower = plain.toLowerCase()
  return han.test(lower) ? simplify(lower) : lower
}

/** A folded text with, for each of its units and for its end, where that stood in the original. */
export type FoldedText = { readonly text: string; readonly origins: readonly number[] }

/** Folds a text piece by piece, so that what is found in it can be shown in the original. */
export const foldWithOrigins = (text: string): FoldedText => {
  const origins: number[] = []
  let folded = ''
  for (const { 0: piece, index } of text.matchAll(pieces)) {
    const part = fold(piece)
    for (let unit = 0; unit < part.length; unit += 1) origins.push(index)
    folded += part
  }
  origins.push(text.length)
  return { text: folded, origins }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: exactly the ASCII characters
const ascii = /^[\x00-\x7f]*$/
const han = /[\u4e00-\u9fff]/
const marks = /[™®©℠]/g
const accents = /[\u0300-\u036f]/g
// A character with the marks that belong to it.
const pieces = /[^\p{M}]\p{M}*|\p{M}+/gsu

const simplify = (text: string): string => {
  const table = simplifiedOf()
  let simplified = ''
  let kept = 0
  for (let index = 0; index < text.length; index += 1) {
    const character = table.get(text.charCodeAt(index))
    if (character === undefined) continue
    simplified += text.slice(kept, index) + character
    kept = index + 1
  }
  return kept === 0 ? text : simplified + text.slice(kept)
}

let table: ReadonlyMap<number, string> | undefined

// Made when the first Chinese text comes, so that a shop without one does not pay for it.
const simplifiedOf = (): ReadonlyMap<number, string> => {
  if (table !== undefined) return table
  const made = new Map<number, string>()
  for (let index = 0; index < traditionalPairs.length; index += 2) {
    made.set(traditionalPairs.charCodeAt(index), traditionalPairs.charAt(index + 1))
  }
  table = made
  return made
}
