import {
  type AmountBasis,
  amountShape,
  basisPointsShape,
  type Effect,
  goodsStages,
  type OfferKind,
  partWords,
} from '../offer-kind.js'
import { partOf, sumOver } from '../pieces.js'

/** A part of the goods off (折扣), reckoned once on all meant lines together. */
export type PercentOff = {
  readonly kind: 'percentOff'
  /** 1500 is 15 % off, 8.5折. */
  readonly offBasisPoints: number
  /** The most it gives. */
  readonly capMinor?: number
  /** What the part is taken of; what earlier offers have left when absent. */
  readonly of?: AmountBasis
  /** How a half is rounded: in favour of the customer when absent. */
  readonly rounding?: 'halfUp' | 'halfDown'
}

/**
 * `8.5折`, at most 200.00, on goods of 19.99 gives 299.85 -> 3.00.
 *
 * @example { kind: 'percentOff', offBasisPoints: 1500, capMinor: 20000 }
 */
export const percentOff: OfferKind<PercentOff> = {
  kind: 'percentOff',
  stages: goodsStages,
  shape: {
    offBasisPoints: basisPointsShape,
    capMinor: { ...amountShape, optional: true },
    of: { type: 'choice', of: ['list', 'activity', 'running'], optional: true },
    rounding: { type: 'choice', of: ['halfUp', 'halfDown'], optional: true },
  },
  words: ({ offBasisPoints, capMinor, of }, { locale, money }) => {
    const chinese = locale === 'zh-CN'
    const cap = capMinor === undefined ? '' : chinese ? `，最高减${money(capMinor)}` : `, at most ${money(capMinor)}`
    const list = of !== 'list' ? '' : chinese ? '，按原价计算' : ', reckoned on list prices'
    return partWords(offBasisPoints, locale) + cap + list
  },
  effect: (benefit, goods): Effect => {
    const whole = sumOver(goods.lines, goods[benefit.of ?? 'running'])
    // A half of what is taken rounds down where a half of what is left rounds up.
    const off =
      benefit.rounding === 'halfDown'
        ? whole - partOf(whole, 10_000 - benefit.offBasisPoints)
        : partOf(whole, benefit.offBasisPoints)
    return { goodsMinor: benefit.capMinor === undefined ? off : Math.min(off, benefit.capMinor) }
  },
}
