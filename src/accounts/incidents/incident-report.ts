import { err, ok, type ResultAsync } from 'neverthrow'
import { csvRows } from '../../shared/csv.js'
import type { NotFound } from '../../shared/errors.js'
import type { Instant } from '../../shared/instant.js'
import { row } from '../../shared/read-plan.js'
import { type QueryContext, type QueryError, runQuery } from '../../shared/run-query.js'
import type { AccountsPorts } from '../ports.js'
import type { AuthorityReport, DeadlineStanding, IncidentCause, IncidentNotice } from './incident.js'
import { incidents } from './incident.schema.js'
import type { IncidentInput } from './incident-inputs.js'
import { parseIncident } from './incident-inputs.schema.js'

/** What an authority is told of an incident (PIPL article 57, GDPR article 33(3)); nobody is named in it. */
export type IncidentReport = {
  readonly number: string
  readonly cause: IncidentCause
  readonly since: Instant
  readonly until: Instant | null
  readonly knownAt: Instant
  readonly notice: IncidentNotice
  /** The records whose data it is, what each is kept for, and how many of its fields are sensitive. */
  readonly records: readonly { readonly record: string; readonly purpose: string; readonly sensitiveFields: number }[]
  readonly people: {
    /** Accounts that a notice was queued for; whether it arrived, their messages say. */
    readonly queued: number
    /** Entries of the audit log that lead to no account: somebody has to look into them. */
    readonly untraced: number
    /** Whether all of them were found; the figure is not the last before. */
    readonly complete: boolean
  }
  readonly deadlines: readonly DeadlineStanding[]
  readonly reports: readonly AuthorityReport[]
  readonly madeAt: Instant
}

/**
 * Makes the report of an incident for the authority, to be given as JSON, or by `renderIncidentReport` as CSV. That staff
 * made it stands in the audit log.
 *
 * @errors NotFound, QueryError
 */
export const reportIncident = (
  ports: AccountsPorts,
  context: QueryContext,
  input: IncidentInput,
): ResultAsync<IncidentReport, NotFound | QueryError> =>
  runQuery(ports, context, input, {
    action: 'accounts.incidentReport',
    parse: parseIncident,
    about: ({ input: { incidentId } }) => incidentId,
    plan: ({ input: { incidentId } }) => ({ incident: row(incidents, incidentId) }),
    answer: ({ incident }, { input: { incidentId }, now: madeAt }) => {
      if (incident === undefined) return err<never, NotFound>({ type: 'NotFound', entity: 'incident', id: incidentId })
      const { number, cause, since, until, knownAt, notice, deadlines, reports, queued, untraced, telling } =
        incident.state
      const records = ports.personalRecords.filter(({ name }) => incident.state.records.includes(name))
      return ok({
        number,
        cause,
        since,
        until,
        knownAt,
        notice,
        records: records.map(({ name: record, purpose, fields }) => ({
          record,
          purpose,
          sensitiveFields: fields.filter(({ sensitivity }) => sensitivity === 'sensitive').length,
        })),
        people: { queued, untraced, complete: telling.status === 'done' && untraced === 0 },
        deadlines,
        reports,
        madeAt,
      })
    },
  })

/** The report as CSV, a field and its value a line; moments as ISO 8601 writes them. */
export const renderIncidentReport = (report: IncidentReport): string => {
  const moment = (at: Instant | null | undefined): string =>
    at === null || at === undefined ? '' : new Date(at).toISOString()
  return csvRows([
    ['field', 'value'],
    ['number', report.number],
    ['cause', report.cause],
    ['since', moment(report.since)],
    ['until', moment(report.until)],
    ['knownAt', moment(report.knownAt)],
    ...(['what', 'harm', 'measures', 'advice', 'contact'] as const).flatMap((part) =>
      (['zh-CN', 'en'] as const).map((locale) => [`${part}.${locale}`, report.notice[part][locale]]),
    ),
    ...report.records.map(({ record, purpose }) => [`record.${record}`, purpose]),
    ...report.records.map(({ record, sensitiveFields }) => [`sensitiveFields.${record}`, sensitiveFields]),
    ['people.queued', report.people.queued],
    ['people.untraced', report.people.untraced],
    ['people.complete', String(report.people.complete)],
    ...report.deadlines.flatMap(({ clause, whom, dueAt, metAt }) => [
      [`deadline.${clause}.${whom}.dueAt`, moment(dueAt)],
      [`deadline.${clause}.${whom}.metAt`, moment(metAt)],
    ]),
    ...report.reports.map(({ authority, reference, at }) => [`reported.${moment(at)}`, `${authority} ${reference}`]),
    ['madeAt', moment(report.madeAt)],
  ])
}
