import * as z from 'zod'
import type { Collection } from '../shared/collection.js'
import { parseStored } from '../shared/stored.schema.js'
import type { StandingMark } from './product-standing.js'

/** Which products' counts have moved since their rows were told. */
export const productStandings: Collection<StandingMark> = {
  name: 'productStanding',
  rank: 78,
  schemaVersion: 1,
  fields: { due: { type: 'boolean', path: 'due' }, since: { type: 'instant', path: 'since' } },
  ownership: 'public',
  parse: parseStored<StandingMark>('productStanding')(
    z.object({ productId: z.string(), due: z.boolean(), since: z.int() }),
  ),
}
