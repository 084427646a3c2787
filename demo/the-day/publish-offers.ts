import type { Message, Offer } from 'shopwright'
import { daysMs } from '../durations.js'
import { clerk, type Story } from '../story.js'
import type { Wares } from './choose-wares.js'
import { merchantId } from './import-catalog.js'

export const couponOfferId = 'spring-coupon'

/** What the offers of the day are called, by id. */
export type OfferTitles = Readonly<Record<string, Message>>

/** One offer of every family and a coupon campaign, cut to what the cart of the day will come to. */
export const publishOffers = async (story: Story, wares: Wares): Promise<OfferTitles> => {
  const { shop, must, by, tell, locale } = story
  story.chapter('Offers, carriage and tax are published', '发布活动、运费与税率')
  const offers = offersFor(story, wares)
  must('publishOffers', await shop.promotions.publishOffers(by(clerk), { expectedRevision: 0, offers }))
  tell(
    `${offers.length} offers are published; one is a coupon campaign of ${issues} coupons.`,
    `已发布 ${offers.length} 个活动，其中一个是 ${issues} 张的优惠券活动。`,
  )
  story.table(offers.map(({ title, stage }) => [title[locale], stageNames[stage][locale]]))
  return Object.fromEntries(offers.map(({ offerId, title }) => [offerId, title]))
}

export const issues = 100

const stageNames: Readonly<Record<Offer['stage'], Message>> = {
  line: { en: 'on the item', 'zh-CN': '单品' },
  shop: { en: 'on the shop’s goods', 'zh-CN': '店铺' },
  platform: { en: 'on all goods', 'zh-CN': '跨店' },
  shipping: { en: 'on shipping', 'zh-CN': '运费' },
  shopCoupon: { en: 'coupon of the shop', 'zh-CN': '店铺券' },
  platformCoupon: { en: 'coupon', 'zh-CN': '平台券' },
  shippingCoupon: { en: 'coupon for shipping', 'zh-CN': '运费券' },
  lateGift: { en: 'gift', 'zh-CN': '赠品' },
}

const offersFor = (story: Story, { twice, once, gift }: Wares): readonly Offer[] => {
  const { now, money, currency } = story
  const flashed = once[0] ?? twice
  const listMinor = [twice, twice, ...once].reduce((sum, { minor }) => sum + minor, 0)
  /** A round part of what the cart will come to. */
  const part = (percent: number): number => roundly((listMinor * percent) / 100)
  const from = (amountMinor: number) => ({ amountMinor, basis: 'running' as const })
  const base = {
    version: 1,
    issuer: { kind: 'platform' },
    form: { kind: 'promotion' },
    priority: 0,
    currency,
    window: { timeZone: 'Asia/Shanghai', from: now() - daysMs, to: now() + 30 * daysMs },
    funding: { platformBasisPoints: 0 },
  } as const
  const ofShop = { ...base, issuer: { kind: 'merchant', merchantId }, stage: 'shop' } as const
  const flashMinor = Math.max(1, Math.floor((flashed.minor * 9) / 10))
  const bundleMinor = roundly(listMinor * 0.9)
  const steps = [
    { from: part(50), offMinor: part(4) },
    { from: part(50) + part(40), offMinor: part(4) + part(6) },
  ]
  const [low, high] = steps.map((step) => ({ from: money(step.from), off: money(step.offMinor) }))
  return [
    {
      ...base,
      offerId: 'flash',
      title: { en: `Flash price ${money(flashMinor)}`, 'zh-CN': `限时价 ${money(flashMinor)}` },
      stage: 'line',
      scope: { skus: [flashed.sku] },
      benefit: { kind: 'fixedPrice', unitMinor: flashMinor, maxPieces: 1 },
    },
    {
      ...base,
      offerId: 'second-half',
      title: { en: 'Second piece at half price', 'zh-CN': '第二件半价' },
      stage: 'line',
      scope: { skus: [twice.sku] },
      benefit: { kind: 'nthItem', nth: 2, offBasisPoints: 5_000 },
    },
    {
      ...ofShop,
      offerId: 'three-for-two',
      title: { en: 'Buy two, get one free', 'zh-CN': '买二送一' },
      scope: { skus: [flashed.sku] },
      benefit: { kind: 'buyXGetY', buy: 2, get: 1 },
    },
    {
      ...ofShop,
      offerId: 'bundle',
      title: { en: `Any six for ${money(bundleMinor)}`, 'zh-CN': `任选 6 件 ${money(bundleMinor)}` },
      benefit: { kind: 'bundlePrice', pieces: 6, priceMinor: bundleMinor },
    },
    {
      ...ofShop,
      offerId: 'shop-five',
      title: { en: 'Shop: 5 % off', 'zh-CN': '店铺 95 折' },
      benefit: { kind: 'percentOff', offBasisPoints: 500, capMinor: part(50) },
    },
    {
      ...base,
      offerId: 'steps',
      title: {
        en: `${low?.off} off from ${low?.from}, ${high?.off} off from ${high?.from}`,
        'zh-CN': `满 ${low?.from} 减 ${low?.off}，满 ${high?.from} 减 ${high?.off}`,
      },
      stage: 'platform',
      benefit: { kind: 'tiered', measure: 'amount', tiers: steps },
      funding: { platformBasisPoints: 10_000 },
    },
    {
      ...base,
      offerId: 'large-order',
      title: {
        en: `${money(part(15))} off from ${money(part(150))}`,
        'zh-CN': `满 ${money(part(150))} 减 ${money(part(15))}`,
      },
      stage: 'platform',
      threshold: from(part(150)),
      benefit: { kind: 'amountOff', offMinor: part(15) },
    },
    {
      ...base,
      offerId: 'birthday',
      title: { en: 'Birthday: 10 % off', 'zh-CN': '生日当天 9 折' },
      stage: 'platform',
      audience: { birthday: true },
      benefit: { kind: 'percentOff', offBasisPoints: 1_000, capMinor: part(50) },
    },
    {
      ...base,
      offerId: 'present',
      title: { en: `A present from ${money(part(60))}`, 'zh-CN': `满 ${money(part(60))} 送赠品` },
      stage: 'platform',
      threshold: from(part(60)),
      benefit: { kind: 'gift', sku: gift.sku, pieces: 1, unitValueMinor: gift.minor },
    },
    {
      ...base,
      offerId: 'free-shipping',
      title: { en: `Free shipping from ${money(part(40))}`, 'zh-CN': `满 ${money(part(40))} 包邮` },
      stage: 'shipping',
      threshold: from(part(40)),
      benefit: { kind: 'freeShipping' },
    },
    {
      ...base,
      offerId: couponOfferId,
      title: {
        en: `Spring coupon: ${money(part(7))} off from ${money(part(35))}`,
        'zh-CN': `春季券：满 ${money(part(35))} 减 ${money(part(7))}`,
      },
      stage: 'platformCoupon',
      form: { kind: 'coupon', issues, claimsPerCustomer: 1, claimable: true },
      threshold: from(part(35)),
      benefit: { kind: 'amountOff', offMinor: part(7) },
      funding: { platformBasisPoints: 5_000 },
    },
  ]
}

/** An amount of two digits and noughts, at least 1, as amounts in offers are. */
const roundly = (minor: number): number => {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, minor))) - 1)
  return Math.max(1, Math.round(minor / step) * step)
}
