import type { PriceCartInput, PriceCoupon, PriceLine } from '../../src/pricing/index.js'
import { stagePresets } from '../../src/pricing/index.js'
import type { Offer } from '../../src/promotions/index.js'
import { checkedOffer, flatCarriage, plainInput, plainLine, taxesOf } from './build-input.js'
import type { GoldenCase, GoldenOffer } from './golden-case.js'
import { benefitOf, stageOf } from './golden-effect.js'
import { Inexpressible } from './verdict.js'

const farEnd = Date.UTC(2099, 0)
const wholeFunding = 10_000

const instantOf = (text: string): number => {
  const instant = Date.parse(text)
  if (Number.isNaN(instant)) throw new Inexpressible(`no moment: ${text}`)
  return instant
}

/** What the price of a case is made of. */
export const goldenInput = (golden: GoldenCase): PriceCartInput => {
  const { facts = {}, promotions = [], coupons = [] } = golden
  return plainInput({
    now: instantOf(golden.now ?? '2026-11-11T10:00:00Z'),
    currency: golden.currency,
    lines: golden.lines.map(lineOf),
    offers: [
      ...promotions.map((each) => offerOf(golden, each, 'promotion')),
      ...coupons.map((each) => offerOf(golden, each, 'coupon')),
    ],
    coupons: coupons.map(
      (each): PriceCoupon => ({
        couponId: each.id,
        offerId: each.id,
        status: each.state ?? 'claimed',
        validFrom: each.from === undefined ? 0 : instantOf(each.from),
        validTo: each.to === undefined ? farEnd : instantOf(each.to),
      }),
    ),
    usesLeft: Object.fromEntries(
      [...promotions, ...coupons].map((each) => [
        each.id,
        {
          ...(each.limit === undefined ? {} : { left: each.limit - (each.used ?? 0) }),
          ...(each.perUser === undefined ? {} : { leftForCustomer: each.perUser - (each.usedByUser ?? 0) }),
        },
      ]),
    ),
    buyer: {
      levelId: facts.level ?? null,
      firstOrder: facts.firstOrder ?? false,
      birthdayToday: facts.birthday ?? false,
    },
    ...(facts.channel === undefined ? {} : { channel: facts.channel }),
    ...(facts.paymentMethod === undefined ? {} : { paymentMethod: facts.paymentMethod }),
    shipping: golden.shipping === undefined ? null : flatCarriage(golden.shipping, golden.currency),
    tax:
      golden.tax === undefined
        ? null
        : taxesOf({
            inclusive: golden.tax.mode === 'inclusive',
            roundPer: 'line',
            classes: { goods: [golden.tax.bp * 100] },
            shippingClass: null,
          }),
    points: pointsOf(golden),
    stages: stagePresets[usesTmall(golden) ? 'tmall' : 'default'],
  })
}

// The stage number 25 is the place of shop coupons in the preset `tmall`.
const usesTmall = (golden: GoldenCase): boolean =>
  golden.preset === 'tmall' ||
  [...(golden.promotions ?? []), ...(golden.coupons ?? [])].some(({ stage }) => stage === 25)

const lineOf = (line: GoldenCase['lines'][number]): PriceLine =>
  plainLine({
    lineId: line.id,
    merchantId: line.shop,
    categoryIds: [...(line.tags ?? []), ...(line.categories ?? [])],
    quantity: line.qty,
    listUnitMinor: line.unit,
    taxClass: 'goods',
    discountable: line.isGift !== true && line.discountable !== false,
    earnsPoints: line.noEarn !== true && line.isGift !== true,
    ...(line.floorUnit === undefined ? {} : { floorUnitMinor: line.floorUnit }),
  })

