import { err, type Result } from 'neverthrow'
import type { KitPart } from '../catalog/product.js'
import { partsOf } from '../catalog/stock-source.js'
import type { Change } from '../shared/commit.js'
import { decideNext } from '../shared/decider.js'
import type { Instant } from '../shared/instant.js'
import type { Stored } from '../shared/read-plan.js'
import { moveLine, written } from './move-stock.js'
import { allocationId, type Reservation, type ReservationError, type ReservedLine } from './reservation.js'
import { reservationMachine } from './reservation-machine.js'

/** Pieces that are no longer with the buyer, nor on the way there. */
export type ReturnedPieces = {
  readonly lineId: string
  /** The warehouse they left from; whichever sent the first when absent. */
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
    readonly at: Instant
  },
): Result<readonly Change[], ReservationError> => {
  const { pieces, reference, reason, at } = back
  const lines = pieces.map((each) => ({
    lineId: each.lineId,
    ...(each.warehouse === undefined ? {} : { warehouse: each.warehouse }),
    quantity: totalOf(each),
  }))
  const beyond = findBeyondKit(stored.state, pieces)
  if (beyond !== undefined) return err(beyond)
  return decideNext(reservationMachine, stored.state, { type: 'TakeBack', lines, at }).map((decided) => {
    const { changes, pieces: taken } = written(stored, decided, null)
    const move = { from: 'shipped', reason, reference, at } as const
    const take = sortPieces(stored.state, pieces)
    return [
      ...changes,
      ...taken.flatMap(({ lineId, warehouse, quantity }) => {
        const row = stored.state.lines.find((each) => each.allocationId === allocationId(lineId, warehouse))
        return row === undefined
          ? []
          : partsOf(row).flatMap((part) => {
              const pieces = quantity * part.quantity
              const restocked = take(row, part.sku, 'available', pieces)
              const kept = take(row, part.sku, 'quarantined', pieces - restocked)
              const place = { sku: part.sku, warehouse }
              const of = row.parts === undefined ? row.allocationId : `${row.allocationId}:${part.sku}`
              const id = (outcome: string) => `${reference}:${outcome}:${of}`
              return [
                ...moveLine(place, restocked, { ...move, to: 'available', id: id('restocked') }),
                ...moveLine(place, kept, { ...move, to: 'quarantined', id: id('quarantined') }),
                ...moveLine(place, pieces - restocked - kept, { ...move, to: 'scrapped', id: id('scrapped') }),
              ]
            })
      }),
    ]
  })
}

const totalOf = ({ restockQuantity, quarantineQuantity = 0, scrapQuantity }: ReturnedPieces): number =>
  restockQuantity + quarantineQuantity + scrapQuantity

type KeptPlace = 'available' | 'quarantined'

/** Deals out what is kept of the pieces to the rows that they had left from: to the warehouse that is named first. */
const sortPieces = (reservation: Reservation, pieces: readonly ReturnedPieces[]) => {
  const left = new Map<string, number>()
  const idOf = (allocation: string, sku: string, place: KeptPlace) => `${place} ${allocation} ${sku}`
  for (const each of pieces) {
    for (const place of ['available', 'quarantined'] as const) {
      for (const { sku, quantity } of keptParts(reservation, each, place)) {
        const id = idOf(allocationId(each.lineId, each.warehouse ?? ''), sku, place)
        left.set(id, (left.get(id) ?? 0) + quantity)
      }
    }
  }
  return (row: ReservedLine, sku: string, place: KeptPlace, most: number): number => {
    let taken = 0
    for (const allocation of [row.allocationId, allocationId(row.lineId, '')]) {
      const id = idOf(allocation, sku, place)
      const here = left.get(id) ?? 0
      const given = Math.min(most - taken, here)
      left.set(id, here - given)
      taken += given
    }
    return taken
  }
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
