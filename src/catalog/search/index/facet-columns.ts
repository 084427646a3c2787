import { createGrowing } from './growing.js'
import { type FacetColumn, placeIn } from './segment.js'

/** Collects which product states which values of a facet. */
export type FacetColumnBuilder = {
  /** The number of a set of values, given in any order. */
  readonly setOf: (values: readonly number[]) => number
  /** Each product once, in any order. */
  readonly put: (document: number, set: number) => void
  readonly finish: (documents: number) => FacetColumn
}

/** Starts a column. */
export const createFacetColumn = (): FacetColumnBuilder => {
  const ofOne = new Map<number, number>()
  const ofMany = new Map<string, number>()
  // The first set is that of no values.
  const offsets = createGrowing()
  const values = createGrowing()
  offsets.push(0)
  let held = 0
  let sets = 1
  const documents = createGrowing()
  const numbers = createGrowing()
  const addSet = (all: readonly number[]): number => {
    offsets.push(held)
    for (const value of all) values.push(value)
    held += all.length
    sets += 1
    return sets - 1
  }
  return {
    setOf: (given) => {
      const [only] = given
      if (only === undefined) return 0
      if (given.length === 1) {
        const known = ofOne.get(only) ?? addSet(given)
        ofOne.set(only, known)
        return known
      }
      const all = [...new Set(given)].sort((a, b) => a - b)
      const key = all.join()
      const known = ofMany.get(key) ?? (all.length === 1 ? ofOne.get(all[0] ?? 0) : undefined) ?? addSet(all)
      ofMany.set(key, known)
      if (all.length === 1) ofOne.set(all[0] ?? 0, known)
      return known
    },
    put: (document, set) => {
      documents.push(document)
      numbers.push(set)
    },
    finish: (size) => {
      offsets.push(held)
      const stating = documents.finish()
      const stated = numbers.finish()
      const totals = new Uint32Array(sets)
      totals[0] = size - stating.length
      for (const set of stated) totals[set] = (totals[set] ?? 0) + 1
      const shared = { offsets: offsets.finish(), values: values.finish(), totals }
      const create = (length: number): Uint16Array | Uint32Array =>
        sets <= 0xffff ? new Uint16Array(length) : new Uint32Array(length)
      const all = create(size)
      for (let at = 0; at < stating.length; at += 1) all[stating[at] ?? 0] = stated[at] ?? 0
      // A place for every product costs each some bytes, and pays where many have the facet.
      if (stating.length * 4 >= size) return { documents: null, sets: all, ...shared }
      const ascending = stating.sort()
      const kept = create(ascending.length)
      for (let at = 0; at < ascending.length; at += 1) kept[at] = all[ascending[at] ?? 0] ?? 0
      return { documents: ascending, sets: kept, ...shared }
    },
  }
}

/** The number of the set of values that a product has, 0 for none. */
export const setIn = ({ documents, sets }: FacetColumn, document: number): number => {
  if (documents === null) return sets[document] ?? 0
  const place = placeIn(documents, document)
  return place === undefined ? 0 : (sets[place] ?? 0)
}

/** The values of a set. */
export const valuesOfSet = ({ offsets, values }: FacetColumn, set: number): Uint32Array =>
  values.subarray(offsets[set] ?? 0, offsets[set + 1] ?? 0)
