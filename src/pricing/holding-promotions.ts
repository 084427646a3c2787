import type { ResultAsync } from 'neverthrow'
import type { Product, Variant } from '../catalog/product.js'
import { skuSpace } from '../catalog/product.js'
import type { GoodsPromotion, GoodsPromotions, PromotionViewer } from '../catalog/sections/goods-promotions.js'
import { levelIdAt } from '../membership/member.js'
import { askUsesLeft, toUsesLeft, type UsesLeft } from '../promotions/limits.js'
import type { Offer } from '../promotions/offer.js'
import { offerBookId, offerBooks } from '../promotions/offer.schema.js'
import { customerIdOf, groupsOf } from '../shared/actor.js'
import { book } from '../shared/books.js'
import type { StoredDataInvalid } from '../shared/collection.js'
import type { StorageUnavailable } from '../shared/errors.js'
import type { Instant } from '../shared/instant.js'
import type { CorePorts } from '../shared/ports.js'
import { readFacts } from '../shared/read-facts.js'
import { claims } from '../shared/read-plan.js'
import { refuseEntrant, speaksOf } from './eligible-offers.js'
import { askListPrices, defaultChannel, type ListPrice, listPriceOf, type PriceViewer } from './list-price-facts.js'
import type { ListedPrice, PriceList } from './price-list.js'
import { pricesHolding } from './resolve-list-price.js'

/** What the catalog is told of offers and sale prices, which it knows nothing of. */
export const goodsPromotions = (ports: CorePorts): GoodsPromotions => ({
  holding: (viewer) => holdingPromotions(ports, viewer),
})

/**
 * The promotions of goods that hold for whoever looks: offers of which a piece costs less, or that name their goods, and
 * sale prices. What is for a first order, a birthday or a way to pay is of the buyer and not of the goods, and coupons and
 * carriage are none.
 */
const holdingPromotions = (
  ports: CorePorts,
  viewer: PromotionViewer,
): ResultAsync<readonly GoodsPromotion[], StorageUnavailable | StoredDataInvalid> => {
  const { actor, now, channel = defaultChannel, region = null } = viewer
  const buyerId = customerIdOf(actor)
  const asked = { shop: ports.shop, scope: { kind: 'all' }, at: now } as const
  const offers = book(ports.books, offerBooks, offerBookId, now)
  const plan = { offers, ...askListPrices(ports, buyerId, now), ...askUsesLeft(offers, 'offers', buyerId) }
  return readFacts(ports.storage, { ...asked, plan }).andThen((read) => {
    const shown: PriceViewer = { groups: groupsOf(actor), channel, region, now }
    const levelId = levelIdAt(read.member?.state, now)
    const usesLeft = read.offers === undefined ? {} : toUsesLeft(read.offers.state, buyerId, read)
    const held = (read.offers?.state.offers ?? []).filter((offer) => holds(offer, { levelId, channel, now, usesLeft }))
    const sales = (read.priceLists?.state.lists ?? []).flatMap((list) => {
      if (list.kind !== 'sale') return []
      const prices = pricesHolding(list, { ...shown, levelId, currency: list.currency })
      return prices.length === 0 ? [] : [{ list, prices }]
    })
    const skus = new Set([
      ...held.flatMap(({ scope }) => scope?.skus ?? []),
      ...sales.flatMap(({ prices }) => prices.map(({ sku }) => sku)),
    ])
    return readFacts(ports.storage, { ...asked, plan: { owners: claims(skuSpace, [...skus]) } }).map(
      ({ owners }): readonly GoodsPromotion[] => {
        const idsOf = (all: readonly string[]): readonly string[] => [
          ...new Set(all.flatMap((sku) => owners.get(sku) ?? [])),
        ]
        return [
          ...held.map((offer) =>
            promotionOfOffer(offer, idsOf, (variant) => listPriceOf(read, variant, 1, shown)?.unitMinor),
          ),
          ...sales.map((sale) =>
            promotionOfSale(sale, idsOf(sale.prices.map(({ sku }) => sku)), (variant) =>
              listPriceOf(read, variant, 1, shown),
            ),
          ),
        ]
      },
    )
  })
}

type Looked = {
  readonly levelId: string | null
  readonly channel: string
  readonly now: Instant
  readonly usesLeft: UsesLeft
}

/** Whether an offer is a promotion of goods that holds for whoever looks. */
const holds = (offer: Offer, { levelId, channel, now, usesLeft }: Looked): boolean => {
  const { form, stage, scope, issuer, currency } = offer
  if (form.kind !== 'promotion') return false
  // What all goods of the shop count for together tells none of them apart.
  const isOfGoods = stage === 'line' || scope !== undefined || issuer.kind === 'merchant'
  if (!isOfGoods || stage === 'shipping') return false
  const buyer = { levelId, firstOrder: false, birthdayToday: false }
  const context = { now, buyer, currency, channel, paymentMethod: null, usesLeft }
  return refuseEntrant({ offer, coupon: null }, context) === undefined
}

const promotionOfOffer = (
  offer: Offer,
  idsOf: (skus: readonly string[]) => readonly string[],
  priceOf: (variant: Variant) => number | undefined,
): GoodsPromotion => {
  const { offerId, title, issuer, scope = {}, window, currency } = offer
  const { skus, productIds, categoryIds, brands } = scope
  const ofSkus = skus === undefined ? undefined : idsOf(skus)
  const ids = ofSkus === undefined ? productIds : ofSkus.filter((id) => productIds?.includes(id) !== false)
  return {
    kind: 'offer',
    promotionId: offerId,
    title,
    goods: {
      ...(issuer.kind === 'merchant' ? { merchantId: issuer.merchantId } : {}),
      ...(ids === undefined ? {} : { productIds: ids }),
      ...(categoryIds === undefined ? {} : { categoryIds }),
      ...(brands === undefined ? {} : { brands }),
    },
    endsFor: (product) =>
      product.variants.some((variant) => isMeant(offer, product, variant, currency, priceOf(variant)))
        ? (window.to ?? null)
        : undefined,
  }
}

const isMeant = (
  offer: Offer,
  { productId, merchantId, categoryIds, brand }: Product,
  { sku, discountable, listPrice }: Variant,
  currency: string,
  listUnitMinor: number | undefined,
): boolean =>
  discountable &&
  listUnitMinor !== undefined &&
  listPrice.currency === currency &&
  speaksOf(offer, { sku, productId, merchantId, categoryIds, brand, listUnitMinor })

const promotionOfSale = (
  { list, prices }: { readonly list: PriceList; readonly prices: readonly ListedPrice[] },
  productIds: readonly string[],
  priceOf: (variant: Variant) => ListPrice | undefined,
): GoodsPromotion => ({
  kind: 'priceList',
  promotionId: list.listId,
  title: list.title ?? null,
  goods: { productIds },
  endsFor: ({ variants }) => {
    const lower = variants.filter((variant) => {
      const price = priceOf(variant)
      return price?.listId === list.listId && price.unitMinor < price.originalUnitMinor
    })
    if (lower.length === 0) return undefined
    const skus = new Set(lower.map(({ sku }) => sku))
    const ends = [list.to, ...prices.flatMap(({ sku, to }) => (skus.has(sku) ? [to] : []))]
    const known = ends.flatMap((end) => end ?? [])
    return known.length === 0 ? null : Math.min(...known)
  },
})
