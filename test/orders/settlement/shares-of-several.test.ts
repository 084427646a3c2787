import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { newRefundOf } from '../../../src/orders/money/refund-shares.js'
import type { OrderRefund } from '../../../src/orders/order.js'
import { addTo } from '../../../src/orders/order-pieces.js'
import type { OrderRow } from '../../../src/orders/order-row.js'
import { completeOrder, confirmReceipt } from '../../../src/orders/parcels/complete-order.js'
import { shipOrder } from '../../../src/orders/parcels/ship-order.js'
import { defaultShopPolicy, type ShopPolicy } from '../../../src/orders/policy/shop-policy.js'
import { refundOrder } from '../../../src/orders/refunds/refund-order.js'
import { splitOrder } from '../../../src/orders/settlement/order-split.js'
import { settlements } from '../../../src/payments/settlement.schema.js'
import { rows } from '../../../src/shared/read-plan.js'
import { ask, booksOf, expectBooksToAgree } from '../books-of.js'
import { by, byStaff, couponOffer, fillCart, giveCoupon, offer, pay, place, type Sku, value } from '../open-shop.js'
import { openMall } from '../placing/open-mall.js'

const terms = { afterWorkingDays: 0, rates: [{ merchantId: null, platformBasisPoints: 0, partners: [] }] }

/** 30.00 off mugs, which the platform pays. */
const mugsOffer = offer({
  offerId: 'mugs',
  stage: 'platform',
  form: { kind: 'promotion' },
  scope: { productIds: ['p-mug'] },
  benefit: { kind: 'amountOff', offMinor: 3_000 },
  funding: { platformBasisPoints: 10_000 },
})

/** So much off from 100.00, which the merchants bear. */
const fromHundred = (offMinor: number) =>
  offer({
    offerId: 'hundred',
    stage: 'platform',
    form: { kind: 'promotion' },
    threshold: { amountMinor: 10_000, basis: 'running' },
    benefit: { kind: 'amountOff', offMinor },
  })

/** Carriage of its own lamps, up to so much, by their merchant. */
const lampsFree = (upToMinor: number) =>
  offer({
    offerId: 'lamps-free',
    issuer: { kind: 'merchant', merchantId: 'lights' },
    stage: 'shipping',
    form: { kind: 'promotion' },
    benefit: { kind: 'freeShipping', upToMinor },
  })

type Wanted = readonly (readonly [Sku, number])[]

/** Lamps are of `lights`, mugs of `potter`, kettles the shop's own, and all of them sell together. */
const openTogether = (offers: Parameters<typeof openMall>[0], policy: Partial<ShopPolicy> = {}) =>
  openMall(offers, { severalMerchants: 'together', settlement: terms, ...policy })

const receive = async (shop: Awaited<ReturnType<typeof openTogether>>, wanted: Wanted) => {
  await fillCart(shop, 'ann', wanted)
  const { orderId } = await place(shop, 'ann')
  await pay(shop, 'ann', orderId)
  value(await shipOrder(shop, byStaff(), { orderId, carrier: 'sf-express', trackingNumber: 'SF1' }))
  value(await confirmReceipt(shop, by('ann'), { orderId }))
  value(await completeOrder(shop, byStaff(), { orderId }))
  const earned = async () => {
    const [settlement] = await ask(shop, rows(settlements, [orderId]))
    return Object.fromEntries(settlement?.state.shares.map(({ payee, earnedMinor }) => [payee, earnedMinor]) ?? [])
  }
  const back = async (lines: readonly { readonly lineId: string; readonly quantity: number }[]) =>
    value(await refundOrder(shop, byStaff(), { orderId, reason: 'returned', lines }))
  return { earned, back }
}

const mugs = { lineId: 'mug-1', quantity: 2 }
const lamp = { lineId: 'lamp-2', quantity: 1 }

