import * as z from 'zod'
import type { Collection } from './collection.js'
import type { Instant } from './instant.js'
import { parseStored } from './stored.schema.js'

/** Where a sweep stopped that found more rows which cannot be moved than it looks at in a turn. */
export type SweepPlace = {
  readonly sweepId: string
  /** The row after which it goes on, and since when that is due. */
  readonly rowId: string
  readonly dueAt: Instant
}

/** The places of the sweeps that did not get to their ends; there is none of any other. */
export const sweepPlaces: Collection<SweepPlace> = {
  name: 'sweepPlace',
  rank: 96,
  schemaVersion: 1,
  fields: {},
  ownership: {},
  parse: parseStored<SweepPlace>('sweepPlace')(z.object({ sweepId: z.string(), rowId: z.string(), dueAt: z.int() })),
}
