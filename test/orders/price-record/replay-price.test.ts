import { describe, expect, it } from 'vitest'
import { orderPage } from '../../../src/orders/pages/order-page.js'
import { keptBooks } from '../../../src/orders/price-record/kept-book.schema.js'
import { replayPrice } from '../../../src/orders/price-record/replay-price.js'
import { shippingBookId, shippingBooks } from '../../../src/pricing/books.schema.js'
import { publishOffers } from '../../../src/promotions/publish-offers.js'
import { put, removeRow } from '../../../src/shared/commit.js'
import { canonicalJson } from '../../../src/shared/json.js'
import { find, row } from '../../../src/shared/read-plan.js'
import { ask, booksOf } from '../books-of.js'
import {
  by,
  byStaff,
  commit,
  couponOffer,
  fillCart,
  giftOffer,
  giveCoupon,
  givePoints,
  openShop,
  place,
  value,
} from '../open-shop.js'

const tax = {
  bookId: 'tax',
  regions: [
    {
      region: 'CN-31',
      inclusive: true,
      classes: { goods: [{ rateId: 'vat', title: { en: 'VAT', 'zh-CN': '增值税' }, rateMillionths: 130_000 }] },
      shippingClass: 'goods',
    },
  ],
  roundPer: 'line',
  rounding: 'halfUp',
} as const

describe('the price of an order', () => {
  it('is made again, to the byte, of what was written with it, also after every book has changed', async () => {
    const shop = await openShop({ offers: [couponOffer, giftOffer], tax })
    await givePoints(shop, 'ann', 1_000)
    await fillCart(
      shop,
      'ann',
      [
        ['kettle', 2],
        ['mug', 1],
      ],
      [await giveCoupon(shop, 'ann')],
    )
    const { orderId } = await place(shop, 'ann', { points: 1_000 })

    // The offers are withdrawn and carriage costs more.
    value(await publishOffers(shop, byStaff(), { expectedRevision: 1, offers: [] }))
    const shipping = (await ask(shop, row(shippingBooks, shippingBookId)))!
    const dearer = shipping.state.methods.map((method) => ({
      ...method,
      zones: method.zones.map((zone) => ({ ...zone, rate: { kind: 'flat' as const, chargeMinor: 9_900 } })),
    }))
    const change = { id: shippingBookId, version: shipping.version, state: { ...shipping.state, methods: dearer } }
    await commit(shop, [put(shippingBooks, change)])

    const replayed = value(await replayPrice(shop, byStaff(), { orderId }))
    const { price } = value(await orderPage(shop, byStaff(), { orderId }))
    expect(replayed).toMatchObject({ orderId, identical: true, bookIds: ['offers@1', 'shipping@1', 'tax@1'] })
    expect(canonicalJson({ ...replayed.price, trace: [] })).toBe(canonicalJson(price))
    // It can still be told what became of each offer.
    expect(replayed.price.trace.map(({ offerId, outcome }) => [offerId, outcome.kind]).sort()).toEqual([
      ['free-bag', 'applied'],
      ['twenty-off', 'applied'],
    ])
  })

  it('is told apart from one that was changed', async () => {
    const shop = await openShop()
    await fillCart(shop, 'ann', [['kettle', 1]])
    const { orderId } = await place(shop, 'ann')
    const [stored] = (await booksOf(shop)).orders
    const { details } = stored!.state
    const price = { ...details.price, totals: { ...details.price.totals, payableMinor: 1 } }
    const { orders } = await import('../../../src/orders/order.collection.schema.js')
    const state = { ...stored!.state, details: { ...details, price } }
    await commit(shop, [put(orders, { id: orderId, version: stored!.version, state })])
    expect(value(await replayPrice(shop, byStaff(), { orderId })).identical).toBe(false)
  })

  it('keeps each revision of a book once, however many orders it made', async () => {
    const shop = await openShop({ offers: [couponOffer] })
    for (const buyer of ['ann', 'bob', 'eve']) {
      await fillCart(shop, buyer, [['kettle', 1]])
      await place(shop, buyer)
    }
    shop.books.drop({ collection: 'offerBook', id: 'offers' })
    await fillCart(shop, 'joe', [['kettle', 1]])
    const { orderId } = await place(shop, 'joe')
    const kept = await ask(shop, find(keptBooks, { where: [], limit: 10 }))
    expect(kept.map(({ id }) => id).sort()).toEqual(['offers@1', 'shipping@1'])
    expect(value(await replayPrice(shop, byStaff(), { orderId })).identical).toBe(true)
    // What an order keeps of its price does not grow with the books.
    const sizes = (await booksOf(shop)).orders.map(({ state }) => JSON.stringify(state.details.priced).length)
    expect(Math.max(...sizes)).toBeLessThan(2_000)
  })

  it('says which book is not kept', async () => {
    const shop = await openShop()
    await fillCart(shop, 'ann', [['kettle', 1]])
    const { orderId } = await place(shop, 'ann')
    const kept = (await ask(shop, row(keptBooks, 'shipping@1')))!
    await commit(shop, [removeRow(keptBooks, kept)])
    expect((await replayPrice(shop, byStaff(), { orderId }))._unsafeUnwrapErr()).toEqual({
      type: 'PriceNotReplayable',
      bookId: 'shipping@1',
    })
    expect((await replayPrice(shop, by('ann'), { orderId }))._unsafeUnwrapErr()).toMatchObject({ type: 'Denied' })
  })
})
