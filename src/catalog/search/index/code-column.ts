import { hashOfText } from '../../../shared/text-hash.js'
import { fold } from '../analysis/fold.js'
import { placeOfLeast } from './sorted-column.js'

/** The codes of the products of a segment (SKU, model), as numbers made of them, ascending, and beside each its product. */
export type CodeColumn = { readonly codes: Float64Array; readonly codeDocuments: Uint32Array }

/** Collects codes. */
export type CodeColumnBuilder = {
  readonly addText: (document: number, text: string) => void
  readonly add: (document: number, code: number) => void
  readonly finish: () => CodeColumn
}

/** Starts to collect codes. */
export const createCodeColumn = (): CodeColumnBuilder => {
  const held: (readonly [code: number, document: number])[] = []
  const add = (document: number, code: number): void => {
    held.push([code, document])
  }
  return {
    add,
    addText: (document, text) => {
      const code = codeOfText(fold(text))
      if (code !== undefined) add(document, code)
    },
    finish: () => {
      held.sort(([a, left], [b, right]) => a - b || left - right)
      return {
        codes: Float64Array.from(held, ([code]) => code),
        codeDocuments: Uint32Array.from(held, ([, document]) => document),
      }
    },
  }
}

/** The products that have a code, written with whatever signs between its parts. */
export const documentsWithCode = ({ codes, codeDocuments }: CodeColumn, folded: string): readonly number[] => {
  const code = codeOfText(folded)
  if (code === undefined) return []
  const found: number[] = []
  for (let at = placeOfLeast(codes, code); codes[at] === code; at += 1) found.push(codeDocuments[at] ?? 0)
  return found
}

const shortestCode = 3

/** A number of 53 bits for the letters and digits of a code; two codes of a catalog hardly ever share one. */
export const codeOfText = (folded: string): number | undefined => {
  const plain = folded.replace(/[^\p{L}\p{N}]/gu, '')
  if (plain.length < shortestCode) return undefined
  return hashOfText(plain)
}
