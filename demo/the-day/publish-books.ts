import { daysMs } from '../days.js'
import { clerk, type Story } from '../story.js'
import { print, right, tableLines } from '../terminal.js'
import type { Wares } from './choose-wares.js'

export const couponOfferId = 'spring-coupon'
export const shippingMethodId = 'standard'

/** Region, city and door of the buyer, by the currency of the catalog. */
export const addressOf = (currency: string) =>
  currency === 'CNY'
    ? { region: 'CN-31', city: '上海', address: '世纪大道 1 号 2 楼' }
    : { region: 'US-CA', city: 'Oakland', address: '12 Grand Avenue' }

/** Offers of every family, a coupon campaign, carriage and tax are published. */
export const publishBooks = async (story: Story, { bought, gift }: Wares): Promise<void> => {
  const { shop, must, by, now, say, tell, money, locale, currency } = story
  story.chapter('The books are published', '发布活动、运费与税率')
  const [flash, second] = bought
  const text = (en: string, chinese: string) => ({ en, 'zh-CN': chinese })
  const offer = (offerId: string, title: ReturnType<typeof text>, rest: object) => ({
    version: 1,
    offerId,
    title,
    issuer: { kind: 'platform' },
    form: { kind: 'promotion' },
    priority: 0,
    currency,
    window: { timeZone: 'Asia/Shanghai', from: now() - daysMs, to: now() + 30 * daysMs },
    funding: { platformBasisPoints: 0 },
    ...rest,
  })
  const running = (amountMinor: number) => ({ amountMinor, basis: 'running' })
  const flashMinor = Math.floor(((flash?.minor ?? 0) * 9) / 10)
  const offers = [
    offer('flash', text(`Flash price ${money(flashMinor)}`, `限时价 ${money(flashMinor)}`), {
      stage: 'line',
      scope: { skus: [flash?.sku] },
      benefit: { kind: 'fixedPrice', unitMinor: flashMinor, maxPieces: 1 },
    }),
    offer('second-half', text('Second piece at half price', '第二件半价'), {
      stage: 'line',
      scope: { skus: [second?.sku] },
      benefit: { kind: 'nthItem', nth: 2, offBasisPoints: 5_000 },
    }),
    offer('three-for-two', text('Buy two, get one', '买二送一'), {
      stage: 'shop',
      issuer: { kind: 'merchant', merchantId: 'self' },
      scope: { skus: [gift.sku] },
      benefit: { kind: 'buyXGetY', buy: 2, get: 1 },
    }),
    offer('bundle', text('Any five at a set price', '任选五件一口价'), {
      stage: 'shop',
      issuer: { kind: 'merchant', merchantId: 'self' },
      scope: { skus: [gift.sku] },
      benefit: { kind: 'bundlePrice', pieces: 5, priceMinor: gift.minor * 4 },
    }),
    offer('shop-five', text('Shop: 5 % off', '店铺 95 折'), {
      stage: 'shop',
      issuer: { kind: 'merchant', merchantId: 'self' },
      benefit: { kind: 'percentOff', offBasisPoints: 500, capMinor: 5_000 },
    }),
    offer('steps', text('10 off from 150, 25 off from 300', '满150减10，满300减25'), {
      stage: 'platform',
      benefit: {
        kind: 'tiered',
        measure: 'amount',
        tiers: [
          { from: 15_000, offMinor: 1_000 },
          { from: 30_000, offMinor: 2_500 },
        ],
      },
      funding: { platformBasisPoints: 10_000 },
    }),
    offer('present', text('A present from 200', '满200送赠品'), {
      stage: 'platform',
      threshold: running(20_000),
      benefit: { kind: 'gift', sku: gift.sku, pieces: 1, unitValueMinor: gift.minor },
    }),
    offer('free-carriage', text('Free shipping from 99', '满99包邮'), {
      stage: 'shipping',
      threshold: running(9_900),
      benefit: { kind: 'freeShipping' },
    }),
    offer(couponOfferId, text('Spring coupon: 20 off from 100', '春季券：满100减20'), {
      stage: 'platformCoupon',
      form: { kind: 'coupon', issues: 100, claimsPerCustomer: 1, claimable: true },
      threshold: running(10_000),
      benefit: { kind: 'amountOff', offMinor: 2_000 },
      funding: { platformBasisPoints: 5_000 },
    }),
  ]
  must('publishOffers', await shop.promotions.publishOffers(by(clerk), { expectedRevision: 0, offers }))
  tell(
    `${offers.length} offers are published, one of them a coupon campaign.`,
    `已发布 ${offers.length} 个活动，其中一个发优惠券。`,
  )
  print(
    ...tableLines(
      offers.map(({ title, offerId }) => [title[locale], right(offerId)]),
      15,
    ),
  )
  must(
    'publishShippingBook',
    await shop.pricing.publishShippingBook(by(clerk), {
      expectedRevision: 0,
      currency,
      methods: [
        {
          methodId: shippingMethodId,
          title: text('Standard', '普通快递'),
          zones: [
            {
              zoneId: 'all',
              regions: ['*'],
              rate: { kind: 'stepped', firstGrams: 1_000, firstMinor: 800, stepGrams: 500, stepMinor: 200 },
              freeFromMinor: null,
              days: { earliest: 1, latest: 3 },
            },
          ],
        },
      ],
    }),
  )
  tell(`Carriage: ${money(800)} for the first kilogram.`, `运费：首重 1 公斤 ${money(800)}。`)
  const within = currency === 'CNY'
  const rate = within
    ? { rateId: 'vat', title: text('VAT 13 %', '增值税 13%'), rateMillionths: 130_000 }
    : { rateId: 'sales', title: text('Sales tax 7.25 %', '销售税 7.25%'), rateMillionths: 72_500 }
  must(
    'publishTaxBook',
    await shop.pricing.publishTaxBook(by(clerk), {
      expectedRevision: 0,
      regions: [{ region: '*', inclusive: within, classes: { standard: [rate] }, shippingClass: null }],
      roundPer: 'line',
      rounding: 'halfUp',
    }),
  )
  tell(
    `Tax: ${rate.title.en}, ${within ? 'within' : 'on top of'} the prices.`,
    `税：${rate.title['zh-CN']}，${say('', within ? '价内' : '价外')}。`,
  )
}
