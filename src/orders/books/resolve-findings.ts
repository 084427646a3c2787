import { err, ok, type ResultAsync } from 'neverthrow'
import type { ReconciliationRow, SaidOfFinding } from '../../payments/reconciliation.js'
import { reconciliations } from '../../payments/reconciliation.schema.js'
import type { Resolution } from '../../payments/resolution.js'
import { actorName } from '../../shared/actor.js'
import { auditEntry } from '../../shared/audit-entry.js'
import { put } from '../../shared/commit.js'
import type { NotFound } from '../../shared/errors.js'
import type { CorePorts } from '../../shared/ports.js'
import { row } from '../../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../../shared/run-command.js'
import { openAmong } from './gather-findings.js'
import { parseResolveFindings, type ResolveFindingsInput } from './resolve-findings.schema.js'

/** What is left of a reconciliation for a person to look at. */
export type ResolvedFindings = Pick<ReconciliationRow, 'reconciliationId' | 'openCount'>

/**
 * Records that a person has looked at findings of a gateway's bill, and what came of them: they are open no more, also
 * when the bill is read again. Said again of the same, the last word stands.
 *
 * @errors NotFound for a reconciliation that there is none of, or a finding that is not kept with it; CommandError
 */
export const resolveFindings = (
  ports: CorePorts,
  context: CommandContext,
  input: ResolveFindingsInput,
): ResultAsync<ResolvedFindings, NotFound | CommandError> =>
  runCommand(ports, context, input, {
    action: 'orders.resolveFindings',
    parse: parseResolveFindings,
    plan: ({ input: { reconciliationId } }) => ({ found: row(reconciliations, reconciliationId) }),
    decide: ({ found }, { input: { reconciliationId, findingIds, note }, actor, now: at }) => {
      if (found === undefined) {
        return err<never, NotFound>({ type: 'NotFound', entity: 'reconciliation', id: reconciliationId })
      }
      const known = new Set(found.state.findings.map(({ findingId }) => findingId))
      const unknown = findingIds.find((findingId) => !known.has(findingId))
      if (unknown !== undefined) return err<never, NotFound>({ type: 'NotFound', entity: 'finding', id: unknown })
      const state = resolved(found.state, findingIds, { note, by: actorName(actor), at })
      const { version } = found
      return ok({
        changes: [
          put(reconciliations, { id: reconciliationId, version, state }),
          auditEntry(ports.ids, {
            ...{ actor, action: 'orders.resolveFindings', subject: reconciliationId, at, outcome: 'done' },
            detail: String(findingIds.length),
          }),
        ],
        answer: { reconciliationId, openCount: state.openCount },
      })
    },
  })

const resolved = (
  state: ReconciliationRow,
  findingIds: readonly string[],
  resolution: Resolution,
): ReconciliationRow => {
  const named = new Set(findingIds)
  const resolutions = [
    ...state.resolutions.filter(({ findingId }) => !named.has(findingId)),
    ...[...named].map((findingId) => ({ findingId, ...resolution })),
  ]
  return withResolutions(withReopenings(state, named, []), resolutions)
}

/** A reconciliation of which persons have said this of findings, and what is open of it then. */
export const withResolutions = (
  state: ReconciliationRow,
  resolutions: ReconciliationRow['resolutions'],
): ReconciliationRow => {
  const unkeptCount = state.openCount - openAmong(state, 0).openCount
  return { ...state, resolutions, ...openAmong({ ...state, resolutions }, unkeptCount) }
}

/** A reconciliation of which persons have said this last as they opened some of its findings again. */
export const withReopenings = (
  { reopenings = [], ...state }: ReconciliationRow,
  findingIds: ReadonlySet<string>,
  said: readonly SaidOfFinding[],
): ReconciliationRow => {
  const all = [...reopenings.filter(({ findingId }) => !findingIds.has(findingId)), ...said]
  return all.length === 0 ? state : { ...state, reopenings: all }
}
