import type { ResultAsync } from 'neverthrow'
import { createSandboxGateway, type SandboxGateway, type SplitTerms } from '../../adapters/gateways/sandbox/index.js'
import { createSealer } from '../../adapters/runtime/index.js'
import { aftersalesAccess } from '../../src/aftersales/access.js'
import { cartAccess } from '../../src/cart/access.js'
import { type CartLine, cartIdOf, type StoredCart } from '../../src/cart/cart.js'
import { carts } from '../../src/cart/cart.schema.js'
import type { Product } from '../../src/catalog/product.js'
import { products } from '../../src/catalog/product.schema.js'
import { type CatalogShelf, createCatalogShelf } from '../../src/catalog/search/catalog-shelf.js'
import { inventoryAccess } from '../../src/inventory/access.js'
import { receiveStockRows } from '../../src/inventory/receive-stock.js'
import { membershipAccess } from '../../src/membership/access.js'
import { pointsAccounts } from '../../src/membership/points-account.collection.schema.js'
import { appendPoints } from '../../src/membership/points-entry.schema.js'
import { pointsMachine } from '../../src/membership/points-machine.js'
import { ordersAccess } from '../../src/orders/access.js'
import type { OrderChoice } from '../../src/orders/order-inputs.js'
import { payOrder } from '../../src/orders/paying/pay-order.js'
import { placeOrder } from '../../src/orders/placing/place-order.js'
import { previewOrder } from '../../src/orders/placing/preview-order.js'
import type { OrderPorts } from '../../src/orders/ports.js'
import { paymentsAccess } from '../../src/payments/access.js'
import type { PayoutPort } from '../../src/payments/payout.js'
import { pricingAccess } from '../../src/pricing/access.js'
import { shippingBookId, shippingBooks, taxBookId, taxBooks } from '../../src/pricing/books.schema.js'
import type { TaxBook } from '../../src/pricing/tax-book.js'
import { promotionsAccess } from '../../src/promotions/access.js'
import { coupons } from '../../src/promotions/coupon.collection.schema.js'
import type { Offer } from '../../src/promotions/offer.js'
import { offerBookId, offerBooks } from '../../src/promotions/offer.schema.js'
import { isGuestOwner } from '../../src/shared/actor.js'
import { type Change, claim, put } from '../../src/shared/commit.js'
import { decideNext } from '../../src/shared/decider.js'
import { daysMs } from '../../src/shared/instant.js'
import type { CommandContext } from '../../src/shared/run-command.js'
import { commitChanges, type Storage } from '../../src/shared/storage.js'
import { storefrontAccess } from '../../src/storefront/access.js'
import { createTestPorts, type TestPorts } from '../support/core-ports.js'
import { openStorage } from '../support/storages.js'

/** A shop for tests: its ports, its one gateway, and how often its storage was asked and written to. */
export type TestShop = TestPorts &
  OrderPorts & {
    readonly gateway: SandboxGateway
    readonly shelf: CatalogShelf
    readonly warehouses: readonly string[]
    /** Nobody sends money to payees unless a test says so. */
    readonly payouts?: PayoutPort
    readonly counts: { reads: number; commits: number }
    /** Lets time pass. */
    readonly pass: (ms: number) => void
  }

/** What the sandbox of a test shop signs with. */
export const sandboxKey = { keyId: 'k1', secret: 'a secret of the sandbox' }

/** 2026-03-10 10:00 in Shanghai. */
const openingTime = Date.UTC(2026, 2, 10, 2)

const counted = (storage: Storage, counts: { reads: number; commits: number }): Storage => ({
  ...storage,
  read: (request) => {
    counts.reads += 1
    return storage.read(request)
  },
  commit: (commit) => {
    counts.commits += 1
    return storage.commit(commit)
  },
})

const title = (en: string) => ({ en, 'zh-CN': en })

const productOf = (sku: string, minor: number, categoryId: string): Product => ({
  status: 'active',
  publishedAt: openingTime,
  productId: `p-${sku}`,
  externalId: sku,
  merchantId: 'self',
  title: title(sku),
  description: title(''),
  brand: '',
  homeCategoryIds: [categoryId],
  categoryIds: [categoryId],
  variants: [
    {
      sku,
      options: {},
      listPrice: { minor, currency: 'CNY' },
      weightGrams: 500,
      taxClass: 'goods',
      discountable: true,
    },
  ],
  attributes: {},
  media: [],
  perPersonLimit: null,
  facets: [],
  minPriceMinor: minor,
  createdAt: openingTime,
  updatedAt: openingTime,
})

/** What a test shop sells: kettle 129.00, lamp 59.00, mug 19.00, and a bag that is only given away. */
export const wares = { kettle: 12_900, lamp: 5_900, mug: 1_900, bag: 900 } as const
export type Sku = keyof typeof wares

/** An offer of the platform. */
export const offer = (given: Pick<Offer, 'offerId' | 'benefit' | 'stage' | 'form'> & Partial<Offer>): Offer => ({
  version: 1,
  title: title(given.offerId),
  issuer: { kind: 'platform' },
  priority: 0,
  currency: 'CNY',
  window: { timeZone: 'Asia/Shanghai', from: openingTime - daysMs, to: openingTime + 365 * daysMs },
  funding: { platformBasisPoints: 0 },
  ...given,
})

