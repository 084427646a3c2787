import pg from 'pg'
import { type Change, commitChanges, createShop, type Offer, put, type Shop, type Storage } from 'shopwright'
import { createSandboxGateway, type SandboxGateway } from 'shopwright/adapters/gateways/sandbox'
import { createConsoleNotifier } from 'shopwright/adapters/notify/console'
import { createScryptHasher } from 'shopwright/adapters/passwords/scrypt'
import { createPostgresStorage, migrate } from 'shopwright/adapters/postgres'
import { createKeyedDigest, createSealer, systemClock } from 'shopwright/adapters/runtime'
import { type CartLine, cartIdOf, type StoredCart } from '../../src/cart/cart.js'
import { carts } from '../../src/cart/cart.schema.js'
import type { Product } from '../../src/catalog/product.js'
import { products } from '../../src/catalog/product.schema.js'
import { pointsAccounts } from '../../src/membership/points-account.collection.schema.js'
import { pointsMachine } from '../../src/membership/points-machine.js'
import { defaultShopPolicy, shopPolicyId } from '../../src/orders/policy/shop-policy.js'
import { policyBooks } from '../../src/orders/policy/shop-policy.schema.js'
import { coupons } from '../../src/promotions/coupon.collection.schema.js'
import { decideNext } from '../../src/shared/decider.js'
import { daysMs } from '../../src/shared/instant.js'
import { subjectKeys } from '../../src/shared/personal-data.schema.js'
import type { CommitForm } from './commit-contender.js'
import { openCountingPool } from './counting-pool.js'

/** The schema of the shops that are measured. */
export const schema = 'shopwright_shop'
/** What there is of each SKU at first. */
export const piecesOfSku = 1_000_000_000
const skusOfRange = 1_000
const ranges = [
  { quantity: 1, minor: 9_990 },
  { quantity: 2, minor: 11_500 },
  { quantity: 3, minor: 9_990 },
] as const
const pointsSpent = 1_000
/** How many rows are written together where nothing is measured. */
export const rowsAtOnce = 250

const key = new Uint8Array(32).fill(7)
const sealer = createSealer({ current: { keyId: 'k1', key } })
const text = (en: string) => ({ en, 'zh-CN': en })
const skuOf = (range: number, place: number): string => `sku-${range}-${place}`
const productIdOfSku = (sku: string): string => `product-${sku}`

const offer = (
  offerId: string,
  given: Pick<Offer, 'benefit' | 'stage'> & Partial<Pick<Offer, 'form' | 'threshold' | 'scope'>>,
): Offer => ({
  version: 1,
  offerId,
  title: text(offerId),
  issuer: { kind: 'platform' },
  form: { kind: 'promotion' },
  priority: 0,
  currency: 'CNY',
  window: { timeZone: 'Asia/Shanghai', from: systemClock.now() - daysMs, to: systemClock.now() + 30 * daysMs },
  funding: { platformBasisPoints: 5_000 },
  ...given,
})

// What a shop has on an ordinary day: something off a category, money off a full cart, and a coupon.
const offers: readonly Offer[] = [
  offer('category', {
    stage: 'line',
    benefit: { kind: 'percentOff', offBasisPoints: 500 },
    scope: { categoryIds: ['range-1'] },
  }),
  offer('full', {
    stage: 'platform',
    benefit: { kind: 'amountOff', offMinor: 3_000, perFullMinor: 30_000, maxTimes: 3 },
    threshold: { amountMinor: 30_000, basis: 'running' },
  }),
  offer('coupon', {
    stage: 'platformCoupon',
    form: { kind: 'coupon', issues: 1_000_000_000, claimsPerCustomer: 1, claimable: true },
    threshold: { amountMinor: 10_000, basis: 'running' },
    benefit: { kind: 'amountOff', offMinor: 2_000 },
  }),
]

const productOf = (range: number, sku: string, minor: number): Product => ({
  status: 'active',
  publishedAt: systemClock.now(),
  productId: productIdOfSku(sku),
  externalId: sku,
  merchantId: 'self',
  title: text(`A thing of range ${range}, ${sku}`),
  description: text('What the page of the product says of it, in a sentence or two that nobody reads when ordering.'),
  brand: 'ours',
  homeCategoryIds: [`range-${range}`],
  categoryIds: ['all', `range-${range}`],
  variants: [
    {
      sku,
      options: { colour: 'black' },
      listPrice: { minor, currency: 'CNY' },
      weightGrams: 500,
      taxClass: 'goods',
      discountable: true,
    },
  ],
  attributes: { material: 'steel' },
  media: [],
  perPersonLimit: null,
  facets: [],
  minPriceMinor: minor,
  createdAt: systemClock.now(),
  updatedAt: systemClock.now(),
})

const staff = (name: string) => ({ actor: { kind: 'staff', staffId: 'sue', roles: [] }, key: name }) as const

/** What a result holds; a benchmark that is refused measures nothing. */
export const must = <Value>(result: { readonly isErr: () => boolean; readonly _unsafeUnwrap: () => Value }): Value => {
  if (result.isErr()) throw new Error(`the shop of the benchmark refused: ${JSON.stringify(result)}`)
  return result._unsafeUnwrap()
}

const inBatches = <Item>(items: readonly Item[]): readonly (readonly Item[])[] => {
  const batches: Item[][] = []
  for (let start = 0; start < items.length; start += rowsAtOnce) batches.push(items.slice(start, start + rowsAtOnce))
  return batches
}

