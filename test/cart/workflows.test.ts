import type { ResultAsync } from 'neverthrow'
import { describe, expect, it } from 'vitest'
import { addLine } from '../../src/cart/add-line.js'
import { attachCoupon } from '../../src/cart/attach-coupon.js'
import { defaultCartPolicy } from '../../src/cart/cart.js'
import { clearCart } from '../../src/cart/clear-cart.js'
import { dropInvalidLines } from '../../src/cart/drop-invalid-lines.js'
import { mergeGuestCart } from '../../src/cart/merge-guest-cart.js'
import type { CartPorts } from '../../src/cart/ports.js'
import { priceMyCart } from '../../src/cart/price-my-cart.js'
import { removeLine } from '../../src/cart/remove-line.js'
import { saveForLater } from '../../src/cart/save-for-later.js'
import { selectLines } from '../../src/cart/select-lines.js'
import { setQuantity } from '../../src/cart/set-quantity.js'
import { takeBackLine } from '../../src/cart/take-back-line.js'
import { viewCart } from '../../src/cart/view-cart.js'
import { archiveProduct } from '../../src/catalog/archive-product.js'
import { importProducts } from '../../src/catalog/import/import-products.js'
import { coupons } from '../../src/promotions/coupon.collection.schema.js'
import type { Offer } from '../../src/promotions/offer.js'
import { offerBookId, offerBooks } from '../../src/promotions/offer.schema.js'
import { prepareCommit, put } from '../../src/shared/commit.js'
import type { CommandContext } from '../../src/shared/run-command.js'
import { byCustomer, byGuest, byStaff, openShop, receive, staff } from '../catalog/open-shop.js'

/** A shop with a kettle of two colours, at most 6 a person, a lamp and a mug. */
const openFilled = async () => {
  const ports = await openShop()
  const variant = (sku: string, colour: string) => ({ sku, price: '129.00', options: { colour } })
  const source = [
    {
      externalId: 'kettle',
      title: { en: 'Kettle', 'zh-CN': '电水壶' },
      categoryPath: ['Home'],
      variants: [variant('KET-W', 'White'), variant('KET-B', 'Black')],
      perPersonLimit: 6,
    },
    { externalId: 'lamp', title: 'Lamp', categoryPath: ['Home'], price: '59.00' },
    { externalId: 'mug', title: 'Mug', categoryPath: ['Home'], price: '19.00' },
  ]
  const options = { importId: 'i', format: 'rows', merchantId: 'self', currency: 'CNY' } as const
  expect((await importProducts(ports, staff, { ...options, source }))._unsafeUnwrap().counts.created).toBe(3)
  for (const [sku, quantity] of [
    ['KET-W', 5],
    ['KET-B', 9],
    ['lamp', 1_000],
    ['mug', 2],
  ] as const) {
    await receive(ports, sku, quantity)
  }
  return ports
}

const kettle = (quantity: number, sku = 'KET-W') => ({ productId: 'prd_self.kettle', sku, quantity })
const lamp = (quantity: number) => ({ productId: 'prd_self.lamp', sku: 'lamp', quantity })
const mug = (quantity: number) => ({ productId: 'prd_self.mug', sku: 'mug', quantity })

const view = async (ports: CartPorts, context: CommandContext = byCustomer('ann')) =>
  (await viewCart(ports, context))._unsafeUnwrap()
const quantities = async (ports: CartPorts, context: CommandContext = byCustomer('ann')) =>
  Object.fromEntries((await view(ports, context)).lines.map(({ sku, quantity }) => [sku, quantity]))
const lineOf = async (ports: CartPorts, sku: string) => {
  const { lines, later } = await view(ports)
  return [...lines, ...later].find((line) => line.sku === sku)?.lineId ?? ''
}

/** Sends a command again under its key for as long as the shop is busy. */
const insist = async <Answer>(send: () => ResultAsync<Answer, { readonly type: string }>): Promise<Answer> => {
  for (;;) {
    const answer = await send()
    if (answer.isOk()) return answer.value
    if (answer.error.type !== 'Busy') throw new Error(answer.error.type)
  }
}

