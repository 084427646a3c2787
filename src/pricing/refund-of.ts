import { err, ok, type Result } from 'neverthrow'
import { at, shareOf, splitOver, sumOf } from './goods.js'
import type { UnitLine, UnitTable } from './unit-table.js'

/** Pieces of a line. */
export type LinePieces = { readonly lineId: string; readonly quantity: number }

/** A part of a refund that was never paid: what an offer had taken off. */
export type RefundShare = {
  readonly offerId: string
  readonly couponId: string | null
  readonly amountMinor: number
  /** The platform's part of it; the merchant bore the rest. */
  readonly platformMinor: number
}

/** What the pieces of a line give back. */
export type LineRefund = LinePieces & RefundAmounts & { readonly shares: readonly RefundShare[] }

/** What is given back and taken back. */
export type RefundAmounts = {
  /** Money for the goods, minor units. */
  readonly cashMinor: number
  /** Worth of the points given back. */
  readonly pointsMinor: number
  /** How many points those are. */
  readonly points: number
  /** Tax reversed: within the money when prices include tax, else given back on top of it. */
  readonly taxMinor: number
  /** Points that were to be earned and are taken back. */
  readonly earnedPoints: number
}

/** What a return of pieces comes to. */
export type RefundSplit = RefundAmounts & {
  /** Money to pay back: for the goods, and the tax that came on top. */
  readonly payMinor: number
  readonly lines: readonly LineRefund[]
  /** What offers had taken off, over all lines. */
  readonly shares: readonly RefundShare[]
  /** Coupons of which every piece they touched is now returned; those of the whole order with its last piece. */
  readonly couponsToReturn: readonly string[]
  /** Whether nothing of the order is left with the buyer. */
  readonly everythingReturned: boolean
}

/** Why a return cannot be reckoned. */
export type RefundSplitError =
  | { readonly type: 'LineUnknown'; readonly lineId: string }
  | { readonly type: 'PiecesExceeded'; readonly lineId: string; readonly requested: number; readonly remaining: number }
  | { readonly type: 'PiecesInvalid'; readonly lineId: string; readonly requested: number }

/**
 * Reckons a return of pieces from the frozen unit table, pieces in the order of their rows, whichever physical ones come
 * back. Whatever the order and grouping of returns, all of them together give back exactly what was paid.
 *
 * @param alreadyReturned - pieces returned before, by line; lines left out have none
 * @param pieces - what comes back now; a line may stand in it once
 * @errors LineUnknown, PiecesExceeded, PiecesInvalid
 */
export const refundOf = (
  table: UnitTable,
  alreadyReturned: Readonly<Record<string, number>>,
  pieces: readonly LinePieces[],
): Result<RefundSplit, RefundSplitError> => {
  const now = new Map<string, number>()
  for (const { lineId, quantity } of pieces) {
    const line = table.lines.find((each) => each.lineId === lineId)
    if (line === undefined) return err({ type: 'LineUnknown', lineId })
    if (!Number.isSafeInteger(quantity) || quantity < 1 || now.has(lineId)) {
      return err({ type: 'PiecesInvalid', lineId, requested: quantity })
    }
    const remaining = line.quantity - before(alreadyReturned, lineId)
    if (quantity > remaining) return err({ type: 'PiecesExceeded', lineId, requested: quantity, remaining })
    now.set(lineId, quantity)
  }
  const heldBefore = (line: UnitLine): number => line.quantity - before(alreadyReturned, line.lineId)
  const kept = (line: UnitLine): number => heldBefore(line) - (now.get(line.lineId) ?? 0)
  const lines = withPoints(
    table.lines.flatMap((line) => {
      const quantity = now.get(line.lineId)
      return quantity === undefined ? [] : [refundLine(line, before(alreadyReturned, line.lineId), quantity)]
    }),
    table,
    pointsBack(table, heldBefore, kept),
  )
  const amounts = lines.reduce(addAmounts, noAmounts)
  const freedBefore = freeCoupons(table, heldBefore)
  return ok({
    ...amounts,
    payMinor: amounts.cashMinor + (table.taxInclusive ? 0 : amounts.taxMinor),
    lines,
    shares: sumShares(lines.flatMap((line) => line.shares)),
    couponsToReturn: freeCoupons(table, kept).filter((couponId) => !freedBefore.includes(couponId)),
    everythingReturned: table.lines.every((line) => kept(line) === 0),
  })
}

const before = (returned: Readonly<Record<string, number>>, lineId: string): number =>
  Object.hasOwn(returned, lineId) ? (returned[lineId] ?? 0) : 0

/** What a column comes to over some pieces. */
const sumPieces = (column: readonly number[], from: number, to: number): number => {
  let total = 0
  for (let piece = from; piece < to; piece += 1) total += at(column, piece)
  return total
}

