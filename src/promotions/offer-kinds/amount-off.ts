import {
  amountShape,
  countShape,
  type Effect,
  goodsStages,
  noEffect,
  type OfferKind,
  timesWords,
} from '../offer-kind.js'

/** A fixed amount off (满减); with `perFullMinor` once for every so much the goods come to (每满减). */
export type AmountOff = {
  readonly kind: 'amountOff'
  readonly offMinor: number
  /** Given once for every full amount of this; once altogether when absent. */
  readonly perFullMinor?: number
  /** The most times it is given; without bound when absent. */
  readonly maxTimes?: number
}

/**
 * `每满300减50`, at most twice, on goods of 950.00 gives 2 × 50.00 = 100.00.
 *
 * @example { kind: 'amountOff', offMinor: 5000, perFullMinor: 30000, maxTimes: 2 }
 */
export const amountOff: OfferKind<AmountOff> = {
  kind: 'amountOff',
  stages: goodsStages,
  shape: {
    offMinor: amountShape,
    perFullMinor: { ...amountShape, optional: true },
    maxTimes: { ...countShape, optional: true },
  },
  findContradiction: (benefit) => {
    if (benefit.maxTimes !== undefined && benefit.perFullMinor === undefined) return 'maxTimes'
    return benefit.perFullMinor !== undefined && benefit.offMinor > benefit.perFullMinor ? 'offMinor' : undefined
  },
  words: ({ offMinor, perFullMinor, maxTimes }, { locale, money }) => {
    const off = locale === 'en' ? `${money(offMinor)} off` : `减${money(offMinor)}`
    if (perFullMinor === undefined) return off
    const each = locale === 'en' ? `${off} for every ${money(perFullMinor)}` : `每满${money(perFullMinor)}${off}`
    return each + timesWords(maxTimes, locale)
  },
  effect: (benefit, goods): Effect => {
    const each = benefit.perFullMinor
    if (each === undefined) return { goodsMinor: benefit.offMinor }
    const full = Math.floor(goods.basisMinor / each)
    if (full === 0) return { ...noEffect, missingMinor: each - goods.basisMinor }
    return { goodsMinor: Math.min(full, benefit.maxTimes ?? full) * benefit.offMinor }
  },
}
