import * as z from 'zod'
import type { PriceListBook } from '../../pricing/price-list.js'
import type { ShippingBook } from '../../pricing/shipping-book.js'
import type { TaxBook } from '../../pricing/tax-book.js'
import type { OfferBook } from '../../promotions/offer.js'
import type { Collection } from '../../shared/collection.js'
import { jsonObjectSchema, parseStored } from '../../shared/stored.schema.js'
import type { KeptBook } from './price-record.js'

// A kept book is frozen: its own module checked it when it was published, and it is read as it was then.
const isObject = (value: unknown): boolean => jsonObjectSchema.safeParse(value).success
const facts = { keptBookId: z.string(), revision: z.int().min(1), keptAt: z.int() }

const keptBookSchema = z.discriminatedUnion('kind', [
  z.object({ ...facts, kind: z.literal('offers'), book: z.custom<OfferBook>(isObject) }),
  z.object({ ...facts, kind: z.literal('shipping'), book: z.custom<ShippingBook>(isObject) }),
  z.object({ ...facts, kind: z.literal('tax'), book: z.custom<TaxBook>(isObject) }),
  z.object({ ...facts, kind: z.literal('priceLists'), book: z.custom<PriceListBook>(isObject) }),
])

/** Revisions of books that orders were priced by, each kept once for all of its orders. */
export const keptBooks: Collection<KeptBook> = {
  name: 'keptBook',
  rank: 85,
  schemaVersion: 1,
  fields: {
    kind: { type: 'text', path: 'kind' },
    revision: { type: 'integer', path: 'revision' },
    keptAt: { type: 'instant', path: 'keptAt' },
  },
  ownership: 'public',
  parse: parseStored<KeptBook>('keptBook')(keptBookSchema),
}
