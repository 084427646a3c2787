/** A page of what was looked at. */
export type FilteredPage<Row> = {
  readonly rows: readonly Row[]
  /** The last row that was looked at, kept or not: the next page begins behind it; undefined where this is the last page. */
  readonly endsBehind: Row | undefined
}

/**
 * Takes the rows that are kept, up to a limit, and says where to go on. A page may hold fewer than the limit, or none,
 * and still not be the last: what no index knows is found by looking.
 *
 * @param found - the rows to look at, and one more where there are more
 */
export const filterPage = <Row>(
  found: readonly Row[],
  by: { readonly limit: number; readonly looksAt: number; readonly keep: (row: Row) => boolean },
): FilteredPage<Row> => {
  const rows: Row[] = []
  let last: Row | undefined
  let looked = 0
  for (const row of found.slice(0, by.looksAt)) {
    if (rows.length === by.limit) break
    looked += 1
    last = row
    if (by.keep(row)) rows.push(row)
  }
  return { rows, endsBehind: looked < found.length ? last : undefined }
}
