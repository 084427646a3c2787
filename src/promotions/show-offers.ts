import type { ResultAsync } from 'neverthrow'
import type { NoInput } from '../shared/no-input.js'
import type { CorePorts } from '../shared/ports.js'
import type { QueryContext, QueryError } from '../shared/run-query.js'
import { type ShownBook, showBook } from '../shared/show-book.js'
import type { Offer } from './offer.js'
import { offerBookId, offerBooks } from './offer.schema.js'

/**
 * Shows the offers of the shop, and over which revision the next are published.
 *
 * @errors QueryError
 */
export const showOffers = (
  ports: CorePorts,
  context: QueryContext,
  input: NoInput = {},
): ResultAsync<ShownBook<{ readonly offers: readonly Offer[] }>, QueryError> =>
  showBook(ports, context, input, {
    action: 'promotions.offers',
    collection: offerBooks,
    bookId: offerBookId,
    show: ({ offers }) => ({ offers }),
  })
