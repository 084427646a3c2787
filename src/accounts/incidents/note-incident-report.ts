import { ok, type ResultAsync } from 'neverthrow'
import type { CommandContext, CommandError } from '../../shared/run-command.js'
import type { AccountsPorts } from '../ports.js'
import { changeIncident, type IncidentStanding, type IncidentStepError } from './change-incident.js'
import { meetDeadlines } from './incident.js'
import type { NoteIncidentReportInput } from './incident-inputs.js'
import { parseNoteIncidentReport } from './incident-inputs.schema.js'

/**
 * Notes that an authority was told, by `incidentReport` or otherwise: its deadlines are met.
 *
 * @errors NotFound, IncidentForbids, CommandError
 */
export const noteIncidentReport = (
  ports: AccountsPorts,
  context: CommandContext,
  input: NoteIncidentReportInput,
): ResultAsync<IncidentStanding, IncidentStepError | CommandError> =>
  changeIncident(ports, context, input, {
    action: 'accounts.noteIncidentReport',
    parse: parseNoteIncidentReport,
    step: (incident, { incidentId, authority, reference }, at) =>
      ok({
        state: {
          ...incident,
          reports: [...incident.reports, { authority, reference, at }],
          deadlines: meetDeadlines(incident.deadlines, 'authority', at),
        },
        event: { type: 'IncidentReported' as const, incidentId },
      }),
  })
