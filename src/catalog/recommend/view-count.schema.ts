import * as z from 'zod'
import type { Collection } from '../../shared/collection.js'
import { parseStored } from '../../shared/stored.schema.js'
import type { ViewBatch, ViewCount } from './view-count.js'

/** What was looked at and is to be counted; each goes as it is. */
export const viewBatches: Collection<ViewBatch> = {
  name: 'viewBatch',
  rank: 92,
  schemaVersion: 1,
  fields: { dueAt: { type: 'instant', path: 'dueAt' } },
  ownership: 'public',
  parse: parseStored<ViewBatch>('viewBatch')(
    z.object({
      productId: z.string(),
      alongside: z.array(z.string()),
      isFirst: z.exactOptional(z.boolean()),
      dueAt: z.int(),
    }),
  ),
}

/** How many people looked at which products together. */
export const viewCounts: Collection<ViewCount> = {
  name: 'viewCount',
  rank: 93,
  schemaVersion: 1,
  fields: { viewers: { type: 'integer', path: 'viewers' } },
  ownership: 'public',
  parse: parseStored<ViewCount>('viewCount')(
    z.object({
      productId: z.string(),
      viewers: z.int(),
      with: z.array(z.object({ productId: z.string(), viewers: z.int() })),
    }),
  ),
}
