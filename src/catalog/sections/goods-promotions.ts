import type { ResultAsync } from 'neverthrow'
import type { Actor } from '../../shared/actor.js'
import type { StoredDataInvalid } from '../../shared/collection.js'
import type { StorageUnavailable } from '../../shared/errors.js'
import type { Instant } from '../../shared/instant.js'
import type { LocalText } from '../local-text.js'
import type { Product } from '../product.js'

/** Goods that are sold for less at the moment, as a module that knows of prices tells it. */
export type GoodsPromotion = {
  readonly kind: 'offer' | 'priceList'
  /** Id of the offer or the price list. */
  readonly promotionId: string
  readonly title: LocalText | null
  /** Where its goods are: they meet all that is said here. */
  readonly goods: {
    readonly merchantId?: string
    readonly productIds?: readonly string[]
    readonly categoryIds?: readonly string[]
    readonly brands?: readonly string[]
  }
  /** Until when it holds for a product, null without an end; undefined where it does not speak of it. */
  readonly endsFor: (product: Product) => Instant | null | undefined
}

/** Who looks at promotions, and where. */
export type PromotionViewer = {
  readonly actor: Actor
  readonly now: Instant
  /** Sales channel; `web` when absent. */
  readonly channel?: string
  /** Where the goods would go. */
  readonly region?: string
}

/** Knows which goods are sold for less; the catalog knows of list prices alone. */
export type GoodsPromotions = {
  /** The promotions that hold now for whoever looks. */
  readonly holding: (
    viewer: PromotionViewer,
  ) => ResultAsync<readonly GoodsPromotion[], StorageUnavailable | StoredDataInvalid>
}
