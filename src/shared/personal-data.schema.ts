import * as z from 'zod'
import type { Collection } from './collection.js'
import type { Sealed, SubjectKey } from './personal-data.js'
import { parseStored } from './stored.schema.js'

/** The stored shape of a sealed value. */
export const sealedSchema: z.ZodType<Sealed> = z.object({
  sealed: z.object({ scheme: z.int(), nonce: z.string(), data: z.string() }),
})

/** Keys by person; removing a row erases what was sealed with it. */
export const subjectKeys: Collection<SubjectKey> = {
  name: 'subjectKey',
  rank: 20,
  schemaVersion: 1,
  fields: { subjectId: { type: 'text', path: 'subjectId' } },
  ownership: { own: 'subjectId' },
  parse: parseStored<SubjectKey>('subjectKey')(z.object({ subjectId: z.string(), wrapped: z.string() })),
}
