import { err, ok, Result } from 'neverthrow'
import { partsOf } from '../catalog/stock-source.js'
import { adjust, append, type Change, put } from '../shared/commit.js'
import { type Decided, decideNext } from '../shared/decider.js'
import type { Instant } from '../shared/instant.js'
import type { Stored } from '../shared/read-plan.js'
import { allocateLines, type FreeStock, findMissing, type WantedLine } from './allocate-lines.js'
import { reservations, stockMovements } from './inventory.schema.js'
import {
  allocationId,
  type Reservation,
  type ReservationError,
  type ReservationEvent,
  type ReservedLine,
  type WantedPieces,
  type WarehousePieces,
} from './reservation.js'
import { heldLines, heldQuantity, type ReservationState, reservationMachine } from './reservation-machine.js'
import {
  type OutOfStock,
  placeCounters,
  placeId,
  type StockLevels,
  type StockMovement,
  type StockPlace,
  stockCounters,
  stockId,
} from './stock.js'

/** Changes of stock for one commit, and the pieces they moved. */
export type MovedStock = { readonly changes: readonly Change[]; readonly pieces: readonly WarehousePieces[] }

/**
 * Sets pieces aside for an order, each line where `allocateLines` finds them.
 *
 * @param free - by `stockId`; a missing counter is none
 * @returns the reservation, the counters' moves and the movements, all for one commit
 * @errors OutOfStock naming every line that cannot be had
 */
export const reserveStock = (
  free: FreeStock,
  order: {
    readonly orderId: string
    readonly accountId: string
    readonly lines: readonly WantedLine[]
    /** In order of preference. */
    readonly warehouses: readonly string[]
    readonly until: Instant
    readonly at: Instant
    /** Paid already: the pieces are the buyer's at once. */
    readonly allocate?: boolean
    /** The order's reservation, where it gave everything back before and its pieces are set aside once more. */
    readonly again?: Stored<Reservation>
    /** The orders that they go to, where it is paid and divided at once. */
    readonly divideInto?: readonly ReservationPart[]
  },
): Result<readonly Change[], OutOfStock | ReservationError> => {
  const missing = findMissing(free, order.warehouses, order.lines)
  if (missing.length > 0) return err({ type: 'OutOfStock', lines: missing })
  const { orderId, accountId, until, at, again } = order
  const lines = allocateLines(free, order.warehouses, order.lines)
  return decideNext(reservationMachine, again?.state ?? reservationMachine.initial, {
    type: 'Reserve',
    orderId,
    accountId,
    lines,
    until,
  })
    .andThen((reserved) =>
      order.allocate === true
        ? allocateAll(reserved.state, at, order.divideInto).map((allocated) => ({
            ...allocated,
            events: [...reserved.events, ...allocated.events],
          }))
        : ok({ ...reserved, given: [] }),
    )
    .map(({ given, ...decided }) => {
      const rows = decided.state.status === 'absent' ? [] : decided.state.lines
      const all = heldLines(rows)
      const move = { reference: orderId, at }
      const step = again === undefined ? orderId : `${orderId}:again`
      const ordered: Move = { ...move, from: 'available', to: 'reserved', reason: 'ordered', id: `${step}:ordered` }
      const paid: Move = { ...move, from: 'reserved', to: 'allocated', reason: 'paid', id: `${step}:paid` }
      return [
        putReservation(orderId, again?.version ?? 0, decided),
        ...given,
        ...moveRows(rows, all, ordered),
        ...(order.allocate === true ? moveRows(rows, all, paid) : []),
      ]
    })
}

/**
 * Makes an order's pieces the buyer's: it is paid.
 *
 * @param divideInto - the orders that they go to, where it is divided; they stay its own when absent
 * @errors ReservationError
 */
