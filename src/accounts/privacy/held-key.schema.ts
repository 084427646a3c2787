import * as z from 'zod'
import type { Collection } from '../../shared/collection.js'
import { type Change, put } from '../../shared/commit.js'
import type { Instant } from '../../shared/instant.js'
import type { SubjectKey } from '../../shared/personal-data.js'
import type { RetentionLaw } from '../../shared/personal-record.js'
import { parseStored } from '../../shared/stored.schema.js'
import type { HeldKey } from './held-key.js'

/** Keys of people who are gone, set aside for legal claims; they belong to nobody. */
export const heldKeys: Collection<HeldKey> = {
  name: 'heldKey',
  rank: 33,
  schemaVersion: 1,
  fields: { until: { type: 'instant', path: 'until' } },
  ownership: {},
  parse: parseStored<HeldKey>('heldKey')(
    z.object({
      subjectId: z.string(),
      wrapped: z.string(),
      law: z.enum(['E-Commerce Law 31', 'PIPL 14']),
      heldFrom: z.int(),
      until: z.int(),
    }),
  ),
}

/** Sets a key aside that a law needs for a while longer. */
export const holdKey = (
  { subjectId, wrapped }: SubjectKey,
  { law, until }: { readonly law: RetentionLaw; readonly until: Instant },
  heldFrom: Instant,
): Change => put(heldKeys, { id: subjectId, version: 0, state: { subjectId, wrapped, law, heldFrom, until } })
