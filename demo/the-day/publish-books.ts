import type { Message, TaxRate } from 'shopwright'
import { clerk, type Story } from '../story.js'
import type { Wares } from './choose-wares.js'

export const shippingMethodId = 'standard'

/** What parcels cost, and what tax there is, where the currency of the catalog is at home. */
export const publishBooks = async (story: Story, { all }: Wares): Promise<void> => {
  const { shop, must, by, tell, money, currency } = story
  const rate = { kind: 'stepped', firstGrams: 1_000, firstMinor: 800, stepGrams: 500, stepMinor: 200 } as const
  const zone = { zoneId: 'all', regions: ['*'], rate, freeFromMinor: null, days: { earliest: 1, latest: 3 } }
  must(
    'publishShippingBook',
    await shop.pricing.publishShippingBook(by(clerk), {
      expectedRevision: 0,
      currency,
      methods: [{ methodId: shippingMethodId, title: { en: 'Standard', 'zh-CN': '普通快递' }, zones: [zone] }],
    }),
  )
  tell(
    `Shipping: ${money(rate.firstMinor)} for the first kilogram, ${money(rate.stepMinor)} for every 500 g more.`,
    `运费：首重 1 公斤 ${money(rate.firstMinor)}，每续重 500 克 ${money(rate.stepMinor)}。`,
  )
  const { inclusive, standard, other } = taxOf(currency)
  const classes = Object.fromEntries(
    ['standard', ...all.map(({ taxClass }) => taxClass)].map((name) => [
      name,
      [name === 'standard' ? standard : other],
    ]),
  )
  must(
    'publishTaxBook',
    await shop.pricing.publishTaxBook(by(clerk), {
      expectedRevision: 0,
      regions: [{ region: '*', inclusive, classes, shippingClass: null }],
      roundPer: 'line',
      rounding: 'halfUp',
    }),
  )
  tell(
    `Tax: ${standard.title.en}, ${inclusive ? 'within the prices' : 'on top of the prices'}.`,
    `税：${standard.title['zh-CN']}，${inclusive ? '价内' : '价外'}。`,
  )
}

type Taxes = { readonly inclusive: boolean; readonly standard: TaxRate; readonly other: TaxRate }

const taxOf = (currency: string): Taxes => {
  const rate = (rateId: string, title: Message, rateMillionths: number): TaxRate => ({ rateId, title, rateMillionths })
  switch (currency) {
    case 'CNY':
      return {
        inclusive: true,
        standard: rate('vat-13', { en: 'VAT 13 %', 'zh-CN': '增值税 13%' }, 130_000),
        other: rate('vat-9', { en: 'VAT 9 %', 'zh-CN': '增值税 9%' }, 90_000),
      }
    case 'USD':
      return {
        inclusive: false,
        standard: rate('sales', { en: 'Sales tax 7.25 %', 'zh-CN': '销售税 7.25%' }, 72_500),
        other: rate('sales-none', { en: 'No sales tax', 'zh-CN': '免销售税' }, 0),
      }
    default:
      return {
        inclusive: true,
        standard: rate('vat-20', { en: 'VAT 20 %', 'zh-CN': '增值税 20%' }, 200_000),
        other: rate('vat-10', { en: 'VAT 10 %', 'zh-CN': '增值税 10%' }, 100_000),
      }
  }
}
