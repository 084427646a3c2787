import { err, ok, type ResultAsync } from 'neverthrow'
import { actorName } from '../shared/actor.js'
import { auditEntry } from '../shared/audit-entry.js'
import { counters } from '../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../shared/run-command.js'
import { parseDecideQuarantine } from './decide-quarantine.schema.js'
import { moveLine } from './move-stock.js'
import type { InventoryPorts } from './ports.js'
import { defaultWarehouse, placeCounters, placeId, type QuarantineTooLow, stockId } from './stock.js'
import type { DecideQuarantineInput } from './stock-inputs.js'

/** What is still in quarantine after a decision. */
export type DecidedQuarantine = {
  readonly reference: string
  /** Each SKU and warehouse of the decision, once. */
  readonly left: readonly { readonly sku: string; readonly warehouse: string; readonly quarantined: number }[]
}

const action = 'inventory.decideQuarantine'

/**
 * Puts pieces in quarantine back on the shelf of their warehouse, or writes them off, each for a reason that stands with
 * its movement and in the audit log; all lines or none. Of two who decide on the same piece one is refused.
 *
 * @errors QuarantineTooLow, CommandError
 */
export const decideQuarantine = (
  ports: InventoryPorts,
  context: CommandContext,
  input: DecideQuarantineInput,
): ResultAsync<DecidedQuarantine, QuarantineTooLow | CommandError> =>
  runCommand(ports, context, input, {
    action,
    parse: parseDecideQuarantine,
    plan: ({ input }) => ({
      waiting: counters(
        placeCounters,
        linesOf(ports, input).map(({ sku, warehouse }) => placeId(sku, warehouse, 'quarantined')),
      ),
    }),
    decide: ({ waiting }, { input, actor, now }) => {
      const lines = linesOf(ports, input)
      const asked = new Map<string, { sku: string; warehouse: string; asked: number }>()
      for (const { sku, warehouse, quantity } of lines) {
        const id = placeId(sku, warehouse, 'quarantined')
        asked.set(id, { sku, warehouse, asked: (asked.get(id)?.asked ?? 0) + quantity })
      }
      const left: DecidedQuarantine['left'][number][] = []
      for (const [id, each] of asked) {
        const quarantined = waiting.get(id) ?? 0
        if (each.asked > quarantined) {
          return err<never, QuarantineTooLow>({ type: 'QuarantineTooLow', ...each, quarantined })
        }
        left.push({ sku: each.sku, warehouse: each.warehouse, quarantined: quarantined - each.asked })
      }
      const { reference } = input
      return ok({
        changes: lines.flatMap((line, index) => [
          ...moveLine(line, line.quantity, {
            from: 'quarantined',
            to: line.outcome === 'restock' ? 'available' : 'scrapped',
            reason: line.reason,
            reference,
            id: `quarantine:${actorName(actor)}:${context.key}:${index}`,
            at: now,
          }),
          auditEntry(ports.ids, {
            actor,
            action,
            subject: stockId(line.sku, line.warehouse),
            at: now,
            outcome: 'done',
            detail: `${line.outcome} ${line.quantity} ${line.reason} ${reference}`,
          }),
        ]),
        answer: { reference, left },
      })
    },
  })

const linesOf = ({ warehouses }: InventoryPorts, { lines }: DecideQuarantineInput) =>
  lines.map((line) => ({ ...line, warehouse: line.warehouse ?? warehouses?.[0] ?? defaultWarehouse }))
