import { ok, type Result, type ResultAsync } from 'neverthrow'
import type { ReservationError } from '../inventory/reservation.js'
import { stillOut, takeBackStock } from '../inventory/take-back-stock.js'
import type { CorePorts } from '../shared/ports.js'
import type { CommandContext, CommandError } from '../shared/run-command.js'
import {
  type ChangeReturnError,
  changeReturn,
  type MovingReturn,
  type ReturnStanding,
  standingOf,
} from './change-return.js'
import type { ReceiveReturnInput } from './return-inputs.js'
import { parseReceiveReturn } from './return-inputs.schema.js'
import { refundDeadline } from './return-policy.js'

/**
 * Takes returned goods in, and once they were looked at puts what is good back on the shelf, keeps what somebody has to
 * decide on in quarantine (`inventory.decideQuarantine`), and writes the rest off. What came back otherwise meanwhile, with a
 * parcel that nobody accepted, is in the stock once.
 *
 * @errors InspectionDiffers, ChangeReturnError, CommandError
 */
export const receiveReturn = (
  ports: CorePorts,
  context: CommandContext,
  input: ReceiveReturnInput,
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
    follow: (moving) => putAway(moving).map(() => standingOf(moving)),
  })

const receivedAt = (state: object, now: number): number =>
  'receivedAt' in state && typeof state.receivedAt === 'number' ? state.receivedAt : now

const putAway = ({ state, stored, draft, sent, now }: MovingReturn): Result<void, ReservationError> => {
  const { reservation } = draft.read
  if (!('inspected' in state) || 'inspected' in stored.state || reservation === undefined) return ok(undefined)
  const found = state.inspected.map(({ receivedQuantity: _, acceptedQuantity, ...kept }) => ({
    ...kept,
    scrapQuantity: acceptedQuantity - kept.restockQuantity - (kept.quarantineQuantity ?? 0),
  }))
  // What is in a parcel on its way is not what its buyer has sent back.
  const underway = sent.flatMap(({ state: { status, lines } }) =>
    status === 'shipped' || status === 'inTransit' ? lines : [],
  )
  const { returnId: reference } = state
  const pieces = stillOut(reservation.state.lines, found)
  if (pieces.length === 0) return ok(undefined)
  return takeBackStock(reservation, { pieces, reference, reason: 'returned', underway, at: now }).map((changes) => {
    draft.further.push(...changes)
    return undefined
  })
}
