import { err, ok, type Result } from 'neverthrow'
import { match } from 'ts-pattern'
import { allowsCommand, type Decider, type TransitionTable } from '../shared/decider.js'
import type { AllocatedLine } from './allocate-lines.js'
import {
  allocationId,
  type LineQuantity,
  type Reservation,
  type ReservationCommand,
  type ReservationError,
  type ReservationEvent,
  type ReservedLine,
  type WantedPieces,
  type WarehousePieces,
} from './reservation.js'

/** A reservation, or the moment before there is one. */
export type ReservationState = Reservation | { readonly status: 'absent' }

export type ReservationStatus = ReservationState['status']

/** Which command leads a reservation where. */
export const reservationTable: TransitionTable<
  ReservationStatus,
  ReservationCommand['type'],
  ReservationEvent['type']
> = [
  { from: 'absent', command: 'Reserve', events: 'StockReserved', to: 'reserved' },
  { from: 'released', command: 'Reserve', events: 'StockReserved', to: 'reserved', guard: 'its order comes back' },
  { from: 'reserved', command: 'KeepLonger', events: 'StockKeptLonger', to: 'reserved' },
  { from: 'reserved', command: 'KeepLonger', events: [], to: 'reserved', guard: 'no longer than before' },
  { from: 'reserved', command: 'Allocate', events: 'StockAllocated', to: 'allocated' },
  { from: 'reserved', command: 'Release', events: 'StockReleased', to: 'reserved', guard: 'pieces remain' },
  { from: 'reserved', command: 'Release', events: 'StockReleased', to: 'released', guard: 'nothing remains' },
  { from: 'reserved', command: 'Extend', events: 'StockExtended', to: 'reserved' },
  { from: 'allocated', command: 'Extend', events: 'StockExtended', to: 'allocated' },
  { from: ['shipped', 'returned'], command: 'Extend', events: 'StockExtended', to: 'allocated' },
  { from: 'allocated', command: 'Divide', events: 'StockDivided', to: 'divided', guard: 'nothing has left' },
  { from: 'allocated', command: 'Ship', events: 'StockShipped', to: 'allocated', guard: 'pieces remain' },
  { from: 'allocated', command: 'Ship', events: 'StockShipped', to: 'shipped', guard: 'nothing remains' },
  { from: 'allocated', command: 'Release', events: 'StockReleased', to: 'allocated', guard: 'pieces remain' },
  {
    from: 'allocated',
    command: 'Release',
    events: 'StockReleased',
    to: 'shipped',
    guard: 'nothing remains and some pieces are out',
  },
  {
    from: 'allocated',
    command: 'Release',
    events: 'StockReleased',
    to: 'returned',
    guard: 'nothing remains and all that left is back',
  },
  {
    from: 'allocated',
    command: 'Release',
    events: 'StockReleased',
    to: 'released',
    guard: 'nothing remains, none left',
  },
  { from: 'allocated', command: 'TakeBack', events: 'StockTakenBack', to: 'allocated', guard: 'pieces are out' },
  { from: 'shipped', command: 'TakeBack', events: 'StockTakenBack', to: 'shipped', guard: 'some are still out' },
  { from: 'shipped', command: 'TakeBack', events: 'StockTakenBack', to: 'returned', guard: 'all are back' },
]

/** Pieces of a line that are still here. */
export const heldQuantity = (line: ReservedLine): number => line.quantity - line.shippedQuantity - line.releasedQuantity

/** Pieces of a line that are with the buyer or on the way there. */
export const outQuantity = (line: ReservedLine): number => line.shippedQuantity - line.returnedQuantity

