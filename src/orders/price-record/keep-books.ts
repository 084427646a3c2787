import { type Change, claim, put } from '../../shared/commit.js'
import type { Instant } from '../../shared/instant.js'
import { type Asked, claims, type Stored } from '../../shared/read-plan.js'
import { keptBooks } from './kept-book.schema.js'
import { booksOf, type KeptBook, keptBookId, type QuotedBooks } from './price-record.js'

const keptSpace = 'keptBook'

/**
 * Asks which of the books of a quote are kept. Of one that is read in the same plan the revision is not known yet: it is
 * taken as not kept, and a commit that finds it kept is made anew.
 */
export const askKept = (asked: { readonly [Kind in KeptBook['kind']]: Asked<Stored<unknown> | undefined> }) =>
  claims(
    keptSpace,
    (['offers', 'shipping', 'tax', 'priceLists'] as const).flatMap((kind) => {
      const { query, answer } = asked[kind]
      if (query !== null) return []
      return answer([]).match(
        (book) => (book === undefined ? [] : [keptBookId(kind, book.version)]),
        () => [],
      )
    }),
  )

/** Keeps the books that no order was priced by yet. */
export const keepBooks = (books: QuotedBooks, kept: ReadonlyMap<string, string>, at: Instant): readonly Change[] =>
  booksOf(books).flatMap(({ revision, ...book }) => {
    const id = keptBookId(book.kind, revision)
    if (kept.has(id)) return []
    const state: KeptBook = { ...book, keptBookId: id, revision, keptAt: at }
    return [claim({ space: keptSpace, key: id, owner: id }), put<KeptBook>(keptBooks, { id, version: 0, state })]
  })
