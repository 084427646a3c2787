import { describe, expect, it } from 'vitest'
import { defaultAccountsPolicy } from '../../../src/accounts/accounts-policy.js'
import { requestReturn } from '../../../src/aftersales/request-return.js'
import { addLine } from '../../../src/cart/add-line.js'
import { dropInvalidLines } from '../../../src/cart/drop-invalid-lines.js'
import { priceMyCart } from '../../../src/cart/price-my-cart.js'
import { remindOfCarts } from '../../../src/cart/remind-of-carts.js'
import { setQuantity } from '../../../src/cart/set-quantity.js'
import { viewCart } from '../../../src/cart/view-cart.js'
import { receiveStock } from '../../../src/inventory/receive-stock.js'
import { messages } from '../../../src/notify/message.schema.js'
import { confirmReceipt } from '../../../src/orders/parcels/complete-order.js'
import { shipOrder } from '../../../src/orders/parcels/ship-order.js'
import { placeOrder } from '../../../src/orders/placing/place-order.js'
import { previewOrder } from '../../../src/orders/placing/preview-order.js'
import { savePolicy } from '../../../src/orders/policy/save-policy.js'
import { defaultShopPolicy } from '../../../src/orders/policy/shop-policy.js'
import { replayPrice } from '../../../src/orders/price-record/replay-price.js'
import { refundOrder } from '../../../src/orders/refunds/refund-order.js'
import { shippingBookId, shippingBooks } from '../../../src/pricing/books.schema.js'
import type { PriceList } from '../../../src/pricing/price-list.js'
import { publishShippingBook } from '../../../src/pricing/publish-books.js'
import { publishPriceLists } from '../../../src/pricing/publish-price-lists.js'
import type { ShippingMethod } from '../../../src/pricing/shipping-book.js'
import type { Offer } from '../../../src/promotions/offer.js'
import { daysMs } from '../../../src/shared/instant.js'
import { find, row } from '../../../src/shared/read-plan.js'
import { cardPrices } from '../../../src/storefront/card-prices.js'
import { listCards } from '../../../src/storefront/list-cards.js'
import { productPage } from '../../../src/storefront/product-page.js'
import { searchCards } from '../../../src/storefront/search-cards.js'
import { agreeToMarketing } from '../../support/agree-to-marketing.js'
import { ask, booksOf, expectBooksToAgree } from '../books-of.js'
import {
  by,
  byStaff,
  couponOffer,
  fillCart,
  giveCoupon,
  givePoints,
  openShop,
  pay,
  recipient,
  type TestShop,
  value,
} from '../open-shop.js'

const list = (listId: string, currency: string, prices: Readonly<Record<string, number>>): PriceList => ({
  listId,
  kind: 'base',
  currency,
  prices: Object.entries(prices).map(([sku, unitMinor]) => ({ sku, unitMinor })),
})

/** Kettles at 2,600 yen and mugs at 380; the lamp is not sold in yen. Kettles at 7.250 Kuwaiti dinars. */
const lists = [
  list('japan', 'JPY', { kettle: 2_600, mug: 380 }),
  // Lamps go to Okinawa only.
  { ...list('okinawa', 'JPY', { lamp: 1_200 }), regions: ['JP-47'] },
  list('kuwait', 'KWD', { kettle: 7_250 }),
]

const tenth: Offer = {
  ...couponOffer,
  offerId: 'yen-tenth',
  form: { kind: 'promotion' },
  stage: 'platform',
  currency: 'JPY',
  threshold: { amountMinor: 5_000, basis: 'activity' },
  benefit: { kind: 'percentOff', offBasisPoints: 1_000 },
  funding: { platformBasisPoints: 0 },
}

const flat = (chargeMinor: number): readonly ShippingMethod[] => [
  {
    methodId: 'standard',
    title: { en: 'Standard', 'zh-CN': '标准' },
    zones: [
      {
        zoneId: 'all',
        regions: ['*'],
        rate: { kind: 'flat', chargeMinor },
        freeFromMinor: null,
        days: { earliest: 3, latest: 9 },
      },
    ],
  },
]

