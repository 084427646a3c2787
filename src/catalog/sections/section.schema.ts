import * as z from 'zod'
import type { Collection } from '../../shared/collection.js'
import { schemaOf } from '../../shared/schema-of.js'
import { parseInput, parseStored } from '../../shared/stored.schema.js'
import { filterSchema } from '../browse.schema.js'
import { localTextInput } from '../product.schema.js'
import type { ProductFilter } from '../product-filter.js'
import type { Section, SectionBook, SectionRule } from './section.js'

/** The sections that a shop declares, all of them, in place of those of a revision. */
export type PublishSectionsInput = {
  /** The revision that is replaced; 0 for the first. */
  readonly expectedRevision: number
  readonly sections: readonly Section[]
}

const sectionId = z
  .string()
  .max(60)
  .regex(/^[A-Za-z0-9_-]+$/)
const productIds = z
  .array(z.string().min(1).max(400))
  .max(50)
  .refine((ids) => new Set(ids).size === ids.length, { error: 'Every product stands once' })

const rule = schemaOf<SectionRule>()(
  z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('new'), withinDays: z.int().min(1).max(3_650) }),
    z.strictObject({ kind: z.literal('hot'), leastSold: z.int().min(1).max(1_000_000) }),
    z.strictObject({ kind: z.literal('promotion') }),
    z.strictObject({ kind: z.literal('recommended'), leastGrade: z.int().min(1).max(5) }),
    z.strictObject({ kind: z.literal('filter') }),
  ]),
)

const section = schemaOf<Section>()(
  z.strictObject({
    sectionId,
    title: localTextInput(120).refine((text) => text.en !== '' || text['zh-CN'] !== '', {
      error: 'A title in one language at least',
    }),
    rule,
    filter: z.exactOptional(filterSchema),
    sort: z.exactOptional(
      z.enum(['newest', 'launched', 'priceAscending', 'priceDescending', 'sales', 'hot', 'rating']),
    ),
    pinned: z.exactOptional(productIds),
    leftOut: z.exactOptional(productIds),
  }),
)

/** Checks the input of `publishSections`. */
export const parsePublishSections = parseInput<PublishSectionsInput>(
  schemaOf<PublishSectionsInput>()(
    z.strictObject({
      expectedRevision: z.int().min(0),
      sections: z
        .array(section)
        .max(100)
        .refine((all) => new Set(all.map((each) => each.sectionId)).size === all.length, {
          error: 'Every section stands once',
        }),
    }),
  ),
)

/** The id of the one book of sections of a shop. */
export const sectionBookId = 'sections'

/** Sections; the version of the row is the revision of the book. */
export const sectionBooks: Collection<SectionBook> = {
  name: 'sectionBook',
  rank: 91,
  schemaVersion: 1,
  fields: {},
  ownership: 'public',
  parse: parseStored<SectionBook>('sectionBook')(z.object({ bookId: z.string(), sections: z.array(section) })),
}

/** Which section is looked at, where, and what is wanted of it. */
export type SectionInput = {
  readonly sectionId: string
  /** What is wanted of its products besides. */
  readonly filter?: ProductFilter
  /** Leaves out what is sold out. */
  readonly inStockOnly?: boolean
  /** Sales channel, for promotions that ask for it; `web` when absent. */
  readonly channel?: string
  /** Where the goods would go, for price lists that ask for it. */
  readonly region?: string
  /** The most products, 1 to 100; 24 when absent. */
  readonly limit?: number
  /** `next` of the page before, of the same section. */
  readonly after?: string
}

/** The members of what `section` is asked but for the place, for the inputs that hold them. */
export const sectionShape = {
  sectionId: z.string().min(1).max(60),
  filter: z.exactOptional(filterSchema),
  inStockOnly: z.exactOptional(z.boolean()),
  limit: z.exactOptional(z.int().min(1).max(100)),
  after: z.exactOptional(z.string().min(1).max(600)),
}

/** Checks the input of `section`. */
export const parseSection = parseInput<SectionInput>(
  schemaOf<SectionInput>()(
    z.strictObject({
      ...sectionShape,
      channel: z.exactOptional(z.string().min(1).max(100)),
      region: z.exactOptional(z.string().min(1).max(50)),
    }),
  ),
)
