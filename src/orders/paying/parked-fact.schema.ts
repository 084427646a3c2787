import * as z from 'zod'
import type { Log } from '../../shared/collection.js'
import { parseStored } from '../../shared/stored.schema.js'
import type { ParkedFact } from './parked-fact.js'

/** What gateways said of payments, refunds and disputes that the shop does not know, for a person to look at. */
export const parkedFacts: Log<ParkedFact> = {
  name: 'parkedFact',
  fields: {
    gatewayId: { type: 'text', path: 'gatewayId' },
    reference: { type: 'text', path: 'reference' },
    at: { type: 'instant', path: 'at' },
  },
  ownership: {},
  parse: parseStored<ParkedFact>('parkedFact')(
    z.object({
      gatewayId: z.string(),
      eventId: z.string(),
      reference: z.string(),
      kind: z.enum(['payment', 'refund', 'dispute']),
      status: z.string(),
      minor: z.int(),
      currency: z.string(),
      at: z.int(),
    }),
  ),
}