const cartOf = (buyerId: string, couponId: string): StoredCart => {
  const lines = ranges.map(({ quantity }, range): CartLine => {
    const sku = skuOf(range, Math.floor(Math.random() * skusOfRange))
    const line = { lineId: `line-${range}`, productId: productIdOfSku(sku), sku, quantity }
    return { ...line, selected: true, addedAt: systemClock.now() }
  })
  return {
    status: 'open',
    cartId: cartIdOf(buyerId),
    ownerId: buyerId,
    ownerKind: 'customer',
    lines,
    later: [],
    couponIds: [couponId],
    updatedAt: systemClock.now(),
  }
}

/** A buyer as registration, a coupon page and a welcome would have left them, with three lines in the cart. */
export const changesOfBuyer = async (buyerId: string): Promise<readonly Change[]> => {
  const now = systemClock.now()
  const couponId = `coupon-${buyerId}`
  const granted = must(
    decideNext(pointsMachine, pointsMachine.initial, {
      type: 'GrantPoints',
      accountId: buyerId,
      grantId: 'welcome',
      source: 'welcome',
      points: pointsSpent,
      activatesAt: null,
      expiresAt: now + 365 * daysMs,
      now,
    }),
  )
  if (granted.state.status === 'absent') throw new Error('the buyer has no points')
  const subjectKey = must(await sealer.createKey(buyerId))
  return [
    put(subjectKeys, { id: buyerId, version: 0, state: subjectKey }),
    put(pointsAccounts, { id: buyerId, version: 0, state: granted.state }),
    put(carts, { id: cartIdOf(buyerId), version: 0, state: cartOf(buyerId, couponId) }),
    put(coupons, {
      id: couponId,
      version: 0,
      state: {
        status: 'claimed',
        couponId,
        offerId: 'coupon',
        campaignId: null,
        batchId: null,
        code: null,
        issuedAt: now,
        holderId: buyerId,
        claimedAt: now,
        validFrom: now,
        validTo: now + 90 * daysMs,
        remindAt: null,
      },
    }),
  ]
}

/** Writes what is there before a shop opens. */
export const write = async (storage: Storage, shop: string, changes: readonly Change[]): Promise<void> => {
  must(await commitChanges(storage, { shop, at: systemClock.now(), changes }))
}

/** A shop over a storage, and the gateway it is paid through. */
export const openShop = (
  shop: string,
  storage: Storage,
  gateway: SandboxGateway = createSandboxGateway({ now: systemClock.now, keys: [{ keyId: 'k1', secret: 'sandbox' }] }),
): Shop =>
  createShop({
    shop,
    storage,
    clock: systemClock,
    digests: createKeyedDigest({ key }),
    sealer,
    hasher: createScryptHasher(),
    notifier: createConsoleNotifier(),
    gateways: { sandbox: gateway },
  })

/** Who gets every order. */
export const recipient = {
  name: '王小明',
  phone: '+86 138 0000 0000',
  region: 'CN-31',
  city: '上海',
  address: '世纪大道 1 号 2 楼',
}
/** How every order is placed. */
export const choice = { shippingMethodId: 'standard', points: pointsSpent }

/** The tables as a form of commit serves them, on so many connections. */
export const openTables = async (url: string, form: CommitForm, connections: number, inGroups: boolean) => {
  const { pool, roundTrips } = await openCountingPool(url, connections)
  const groups = inGroups ? { inGroups: {} } : {}
  return { pool, roundTrips, storage: createPostgresStorage({ pool, schema, form, prepared: 'named', ...groups }) }
}

/** Goods, stock, offers, carriage and tax of a shop. */
export const fillShop = async (shop: Shop, storage: Storage, name: string): Promise<void> => {
  const goods = ranges.flatMap(({ minor }, range) =>
    Array.from({ length: skusOfRange }, (_, place) => productOf(range, skuOf(range, place), minor)),
  )
  for (const batch of inBatches(goods)) {
    await write(
      storage,
      name,
      batch.map((state) => put(products, { id: state.productId, version: 0, state })),
    )
    const lines = batch.map(({ externalId }) => ({ sku: externalId, quantity: piecesOfSku }))
    const reference = `opening-${batch[0]?.externalId}`
    must(await shop.inventory.receive(staff(reference), { reference, lines }))
  }
  await write(storage, name, [put(policyBooks, { id: shopPolicyId, version: 0, state: defaultShopPolicy })])
  must(await shop.promotions.publishOffers(staff('offers'), { expectedRevision: 0, offers, stacking: 'together' }))
  must(
    await shop.pricing.publishShippingBook(staff('shipping'), {
      expectedRevision: 0,
      currency: 'CNY',
      methods: [
        {
          methodId: 'standard',
          title: text('Standard'),
          zones: [
            {
              zoneId: 'all',
              regions: ['*'],
              rate: { kind: 'stepped', firstGrams: 1_000, firstMinor: 800, stepGrams: 500, stepMinor: 200 },
              freeFromMinor: null,
              days: { earliest: 1, latest: 3 },
            },
          ],
        },
      ],
    }),
  )
  must(
    await shop.pricing.publishTaxBook(staff('tax'), {
      expectedRevision: 0,
      regions: [
        {
          region: '*',
          inclusive: true,
          classes: { goods: [{ rateId: 'vat', title: text('VAT'), rateMillionths: 130_000 }] },
          shippingClass: null,
        },
      ],
      roundPer: 'line',
      rounding: 'halfUp',
    }),
  )
}

/** Makes every table of the library. */
export const migrateShop = async (url: string): Promise<void> => {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    must(await migrate(client, { schema }))
  } finally {
    await client.end()
  }
}
