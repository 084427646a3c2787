import * as z from 'zod'
import type { Collection } from '../../shared/collection.js'
import { parseStored } from '../../shared/stored.schema.js'
import type { PopularQuery } from './popular-query.js'

/** Texts that people searched for: that of which many did, and of the others how many did. */
export const popularQueries: Collection<PopularQuery> = {
  name: 'popularQuery',
  rank: 94,
  schemaVersion: 1,
  fields: {
    text: { type: 'text', path: 'text' },
    people: { type: 'integer', path: 'people' },
    endsAt: { type: 'instant', path: 'endsAt' },
  },
  ownership: 'public',
  parse: parseStored<PopularQuery>('popularQuery')(
    z.union([
      z.object({ queryId: z.string(), text: z.null(), people: z.int(), endsAt: z.int() }),
      z.object({ queryId: z.string(), text: z.string(), people: z.int() }),
    ]),
  ),
}
