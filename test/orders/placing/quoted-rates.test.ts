import { errAsync, okAsync } from 'neverthrow'
import { describe, expect, it } from 'vitest'
import { createFixedCarriageRates, createFixedTaxRates } from '../../../adapters/rates/fixed/index.js'
import { createKeyedDigest } from '../../../adapters/runtime/index.js'
import { priceMyCart } from '../../../src/cart/price-my-cart.js'
import { applyEdit } from '../../../src/orders/editing/apply-edit.js'
import { previewEdit } from '../../../src/orders/editing/preview-edit.js'
import { orderPage } from '../../../src/orders/pages/order-page.js'
import { placeOrder } from '../../../src/orders/placing/place-order.js'
import { previewOrder } from '../../../src/orders/placing/preview-order.js'
import { replayPrice } from '../../../src/orders/price-record/replay-price.js'
import type { CarriageRates, RatePorts, RateRequest, TaxRates } from '../../../src/pricing/rate-sources.js'
import { canonicalJson } from '../../../src/shared/json.js'
import { by, byStaff, fillCart, openShop, pay, recipient, value, wares } from '../open-shop.js'

const title = { en: 'Courier', 'zh-CN': '快递' }
const minute = 60_000

/** A courier that asks so much, at whatever it is told to ask from then on; it keeps what it was asked for. */
const courierOf = (chargeMinor: number) => {
  const requests: RateRequest[] = []
  const courier = { chargeMinor, validForMs: 15 * minute }
  const source: CarriageRates = {
    quoteCarriage: (request) => {
      requests.push(request)
      const { chargeMinor: baseMinor, validForMs } = courier
      return createFixedCarriageRates(
        [
          {
            methodId: 'courier',
            title,
            currency: 'CNY',
            days: { earliest: 1, latest: 2 },
            regions: { '*': { baseMinor, perKilogramMinor: 0 } },
          },
        ],
        { source: `courier/quote-${requests.length}`, validForMs },
      ).quoteCarriage(request)
    },
  }
  return { courier, source, requests }
}

const taxRates = createFixedTaxRates({
  '*': {
    inclusive: false,
    classes: { goods: [{ rateId: 'vat', title, rateMillionths: 100_000 }] },
    shippingClass: null,
    roundPer: 'line',
    rounding: 'halfUp',
  },
})

const openQuoted = async (rates: RatePorts) => {
  const shop = { ...(await openShop()), ...rates }
  await fillCart(shop, 'ann', [['kettle', 2]])
  return shop
}

const choice = { shippingMethodId: 'courier' }
const preview = { ...choice, region: recipient.region }

