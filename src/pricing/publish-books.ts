import type { ResultAsync } from 'neverthrow'
import type { CorePorts } from '../shared/ports.js'
import { type BookChanged, type PublishedBook, publishBook } from '../shared/publish-book.js'
import type { CommandContext, CommandError } from '../shared/run-command.js'
import type { PublishShippingBookInput, PublishTaxBookInput } from './books.schema.js'
import {
  parsePublishShippingBook,
  parsePublishTaxBook,
  shippingBookId,
  shippingBooks,
  taxBookId,
  taxBooks,
} from './books.schema.js'
import type { ShippingBook } from './shipping-book.js'
import type { TaxBook } from './tax-book.js'

/**
 * Publishes the ways to send and what they cost.
 *
 * @errors BookChanged, CommandError
 */
export const publishShippingBook = (
  ports: CorePorts,
  context: CommandContext,
  input: PublishShippingBookInput,
): ResultAsync<PublishedBook, BookChanged | CommandError> =>
  publishBook(ports, context, input, {
    action: 'pricing.publishShippingBook',
    parse: parsePublishShippingBook,
    collection: shippingBooks,
    bookId: shippingBookId,
    toBook: ({ expectedRevision: _, ...book }): ShippingBook => ({ bookId: shippingBookId, ...book }),
  })

/**
 * Publishes the taxes.
 *
 * @errors BookChanged, CommandError
 */
export const publishTaxBook = (
  ports: CorePorts,
  context: CommandContext,
  input: PublishTaxBookInput,
): ResultAsync<PublishedBook, BookChanged | CommandError> =>
  publishBook(ports, context, input, {
    action: 'pricing.publishTaxBook',
    parse: parsePublishTaxBook,
    collection: taxBooks,
    bookId: taxBookId,
    toBook: ({ regions, roundPer, rounding }): TaxBook => ({ bookId: taxBookId, regions, roundPer, rounding }),
  })
