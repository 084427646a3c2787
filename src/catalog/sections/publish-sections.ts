import type { ResultAsync } from 'neverthrow'
import type { CorePorts } from '../../shared/ports.js'
import { type BookChanged, type PublishedBook, publishBook } from '../../shared/publish-book.js'
import type { CommandContext, CommandError } from '../../shared/run-command.js'
import type { PublishSectionsInput } from './section.schema.js'
import { parsePublishSections, sectionBookId, sectionBooks } from './section.schema.js'

/**
 * Declares the sections of the shop, all of them; of the defaults those stay that none takes the id of.
 *
 * @errors BookChanged, CommandError
 */
export const publishSections = (
  ports: CorePorts,
  context: CommandContext,
  input: PublishSectionsInput,
): ResultAsync<PublishedBook, BookChanged | CommandError> =>
  publishBook(ports, context, input, {
    action: 'catalog.publishSections',
    parse: parsePublishSections,
    collection: sectionBooks,
    bookId: sectionBookId,
    toBook: ({ sections }) => ({ bookId: sectionBookId, sections }),
  })
