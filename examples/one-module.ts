import {
  commitChanges,
  createBookShelf,
  createIds,
  createTableAuthorizer,
  createTurns,
  type Product,
  products,
  put,
} from 'shopwright'
import { createMemoryStorage } from 'shopwright/adapters/memory'
import { createKeyedDigest, systemClock } from 'shopwright/adapters/runtime'
import { addLine, type CartPorts, cartAccess, viewCart } from 'shopwright/cart'
import { type PriceCartInput, type PriceLine, priceCart, renderPrice } from 'shopwright/pricing'
import { must } from './support/must.js'

// #region pricing
// Pricing alone: a function of its input. It needs no storage, no clock and no other module.
const line: PriceLine = {
  lineId: 'mugs',
  productId: 'mug',
  sku: 'mug',
  merchantId: 'me',
  categoryIds: [],
  brand: '',
  quantity: 3,
  listUnitMinor: 1_990,
  weightGrams: 350,
  taxClass: 'goods',
  discountable: true,
}
const input: PriceCartInput = {
  pricingVersion: 1,
  now: Date.UTC(2026, 10, 11),
  currency: 'CNY',
  lines: [line],
  offers: [
    {
      version: 1,
      offerId: 'ten-off',
      title: { en: '10.00 off from 50.00', 'zh-CN': '满50减10' },
      issuer: { kind: 'platform' },
      form: { kind: 'promotion' },
      stage: 'platform',
      priority: 0,
      currency: 'CNY',
      window: { timeZone: 'Asia/Shanghai', from: Date.UTC(2026, 10, 1), to: Date.UTC(2026, 10, 30) },
      threshold: { amountMinor: 5_000, basis: 'running' },
      benefit: { kind: 'amountOff', offMinor: 1_000 },
      funding: { platformBasisPoints: 0 },
    },
  ],
  coupons: [],
  buyer: { levelId: null, firstOrder: false, birthdayToday: false },
  channel: 'web',
  paymentMethod: null,
  shipping: null,
  tax: null,
  points: null,
}
const price = must(priceCart(input))
// #endregion
for (const row of renderPrice(price, 'en')) console.log(row)

// #region cart
// The cart alone: its workflows as functions, over ports that hold what a cart needs and no more.
const ports: CartPorts = {
  shop: 'main',
  storage: createMemoryStorage(),
  clock: systemClock,
  ids: createIds(systemClock),
  authorizer: createTableAuthorizer(cartAccess),
  digests: createKeyedDigest({ key: new Uint8Array(32) }),
  books: createBookShelf(),
  turns: createTurns(),
  emit: () => {},
  attempts: 16,
}
// Products come from the host; without a source of stock every quantity can be had.
const state: Product = {
  status: 'active',
  publishedAt: 0,
  productId: 'mug',
  externalId: 'mug',
  merchantId: 'me',
  title: { en: 'Mug', 'zh-CN': '马克杯' },
  description: { en: '', 'zh-CN': '' },
  brand: '',
  homeCategoryIds: [],
  categoryIds: [],
  variants: [
    {
      sku: 'mug',
      options: {},
      listPrice: { minor: 1_990, currency: 'CNY' },
      weightGrams: 350,
      taxClass: 'goods',
      discountable: true,
    },
  ],
  attributes: {},
  media: [],
  perPersonLimit: null,
  facets: [],
  minPriceMinor: 1_990,
  createdAt: 0,
  updatedAt: 0,
}
const changes = [put(products, { id: 'mug', version: 0, state })]
must(await commitChanges(ports.storage, { shop: 'main', at: systemClock.now(), changes }))

const visitor = { actor: { kind: 'guest', guestId: 'g1' }, key: 'first' } as const
must(await addLine(ports, visitor, { productId: 'mug', sku: 'mug', quantity: 3 }))
const cart = must(await viewCart(ports, visitor, {}))
// #endregion
console.log(
  `in the cart: ${cart.lines.map(({ sku, quantity }) => `${quantity} x ${sku}`)}; to pay: ${price.totals.payableMinor} fen`,
)
