import { err, ok, type Result } from 'neverthrow'
import { adjust, append, type Change, put } from '../shared/commit.js'
import { type Decided, decideNext } from '../shared/decider.js'
import type { Instant } from '../shared/instant.js'
import type { Stored } from '../shared/read-plan.js'
import { reservations, stockMovements } from './inventory.schema.js'
import type { LineQuantity, Reservation, ReservationError, ReservationEvent } from './reservation.js'
import { heldLines, type ReservationState, reservationMachine } from './reservation-machine.js'
import { type OutOfStock, type StockLevels, type StockMovement, stockCounters, stockId } from './stock.js'

/** What an order wants of the stock. */
export type WantedLine = {
  readonly lineId: string
  readonly sku: string
  readonly warehouse: string
  readonly quantity: number
}

/**
 * Sets pieces aside for an order: two lines of one SKU are counted together.
 *
 * @param available - free pieces by `stockId`; a missing counter is none
 * @returns the reservation, the counters' moves and the movements, all for one commit
 * @errors OutOfStock naming every line that cannot be had
 */
export const reserveStock = (
  available: ReadonlyMap<string, number>,
  order: {
    readonly orderId: string
    readonly accountId: string
    readonly lines: readonly WantedLine[]
    readonly until: Instant
    readonly at: Instant
    /** Paid already: the pieces are the buyer's at once. */
    readonly allocate?: boolean
  },
): Result<readonly Change[], OutOfStock | ReservationError> => {
  const missing = findMissing(available, order.lines)
  if (missing.length > 0) return err({ type: 'OutOfStock', lines: missing })
  const { orderId, accountId, lines, until, at } = order
  return decideNext(reservationMachine, reservationMachine.initial, {
    type: 'Reserve',
    orderId,
    accountId,
    lines,
    until,
  })
    .andThen((reserved) =>
      order.allocate === true
        ? decideNext(reservationMachine, reserved.state, { type: 'Allocate', at }).map((allocated) => ({
            state: allocated.state,
            events: [...reserved.events, ...allocated.events],
          }))
        : ok(reserved),
    )
    .map((decided) => [
      putReservation(orderId, 0, decided),
      ...lines.flatMap((line) => {
        const id = (reason: string): string => `${orderId}:${reason}:${line.lineId}`
        const move = { reference: orderId, at }
        return [
          ...moveLine(line, line.quantity, {
            ...move,
            from: 'available',
            to: 'reserved',
            reason: 'ordered',
            id: id('ordered'),
          }),
          ...(order.allocate === true
            ? moveLine(line, line.quantity, {
                ...move,
                from: 'reserved',
                to: 'allocated',
                reason: 'paid',
                id: id('paid'),
              })
            : []),
        ]
      }),
    ])
}

/**
 * The lines that cannot be had: of each SKU, all its lines together must be free.
 *
 * @param available - free pieces by `stockId`
 */
export const findMissing = (
  available: ReadonlyMap<string, number>,
  lines: readonly WantedLine[],
): OutOfStock['lines'] => {
  const wanted = new Map<string, number>()
  for (const line of lines) {
    const id = stockId(line.sku, line.warehouse)
    wanted.set(id, (wanted.get(id) ?? 0) + line.quantity)
  }
  return lines.flatMap((line) => {
    const id = stockId(line.sku, line.warehouse)
    const free = available.get(id) ?? 0
    return (wanted.get(id) ?? 0) > free
      ? [{ lineId: line.lineId, sku: line.sku, wanted: line.quantity, available: free }]
      : []
  })
}

/**
 * Makes an order's pieces the buyer's: it is paid.
 *
 * @errors ReservationError
 */
export const allocateStock = (stored: Stored<Reservation>, at: Instant): Result<readonly Change[], ReservationError> =>
  decideNext(reservationMachine, stored.state, { type: 'Allocate', at }).map((decided) => [
    putReservation(stored.id, stored.version, decided),
    ...moveHeld(stored, heldLines(stored.state.lines), {
      from: 'reserved',
      to: 'allocated',
      reason: 'paid',
      reference: stored.id,
      id: `${stored.id}:paid`,
      at,
    }),
  ])

/**
 * Gives pieces back to the shelf that have not left.
 *
 * @errors ReservationError
 */