/** What is still here of every line of a reservation, lines with nothing left out. */
export const heldLines = (lines: readonly ReservedLine[]): readonly WarehousePieces[] =>
  lines
    .map((line) => ({ lineId: line.lineId, warehouse: line.warehouse, quantity: heldQuantity(line) }))
    .filter((line) => line.quantity > 0)

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
      ok([{ type: 'StockReserved', orderId, accountId, lines: mergeLines(lines), until }]),
    )
    .with({ type: 'KeepLonger' }, ({ until, at }) =>
      ok('until' in state && state.until < until ? [{ type: 'StockKeptLonger', until, at }] : []),
    )
    .with({ type: 'Allocate' }, ({ at }) => ok([{ type: 'StockAllocated', at }]))
    .with({ type: 'Divide' }, ({ orderIds, at }) =>
      'lines' in state && state.lines.some((line) => line.shippedQuantity > 0)
        ? err({ type: 'ReservationStateForbids', status: state.status, command: command.type })
        : ok([{ type: 'StockDivided', orderIds, at }]),
    )
    .with({ type: 'Extend' }, ({ lines, at }) => ok([{ type: 'StockExtended', lines: mergeLines(lines), at }]))
    .with({ type: 'Ship' }, ({ lines, at }) =>
      takeFrom(state, lines, heldQuantity).map((taken) =>
        taken.length === 0 ? [] : [{ type: 'StockShipped', lines: taken, at }],
      ),
    )
    .with({ type: 'Release' }, ({ lines, at }) =>
      takeFrom(state, lines ?? ('lines' in state ? heldLines(state.lines) : []), heldQuantity).map((taken) =>
        taken.length === 0 ? [] : [{ type: 'StockReleased', lines: taken, at }],
      ),
    )
    .with({ type: 'TakeBack' }, ({ lines, underway = [], at }) =>
      takeFrom(state, fromWherever(state, lines), outQuantity, underway).map((taken) =>
        taken.length === 0 ? [] : [{ type: 'StockTakenBack', lines: taken, at }],
      ),
    )
    .exhaustive()
}

// Pieces of a line are alike: what came back by one warehouse may have left from another.
const fromWherever = (state: ReservationState, wanted: readonly WantedPieces[]): readonly WantedPieces[] => {
  const rows = state.status === 'absent' ? [] : state.lines
  return mergePieces(wanted).flatMap((each): readonly WantedPieces[] => {
    const { lineId, warehouse, quantity } = each
    if (warehouse === undefined) return [each]
    const row = rows.find(({ allocationId: id }) => id === allocationId(lineId, warehouse))
    const here = Math.min(quantity, row === undefined ? 0 : outQuantity(row))
    return [{ lineId, warehouse, quantity: here }, ...(quantity > here ? [{ lineId, quantity: quantity - here }] : [])]
  })
}

// Pieces that are named twice are one quantity, so that no line gives more than it has; those that name a warehouse are
// served first, so that the rest takes what is left.
const takeFrom = (
  state: ReservationState,
  wanted: readonly WantedPieces[],
  leftOf: (line: ReservedLine) => number,
  last: readonly WarehousePieces[] = [],
): Result<readonly WarehousePieces[], ReservationError> => {
  const rows = state.status === 'absent' ? [] : state.lines
  const left = new Map(rows.map((row) => [row.allocationId, leftOf(row)]))
  const taken = new Map<string, WarehousePieces>()
  for (const { lineId, warehouse, quantity: asked } of mergePieces(wanted)) {
    const ofLine = rows.filter((row) => row.lineId === lineId)
    if (ofLine.length === 0) return err({ type: 'ReservationLineUnknown', lineId })
    const givers = warehouse === undefined ? ofLine : ofLine.filter((row) => row.warehouse === warehouse)
    const has = givers.reduce((sum, row) => sum + (left.get(row.allocationId) ?? 0), 0)
    if (asked > has) return err({ type: 'ReservationTooSmall', lineId, asked, left: has })
    let rest = asked
    const kept = warehouse === undefined ? last : []
    const inTurn = [
      ...givers.map((row) => ({ row, most: (left.get(row.allocationId) ?? 0) - quantityAt(kept, row) })),
      ...givers.map((row) => ({ row, most: asked })),
    ]
    for (const { row, most } of inTurn) {
      const here = left.get(row.allocationId) ?? 0
      const given = Math.min(rest, here, most)
      if (given <= 0) continue
      rest -= given
      left.set(row.allocationId, here - given)
      const before = taken.get(row.allocationId)?.quantity ?? 0
      taken.set(row.allocationId, { lineId, warehouse: row.warehouse, quantity: before + given })
    }
  }
  return ok([...taken.values()])
}

const mergePieces = (wanted: readonly WantedPieces[]): readonly WantedPieces[] => {
  const merged = new Map<string, WantedPieces>()
  const named = wanted.filter((each) => each.warehouse !== undefined)
  for (const each of [...named, ...wanted.filter((other) => other.warehouse === undefined)]) {
    const id = allocationId(each.lineId, each.warehouse ?? '')
    merged.set(id, { ...each, quantity: (merged.get(id)?.quantity ?? 0) + each.quantity })
  }
  return [...merged.values()]
}

