import pg from 'pg'
import { type Change, commitChanges, createShop, type Offer, put, type Shop, type Storage } from 'shopwright'
import { createSandboxGateway } from 'shopwright/adapters/gateways/sandbox'
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
import { defaultShopPolicy, shopPolicyId } from '../../src/orders/shop-policy.js'
import { policyBooks } from '../../src/orders/shop-policy.schema.js'
import { coupons } from '../../src/promotions/coupon.collection.schema.js'
import { decideNext } from '../../src/shared/decider.js'
import { daysMs } from '../../src/shared/instant.js'
import { subjectKeys } from '../../src/shared/personal-data.schema.js'
import { median } from './bench.js'
import type { CommitForm } from './commit-contender.js'
import type { Check, Contender } from './contender.js'
import { openCountingPool } from './counting-pool.js'
import { measurePace } from './measure.js'

const schema = 'shopwright_shop'
const piecesOfSku = 1_000_000_000
const skusOfRange = 1_000
const ranges = [
  { quantity: 1, minor: 9_990 },
  { quantity: 2, minor: 11_500 },
  { quantity: 3, minor: 9_990 },
] as const
const pointsSpent = 1_000
const rowsAtOnce = 250

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

const must = <Value>(result: { readonly isErr: () => boolean; readonly _unsafeUnwrap: () => Value }): Value => {
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

// A buyer as registration, a coupon page and a welcome would have left them, with three lines in the cart.
const changesOfBuyer = async (buyerId: string): Promise<readonly Change[]> => {
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

const write = async (storage: Storage, shop: string, changes: readonly Change[]): Promise<void> => {
  must(await commitChanges(storage, { shop, at: systemClock.now(), changes }))
}

const openShop = (shop: string, storage: Storage): Shop =>
  createShop({
    shop,
    storage,
    clock: systemClock,
    digests: createKeyedDigest({ key }),
    sealer,
    hasher: createScryptHasher(),
    notifier: createConsoleNotifier(),
    gateways: { sandbox: createSandboxGateway({ now: systemClock.now, keys: [{ keyId: 'k1', secret: 'sandbox' }] }) },
  })

const recipient = {
  name: '王小明',
  phone: '+86 138 0000 0000',
  region: 'CN-31',
  city: '上海',
  address: '世纪大道 1 号 2 楼',
}
const choice = { shippingMethodId: 'standard', points: pointsSpent }

const openTables = async (url: string, form: CommitForm, connections: number, inGroups: boolean) => {
  const { pool, roundTrips } = await openCountingPool(url, connections)
  const groups = inGroups ? { inGroups: {} } : {}
  return { pool, roundTrips, storage: createPostgresStorage({ pool, schema, form, prepared: 'named', ...groups }) }
}

const fillShop = async (shop: Shop, storage: Storage, name: string): Promise<void> => {
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
  must(await shop.promotions.publishOffers(staff('offers'), { expectedRevision: 0, offers }))
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

/**
 * The whole command, `shop.orders.place`, by one form: read, price, decide and commit, for buyers who each have a cart
 * of three lines, a coupon and points, in a shop of its own.
 */
export const preparePlaceContender = async (
  url: string,
  form: CommitForm,
  given: {
    readonly leastRatio: number | null
    /** Lets commits that come at the same time go together, of so many buyers for each connection. */
    readonly inGroupsOf?: number
  },
): Promise<Contender> => {
  const { inGroupsOf } = given
  const inGroups = inGroupsOf !== undefined
  const buyersOf = (connections: number): number => connections * (inGroupsOf ?? 1)
  const name = `place-${form}${inGroups ? '-groups' : ''}`
  const waiting: string[] = []
  let buyers = 0
  let placed = 0
  // As many buyers wait as a round can serve: what the last one served, and half as many again.
  let perSecond = 200

  const invite = async (storage: Storage, count: number): Promise<void> => {
    while (waiting.length < count) {
      const ids = Array.from({ length: Math.min(rowsAtOnce / 5, count - waiting.length) }, () => {
        buyers += 1
        return `buyer-${String(buyers).padStart(8, '0')}`
      })
      await write(storage, name, (await Promise.all(ids.map(changesOfBuyer))).flat())
      waiting.push(...ids)
    }
  }

  const placeOne = (shop: Shop, expectedTotalMinor: number) => async (): Promise<void> => {
    const accountId = waiting.pop()
    if (accountId === undefined) throw new Error('no buyer is left')
    const context = { actor: { kind: 'customer', accountId }, key: 'order' } as const
    must(await shop.orders.place(context, { ...choice, recipient, expectedTotalMinor }))
    placed += 1
  }

  const filled = await openTables(url, form, 1, inGroups)
  let expectedTotalMinor = 0
  try {
    const shop = openShop(name, filled.storage)
    await fillShop(shop, filled.storage, name)
    await invite(filled.storage, 1)
    const asked = { actor: { kind: 'customer', accountId: waiting[0] ?? '' }, key: 'ask' } as const
    const preview = must(await shop.orders.preview(asked, { ...choice, region: recipient.region }))
    expectedTotalMinor = preview.totals.payableMinor
  } finally {
    await filled.pool.end()
  }

  return {
    name: `the whole command, ${inGroups ? `commit in groups, ${inGroupsOf} buyers a connection` : `commit by ${form}`}`,
    leastRatio: given.leastRatio,
    open: async (connections) => {
      const { pool, storage } = await openTables(url, form, connections, inGroups)
      const place = placeOne(openShop(name, storage), expectedTotalMinor)
      return {
        measure: async (seconds) => {
          const atOnce = buyersOf(connections)
          await invite(storage, Math.ceil(perSecond * seconds * 1.5) + 2 * atOnce)
          // Before the clock starts the books are on the shelf and each connection has its plans, as in a shop that is open.
          await Promise.all(Array.from({ length: atOnce }, place))
          const pace = await measurePace(atOnce, seconds, place, () => waiting.length >= atOnce)
          perSecond = Math.max(perSecond, pace.perSecond)
          return pace
        },
        close: () => pool.end(),
      }
    },
    countRoundTrips: async () => {
      const { pool, storage, roundTrips } = await openTables(url, form, 1, inGroups)
      try {
        const place = placeOne(openShop(name, storage), expectedTotalMinor)
        const orders = 20
        await invite(storage, orders + 1)
        await place()
        // Of two orders that draw one number the later is written again, which is a round of its own.
        const trips: number[] = []
        for (let count = 0; count < orders; count += 1) {
          const before = roundTrips()
          await place()
          trips.push(roundTrips() - before)
        }
        return { found: median(trips), wanted: form === 'transaction' ? null : 2 }
      } finally {
        await pool.end()
      }
    },
    check: async () => checkPlaced(url, name, placed),
  }
}

const checkPlaced = async (url: string, shop: string, placed: number): Promise<readonly Check[]> => {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const count = (table: string, more = ''): string =>
      `(select count(*) from ${schema}.${table} where shop = $1 ${more})`
    const { rows } = await client.query<Record<string, string>>(
      `select ${count('"order"')} as orders, ${count('operation', "and command = 'orders.place' and status = 'answered'")} as keys, ` +
        `${count('outbox', "and type = 'OrderPlaced'")} as events, ${count('coupon', "and status = 'locked'")} as coupons, ` +
        `${count('reservation')} as reservations, ` +
        `(select coalesce(sum(quantity), 0) from ${schema}.order_line where shop = $1) as pieces, ` +
        `(select sum(${piecesOfSku} - value) from ${schema}.stock where shop = $1) as taken, ` +
        `(select count(*) from ${schema}.points_account where shop = $1 and balance = 0) as points, ` +
        `(select count(distinct cart_id) from ${schema}.cart_line where shop = $1) as full`,
      [shop],
    )
    const found = rows[0] ?? {}
    const { rows: buyers } = await client.query<{ count: string }>(
      `select count(*) from ${schema}.cart where shop = $1`,
      [shop],
    )
    const figure = (what: string, column: string, wanted: number): Check => ({
      what,
      found: Number(found[column]),
      wanted,
    })
    return [
      figure('orders', 'orders', placed),
      figure('answered command keys', 'keys', placed),
      figure('events of placing', 'events', placed),
      figure('coupons bound', 'coupons', placed),
      figure('reservations', 'reservations', placed),
      figure('buyers whose points are held', 'points', placed),
      figure('pieces on order lines', 'pieces', 6 * placed),
      figure('pieces taken from stock', 'taken', 6 * placed),
      figure('carts that still have lines', 'full', Number(buyers[0]?.count) - placed),
    ]
  } finally {
    await client.end()
  }
}
