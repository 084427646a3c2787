import type { Offer } from '../promotions/offer.js'
import { type Effect, type GoodsView, noEffect } from '../promotions/offer-kind.js'
import { effectOf } from '../promotions/offer-kinds.js'
import { sumOver } from '../promotions/pieces.js'
import { type CarriageLeft, mostFreed } from './carriage-left.js'
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
  /** Places of the lines that its threshold counts. */
  readonly counted: readonly number[]
  readonly countedPieces: number
}

/** What an offer comes to at some point of the making of a price. */
export type Measure = {
  readonly effect: Effect
  /** Off the goods, clamped to what may be taken from them. */
  readonly goodsMinor: number
  /** The most that it takes off the goods when less is left of them; what it weighs may be other lines then. */
  readonly mostMinor: number
  readonly shippingMinor: number
  /** Why it gives nothing, if it does. */
  readonly refusal: OfferRefusal | undefined
}

const zeroEffect: OfferRefusal = { type: 'ZeroEffect' }

/**
 * Reckons what an offer gives when so much is left of the goods and of carriage.
 *
 * @param running - what is left of each line, minor units
 * @param carriage - what is left of carriage
 */
export const measure = (
  candidate: Candidate,
  goods: Goods,
  running: readonly number[],
  carriage: CarriageLeft,
): Measure => {
  const { offer, lines, counted } = candidate
  const shippingMinor = mostFreed(carriage, merchantOf(candidate))
  const basis = offer.threshold?.basis ?? 'activity'
  const basisMinor = sumOver(counted, basis === 'running' ? running : goods[basis])
  const lacking = lackOf(candidate, basisMinor, goods)
  if (lacking !== undefined)
    return { effect: noEffect, goodsMinor: 0, mostMinor: 0, shippingMinor: 0, refusal: lacking }
  const view: GoodsView = {
    lines,
    quantity: goods.quantity,
    list: goods.list,
    activity: goods.activity,
    running,
    counted,
    basisMinor,
    basisPieces: candidate.countedPieces,
    pieces: candidate.pieces,
    shippingMinor,
  }
  const effect = effectOf(offer.benefit, view)
  const goodsMinor = Math.min(effect.goodsMinor, capacityOf(lines, goods, running, effect.weights))
  const freedMinor = Math.min(effect.shippingMinor ?? 0, shippingMinor)
  return {
    effect,
    goodsMinor,
    mostMinor:
      effect.weights === undefined && effect.mostMinor === undefined
        ? goodsMinor
        : Math.min(effect.mostMinor ?? effect.goodsMinor, capacityOf(lines, goods, running, undefined)),
    shippingMinor: freedMinor,
    refusal: goodsMinor > 0 || freedMinor > 0 || effect.gift !== undefined ? undefined : refusalOf(effect),
  }
}

/** The merchant whose offer it is; undefined of the platform's and of a campaign's. */
export const merchantOf = ({ offer: { issuer } }: Candidate): string | undefined =>
  issuer.kind === 'merchant' ? issuer.merchantId : undefined

/** What the counted lines lack for the threshold, if anything. */
export const lackOf = (
  { offer: { threshold }, counted, countedPieces }: Candidate,
  basisMinor: number,
  goods: Goods,
): OfferRefusal | undefined => {
  if (threshold === undefined) return undefined
  const { amountMinor, quantity, lineQuantity } = threshold
  if (amountMinor !== undefined && basisMinor < amountMinor) {
    return { type: 'ThresholdAmount', missingMinor: amountMinor - basisMinor }
  }
  if (quantity !== undefined && countedPieces < quantity) {
    return { type: 'ThresholdQuantity', missingQuantity: quantity - countedPieces }
  }
  if (lineQuantity === undefined) return undefined
  let most = 0
  for (const line of counted) most = Math.max(most, at(goods.quantity, line))
  return most < lineQuantity ? { type: 'ThresholdQuantity', missingQuantity: lineQuantity - most } : undefined
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
  const count = lines.length
  const caps = new Array<number>(count)
  const nets = new Array<number>(count)
  for (let place = 0; place < count; place += 1) {
    const line = at(lines, place)
    const left = at(running, line)
    nets[place] = left
    caps[place] = Math.max(0, left - at(goods.floor, line))
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
  if (a.coupon === null && b.coupon === null) return left?.stackable !== false && right?.stackable !== false
  if (a.coupon !== null && left?.withPromotions === false) return false
  return !(b.coupon !== null && right?.withPromotions === false)
}
