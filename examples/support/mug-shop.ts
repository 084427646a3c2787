import { type CommandContext, productIdOf, type Shop, type ShopPorts } from 'shopwright'
import { createSandboxGateway } from 'shopwright/adapters/gateways/sandbox'
import { createConsoleNotifier } from 'shopwright/adapters/notify/console'
import { createScryptHasher } from 'shopwright/adapters/passwords/scrypt'
import { createKeyedDigest, createSealer, systemClock } from 'shopwright/adapters/runtime'
import { must } from './must.js'

const key = crypto.getRandomValues(new Uint8Array(32))

/** Everything an example's shop needs beside its storage. */
export const examplePorts: Omit<ShopPorts, 'storage'> = {
  clock: systemClock,
  digests: createKeyedDigest({ key }),
  sealer: createSealer({ current: { keyId: 'k1', key } }),
  hasher: createScryptHasher(),
  notifier: createConsoleNotifier(),
  gateways: { sandbox: createSandboxGateway({ now: systemClock.now, keys: [{ keyId: 'k1', secret: 'sandbox' }] }) },
}

let commands = 0
const nextKey = (): string => {
  commands += 1
  return `example-${commands}`
}

/** A command of the shop's staff, under a key of its own. */
export const byStaff = (): CommandContext => ({ actor: { kind: 'staff', staffId: 'sue', roles: [] }, key: nextKey() })

/** A command of a customer, under a key of its own. */
export const by = (accountId: string): CommandContext => ({ actor: { kind: 'customer', accountId }, key: nextKey() })

/** What the examples sell: one mug at 19.90. */
export const mug = { productId: productIdOf('me', 'mug'), sku: 'mug' } as const

/** Sends everything anywhere for 8.00. */
export const openPost = async (shop: Pick<Shop, 'pricing'>): Promise<void> => {
  const zone = { zoneId: 'all', regions: ['*'], rate: { kind: 'flat', chargeMinor: 800 }, freeFromMinor: null } as const
  const zones = [{ ...zone, days: { earliest: 1, latest: 3 } }]
  const post = { methodId: 'post', title: { en: 'Post', 'zh-CN': '邮寄' }, zones }
  must(await shop.pricing.publishShippingBook(byStaff(), { expectedRevision: 0, currency: 'CNY', methods: [post] }))
}

/** Puts the mug on sale and pieces of it in stock. */
export const sellMugs = async (
  shop: Pick<Shop, 'catalog' | 'inventory' | 'pricing'>,
  pieces: number,
): Promise<void> => {
  const source = [
    { externalId: 'mug', title: { en: 'Mug', 'zh-CN': '马克杯' }, price: '19.90', categoryPath: ['Kitchen'] },
  ]
  const file = { importId: 'first', format: 'rows', merchantId: 'me', currency: 'CNY', source } as const
  must(await shop.catalog.importProducts(byStaff(), file))
  must(await shop.inventory.receive(byStaff(), { reference: 'first', lines: [{ sku: mug.sku, quantity: pieces }] }))
  await openPost(shop)
}

const recipient = { name: '安妮', phone: '13800000000', region: 'CN-31', city: '上海', address: '世纪大道 1 号' }

/** Fills a customer's cart with mugs, and says what it takes to order them at the price they have now. */
export const chooseMugs = async (
  shop: Pick<Shop, 'cart'> & { orders: Pick<Shop['orders'], 'preview'> },
  accountId: string,
  quantity: number,
  goods: { readonly productId: string; readonly sku: string } = mug,
) => {
  must(await shop.cart.addLine(by(accountId), { ...goods, quantity }))
  const post = { shippingMethodId: 'post', region: recipient.region }
  const { totals } = must(await shop.orders.preview(by(accountId), post))
  return { shippingMethodId: 'post', recipient, expectedTotalMinor: totals.payableMinor }
}
