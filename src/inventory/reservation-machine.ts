import { err, ok, type Result } from 'neverthrow'
import { match } from 'ts-pattern'
import { allowsCommand, type Decider, type TransitionTable } from '../shared/decider.js'
import type {
  LineQuantity,
  Reservation,
  ReservationCommand,
  ReservationError,
  ReservationEvent,
  ReservedLine,
} from './reservation.js'

/** A reservation, or the moment before there is one. */
export type ReservationState = Reservation | { readonly status: 'absent' }

type Status = ReservationState['status']

/** Which command leads a reservation where. */
export const reservationTable: TransitionTable<Status, ReservationCommand['type'], ReservationEvent['type']> = [
  { from: 'absent', command: 'Reserve', events: 'StockReserved', to: 'reserved' },
  { from: 'reserved', command: 'Allocate', events: 'StockAllocated', to: 'allocated' },
  { from: 'reserved', command: 'Release', events: 'StockReleased', to: 'reserved', guard: 'pieces remain' },
  { from: 'reserved', command: 'Release', events: 'StockReleased', to: 'released', guard: 'nothing remains' },
  { from: 'allocated', command: 'Ship', events: 'StockShipped', to: 'allocated', guard: 'pieces remain' },
  { from: 'allocated', command: 'Ship', events: 'StockShipped', to: 'shipped', guard: 'nothing remains' },
  { from: 'allocated', command: 'Release', events: 'StockReleased', to: 'allocated', guard: 'pieces remain' },
  {
    from: 'allocated',
    command: 'Release',
    events: 'StockReleased',
    to: 'shipped',
    guard: 'nothing remains and some pieces have left',
  },
  {
    from: 'allocated',
    command: 'Release',
    events: 'StockReleased',
    to: 'released',
    guard: 'nothing remains, none left',
  },
]

/** Pieces of a line that are still here. */
export const heldQuantity = (line: ReservedLine): number => line.quantity - line.shippedQuantity - line.releasedQuantity

/** What is still here of every line of a reservation, lines with nothing left out. */
export const heldLines = (lines: readonly ReservedLine[]): readonly LineQuantity[] =>
  lines.map((line) => ({ lineId: line.lineId, quantity: heldQuantity(line) })).filter((line) => line.quantity > 0)

const decide = (
  state: ReservationState,
  command: ReservationCommand,
): Result<readonly ReservationEvent[], ReservationError> => {
  if (!allowsCommand(reservationTable, { status: state.status, command: command.type })) {
    return err({ type: 'ReservationStateForbids', status: state.status, command: command.type })
  }
  return match(command)
    .returnType<Result<readonly ReservationEvent[], ReservationError>>()
    .with({ type: 'Reserve' }, ({ orderId, accountId, lines, until }) =>
      ok([{ type: 'StockReserved', orderId, accountId, lines, until }]),
    )
    .with({ type: 'Allocate' }, ({ at }) => ok([{ type: 'StockAllocated', at }]))
    .with({ type: 'Ship' }, ({ lines, at }) =>
      takeFrom(state, lines).map((taken) => (taken.length === 0 ? [] : [{ type: 'StockShipped', lines: taken, at }])),
    )
    .with({ type: 'Release' }, ({ lines, at }) =>
      takeFrom(state, lines ?? ('lines' in state ? heldLines(state.lines) : [])).map((taken) =>
        taken.length === 0 ? [] : [{ type: 'StockReleased', lines: taken, at }],
      ),
    )
    .exhaustive()
}

// Quantities of one line named twice are one quantity, so that no line gives more than it holds.
const takeFrom = (
  state: ReservationState,
  wanted: readonly LineQuantity[],
): Result<readonly LineQuantity[], ReservationError> => {
  const lines = state.status === 'absent' ? [] : state.lines
  const sums = new Map<string, number>()
  for (const { lineId, quantity } of wanted) sums.set(lineId, (sums.get(lineId) ?? 0) + quantity)
  for (const [lineId, asked] of sums) {
    const line = lines.find((each) => each.lineId === lineId)
    if (line === undefined) return err({ type: 'ReservationLineUnknown', lineId })
    const left = heldQuantity(line)
    if (asked > left) return err({ type: 'ReservationTooSmall', lineId, asked, left })
  }
  return ok([...sums].filter(([, quantity]) => quantity > 0).map(([lineId, quantity]) => ({ lineId, quantity })))
}

const evolve = (state: ReservationState, event: ReservationEvent): ReservationState => {
  switch (event.type) {
    case 'StockReserved':
      return {
        status: 'reserved',
        orderId: event.orderId,
        accountId: event.accountId,
        until: event.until,
        lines: event.lines.map((line) => ({ ...line, shippedQuantity: 0, releasedQuantity: 0 })),
      }
    case 'StockAllocated':
      if (state.status === 'absent') return state
      return { ...factsOf(state), status: 'allocated', allocatedAt: event.at }
    case 'StockShipped': {
      if (state.status === 'absent') return state
      const lines = addTo(state.lines, 'shippedQuantity', event.lines)
      return heldLines(lines).length === 0
        ? { ...factsOf(state), lines, status: 'shipped', shippedAt: event.at }
        : { ...state, lines }
    }
    case 'StockReleased': {
      if (state.status === 'absent') return state
      const lines = addTo(state.lines, 'releasedQuantity', event.lines)
      if (heldLines(lines).length > 0) return { ...state, lines }
      return lines.some((line) => line.shippedQuantity > 0)
        ? { ...factsOf(state), lines, status: 'shipped', shippedAt: event.at }
        : { ...factsOf(state), lines, status: 'released', releasedAt: event.at }
    }
  }
}

const factsOf = ({ orderId, accountId, lines }: Reservation) => ({ orderId, accountId, lines })

const addTo = (
  lines: readonly ReservedLine[],
  field: 'shippedQuantity' | 'releasedQuantity',
  moved: readonly LineQuantity[],
): readonly ReservedLine[] =>
  lines.map((line) => {
    const quantity = moved.find((each) => each.lineId === line.lineId)?.quantity ?? 0
    return quantity === 0 ? line : { ...line, [field]: line[field] + quantity }
  })

/** The life of a reservation. */
export const reservationMachine: Decider<ReservationState, ReservationCommand, ReservationEvent, ReservationError> = {
  initial: { status: 'absent' },
  decide,
  evolve,
}
