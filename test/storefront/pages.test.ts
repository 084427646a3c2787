import { okAsync } from 'neverthrow'
import { type Actor, createShop, type Offer } from 'shopwright'
import { describe, expect, it } from 'vitest'
import { categories } from '../../src/catalog/category.schema.js'
import { products } from '../../src/catalog/product.schema.js'
import { defaultShopPolicy } from '../../src/orders/policy/shop-policy.js'
import { listCoupons } from '../../src/promotions/list-coupons.js'
import { publishOffers } from '../../src/promotions/publish-offers.js'
import { put } from '../../src/shared/commit.js'
import { row } from '../../src/shared/read-plan.js'
import { alignAttributes } from '../../src/storefront/compare-products.js'
import { memberCentre } from '../../src/storefront/member-centre.js'
import { productPage } from '../../src/storefront/product-page.js'
import { ask } from '../orders/books-of.js'
import {
  by,
  byStaff,
  commit,
  couponOffer,
  fillCart,
  giftOffer,
  giveCoupon,
  givePoints,
  openShop,
  pay,
  place,
  value,
} from '../orders/open-shop.js'
import { must, openingTime } from '../shop/open-shop.js'
import { by as byClerk, clerk, content, join, text } from '../shop/world.js'
import { buyKettles, deliverAll, openStall } from '../support/open-stall.js'

describe('the product page', () => {
  it('shows stock, offers and return terms in one read', async () => {
    const scoped = { ...giftOffer, offerId: 'mugs-only', scope: { productIds: ['p-mug'] } }
    const barred = { ...giftOffer, offerId: 'not-kettles', scope: { not: { skus: ['kettle'] } } }
    const cheap = { ...giftOffer, offerId: 'cheap-only', scope: { listUnitMinor: { to: 12_899 } } }
    const offers = [couponOffer, scoped, barred, cheap]
    const shop = await openShop({ offers, stock: { kettle: 4 } })
    Object.assign(shop.counts, { reads: 0 })
    const page = value(await productPage(shop, by('ann'), { productId: 'p-kettle' }))
    expect(shop.counts.reads).toBe(1)
    expect(page.stock).toEqual([{ sku: 'kettle', available: 4 }])
    expect(page.offers.map(({ offerId }) => offerId)).toEqual(['twenty-off'])
    expect(page.coupons.map(({ offerId }) => offerId)).toEqual(['twenty-off'])
    // Who bears an offer, and how many there are to be, is the shop's own business.
    expect(Object.keys(page.offers[0] ?? {}).sort()).toEqual([
      'benefit',
      'currency',
      'form',
      'issuer',
      'offerId',
      'threshold',
      'title',
      'window',
    ])
    expect(page.offers[0]?.form).toEqual({ kind: 'coupon', claimable: true })
    expect(page.returns).toEqual({ noReasonDays: 7, faultDays: 15, ground: null })
    // No promotion speaks of the kettle: a piece costs what the catalog says.
    expect(page.piecePrices).toEqual([{ sku: 'kettle', price: { minor: 12_900, currency: 'CNY' }, offerIds: [] }])
    expect((await productPage(shop, by('ann'), { productId: 'p-none' }))._unsafeUnwrapErr()).toMatchObject({
      type: 'NotFound',
    })
  })
})

describe('the offers on a product page', () => {
  it('are none where the product takes part in none, and no coupons of levels that one does not have', async () => {
    const forGold = { ...couponOffer, offerId: 'gold', audience: { levels: ['gold'] } }
    const shop = await openShop({ offers: [couponOffer, forGold] })
    const offered = async () => {
      const { offers, coupons } = value(await productPage(shop, by('ann'), { productId: 'p-kettle' }))
      return [offers, coupons].map((all) => all.map(({ offerId }) => offerId))
    }
    expect(await offered()).toEqual([['twenty-off', 'gold'], ['twenty-off']])
    const { version, state } = (await ask(shop, row(products, 'p-kettle')))!
    const variants = state.variants.map((variant) => ({ ...variant, discountable: false }))
    await commit(shop, [put(products, { id: 'p-kettle', version, state: { ...state, variants } })])
    expect(await offered()).toEqual([[], []])
  })
})

