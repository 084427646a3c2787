import type { NotFound } from '../shared/errors.js'
import type { Instant } from '../shared/instant.js'
import type { Money } from '../shared/money.js'
import type { LocalText } from './local-text.js'
import type { ProductStanding } from './product-standing.js'

/** One thing that can be put in a cart: a product in one choice of its options. */
export type Variant = {
  /** Unique in the shop; stock is kept under it. */
  readonly sku: string
  /** The choice, by option (`{ colour: 'Black' }`); empty where there is nothing to choose. */
  readonly options: Readonly<Record<string, string>>
  /** The price before any offer. */
  readonly listPrice: Money
  /** Weight as shipped, grams. */
  readonly weightGrams: number
  /** Which row of the tax book applies. */
  readonly taxClass: string
  /** False where no promotion may touch it. */
  readonly discountable: boolean
  /**
   * What one piece takes of the stock, where none is kept under its own SKU: the parts of a kit, or the one SKU that
   * several share (`[{ sku: 'TEA', quantity: 6 }]` for a box of six).
   */
  readonly parts?: readonly KitPart[]
}

/** Pieces of another SKU that one piece of a kit is made of. */
export type KitPart = {
  /** Of a product of the same merchant; no kit itself. */
  readonly sku: string
  /** At least 1. */
  readonly quantity: number
}

/** What is said of a product beyond its title: a text, an amount or yes and no. */
export type AttributeValue = string | number | boolean

/** A picture or film. */
export type Media = { readonly kind: 'image' | 'video'; readonly url: string }

/** A document that comes with a product. */
export type Manual = { readonly title: LocalText; readonly url: string }

/** What a seller states about a product; the input of a save. */
export type ProductContent = {
  readonly title: LocalText
  readonly description: LocalText
  /** Empty where it has none. */
  readonly brand: string
  /** The categories it is placed in, without their ancestors. */
  readonly homeCategoryIds: readonly string[]
  readonly variants: readonly Variant[]
  readonly attributes: Readonly<Record<string, AttributeValue>>
  /** Words that it is found by beside the tree (`new-year`, 露营); none when absent. */
  readonly tags?: readonly string[]
  readonly media: readonly Media[]
  /** Documents that come with it; none when absent. */
  readonly manuals?: readonly Manual[]
  /** Products that go with it, by id; none when absent. */
  readonly accessoryIds?: readonly string[]
  /** For how many months the seller stands for it, beyond what the law asks; no such promise when absent. */
  readonly warrantyMonths?: number
  /** The most pieces one person may ever buy; null where there is no limit. */
  readonly perPersonLimit: number | null
}

/** What every product has, whatever its status. */
export type ProductFacts = ProductContent & {
  readonly productId: string
  /** The id in the system the product comes from; unique for each merchant. */
  readonly externalId: string
  readonly merchantId: string
  /** `homeCategoryIds` and all their ancestors, sorted. */
  readonly categoryIds: readonly string[]
  /** Facets as `name=value`, made from attributes and options. */
  readonly facets: readonly string[]
  /** The lowest list price of its variants, minor units; null without a variant. */
  readonly minPriceMinor: number | null
  /** How it stands with buyers, as of the last event that was delivered; nothing is known of it when absent. */
  readonly standing?: ProductStanding
  /** When it was first put on sale; absent before that, and where that was before it was kept. */
  readonly launchedAt?: Instant
  readonly createdAt: Instant
  readonly updatedAt: Instant
}

/** A product in the catalog. */
export type Product =
  /** Being written; no buyer sees it. */
  | ({ readonly status: 'draft' } & ProductFacts)
  /** On sale, and complete. */
  | ({ readonly status: 'active'; readonly publishedAt: Instant } & ProductFacts)
  /** Taken from sale; orders and links still lead to it. */
  | ({ readonly status: 'archived'; readonly archivedAt: Instant } & ProductFacts)

/** The status of a product, as its transition table knows it; `absent` before it is first saved. */
export type ProductStatus = 'absent' | Product['status']

/** What moves a product from one status to another. */
export type ProductCommand =
  /** States its content anew, or for the first time. */
  | { readonly type: 'SaveProduct'; readonly productId: string; readonly missing: readonly string[] }
  /** Puts it on sale. */
  | { readonly type: 'PublishProduct'; readonly productId: string; readonly missing: readonly string[] }
  /** Takes it from sale. */
  | { readonly type: 'ArchiveProduct'; readonly productId: string }

/** What happened to a product. */
export type ProductEvent =
  | { readonly type: 'ProductSaved'; readonly productId: string }
  | { readonly type: 'ProductPublished'; readonly productId: string }
  | { readonly type: 'ProductArchived'; readonly productId: string }

/** It lacks what a product on sale must have. */
export type ProductIncomplete = {
  readonly type: 'ProductIncomplete'
  readonly productId: string
  /** What is missing: `title`, `category`, `variants`, `price:SKU`, `attribute:NAME`, and `attributeKind:NAME` of one that is not of its kind. */
  readonly missing: readonly string[]
}

/** Another product has the SKU. */
export type SkuTaken = { readonly type: 'SkuTaken'; readonly sku: string }

/** A kit names a part that no product of its merchant has, or that is a kit itself. */
export type KitPartUnknown = {
  readonly type: 'KitPartUnknown'
  /** The kit. */
  readonly sku: string
  readonly part: string
}

/** Somebody else has saved it since it was read: read it again, and save over that. */
export type ProductChanged = {
  readonly type: 'ProductChanged'
  readonly productId: string
  readonly expectedVersion: number
  readonly actualVersion: number
}

/** Why a product command is refused. */
export type ProductError = NotFound | ProductIncomplete | SkuTaken | KitPartUnknown | ProductChanged

/**
 * The id of a product, the same on every import.
 *
 * @param merchantId - letters, digits, `-` and `_`
 */
export const productIdOf = (merchantId: string, externalId: string): string => `prd_${merchantId}.${externalId}`

/** The claims that keep a SKU to one product. */
export const skuSpace = 'sku'
