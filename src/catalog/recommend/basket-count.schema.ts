import * as z from 'zod'
import type { Collection } from '../../shared/collection.js'
import { parseStored } from '../../shared/stored.schema.js'
import type { BasketCount } from './basket-count.js'

/** In how many orders products were together. */
export const basketCounts: Collection<BasketCount> = {
  name: 'basketCount',
  rank: 87,
  schemaVersion: 1,
  fields: { orders: { type: 'integer', path: 'orders' } },
  ownership: 'public',
  parse: parseStored<BasketCount>('basketCount')(
    z.object({
      productId: z.string(),
      orders: z.int(),
      with: z.array(z.object({ productId: z.string(), orders: z.int() })),
    }),
  ),
}
