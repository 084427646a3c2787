import type { GoodsView } from './offer-kind.js'

/** Pieces of one line that still cost the same, and what one of them does. */
export type PiecesOfLine = {
  /** Place of the line in `GoodsView.lines`. */
  readonly place: number
  readonly pieces: number
  readonly unitMinor: number
}

/** What is left of a line, for so many of its pieces; all of them give exactly what is left. */
export const runningOfPieces = (goods: GoodsView, line: number, pieces: number): number => {
  const quantity = goods.quantity[line] ?? 0
  const left = goods.running[line] ?? 0
  if (pieces >= quantity) return left
  const product = left * pieces
  if (Number.isSafeInteger(product)) return Math.floor(product / quantity)
  return Number((BigInt(left) * BigInt(pieces)) / BigInt(quantity))
}

/**
 * The pieces of the meant lines by what they still cost, dearest first, ties in the order of the lines. What is left of a
 * line splits into pieces a minor unit apart at most, so that they sum to it.
 */
export const piecesByPrice = (goods: GoodsView): PiecesOfLine[] => {
  const found: PiecesOfLine[] = []
  for (let place = 0; place < goods.lines.length; place += 1) {
    const line = goods.lines[place] ?? 0
    const pieces = goods.quantity[line] ?? 0
    const left = goods.running[line] ?? 0
    const unitMinor = Math.floor(left / pieces)
    const dearer = left - unitMinor * pieces
    if (dearer > 0) found.push({ place, pieces: dearer, unitMinor: unitMinor + 1 })
    found.push({ place, pieces: pieces - dearer, unitMinor })
  }
  return found.sort((a, b) => b.unitMinor - a.unitMinor || a.place - b.place)
}

/** The sum of a list over the meant lines. */
export const sumOver = (lines: readonly number[], values: readonly number[]): number => {
  let sum = 0
  for (let place = 0; place < lines.length; place += 1) sum += values[lines[place] ?? 0] ?? 0
  return sum
}

/** A part of an amount in basis points, a half rounded up; for amounts of at least 0. */
export const partOf = (amountMinor: number, basisPoints: number): number => {
  const product = amountMinor * basisPoints
  if (Number.isSafeInteger(product + 5_000)) return Math.floor((product + 5_000) / 10_000)
  return Number((BigInt(amountMinor) * BigInt(basisPoints) + 5_000n) / 10_000n)
}
