import { err, type Result } from 'neverthrow'
import type { KitPart } from '../catalog/product.js'
import { partsOf } from '../catalog/stock-source.js'
import type { Change } from '../shared/commit.js'
import { decideNext } from '../shared/decider.js'
import type { Instant } from '../shared/instant.js'
import type { Stored } from '../shared/read-plan.js'
import { moveLine, written } from './move-stock.js'
import {
  allocationId,
  type Reservation,
  type ReservationError,
  type ReservedLine,
  type WarehousePieces,
} from './reservation.js'
import { outQuantity, reservationMachine } from './reservation-machine.js'

/** Pieces that are no longer with the buyer, nor on the way there. */
export type ReturnedPieces = {
  readonly lineId: string
  /** The warehouse they left from; whichever sent the first when absent, and for what that one has not out any more. */
  readonly warehouse?: string
  /** Good enough to sell again. */
  readonly restockQuantity: number
  /** Not sold before somebody has decided what they are good for; none when absent. */
  readonly quarantineQuantity?: number
  /** Written off. */
  readonly scrapQuantity: number
  /** Of a kit: how many pieces of its parts are good enough. As the whole kits when absent. */
  readonly restockParts?: readonly KitPart[]
  /**
   * Of a kit: how many pieces of its parts somebody has to decide on; those named in neither are written off. As the whole
   * kits when absent.
   */
  readonly quarantineParts?: readonly KitPart[]
}

/**
 * Takes pieces back that had left, to the shelf that they came from, into quarantine beside it or off the books.
 *
 * @errors ReservationTooSmall when more come back than are out
 */
export const takeBackStock = (
  stored: Stored<Reservation>,
  back: {
    readonly pieces: readonly ReturnedPieces[]
    readonly reference: string
    readonly reason: 'returned' | 'lost'
    /** Pieces that are under way still, which are not these as far as others are out; none when absent. */
    readonly underway?: readonly WarehousePieces[]
    readonly at: Instant
  },
): Result<readonly Change[], ReservationError> => {
  const { pieces, reference, reason, underway = [], at } = back
  const lines = pieces.map((each) => ({
    lineId: each.lineId,
    ...(each.warehouse === undefined ? {} : { warehouse: each.warehouse }),
    quantity: totalOf(each),
  }))
  const beyond = findBeyondKit(stored.state, pieces)
  if (beyond !== undefined) return err(beyond)
  return decideNext(reservationMachine, stored.state, { type: 'TakeBack', lines, underway, at }).map((decided) => {
    const { changes, pieces: taken } = written(stored, decided, null)
    const move = { from: 'shipped', reason, reference, at } as const
    const dealt = dealOut(stored.state, pieces, taken)
    return [
      ...changes,
      ...taken.flatMap(({ lineId, warehouse }) => {
        const row = stored.state.lines.find((each) => each.allocationId === allocationId(lineId, warehouse))
        return row === undefined
          ? []
          : partsOf(row).flatMap(({ sku }) =>
              outcomes.flatMap(({ to, called }) => {
                const of = row.parts === undefined ? row.allocationId : `${row.allocationId}:${sku}`
                const quantity = dealt.get(dealId(row.allocationId, sku, to)) ?? 0
                return moveLine({ sku, warehouse }, quantity, { ...move, to, id: `${reference}:${called}:${of}` })
              }),
            )
      }),
    ]
  })
}

/** Of pieces that come back, those that are out: what came back otherwise meanwhile is in the stock already. */
export const stillOut = (
  lines: readonly ReservedLine[],
  pieces: readonly ReturnedPieces[],
): readonly ReturnedPieces[] => {
  const out = new Map<string, number>()
  for (const line of lines) out.set(line.lineId, (out.get(line.lineId) ?? 0) + outQuantity(line))
  return pieces.flatMap((each) => {
    let left = out.get(each.lineId) ?? 0
    const within = (quantity: number): number => {
      const taken = Math.min(quantity, left)
      left -= taken
      return taken
    }
    const scrapQuantity = within(each.scrapQuantity)
    const quarantineQuantity = within(each.quarantineQuantity ?? 0)
    const restockQuantity = within(each.restockQuantity)
    out.set(each.lineId, left)
    const cut = { ...each, scrapQuantity, quarantineQuantity, restockQuantity }
    if (totalOf(cut) === totalOf(each)) return [each]
    return totalOf(cut) === 0 ? [] : [{ ...cut, ...partsWithin(lines, cut) }]
  })
}

// Of fewer kits there are no more parts than they have.
const partsWithin = (
  lines: readonly ReservedLine[],
  pieces: ReturnedPieces,
): Pick<ReturnedPieces, 'restockParts' | 'quarantineParts'> => {
  const { lineId, restockParts, quarantineParts } = pieces
  const kit = lines.find((each) => each.lineId === lineId)?.parts ?? []
  const left = new Map(kit.map(({ sku, quantity }) => [sku, quantity * totalOf(pieces)]))
  const within = (parts: readonly KitPart[]): readonly KitPart[] =>
    parts.map(({ sku, quantity }) => {
      const taken = Math.min(quantity, left.get(sku) ?? 0)
      left.set(sku, (left.get(sku) ?? 0) - taken)
      return { sku, quantity: taken }
    })
  return {
    ...(quarantineParts === undefined ? {} : { quarantineParts: within(quarantineParts) }),
    ...(restockParts === undefined ? {} : { restockParts: within(restockParts) }),
  }
}

