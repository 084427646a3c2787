import {
  amountShape,
  basisPointsShape,
  type Effect,
  type GoodsView,
  goodsStages,
  largestOfferMinor,
  noEffect,
  type OfferKind,
  partWords,
} from '../offer-kind.js'
import { partOf, sumOver } from '../pieces.js'

/** A step: from this amount or number of pieces on, so much off; exactly one of the two is given. */
export type OfferTier = {
  /** Minor units or pieces, by `measure`. */
  readonly from: number
  readonly offMinor?: number
  readonly offBasisPoints?: number
}

/** More off the more is bought (阶梯满减, 满件折); the highest step that is reached counts, alone. */
export type Tiered = {
  readonly kind: 'tiered'
  /** What the steps count. */
  readonly measure: 'amount' | 'pieces'
  /** By rising `from`. */
  readonly tiers: readonly OfferTier[]
}

/**
 * `满100减10, 满200减30, 满500减100` on goods of 499.99 gives 30.00.
 *
 * @example { kind: 'tiered', measure: 'amount', tiers: [{ from: 10000, offMinor: 1000 }, { from: 20000, offMinor: 3000 }] }
 */
export const tiered: OfferKind<Tiered> = {
  kind: 'tiered',
  stages: goodsStages,
  shape: {
    measure: { type: 'choice', of: ['amount', 'pieces'] },
    tiers: {
      type: 'list',
      longest: 20,
      of: {
        from: { type: 'integer', least: 1, most: largestOfferMinor },
        offMinor: { ...amountShape, optional: true },
        offBasisPoints: { ...basisPointsShape, optional: true },
      },
    },
  },
  findContradiction: ({ tiers }) => {
    for (const [index, tier] of tiers.entries()) {
      if ((tier.offMinor === undefined) === (tier.offBasisPoints === undefined)) return `tiers.${index}`
      if (tier.from <= (tiers[index - 1]?.from ?? 0)) return `tiers.${index}.from`
    }
    return tiers.length === 0 ? 'tiers' : undefined
  },
  words: ({ measure, tiers }, { locale, money }) => {
    const steps = tiers.map(({ from, offMinor, offBasisPoints }) => {
      const start = measure === 'amount' ? money(from) : locale === 'en' ? `${from} pieces` : `${from}件`
      if (locale === 'en') {
        return `${offMinor === undefined ? partWords(offBasisPoints ?? 0, locale) : `${money(offMinor)} off`} from ${start}`
      }
      return `满${start}${offMinor === undefined ? partWords(offBasisPoints ?? 0, locale) : `减${money(offMinor)}`}`
    })
    return steps.join(locale === 'en' ? ', ' : '，')
  },
  effect: (benefit, goods): Effect => {
    const reached = benefit.measure === 'amount' ? goods.basisMinor : goods.basisPieces
    let best: OfferTier | undefined
    let mostMinor = 0
    for (const tier of benefit.tiers) {
      if (tier.from > reached) continue
      best = tier
      mostMinor = Math.max(mostMinor, offOf(tier, goods))
    }
    if (best === undefined) {
      const missing = (benefit.tiers[0]?.from ?? 0) - reached
      return benefit.measure === 'amount'
        ? { ...noEffect, missingMinor: missing }
        : { ...noEffect, missingPieces: missing }
    }
    const goodsMinor = offOf(best, goods)
    // A step below may give more, and be the highest that is reached when less is left.
    return mostMinor > goodsMinor ? { goodsMinor, mostMinor } : { goodsMinor }
  },
}

const offOf = ({ offMinor, offBasisPoints = 0 }: OfferTier, goods: GoodsView): number =>
  offMinor ?? partOf(sumOver(goods.lines, goods.running), offBasisPoints)
