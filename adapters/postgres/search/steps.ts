import type { Binder } from './binder.js'
import type { SearchTables } from './tables.js'

/** A step of a question: a table of the statement, by its name; one that costs nothing to make is made where it is read. */
export type Step = readonly [name: string, text: string, isCheap?: boolean]

/** What the steps of a question share. */
export type Asking = {
  readonly tables: SearchTables
  readonly bind: Binder
  /** The shop and the epoch, as the text names them. */
  readonly shop: string
  readonly epoch: string
  /** The condition that a row of a table belongs to the shop and the epoch. */
  readonly at: (alias: string) => string
  /** The condition that a product is still what it was, by a table with its number. */
  readonly isAlive: (alias: string) => string
}

/**
 * The entries (`e`, counted from `base`) of the terms of a list `w`, with its columns.
 *
 * @param columns - of the list, beside its term
 */
export const entriesOf = ({ tables, at }: Asking, list: string, columns: readonly string[]): string =>
  // An offset keeps the planner from taking it for a join; as a column the entries are taken apart without being kept.
  `(select ${columns.map((column) => `w.${column}, `).join('')}p.base, unnest(p.entries) as e from ${list} ` +
  `cross join lateral (select p.base, p.entries from ${tables.posting} p where ${at('p')} and p.term = w.term offset 0) p) q`