export const allocateStock = (
  stored: Stored<Reservation>,
  at: Instant,
  divideInto?: readonly ReservationPart[],
): Result<readonly Change[], ReservationError> =>
  allocateAll(stored.state, at, divideInto).map(({ given, ...decided }) => [
    putReservation(stored.id, stored.version, decided),
    ...given,
    ...moveRows(stored.state.lines, heldLines(stored.state.lines), {
      from: 'reserved',
      to: 'allocated',
      reason: 'paid',
      reference: stored.id,
      id: `${stored.id}:paid`,
      at,
    }),
  ])

/**
 * Sets more pieces aside for an order; of one that is paid they are the buyer's at once.
 *
 * @errors OutOfStock naming every line that cannot be had; ReservationError
 */
export const reserveMore = (
  free: FreeStock,
  stored: Stored<Reservation>,
  more: {
    readonly lines: readonly WantedLine[]
    /** In order of preference. */
    readonly warehouses: readonly string[]
    /** What it is done for, unique for each such step of an order. */
    readonly reference: string
    readonly at: Instant
  },
): Result<readonly Change[], OutOfStock | ReservationError> => {
  const { warehouses, reference, at } = more
  const missing = findMissing(free, warehouses, more.lines)
  if (missing.length > 0) return err({ type: 'OutOfStock', lines: missing })
  const lines = allocateLines(free, warehouses, more.lines)
  return decideNext(reservationMachine, stored.state, { type: 'Extend', lines, at }).map((decided) => {
    const rows = decided.state.status === 'absent' ? [] : decided.state.lines
    const move = { reference: stored.id, at }
    const ordered: Move = { ...move, from: 'available', to: 'reserved', reason: 'ordered', id: `${reference}:ordered` }
    const paid: Move = { ...move, from: 'reserved', to: 'allocated', reason: 'paid', id: `${reference}:paid` }
    return [
      putReservation(stored.id, stored.version, decided),
      ...moveRows(rows, lines, ordered),
      ...(decided.state.status === 'allocated' ? moveRows(rows, lines, paid) : []),
    ]
  })
}

/**
 * Hands pieces that were set aside for a change of an order over to the order itself.
 *
 * @param aside - what was set aside; nothing is left of it
 * @errors ReservationError
 */
export const handOverStock = (
  stored: Stored<Reservation>,
  aside: Stored<Reservation>,
  at: Instant,
): Result<readonly Change[], ReservationError> => {
  const reference = aside.id
  const lines = aside.state.lines.map(({ lineId, sku, parts, warehouse, quantity }) => ({
    lineId,
    sku,
    warehouse,
    quantity,
    ...(parts === undefined ? {} : { parts }),
  }))
  const handed = heldLines(aside.state.lines)
  return releaseStock(aside, { reference, at }).andThen((released) =>
    decideNext(reservationMachine, stored.state, { type: 'Extend', lines, at }).map((decided) => {
      const rows = decided.state.status === 'absent' ? [] : decided.state.lines
      const move = { reference: stored.id, at }
      return [
        ...released,
        putReservation(stored.id, stored.version, decided),
        ...moveRows(rows, handed, {
          ...move,
          from: 'available',
          to: 'reserved',
          reason: 'ordered',
          id: `${reference}:handed:ordered`,
        }),
        ...moveRows(rows, handed, {
          ...move,
          from: 'reserved',
          to: 'allocated',
          reason: 'paid',
          id: `${reference}:handed:paid`,
        }),
      ]
    }),
  )
}

/**
 * Keeps what is set aside for longer: its order may be paid later than was thought. No piece moves.
 *
 * @errors ReservationError
 */
export const keepStock = (
  stored: Stored<Reservation>,
  until: Instant,
  at: Instant,
): Result<readonly Change[], ReservationError> =>
  decideNext(reservationMachine, stored.state, { type: 'KeepLonger', until, at }).map(
    (decided) => written(stored, decided, null).changes,
  )

/** One of the orders that an order is divided into, and the lines that go to it. */
export type ReservationPart = { readonly orderId: string; readonly lineIds: readonly string[] }