const totalOf = ({ restockQuantity, quarantineQuantity = 0, scrapQuantity }: ReturnedPieces): number =>
  restockQuantity + quarantineQuantity + scrapQuantity

// In the order in which they are dealt out.
const outcomes = [
  { to: 'available', called: 'restocked' },
  { to: 'quarantined', called: 'quarantined' },
  { to: 'scrapped', called: 'scrapped' },
] as const

type KeptPlace = 'available' | 'quarantined'

const dealId = (allocation: string, sku: string, to: KeptPlace | 'scrapped') => `${to} ${allocation} ${sku}`

/**
 * Deals pieces out to the rows of the reservation that they are taken of: to the warehouse that is named first, and what it
 * had not out to the rows of the line that gave in its place.
 */
const dealOut = (
  reservation: Reservation,
  pieces: readonly ReturnedPieces[],
  taken: readonly WarehousePieces[],
): ReadonlyMap<string, number> => {
  const lots = outcomes.flatMap(({ to }) =>
    pieces.flatMap((each) =>
      partsGoing(reservation, each, to).map(({ sku, quantity }) => ({ ...each, sku, to, left: quantity })),
    ),
  )
  const rows = taken.flatMap(({ lineId, warehouse, quantity }) => {
    const row = reservation.lines.find((each) => each.allocationId === allocationId(lineId, warehouse))
    return row === undefined ? [] : partsOf(row).map((part) => ({ row, sku: part.sku, left: quantity * part.quantity }))
  })
  const dealt = new Map<string, number>()
  for (const first of [true, false]) {
    for (const place of rows) {
      for (const lot of lots) {
        if (lot.lineId !== place.row.lineId || lot.sku !== place.sku) continue
        if (first && lot.warehouse !== place.row.warehouse) continue
        const given = Math.min(place.left, lot.left)
        place.left -= given
        lot.left -= given
        const id = dealId(place.row.allocationId, lot.sku, lot.to)
        dealt.set(id, (dealt.get(id) ?? 0) + given)
      }
    }
  }
  return dealt
}

// What is kept of no part of a kit is written off.
const partsGoing = (
  reservation: Reservation,
  pieces: ReturnedPieces,
  to: KeptPlace | 'scrapped',
): readonly KitPart[] => {
  if (to !== 'scrapped') return keptParts(reservation, pieces, to)
  const row = reservation.lines.find((each) => each.lineId === pieces.lineId)
  const kept = keptOf(reservation, pieces)
  return (row === undefined ? [] : partsOf(row)).map((part) => ({
    sku: part.sku,
    quantity: kept.reduce(
      (left, { sku, quantity }) => (sku === part.sku ? left - quantity : left),
      totalOf(pieces) * part.quantity,
    ),
  }))
}

/** More parts are named than the kits that came back have. */
const findBeyondKit = (
  reservation: Reservation,
  pieces: readonly ReturnedPieces[],
): Extract<ReservationError, { type: 'ReservationTooSmall' }> | undefined => {
  for (const each of pieces) {
    const { lineId, restockParts = [], quarantineParts = [] } = each
    const row = reservation.lines.find((line) => line.lineId === lineId)
    for (const { sku } of [...restockParts, ...quarantineParts]) {
      const named = row?.parts === undefined ? [...restockParts, ...quarantineParts] : keptOf(reservation, each)
      const asked = named.reduce((sum, part) => (part.sku === sku ? sum + part.quantity : sum), 0)
      const left = (row?.parts?.find((part) => part.sku === sku)?.quantity ?? 0) * totalOf(each)
      if (asked > left) return { type: 'ReservationTooSmall', lineId, asked, left }
    }
  }
  return undefined
}

const keptOf = (reservation: Reservation, pieces: ReturnedPieces): readonly KitPart[] => [
  ...keptParts(reservation, pieces, 'available'),
  ...keptParts(reservation, pieces, 'quarantined'),
]

/** The pieces that go back to the shelf or into quarantine, by the SKU that their stock is kept under. */
const keptParts = ({ lines }: Reservation, pieces: ReturnedPieces, place: KeptPlace): readonly KitPart[] => {
  const { lineId, restockQuantity, quarantineQuantity = 0, restockParts, quarantineParts } = pieces
  const row = lines.find((each) => each.lineId === lineId)
  if (row === undefined) return []
  const [whole, named] = place === 'available' ? [restockQuantity, restockParts] : [quarantineQuantity, quarantineParts]
  // Parts are those of kits: what is no kit is not written off because none are named.
  return (
    (row.parts === undefined ? undefined : named) ??
    partsOf(row).map(({ sku, quantity }) => ({ sku, quantity: whole * quantity }))
  )
}
