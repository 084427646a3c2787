import type { PriceCartInput, PriceLine } from '../../src/pricing/index.js'
import type { Offer } from '../../src/promotions/index.js'
import { offerSchema } from '../../src/promotions/index.js'
import { Inexpressible } from './verdict.js'

const nameless = { 'zh-CN': '', en: '' }

/** A plain line; its product, SKU and tax class bear its id. */
export const plainLine = (
  line: Pick<PriceLine, 'lineId' | 'quantity' | 'listUnitMinor'> & Partial<PriceLine>,
): PriceLine => ({
  productId: line.lineId,
  sku: line.lineId,
  merchantId: 'shop',
  categoryIds: [],
  brand: '',
  weightGrams: 0,
  taxClass: line.lineId,
  discountable: true,
  ...line,
})

/** An input of an ordinary buyer, nothing carried, taxed or paid with points. */
export const plainInput = (
  input: Pick<PriceCartInput, 'currency' | 'lines'> & Partial<PriceCartInput>,
): PriceCartInput => ({
  pricingVersion: 1,
  now: Date.UTC(2026, 10, 11),
  offers: [],
  coupons: [],
  buyer: { levelId: null, firstOrder: false, birthdayToday: false },
  channel: 'web',
  paymentMethod: null,
  shipping: null,
  tax: null,
  points: null,
  ...input,
})

/** An offer, checked by the schema of offers. */
export const checkedOffer = (offer: {
  readonly offerId: string
  readonly currency: string
  readonly benefit: Readonly<Record<string, unknown>>
  readonly [member: string]: unknown
}): Offer => {
  const parsed = offerSchema.safeParse({
    version: 1,
    title: nameless,
    issuer: { kind: 'platform' },
    form: { kind: 'promotion' },
    stage: 'shop',
    priority: 0,
    window: { timeZone: 'UTC' },
    funding: { platformBasisPoints: 0 },
    ...offer,
  })
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new Inexpressible(`${offer.offerId} is no offer: ${issue?.path.join('.')} ${issue?.message}`)
}

/** Carriage at one charge to everywhere. */
export const flatCarriage = (chargeMinor: number, currency: string): NonNullable<PriceCartInput['shipping']> => ({
  methodId: 'standard',
  region: '*',
  book: {
    bookId: 'shipping',
    currency,
    methods: [
      {
        methodId: 'standard',
        title: nameless,
        zones: [
          {
            zoneId: 'all',
            regions: ['*'],
            rate: { kind: 'flat', chargeMinor },
            freeFromMinor: null,
            days: { earliest: 0, latest: 0 },
          },
        ],
      },
    ],
  },
})

/** Taxes of one region: the rates of each class, millionths. */
export const taxesOf = (given: {
  readonly inclusive: boolean
  readonly roundPer: 'unit' | 'line' | 'order'
  readonly classes: Readonly<Record<string, readonly number[]>>
  readonly shippingClass: string | null
}): NonNullable<PriceCartInput['tax']> => ({
  region: '*',
  book: {
    bookId: 'tax',
    roundPer: given.roundPer,
    rounding: 'halfUp',
    regions: [
      {
        region: '*',
        inclusive: given.inclusive,
        classes: Object.fromEntries(
          Object.entries(given.classes).map(([taxClass, rates]) => [
            taxClass,
            // A rate is the same wherever it stands, so that a tax rounded for the order is rounded once for each.
            rates.map((rateMillionths, place) => ({
              rateId: `${place}:${rateMillionths}`,
              title: nameless,
              rateMillionths,
            })),
          ]),
        ),
        shippingClass: given.shippingClass,
      },
    ],
  },
})
