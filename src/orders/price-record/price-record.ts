import { err, ok, type Result } from 'neverthrow'
import type { PriceListBook } from '../../pricing/price-list.js'
import type { PriceCartInput } from '../../pricing/priced-cart.js'
import type { QuotedRates } from '../../pricing/quote-rates.js'
import type { ShippingBook } from '../../pricing/shipping-book.js'
import type { TaxBook } from '../../pricing/tax-book.js'
import type { OfferBook } from '../../promotions/offer.js'
import type { Instant } from '../../shared/instant.js'
import type { Stored } from '../../shared/read-plan.js'

export type BookOfKind =
  | { readonly kind: 'offers'; readonly book: OfferBook }
  | { readonly kind: 'shipping'; readonly book: ShippingBook }
  | { readonly kind: 'tax'; readonly book: TaxBook }
  | { readonly kind: 'priceLists'; readonly book: PriceListBook }

/** A revision of a book that orders were priced by; kept with the first of them, for all of them. */
export type KeptBook = BookOfKind & {
  /** `offers@12`. */
  readonly keptBookId: string
  readonly revision: number
  readonly keptAt: Instant
}

/** Everything that an order's price was made of; books stand in it by revision. */
export type PriceRecord = {
  readonly input: Omit<PriceCartInput, 'priceLists' | 'offers' | 'shipping' | 'tax'> & {
    readonly priceLists?: Omit<NonNullable<PriceCartInput['priceLists']>, 'lists'>
    readonly shipping: { readonly methodId: string; readonly region: string } | null
    readonly tax: { readonly region: string } | null
  }
  /** Ids of the kept books. */
  readonly bookIds: readonly string[]
  /** Rates that came from outside, whole, with who gave them and until when they held; absent where none did. */
  readonly rates?: QuotedRates
}

/** A book that the price was made of is not kept. */
export type PriceNotReplayable = { readonly type: 'PriceNotReplayable'; readonly bookId: string }

/** The books of a quote, as they were read. */
export type QuotedBooks = {
  readonly offers: Stored<OfferBook> | undefined
  readonly shipping: Stored<ShippingBook> | undefined
  readonly tax: Stored<TaxBook> | undefined
  readonly priceLists: Stored<PriceListBook> | undefined
}

/** The id of a revision of a book. */
export const keptBookId = (kind: KeptBook['kind'], revision: number): string => `${kind}@${revision}`

/** What a price was made of, as it is written with its order. */
export const recordPrice = (input: PriceCartInput, books: QuotedBooks, rates: QuotedRates): PriceRecord => {
  const { offers: _, priceLists, shipping, tax, ...rest } = input
  return {
    input: {
      ...rest,
      ...(priceLists === undefined ? {} : { priceLists: { groups: priceLists.groups, region: priceLists.region } }),
      shipping: shipping === null ? null : { methodId: shipping.methodId, region: shipping.region },
      tax: tax === null ? null : { region: tax.region },
    },
    bookIds: booksOf(books).map(({ kind, revision }) => keptBookId(kind, revision)),
    ...(rates.shipping === null && rates.tax === null ? {} : { rates }),
  }
}

/** The books of a quote, each with its kind and revision. */
export const booksOf = ({
  offers,
  shipping,
  tax,
  priceLists,
}: QuotedBooks): readonly (BookOfKind & { readonly revision: number })[] => [
  ...(offers === undefined ? [] : [{ kind: 'offers' as const, book: offers.state, revision: offers.version }]),
  ...(shipping === undefined ? [] : [{ kind: 'shipping' as const, book: shipping.state, revision: shipping.version }]),
  ...(tax === undefined ? [] : [{ kind: 'tax' as const, book: tax.state, revision: tax.version }]),
  ...(priceLists === undefined
    ? []
    : [{ kind: 'priceLists' as const, book: priceLists.state, revision: priceLists.version }]),
]

/**
 * The input that a price was made of.
 *
 * @param books - those that the record names, as they were found
 * @errors PriceNotReplayable when one is not kept
 */
export const rebuildInput = (
  { input, bookIds, rates }: PriceRecord,
  books: readonly Stored<KeptBook>[],
): Result<PriceCartInput, PriceNotReplayable> => {
  const absent = bookIds.find((id) => !books.some((book) => book.id === id))
  if (absent !== undefined) return err({ type: 'PriceNotReplayable', bookId: absent })
  const { priceLists, shipping, tax, ...rest } = input
  const carriage = rates?.shipping?.rates
  const taxes = rates?.tax?.rates
  let made: PriceCartInput = {
    ...rest,
    offers: [],
    shipping: shipping === null || carriage === undefined ? null : { ...shipping, book: carriage },
    tax: tax === null || taxes === undefined ? null : { ...tax, book: taxes },
  }
  for (const { state } of books) {
    switch (state.kind) {
      case 'offers':
        made = { ...made, offers: state.book.offers }
        break
      case 'shipping':
        made = { ...made, shipping: shipping === null ? null : { ...shipping, book: state.book } }
        break
      case 'tax':
        made = { ...made, tax: tax === null ? null : { ...tax, book: state.book } }
        break
      case 'priceLists':
        if (priceLists !== undefined) made = { ...made, priceLists: { ...priceLists, lists: state.book.lists } }
        break
    }
  }
  return ok(made)
}
