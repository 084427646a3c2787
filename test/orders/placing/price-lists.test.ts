import { describe, expect, it } from 'vitest'
import { addLine } from '../../../src/cart/add-line.js'
import { priceMyCart } from '../../../src/cart/price-my-cart.js'
import { viewCart } from '../../../src/cart/view-cart.js'
import { members } from '../../../src/membership/member.collection.schema.js'
import { orderPage } from '../../../src/orders/pages/order-page.js'
import { placeOrder } from '../../../src/orders/placing/place-order.js'
import { previewOrder } from '../../../src/orders/placing/preview-order.js'
import { replayPrice } from '../../../src/orders/price-record/replay-price.js'
import type { PriceList } from '../../../src/pricing/price-list.js'
import { publishPriceLists } from '../../../src/pricing/publish-price-lists.js'
import { createBookShelf } from '../../../src/shared/books.js'
import { put } from '../../../src/shared/commit.js'
import { canonicalJson } from '../../../src/shared/json.js'
import { cardPrices } from '../../../src/storefront/card-prices.js'
import { productPage } from '../../../src/storefront/product-page.js'
import { by, byStaff, commit, fillCart, openShop, place, recipient, type TestShop, value, wares } from '../open-shop.js'

const list = (listId: string, unitMinor: number, changes: Partial<PriceList> = {}): PriceList => ({
  listId,
  kind: 'base',
  currency: 'CNY',
  prices: [{ sku: 'kettle', unitMinor }],
  ...changes,
})

/** Kettles: 129.00 in the catalog; to the trade 110.00, and 99.00 from ten on; to gold members 120.00. */
const lists: readonly PriceList[] = [
  list('trade', 11_000, {
    title: { en: 'Trade', 'zh-CN': '批发价' },
    groups: ['trade'],
    prices: [
      { sku: 'kettle', unitMinor: 11_000 },
      { sku: 'kettle', unitMinor: 9_900, fromQuantity: 10 },
    ],
  }),
  list('gold', 12_000, { levels: ['gold'], kind: 'sale' }),
]

const publish = async (shop: TestShop, published: readonly PriceList[], expectedRevision = 0) =>
  value(await publishPriceLists(shop, byStaff(), { expectedRevision, lists: published }))

/** A customer whom the host puts in the trade. */
const trader = (accountId: string) => {
  const { key } = by(accountId)
  return { key, actor: { kind: 'customer', accountId, groups: ['trade'] } as const }
}

const choice = { shippingMethodId: 'standard' }
const previewOf = async (shop: TestShop, context: ReturnType<typeof by>) =>
  value(await previewOrder(shop, context, { ...choice, region: recipient.region }))