const sumOf = (lines: readonly LineQuantity[]): number => lines.reduce((sum, { quantity }) => sum + quantity, 0)

const quantityAt = (pieces: readonly WarehousePieces[], row: ReservedLine): number =>
  sumOf(pieces.filter(({ lineId, warehouse }) => allocationId(lineId, warehouse) === row.allocationId))

const mergeLines = (lines: readonly AllocatedLine[]): readonly AllocatedLine[] => {
  const merged = new Map<string, AllocatedLine>()
  for (const line of lines) {
    const id = allocationId(line.lineId, line.warehouse)
    merged.set(id, { ...line, quantity: (merged.get(id)?.quantity ?? 0) + line.quantity })
  }
  return [...merged.values()]
}

const evolve = (state: ReservationState, event: ReservationEvent): ReservationState => {
  switch (event.type) {
    case 'StockReserved':
      return {
        status: 'reserved',
        orderId: event.orderId,
        accountId: event.accountId,
        until: event.until,
        lines: event.lines.map(untouched),
      }
    case 'StockKeptLonger':
      return state.status === 'reserved' ? { ...state, until: event.until } : state
    case 'StockExtended':
      return state.status === 'absent' ? state : withMore(state, extended(state.lines, event.lines), event.at)
    case 'StockAllocated':
      if (state.status === 'absent') return state
      return { ...factsOf(state), status: 'allocated', allocatedAt: event.at }
    case 'StockDivided':
      if (state.status === 'absent') return state
      return { ...factsOf(state), status: 'divided', dividedAt: event.at }
    case 'StockShipped':
      return state.status === 'absent'
        ? state
        : settle(state, addTo(state.lines, 'shippedQuantity', event.lines), event.at)
    case 'StockReleased':
      return state.status === 'absent'
        ? state
        : settle(state, addTo(state.lines, 'releasedQuantity', event.lines), event.at)
    case 'StockTakenBack':
      return state.status === 'absent'
        ? state
        : settle(state, addTo(state.lines, 'returnedQuantity', event.lines), event.at)
  }
}

const untouched = (line: AllocatedLine): ReservedLine => ({
  allocationId: allocationId(line.lineId, line.warehouse),
  ...line,
  shippedQuantity: 0,
  releasedQuantity: 0,
  returnedQuantity: 0,
})

const extended = (rows: readonly ReservedLine[], more: readonly AllocatedLine[]): readonly ReservedLine[] => {
  const added = more.map(untouched)
  const grown = rows.map((row) => {
    const quantity = sumOf(added.filter((each) => each.allocationId === row.allocationId))
    return quantity === 0 ? row : { ...row, quantity: row.quantity + quantity }
  })
  return [...grown, ...added.filter((each) => !rows.some((row) => row.allocationId === each.allocationId))]
}

// What had left all, or come back all, is to be sent once more.
const withMore = (state: Reservation, lines: readonly ReservedLine[], at: number): Reservation =>
  state.status === 'shipped' || state.status === 'returned'
    ? { ...factsOf(state), lines, status: 'allocated', allocatedAt: at }
    : { ...state, lines }

/** Where a reservation stands with these lines: by what is still here, what is out, and what had ever left. */
const settle = (state: Reservation, lines: readonly ReservedLine[], at: number): Reservation => {
  const facts = { ...factsOf(state), lines }
  if (heldLines(lines).length > 0) return { ...state, lines }
  if (lines.some((line) => outQuantity(line) > 0)) {
    return { ...facts, status: 'shipped', shippedAt: state.status === 'shipped' ? state.shippedAt : at }
  }
  return lines.some((line) => line.shippedQuantity > 0)
    ? { ...facts, status: 'returned', returnedAt: at }
    : { ...facts, status: 'released', releasedAt: at }
}

const factsOf = ({ orderId, accountId, lines }: Reservation) => ({ orderId, accountId, lines })

const addTo = (
  lines: readonly ReservedLine[],
  field: 'shippedQuantity' | 'releasedQuantity' | 'returnedQuantity',
  moved: readonly WarehousePieces[],
): readonly ReservedLine[] =>
  lines.map((line) => {
    const quantity = quantityAt(moved, line)
    return quantity === 0 ? line : { ...line, [field]: line[field] + quantity }
  })

/** The life of a reservation. */
export const reservationMachine: Decider<ReservationState, ReservationCommand, ReservationEvent, ReservationError> = {
  initial: { status: 'absent' },
  decide,
  evolve,
}
