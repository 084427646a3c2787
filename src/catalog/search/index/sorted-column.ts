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
  const sorted = sortColumn(column)
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
