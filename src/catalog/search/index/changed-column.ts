/** A column that is another but for some products. */
type Origin = {
  readonly base: Float64Array
  /** Those products, ascending. */
  readonly changed: Uint32Array
}

const origins = /* @__PURE__ */ new WeakMap<Float64Array, Origin>()

/**
 * The column that another is when some products have other numbers. What is made of a whole column (its order, its steps)
 * is made of this one by what the other's is, and these.
 *
 * @param changed - products, ascending
 * @param numberOf - the number of each of them
 */
export const changedColumn = (
  base: Float64Array,
  changed: Uint32Array,
  numberOf: (document: number) => number,
): Float64Array => {
  if (changed.length === 0) return base
  const column = base.slice()
  for (const document of changed) column[document] = numberOf(document)
  origins.set(column, { base, changed })
  return column
}

/** What a column was made of; undefined of one that stands by itself. */
export const originOf = (column: Float64Array): Origin | undefined => origins.get(column)
