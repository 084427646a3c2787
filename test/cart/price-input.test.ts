import { describe, expect, it } from 'vitest'
import type { CartLine } from '../../src/cart/cart.js'
import { type PriceSources, priceInputOf } from '../../src/cart/price-input.js'
import { composeFacts, withStatus } from '../../src/catalog/compose-product.js'
import { content } from '../catalog/open-shop.js'

const facts = composeFacts({
  productId: 'prd_self.kettle',
  externalId: 'kettle',
  merchantId: 'self',
  content: content(),
  branch: [
    { categoryId: 'cat_home', parentId: null },
    { categoryId: 'cat_kettles', parentId: 'cat_home' },
  ],
  before: undefined,
  now: 1,
})
const kettle = withStatus(facts, 'active', undefined)
const line: CartLine = {
  lineId: 'l1',
  productId: 'prd_self.kettle',
  sku: 'KET-1',
  quantity: 2,
  selected: true,
  addedAt: 1,
}
const sources: PriceSources = {
  now: 5,
  currency: 'CNY',
  lines: [line],
  products: [{ id: 'prd_self.kettle', state: kettle }],
  offers: [],
  coupons: [
    {
      status: 'claimed',
      couponId: 'c1',
      offerId: 'o1',
      campaignId: null,
      batchId: null,
      code: null,
      issuedAt: 1,
      holderId: 'ann',
      claimedAt: 2,
      validFrom: 2,
      validTo: 9,
      remindAt: null,
    },
  ],
  buyer: { levelId: null, firstOrder: true, birthdayToday: false },
  channel: 'web',
  paymentMethod: null,
  shipping: null,
  tax: null,
  points: null,
}

describe('the input of a price', () => {
  it('takes what the catalog says of the lines, and the coupons as they stand', () => {
    const input = priceInputOf(sources)._unsafeUnwrap()
    expect(input.lines).toEqual([
      {
        lineId: 'l1',
        productId: 'prd_self.kettle',
        sku: 'KET-1',
        merchantId: 'self',
        categoryIds: ['cat_home', 'cat_kettles'],
        brand: 'Orrin',
        quantity: 2,
        listUnitMinor: 12_900,
        weightGrams: 900,
        taxClass: 'standard',
        discountable: true,
      },
    ])
    expect(input.coupons).toEqual([{ couponId: 'c1', offerId: 'o1', status: 'claimed', validFrom: 2, validTo: 9 }])
    expect(input.pricingVersion).toBe(1)
  })

  it('is refused for what cannot be bought', () => {
    const archived = { ...sources, products: [{ id: kettle.productId, state: withStatus(facts, 'archived', kettle) }] }
    const unavailable = { type: 'ItemUnavailable', productId: 'prd_self.kettle', sku: 'KET-1' }
    expect(priceInputOf(archived)._unsafeUnwrapErr()).toEqual(unavailable)
    expect(priceInputOf({ ...sources, products: [] })._unsafeUnwrapErr()).toEqual(unavailable)
    expect(priceInputOf({ ...sources, lines: [] })._unsafeUnwrapErr()).toEqual({ type: 'NothingSelected' })
    expect(priceInputOf({ ...sources, currency: 'JPY' })._unsafeUnwrapErr()).toEqual({
      type: 'LineCurrencyDiffers',
      lineId: 'l1',
      expected: 'JPY',
      actual: 'CNY',
    })
  })
})
