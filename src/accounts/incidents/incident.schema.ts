import * as z from 'zod'
import type { Collection } from '../../shared/collection.js'
import type { Json } from '../../shared/json.js'
import { parseStored } from '../../shared/stored.schema.js'
import { type Incident, incidentCauses } from './incident.js'

const text = z.object({ 'zh-CN': z.string(), en: z.string() })
const whom = z.enum(['authority', 'people'])

// An incident of shape 1 called those told for whom a notice was queued.
const namedQueued = (stored: Json): Json => {
  if (typeof stored !== 'object' || stored === null || !('told' in stored)) return stored
  const { told: queued, ...rest } = stored
  return queued === undefined ? stored : { ...rest, queued, untraced: 0 }
}

/** Leaks of personal data, on record. */
export const incidents: Collection<Incident> = {
  name: 'incident',
  rank: 37,
  schemaVersion: 2,
  upcasts: { 1: namedQueued },
  fields: {
    number: { type: 'text', path: 'number' },
    status: { type: 'text', path: 'status' },
    knownAt: { type: 'instant', path: 'knownAt' },
    nextDueAt: { type: 'instant', path: 'nextDueAt' },
    telling: { type: 'text', path: 'telling.status' },
  },
  ownership: {},
  parse: parseStored<Incident>('incident')(
    z.object({
      incidentId: z.string(),
      number: z.string(),
      status: z.enum(['open', 'closed']),
      cause: z.enum(incidentCauses),
      records: z.array(z.string()),
      affected: z.discriminatedUnion('kind', [
        z.object({ kind: z.literal('named'), accountIds: z.array(z.string()) }),
        z.object({ kind: z.literal('everybody') }),
        z.object({ kind: z.literal('seenBy'), staffId: z.string() }),
      ]),
      since: z.int(),
      until: z.int().nullable(),
      knownAt: z.int(),
      notice: z.object({ what: text, harm: text, measures: text, advice: text, contact: text }),
      telling: z.discriminatedUnion('status', [
        z.object({ status: z.literal('notBegun') }),
        z.object({ status: z.literal('underWay'), after: z.string().nullable() }),
        z.object({ status: z.literal('done'), doneAt: z.int() }),
      ]),
      queued: z.int().min(0),
      untraced: z.int().min(0),
      deadlines: z.array(
        z.object({
          clause: z.string(),
          whom,
          dueAt: z.int(),
          told: z.exactOptional(z.enum(['near', 'missed'])),
          metAt: z.exactOptional(z.int()),
        }),
      ),
      nextDueAt: z.int().nullable(),
      reports: z.array(z.object({ authority: z.string(), reference: z.string(), at: z.int() })),
      changedAt: z.int(),
    }),
  ),
}