describe('price lists in the sale', () => {
  it('are what the trade pays, in the cart, on the page and in the order, and nobody else', async () => {
    const shop = await openShop()
    await publish(shop, lists)
    for (const buyer of ['tom', 'ann']) await fillCart(shop, buyer, [['kettle', 10]])

    const cart = value(await viewCart(shop, trader('tom')))
    expect(cart.lines[0]).toMatchObject({ listPrice: { minor: 9_900 }, originalPrice: { minor: 9_900 } })
    const { price } = value(await priceMyCart(shop, trader('tom')))
    expect(price.lines[0]).toMatchObject({
      listUnitMinor: 9_900,
      listMinor: 99_000,
      priceList: { listId: 'trade', kind: 'base', originalUnitMinor: 9_900 },
    })
    expect(value(await priceMyCart(shop, by('ann'))).price.lines[0]).not.toHaveProperty('priceList')

    const { totals } = await previewOf(shop, trader('tom'))
    const placed = value(
      await placeOrder(shop, trader('tom'), { ...choice, recipient, expectedTotalMinor: totals.payableMinor }),
    )
    // Ten at 99.00, carried free from 500.00 on.
    expect(placed.payableMinor).toBe(99_000)
    const { payableMinor } = await place(shop, 'ann')
    expect(payableMinor).toBe(10 * wares.kettle)

    const page = value(await productPage(shop, trader('tom'), { productId: 'p-kettle' }))
    expect(page.prices).toMatchObject([
      {
        sku: 'kettle',
        currency: 'CNY',
        tiers: [
          { fromQuantity: 1, unitMinor: 11_000, listId: 'trade', title: { 'zh-CN': '批发价' } },
          { fromQuantity: 10, unitMinor: 9_900, listId: 'trade' },
        ],
      },
    ])
    expect(value(await cardPrices(shop, trader('tom'), { productIds: ['p-kettle', 'p-none', 'p-mug'] }))).toMatchObject(
      [
        { productId: 'p-kettle', price: { minor: 11_000 }, listId: 'trade' },
        { productId: 'p-mug', price: { minor: wares.mug }, listId: null },
      ],
    )
    expect(value(await cardPrices(shop, by('ann'), { productIds: ['p-kettle'] }))).toMatchObject([
      { price: { minor: wares.kettle }, listId: null },
    ])
  })

  it('follow the level of a member, the channel and the clock', async () => {
    const shop = await openShop()
    const now = shop.clock.now()
    await publish(shop, [
      ...lists,
      list('app', 11_500, { channels: ['app'], kind: 'override' }),
      list('flash', 9_000, {
        kind: 'sale',
        from: now + 1_000,
        to: now + 2_000,
        prices: [{ sku: 'mug', unitMinor: 900 }],
      }),
    ])
    await commit(shop, [
      put(members, {
        id: 'gil',
        version: 0,
        state: {
          status: 'member',
          accountId: 'gil',
          joinedAt: now,
          termsRevision: 1,
          levelId: 'gold',
          rank: 1,
          levelSince: now,
          steps: [],
          nextStepAt: null,
          birthday: null,
          streak: null,
          earned: null,
          benefits: {},
          birthdayAt: 0,
          birthdayFrom: null,
        },
      }),
    ])
    await fillCart(shop, 'gil', [
      ['kettle', 1],
      ['mug', 1],
    ])
    const units = async (input: object = {}) =>
      value(await priceMyCart(shop, by('gil'), input)).price.lines.map(({ listUnitMinor }) => listUnitMinor)
    expect(await units()).toEqual([12_000, wares.mug])
    expect(await units({ channel: 'app' })).toEqual([11_500, wares.mug])
    shop.pass(1_000)
    expect(await units()).toEqual([12_000, 900])
    const { lines } = value(await viewCart(shop, by('gil')))
    expect(lines[1]).toMatchObject({ listPrice: { minor: 900 }, originalPrice: { minor: wares.mug } })
    shop.pass(1_000)
    expect(await units()).toEqual([12_000, wares.mug])
  })

  it('are found out when they change before the order is placed, also by a machine that has not read them yet', async () => {
    const shop = await openShop()
    await publish(shop, [list('all', 12_000)])
    const other: TestShop = { ...shop, books: createBookShelf() }
    await fillCart(shop, 'ann', [['kettle', 1]])
    const { totals } = await previewOf(other, by('ann'))
    expect(totals.payableMinor).toBe(12_800)
    await publish(shop, [list('all', 12_100)], 1)
    // The other machine still holds the first revision: its commit is turned down, and it prices anew.
    const order = { ...choice, recipient, expectedTotalMinor: totals.payableMinor }
    expect((await placeOrder(other, by('ann'), order))._unsafeUnwrapErr()).toMatchObject({
      type: 'PriceChanged',
      expectedMinor: 12_800,
      actualMinor: 12_900,
      differenceMinor: 100,
      lines: [{ listUnitMinor: 12_100 }],
    })
    expect((await placeOrder(other, by('ann'), { ...order, expectedTotalMinor: 12_900 })).isOk()).toBe(true)
  })

  it('let the price be made again, to the byte, of the revision it was made of', async () => {
    const shop = await openShop()
    await publish(shop, lists)
    await fillCart(shop, 'tom', [['kettle', 12]])
    const { totals } = await previewOf(shop, trader('tom'))
    const { orderId } = value(
      await placeOrder(shop, trader('tom'), { ...choice, recipient, expectedTotalMinor: totals.payableMinor }),
    )
    await publish(shop, [list('trade', 20_000)], 1)
    const replayed = value(await replayPrice(shop, byStaff(), { orderId }))
    expect(replayed).toMatchObject({ identical: true, bookIds: ['offers@1', 'shipping@1', 'priceLists@1'] })
    const { price } = value(await orderPage(shop, by('tom'), { orderId }))
    expect(price.lines[0]).toMatchObject({ listUnitMinor: 9_900, priceList: { listId: 'trade' } })
    expect(canonicalJson({ ...replayed.price, trace: [] })).toBe(canonicalJson(price))
  })

  it('are no news in a cart that was filled under them, and are when one makes its goods cheaper', async () => {
    const shop = await openShop()
    await publish(shop, [list('all', 12_000)])
    value(await addLine(shop, by('ann'), { productId: 'p-kettle', sku: 'kettle', quantity: 1 }))
    expect(value(await viewCart(shop, by('ann'))).reminders).toEqual([])
    await publish(shop, [list('all', 12_000), list('flash', 9_900, { kind: 'sale' })], 1)
    expect(value(await viewCart(shop, by('ann'))).reminders).toEqual([
      {
        type: 'PriceDropped',
        lineId: expect.any(String),
        before: { minor: 12_000, currency: 'CNY' },
        price: { minor: 9_900, currency: 'CNY' },
      },
    ])
  })
})
