import * as z from 'zod'
import type { Collection } from '../shared/collection.js'
import { parseStored } from '../shared/stored.schema.js'
import type { StandingMark } from './product-standing.js'

/** Which products' counts have moved since their rows were told. */
export const productStandings: Collection<StandingMark> = {
  name: 'productStanding',
  rank: 78,
  schemaVersion: 1,
  fields: { dueAt: { type: 'instant', path: 'dueAt' } },
  ownership: 'public',
  parse: parseStored<StandingMark>('productStanding')(
    z.object({ productId: z.string(), open: z.boolean(), dueAt: z.int().nullable() }),
  ),
}
