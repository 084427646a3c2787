import * as z from 'zod'
import type { Collection } from '../../shared/collection.js'
import { parseStored } from '../../shared/stored.schema.js'
import type { PopularQuery } from './popular-query.js'

/** Texts that many people searched for. */
export const popularQueries: Collection<PopularQuery> = {
  name: 'popularQuery',
  rank: 94,
  schemaVersion: 1,
  fields: { text: { type: 'text', path: 'text' }, people: { type: 'integer', path: 'people' } },
  ownership: 'public',
  parse: parseStored<PopularQuery>('popularQuery')(
    z.object({ queryId: z.string(), text: z.string(), people: z.int() }),
  ),
}
