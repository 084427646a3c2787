// Sections of a shop: hot, new, on promotion, recommended, and one of its own; each product says why it stands there.
import { createShop, type Offer, type SectionReason } from 'shopwright'
import { createMemoryStorage } from 'shopwright/adapters/memory'
import { by, byStaff, chooseMugs, examplePorts, mug, sellMugs } from './support/mug-shop.js'
import { must } from './support/must.js'

let now = Date.UTC(2026, 10, 10)
const shop = createShop({ ...examplePorts, clock: { now: () => now }, storage: createMemoryStorage() })
await sellMugs(shop, 20)
const { orderId } = must(await shop.orders.place(by('ann'), await chooseMugs(shop, 'ann', 8)))
must(await shop.orders.pay(by('ann'), { orderId, gatewayId: 'sandbox', method: 'wechatPay' }))
must(await shop.upkeep.relay({ worker: 'example', limit: 100 }))
now += 60_000
must(await shop.upkeep.rankProducts({ limit: 100 }))

// #region own
const { revision } = must(await shop.catalog.listSections(by('ann')))
must(
  await shop.catalog.publishSections(byStaff(), {
    expectedRevision: revision,
    sections: [
      {
        sectionId: 'under-20',
        title: { en: 'Under 20 yuan', 'zh-CN': '20 元以下' },
        rule: { kind: 'filter' },
        filter: { maxPriceMinor: 2_000 },
        pinned: [mug.productId],
      },
    ],
  }),
)
// #endregion

// #region promotion
const tenthOff: Offer = {
  version: 1,
  offerId: 'singles-day',
  title: { en: 'A tenth off', 'zh-CN': '九折' },
  issuer: { kind: 'platform' },
  form: { kind: 'promotion' },
  stage: 'line',
  priority: 0,
  currency: 'CNY',
  window: { timeZone: 'Asia/Shanghai', to: Date.UTC(2026, 10, 12) },
  scope: { skus: [mug.sku] },
  benefit: { kind: 'percentOff', offBasisPoints: 1_000 },
  funding: { platformBasisPoints: 0 },
}
must(await shop.promotions.publishOffers(byStaff(), { expectedRevision: 0, offers: [tenthOff] }))
// #endregion

const tell = (because: SectionReason): string => {
  switch (because.kind) {
    case 'hot':
      return `${because.soldLately} sold lately`
    case 'promotion':
      return because.promotions.map(({ promotionId }) => promotionId).join()
    case 'new':
    case 'recommended':
    case 'pinned':
    case 'filter':
      return because.kind
  }
}

// #region show
const show = async (): Promise<void> => {
  for (const sectionId of ['hot', 'new', 'promotion', 'recommended', 'under-20']) {
    const { section, products } = must(await shop.storefront.sectionCards(by('bob'), { sectionId }))
    const told = products.map(({ card, because }) => `${card.title.en}: ${tell(because)}`)
    console.log(`${section.title['zh-CN']} [${told.join('; ')}]`)
  }
}
await show()
// A week later half of what was sold counts, and the offer has ended; nothing was run in between.
now += 7 * 86_400_000
await show()
// #endregion
