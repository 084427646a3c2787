// What a buyer sees of a product: attributes by name, the price after offers, what others say of it.
import { createShop, type Offer, readyAttributes } from 'shopwright'
import { createMemoryStorage } from 'shopwright/adapters/memory'
import { by, byStaff, chooseMugs, examplePorts, mug, openPost } from './support/mug-shop.js'
import { must } from './support/must.js'

const shop = createShop({ ...examplePorts, storage: createMemoryStorage() })
await openPost(shop)

// #region attributes
const volume = { name: 'volume', title: { en: 'Volume', 'zh-CN': '容量' }, kind: 'number', unit: 'ml', min: 1 } as const
must(
  await shop.catalog.saveCategory(byStaff(), {
    categoryId: 'mugs',
    parentId: null,
    name: { en: 'Mugs', 'zh-CN': '杯子' },
    slug: 'mugs',
    position: 0,
    requiredAttributes: ['volume'],
    attributes: [volume, ...readyAttributes],
  }),
)
const content = {
  title: { en: 'Mug', 'zh-CN': '马克杯' },
  description: { en: '', 'zh-CN': '' },
  brand: 'Kiln',
  homeCategoryIds: ['mugs'],
  variants: [
    {
      sku: mug.sku,
      options: {},
      listPrice: { minor: 1_990, currency: 'CNY' },
      weightGrams: 300,
      taxClass: 'goods',
      discountable: true,
    },
  ],
  attributes: { volume: 'large', material: 'stoneware' },
  tags: ['露营'],
  media: [],
  warrantyMonths: 12,
  perPersonLimit: null,
}
const product = { externalId: 'mug', merchantId: 'me' }
must(await shop.catalog.saveProduct(byStaff(), { ...product, content }))
const refused = await shop.catalog.publishProduct(byStaff(), { productId: mug.productId })
console.log(
  refused.isErr() && refused.error.type === 'ProductIncomplete' ? `lacks ${refused.error.missing}` : 'on sale',
)

const stated = { ...content.attributes, volume: '0.35 l' }
must(await shop.catalog.saveProduct(byStaff(), { ...product, content: { ...content, attributes: stated } }))
must(await shop.catalog.publishProduct(byStaff(), { productId: mug.productId }))
const found = must(
  await shop.catalog.searchProducts(by('ann'), {
    text: '',
    filter: { attributes: { volume: ['350 ml'], material: ['glass'] } },
  }),
)
console.log(`${found.total} of glass with 350 ml; lift first: ${found.relax}`)
// #endregion

must(await shop.inventory.receive(byStaff(), { reference: 'first', lines: [{ sku: mug.sku, quantity: 9 }] }))
const tenthOff: Offer = {
  version: 1,
  offerId: 'tenth-off',
  title: { en: 'A tenth off', 'zh-CN': '九折' },
  issuer: { kind: 'platform' },
  form: { kind: 'promotion' },
  stage: 'line',
  priority: 0,
  currency: 'CNY',
  window: { timeZone: 'Asia/Shanghai' },
  benefit: { kind: 'percentOff', offBasisPoints: 1_000 },
  funding: { platformBasisPoints: 0 },
}
must(await shop.promotions.publishOffers(byStaff(), { expectedRevision: 0, offers: [tenthOff] }))
const { orderId } = must(await shop.orders.place(by('ann'), await chooseMugs(shop, 'ann', 2)))
must(await shop.orders.pay(by('ann'), { orderId, gatewayId: 'sandbox', method: 'wechatPay' }))
must(await shop.orders.ship(byStaff(), { orderId, carrier: 'sf-express', trackingNumber: 'SF1' }))

// #region review
const [line] = must(await shop.orders.page(by('ann'), { orderId })).lines
const review = { orderId, lineId: line?.lineId ?? '', rating: 4, text: '手感很好', signedAs: '王小明' } as const
const early = await shop.reviews.write(by('ann'), review)
console.log(early.isErr() ? `not yet: ${early.error.type}` : 'written')
must(await shop.orders.confirmReceipt(by('ann'), { orderId }))
const { reviewId } = must(await shop.reviews.write(by('ann'), review))
const hidden = await shop.reviews.hide(byStaff(), { reviewId, reason: 'negative' })
console.log(hidden.isErr() ? `stays in sight: ${hidden.error.type}` : 'hidden')
must(await shop.reviews.reply(byStaff(), { reviewId, text: '谢谢您' }))
// #endregion

// #region page
must(await shop.upkeep.relay({ worker: 'example', limit: 100 }))
const page = must(await shop.storefront.productPage(by('bob'), { productId: mug.productId }))
console.log(page.attributes.map(({ title, name, value }) => `${title?.en ?? name} ${value}`).join(', '))
const said = must(await shop.reviews.ofProduct(by('bob'), { productId: mug.productId }))
console.log(
  said.reviews.map(({ author, rating, text, reply }) => `${author} ${rating} ${text} / ${reply?.text}`).join(),
)
const [piece] = page.piecePrices
const { ratingTenths, reviews } = page.reviews
console.log(`${piece?.price?.minor} fen, ${page.sold} sold, ${(ratingTenths ?? 0) / 10} stars of ${reviews}`)
// #endregion
