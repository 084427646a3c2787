import { err, ok, type ResultAsync } from 'neverthrow'
import type { CommandContext, CommandError } from '../../shared/run-command.js'
import type { AccountsPorts } from '../ports.js'
import { changeIncident, type IncidentStanding, type IncidentStepError } from './change-incident.js'
import type { IncidentForbids, RecordUnknown } from './incident.js'
import { parseAmendIncident } from './incident-inputs.schema.js'
import { unknownRecord } from './record-incident.js'

/**
 * Puts on record what is known better: the cause, the data, its time, the measures. Whose data it is can be changed until
 * people are told; when the shop came to know of it cannot, for deadlines hang on it.
 *
 * @errors NotFound, IncidentForbids, RecordUnknown, CommandError
 */
export const amendIncident = (
  ports: AccountsPorts,
  context: CommandContext,
  input: unknown,
): ResultAsync<IncidentStanding, RecordUnknown | IncidentStepError | CommandError> =>
  changeIncident(ports, context, input, {
    action: 'accounts.amendIncident',
    parse: parseAmendIncident,
    step: (incident, { incidentId, ...better }) => {
      const refuse = (error: RecordUnknown | IncidentForbids) => err<never, RecordUnknown | IncidentForbids>(error)
      if (better.affected !== undefined && incident.telling.status !== 'notBegun') {
        return refuse({ type: 'IncidentForbids', reason: 'tellingBegun' })
      }
      const unknown = unknownRecord(ports, better.records ?? [])
      if (unknown !== undefined) return refuse(unknown)
      return ok({ state: { ...incident, ...better }, event: { type: 'IncidentAmended', incidentId } as const })
    },
  })
