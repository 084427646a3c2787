import { createShop, productIdOf } from 'shopwright'
import { createSandboxGateway } from 'shopwright/adapters/gateways/sandbox'
import { createMemoryStorage } from 'shopwright/adapters/memory'
import { createConsoleNotifier } from 'shopwright/adapters/notify/console'
import { createScryptHasher } from 'shopwright/adapters/passwords/scrypt'
import { createKeyedDigest, createSealer, systemClock } from 'shopwright/adapters/runtime'
import { must } from './support/must.js'

// Two secrets of your own, kept for good.
const [digestKey, sealKey] = [crypto.getRandomValues(new Uint8Array(32)), crypto.getRandomValues(new Uint8Array(32))]
const shop = createShop({
  storage: createMemoryStorage(),
  clock: systemClock,
  digests: createKeyedDigest({ key: digestKey }),
  sealer: createSealer({ current: { keyId: 'k1', key: sealKey } }),
  hasher: createScryptHasher(),
  notifier: createConsoleNotifier(),
  gateways: { sandbox: createSandboxGateway({ now: systemClock.now, keys: [{ keyId: 'k1', secret: 'sandbox' }] }) },
})
const staff = (key: string) => ({ actor: { kind: 'staff', staffId: 'sue', roles: [] }, key }) as const
const ann = (key: string) => ({ actor: { kind: 'customer', accountId: 'ann' }, key }) as const

const source = [{ externalId: 'mug', title: { en: 'Mug' }, price: '19.90', categoryPath: ['Kitchen'] }]
const file = { importId: 'first', format: 'rows', merchantId: 'me', currency: 'CNY', source } as const
must(await shop.catalog.importProducts(staff('1'), file))
must(await shop.inventory.receive(staff('2'), { reference: 'first', lines: [{ sku: 'mug', quantity: 10 }] }))
const zone = { zoneId: 'all', regions: ['*'], rate: { kind: 'flat', chargeMinor: 800 }, freeFromMinor: null } as const
const zones = [{ ...zone, days: { earliest: 1, latest: 3 } }]
const post = { methodId: 'post', title: { en: 'Post', 'zh-CN': '邮寄' }, zones }
must(await shop.pricing.publishShippingBook(staff('3'), { expectedRevision: 0, currency: 'CNY', methods: [post] }))

must(await shop.cart.addLine(ann('4'), { productId: productIdOf('me', 'mug'), sku: 'mug', quantity: 2 }))
const { totals } = must(await shop.orders.preview(ann('5'), { shippingMethodId: 'post', region: 'CN-31' }))
const recipient = { name: '安妮', phone: '13800000000', region: 'CN-31', city: '上海', address: '世纪大道 1 号' }
const choice = { shippingMethodId: 'post', recipient, expectedTotalMinor: totals.payableMinor }
const order = must(await shop.orders.place(ann('6'), choice))
const payment = { orderId: order.orderId, gatewayId: 'sandbox', method: 'wechatPay' } as const
const paid = must(await shop.orders.pay(ann('7'), payment))
console.log(`order ${paid.orderStatus}: ${order.payableMinor} fen by ${paid.paymentStatus} payment`)