describe('the money of one order of several merchants', () => {
  it.each([
    { cut: 'one refund', refunds: [[mugs, lamp]] },
    { cut: 'two refunds', refunds: [[mugs], [lamp]] },
  ])('goes back in $cut from whose goods come back, with what the platform paid for those', async ({ refunds }) => {
    const shop = await openTogether({ offers: [mugsOffer] })
    const { earned, back } = await receive(shop, [
      ['mug', 2],
      ['lamp', 2],
    ])
    // Mugs at 38.00 and lamps at 118.00 divide the carriage of 8.00; the platform pays 30.00 of the mugs.
    expect(await earned()).toEqual({ potter: 3_800 + 195, lights: 11_800 + 605 })
    for (const lines of refunds) await back(lines)
    expect(await earned()).toEqual({ potter: 195, lights: 5_900 + 605 })
    await expectBooksToAgree(shop)
  })

  it.each([
    // The lamp costs 59.00 again: 7.00 of the 66.00 go back, and the lamp's merchant has lost no discount any more.
    { offMinor: 5_000, backMinor: 700, lights: 5_900 + 407 },
    // The lamp would cost more than the 46.00 that were paid: nothing goes back, and its merchant has all that was paid.
    { offMinor: 7_000, backMinor: 0, lights: 4_600 + 407 },
  ])('is not kept by whose goods came back, where the buyer lost a discount of $offMinor', async (each) => {
    const returns = { ...defaultShopPolicy.returns, refundPolicy: 'reevaluate' as const }
    const shop = await openTogether({ offers: [fromHundred(each.offMinor)] }, { returns })
    const { earned, back } = await receive(shop, [
      ['mug', 3],
      ['lamp', 1],
    ])
    expect((await back([{ lineId: 'mug-1', quantity: 3 }])).cashMinor).toBe(each.backMinor)
    expect(await earned()).toEqual({ potter: 393, lights: each.lights })
    await expectBooksToAgree(shop)
    // What comes back in the end leaves nobody any of the goods.
    await back([lamp])
    expect(await earned()).toEqual({ potter: 393, lights: 407 })
    await expectBooksToAgree(shop)
  })

  it('leaves the carriage that a merchant freed to that merchant', async () => {
    const shop = await openTogether({ offers: [lampsFree(800)] })
    const { earned, back } = await receive(shop, [
      ['mug', 2],
      ['lamp', 2],
    ])
    // Of the carriage of 8.00 the 6.05 of the lamps are free: the buyer pays the 1.95 of the mugs.
    expect(await earned()).toEqual({ potter: 3_800 + 195, lights: 11_800 })
    await back([mugs])
    expect(await earned()).toEqual({ potter: 195, lights: 11_800 })
    await expectBooksToAgree(shop)
  })

  it('is the same however what comes back is cut into refunds, and none gains by another’s goods', async () => {
    const shop = await openTogether({ offers: [couponOffer, mugsOffer, lampsFree(150)] })
    const couponId = await giveCoupon(shop, 'ann')
    const bought = [
      ['kettle', 2],
      ['lamp', 3],
      ['mug', 3],
    ] as const
    await fillCart(shop, 'ann', bought, [couponId])
    await place(shop, 'ann')
    const placed = (await booksOf(shop)).orders[0]?.state
    if (placed === undefined) throw new Error('no order')
    const sharesOf = (order: OrderRow): Readonly<Record<string, number>> =>
      Object.fromEntries(value(splitOrder(order, terms)).payees.map(({ payee, amountMinor }) => [payee, amountMinor]))
    let refundIds = 0
    const giveBack = (order: OrderRow, pieces: readonly string[], withShipping = false): OrderRow => {
      refundIds += 1
      const lines = [...new Set(pieces)].map((lineId) => ({
        lineId,
        quantity: pieces.filter((each) => each === lineId).length,
      }))
      const asked = {
        refundId: `ref-${refundIds}`,
        reason: 'goodwill',
        lines,
        withShipping,
        sellerAtFault: true,
      } as const
      const refund: OrderRefund = { ...value(newRefundOf({ order, books: [] }, asked)), status: 'succeeded' }
      return { ...order, refunds: [...order.refunds, refund], lines: addTo(order.lines, 'refundedQuantity', lines) }
    }
    const pieces = placed.lines.flatMap(({ lineId, quantity }) => new Array<string>(quantity).fill(lineId))
    const back = fc.record({
      order: fc.shuffledSubarray(pieces.map((_, place) => place)),
      cuts: fc.array(fc.boolean(), { minLength: pieces.length, maxLength: pieces.length }),
      withShipping: fc.boolean(),
    })
    fc.assert(
      fc.property(back, ({ order, cuts, withShipping }) => {
        const wanted = order.map((place) => pieces[place] ?? '')
        let cut: OrderRow = placed
        let batch: readonly string[] = []
        for (const [place, lineId] of wanted.entries()) {
          batch = [...batch, lineId]
          if (cuts[place] !== true && place < wanted.length - 1) continue
          const before = sharesOf(cut)
          cut = giveBack(cut, batch)
          const after = sharesOf(cut)
          for (const { merchantId, lineId: own } of placed.lines) {
            expect(after[merchantId]).toBeLessThanOrEqual(before[merchantId] ?? 0)
            const isTheirs = placed.lines.some((line) => line.merchantId === merchantId && batch.includes(line.lineId))
            if (!isTheirs) expect([own, after[merchantId]]).toEqual([own, before[merchantId]])
          }
          batch = []
        }
        const whole = wanted.length === 0 ? placed : giveBack(placed, wanted)
        expect(sharesOf(cut)).toEqual(sharesOf(whole))
        // Carriage that goes back makes nobody's share larger, and is borne alike.
        if (!withShipping) return
        const [left, right] = [sharesOf(giveBack(cut, [], true)), sharesOf(giveBack(whole, [], true))]
        expect(left).toEqual(right)
        for (const [payee, minor] of Object.entries(left)) expect(minor).toBeLessThanOrEqual(sharesOf(cut)[payee] ?? 0)
      }),
      { numRuns: 60 },
    )
  })
})