describe('a cart', () => {
  it('sums the same item and shows what is true of it now', async () => {
    const ports = await openFilled()
    await addLine(ports, byCustomer('ann'), kettle(2))
    const added = await addLine(ports, byCustomer('ann'), kettle(1))
    expect(added._unsafeUnwrap()).toEqual({ cartId: 'cart_ann', lineCount: 1, pieceCount: 3 })
    expect(await view(ports)).toMatchObject({
      cartId: 'cart_ann',
      pieceCount: 3,
      selectedPieceCount: 3,
      lines: [
        {
          sku: 'KET-W',
          quantity: 3,
          selected: true,
          title: { en: 'Kettle', 'zh-CN': '电水壶' },
          options: { colour: 'White' },
          listPrice: { minor: 12_900, currency: 'CNY' },
          available: 5,
          problem: null,
        },
      ],
    })
  })

  it('is bounded by stock, by policy and for each person', async () => {
    const ports = await openFilled()
    expect((await addLine(ports, byCustomer('ann'), kettle(6)))._unsafeUnwrapErr()).toEqual({
      type: 'StockInsufficient',
      sku: 'KET-W',
      requested: 6,
      available: 5,
    })
    await addLine(ports, byCustomer('ann'), kettle(4))
    expect((await addLine(ports, byCustomer('ann'), kettle(3, 'KET-B')))._unsafeUnwrapErr()).toEqual({
      type: 'PersonLimitExceeded',
      productId: 'prd_self.kettle',
      requested: 7,
      remaining: 6,
    })
    const strict = { ...ports, cartPolicy: { ...defaultCartPolicy, maxLines: 1, maxQuantityPerLine: 4, maxCoupons: 1 } }
    expect((await addLine(strict, byCustomer('ann'), kettle(1)))._unsafeUnwrapErr().type).toBe('QuantityAboveMaximum')
    expect((await addLine(strict, byCustomer('ann'), lamp(1)))._unsafeUnwrapErr()).toEqual({
      type: 'CartFull',
      maxLines: 1,
    })
  })

  it('takes nothing that is not on sale', async () => {
    const ports = await openFilled()
    await archiveProduct(ports, byStaff(), { productId: 'prd_self.lamp' })
    for (const input of [lamp(1), { ...kettle(1), sku: 'KET-X' }, { ...kettle(1), productId: 'prd_self.none' }]) {
      expect((await addLine(ports, byCustomer('ann'), input))._unsafeUnwrapErr().type).toBe('ItemUnavailable')
    }
    expect((await addLine(ports, byCustomer('ann'), lamp(0)))._unsafeUnwrapErr().type).toBe('InvalidInput')
  })

  it('selects, saves for later, takes back, removes and clears', async () => {
    const ports = await openFilled()
    await addLine(ports, byCustomer('ann'), kettle(2))
    await addLine(ports, byCustomer('ann'), lamp(1))
    await selectLines(ports, byCustomer('ann'), { lineIds: [await lineOf(ports, 'lamp')], selected: false })
    expect((await view(ports)).selectedPieceCount).toBe(2)
    const lineId = await lineOf(ports, 'KET-W')
    await saveForLater(ports, byCustomer('ann'), { lineId })
    expect((await view(ports)).later.map(({ sku, title }) => [sku, title?.en])).toEqual([['KET-W', 'Kettle']])
    expect(await quantities(ports)).toEqual({ lamp: 1 })
    await takeBackLine(ports, byCustomer('ann'), { lineId })
    expect(await quantities(ports)).toEqual({ lamp: 1, 'KET-W': 2 })
    await removeLine(ports, byCustomer('ann'), { lineId })
    expect((await removeLine(ports, byCustomer('ann'), { lineId })).isOk()).toBe(true)
    expect((await setQuantity(ports, byCustomer('ann'), { lineId, quantity: 1 }))._unsafeUnwrapErr()).toEqual({
      type: 'NotFound',
      entity: 'cartLine',
      id: lineId,
    })
    await clearCart(ports, byCustomer('ann'), {})
    expect(await quantities(ports)).toEqual({})
  })

  it('names what can no longer be bought, and drops it when asked', async () => {
    const ports = await openFilled()
    await addLine(ports, byCustomer('ann'), kettle(2))
    await addLine(ports, byCustomer('ann'), lamp(1))
    await addLine(ports, byCustomer('ann'), mug(2))
    await archiveProduct(ports, byStaff(), { productId: 'prd_self.lamp' })
    await receive(ports, 'mug', -1)
    await receive(ports, 'KET-W', -5)
    const problems = (await view(ports)).lines.map(({ sku, problem }) => [sku, problem])
    expect(problems).toEqual([
      ['KET-W', { type: 'SoldOut' }],
      ['lamp', { type: 'NotOnSale' }],
      ['mug', { type: 'FewerLeft', available: 1 }],
    ])
    await dropInvalidLines(ports, byCustomer('ann'))
    expect(await quantities(ports)).toEqual({ mug: 2 })
  })

  it('does a command once for each key', async () => {
    const ports = await openFilled()
    const context = byCustomer('ann')
    const first = await addLine(ports, context, lamp(2))
    expect(await addLine(ports, context, lamp(2))).toEqual(first)
    expect(await quantities(ports)).toEqual({ lamp: 2 })
  })

  it('takes a coupon that its owner holds and nobody else', async () => {
    const ports = await openFilled()
    const held = {
      couponId: 'c1',
      offerId: 'o',
      campaignId: null,
      batchId: null,
      code: null,
      issuedAt: 0,
      holderId: 'ann',
      claimedAt: 0,
    }
    const state = { ...held, status: 'claimed', validFrom: 0, validTo: 9_000_000_000_000, remindAt: null } as const
    const changes = [put(coupons, { id: 'c1', version: 0, state })]
    const commit = prepareCommit({ shop: ports.shop, at: 0, changes })._unsafeUnwrap()
    expect((await ports.storage.commit(commit)).isOk()).toBe(true)
    expect((await attachCoupon(ports, byCustomer('bob'), { couponId: 'c1' }))._unsafeUnwrapErr()).toEqual({
      type: 'NotFound',
      entity: 'coupon',
      id: 'c1',
    })
    await attachCoupon(ports, byCustomer('ann'), { couponId: 'c1' })
    expect((await view(ports)).couponIds).toEqual(['c1'])
  })

  it('counts no coupon that has ended among those it may hold, and lets go of it', async () => {
    const ports = { ...(await openFilled()), cartPolicy: { ...defaultCartPolicy, maxCoupons: 2 } }
    const claimed = {
      offerId: 'o',
      campaignId: null,
      batchId: null,
      code: null,
      issuedAt: 0,
      holderId: 'ann',
      claimedAt: 0,
      validFrom: 0,
      remindAt: null,
      status: 'claimed',
    } as const
    const now = ports.clock.now()
    const ends = { brief: now + 1_000, long: now + 1_000_000, other: now + 1_000_000, more: now + 1_000_000 }
    const changes = Object.entries(ends).map(([couponId, validTo]) =>
      put(coupons, { id: couponId, version: 0, state: { ...claimed, couponId, validTo } }),
    )
    const commit = prepareCommit({ shop: ports.shop, at: now, changes })._unsafeUnwrap()
    expect((await ports.storage.commit(commit)).isOk()).toBe(true)
    const attach = (couponId: string) => attachCoupon(ports, byCustomer('ann'), { couponId })
    for (const couponId of ['brief', 'long']) expect((await attach(couponId)).isOk()).toBe(true)
    const full = { type: 'TooManyCoupons', maximum: 2 }
    expect((await attach('other'))._unsafeUnwrapErr()).toEqual(full)
    ports.setNow(now + 1_000)
    expect((await attach('other')).isOk()).toBe(true)
    expect((await view(ports)).couponIds).toEqual(['long', 'other'])
    expect((await attach('more'))._unsafeUnwrapErr()).toEqual(full)
  })
})

