import { err, type Result, type ResultAsync } from 'neverthrow'
import { auditEntry } from '../../shared/audit-entry.js'
import { put } from '../../shared/commit.js'
import type { InvalidInput, NotFound } from '../../shared/errors.js'
import type { Instant } from '../../shared/instant.js'
import { row } from '../../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../../shared/run-command.js'
import type { AccountsPorts } from '../ports.js'
import { type Incident, type IncidentEvent, type IncidentForbids, nextDue } from './incident.js'
import { incidents } from './incident.schema.js'

/** Why a step on an incident is refused. */
export type IncidentStepError = NotFound | IncidentForbids

/** How an incident stands after a step. */
export type IncidentStanding = Pick<Incident, 'incidentId' | 'number' | 'status' | 'queued' | 'deadlines'>

type Step<Refusal> = Result<{ readonly state: Incident; readonly event: IncidentEvent }, Refusal | IncidentForbids>

/**
 * Runs a step on an incident that is open: one read, one commit, with an entry of the audit log.
 *
 * @errors NotFound, IncidentForbids, CommandError, and what the step refuses
 */
export const changeIncident = <Input extends { readonly incidentId: string }, Refusal = never>(
  ports: AccountsPorts,
  context: CommandContext,
  input: unknown,
  spec: {
    readonly action: string
    readonly parse: (input: unknown) => Result<Input, InvalidInput>
    readonly step: (incident: Incident, input: Input, now: Instant) => Step<Refusal>
  },
): ResultAsync<IncidentStanding, Refusal | IncidentStepError | CommandError> =>
  runCommand(ports, context, input, {
    action: spec.action,
    parse: spec.parse,
    plan: ({ input: { incidentId } }) => ({ incident: row(incidents, incidentId) }),
    decide: ({ incident }, { input: asked, actor, now: at }) => {
      const refuse = (error: IncidentStepError) => err<never, Refusal | IncidentStepError>(error)
      const { incidentId } = asked
      if (incident === undefined) return refuse({ type: 'NotFound', entity: 'incident', id: incidentId })
      if (incident.state.status === 'closed') return refuse({ type: 'IncidentForbids', reason: 'closed' })
      return spec.step(incident.state, asked, at).map(({ state, event }) => {
        const { number, status, queued, deadlines } = state
        const nextDueAt = status === 'closed' ? null : nextDue(ports.accountsPolicy.incidents, deadlines)
        const next: Incident = { ...state, nextDueAt, changedAt: at }
        return {
          answer: { incidentId, number, status, queued, deadlines },
          changes: [
            put(incidents, { id: incidentId, version: incident.version, state: next, events: [event] }),
            auditEntry(ports.ids, { actor, action: spec.action, subject: incidentId, at, outcome: 'done' }),
          ],
        }
      })
    },
  })
