import type { FacetColumn } from './segment.js'

/** Collects which product states which value of a facet, product by product. */
export type FacetColumnBuilder = {
  /** Products come in ascending order; the same value twice counts once. */
  readonly add: (document: number, value: number) => void
  readonly finish: (documents: number) => FacetColumn
}

/** Starts a column. */
export const createFacetColumn = (): FacetColumnBuilder => {
  const documents: number[] = []
  const values: number[] = []
  return {
    add: (document, value) => {
      for (let at = documents.length - 1; at >= 0 && documents[at] === document; at -= 1) {
        if (values[at] === value) return
      }
      documents.push(document)
      values.push(value)
    },
    finish: (size) => {
      // A column of its own costs every product some bytes, and pays where many have the facet.
      if (documents.length * 4 < size) {
        return { first: null, documents: Uint32Array.from(documents), values: Uint32Array.from(values) }
      }
      const highest = values.reduce((most, value) => Math.max(most, value), 0)
      const first = highest < 0xffff ? new Uint16Array(size) : new Uint32Array(size)
      const further: number[] = []
      for (const [at, document] of documents.entries()) {
        if (first[document] === 0) first[document] = (values[at] ?? 0) + 1
        else further.push(at)
      }
      return {
        first,
        documents: Uint32Array.from(further, (at) => documents[at] ?? 0),
        values: Uint32Array.from(further, (at) => values[at] ?? 0),
      }
    },
  }
}

/** Every product of a column with each of its values, products ascending. */
export const eachValue = (column: FacetColumn, tell: (document: number, value: number) => void): void => {
  let at = 0
  const tellFurther = (below: number): void => {
    while (at < column.documents.length && (column.documents[at] ?? 0) < below) {
      tell(column.documents[at] ?? 0, column.values[at] ?? 0)
      at += 1
    }
  }
  if (column.first !== null) {
    for (let document = 0; document < column.first.length; document += 1) {
      const value = column.first[document] ?? 0
      if (value > 0) tell(document, value - 1)
      tellFurther(document + 1)
    }
  }
  tellFurther(Number.POSITIVE_INFINITY)
}