/** What is held becomes the buyer's, and what is given to the reservations of other orders. */
const allocateAll = (
  state: ReservationState,
  at: Instant,
  divideInto: readonly ReservationPart[] | undefined,
): Result<Decided<ReservationState, ReservationEvent> & { readonly given: readonly Change[] }, ReservationError> =>
  decideNext(reservationMachine, state, { type: 'Allocate', at }).andThen((allocated) => {
    if (divideInto === undefined || allocated.state.status === 'absent') return ok({ ...allocated, given: [] })
    const { accountId, lines } = allocated.state
    const orderIds = divideInto.map(({ orderId }) => orderId)
    return decideNext(reservationMachine, allocated.state, { type: 'Divide', orderIds, at }).andThen((divided) =>
      Result.combine(divideInto.map((part) => beginPart(part, { accountId, lines, at }))).map((given) => ({
        state: divided.state,
        events: [...allocated.events, ...divided.events],
        given,
      })),
    )
  })

const beginPart = (
  { orderId, lineIds }: ReservationPart,
  whole: { readonly accountId: string; readonly lines: readonly ReservedLine[]; readonly at: Instant },
): Result<Change, ReservationError> => {
  const { accountId, at } = whole
  const lines = whole.lines
    .filter((line) => lineIds.includes(line.lineId) && heldQuantity(line) > 0)
    .map((line) => ({
      lineId: line.lineId,
      sku: line.sku,
      warehouse: line.warehouse,
      quantity: heldQuantity(line),
      ...(line.parts === undefined ? {} : { parts: line.parts }),
    }))
  const reserve = { type: 'Reserve', orderId, accountId, lines, until: at } as const
  return decideNext(reservationMachine, reservationMachine.initial, reserve).andThen((reserved) =>
    decideNext(reservationMachine, reserved.state, { type: 'Allocate', at }).map((allocated) =>
      putReservation(orderId, 0, { state: allocated.state, events: [...reserved.events, ...allocated.events] }),
    ),
  )
}

/**
 * Gives pieces back to the shelf that have not left.
 *
 * @errors ReservationError
 */
export const releaseStock = (
  stored: Stored<Reservation>,
  release: {
    /** All that is still held when left out. */
    readonly lines?: readonly WantedPieces[]
    /** What it is done for, unique for each such step of an order. */
    readonly reference: string
    readonly at: Instant
  },
): Result<readonly Change[], ReservationError> => {
  const lines = release.lines ?? heldLines(stored.state.lines)
  return decideNext(reservationMachine, stored.state, { type: 'Release', lines, at: release.at }).map(
    (decided) =>
      written(stored, decided, {
        from: stored.state.status === 'reserved' ? 'reserved' : 'allocated',
        to: 'available',
        reason: 'released',
        reference: release.reference,
        // An order that came back may give its pieces back a second time, then paid.
        id: `${release.reference}:${stored.state.status === 'reserved' ? 'released' : 'givenBack'}`,
        at: release.at,
      }).changes,
  )
}

/**
 * Lets pieces leave for the buyer, and, where it is told so, gives others back to the shelf at once.
 *
 * @returns the pieces that leave
 * @errors ReservationError
 */
