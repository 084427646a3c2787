import { err, ok, type ResultAsync } from 'neverthrow'
import type { CommandContext, CommandError } from '../../shared/run-command.js'
import type { AccountsPorts } from '../ports.js'
import { changeIncident, type IncidentStanding, type IncidentStepError } from './change-incident.js'
import type { IncidentForbids } from './incident.js'
import type { IncidentInput } from './incident-inputs.js'
import { parseIncident } from './incident-inputs.schema.js'

/**
 * Closes an incident, once it has ended and the authority was told. People need not have been, where no harm could come of it;
 * but telling them that has begun goes to its end first.
 *
 * @errors NotFound, IncidentForbids, CommandError
 */
export const closeIncident = (
  ports: AccountsPorts,
  context: CommandContext,
  input: IncidentInput,
): ResultAsync<IncidentStanding, IncidentStepError | CommandError> =>
  changeIncident(ports, context, input, {
    action: 'accounts.closeIncident',
    parse: parseIncident,
    step: (incident, { incidentId }) => {
      const refuse = (reason: IncidentForbids['reason']) =>
        err<never, IncidentForbids>({ type: 'IncidentForbids', reason })
      if (incident.telling.status === 'underWay') return refuse('tellingBegun')
      const isOwed = incident.deadlines.some(({ whom, metAt }) => whom === 'authority' && metAt === undefined)
      if (isOwed || incident.until === null) return refuse('deadlinesOpen')
      const state = { ...incident, status: 'closed' as const }
      return ok({ state, event: { type: 'IncidentClosed' as const, incidentId } })
    },
  })