/** A coupon of 20.00 off from 100.00, half of it paid by the platform. */
export const couponOffer = offer({
  offerId: 'twenty-off',
  stage: 'platformCoupon',
  form: { kind: 'coupon', issues: 100, claimsPerCustomer: 10, claimable: true },
  threshold: { amountMinor: 10_000, basis: 'running' },
  benefit: { kind: 'amountOff', offMinor: 2_000 },
  funding: { platformBasisPoints: 5_000 },
})

/** A bag with every two kettles. */
export const giftOffer = offer({
  offerId: 'free-bag',
  stage: 'platform',
  form: { kind: 'promotion' },
  threshold: { amountMinor: 25_000, basis: 'running' },
  benefit: { kind: 'gift', sku: 'bag', pieces: 1, unitValueMinor: 900 },
})

/** Opens a shop with its wares in stock. */
export const openShop = async (
  options: {
    readonly stock?: Partial<Record<Sku, number>>
    /** In order of preference; `main` alone when absent. */
    readonly warehouses?: readonly string[]
    /** Pieces beside those of `stock`, which lie in the first warehouse. */
    readonly elsewhere?: Readonly<Record<string, Partial<Record<Sku, number>>>>
    /** The most that one person may buy. */
    readonly perPerson?: Partial<Record<Sku, number>>
    readonly offers?: readonly Offer[]
    readonly tax?: TaxBook
    readonly attempts?: number
    /** Whom the sandbox divides payments among; it divides none when absent. */
    readonly splits?: SplitTerms
    /** What the sandbox keeps of each payment; nothing when absent. */
    readonly feeRateBasisPoints?: number
  } = {},
): Promise<TestShop> => {
  const counts = { reads: 0, commits: 0 }
  const storage = counted(await openStorage(), counts)
  const core = createTestPorts(
    storage,
    {
      ...ordersAccess,
      ...inventoryAccess,
      ...membershipAccess,
      ...cartAccess,
      ...aftersalesAccess,
      ...paymentsAccess,
      ...storefrontAccess,
      ...cartAccess,
      ...promotionsAccess,
      ...pricingAccess,
    },
    openingTime,
  )
  const gateway = createSandboxGateway({
    now: core.clock.now,
    keys: [sandboxKey],
    feeRateBasisPoints: options.feeRateBasisPoints ?? 0,
    ...(options.splits === undefined ? {} : { splits: options.splits }),
  })
  const sealer = createSealer({ current: { keyId: 'host', key: new Uint8Array(32).fill(7) } })
  const shop: TestShop = {
    ...core,
    shelf: createCatalogShelf(),
    attempts: options.attempts ?? core.attempts,
    sealer,
    gateway,
    gateways: { [gateway.gatewayId]: gateway },
    paymentProof: { asked: 'never', proofs: ['stepUp'], freshMs: 1 },
    counts,
    warehouses: options.warehouses ?? ['main'],
    pass: (ms) => core.setNow(core.clock.now() + ms),
  }
  const offers = options.offers ?? []
  await commit(shop, [
    ...Object.entries(wares).flatMap(([sku, minor]) => [
      put(products, {
        id: `p-${sku}`,
        version: 0,
        state: {
          ...productOf(sku, minor, sku === 'mug' ? 'fresh' : 'home'),
          perPersonLimit: new Map(Object.entries(options.perPerson ?? {})).get(sku) ?? null,
        },
      }),
      claim({ space: 'sku', key: sku, owner: `p-${sku}` }),
    ]),
    put(shippingBooks, {
      id: shippingBookId,
      version: 0,
      state: {
        bookId: shippingBookId,
        currency: 'CNY',
        methods: [
          {
            methodId: 'standard',
            title: title('Standard'),
            zones: [
              {
                zoneId: 'all',
                regions: ['*'],
                rate: { kind: 'flat', chargeMinor: 800 },
                freeFromMinor: 50_000,
                days: { earliest: 1, latest: 3 },
              },
            ],
          },
        ],
      },
    }),
    put(offerBooks, {
      id: offerBookId,
      version: 0,
      state: {
        bookId: offerBookId,
        offers,
        limitedOfferIds: offers.filter((each) => each.limits).map((each) => each.offerId),
      },
    }),
    ...(options.tax === undefined ? [] : [put(taxBooks, { id: taxBookId, version: 0, state: options.tax })]),
  ])
  const stock = { kettle: 100, lamp: 100, mug: 100, bag: 100, ...options.stock }
  const rows = [
    ...Object.entries(stock).map(([sku, quantity]) => ({ sku, quantity })),
    ...Object.entries(options.elsewhere ?? {}).flatMap(([warehouse, pieces]) =>
      Object.entries(pieces).map(([sku, quantity]) => ({ sku, warehouse, quantity })),
    ),
  ]
  value(await receiveStockRows(shop, { reference: 'opening', rows }))
  return shop
}

