import { ok, type ResultAsync } from 'neverthrow'
import { takeBackStock } from '../inventory/move-stock.js'
import type { CorePorts } from '../shared/ports.js'
import type { CommandContext, CommandError } from '../shared/run-command.js'
import {
  type ChangeReturnError,
  changeReturn,
  type MovingReturn,
  type ReturnStanding,
  standingOf,
} from './change-return.js'
import { parseReceiveReturn } from './return-inputs.schema.js'
import { refundDeadline } from './return-policy.js'

/**
 * Takes returned goods in, and once they were looked at puts what is good back on the shelf and writes the rest off.
 *
 * @errors InspectionDiffers, ChangeReturnError, CommandError
 */
export const receiveReturn = (
  ports: CorePorts,
  context: CommandContext,
  input: unknown,
): ResultAsync<ReturnStanding, ChangeReturnError | CommandError> =>
  changeReturn(ports, context, input, {
    action: 'aftersales.receiveReturn',
    parse: parseReceiveReturn,
    commands: ({ input: { lines }, now }, order, state) => [
      ...(state.status === 'received' && lines !== undefined ? [] : [{ type: 'Receive' as const, at: now }]),
      ...(lines === undefined
        ? []
        : [
            {
              type: 'Inspect' as const,
              lines,
              refundBy: refundDeadline(receivedAt(state, now), order.details.policy),
              at: now,
            },
          ]),
    ],
    follow: (moving) => {
      putAway(moving)
      return ok(standingOf(moving))
    },
  })

const receivedAt = (state: object, now: number): number =>
  'receivedAt' in state && typeof state.receivedAt === 'number' ? state.receivedAt : now

const putAway = ({ state, stored, draft, now }: MovingReturn): void => {
  if (!('inspected' in state) || 'inspected' in stored.state || draft.order.state.status === 'absent') return
  const { lines } = draft.order.state
  const pieces = state.inspected.flatMap((found) => {
    const line = lines.find((each) => each.lineId === found.lineId)
    if (line === undefined) return []
    return [
      {
        lineId: line.lineId,
        sku: line.sku,
        warehouse: line.warehouse,
        restockQuantity: found.restockQuantity,
        scrapQuantity: found.acceptedQuantity - found.restockQuantity,
      },
    ]
  })
  draft.further.push(...takeBackStock(pieces, { reference: state.returnId, reason: 'returned', at: now }))
}
