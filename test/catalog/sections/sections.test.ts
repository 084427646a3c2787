import type { Actor, Offer, PriceList } from 'shopwright'
import { describe, expect, it } from 'vitest'
import { must, openingTime } from '../../shop/open-shop.js'
import { by, clerk, content, join, text } from '../../shop/world.js'
import { buyKettles, deliverAll, openStall, type Stall } from '../../support/open-stall.js'
import { unchecked } from '../../support/unchecked.js'

const day = 86_400_000
const anyone: Actor = { kind: 'guest', guestId: 'passer-by' }
const idOf = (sku: string) => `prd_self.${sku}`

const offerOf = (offerId: string, said: Partial<Offer>): Offer => ({
  version: 1,
  offerId,
  title: text(offerId),
  issuer: { kind: 'platform' },
  form: { kind: 'promotion' },
  stage: 'line',
  priority: 0,
  currency: 'CNY',
  window: { timeZone: 'Asia/Shanghai' },
  benefit: { kind: 'percentOff', offBasisPoints: 1_000 },
  funding: { platformBasisPoints: 0 },
  ...said,
})

const list = async (stall: Stall, sku: string, said: object = {}) => {
  const { shop } = stall
  const product = { externalId: sku, merchantId: 'self', content: { ...content(sku, 'home'), ...said } } as const
  must(await shop.catalog.saveProduct(by(clerk), product))
  must(await shop.catalog.publishProduct(by(clerk), { productId: idOf(sku) }))
}

const open = async (offers: readonly Offer[] = []) => {
  const stall = await openStall(offers)
  const page = async (sectionId: string, asked: object = {}, actor: Actor = anyone) =>
    must(await stall.shop.catalog.section({ actor }, { sectionId, ...asked }))
  const shown = async (sectionId: string, asked: object = {}, actor: Actor = anyone) =>
    (await page(sectionId, asked, actor)).products.map(({ card }) => card.productId.replace('prd_self.', ''))
  return { ...stall, stall, page, shown }
}