describe('rates from outside', () => {
  it('are quoted before the price, and again for the order: two kettles, carriage of 12.00, 10 % on top', async () => {
    const { source, requests } = courierOf(1_200)
    const shop = await openQuoted({ carriageRates: source, taxRates })
    const previewed = value(await previewOrder(shop, by('ann'), preview))
    // 258.00 + 25.80 + 12.00
    expect(previewed.totals).toMatchObject({ shippingMinor: 1_200, taxOnTopMinor: 2_580, payableMinor: 29_580 })
    expect(previewed.ratesValidUntil).toBe(shop.clock.now() + 15 * minute)
    const shipping = { methodId: 'courier', region: recipient.region }
    const inCart = value(await priceMyCart(shop, by('ann'), { shipping }))
    expect(inCart.price.totals).toEqual(previewed.price.totals)
    expect(inCart.ratesValidUntil).toBe(previewed.ratesValidUntil)
    expect(requests[0]).toMatchObject({
      region: recipient.region,
      currency: 'CNY',
      lines: [{ sku: 'kettle', quantity: 2, taxClass: 'goods' }],
    })

    const order = { ...choice, recipient, expectedTotalMinor: previewed.totals.payableMinor }
    const placed = value(await placeOrder(shop, by('ann'), order))
    expect(placed.payableMinor).toBe(29_580)
    expect(requests).toHaveLength(3)
  })

  it('stand with the order, with who gave them and until when, and its price is made again of them', async () => {
    const { source, courier } = courierOf(1_200)
    const shop = await openQuoted({ carriageRates: source, taxRates })
    const { totals } = value(await previewOrder(shop, by('ann'), preview))
    const { orderId } = value(
      await placeOrder(shop, by('ann'), { ...choice, recipient, expectedTotalMinor: totals.payableMinor }),
    )
    courier.chargeMinor = 5_000
    const now = shop.clock.now()
    shop.pass(60 * minute)
    const replayed = value(await replayPrice(shop, byStaff(), { orderId }))
    expect(replayed).toMatchObject({
      identical: true,
      bookIds: ['offers@1'],
      quotes: [
        { kind: 'shipping', source: 'courier/quote-2', quotedAt: now, validUntil: now + 15 * minute },
        { kind: 'tax', source: 'fixed', quotedAt: now, validUntil: now + 15 * minute },
      ],
    })
    const { price } = value(await orderPage(shop, by('ann'), { orderId }))
    expect(canonicalJson({ ...replayed.price, trace: [] })).toBe(canonicalJson(price))
  })

  it('tell the buyer the difference when they changed before the order', async () => {
    const { source, courier } = courierOf(1_200)
    const shop = await openQuoted({ carriageRates: source })
    const { totals } = value(await previewOrder(shop, by('ann'), preview))
    courier.chargeMinor = 1_500
    const order = { ...choice, recipient, expectedTotalMinor: totals.payableMinor }
    expect((await placeOrder(shop, by('ann'), order))._unsafeUnwrapErr()).toMatchObject({
      type: 'PriceChanged',
      differenceMinor: 300,
      actualMinor: 2 * wares.kettle + 1_500,
    })
  })

  it('are refused when none come, when they are over, and when they are no rates', async () => {
    const { source, courier } = courierOf(1_200)
    const shop = await openQuoted({})
    const refusal = async (rates: RatePorts) =>
      (await previewOrder({ ...shop, ...rates }, by('ann'), preview))._unsafeUnwrapErr()
    const failing: CarriageRates = {
      quoteCarriage: () => errAsync({ type: 'RateSourceFailed', detail: 'HTTP 503' }),
    }
    expect(await refusal({ carriageRates: failing })).toEqual({ type: 'CarriageRatesUnavailable', reason: 'failed' })
    const throwing: CarriageRates = {
      quoteCarriage: () => {
        throw new Error('not reached')
      },
    }
    expect(await refusal({ carriageRates: throwing })).toEqual({ type: 'CarriageRatesUnavailable', reason: 'failed' })
    courier.validForMs = 0
    expect(await refusal({ carriageRates: source })).toEqual({ type: 'CarriageRatesUnavailable', reason: 'outdated' })
    courier.validForMs = minute
    courier.chargeMinor = 0.5
    expect(await refusal({ carriageRates: source })).toEqual({ type: 'CarriageRatesUnavailable', reason: 'malformed' })
    const nameless = createFixedTaxRates({}, { source: '' })
    expect(await refusal({ taxRates: nameless })).toEqual({ type: 'TaxRatesUnavailable', reason: 'malformed' })
    const told = { source: 'courier', quotedAt: 0, validUntil: Number.MAX_SAFE_INTEGER }
    const rate = { methodId: 'courier', title, chargeMinor: 1, days: { earliest: 1, latest: 2 } }
    const slower = { ...rate, days: { earliest: 3, latest: 2 } }
    for (const rates of [undefined, null, 'free', {}, [null], [{}], [rate, rate], [slower]]) {
      const odd = { quoteCarriage: () => okAsync({ ...told, rates }) } as unknown as CarriageRates
      expect(await refusal({ carriageRates: odd })).toEqual({ type: 'CarriageRatesUnavailable', reason: 'malformed' })
    }
    const taxed = { inclusive: true, classes: { goods: [] }, shippingClass: null, roundPer: 'line', rounding: 'halfUp' }
    for (const rates of [
      undefined,
      null,
      [],
      {},
      { ...taxed, classes: null },
      { ...taxed, shippingClass: 'carriage' },
    ]) {
      const odd = { quoteTaxes: () => okAsync({ ...told, rates }) } as unknown as TaxRates
      expect(await refusal({ taxRates: odd })).toEqual({ type: 'TaxRatesUnavailable', reason: 'malformed' })
    }
    const silent = { quoteCarriage: () => undefined } as unknown as CarriageRates
    expect(await refusal({ carriageRates: silent })).toEqual({ type: 'CarriageRatesUnavailable', reason: 'malformed' })
    const nowhere: CarriageRates = {
      quoteCarriage: ({ now }) => okAsync({ rates: [], source: 'courier', quotedAt: now, validUntil: now + minute }),
    }
    expect(await refusal({ carriageRates: nowhere })).toEqual({ type: 'ShippingMethodUnknown', methodId: 'courier' })
  })

  it('are not asked for a cart of which nothing can be bought', async () => {
    const { source, requests } = courierOf(1_200)
    const shop = { ...(await openShop()), carriageRates: source }
    expect((await previewOrder(shop, by('ann'), preview))._unsafeUnwrapErr()).toEqual({ type: 'NothingSelected' })
    expect(requests).toEqual([])
  })

  it('are quoted for a change for the pieces that the order then has, without those that were taken out before', async () => {
    const { source, requests } = courierOf(1_200)
    const opened = await openQuoted({ carriageRates: source })
    const shop = { ...opened, digests: createKeyedDigest({ key: new Uint8Array(32).fill(3) }) }
    const { totals } = value(await previewOrder(shop, by('ann'), preview))
    const { orderId } = value(
      await placeOrder(shop, by('ann'), { ...choice, recipient, expectedTotalMinor: totals.payableMinor }),
    )
    await pay(shop, 'ann', orderId)
    const wanted = (quantity: number) => ({ orderId, lines: [{ lineId: 'kettle-1', quantity }] })
    const { hash } = value(await previewEdit(shop, by('ann'), wanted(1)))
    value(await applyEdit(shop, by('ann'), { ...wanted(1), hash }))
    value(await previewEdit(shop, by('ann'), wanted(2)))
    expect(requests.at(-1)?.lines).toMatchObject([{ sku: 'kettle', quantity: 2 }])
  })
})
