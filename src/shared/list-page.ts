import { ok } from 'neverthrow'
import type { Scope } from './actor.js'
import { valuesAt } from './json.js'
import type { Asked, PageEnd, Query, RawRow, Stored } from './read-plan.js'

/** A row of a list with its place in it: a page that ends with it ends there. */
export type ListedRow<State> = PageEnd & {
  /** Null where it cannot be read. */
  readonly row: Stored<State> | null
}

/** What a list says of rows that it cannot show. */
export type UnreadableRows = {
  /**
   * Ids of the rows of this page that are stored in a shape which nothing here can read; each takes the place of one. Told
   * to whoever may see all rows, and empty to others.
   */
  readonly unreadable: readonly string[]
}

/** A page of a list, and what its last row is where there are more. */
export type ListPage<State> = UnreadableRows & {
  readonly rows: readonly Stored<State>[]
  /** Behind which row the next page begins; null where this is the last. */
  readonly end: PageEnd | null
}

/** Asks for the rows of a list, each by itself: one that cannot be read keeps no other from being shown. */
export const listed = <State>({
  query,
  answer,
}: Asked<readonly Stored<State>[]>): Asked<readonly ListedRow<State>[]> => ({
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
  if (query?.kind !== 'find' || query.search.orderBy === undefined) return id
  const path = query.collection.fields[query.search.orderBy.field]?.path
  const [value] = path === undefined ? [] : valuesAt(state, path)
  return typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean' ? value : id
}

/** Those of some rows that can be read, and which cannot. */
export const readListed = <State>(found: readonly ListedRow<State>[], scope: Scope): Omit<ListPage<State>, 'end'> => ({
  rows: found.flatMap(({ row }) => (row === null ? [] : [row])),
  // Whose a row is that cannot be read, nobody can tell.
  unreadable: scope.kind === 'all' ? found.flatMap(({ row, id }) => (row === null ? [id] : [])) : [],
})

/**
 * Cuts a page off what was found.
 *
 * @param found - a row more than the limit where there are more
 */
export const pageOf = <State>(
  found: readonly ListedRow<State>[],
  { limit, scope }: { readonly limit: number; readonly scope: Scope },
): ListPage<State> => {
  const page = found.slice(0, limit)
  const last = page.at(-1)
  const end = found.length > limit && last !== undefined ? { value: last.value, id: last.id } : null
  return { ...readListed(page, scope), end }
}
