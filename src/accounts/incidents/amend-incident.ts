import { err, ok, type ResultAsync } from 'neverthrow'
import type { InvalidInput } from '../../shared/errors.js'
import type { CommandContext, CommandError } from '../../shared/run-command.js'
import type { AccountsPorts } from '../ports.js'
import { changeIncident, type IncidentStanding, type IncidentStepError } from './change-incident.js'
import { type Incident, type IncidentForbids, type RecordUnknown, reopenDeadlines } from './incident.js'
import type { AmendIncidentInput } from './incident-inputs.js'
import { parseAmendIncident } from './incident-inputs.schema.js'
import { timesWrong, unknownRecord } from './record-incident.js'

/**
 * Puts on record what is known better: the cause, the data, its time, the measures, whose data it is. Where people are being
 * told, or were, and others may be affected now, they are looked for anew from the start: whoever has the notice gets it no
 * second time, and the deadlines of people are open until the rest have theirs. When the shop came to know of it cannot be
 * changed, for deadlines hang on it.
 *
 * @errors NotFound, IncidentForbids, RecordUnknown, CommandError
 */
export const amendIncident = (
  ports: AccountsPorts,
  context: CommandContext,
  input: AmendIncidentInput,
): ResultAsync<IncidentStanding, RecordUnknown | IncidentStepError | CommandError> =>
  changeIncident(ports, context, input, {
    action: 'accounts.amendIncident',
    parse: parseAmendIncident,
    step: (incident, { incidentId, ...better }, now) => {
      const amended: Incident = { ...incident, ...better }
      const wrong = timesWrong(amended, now) ?? unknownRecord(ports, better.records ?? [])
      if (wrong !== undefined) return err<never, InvalidInput | RecordUnknown | IncidentForbids>(wrong)
      const isTold = incident.telling.status === 'notBegun' || reachOf(incident) === reachOf(amended)
      return ok({
        state: isTold ? amended : tellAnew(amended),
        event: { type: 'IncidentAmended', incidentId } as const,
      })
    },
  })

// What decides whose data it is.
const reachOf = ({ affected, since, until, records }: Incident): string =>
  JSON.stringify([affected, since, until, records])

const tellAnew = (incident: Incident): Incident => ({
  ...incident,
  telling: { status: 'underWay', after: null },
  untraced: 0,
  deadlines: reopenDeadlines(incident.deadlines, 'people'),
})