type PointsBack = { readonly points: number; readonly earnedPoints: number }

/**
 * Points that pieces give back and take back: what all that is returned comes to by its worth, rounded down once for the
 * order, less what was returned before came to. So no return gives more points than its pieces were paid with, whichever
 * come first, and the last piece takes the rest.
 */
const pointsBack = (
  { lines, pointsSpent, pointsEarned }: UnitTable,
  heldBefore: (line: UnitLine) => number,
  kept: (line: UnitLine) => number,
): PointsBack => {
  const part = (points: number, weightsOf: (line: UnitLine) => readonly number[]): number => {
    if (points === 0) return 0
    let [whole, earlier, together] = [0, 0, 0]
    for (const line of lines) {
      const weights = weightsOf(line)
      const returned = sumPieces(weights, 0, line.quantity - heldBefore(line))
      earlier += returned
      together += returned + sumPieces(weights, line.quantity - heldBefore(line), line.quantity - kept(line))
      whole += sumOf(weights)
    }
    return whole === 0 ? 0 : shareOf(points, together, whole, 'floor') - shareOf(points, earlier, whole, 'floor')
  }
  return {
    points: part(pointsSpent, ({ pointsMinor }) => pointsMinor),
    earnedPoints: part(pointsEarned, ({ earnsPoints, cashMinor }) => (earnsPoints ? cashMinor : [])),
  }
}

const withPoints = (
  lines: readonly LineRefund[],
  table: UnitTable,
  { points, earnedPoints }: PointsBack,
): readonly LineRefund[] => {
  if (points === 0 && earnedPoints === 0) return lines
  const earns = new Set(table.lines.flatMap(({ lineId, earnsPoints }) => (earnsPoints ? [lineId] : [])))
  const pointsOf = splitOver(
    points,
    lines.map(({ pointsMinor }) => pointsMinor),
  )
  const earnedOf = splitOver(
    earnedPoints,
    lines.map(({ lineId, cashMinor }) => (earns.has(lineId) ? cashMinor : 0)),
  )
  return lines.map((line, place) => ({ ...line, points: at(pointsOf, place), earnedPoints: at(earnedOf, place) }))
}

const refundLine = (line: UnitLine, from: number, quantity: number): LineRefund => {
  const sum = (column: readonly number[]): number => sumPieces(column, from, from + quantity)
  return {
    lineId: line.lineId,
    quantity,
    cashMinor: sum(line.cashMinor),
    pointsMinor: sum(line.pointsMinor),
    points: 0,
    taxMinor: sum(line.taxMinor),
    earnedPoints: 0,
    shares: line.shares.map(({ offerId, couponId, amountMinor, platformMinor }) => ({
      offerId,
      couponId,
      amountMinor: sum(amountMinor),
      platformMinor: sum(platformMinor),
    })),
  }
}

const noAmounts: RefundAmounts = { cashMinor: 0, pointsMinor: 0, points: 0, taxMinor: 0, earnedPoints: 0 }

const addAmounts = (left: RefundAmounts, right: RefundAmounts): RefundAmounts => ({
  cashMinor: left.cashMinor + right.cashMinor,
  pointsMinor: left.pointsMinor + right.pointsMinor,
  points: left.points + right.points,
  taxMinor: left.taxMinor + right.taxMinor,
  earnedPoints: left.earnedPoints + right.earnedPoints,
})

const sumShares = (shares: readonly RefundShare[]): readonly RefundShare[] => {
  const sums = new Map<string, RefundShare>()
  for (const share of shares) {
    const name = `${share.offerId}\n${share.couponId ?? ''}`
    const sofar = sums.get(name)
    sums.set(name, {
      ...share,
      amountMinor: share.amountMinor + (sofar?.amountMinor ?? 0),
      platformMinor: share.platformMinor + (sofar?.platformMinor ?? 0),
    })
  }
  return [...sums.values()]
}

/**
 * The coupons that are the buyer's again: of each every piece that it touched is back, and of one that took nothing off the
 * goods every piece there is.
 *
 * @param kept - pieces of a line that the buyer keeps
 */
export const freeCoupons = (table: UnitTable, kept: (line: UnitLine) => number): readonly string[] => {
  const isBack = (line: UnitLine): boolean => kept(line) === 0
  const touched = new Map<string, boolean>()
  for (const line of table.lines) {
    for (const { couponId } of line.shares) {
      if (couponId !== null) touched.set(couponId, (touched.get(couponId) ?? true) && isBack(line))
    }
  }
  const freed = [...touched].filter(([, free]) => free).map(([couponId]) => couponId)
  return table.lines.every(isBack) ? [...freed, ...table.couponsOfOrder] : freed
}
