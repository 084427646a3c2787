import type { Instant } from '../../shared/instant.js'
import { launchOf } from '../launch-of.js'
import type { LocalText } from '../local-text.js'
import type { Product } from '../product.js'
import { gradeOf, noStanding } from '../product-standing.js'
import { soldLately } from '../recent-sales.js'
import type { GoodsPromotion } from './goods-promotions.js'
import type { SectionRule } from './section.js'

/** Why a product stands in a section. */
export type SectionReason =
  /** The shop has put it there. */
  | { readonly kind: 'pinned' }
  | { readonly kind: 'new'; readonly launchedAt: Instant }
  /** Pieces sold lately, each counting half as much with every week, rounded down. */
  | { readonly kind: 'hot'; readonly soldLately: number }
  /** What holds for it now. */
  | { readonly kind: 'promotion'; readonly promotions: readonly HeldPromotion[] }
  | {
      readonly kind: 'recommended'
      readonly grade: number
      readonly goodRateBasisPoints: number
      readonly reviews: number
    }
  | { readonly kind: 'filter' }

/** A promotion that holds for a product. */
export type HeldPromotion = Pick<GoodsPromotion, 'kind' | 'promotionId'> & {
  readonly title: LocalText | null
  /** Null without an end. */
  readonly endsAt: Instant | null
}

/** Why a rule holds for a product; undefined where it does not. */
export const reasonFor = (
  rule: SectionRule,
  product: Product,
  promotions: readonly GoodsPromotion[],
  now: Instant,
): SectionReason | undefined => {
  const standing = product.standing ?? noStanding
  switch (rule.kind) {
    case 'new':
      return { kind: 'new', launchedAt: launchOf(product) }
    case 'hot':
      return { kind: 'hot', soldLately: Math.floor(soldLately(standing.recent, now) / 1_000) }
    case 'promotion': {
      const held = promotions.flatMap(({ kind, promotionId, title, endsFor }): readonly HeldPromotion[] => {
        const endsAt = endsFor(product)
        return endsAt === undefined ? [] : [{ kind, promotionId, title, endsAt }]
      })
      return held.length === 0 ? undefined : { kind: 'promotion', promotions: held }
    }
    case 'recommended': {
      const { goodRateBasisPoints, reviews } = standing
      return { kind: 'recommended', grade: gradeOf(standing), goodRateBasisPoints, reviews }
    }
    case 'filter':
      return { kind: 'filter' }
  }
}
