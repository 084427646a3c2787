import { err, ok, type ResultAsync } from 'neverthrow'
import { auditEntry } from '../../shared/audit-entry.js'
import { put } from '../../shared/commit.js'
import type { InvalidInput } from '../../shared/errors.js'
import type { Instant } from '../../shared/instant.js'
import { type CommandContext, type CommandError, runCommand } from '../../shared/run-command.js'
import type { AccountsPorts } from '../ports.js'
import { type DeadlineStanding, deadlinesFrom, type Incident, nextDue, type RecordUnknown } from './incident.js'
import { incidents } from './incident.schema.js'
import type { RecordIncidentInput } from './incident-inputs.js'
import { parseRecordIncident } from './incident-inputs.schema.js'

/** A leak is on record. */
export type IncidentRecorded = {
  readonly incidentId: string
  readonly number: string
  readonly deadlines: readonly DeadlineStanding[]
}

/**
 * Puts a leak of personal data on record: what, whose, since when, and what was done. Its deadlines begin when the shop came
 * to know of it. Nobody is told by it.
 *
 * @errors RecordUnknown, CommandError
 */
export const recordIncident = (
  ports: AccountsPorts,
  context: CommandContext,
  input: RecordIncidentInput,
): ResultAsync<IncidentRecorded, RecordUnknown | CommandError> =>
  runCommand(ports, context, input, {
    action: 'accounts.recordIncident',
    parse: parseRecordIncident,
    plan: () => ({}),
    decide: (_, { input: known, actor, now: at }) => {
      const wrong = timesWrong(known, at)
      if (wrong !== undefined) return err<never, InvalidInput | RecordUnknown>(wrong)
      const unknown = unknownRecord(ports, known.records)
      if (unknown !== undefined) return err<never, InvalidInput | RecordUnknown>(unknown)
      const { incidents: policy } = ports.accountsPolicy
      const incidentId = ports.ids.next('incident')
      const number = `I${new Date(at).toISOString().slice(0, 10).replaceAll('-', '')}-${ports.ids.digits(8)}`
      const deadlines = deadlinesFrom(policy, known.knownAt)
      const state: Incident = {
        ...known,
        incidentId,
        number,
        status: 'open',
        telling: { status: 'notBegun' },
        queued: 0,
        untraced: 0,
        deadlines,
        nextDueAt: nextDue(policy, deadlines),
        reports: [],
        changedAt: at,
      }
      const recorded = { type: 'IncidentRecorded', incidentId, cause: known.cause } as const
      return ok({
        answer: { incidentId, number, deadlines },
        changes: [
          put(incidents, { id: incidentId, version: 0, state, events: [recorded] }),
          auditEntry(ports.ids, {
            actor,
            action: 'accounts.recordIncident',
            subject: incidentId,
            at,
            outcome: 'done',
            detail: known.cause,
          }),
        ],
      })
    },
  })

/** What is wrong with the times of an incident: it began before it ended, and none of them is to come. */
export const timesWrong = (
  { since, until, knownAt }: Pick<Incident, 'since' | 'until' | 'knownAt'>,
  now: Instant,
): InvalidInput | undefined => {
  const later = Object.entries({ knownAt, since, until: until ?? since }).find(([, at]) => at > now)
  if (later !== undefined) return timeRefused(later[0], 'too_big', 'A moment that has passed')
  return until !== null && until < since ? timeRefused('until', 'too_small', 'Ends before it begins') : undefined
}

const timeRefused = (path: string, code: string, message: string): InvalidInput => ({
  type: 'InvalidInput',
  issues: [{ path, code, message }],
})

/** The first name that is none of the records that the shop keeps of people. */
export const unknownRecord = (
  { personalRecords }: Pick<AccountsPorts, 'personalRecords'>,
  records: readonly string[],
): RecordUnknown | undefined => {
  const record = records.find((each) => !personalRecords.some(({ name }) => name === each))
  return record === undefined ? undefined : { type: 'RecordUnknown', record }
}
