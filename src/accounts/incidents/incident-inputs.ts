import type { Instant } from '../../shared/instant.js'
import type { AffectedAccounts, IncidentCause, IncidentNotice } from './incident.js'

/** A leak as it is known when it is put on record. */
export type RecordIncidentInput = {
  readonly cause: IncidentCause
  readonly records: readonly string[]
  readonly affected: AffectedAccounts
  /** Not after now. */
  readonly since: Instant
  /** Not before `since`, not after now; null while it lasts. */
  readonly until: Instant | null
  /** When the shop came to know of it; not after now. */
  readonly knownAt: Instant
  readonly notice: IncidentNotice
}

/** What is known better now; when the shop came to know of it stays. */
export type AmendIncidentInput = { readonly incidentId: string } & Partial<Omit<RecordIncidentInput, 'knownAt'>>

/** Which incident is meant. */
export type IncidentInput = { readonly incidentId: string }

/** Which authority was told, and under which reference of its own. */
export type NoteIncidentReportInput = IncidentInput & { readonly authority: string; readonly reference: string }

/** Which incidents are listed. */
export type IncidentsInput = {
  readonly status?: 'open' | 'closed'
  readonly limit?: number
  readonly after?: { readonly knownAt: Instant; readonly incidentId: string }
}