describe('two devices', () => {
  it('that add at once add up, 64 times over', async () => {
    const ports = await openFilled()
    const contexts = Array.from({ length: 64 }, () => byCustomer('ann'))
    await Promise.all(contexts.map((context, index) => insist(() => addLine(ports, context, lamp(1 + (index % 3))))))
    expect(await quantities(ports)).toEqual({ lamp: 127 })
  })

  it('that set a quantity 64 times at once leave the one committed last, and both see it', async () => {
    const ports = { ...(await openFilled()), attempts: 100 }
    await addLine(ports, byCustomer('ann'), lamp(1))
    const lineId = await lineOf(ports, 'lamp')
    const contexts = Array.from({ length: 64 }, () => byCustomer('ann'))
    const answers = await Promise.all(
      contexts.map((context, index) => insist(() => setQuantity(ports, context, { lineId, quantity: 100 + index }))),
    )
    expect(answers).toHaveLength(64)
    const told = ports.told.filter(({ type }) => type === 'QuantityChanged')
    // Every command had its turn: each led to a version of its own, and the highest is what stands.
    expect(new Set(told.map(({ version }) => version)).size).toBe(64)
    const last = told.reduce((latest, each) => (each.version > latest.version ? each : latest))
    expect(await quantities(ports)).toEqual({ lamp: last.body.quantity })
    expect(await quantities(ports, byCustomer('ann'))).toEqual(await quantities(ports))
  })

  it('that set a quantity at once leave one of the two, and both see it', async () => {
    const ports = await openFilled()
    await addLine(ports, byCustomer('ann'), lamp(1))
    const lineId = await lineOf(ports, 'lamp')
    const contexts = [byCustomer('ann'), byCustomer('ann')]
    await Promise.all(
      contexts.map((context, index) => insist(() => setQuantity(ports, context, { lineId, quantity: 10 + index }))),
    )
    // Each is told when its answer is there, which says nothing of which was the later.
    const told = ports.told.filter(({ type }) => type === 'QuantityChanged')
    expect(told.map(({ body }) => body.quantity).sort()).toEqual([10, 11])
    const last = told.reduce((latest, each) => (each.version > latest.version ? each : latest))
    expect(await quantities(ports)).toEqual({ lamp: last.body.quantity })
  })
})

