import { addBit, hasBit, noBits } from './bits.js'
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
  const numberOf = (document: number): number => {
    const value = column[document] ?? 0
    return Number.isNaN(value) ? 0 : value
  }
  const waiting = changed.slice().sort((a, b) => numberOf(a) - numberOf(b) || a - b)
  const most = before.values.length + waiting.length
  const values = new Float64Array(most)
  const offsets = new Uint32Array(most + 1)
  const documents = new Uint32Array(column.length)
  let count = 0
  let length = 0
  let next = 0
  /** Those that come before a product of a number. */
  const putUpTo = (value: number, document: number): void => {
    for (; next < waiting.length; next += 1) {
      const other = waiting[next] ?? 0
      const number = numberOf(other)
      if (number > value || (number === value && other > document)) return
      put(number, other)
    }
  }
  const put = (value: number, document: number): void => {
    if (count === 0 || values[count - 1] !== value) {
      values[count] = value
      offsets[count] = length
      count += 1
    }
    documents[length] = document
    length += 1
  }
  for (let group = 0; group < before.values.length; group += 1) {
    const value = before.values[group] ?? 0
    const end = before.offsets[group + 1] ?? 0
    for (let at = before.offsets[group] ?? 0; at < end; at += 1) {
      const document = before.documents[at] ?? 0
      if (hasBit(moved, document)) continue
      putUpTo(value, document)
      put(value, document)
    }
  }
  putUpTo(Number.POSITIVE_INFINITY, 0)
  offsets[count] = length
  return { values: values.slice(0, count), offsets: offsets.slice(0, count + 1), documents }
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
