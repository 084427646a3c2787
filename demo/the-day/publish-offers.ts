import type { Message, Offer } from 'shopwright'
import { daysMs } from '../durations.js'
import { clerk, type Story } from '../story.js'
import type { Wares } from './choose-wares.js'
import { merchantId } from './import-catalog.js'

/** The campaign that gives out coupons, and how many of them. */
export const couponOfferId = 'spring'
export const couponsIssued = 100

/** What the offers of the day are called, by id. */
export type OfferTitles = Readonly<Record<string, Message>>

/** One offer of every family and a coupon campaign, cut to what the cart of the day will come to. */
export const publishOffers = async (story: Story, wares: Wares): Promise<OfferTitles> => {
  const { shop, must, by, tell, locale } = story
  story.chapter('Offers, shipping and tax are published', '发布活动、运费与税率')
  const offers = offersFor(story, wares)
  must(
    'publishOffers',
    await shop.promotions.publishOffers(by(clerk), {
      expectedRevision: 0,
      offers: offers.map(({ terms: _, ...offer }) => offer),
      stacking: 'together',
    }),
  )
  tell(
    `${offers.length} offers are published; one is a campaign of ${couponsIssued} coupons.`,
    `已发布 ${offers.length} 个活动，其中一个发放 ${couponsIssued} 张优惠券。`,
  )
  story.table(offers.map(({ title, terms, stage }) => [title[locale], terms[locale], stageNames[stage][locale]]))
  return Object.fromEntries(offers.map(({ offerId, title }) => [offerId, title]))
}

const stageNames: Readonly<Record<Offer['stage'], Message>> = {
  line: { en: 'item', 'zh-CN': '单品' },
  shop: { en: 'shop', 'zh-CN': '店铺' },
  platform: { en: 'all shops', 'zh-CN': '跨店' },
  shipping: { en: 'shipping', 'zh-CN': '运费' },
  shopCoupon: { en: 'shop’s coupon', 'zh-CN': '店铺券' },
  platformCoupon: { en: 'coupon', 'zh-CN': '平台券' },
  shippingCoupon: { en: 'shipping coupon', 'zh-CN': '运费券' },
  lateGift: { en: 'gift', 'zh-CN': '赠品' },
}

/** An offer, and what it gives in words. */
type ToldOffer = Offer & { readonly terms: Message }

const offersFor = (story: Story, { twice, once, gift }: Wares): readonly ToldOffer[] => {
  const { now, money, currency } = story
  const flashed = once[0] ?? twice
  const listMinor = [twice, twice, ...once].reduce((sum, { minor }) => sum + minor, 0)
  /** A round part of what the cart will come to. */
  const part = (percent: number): number => roundly((listMinor * percent) / 100)
  const running = (amountMinor: number) => ({ amountMinor, basis: 'running' as const })
  const offFrom = (offMinor: number, fromMinor: number): Message => ({
    en: `${money(offMinor)} off from ${money(fromMinor)}`,
    'zh-CN': `满 ${money(fromMinor)} 减 ${money(offMinor)}`,
  })
  const from = (fromMinor: number): Message => ({ en: `from ${money(fromMinor)}`, 'zh-CN': `满 ${money(fromMinor)}` })
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
  // A cart of next to nothing pays its carriage: a day on which nothing is paid would be none.
  const freeMinor = listMinor < 1_000 ? part(300) : part(40)
  const flashMinor = Math.max(1, Math.floor((flashed.minor * 9) / 10))
  const low = { from: part(50), offMinor: part(4) }
  const high = { from: low.from + part(40), offMinor: low.offMinor + part(6) }
  const [lowTerms, highTerms] = [offFrom(low.offMinor, low.from), offFrom(high.offMinor, high.from)]
  return [
    {
      ...base,
      offerId: 'flash',
      title: { en: 'Flash price', 'zh-CN': '限时价' },
      terms: { en: `${money(flashMinor)} for one piece`, 'zh-CN': `一件 ${money(flashMinor)}` },
      stage: 'line',
      scope: { skus: [flashed.sku] },
      benefit: { kind: 'fixedPrice', unitMinor: flashMinor, maxPieces: 1 },
    },
    {
      ...base,
      offerId: 'second-half',
      title: { en: 'Second at half price', 'zh-CN': '第二件半价' },
      terms: { en: 'of the same thing', 'zh-CN': '限同款' },
      stage: 'line',
      scope: { skus: [twice.sku] },
      benefit: { kind: 'nthItem', nth: 2, offBasisPoints: 5_000 },
    },
    {
      ...ofShop,
      offerId: 'three-for-two',
      title: { en: 'Buy two, get one', 'zh-CN': '买二送一' },
      terms: { en: 'of the same thing', 'zh-CN': '限同款' },
      scope: { skus: [flashed.sku] },
      benefit: { kind: 'buyXGetY', buy: 2, get: 1 },
    },
    {
      ...ofShop,
      offerId: 'bundle',
      title: { en: 'Any six', 'zh-CN': '任选六件' },
      terms: { en: `for ${money(part(90))}`, 'zh-CN': `共 ${money(part(90))}` },
      benefit: { kind: 'bundlePrice', pieces: 6, priceMinor: part(90) },
    },
    {
      ...ofShop,
      offerId: 'shop-five',
      title: { en: 'Shop: 5 % off', 'zh-CN': '店铺 95 折' },
      terms: { en: `at most ${money(part(50))}`, 'zh-CN': `最多减 ${money(part(50))}` },
      benefit: { kind: 'percentOff', offBasisPoints: 500, capMinor: part(50) },
    },
    {
      ...base,
      offerId: 'steps',
      title: { en: 'Spend and save', 'zh-CN': '满减' },
      terms: { en: `${lowTerms.en}, ${highTerms.en}`, 'zh-CN': `${lowTerms['zh-CN']}，${highTerms['zh-CN']}` },
      stage: 'platform',
      benefit: { kind: 'tiered', measure: 'amount', tiers: [low, high] },
      funding: { platformBasisPoints: 10_000 },
    },
    {
      ...base,
      offerId: 'large-order',
      title: { en: 'Large order', 'zh-CN': '大额立减' },
      terms: offFrom(part(15), part(150)),
      stage: 'platform',
      threshold: running(part(150)),
      benefit: { kind: 'amountOff', offMinor: part(15) },
    },
    {
      ...base,
      offerId: 'birthday',
      title: { en: 'Birthday: 10 % off', 'zh-CN': '生日 9 折' },
      terms: { en: 'on the day', 'zh-CN': '限生日当天' },
      stage: 'platform',
      audience: { birthday: true },
      benefit: { kind: 'percentOff', offBasisPoints: 1_000, capMinor: part(50) },
    },
    {
      ...base,
      offerId: 'present',
      title: { en: 'A present', 'zh-CN': '满赠' },
      terms: from(part(60)),
      stage: 'platform',
      threshold: running(part(60)),
      benefit: { kind: 'gift', sku: gift.sku, pieces: 1, unitValueMinor: gift.minor },
    },
    {
      ...base,
      offerId: 'free-shipping',
      title: { en: 'Free shipping', 'zh-CN': '包邮' },
      terms: from(freeMinor),
      stage: 'shipping',
      threshold: running(freeMinor),
      benefit: { kind: 'freeShipping' },
    },
    {
      ...base,
      offerId: couponOfferId,
      title: { en: 'Spring greeting', 'zh-CN': '春日礼' },
      terms: offFrom(part(7), part(35)),
      stage: 'platformCoupon',
      form: { kind: 'coupon', issues: couponsIssued, claimsPerCustomer: 1, claimable: true },
      threshold: running(part(35)),
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