describe("a guest's cart", () => {
  it('goes into the account that signs in, in one commit, and is at its end', async () => {
    const ports = await openFilled()
    await addLine(ports, byGuest('g1'), kettle(2))
    await addLine(ports, byGuest('g1'), mug(2))
    await addLine(ports, byCustomer('ann'), kettle(4))
    const merged = await mergeGuestCart(ports, byCustomer('ann'), { guestId: 'g1' })
    // Of six kettles five may be had.
    const notTaken = [{ productId: 'prd_self.kettle', sku: 'KET-W', quantity: 1, savedForLater: false }]
    expect(merged._unsafeUnwrap()).toEqual({ cartId: 'cart_ann', lineCount: 2, pieceCount: 7, merged: true, notTaken })
    expect(await quantities(ports)).toEqual({ 'KET-W': 5, mug: 2 })
    expect((await addLine(ports, byGuest('g1'), mug(1)))._unsafeUnwrapErr()).toEqual({ type: 'CartAlreadyMerged' })
    const again = await mergeGuestCart(ports, byCustomer('ann'), { guestId: 'g1' })
    expect(again._unsafeUnwrap().merged).toBe(false)
    expect(await quantities(ports)).toEqual({ 'KET-W': 5, mug: 2 })
  })

  it('goes into one account only when two claim it at once', async () => {
    const ports = await openFilled()
    await addLine(ports, byGuest('g1'), lamp(3))
    const contexts = ['ann', 'bob', 'cid', 'dan'].map((accountId) => byCustomer(accountId))
    const answers = await Promise.all(
      contexts.map((context) => insist(() => mergeGuestCart(ports, context, { guestId: 'g1' }))),
    )
    expect(answers.filter(({ merged }) => merged)).toHaveLength(1)
    const held = await Promise.all(contexts.map(({ actor }) => quantities(ports, byCustomer(actor.accountId))))
    expect(held.filter((each) => each.lamp === 3)).toHaveLength(1)
  })

  it("is never another account's cart under a guest's name", async () => {
    const ports = await openFilled()
    await addLine(ports, byCustomer('ann'), lamp(3))
    const stolen = await mergeGuestCart(ports, byCustomer('bob'), { guestId: 'ann' })
    expect(stolen._unsafeUnwrap().merged).toBe(false)
    expect(await quantities(ports, byCustomer('bob'))).toEqual({})
    expect((await viewCart(ports, byGuest('ann')))._unsafeUnwrap().lines).toEqual([])
    await addLine(ports, byGuest('ann'), lamp(1))
    expect(await quantities(ports, byGuest('ann'))).toEqual({ lamp: 1 })
    expect(await quantities(ports)).toEqual({ lamp: 3 })
  })

  it('is not for staff', async () => {
    const ports = await openFilled()
    expect((await viewCart(ports, staff))._unsafeUnwrapErr()).toEqual({ type: 'Denied', action: 'cart.viewCart' })
  })
})