/** A tenth off everything, for whoever comes. */
const tenthOff: Offer = {
  version: 1,
  offerId: 'tenth-off',
  title: { en: 'A tenth off', 'zh-CN': '九折' },
  issuer: { kind: 'platform' },
  form: { kind: 'promotion' },
  stage: 'line',
  priority: 0,
  currency: 'CNY',
  window: { timeZone: 'Asia/Shanghai', to: openingTime + 30 * 86_400_000 },
  benefit: { kind: 'percentOff', offBasisPoints: 1_000 },
  funding: { platformBasisPoints: 0 },
}

describe('the product page of a whole shop', () => {
  it('shows the price after offers, coupons to claim, attributes by name, accessories, warranty, service and sales', async () => {
    const claimable: Offer = {
      ...tenthOff,
      offerId: 'click',
      form: { kind: 'coupon', issues: 5, claimsPerCustomer: 1, claimable: true },
      stage: 'platformCoupon',
      benefit: { kind: 'amountOff', offMinor: 500 },
    }
    const stall = await openStall([tenthOff, claimable])
    const { shop, productId } = stall
    const ann = await join(stall, 'ann@example.com', 'Ann')
    const volume = { name: 'volume', title: { en: 'Volume', 'zh-CN': '容量' }, kind: 'number', unit: 'ml' } as const
    must(
      await shop.catalog.saveCategory(byClerk(clerk), {
        categoryId: 'home',
        parentId: null,
        name: text('Home'),
        slug: 'home',
        position: 0,
        requiredAttributes: [],
        attributes: [volume],
      }),
    )
    const lid = { externalId: 'lid', merchantId: 'self', content: content('lid', 'home') } as const
    must(await shop.catalog.saveProduct(byClerk(clerk), lid))
    must(await shop.catalog.publishProduct(byClerk(clerk), { productId: 'prd_self.lid' }))
    const manuals = [{ title: text('How to boil'), url: 'https://example.com/manual.pdf' }] as const
    const accessoryIds = ['prd_self.lid', 'prd_self.gone'] as const
    const belongings = { manuals, accessoryIds, warrantyMonths: 24 } as const
    must(
      await shop.catalog.saveProduct(byClerk(clerk), {
        externalId: 'kettle',
        merchantId: 'self',
        content: { ...content('kettle', 'home'), ...belongings },
      }),
    )
    const { policyId: _, ...policy } = defaultShopPolicy
    const service = { contact: text('400-000-0000'), hours: text('9-18') }
    must(await shop.orders.savePolicy(byClerk(clerk), { ...policy, service }))
    await buyKettles(stall, ann.actor, 2)
    await deliverAll(stall)
    stall.pass(60_000)
    must(await shop.upkeep.rankProducts({ limit: 10 }))

    const page = must(await shop.storefront.productPage(ann, { productId }))
    expect(page).toMatchObject({
      piecePrices: [{ sku: 'kettle', price: { minor: 11_610, currency: 'CNY' }, offerIds: ['tenth-off'] }],
      coupons: [{ offerId: 'click', left: 5, leftForCustomer: 1 }],
      categories: [{ categoryId: 'home', name: text('Home') }],
      attributes: [{ name: 'volume', title: volume.title, value: '1.7 l' }],
      reviews: { reviews: 0, goodRateBasisPoints: null },
      sold: 2,
      accessories: [{ productId: 'prd_self.lid', inStock: false }],
      warrantyMonths: 24,
      service,
      product: { manuals },
    })
    const compared = must(await shop.storefront.compare(ann, { productIds: [productId, 'prd_self.lid'] }))
    expect(compared.products).toMatchObject([
      { productId, inStock: true, price: { minor: 12_900 }, standing: { sold: 2 } },
      { productId: 'prd_self.lid', inStock: false },
    ])
    expect(compared.attributes).toMatchObject([{ name: 'volume', title: volume.title, differs: false }])
    const none = await shop.storefront.compare(ann, { productIds: [productId, 'prd_self.gone'] })
    expect(none._unsafeUnwrapErr()).toMatchObject({ type: 'NotFound', id: 'prd_self.gone' })

    must(await shop.promotions.claimCoupon(byClerk(ann.actor), { by: 'click', offerId: 'click' }))
    expect(must(await shop.storefront.productPage(ann, { productId })).coupons).toEqual([])
    const guest: Actor = { kind: 'guest', guestId: 'passer-by' }
    expect(must(await shop.storefront.productPage({ actor: guest }, { productId })).coupons).toMatchObject([
      { left: 4 },
    ])

    // What a predicate of the host leaves out is as if it were not there.
    const within = (merchantId: string) => {
      const fields = { kind: 'fields', fields: { merchantId: [merchantId] } } as const
      return createShop({ ...stall.ports, authorizer: { authorize: () => okAsync(fields) } }).storefront
    }
    const both = { productIds: [productId, 'prd_self.lid'] }
    expect(must(await within('self').productPage(ann, { productId })).accessories).toHaveLength(1)
    expect(must(await within('self').cardPrices(ann, both))).toHaveLength(2)
    expect(must(await within('self').compare(ann, both)).products).toHaveLength(2)
    const hidden = { type: 'NotFound', entity: 'product', id: productId }
    expect((await within('other').productPage(ann, { productId }))._unsafeUnwrapErr()).toEqual(hidden)
    expect((await within('other').compare(ann, both))._unsafeUnwrapErr()).toEqual(hidden)
    expect(must(await within('other').cardPrices(ann, both))).toEqual([])
    expect(must(await within('other').similar(ann, { productId: 'prd_self.lid' }))).toEqual([])
    expect(must(await within('self').similar(ann, { productId: 'prd_self.lid' }))).toMatchObject([
      { card: { productId } },
    ])
  })
})

