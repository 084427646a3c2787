import { err, ok, type ResultAsync } from 'neverthrow'
import { reconciliations } from '../../payments/reconciliation.schema.js'
import { actorName } from '../../shared/actor.js'
import { auditEntry } from '../../shared/audit-entry.js'
import { put } from '../../shared/commit.js'
import type { NotFound } from '../../shared/errors.js'
import type { CorePorts } from '../../shared/ports.js'
import { row } from '../../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../../shared/run-command.js'
import { type ResolvedFindings, withReopenings, withResolutions } from './resolve-findings.js'
import { parseReopenFindings, type ReopenFindingsInput } from './resolve-findings.schema.js'

/**
 * Opens findings of a gateway's bill again that a person had resolved, and keeps who did and why: they are open since they
 * were found, until somebody says anew what came of them.
 *
 * @errors NotFound for a reconciliation that there is none of, or a finding that is not kept with it or not resolved;
 * CommandError
 */
export const reopenFindings = (
  ports: CorePorts,
  context: CommandContext,
  input: ReopenFindingsInput,
): ResultAsync<ResolvedFindings, NotFound | CommandError> =>
  runCommand(ports, context, input, {
    action: 'orders.reopenFindings',
    parse: parseReopenFindings,
    plan: ({ input: { reconciliationId } }) => ({ found: row(reconciliations, reconciliationId) }),
    decide: ({ found }, { input: { reconciliationId, findingIds, note }, actor, now: at }) => {
      if (found === undefined) {
        return err<never, NotFound>({ type: 'NotFound', entity: 'reconciliation', id: reconciliationId })
      }
      const { findings, resolutions } = found.state
      const resolved = new Set(resolutions.map(({ findingId }) => findingId))
      const named = new Set(findingIds)
      const known = new Set(findings.flatMap(({ findingId }) => (resolved.has(findingId) ? [findingId] : [])))
      const unknown = findingIds.find((findingId) => !known.has(findingId))
      if (unknown !== undefined) return err<never, NotFound>({ type: 'NotFound', entity: 'finding', id: unknown })
      const said = [...named].map((findingId) => ({ findingId, note, by: actorName(actor), at }))
      const state = withResolutions(
        withReopenings(found.state, named, said),
        resolutions.filter(({ findingId }) => !named.has(findingId)),
      )
      return ok({
        changes: [
          put(reconciliations, { id: reconciliationId, version: found.version, state }),
          auditEntry(ports.ids, {
            ...{ actor, action: 'orders.reopenFindings', subject: reconciliationId, at, outcome: 'done' },
            detail: String(named.size),
          }),
        ],
        answer: { reconciliationId, openCount: state.openCount },
      })
    },
  })
