import * as z from 'zod'
import type { Collection } from '../../shared/collection.js'
import { parseStored } from '../../shared/stored.schema.js'
import { openOrResolved } from '../resolution.schema.js'
import type { ParkedFact } from './parked-fact.js'

/** What gateways said of payments, refunds and disputes that the shop does not know, for a person to look at. */
export const parkedFacts: Collection<ParkedFact> = {
  name: 'parkedFact',
  rank: 64,
  schemaVersion: 1,
  fields: {
    gatewayId: { type: 'text', path: 'gatewayId' },
    reference: { type: 'text', path: 'reference' },
    status: { type: 'text', path: 'status' },
    at: { type: 'instant', path: 'at' },
  },
  ownership: {},
  parse: parseStored<ParkedFact>('parkedFact')(
    openOrResolved({
      factId: z.string(),
      gatewayId: z.string(),
      eventId: z.string(),
      reference: z.string(),
      kind: z.enum(['payment', 'refund', 'dispute']),
      stands: z.string(),
      minor: z.int(),
      currency: z.string(),
      at: z.int(),
    }),
  ),
}