describe('attributes side by side', () => {
  const stated = (name: string, value: string, title: { en: string; 'zh-CN': string } | null = null) => ({
    name,
    title,
    value,
    valueTitle: null,
  })

  it('are aligned by name, those that are defined first, and differ only where they mean another thing', () => {
    const [left, right] = [
      [stated('other', 'a'), stated('volume', '0.5 l', text('Volume'))],
      [stated('volume', '500ml', text('Volume')), stated('colour', 'Red')],
    ]
    expect(alignAttributes([left ?? [], right ?? []])).toMatchObject([
      { name: 'volume', differs: false, values: [{ value: '0.5 l' }, { value: '500ml' }] },
      { name: 'other', differs: true, values: [{ value: 'a' }, null] },
      { name: 'colour', differs: true, values: [null, { value: 'Red' }] },
    ])
  })
})

describe('the member centre', () => {
  it('says the rules of coupons in words, with the names of levels and categories', async () => {
    const scope = { categoryIds: ['home'], not: { categoryIds: ['fresh'] } }
    const shop = await openShop({ offers: [{ ...couponOffer, scope, audience: { levels: ['gold'] } }] })
    const named = (categoryId: string, en: string, zh: string) =>
      put(categories, {
        id: categoryId,
        version: 0,
        state: {
          categoryId,
          parentId: null,
          name: { en, 'zh-CN': zh },
          slug: categoryId,
          position: 0,
          requiredAttributes: [],
          status: 'settled',
        },
      })
    await commit(shop, [named('home', 'Household', '家居'), named('fresh', 'Fresh food', '生鲜')])
    await giveCoupon(shop, 'ann')
    // Once with the offers read beside the coupons, once with those that are kept in process.
    for (const _ of [1, 2]) {
      const [coupon] = value(await memberCentre(shop, by('ann'))).coupons
      expect(coupon?.rules?.['zh-CN'].slice(0, 3).map(({ text }) => text)).toEqual([
        '满¥100.00（按其他优惠后的金额计算），减¥20.00',
        '金卡会员',
        '限品类：家居，不含：生鲜',
      ])
      expect(coupon?.rules?.en[2]?.text).toBe('Only the categories Household, except Fresh food')
    }
    expect(value(await listCoupons(shop, by('ann'), { limit: 1 })).coupons[0]?.rules?.en[2]?.text).toBe(
      'Only the categories Household, except Fresh food',
    )
    value(await publishOffers(shop, byStaff(), { expectedRevision: 1, offers: [] }))
    expect(value(await memberCentre(shop, by('ann'))).coupons).toMatchObject([{ title: null, rules: null }])
  })

  it('shows a member their own points, coupons and orders', async () => {
    const shop = await openShop({ offers: [couponOffer] })
    await givePoints(shop, 'ann', 300)
    const couponId = await giveCoupon(shop, 'ann')
    await fillCart(shop, 'ann', [['kettle', 1]])
    const { orderId } = await place(shop, 'ann')
    await pay(shop, 'ann', orderId)
    expect(value(await memberCentre(shop, by('ann')))).toMatchObject({
      points: 300,
      // One point for every whole yuan of 129.00.
      pointsToCome: 129,
      pointsDebt: 0,
      coupons: [{ couponId }],
      orders: { awaitingShipment: 1 },
    })
    expect(value(await memberCentre(shop, by('eve')))).toMatchObject({ points: 0, coupons: [], orders: {} })
  })
})