const offerOf = (golden: GoldenCase, given: GoldenOffer, form: 'promotion' | 'coupon'): Offer => {
  const { threshold, stackable, withPromos, exclusive, group, firstOrder, birthday, levels } = given
  const timeZone = given.tz ?? 'Asia/Shanghai'
  const days = given.memberDay === undefined ? undefined : [given.memberDay].flat()
  const audience = {
    ...(levels === undefined ? {} : { levels }),
    ...(firstOrder === undefined ? {} : { firstOrder }),
    ...(birthday === undefined ? {} : { birthday }),
  }
  const stacking = {
    ...(exclusive === undefined ? {} : { exclusive }),
    ...(group === undefined ? {} : { group }),
    ...(stackable === undefined ? {} : { stackable }),
    ...(withPromos === undefined ? {} : { withPromotions: withPromos }),
  }
  const limits = {
    ...(given.limit === undefined ? {} : { uses: Math.max(1, given.limit) }),
    ...(given.perUser === undefined ? {} : { usesPerCustomer: Math.max(1, given.perUser) }),
  }
  const benefit = benefitOf(given.effect)
  return checkedOffer({
    offerId: given.id,
    issuer: given.scope?.shop === undefined ? { kind: 'platform' } : { kind: 'merchant', merchantId: given.scope.shop },
    form:
      form === 'promotion'
        ? { kind: 'promotion' }
        : { kind: 'coupon', issues: 1, claimsPerCustomer: 1, claimable: true },
    stage: stageOf(given.stage),
    priority: given.priority ?? 0,
    currency: given.currency ?? golden.currency,
    window: {
      timeZone,
      ...(given.from === undefined ? {} : { from: instantOf(given.from) }),
      ...(given.to === undefined ? (form === 'coupon' ? { to: farEnd } : {}) : { to: instantOf(given.to) }),
      ...(days === undefined ? {} : { daysOfMonth: days }),
    },
    ...(Object.keys(audience).length === 0 ? {} : { audience }),
    ...(given.channels === undefined ? {} : { channels: given.channels }),
    ...(given.paymentMethods === undefined ? {} : { paymentMethods: given.paymentMethods }),
    ...(given.scope === undefined ? {} : { scope: scopeOf(given.scope) }),
    ...(threshold === undefined
      ? {}
      : {
          threshold: {
            ...(threshold.amount === undefined ? {} : { amountMinor: threshold.amount }),
            ...(threshold.qty === undefined ? {} : { quantity: threshold.qty }),
            basis: threshold.basis ?? 'activity',
          },
        }),
    benefit,
    ...(Object.keys(stacking).length === 0 ? {} : { stacking }),
    ...(Object.keys(limits).length === 0 ? {} : { limits }),
    // Carriage is borne by whoever sells; a case that says nothing of who bears it is about the buyer alone.
    funding: { platformBasisPoints: given.fundingBp?.platform ?? (benefit.kind === 'freeShipping' ? 0 : wholeFunding) },
  })
}

const scopeOf = (given: NonNullable<GoldenOffer['scope']>): NonNullable<Offer['scope']> => {
  const filter = (from: {
    readonly skus?: string[] | undefined
    readonly lines?: string[] | undefined
    readonly categories?: string[] | undefined
    readonly tags?: string[] | undefined
  }) => {
    if (from.categories !== undefined && from.tags !== undefined)
      throw new Inexpressible('a scope by categories and tags')
    const categoryIds = from.categories ?? from.tags
    return {
      ...(from.skus === undefined ? {} : { skus: from.skus }),
      ...(from.lines === undefined ? {} : { productIds: from.lines }),
      ...(categoryIds === undefined ? {} : { categoryIds }),
    }
  }
  return { ...filter(given), ...(given.not === undefined ? {} : { not: filter(given.not) }) }
}

const pointsOf = ({ points, earn }: GoldenCase): PriceCartInput['points'] => {
  if (points === undefined && earn === undefined) return null
  const block = points?.block ?? 1
  return {
    balance: points?.balance ?? 0,
    spend: points?.use ?? 0,
    spendRule: {
      blockPoints: block,
      blockMinor: block,
      minimumPoints: points?.minUse ?? 0,
      capBasisPoints: points?.maxShareBp ?? 10_000,
    },
    earnRule: earn === undefined ? { points: 0, perMinor: 1 } : { points: earn.points, perMinor: earn.perMinor },
    earnMultiplierBasisPoints: earn?.multBp ?? 10_000,
  }
}
