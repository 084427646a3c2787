import type { Collection } from './collection.js'
import type { RowKey } from './events.js'
import { type Instant, secondsMs } from './instant.js'
import { type Asked, known, row, type Stored } from './read-plan.js'

/**
 * Books kept in process: tables that change seldom and are read by every decision (offers, tax, shipping). A decision
 * that relies on one names its version as an `expect`, so a stale book is found out at the commit and read again.
 */
export type BookShelf = {
  /** The book as last read, if it was read lately. */
  readonly get: (key: RowKey, now: Instant) => Stored<unknown> | undefined
  readonly keep: (key: RowKey, book: Stored<unknown>, now: Instant) => void
  readonly drop: (key: RowKey) => void
}

/** How long a book is trusted without being read again; only what is shown, never what is committed, can be this old. */
export const bookAgeMs = 30 * secondsMs

/** An empty shelf. */
export const createBookShelf = (): BookShelf => {
  const shelf = new Map<string, { readonly book: Stored<unknown>; readonly readAt: Instant }>()
  const nameOf = (key: RowKey): string => `${key.collection}/${key.id}`
  return {
    get: (key, now) => {
      const kept = shelf.get(nameOf(key))
      return kept !== undefined && now - kept.readAt < bookAgeMs && now >= kept.readAt ? kept.book : undefined
    },
    keep: (key, book, now) => {
      shelf.set(nameOf(key), { book, readAt: now })
    },
    drop: (key) => {
      shelf.delete(nameOf(key))
    },
  }
}

/** Asks for a book: from the shelf when it is there, else from the storage. */
export const book = <State>(
  shelf: BookShelf,
  collection: Collection<State>,
  id: string,
  now: Instant,
): Asked<Stored<State> | undefined> => {
  const key = { collection: collection.name, id }
  const kept = shelf.get(key, now)
  // Only this function keeps books, always under the key of the collection that checked them.
  if (kept !== undefined) return known(kept as Stored<State>)
  const asked = row(collection, id)
  return {
    query: asked.query,
    answer: (found) =>
      asked.answer(found).map((stored) => {
        if (stored !== undefined) shelf.keep(key, stored, now)
        return stored
      }),
  }
}
