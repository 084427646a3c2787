import * as z from 'zod'
import type { Collection } from './collection.js'
import { type Change, put } from './commit.js'
import type { Instant } from './instant.js'
import { parseStored } from './stored.schema.js'

/**
 * Somebody whose key was destroyed. It says who is to be erased again after a restore, under an id that leads to nobody any
 * more; and whether a key kept apart from the storage is still to be destroyed.
 */
export type ErasedSubject = {
  readonly subjectId: string
  readonly erasedAt: Instant
  /** From then on the key kept apart is to be destroyed; null where none is kept apart, or it is destroyed. */
  readonly destroyFrom: Instant | null
}

/** Everybody who was erased; they belong to nobody. */
export const erasedSubjects: Collection<ErasedSubject> = {
  name: 'erasedSubject',
  rank: 15,
  schemaVersion: 1,
  fields: {
    erasedAt: { type: 'instant', path: 'erasedAt' },
    destroyFrom: { type: 'instant', path: 'destroyFrom' },
  },
  ownership: {},
  parse: parseStored<ErasedSubject>('erasedSubject')(
    z.object({ subjectId: z.string(), erasedAt: z.int(), destroyFrom: z.int().nullable() }),
  ),
}

/** Notes that somebody is erased. */
export const noteErased = (state: ErasedSubject, version = 0): Change =>
  put(erasedSubjects, { id: state.subjectId, version, state })