describe('the sections of a shop', () => {
  it('are hot by what was sold lately, new by when it was launched, and recommended by the grade', async () => {
    const { stall, shop, pass, page, shown } = await open()
    pass(20 * day)
    await list(stall, 'cup')
    await list(stall, 'relic', { attributes: { volume: '1 l', launchDate: '1998-05-01' } })
    const ann = await join(stall, 'ann@example.com', 'Ann')
    const { orderId } = await buyKettles(stall, ann.actor, 6)
    const rank = async () => {
      await deliverAll(stall)
      pass(60_000)
      must(await shop.upkeep.rankProducts({ limit: 10 }))
    }
    await rank()
    expect((await page('hot')).products).toMatchObject([
      { card: { productId: idOf('kettle') }, because: { kind: 'hot', soldLately: 6 } },
    ])
    // The relic is listed today and launched in 1998.
    expect(await shown('new')).toEqual(['cup', 'kettle'])
    pass(11 * day)
    expect(await shown('new')).toEqual(['cup'])
    // After 15 days less than three of the six count, and no job had to say so.
    pass(4 * day)
    expect(await shown('hot')).toEqual([])
    expect((await page('recommended')).products).toEqual([])
    must(await shop.orders.ship(by(clerk), { orderId, carrier: 'sf-express', trackingNumber: 'SF1' }))
    must(await shop.orders.confirmReceipt(by(ann.actor), { orderId }))
    const [line] = must(await shop.orders.page(ann, { orderId })).lines
    must(await shop.reviews.write(by(ann.actor), { orderId, lineId: line?.lineId ?? '', rating: 5 }))
    await rank()
    // One good review of one is grade 1; the shop is content with that, and has a favourite.
    const recommended = {
      sectionId: 'recommended',
      title: text('For you'),
      rule: { kind: 'recommended', leastGrade: 1 },
      pinned: [idOf('relic'), idOf('gone')],
    } as const
    must(await shop.catalog.publishSections(by(clerk), { expectedRevision: 0, sections: [recommended] }))
    expect((await page('recommended')).products.map(({ because }) => because)).toEqual([
      { kind: 'pinned' },
      { kind: 'recommended', grade: 1, goodRateBasisPoints: 10_000, reviews: 1 },
    ])
    const { sections, revision } = must(await shop.catalog.listSections({ actor: anyone }))
    expect([revision, sections.map(({ sectionId }) => sectionId)]).toEqual([
      1,
      ['recommended', 'hot', 'new', 'promotion'],
    ])
  })

  it('have on promotion what an offer or a sale price holds for now and here, and take it out when that ends', async () => {
    const start = openingTime
    const ends = start + 3 * day
    const { stall, shop, pass, page, shown } = await open([
      offerOf('cups', { scope: { skus: ['cup', 'nothing'] }, window: { timeZone: 'Asia/Shanghai', to: ends } }),
      offerOf('gold', { scope: { productIds: [idOf('pan')] }, audience: { levels: ['gold'] } }),
      offerOf('app', { scope: { brands: ['Tidal'] }, channels: ['app'] }),
      // Over everything, for all goods together: it tells none apart.
      offerOf('basket', { stage: 'platform', threshold: { amountMinor: 1, basis: 'activity' } }),
      offerOf('newcomers', { scope: { productIds: [idOf('pan')] }, audience: { firstOrder: true } }),
    ])
    for (const sku of ['cup', 'pan', 'tea']) await list(stall, sku, sku === 'tea' ? { brand: 'Tidal' } : {})
    const sale: PriceList = {
      listId: 'week',
      title: text('This week'),
      kind: 'sale',
      currency: 'CNY',
      prices: [
        { sku: 'kettle', unitMinor: 9_900, from: start + day, to: start + 2 * day },
        // Dearer than the catalog: nothing is lower.
        { sku: 'pan', unitMinor: 99_000 },
      ],
    }
    must(await shop.pricing.publishPriceLists(by(clerk), { expectedRevision: 0, lists: [sale] }))
    expect((await page('promotion')).products).toMatchObject([
      {
        card: { productId: idOf('cup') },
        because: {
          kind: 'promotion',
          promotions: [{ kind: 'offer', promotionId: 'cups', title: text('cups'), endsAt: ends }],
        },
      },
    ])
    expect(await shown('promotion', { channel: 'app' })).toEqual(['cup', 'tea'])
    pass(day)
    expect(await shown('promotion')).toEqual(['cup', 'kettle'])
    const cards = must(await shop.storefront.sectionCards({ actor: anyone }, { sectionId: 'promotion', limit: 5 }))
    expect(cards.products[1]).toMatchObject({
      card: { price: { minor: 9_900 }, originalPrice: { minor: 12_900 }, listId: 'week' },
      because: { promotions: [{ kind: 'priceList', promotionId: 'week', endsAt: start + 2 * day }] },
    })
    expect(await shown('promotion', { inStockOnly: true })).toEqual(['kettle'])
    expect(await shown('promotion', { filter: { brands: ['Nobody'] } })).toEqual([])
    pass(day)
    expect(await shown('promotion')).toEqual(['cup'])
    pass(day)
    expect(await shown('promotion')).toEqual([])
  })

  it('of its own show what the shop declares, page by page, each product once', async () => {
    const { stall, shop, page, shown } = await open()
    const skus = ['a', 'b', 'c', 'd', 'e', 'f', 'g']
    for (const sku of skus) await list(stall, sku, { brand: sku === 'g' ? 'Tidal' : 'Brew' })
    const spring = {
      sectionId: 'spring',
      title: { en: 'Spring', 'zh-CN': '春季' },
      rule: { kind: 'filter' },
      filter: { brands: ['Brew'] },
      sort: 'priceAscending',
      pinned: [idOf('f'), idOf('g'), idOf('c')],
      leftOut: [idOf('b'), idOf('kettle')],
    }
    const publish = (expectedRevision: number, sections: readonly unknown[]) =>
      shop.catalog.publishSections(by(clerk), { expectedRevision, sections: unchecked(sections) })
    must(await publish(0, [spring]))
    // What is pinned meets the filter of the section, too.
    const whole = ['f', 'c', 'a', 'd', 'e']
    expect(await shown('spring')).toEqual(whole)
    for (const limit of [1, 2, 3, 4]) {
      const seen: string[] = []
      let after: string | null = ''
      while (after !== null) {
        const { products, next } = await page('spring', { limit, ...(after === '' ? {} : { after }) })
        expect(products.length).toBeLessThanOrEqual(limit)
        seen.push(...products.map(({ card }) => card.productId.replace('prd_self.', '')))
        after = next
      }
      expect([limit, seen]).toEqual([limit, whole])
    }
    const refusal = async (sectionId: string, asked: object) =>
      (await shop.catalog.section({ actor: anyone }, { sectionId, ...asked }))._unsafeUnwrapErr()
    expect(await refusal('winter', {})).toEqual({ type: 'NotFound', entity: 'section', id: 'winter' })
    expect(await refusal('spring', { after: 'hot~1~x' })).toMatchObject({ issues: [{ path: 'after' }] })
    expect((await publish(0, []))._unsafeUnwrapErr()).toMatchObject({ type: 'BookChanged', actualRevision: 1 })
    expect((await publish(1, [spring, spring]))._unsafeUnwrapErr()).toMatchObject({
      issues: [{ path: 'sections', message: 'Every section stands once' }],
    })
  })
})
