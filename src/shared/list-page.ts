import { ok } from 'neverthrow'
import type { Scope } from './actor.js'
import { valuesAt } from './json.js'
import type { Asked, PageEnd, Query, RawRow, Stored } from './read-plan.js'

/** A row of a list, or an entry, with its place in it: a page that ends with it ends there. */
export type Listed<Row> = PageEnd & {
  /** Null where it cannot be read. */
  readonly row: Row | null
}

/** A row of a list with its place in it. */
export type ListedRow<State> = Listed<Stored<State>>

/** What a list says of rows that it cannot show. */
export type UnreadableRows = {
  /**
   * Ids of the rows of this page that are stored in a shape which nothing here can read; each takes the place of one. Told
   * to whoever may see all rows, and empty to others.
   */
  readonly unreadable: readonly string[]
}

/** What a list that is added up says of what it cannot show, to everybody. */
export type WholeOrNot = UnreadableRows & {
  /** False where something could not be read: it is left out of what is shown, and of every sum of that. */
  readonly isWhole: boolean
}

/** A page of a list, and what its last row is where there are more. */
export type ListPage<Row> = WholeOrNot & {
  readonly rows: readonly Row[]
  /** Behind which row the next page begins; null where this is the last. */
  readonly end: PageEnd | null
}

/** Asks for the rows or entries of a list, each by itself: one that cannot be read keeps no other from being shown. */
export const listed = <Row>({ query, answer }: Asked<readonly Row[]>): Asked<readonly Listed<Row>[]> => ({
  query,
  answer: (raw) =>
    ok(
      raw.map((one) => ({
        id: one.id,
        value: placeOf(query, one),
        row: answer([one])
          .map(([row]) => row ?? null)
          .unwrapOr(null),
      })),
    ),
})

// A row stands where its storage has put it, which has looked at what is stored and not at what that means.
const placeOf = (query: Query | null, { id, state }: RawRow): PageEnd['value'] => {
  if (query?.kind !== 'find' && query?.kind !== 'entries') return id
  if (query.search.orderBy === undefined) return id
  const { fields } = query.kind === 'find' ? query.collection : query.log
  const path = fields[query.search.orderBy.field]?.path
  const [value] = path === undefined ? [] : valuesAt(state, path)
  return typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean' ? value : id
}

/** Those of some rows that can be read, and which cannot. */
export const readListed = <Row>(found: readonly Listed<Row>[], scope: Scope): Omit<ListPage<Row>, 'end'> => ({
  rows: found.flatMap(({ row }) => (row === null ? [] : [row])),
  isWhole: found.every(({ row }) => row !== null),
  // Whose a row is that cannot be read, nobody can tell.
  unreadable: scope.kind === 'all' ? found.flatMap(({ row, id }) => (row === null ? [id] : [])) : [],
})

/**
 * Cuts a page off what was found.
 *
 * @param found - a row more than the limit where there are more
 */
export const pageOf = <Row>(
  found: readonly Listed<Row>[],
  { limit, scope }: { readonly limit: number; readonly scope: Scope },
): ListPage<Row> => {
  const page = found.slice(0, limit)
  const last = page.at(-1)
  const end = found.length > limit && last !== undefined ? { value: last.value, id: last.id } : null
  return { ...readListed(page, scope), end }
}
