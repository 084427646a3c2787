import type { ResultAsync } from 'neverthrow'
import type { CorePorts } from '../shared/ports.js'
import { type BookChanged, type PublishedBook, publishBook } from '../shared/publish-book.js'
import type { CommandContext, CommandError } from '../shared/run-command.js'
import type { Offer, OfferBook } from './offer.js'
import { offerBookId, offerBooks } from './offer.schema.js'
import type { PublishOffersInput } from './publish-offers.schema.js'
import { parsePublishOffers } from './publish-offers.schema.js'

/**
 * Publishes the offers of the shop.
 *
 * @errors BookChanged, CommandError
 */
export const publishOffers = (
  ports: CorePorts,
  context: CommandContext,
  input: PublishOffersInput,
): ResultAsync<PublishedBook, BookChanged | CommandError> =>
  publishBook(ports, context, input, {
    action: 'promotions.publishOffers',
    parse: parsePublishOffers,
    collection: offerBooks,
    bookId: offerBookId,
    toBook: ({ offers, stacking = 'apart' }) => toOfferBook(stacking === 'apart' ? offers.map(setApart) : offers),
  })

/** The book that holds these offers. */
export const toOfferBook = (offers: readonly Offer[]): OfferBook => ({
  bookId: offerBookId,
  offers,
  limitedOfferIds: offers.filter((offer) => offer.limits !== undefined).map((offer) => offer.offerId),
  givenOfferIds: offers
    .filter(({ form }) => form.kind === 'coupon' && form.givenOn !== undefined)
    .map((offer) => offer.offerId),
})

// Written into the offer, so that whoever reads it alone, or prices by it later, need not know how it was published.
const setApart = (offer: Offer): Offer => {
  const { form, stage, stacking } = offer
  if (stage === 'line') return offer
  const apart = form.kind === 'promotion' ? { stackable: false } : { withPromotions: false }
  return { ...offer, stacking: { ...apart, ...stacking } }
}
