import { ok, type ResultAsync } from 'neverthrow'
import type { Collection } from './collection.js'
import type { CorePorts } from './ports.js'
import { row } from './read-plan.js'
import { type QueryContext, type QueryError, runQuery } from './run-query.js'
import { parseNothing } from './stored.schema.js'

/** A book as it stands. */
export type ShownBook<Book> = {
  /** What the next one is published over; 0 where there is none yet. */
  readonly revision: number
  /** In the shape in which it is published; null where there is none yet. */
  readonly book: Book | null
}

/**
 * Shows a book to who publishes it, as the storage has it now: the shelf of this process may be half a minute behind.
 *
 * @errors QueryError
 */
export const showBook = <Book extends object, Shown>(
  ports: CorePorts,
  context: QueryContext,
  input: unknown,
  spec: {
    readonly action: string
    readonly collection: Collection<Book>
    readonly bookId: string
    readonly show: (book: Book) => Shown
  },
): ResultAsync<ShownBook<Shown>, QueryError> =>
  runQuery(ports, context, input, {
    action: spec.action,
    parse: parseNothing,
    plan: () => ({ standing: row(spec.collection, spec.bookId) }),
    answer: ({ standing }) =>
      ok({ revision: standing?.version ?? 0, book: standing === undefined ? null : spec.show(standing.state) }),
  })