export const shipStock = (
  stored: Stored<Reservation>,
  shipment: {
    readonly lines: readonly WantedPieces[]
    /** The parcel they leave in. */
    readonly reference: string
    readonly at: Instant
    /** What does not leave any more, and what that is done for, unique for each such step of an order. */
    readonly release?: { readonly lines: readonly WantedPieces[]; readonly reference: string }
  },
): Result<MovedStock, ReservationError> => {
  const { lines, reference, at, release } = shipment
  const shippedAs = { to: 'shipped', reason: 'shipped', reference, id: `${reference}:shipped` } as const
  return decideNext(reservationMachine, stored.state, { type: 'Ship', lines, at }).andThen((shipped) => {
    const left = written(stored, shipped, { from: 'allocated', ...shippedAs, at })
    if (release === undefined) return ok(left)
    const releasedAs = { to: 'available', reason: 'released', reference: release.reference } as const
    const id = `${release.reference}:givenBack`
    return decideNext(reservationMachine, shipped.state, { type: 'Release', lines: release.lines, at }).map(
      ({ state, events }) => ({
        pieces: left.pieces,
        changes: [
          putReservation(stored.id, stored.version, { state, events: [...shipped.events, ...events] }),
          ...moveRows(stored.state.lines, left.pieces, { from: 'allocated', ...shippedAs, at }),
          ...moveRows(stored.state.lines, piecesIn(events), { from: 'allocated', ...releasedAs, id, at }),
        ],
      }),
    )
  })
}

/** Adds movements up: what stands in each place. */
export const sumMovements = (movements: readonly StockMovement[]): StockLevels => {
  const levels = { outside: 0, available: 0, reserved: 0, allocated: 0, shipped: 0, quarantined: 0, scrapped: 0 }
  for (const { from, to, quantity } of movements) {
    levels[from] -= quantity
    levels[to] += quantity
  }
  return levels
}

type Move = Pick<StockMovement, 'from' | 'to' | 'reason' | 'reference' | 'at'> & { readonly id: string }

/** One movement, and the moves of the counters that keep the levels of both its places. */
export const moveLine = (
  line: { readonly sku: string; readonly warehouse: string },
  quantity: number,
  { id, ...move }: Move,
): readonly Change[] => {
  if (quantity === 0) return []
  const movement: StockMovement = { sku: line.sku, warehouse: line.warehouse, quantity, ...move }
  return [
    ...adjustPlace(line, move.from, -quantity),
    ...adjustPlace(line, move.to, quantity),
    append(stockMovements, { id, body: movement }),
  ]
}

const adjustPlace = (
  { sku, warehouse }: { readonly sku: string; readonly warehouse: string },
  place: StockPlace,
  by: number,
): readonly Change[] => {
  if (place === 'outside') return []
  return [
    place === 'available'
      ? adjust(stockCounters, { id: stockId(sku, warehouse), by })
      : adjust(placeCounters, { id: placeId(sku, warehouse, place), by }),
  ]
}

const moveRows = (rows: readonly ReservedLine[], pieces: readonly WarehousePieces[], move: Move): readonly Change[] =>
  pieces.flatMap(({ lineId, warehouse, quantity }) => {
    const row = rows.find((each) => each.allocationId === allocationId(lineId, warehouse))
    if (row === undefined) return []
    const id = `${move.id}:${row.allocationId}`
    return partsOf(row).flatMap((part) =>
      moveLine({ sku: part.sku, warehouse: row.warehouse }, quantity * part.quantity, {
        ...move,
        id: row.parts === undefined ? id : `${id}:${part.sku}`,
      }),
    )
  })

/** What a decision comes to: the reservation as it stands, and the movement of the pieces that its events name. */
export const written = (
  stored: Stored<Reservation>,
  decided: Decided<ReservationState, ReservationEvent>,
  move: Move | null,
): MovedStock => {
  if (decided.events.length === 0) return { changes: [], pieces: [] }
  const pieces = piecesIn(decided.events)
  const moved = move === null ? [] : moveRows(stored.state.lines, pieces, move)
  return { changes: [putReservation(stored.id, stored.version, decided), ...moved], pieces }
}

const piecesIn = (events: readonly ReservationEvent[]): readonly WarehousePieces[] =>
  events.flatMap((event) => ('lines' in event && event.type !== 'StockReserved' ? event.lines : []))

const putReservation = (
  id: string,
  version: number,
  { state, events }: Decided<ReservationState, ReservationEvent>,
): Change => put<ReservationState>(reservations, { id, version, state, events })
