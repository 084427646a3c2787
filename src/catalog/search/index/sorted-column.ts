import { addBit, noBits } from './bits.js'
import { originOf } from './changed-column.js'

/** The products of a segment in the order of a number that each has; products of one number in order of ids. */
export type SortedColumn = {
  /** The numbers, ascending, each once; no number counts as nought. */
  readonly values: Float64Array
  /** Where the products of each begin. */
  readonly offsets: Uint32Array
  readonly documents: Uint32Array
}

const made = /* @__PURE__ */ new WeakMap<Float64Array, SortedColumn>()

/** The order of a column; made when it is asked for first. */
export const sortedColumnOf = (column: Float64Array): SortedColumn => {
  const known = made.get(column)
  if (known !== undefined) return known
  const origin = originOf(column)
  const sorted =
    origin === undefined ? sortColumn(column) : resorted(sortedColumnOf(origin.base), column, origin.changed)
  made.set(column, sorted)
  return sorted
}

const sortColumn = (column: Float64Array): SortedColumn => {
  const all = column.map((value) => (Number.isNaN(value) ? 0 : value)).sort()
  let count = 0
  for (let at = 0; at < all.length; at += 1) {
    if (at > 0 && all[at] === all[count - 1]) continue
    all[count] = all[at] ?? 0
    count += 1
  }
  const values = all.slice(0, count)
  const places = new Uint32Array(column.length)
  const offsets = new Uint32Array(count + 1)
  for (let document = 0; document < column.length; document += 1) {
    const value = column[document] ?? 0
    const place = placeOfLeast(values, Number.isNaN(value) ? 0 : value)
    places[document] = place
    offsets[place + 1] = (offsets[place + 1] ?? 0) + 1
  }
  for (let place = 0; place < count; place += 1) offsets[place + 1] = (offsets[place + 1] ?? 0) + (offsets[place] ?? 0)
  const next = offsets.slice()
  const documents = new Uint32Array(column.length)
  for (let document = 0; document < column.length; document += 1) {
    const place = places[document] ?? 0
    const at = next[place] ?? 0
    next[place] = at + 1
    documents[at] = document
  }
  return { values, offsets, documents }
}

/** The order of a column that is in order but for some products: these are taken out and put in again where they belong. */
const resorted = (before: SortedColumn, column: Float64Array, changed: Uint32Array): SortedColumn => {
  const moved = noBits(column.length)
  for (const document of changed) addBit(moved, document)
  // By place in `changed`, which ascends as products do.
  const waiting = sortColumn(Float64Array.from(changed, (document) => column[document] ?? Number.NaN))
  const most = before.values.length + waiting.values.length
  const values = new Float64Array(most)
  const offsets = new Uint32Array(most + 1)
  const documents = new Uint32Array(column.length)
  let count = 0
  let length = 0
  let next = 0
  let group = 0
  while (group < before.values.length || next < waiting.values.length) {
    const [kept, put] = [
      before.values[group] ?? Number.POSITIVE_INFINITY,
      waiting.values[next] ?? Number.POSITIVE_INFINITY,
    ]
    const value = Math.min(kept, put)
    const begin = length
    if (kept === value) {
      const end = before.offsets[group + 1] ?? 0
      for (let at = before.offsets[group] ?? 0; at < end; at += 1) {
        const document = before.documents[at] ?? 0
        if (((moved[document >>> 5] ?? 0) >>> document) & 1) continue
        documents[length] = document
        length += 1
      }
      group += 1
    }
    if (put === value) {
      const alone = length === begin
      const end = waiting.offsets[next + 1] ?? 0
      for (let at = waiting.offsets[next] ?? 0; at < end; at += 1) {
        documents[length] = changed[waiting.documents[at] ?? 0] ?? 0
        length += 1
      }
      if (!alone) documents.subarray(begin, length).sort()
      next += 1
    }
    if (length === begin) continue
    values[count] = value
    offsets[count] = begin
    count += 1
  }
  offsets[count] = length
  return { values: values.subarray(0, count), offsets: offsets.subarray(0, count + 1), documents }
}

/** The place of the first of ascending numbers that is not less than one; their count where all are. */
export const placeOfLeast = (ascending: Float64Array, least: number): number => {
  let low = 0
  let high = ascending.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((ascending[middle] ?? 0) < least) low = middle + 1
    else high = middle
  }
  return low
}
