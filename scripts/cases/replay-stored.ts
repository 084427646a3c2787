import { Result } from 'neverthrow'
import { keptBooks } from '../../src/orders/price-record/kept-book.schema.js'
import {
  booksOf,
  keptBookId,
  type QuotedBooks,
  rebuildInput,
  recordPrice,
} from '../../src/orders/price-record/price-record.js'
import { noRates, type PriceCartInput, type PricedCart, parsePriceInput, priceCart } from '../../src/pricing/index.js'
import { canonicalJson } from '../../src/shared/json.js'
import type { Difference } from './verdict.js'

/**
 * Writes what a price was made of as an order does, reads it back from its text through the schemas, and makes the price
 * again: it has to be the same to the byte.
 */
export const replayStored = (input: PriceCartInput, price: PricedCart): readonly Difference[] =>
  restoreInput(input)
    .andThen((restored) => priceCart(restored))
    .match(
      (made) =>
        canonicalJson(made) === canonicalJson(price) ? [] : [{ path: 'replay', expected: price, actual: made }],
      (error) => [{ path: 'replay', expected: price, actual: error }],
    )

const restoreInput = (input: PriceCartInput): Result<PriceCartInput, unknown> => {
  const { offers, shipping, tax, priceLists } = input
  const books: QuotedBooks = {
    offers: { id: 'offers', version: 1, state: { bookId: 'offers', offers, limitedOfferIds: [] } },
    shipping: shipping === null ? undefined : { id: 'shipping', version: 1, state: shipping.book },
    tax: tax === null ? undefined : { id: 'tax', version: 1, state: tax.book },
    priceLists:
      priceLists === undefined
        ? undefined
        : { id: 'priceLists', version: 1, state: { bookId: 'priceLists', lists: priceLists.lists } },
  }
  const kept = booksOf(books).map(({ revision, ...book }) => {
    const id = keptBookId(book.kind, revision)
    const text = JSON.stringify({ ...book, keptBookId: id, revision, keptAt: input.now })
    return keptBooks.parse(JSON.parse(text), id).map((state) => ({ id, version: 1, state }))
  })
  const record: ReturnType<typeof recordPrice> = JSON.parse(JSON.stringify(recordPrice(input, books, noRates)))
  return Result.combine(kept)
    .andThen((found) => rebuildInput(record, found))
    .andThen((rebuilt): Result<PriceCartInput, unknown> => parsePriceInput(rebuilt))
}