export const releaseStock = (
  stored: Stored<Reservation>,
  release: {
    /** All that is still held when left out. */
    readonly lines?: readonly LineQuantity[]
    /** What it is done for, unique for each such step of an order. */
    readonly reference: string
    readonly at: Instant
  },
): Result<readonly Change[], ReservationError> => {
  const lines = release.lines ?? heldLines(stored.state.lines)
  return decideNext(reservationMachine, stored.state, { type: 'Release', lines, at: release.at }).map((decided) =>
    decided.events.length === 0
      ? []
      : [
          putReservation(stored.id, stored.version, decided),
          ...moveHeld(stored, lines, {
            from: stored.state.status === 'reserved' ? 'reserved' : 'allocated',
            to: 'available',
            reason: 'released',
            reference: release.reference,
            id: `${release.reference}:released`,
            at: release.at,
          }),
        ],
  )
}

/**
 * Lets pieces leave for the buyer.
 *
 * @errors ReservationError
 */
export const shipStock = (
  stored: Stored<Reservation>,
  shipment: {
    readonly lines: readonly LineQuantity[]
    /** The parcel they leave in. */
    readonly reference: string
    readonly at: Instant
  },
): Result<readonly Change[], ReservationError> =>
  decideNext(reservationMachine, stored.state, { type: 'Ship', lines: shipment.lines, at: shipment.at }).map(
    (decided) => [
      putReservation(stored.id, stored.version, decided),
      ...moveHeld(stored, shipment.lines, {
        from: 'allocated',
        to: 'shipped',
        reason: 'shipped',
        reference: shipment.reference,
        id: `${shipment.reference}:shipped`,
        at: shipment.at,
      }),
    ],
  )

/** Where pieces that came back go. */
export type ReturnedPieces = {
  readonly lineId: string
  readonly sku: string
  readonly warehouse: string
  /** Good enough to sell again. */
  readonly restockQuantity: number
  /** Written off. */
  readonly scrapQuantity: number
}

/** Takes pieces back that had left: to the shelf or off the books. */
export const takeBackStock = (
  pieces: readonly ReturnedPieces[],
  back: { readonly reference: string; readonly reason: 'returned' | 'lost'; readonly at: Instant },
): readonly Change[] =>
  pieces.flatMap((line) => [
    ...moveLine(line, line.restockQuantity, {
      from: 'shipped',
      to: 'available',
      reason: back.reason,
      reference: back.reference,
      id: `${back.reference}:restocked:${line.lineId}`,
      at: back.at,
    }),
    ...moveLine(line, line.scrapQuantity, {
      from: 'shipped',
      to: 'scrapped',
      reason: back.reason,
      reference: back.reference,
      id: `${back.reference}:scrapped:${line.lineId}`,
      at: back.at,
    }),
  ])

/** Adds movements up: what stands in each place. */
export const sumMovements = (movements: readonly StockMovement[]): StockLevels => {
  const levels = { outside: 0, available: 0, reserved: 0, allocated: 0, shipped: 0, scrapped: 0 }
  for (const { from, to, quantity } of movements) {
    levels[from] -= quantity
    levels[to] += quantity
  }
  return levels
}

type Move = Pick<StockMovement, 'from' | 'to' | 'reason' | 'reference' | 'at'> & { readonly id: string }

/** One movement and, where it leaves or reaches the shelf, the move of the counter that keeps it. */
export const moveLine = (
  line: { readonly sku: string; readonly warehouse: string },
  quantity: number,
  { id, ...move }: Move,
): readonly Change[] => {
  if (quantity === 0) return []
  const by = (move.to === 'available' ? quantity : 0) - (move.from === 'available' ? quantity : 0)
  const movement: StockMovement = { sku: line.sku, warehouse: line.warehouse, quantity, ...move }
  return [
    ...(by === 0 ? [] : [adjust(stockCounters, { id: stockId(line.sku, line.warehouse), by })]),
    append(stockMovements, { id, body: movement }),
  ]
}

const moveHeld = (stored: Stored<Reservation>, lines: readonly LineQuantity[], move: Move): readonly Change[] =>
  stored.state.lines.flatMap((line) => {
    const quantity = lines.filter((each) => each.lineId === line.lineId).reduce((sum, each) => sum + each.quantity, 0)
    return moveLine(line, quantity, { ...move, id: `${move.id}:${line.lineId}` })
  })

const putReservation = (
  id: string,
  version: number,
  { state, events }: Decided<ReservationState, ReservationEvent>,
): Change => put<ReservationState>(reservations, { id, version, state, events })
