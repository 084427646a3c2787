import { err, ok, type Result, type ResultAsync } from 'neverthrow'
import type { Collection } from './collection.js'
import { put } from './commit.js'
import type { InvalidInput } from './errors.js'
import type { CorePorts } from './ports.js'
import { row } from './read-plan.js'
import { type CommandContext, type CommandError, runCommand } from './run-command.js'

/** The book was published by somebody else since it was read. */
export type BookChanged = {
  readonly type: 'BookChanged'
  readonly bookId: string
  readonly expectedRevision: number
  readonly actualRevision: number
}

/** A book that was published. */
export type PublishedBook = { readonly bookId: string; readonly revision: number }

/** What happened to a book. */
export type BookPublished = { readonly type: 'BookPublished'; readonly bookId: string; readonly revision: number }

/** A new revision of a book; the input says which revision it replaces, 0 for the first. */
export type PublishSpec<Input extends { readonly expectedRevision: number }, Book extends object> = {
  readonly action: string
  readonly parse: (input: unknown) => Result<Input, InvalidInput>
  readonly collection: Collection<Book>
  readonly bookId: string
  readonly toBook: (input: Input) => Book
}

/**
 * Writes the next revision of a book. Carts are priced by it from the next price on; an order that was priced by the
 * revision before is turned down at its commit and priced anew.
 *
 * @errors BookChanged, CommandError
 */
export const publishBook = <Input extends { readonly expectedRevision: number }, Book extends object>(
  ports: CorePorts,
  context: CommandContext,
  input: Input,
  spec: PublishSpec<Input, Book>,
): ResultAsync<PublishedBook, BookChanged | CommandError> => {
  const { bookId, collection } = spec
  return runCommand(ports, context, input, {
    action: spec.action,
    parse: spec.parse,
    plan: () => ({ before: row(collection, bookId) }),
    decide: ({ before }, moment) => {
      const { expectedRevision } = moment.input
      const actualRevision = before?.version ?? 0
      if (actualRevision !== expectedRevision) {
        return err<never, BookChanged>({ type: 'BookChanged', bookId, expectedRevision, actualRevision })
      }
      const revision = actualRevision + 1
      const published: BookPublished = { type: 'BookPublished', bookId, revision }
      return ok({
        changes: [
          put(collection, {
            id: bookId,
            version: actualRevision,
            state: spec.toBook(moment.input),
            events: [published],
          }),
        ],
        answer: { bookId, revision },
      })
    },
  }).map((published) => {
    ports.books.drop({ collection: collection.name, id: bookId })
    return published
  })
}
