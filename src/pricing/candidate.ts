import type { Offer } from '../promotions/offer.js'
import { type Effect, type GoodsView, noEffect } from '../promotions/offer-kind.js'
import { effectOf } from '../promotions/offer-kinds.js'
import { sumOver } from '../promotions/pieces.js'
import { at, type Goods, splitOver } from './goods.js'
import type { OfferRefusal, PriceCoupon } from './priced-cart.js'

/** An offer that holds for this buyer now, with the lines it speaks of. */
export type Candidate = {
  readonly offer: Offer
  readonly coupon: PriceCoupon | null
  /** Places of the lines it speaks of. */
  readonly lines: readonly number[]
  /** Pieces of those lines. */
  readonly pieces: number
}

/** What an offer comes to at some point of the making of a price. */
export type Measure = {
  readonly effect: Effect
  /** Off the goods, clamped to what may be taken from them. */
  readonly goodsMinor: number
  readonly shippingMinor: number
  /** Why it gives nothing, if it does. */
  readonly refusal: OfferRefusal | undefined
}

const zeroEffect: OfferRefusal = { type: 'ZeroEffect' }

/**
 * Reckons what an offer gives when so much is left of the goods and of carriage.
 *
 * @param running - what is left of each line, minor units
 */
export const measure = (
  candidate: Candidate,
  goods: Goods,
  running: readonly number[],
  shippingMinor: number,
): Measure => {
  const { offer, lines, pieces } = candidate
  const basis = offer.threshold?.basis ?? 'activity'
  const basisMinor = sumOver(lines, basis === 'running' ? running : goods[basis])
  const lacking = lackOf(offer, basisMinor, pieces)
  if (lacking !== undefined) return { effect: noEffect, goodsMinor: 0, shippingMinor: 0, refusal: lacking }
  const view: GoodsView = {
    lines,
    quantity: goods.quantity,
    list: goods.list,
    activity: goods.activity,
    running,
    basisMinor,
    pieces,
    shippingMinor,
  }
  const effect = effectOf(offer.benefit, view)
  const goodsMinor = Math.min(effect.goodsMinor, capacityOf(lines, goods, running, effect.weights))
  const carriage = Math.min(effect.shippingMinor ?? 0, shippingMinor)
  return {
    effect,
    goodsMinor,
    shippingMinor: carriage,
    refusal: goodsMinor > 0 || carriage > 0 || effect.gift !== undefined ? undefined : refusalOf(effect),
  }
}

const lackOf = (offer: Offer, basisMinor: number, pieces: number): OfferRefusal | undefined => {
  const { threshold } = offer
  if (threshold?.amountMinor !== undefined && basisMinor < threshold.amountMinor) {
    return { type: 'ThresholdAmount', missingMinor: threshold.amountMinor - basisMinor }
  }
  if (threshold?.quantity !== undefined && pieces < threshold.quantity) {
    return { type: 'ThresholdQuantity', missingQuantity: threshold.quantity - pieces }
  }
  return undefined
}

const refusalOf = (effect: Effect): OfferRefusal => {
  if (effect.missingMinor !== undefined) return { type: 'ThresholdAmount', missingMinor: effect.missingMinor }
  if (effect.missingPieces !== undefined) return { type: 'ThresholdQuantity', missingQuantity: effect.missingPieces }
  return zeroEffect
}

/** What may be taken from the lines that the effect weighs, minor units. */
const capacityOf = (
  lines: readonly number[],
  goods: Goods,
  running: readonly number[],
  weights: readonly number[] | undefined,
): number => {
  let capacity = 0
  for (let place = 0; place < lines.length; place += 1) {
    const line = at(lines, place)
    const left = at(running, line)
    if ((weights === undefined ? left : at(weights, place)) > 0) capacity += Math.max(0, left - at(goods.floor, line))
  }
  return capacity
}

/**
 * Splits what an offer takes off the goods over its lines.
 *
 * @returns an amount for each of `candidate.lines`
 */
export const sharesOf = (
  candidate: Candidate,
  measured: Measure,
  goods: Goods,
  running: readonly number[],
): readonly number[] => {
  const { lines } = candidate
  if (lines.length === 1) return [measured.goodsMinor]
  const caps: number[] = []
  const nets: number[] = []
  for (let place = 0; place < lines.length; place += 1) {
    const line = at(lines, place)
    const left = at(running, line)
    nets.push(left)
    caps.push(Math.max(0, left - at(goods.floor, line)))
  }
  return splitOver(measured.goodsMinor, measured.effect.weights ?? nets, caps)
}

/** Whether two offers may be on one order. */
export const areCompatible = (a: Candidate, b: Candidate): boolean => {
  const left = a.offer.stacking
  const right = b.offer.stacking
  if (left?.exclusive === true || right?.exclusive === true) return false
  if (left?.group !== undefined && left.group === right?.group) return false
  if (a.coupon !== null && b.coupon !== null) return left?.stackable === true && right?.stackable === true
  if (a.coupon !== null && left?.withPromotions === false) return false
  return !(b.coupon !== null && right?.withPromotions === false)
}
