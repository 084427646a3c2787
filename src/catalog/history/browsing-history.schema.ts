import * as z from 'zod'
import type { Collection } from '../../shared/collection.js'
import { freeTextSchema } from '../../shared/free-text.schema.js'
import { sealedSchema } from '../../shared/personal-data.schema.js'
import { schemaOf } from '../../shared/schema-of.js'
import { parseInput, parseStored } from '../../shared/stored.schema.js'
import type { BrowsingHistory, CountedMarks, HistoryItem, HistorySubject } from './browsing-history.js'

/** What customers looked at and for, one row each. */
export const browsingHistories: Collection<BrowsingHistory> = {
  name: 'browsingHistory',
  rank: 79,
  schemaVersion: 1,
  fields: { accountId: { type: 'text', path: 'accountId' }, endsAt: { type: 'instant', path: 'endsAt' } },
  ownership: { own: 'accountId' },
  parse: parseStored<BrowsingHistory>('browsingHistory')(
    z.object({
      accountId: z.string(),
      paused: z.boolean(),
      items: sealedSchema.nullable(),
      counted: z.exactOptional(z.object({ marks: sealedSchema, endsAt: z.int() })),
      endsAt: z.int().nullable(),
    }),
  ),
}

const itemSchema = schemaOf<HistoryItem>()(
  z.discriminatedUnion('kind', [
    z.object({ itemId: z.string(), at: z.int(), kind: z.literal('product'), productId: z.string() }),
    z.object({ itemId: z.string(), at: z.int(), kind: z.literal('search'), text: z.string() }),
  ]),
)

/** The items, as they were sealed. One of a kind that this release does not know takes no other with it. */
export const parseItems = parseInput<readonly HistoryItem[]>(
  z
    .array(z.union([itemSchema, z.unknown().transform(() => undefined)]))
    .transform((items) => items.filter((item) => item !== undefined)),
)

/** The marks of what was counted, as they were sealed. */
export const parseMarks = parseInput<CountedMarks>(
  z.object({ products: z.array(z.string()), texts: z.array(z.string()) }),
)

/** What was looked at or for just now. */
export type RecordHistoryInput =
  | { readonly kind: 'product'; readonly productId: string }
  | {
      readonly kind: 'search'
      readonly text: string
      /** What was filtered by, as `filters` of a search name it; only counted, and not kept in the history. */
      readonly filters?: readonly string[]
    }

const productId = z.string().min(1).max(400)
const text = z.string().min(1).max(200)
const filterName = z
  .string()
  .max(90)
  .regex(/^(?:brand|category|price|tag|rating|grade|attribute:.{1,80})$/u)

export const parseRecordHistory = parseInput<RecordHistoryInput>(
  schemaOf<RecordHistoryInput>()(
    z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('product'), productId }),
      z.strictObject({
        kind: z.literal('search'),
        text: freeTextSchema(200).min(1),
        filters: z.exactOptional(z.array(filterName).max(10)),
      }),
    ]),
  ),
)

/** What a visitor's device kept before they signed in: newest or oldest first. */
export type MergeHistoryInput = {
  readonly items: readonly (HistorySubject & {
    /** By the clock of the device; one ahead of the shop's counts as now. */
    readonly at: number
  })[]
}

export const parseMergeHistory = parseInput<MergeHistoryInput>(
  schemaOf<MergeHistoryInput>()(
    z.strictObject({
      items: z
        .array(
          z.discriminatedUnion('kind', [
            z.strictObject({ kind: z.literal('product'), productId, at: z.int().min(0) }),
            z.strictObject({ kind: z.literal('search'), text, at: z.int().min(0) }),
          ]),
        )
        .max(200),
    }),
  ),
)

/** Whether anything is recorded from now on. */
export type PauseHistoryInput = { readonly paused: boolean }

export const parsePauseHistory = parseInput<PauseHistoryInput>(
  schemaOf<PauseHistoryInput>()(z.strictObject({ paused: z.boolean() })),
)

/** Which items are to go; all of them when absent. */
export type ClearHistoryInput = { readonly itemIds?: readonly string[] }

export const parseClearHistory = parseInput<ClearHistoryInput>(
  schemaOf<ClearHistoryInput>()(
    z.strictObject({ itemIds: z.exactOptional(z.array(z.string().min(1).max(100)).min(1).max(200)) }),
  ),
)
