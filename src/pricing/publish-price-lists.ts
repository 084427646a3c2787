import type { ResultAsync } from 'neverthrow'
import type { CorePorts } from '../shared/ports.js'
import { type BookChanged, type PublishedBook, publishBook } from '../shared/publish-book.js'
import type { CommandContext, CommandError } from '../shared/run-command.js'
import type { PriceListBook } from './price-list.js'
import type { PublishPriceListsInput } from './price-list-book.schema.js'
import { parsePublishPriceLists, priceListBookId, priceListBooks } from './price-list-book.schema.js'

/**
 * Publishes the price lists of the shop.
 *
 * @errors BookChanged, CommandError
 */
export const publishPriceLists = (
  ports: CorePorts,
  context: CommandContext,
  input: PublishPriceListsInput,
): ResultAsync<PublishedBook, BookChanged | CommandError> =>
  publishBook(ports, context, input, {
    action: 'pricing.publishPriceLists',
    parse: parsePublishPriceLists,
    collection: priceListBooks,
    bookId: priceListBookId,
    toBook: ({ lists }): PriceListBook => ({ bookId: priceListBookId, lists }),
  })