/** A shop that sells in yen and dinars, and carries there for 500 yen or 1.500 dinars. */
const openAbroad = async (): Promise<TestShop & { readonly soldCurrencies: readonly string[] }> => {
  const shop = { ...(await openShop({ offers: [couponOffer, tenth] })), soldCurrencies: ['JPY', 'KWD'] }
  value(await publishPriceLists(shop, byStaff(), { expectedRevision: 0, lists }))
  const home = await ask(shop, row(shippingBooks, shippingBookId))
  const otherCurrencies = [
    { currency: 'JPY', methods: flat(500) },
    { currency: 'KWD', methods: flat(1_500) },
  ]
  const { currency, methods } = home!.state
  value(await publishShippingBook(shop, byStaff(), { expectedRevision: 1, currency, methods, otherCurrencies }))
  return shop
}

const preview = { shippingMethodId: 'standard', region: recipient.region }
const inYen = { ...preview, currency: 'JPY' }

const orderIn = async (shop: TestShop, accountId: string, currency: string, expectedTotalMinor: number) => {
  const asked = { shippingMethodId: 'standard', recipient, currency, expectedTotalMinor }
  return value(await placeOrder(shop, by(accountId), asked))
}

describe('a cart that is sold in another currency than the catalog’s', () => {
  it('stands at the price lists of that currency, to the yen, from the preview to the refund', async () => {
    const shop = await openAbroad()
    await givePoints(shop, 'ann', 500)
    const couponId = await giveCoupon(shop, 'ann')
    await fillCart(
      shop,
      'ann',
      [
        ['kettle', 2],
        ['mug', 1],
      ],
      [couponId],
    )
    // 2 x 2,600 and 380 are 5,580; a tenth less is 5,022; carriage 500.
    const { price, totals } = value(await previewOrder(shop, by('ann'), { ...inYen, points: 500 }))
    expect(totals).toMatchObject({ listMinor: 5_580, discountMinor: 558, shippingMinor: 500, payableMinor: 5_522 })
    expect(price.trace.map(({ offerId, outcome }) => [offerId, outcome])).toEqual([
      ['yen-tenth', { kind: 'applied', goodsMinor: 558, shippingMinor: 0 }],
      ['twenty-off', { kind: 'rejected', reason: { type: 'OtherCurrency', currency: 'CNY' } }],
    ])
    // What points are worth is stated in the currency of the catalog.
    expect(price).toMatchObject({ pointsSpent: 0, pointsEarned: 0, pointsRefusal: { type: 'OtherCurrency' } })

    const order = await orderIn(shop, 'ann', 'JPY', 5_522)
    expect(order).toMatchObject({ currency: 'JPY', payableMinor: 5_522 })
    await pay(shop, 'ann', order.orderId)
    expect(value(await replayPrice(shop, byStaff(), { orderId: order.orderId })).identical).toBe(true)
    const lines = [{ lineId: 'kettle-1', quantity: 1 }]
    const parcel = { orderId: order.orderId, carrier: 'sf-express', trackingNumber: 'SF1' }
    value(await shipOrder(shop, byStaff(), parcel))
    const back = value(await refundOrder(shop, byStaff(), { orderId: order.orderId, reason: 'returned', lines }))
    expect(back).toMatchObject({ currency: 'JPY', cashMinor: 2_340, points: 0 })
    const { ledger, orders, payments } = await booksOf(shop)
    expect(payments.map(({ state }) => state.currency)).toEqual(['JPY'])
    expect(new Set(ledger.flatMap(({ body }) => body.lines.map((line) => line.currency)))).toEqual(new Set(['JPY']))
    expect(orders[0]?.state.couponIds).toEqual([])
    await expectBooksToAgree(shop)
  })

  it('leaves out what has no price in it, shows why, and is cleared of it', async () => {
    const shop = await openAbroad()
    await fillCart(shop, 'ann', [
      ['kettle', 1],
      ['lamp', 1],
    ])
    const problem = { type: 'NotSoldInCurrency', sku: 'lamp', currency: 'JPY' }
    const seen = value(await viewCart(shop, by('ann'), { currency: 'JPY' }))
    expect(seen.lines.map((line) => [line.listPrice, line.problem])).toEqual([
      [{ minor: 2_600, currency: 'JPY' }, null],
      [null, problem],
    ])
    const priced = value(await priceMyCart(shop, by('ann'), { currency: 'JPY' }))
    expect(priced).toMatchObject({
      price: { totals: { payableMinor: 2_600 } },
      leftOut: [{ lineId: 'lamp-2', problem }],
    })
    expect((await previewOrder(shop, by('ann'), inYen))._unsafeUnwrapErr()).toEqual(problem)
    const added = await addLine(shop, by('ann'), { productId: 'p-lamp', sku: 'lamp', quantity: 1, currency: 'JPY' })
    expect(added._unsafeUnwrapErr()).toEqual(problem)
    // In Okinawa it is sold: shown, kept, and put into the cart at the price there.
    const okinawa = { currency: 'JPY', region: 'JP-47' }
    expect(value(await viewCart(shop, by('ann'), okinawa)).lines.map((line) => line.listPrice?.minor)).toEqual([
      2_600, 1_200,
    ])
    expect(value(await dropInvalidLines(shop, by('ann'), okinawa)).lineCount).toBe(2)
    expect((await addLine(shop, by('ann'), { productId: 'p-lamp', sku: 'lamp', quantity: 1, ...okinawa })).isOk()).toBe(
      true,
    )
    // Sold nowhere else, whether or not there are enough of it.
    value(await setQuantity(shop, by('ann'), { lineId: 'lamp-2', quantity: 90 }))
    value(await receiveStock(shop, byStaff(), { reference: 'count', lines: [{ sku: 'lamp', quantity: -90 }] }))
    expect(value(await viewCart(shop, by('ann'), { currency: 'JPY' })).lines[1]?.problem).toEqual(problem)
    expect(value(await dropInvalidLines(shop, by('ann'), { currency: 'JPY' })).lineCount).toBe(1)
    // At home nothing has changed: 129.00 and carriage of 8.00.
    expect(value(await previewOrder(shop, by('ann'), preview)).totals.payableMinor).toBe(13_700)
  })

  it('has three decimals where the currency has, and no currency that the shop does not sell in', async () => {
    const shop = await openAbroad()
    await fillCart(shop, 'ann', [['kettle', 3]])
    const { totals } = value(await previewOrder(shop, by('ann'), { ...preview, currency: 'KWD' }))
    // 3 x 7.250 and 1.500.
    expect(totals.payableMinor).toBe(23_250)
    const notSold = { type: 'CurrencyNotSold', currency: 'USD', sold: ['JPY', 'KWD'] }
    const asked = { currency: 'USD' }
    for (const refused of [
      await previewOrder(shop, by('ann'), { ...preview, ...asked }),
      await priceMyCart(shop, by('ann'), asked),
      await viewCart(shop, by('ann'), asked),
      await addLine(shop, by('ann'), { productId: 'p-mug', sku: 'mug', quantity: 1, ...asked }),
      await cardPrices(shop, by('ann'), { productIds: ['p-mug'], ...asked }),
      await productPage(shop, by('ann'), { productId: 'p-mug', ...asked }),
    ]) {
      expect(refused._unsafeUnwrapErr()).toEqual(notSold)
    }
  })

  it('is refused where carriage is not priced in it', async () => {
    const shop = await openAbroad()
    const { currency, methods } = (await ask(shop, row(shippingBooks, shippingBookId)))!.state
    value(await publishShippingBook(shop, byStaff(), { expectedRevision: 2, currency, methods }))
    await fillCart(shop, 'ann', [['kettle', 1]])
    const refused = { type: 'CarriageInOtherCurrency', currency: 'JPY', carriageCurrency: 'CNY' }
    expect((await previewOrder(shop, by('ann'), inYen))._unsafeUnwrapErr()).toEqual(refused)
  })

  it('comes back by the terms, but no amount of theirs is taken for another currency’s', async () => {
    const shop = await openAbroad()
    const { policyId: _, ...policy } = defaultShopPolicy
    value(await savePolicy(shop, byStaff(), policy))
    const returned = async (accountId: string, currency: string, payableMinor: number) => {
      await fillCart(shop, accountId, [['mug', 1]])
      const { orderId } = await orderIn(shop, accountId, currency, payableMinor)
      await pay(shop, accountId, orderId)
      value(await shipOrder(shop, byStaff(), { orderId, carrier: 'sf-express', trackingNumber: accountId }))
      value(await confirmReceipt(shop, by(accountId), { orderId }))
      const lines = [{ lineId: 'mug-1', quantity: 1 }] as const
      const asked = { orderId, kind: 'returnAndRefund', reason: 'noReason', lines } as const
      return value(await requestReturn(shop, by(accountId), asked)).status
    }
    // A mug of 19.00 is below the 500.00 that need no person; 380 yen are not so many yuan.
    expect(await returned('ann', 'CNY', 2_700)).toBe('approved')
    expect(await returned('bob', 'JPY', 880)).toBe('requested')
  })
})

