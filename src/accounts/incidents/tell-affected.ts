import { err, ok, type ResultAsync } from 'neverthrow'
import type { CommandContext, CommandError } from '../../shared/run-command.js'
import type { AccountsPorts } from '../ports.js'
import { changeIncident, type IncidentStanding, type IncidentStepError } from './change-incident.js'
import type { IncidentForbids } from './incident.js'
import type { IncidentInput } from './incident-inputs.js'
import { parseIncident } from './incident-inputs.schema.js'

/**
 * Has everybody told whose data it is: `upkeep.sweepIncidents` finds the accounts page by page and queues a message to each,
 * once; `amendIncident` has those looked for who turn out to be affected later. Where measures keep all harm away, article 57 of the PIPL leaves it to the shop whether people are told.
 *
 * @errors NotFound, IncidentForbids when it began before, CommandError
 */
export const tellAffected = (
  ports: AccountsPorts,
  context: CommandContext,
  input: IncidentInput,
): ResultAsync<IncidentStanding, IncidentStepError | CommandError> =>
  changeIncident(ports, context, input, {
    action: 'accounts.tellAffected',
    parse: parseIncident,
    step: (incident, { incidentId }) =>
      incident.telling.status !== 'notBegun'
        ? err<never, IncidentForbids>({ type: 'IncidentForbids', reason: 'tellingBegun' })
        : ok({
            state: { ...incident, telling: { status: 'underWay' as const, after: null } },
            event: { type: 'IncidentTellingBegun' as const, incidentId },
          }),
  })
