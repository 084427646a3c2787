import {
  amountShape,
  basisPointsShape,
  countShape,
  type Effect,
  type GoodsView,
  goodsStages,
  noEffect,
  type OfferKind,
  partWords,
} from '../offer-kind.js'
import { partOf, piecesByPrice } from '../pieces.js'

/** Off each piece (每件减), an amount or a part of what the piece still costs; exactly one of the two is given. */
export type PieceOff = {
  readonly kind: 'pieceOff'
  readonly offMinor?: number
  /** Reckoned on each piece by itself, a half rounded up. */
  readonly offBasisPoints?: number
  /** What that part is taken of; what the piece still costs when absent. */
  readonly of?: 'list' | 'running'
  /** The most pieces that have it; all of them when absent. */
  readonly maxPieces?: number
  /** What `maxPieces` counts: the pieces of each line (when absent), or of all lines together, the cheapest first. */
  readonly per?: 'line' | 'order'
  /** Only full groups of so many pieces have it, counted over the lines in their order. */
  readonly groupOf?: number
}

/**
 * `每件减5元`, at most on 2 pieces, on 3 pieces of 20.00 gives 10.00.
 *
 * @example { kind: 'pieceOff', offMinor: 500, maxPieces: 2 }
 */
export const pieceOff: OfferKind<PieceOff> = {
  kind: 'pieceOff',
  stages: goodsStages,
  shape: {
    offMinor: { ...amountShape, optional: true },
    offBasisPoints: { ...basisPointsShape, optional: true },
    of: { type: 'choice', of: ['list', 'running'], optional: true },
    maxPieces: { ...countShape, optional: true },
    per: { type: 'choice', of: ['line', 'order'], optional: true },
    groupOf: { ...countShape, least: 2, optional: true },
  },
  findContradiction: (benefit) => {
    if ((benefit.offMinor === undefined) === (benefit.offBasisPoints === undefined)) return 'offMinor'
    return benefit.per !== undefined && benefit.maxPieces === undefined ? 'per' : undefined
  },
  words: ({ offMinor, offBasisPoints = 0, maxPieces, per, groupOf }, { locale, money }) => {
    const english = locale === 'en'
    const off = offMinor === undefined ? partWords(offBasisPoints, locale) : undefined
    const each = english
      ? `${off ?? `${money(offMinor ?? 0)} off`} each piece`
      : `每件${off ?? `减${money(offMinor ?? 0)}`}`
    const groups = groupOf === undefined ? '' : english ? `, in full groups of ${groupOf}` : `，满${groupOf}件一组`
    if (maxPieces === undefined) return each + groups
    const most = english
      ? `, at most ${maxPieces} ${per === 'order' ? 'of the cheapest pieces' : 'of each item'}`
      : per === 'order'
        ? `，限最低价的${maxPieces}件`
        : `，每种限${maxPieces}件`
    return each + groups + most
  },
  effect: (benefit, goods): Effect => {
    const { maxPieces = Number.MAX_SAFE_INTEGER, per, groupOf } = benefit
    if (groupOf !== undefined && goods.pieces < groupOf) return { ...noEffect, missingPieces: groupOf - goods.pieces }
    const left = goods.lines.map((line) => (per === 'order' ? (goods.quantity[line] ?? 0) : maxPieces))
    if (groupOf !== undefined) keepGroups(left, goods, groupOf)
    let leftOfAll = per === 'order' ? maxPieces : Number.MAX_SAFE_INTEGER
    // Which pieces are the cheapest turns with what is left of them, and a part of the list price with it.
    const most = benefit.of === 'list' && per === 'order' ? { mostMinor: mostOf(benefit, goods, left, maxPieces) } : {}
    const weights = goods.lines.map(() => 0)
    let total = 0
    for (const { place, pieces, unitMinor } of piecesByPrice(goods).reverse()) {
      const taken = Math.min(pieces, left[place] ?? 0, leftOfAll)
      const off = taken * offOfPiece(benefit, goods, goods.lines[place] ?? 0, unitMinor)
      left[place] = (left[place] ?? 0) - taken
      leftOfAll -= taken
      weights[place] = (weights[place] ?? 0) + off
      total += off
    }
    return { goodsMinor: total, weights, ...most }
  },
}

/** What it would come to on the pieces that it gives most on, minor units. */
const mostOf = (benefit: PieceOff, goods: GoodsView, mostOfLine: readonly number[], maxPieces: number): number => {
  const left = [...mostOfLine]
  let leftOfAll = maxPieces
  let total = 0
  const byOff = piecesByPrice(goods)
    .map(({ place, pieces, unitMinor }) => ({
      place,
      pieces,
      offMinor: offOfPiece(benefit, goods, goods.lines[place] ?? 0, unitMinor),
    }))
    .sort((a, b) => b.offMinor - a.offMinor)
  for (const { place, pieces, offMinor } of byOff) {
    const taken = Math.min(pieces, left[place] ?? 0, leftOfAll)
    left[place] = (left[place] ?? 0) - taken
    leftOfAll -= taken
    total += taken * offMinor
  }
  return total
}

const offOfPiece = (
  { offMinor, offBasisPoints = 0, of }: PieceOff,
  goods: GoodsView,
  line: number,
  unitMinor: number,
): number => {
  if (offMinor !== undefined) return Math.min(offMinor, unitMinor)
  if (of !== 'list') return partOf(unitMinor, offBasisPoints)
  return Math.min(unitMinor, partOf(Math.floor((goods.list[line] ?? 0) / (goods.quantity[line] ?? 1)), offBasisPoints))
}

/** Lowers what each line may have to its part in the full groups. */
const keepGroups = (left: number[], goods: GoodsView, groupOf: number): void => {
  let grouped = goods.pieces - (goods.pieces % groupOf)
  for (const [place, line] of goods.lines.entries()) {
    const pieces = Math.min(goods.quantity[line] ?? 0, grouped)
    left[place] = Math.min(left[place] ?? 0, pieces)
    grouped -= pieces
  }
}
