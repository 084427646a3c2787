import * as z from 'zod'
import type { Collection } from '../shared/collection.js'
import { currencyExponent } from '../shared/currency.js'
import { canonicalJson } from '../shared/json.js'
import { schemaOf } from '../shared/schema-of.js'
import { parseInput, parseStored } from '../shared/stored.schema.js'
import type { ListedPrice, PriceList, PriceListBook, PriceListTerms } from './price-list.js'

/** The price lists of the shop, all of them, in place of those of a revision. */
export type PublishPriceListsInput = {
  /** The revision that is replaced; 0 for the first. */
  readonly expectedRevision: number
  readonly lists: readonly PriceList[]
}

/** The most prices of all lists together: the book is kept in process and is part of every price. */
export const mostListedPrices = 20_000

const id = z.string().min(1).max(100)
const names = z.array(id).min(1).max(200)
const instant = z.int().min(0)
const pieces = z.int().min(1).max(1_000_000)

const terms = {
  levels: z.exactOptional(names),
  groups: z.exactOptional(names),
  channels: z.exactOptional(names),
  regions: z.exactOptional(z.array(z.string().min(1).max(50)).min(1).max(1000)),
  from: z.exactOptional(instant),
  to: z.exactOptional(instant),
}

const isSpan = ({ from, to }: PriceListTerms): boolean => from === undefined || to === undefined || from < to
const span = { error: 'It ends before it begins', path: ['to'] }

const listedPrice = schemaOf<ListedPrice>()(
  z
    .strictObject({
      ...terms,
      sku: z.string().min(1).max(120),
      unitMinor: z.int().min(0).max(1_000_000_000_000),
      fromQuantity: z.exactOptional(pieces),
      toQuantity: z.exactOptional(pieces),
    })
    .refine(isSpan, span)
    .refine(({ fromQuantity = 1, toQuantity }) => toQuantity === undefined || fromQuantity <= toQuantity, {
      error: 'Less than the quantity it begins at',
      path: ['toQuantity'],
    }),
)

/** A price list as it is stated. */
export const priceListSchema = schemaOf<PriceList>()(
  z
    .strictObject({
      ...terms,
      listId: id,
      title: z.exactOptional(z.strictObject({ 'zh-CN': z.string().max(200), en: z.string().max(200) })),
      kind: z.enum(['base', 'sale', 'override']),
      currency: z.string().refine((code) => currencyExponent(code).isOk(), { error: 'Not a currency' }),
      prices: z.array(listedPrice).max(mostListedPrices),
    })
    .refine(isSpan, span),
)

const twice = 'Stands twice'

const placesOf = (names: readonly string[]): readonly number[] => {
  const seen = new Set<string>()
  return names.flatMap((name, place) => (seen.size < seen.add(name).size ? [] : [place]))
}

// Of two prices for the same goods on the same terms the lower would hold, but one of them is a mistake.
const namesOf = ({ prices }: PriceList): readonly string[] =>
  prices.map(({ unitMinor: _, ...price }) => canonicalJson(price))

const publishSchema = schemaOf<PublishPriceListsInput>()(
  z.strictObject({
    expectedRevision: z.int().min(0),
    lists: z
      .array(priceListSchema)
      .max(500)
      .superRefine((lists, context) => {
        for (const place of placesOf(lists.map(({ listId }) => listId))) {
          context.addIssue({ code: 'custom', path: [place, 'listId'], message: twice })
        }
        for (const [list, each] of lists.entries()) {
          for (const place of placesOf(namesOf(each))) {
            context.addIssue({ code: 'custom', path: [list, 'prices', place], message: twice })
          }
        }
        if (lists.reduce((sum, { prices }) => sum + prices.length, 0) > mostListedPrices) {
          context.addIssue({ code: 'custom', path: [], message: `More than ${mostListedPrices} prices in all` })
        }
      }),
  }),
)

export const parsePublishPriceLists = parseInput<PublishPriceListsInput>(publishSchema)

const bookSchema: z.ZodType<PriceListBook> = z.object({ bookId: z.string(), lists: z.array(priceListSchema) })

/** The id of the one book of price lists of a shop. */
export const priceListBookId = 'priceLists'

/** Price lists; the version of the row is the revision of the book. */
export const priceListBooks: Collection<PriceListBook> = {
  name: 'priceListBook',
  rank: 86,
  schemaVersion: 1,
  fields: {},
  ownership: 'public',
  parse: parseStored<PriceListBook>('priceListBook')(bookSchema),
}
