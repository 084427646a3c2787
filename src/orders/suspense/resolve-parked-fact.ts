import { err, ok, type Result, type ResultAsync } from 'neverthrow'
import { actorName } from '../../shared/actor.js'
import { auditEntry } from '../../shared/audit-entry.js'
import { put } from '../../shared/commit.js'
import type { Decision } from '../../shared/decide-and-commit.js'
import type { NotFound } from '../../shared/errors.js'
import type { Instant } from '../../shared/instant.js'
import type { CorePorts } from '../../shared/ports.js'
import { row } from '../../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../../shared/run-command.js'
import type { ParkedFact } from '../paying/parked-fact.js'
import { parkedFacts } from '../paying/parked-fact.schema.js'
import { parseResolveParkedFact, type ResolveParkedFactInput } from '../resolution.schema.js'

/** A parked fact that a person has looked at. */
export type ResolvedFact = { readonly factId: string; readonly resolvedAt: Instant }

/**
 * Says that a person has looked at what a gateway said of what the shop does not know, and what they found. It is listed no
 * more, also where the gateway tells it again. Saying so again changes nothing.
 *
 * @errors NotFound, CommandError
 */
export const resolveParkedFact = (
  ports: CorePorts,
  context: CommandContext,
  input: ResolveParkedFactInput,
): ResultAsync<ResolvedFact, NotFound | CommandError> =>
  runCommand(ports, context, input, {
    action: 'orders.resolveParkedFact',
    parse: parseResolveParkedFact,
    plan: ({ input: { factId } }) => ({ found: row(parkedFacts, factId) }),
    decide: ({ found }, { input: { factId, note }, actor, now: at }): Result<Decision<ResolvedFact>, NotFound> => {
      if (found === undefined) return err({ type: 'NotFound', entity: 'parkedFact', id: factId })
      const { state: fact, version } = found
      if (fact.status === 'resolved') return ok({ changes: [], answer: { factId, resolvedAt: fact.resolved.at } })
      const state: ParkedFact = { ...fact, status: 'resolved', resolved: { note, by: actorName(actor), at } }
      return ok({
        changes: [
          put(parkedFacts, { id: factId, version, state }),
          auditEntry(ports.ids, { actor, action: 'orders.resolveParkedFact', subject: factId, at, outcome: 'done' }),
        ],
        answer: { factId, resolvedAt: at },
      })
    },
  })