/** Writes rows as they are. */
export const commit = async (shop: TestShop, changes: readonly Change[]): Promise<void> => {
  value(await commitChanges(shop.storage, { shop: shop.shop, at: shop.clock.now(), changes }))
}

/** Tells what a result holds, or fails with what it refuses. */
export const value = <Value>(
  result: { readonly isOk: () => boolean } & { _unsafeUnwrap: () => Value; _unsafeUnwrapErr: () => unknown },
): Value => {
  if (!result.isOk()) throw new Error(JSON.stringify(result._unsafeUnwrapErr()))
  return result._unsafeUnwrap()
}

let keys = 0

/** A buyer's command, under a key of its own unless one is given. */
export const by = (accountId: string, key?: string): CommandContext => {
  keys += 1
  return { actor: { kind: 'customer', accountId }, key: key ?? `key-${keys}` }
}

/** A command of the shop's staff. */
export const byStaff = (key?: string): CommandContext => {
  keys += 1
  return { actor: { kind: 'staff', staffId: 'sue', roles: [] }, key: key ?? `key-${keys}` }
}

/** Fills a buyer's cart; each entry is a line of its own. */
export const fillCart = async (
  shop: TestShop,
  accountId: string,
  lines: readonly (readonly [Sku, number])[],
  couponIds: readonly string[] = [],
): Promise<readonly CartLine[]> => {
  const cartLines = lines.map(([sku, quantity], index) => ({
    lineId: `${sku}-${index + 1}`,
    productId: `p-${sku}`,
    sku,
    quantity,
    selected: true,
    addedAt: shop.clock.now(),
  }))
  const cartId = cartIdOf(accountId)
  const state: StoredCart = {
    status: 'open',
    cartId,
    ownerId: accountId,
    ownerKind: isGuestOwner(accountId) ? 'guest' : 'customer',
    lines: cartLines,
    later: [],
    couponIds,
    updatedAt: shop.clock.now(),
  }
  await commit(shop, [put(carts, { id: cartId, version: 0, state })])
  return cartLines
}

/** Gives a buyer a coupon, of `couponOffer` where no other is named. */
export const giveCoupon = async (
  shop: TestShop,
  accountId: string,
  couponId = `c-${accountId}`,
  { offerId }: Pick<Offer, 'offerId'> = couponOffer,
): Promise<string> => {
  const now = shop.clock.now()
  await commit(shop, [
    put(coupons, {
      id: couponId,
      version: 0,
      state: {
        status: 'claimed',
        couponId,
        offerId,
        campaignId: null,
        batchId: null,
        code: null,
        issuedAt: now,
        holderId: accountId,
        claimedAt: now,
        validFrom: now,
        validTo: now + 90 * daysMs,
        remindAt: null,
      },
    }),
  ])
  return couponId
}

/** Gives a buyer points. */
export const givePoints = async (shop: TestShop, accountId: string, points: number): Promise<void> => {
  const now = shop.clock.now()
  const { state, events } = value(
    decideNext(pointsMachine, pointsMachine.initial, {
      type: 'GrantPoints',
      accountId,
      grantId: 'welcome',
      source: 'welcome',
      points,
      activatesAt: null,
      expiresAt: now + 365 * daysMs,
      now,
    }),
  )
  if (state.status === 'absent') throw new Error('no points account')
  await commit(shop, [
    put(pointsAccounts, { id: accountId, version: 0, state, events }),
    ...appendPoints(accountId, events),
  ])
}

/** Who gets the goods. */
export const recipient = {
  name: '王小明',
  phone: '+86 138 0000 0000',
  region: 'CN-31',
  city: '上海',
  address: '世纪大道 1 号 2 楼',
} as const

/** What the order from the cart would cost now. */
export const payableNow = async (shop: TestShop, accountId: string, choice: { readonly points?: number } = {}) =>
  value(await previewOrder(shop, by(accountId), { shippingMethodId: 'standard', region: recipient.region, ...choice }))
    .totals.payableMinor

/** Places an order from the cart at the price it has now. */
export const place = async (
  shop: TestShop,
  accountId: string,
  choice: Pick<OrderChoice, 'points' | 'lineIds' | 'paymentMethod'> = {},
) =>
  value(
    await placeOrder(shop, by(accountId), {
      shippingMethodId: 'standard',
      recipient,
      expectedTotalMinor: value(
        await previewOrder(shop, by(accountId), { shippingMethodId: 'standard', region: recipient.region, ...choice }),
      ).totals.payableMinor,
      ...choice,
    }),
  )

/** Pays an order by WeChat Pay on the sandbox. */
export const pay = async (shop: TestShop, accountId: string, orderId: string, key?: string) =>
  value(await payOrder(shop, by(accountId, key), { orderId, gatewayId: 'sandbox', method: 'wechatPay' }))

/** Sends a command again for as long as the shop is busy. */
export const insist = async <Answer, Failure extends { readonly type: string }>(
  send: () => ResultAsync<Answer, Failure>,
): Promise<Answer | Failure> => {
  for (;;) {
    const answer = await send()
    if (answer.isOk()) return answer.value
    if (answer.error.type !== 'Busy') return answer.error
  }
}