describe('the window of a shop that sells in several currencies', () => {
  it('shows cards and pages in the one asked for, without what is not sold in it', async () => {
    const shop = await openAbroad()
    const asked = { productIds: ['p-kettle', 'p-lamp', 'p-mug'] }
    const cards = async (currency?: string) =>
      value(await cardPrices(shop, by('ann'), { ...asked, ...(currency === undefined ? {} : { currency }) })).map(
        ({ productId, price, listId }) => [productId, price.minor, price.currency, listId],
      )
    expect(await cards('JPY')).toEqual([
      ['p-kettle', 2_600, 'JPY', 'japan'],
      ['p-mug', 380, 'JPY', 'japan'],
    ])
    expect(await cards()).toEqual(await cards('CNY'))
    const page = value(await productPage(shop, by('ann'), { productId: 'p-lamp', currency: 'JPY' }))
    expect(page.prices).toEqual([{ sku: 'lamp', currency: 'JPY', tiers: [] }])
  })

  it('lists and finds products at the price of whoever looks, not at the catalog’s', async () => {
    const shop = await openAbroad()
    const trade = { ...list('trade', 'CNY', { kettle: 11_000 }), groups: ['trade'] }
    value(await publishPriceLists(shop, byStaff(), { expectedRevision: 1, lists: [...lists, trade] }))
    const tom = { actor: { kind: 'customer', accountId: 'tom', groups: ['trade'] } } as const
    const pricesIn = (products: readonly { readonly productId: string; readonly price: object }[]) =>
      Object.fromEntries(products.map(({ productId, price }) => [productId, price]))
    const yuan = (minor: number) => ({ minor, currency: 'CNY' })
    const home = value(await listCards(shop, tom, { limit: 10 }))
    expect(pricesIn(home.products)).toMatchObject({ 'p-kettle': yuan(11_000), 'p-lamp': yuan(5_900) })
    const abroad = value(await listCards(shop, tom, { limit: 10, currency: 'JPY' }))
    const yen = (minor: number) => ({ minor, currency: 'JPY' })
    expect(pricesIn(abroad.products)).toEqual({ 'p-kettle': yen(2_600), 'p-mug': yen(380) })
    expect(
      value(await searchCards({ ...shop, accountsPolicy: defaultAccountsPolicy }, tom, { text: 'nothing of this' }))
        .hits,
    ).toEqual([])
  })

  it('reminds of what became cheaper in the currency it was put in at', async () => {
    const shop = await openAbroad()
    await agreeToMarketing(shop, 'ann')
    value(await addLine(shop, by('ann'), { productId: 'p-kettle', sku: 'kettle', quantity: 1, currency: 'JPY' }))
    const cheaper = list('japan', 'JPY', { kettle: 2_500, mug: 380 })
    value(await publishPriceLists(shop, byStaff(), { expectedRevision: 1, lists: [cheaper] }))
    shop.pass(2 * daysMs)
    value(await remindOfCarts(shop, { limit: 10 }))
    const told = await ask(shop, find(messages, { where: [], limit: 9 }))
    expect(told.map(({ state }) => [state.template, state.facts.before, state.facts.price])).toEqual([
      ['cartPriceDropped', { minor: 2_600, currency: 'JPY' }, { minor: 2_500, currency: 'JPY' }],
    ])
  })
})