describe('the price of a cart', () => {
  const offer: Offer = {
    version: 1,
    offerId: 'ten-off',
    title: { en: '10 off 100', 'zh-CN': '满100减10' },
    issuer: { kind: 'platform' },
    form: { kind: 'promotion' },
    stage: 'platform',
    priority: 1,
    currency: 'CNY',
    window: { timeZone: 'Asia/Shanghai' },
    threshold: { amountMinor: 15_000, basis: 'list' },
    benefit: { kind: 'amountOff', offMinor: 1_000 },
    funding: { platformBasisPoints: 0 },
  }

  it('takes the offers of the book, and says what is missing for one', async () => {
    const ports = await openFilled()
    const state = { bookId: offerBookId, offers: [offer], limitedOfferIds: [] }
    const changes = [put(offerBooks, { id: offerBookId, version: 0, state })]
    const commit = prepareCommit({ shop: ports.shop, at: 0, changes })._unsafeUnwrap()
    expect((await ports.storage.commit(commit)).isOk()).toBe(true)
    await addLine(ports, byCustomer('ann'), kettle(1))
    const before = (await priceMyCart(ports, byCustomer('ann')))._unsafeUnwrap().price
    expect(before.totals.payableMinor).toBe(12_900)
    expect(before.trace[0]?.outcome).toEqual({
      kind: 'rejected',
      reason: { type: 'ThresholdAmount', missingMinor: 2_100 },
    })
    await addLine(ports, byCustomer('ann'), lamp(1))
    const after = (await priceMyCart(ports, byCustomer('ann')))._unsafeUnwrap().price
    expect(after.totals.payableMinor).toBe(12_900 + 5_900 - 1_000)
  })

  it('is that of the selected lines which can be bought', async () => {
    const ports = await openFilled()
    await addLine(ports, byCustomer('ann'), kettle(1))
    await addLine(ports, byCustomer('ann'), lamp(2))
    await addLine(ports, byCustomer('ann'), mug(2))
    await selectLines(ports, byCustomer('ann'), { lineIds: [await lineOf(ports, 'lamp')], selected: false })
    await receive(ports, 'mug', -1)
    const { price, leftOut } = (await priceMyCart(ports, byCustomer('ann')))._unsafeUnwrap()
    expect(price.lines.map(({ sku, listMinor }) => [sku, listMinor])).toEqual([['KET-W', 12_900]])
    expect(price.totals.payableMinor).toBe(12_900)
    expect(leftOut.map(({ problem }) => problem)).toEqual([{ type: 'FewerLeft', available: 1 }])
    expect((await priceMyCart(ports, byCustomer('bob')))._unsafeUnwrapErr()).toEqual({ type: 'NothingSelected' })
  })
})
