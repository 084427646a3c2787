import type { ResultAsync } from 'neverthrow'
import type { NoInput } from '../shared/no-input.js'
import type { CorePorts } from '../shared/ports.js'
import type { QueryContext, QueryError } from '../shared/run-query.js'
import { type ShownBook, showBook } from '../shared/show-book.js'
import { shippingBookId, shippingBooks, taxBookId, taxBooks } from './books.schema.js'
import type { PriceListBook } from './price-list.js'
import { priceListBookId, priceListBooks } from './price-list-book.schema.js'
import type { ShippingBook } from './shipping-book.js'
import type { TaxBook } from './tax-book.js'

const withoutId = <Book extends { readonly bookId: string }>({ bookId: _, ...book }: Book): Omit<Book, 'bookId'> => book

/**
 * Shows the price lists of the shop, and over which revision the next are published.
 *
 * @errors QueryError
 */
export const showPriceLists = (
  ports: CorePorts,
  context: QueryContext,
  input: NoInput = {},
): ResultAsync<ShownBook<Omit<PriceListBook, 'bookId'>>, QueryError> =>
  showBook(ports, context, input, {
    action: 'pricing.priceLists',
    collection: priceListBooks,
    bookId: priceListBookId,
    show: withoutId,
  })

/**
 * Shows the shipping book of the shop, and over which revision the next is published.
 *
 * @errors QueryError
 */
export const showShippingBook = (
  ports: CorePorts,
  context: QueryContext,
  input: NoInput = {},
): ResultAsync<ShownBook<Omit<ShippingBook, 'bookId'>>, QueryError> =>
  showBook(ports, context, input, {
    action: 'pricing.shippingBook',
    collection: shippingBooks,
    bookId: shippingBookId,
    show: withoutId,
  })

/**
 * Shows the tax book of the shop, and over which revision the next is published.
 *
 * @errors QueryError
 */
export const showTaxBook = (
  ports: CorePorts,
  context: QueryContext,
  input: NoInput = {},
): ResultAsync<ShownBook<Omit<TaxBook, 'bookId'>>, QueryError> =>
  showBook(ports, context, input, {
    action: 'pricing.taxBook',
    collection: taxBooks,
    bookId: taxBookId,
    show: withoutId,
  })
