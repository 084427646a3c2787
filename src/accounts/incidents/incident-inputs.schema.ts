import * as z from 'zod'
import { freeTextSchema } from '../../shared/free-text.schema.js'
import { schemaOf } from '../../shared/schema-of.js'
import { parseInput } from '../../shared/stored.schema.js'
import { incidentCauses } from './incident.js'
import type {
  AmendIncidentInput,
  IncidentInput,
  IncidentsInput,
  NoteIncidentReportInput,
  RecordIncidentInput,
} from './incident-inputs.js'

const id = z.string().min(1).max(100)
// What a date can be written of.
const instant = z.int().min(0).max(8_640_000_000_000_000)
const told = freeTextSchema(500).min(1)
const text = z.strictObject({ 'zh-CN': told, en: told })

const known = {
  cause: z.enum(incidentCauses),
  records: z.array(z.string().min(1).max(50)).min(1).max(50),
  affected: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('named'), accountIds: z.array(id).min(1).max(1_000) }),
    z.strictObject({ kind: z.literal('everybody') }),
    z.strictObject({ kind: z.literal('seenBy'), staffId: id }),
  ]),
  since: instant,
  until: instant.nullable(),
  notice: z.strictObject({ what: text, harm: text, measures: text, advice: text, contact: text }),
}

export const parseRecordIncident = parseInput<RecordIncidentInput>(
  schemaOf<RecordIncidentInput>()(z.strictObject({ ...known, knownAt: instant })),
)
export const parseAmendIncident = parseInput<AmendIncidentInput>(
  schemaOf<AmendIncidentInput>()(
    z.strictObject({
      incidentId: id,
      cause: z.exactOptional(known.cause),
      records: z.exactOptional(known.records),
      affected: z.exactOptional(known.affected),
      since: z.exactOptional(known.since),
      until: z.exactOptional(known.until),
      notice: z.exactOptional(known.notice),
    }),
  ),
)
export const parseIncident = parseInput<IncidentInput>(schemaOf<IncidentInput>()(z.strictObject({ incidentId: id })))
export const parseNoteIncidentReport = parseInput<NoteIncidentReportInput>(
  schemaOf<NoteIncidentReportInput>()(
    z.strictObject({ incidentId: id, authority: freeTextSchema(200).min(1), reference: z.string().min(1).max(200) }),
  ),
)
export const parseIncidents = parseInput<IncidentsInput>(
  schemaOf<IncidentsInput>()(
    z.strictObject({
      status: z.exactOptional(z.enum(['open', 'closed'])),
      limit: z.exactOptional(z.int().min(1).max(100)),
      after: z.exactOptional(z.strictObject({ knownAt: instant, incidentId: id })),
    }),
  ),
)
