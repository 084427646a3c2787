import { err, type Result } from 'neverthrow'
import type { KitPart } from '../catalog/product.js'
import { partsOf } from '../catalog/stock-source.js'
import type { Change } from '../shared/commit.js'
import { decideNext } from '../shared/decider.js'
import type { Instant } from '../shared/instant.js'
import type { Stored } from '../shared/read-plan.js'
import { moveLine, written } from './move-stock.js'
import { allocationId, type Reservation, type ReservationError } from './reservation.js'
import { reservationMachine } from './reservation-machine.js'

/** Pieces that are no longer with the buyer, nor on the way there. */
export type ReturnedPieces = {
  readonly lineId: string
  /** The warehouse they left from; whichever sent the first when absent. */
  readonly warehouse?: string
  /** Good enough to sell again. */
  readonly restockQuantity: number
  /** Written off. */
  readonly scrapQuantity: number
  /** Of a kit: how many pieces of its parts are good enough; all others are written off. As the whole kits when absent. */
  readonly restockParts?: readonly KitPart[]
}

/**
 * Takes pieces back that had left, to the shelf that they came from or off the books.
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
  const lines = pieces.map(({ lineId, warehouse, restockQuantity, scrapQuantity }) => ({
    lineId,
    ...(warehouse === undefined ? {} : { warehouse }),
    quantity: restockQuantity + scrapQuantity,
  }))
  const beyond = findBeyondKit(stored.state, pieces)
  if (beyond !== undefined) return err(beyond)
  return decideNext(reservationMachine, stored.state, { type: 'TakeBack', lines, at }).map((decided) => {
    const { changes, pieces: taken } = written(stored, decided, null)
    const move = { from: 'shipped', reason, reference, at } as const
    const good = new Map<string, number>()
    for (const each of pieces) {
      for (const { sku, quantity } of goodPartsOf(stored.state, each)) {
        const id = `${each.lineId}:${sku}`
        good.set(id, (good.get(id) ?? 0) + quantity)
      }
    }
    return [
      ...changes,
      ...taken.flatMap(({ lineId, warehouse, quantity }) => {
        const row = stored.state.lines.find((each) => each.allocationId === allocationId(lineId, warehouse))
        return row === undefined
          ? []
          : partsOf(row).flatMap((part) => {
              const id = `${lineId}:${part.sku}`
              const pieces = quantity * part.quantity
              const restocked = Math.min(pieces, good.get(id) ?? 0)
              good.set(id, (good.get(id) ?? 0) - restocked)
              const place = { sku: part.sku, warehouse }
              const of = row.parts === undefined ? row.allocationId : `${row.allocationId}:${part.sku}`
              return [
                ...moveLine(place, restocked, { ...move, to: 'available', id: `${reference}:restocked:${of}` }),
                ...moveLine(place, pieces - restocked, { ...move, to: 'scrapped', id: `${reference}:scrapped:${of}` }),
              ]
            })
      }),
    ]
  })
}

/** More good parts are named than the kits that came back have. */
const findBeyondKit = (
  { lines }: Reservation,
  pieces: readonly ReturnedPieces[],
): Extract<ReservationError, { type: 'ReservationTooSmall' }> | undefined => {
  for (const { lineId, restockQuantity, scrapQuantity, restockParts = [] } of pieces) {
    const row = lines.find((each) => each.lineId === lineId)
    for (const { sku, quantity: asked } of restockParts) {
      const inKit = row?.parts?.find((part) => part.sku === sku)?.quantity ?? 0
      const left = inKit * (restockQuantity + scrapQuantity)
      if (asked > left) return { type: 'ReservationTooSmall', lineId, asked, left }
    }
  }
  return undefined
}

/** The pieces that go back to the shelf, by the SKU that their stock is kept under. */
const goodPartsOf = (
  { lines }: Reservation,
  { lineId, restockQuantity, restockParts }: ReturnedPieces,
): readonly KitPart[] => {
  const row = lines.find((each) => each.lineId === lineId)
  if (row === undefined) return []
  // Parts are those of kits: what is no kit is not written off because none are named.
  return (
    (row.parts === undefined ? undefined : restockParts) ??
    partsOf(row).map(({ sku, quantity }) => ({ sku, quantity: restockQuantity * quantity }))
  )
}
