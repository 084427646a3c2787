import { type Bits, countBits, hasBit, listBits, restOf } from './bits.js'
import type { FacetColumn, Segment } from './segment.js'

/** Products of a segment that are to be counted. */
export type Counted = {
  readonly segment: Segment
  readonly held: Bits
  readonly looked: number
  /** The fewer of those that are and those that are not; what the others have is known of all. */
  readonly list: Uint32Array
  readonly isRest: boolean
  /** What was counted of it already. */
  readonly known: Map<Pick<FacetColumn, 'sets' | 'totals'>, Uint32Array>
}

/** Prepares products of a segment to be counted. */
export const countedOf = (segment: Segment, held: Bits): Counted => {
  const size = segment.ids.length
  const looked = countBits(held)
  const isRest = 2 * looked > size
  const list = isRest ? listBits(restOf(held, size), size - looked) : listBits(held, looked)
  return { segment, held, looked, list, isRest, known: new Map() }
}

/** By the number of a value of a facet: how many of the counted products have it. */
export const countValues = (counted: readonly Counted[], id: number, values: number): Uint32Array => {
  const counts = new Uint32Array(values)
  for (const each of counted) {
    const column = each.segment.facets.get(id)
    if (column === undefined) continue
    const bySet = column.documents === null ? countSets(each, column) : countFewSets(each, column, column.documents)
    for (let set = 1; set < bySet.length; set += 1) {
      const count = bySet[set] ?? 0
      if (count === 0) continue
      const end = column.offsets[set + 1] ?? 0
      for (let at = column.offsets[set] ?? 0; at < end; at += 1) {
        const value = column.values[at] ?? 0
        counts[value] = (counts[value] ?? 0) + count
      }
    }
  }
  return counts
}

/** How many of the counted products state a facet, whatever its value. */
export const countStating = (counted: readonly Counted[], id: number): number => {
  let stating = 0
  for (const each of counted) {
    const column = each.segment.facets.get(id)
    if (column === undefined) continue
    if (column.documents === null) stating += each.looked - (countSets(each, column)[0] ?? 0)
    else for (const document of column.documents) if (hasBit(each.held, document)) stating += 1
  }
  return stating
}

/** How many of the counted products have each set of values. */
export const countSets = (counted: Counted, column: Pick<FacetColumn, 'sets' | 'totals'>): Uint32Array => {
  const known = counted.known.get(column)
  if (known !== undefined) return known
  const counts = setsOf(counted, column)
  counted.known.set(column, counts)
  return counts
}

const setsOf = ({ list, isRest }: Counted, { sets, totals }: Pick<FacetColumn, 'sets' | 'totals'>): Uint32Array => {
  const counts = new Uint32Array(totals.length)
  for (let at = 0; at < list.length; at += 1) {
    const set = sets[list[at] ?? 0] ?? 0
    counts[set] = (counts[set] ?? 0) + 1
  }
  if (isRest) for (let set = 0; set < counts.length; set += 1) counts[set] = (totals[set] ?? 0) - (counts[set] ?? 0)
  return counts
}

const countFewSets = ({ held }: Counted, { sets, totals }: FacetColumn, documents: Uint32Array): Uint32Array => {
  const counts = new Uint32Array(totals.length)
  for (let at = 0; at < documents.length; at += 1) {
    if (!hasBit(held, documents[at] ?? 0)) continue
    const set = sets[at] ?? 0
    counts[set] = (counts[set] ?? 0) + 1
  }
  return counts
}
