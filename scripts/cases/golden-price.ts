import type { OfferRefusal, PriceCartInput, PriceCoupon, PricedCart, PriceLine } from '../../src/pricing/index.js'
import {
  giftHoldback,
  type KeptPrice,
  type LinePieces,
  lostGifts,
  priceCart,
  type RefundSplit,
  reevaluatedRefundOf,
  refundOf,
  stagePresets,
  unitTableOf,
} from '../../src/pricing/index.js'
import type { Offer } from '../../src/promotions/index.js'
import { offerSchema } from '../../src/promotions/index.js'
import { caseShape, type GoldenCase, type GoldenOffer } from './golden-case.js'
import { benefitOf, stageOf } from './golden-effect.js'
import { createComparison, type Difference, Inexpressible, readCase } from './verdict.js'

const farEnd = Date.UTC(2099, 0)
const nameless = { 'zh-CN': '', en: '' }
const wholeFunding = 10_000

/** Runs a case of the rule model's own pricing and refund cases. */
export const runGoldenPrice = (raw: unknown): readonly Difference[] => {
  const golden = readCase(caseShape, raw)
  const input = inputOf(golden)
  const answer = priceCart(input)
  if (answer.isErr()) return [{ path: 'price', expected: golden.expected, actual: answer.error }]
  const comparison = createComparison()
  comparePrice(golden, answer.value, comparison.expect)
  compareRefunds(golden, { input, price: answer.value }, comparison.expect)
  return comparison.differences
}

const instantOf = (text: string): number => {
  const instant = Date.parse(text)
  if (Number.isNaN(instant)) throw new Inexpressible(`no moment: ${text}`)
  return instant
}

const inputOf = (golden: GoldenCase): PriceCartInput => {
  const promotions = (golden.promotions ?? []).map((each) => offerOf(golden, each, 'promotion'))
  const coupons = (golden.coupons ?? []).map((each) => offerOf(golden, each, 'coupon'))
  return {
    pricingVersion: 1,
    now: instantOf(golden.now ?? '2026-11-11T10:00:00Z'),
    currency: golden.currency,
    lines: golden.lines.map(lineOf),
    offers: [...promotions, ...coupons],
    coupons: (golden.coupons ?? []).map(
      (each): PriceCoupon => ({
        couponId: each.id,
        offerId: each.id,
        status: each.state ?? 'claimed',
        validFrom: each.from === undefined ? 0 : instantOf(each.from),
        validTo: each.to === undefined ? farEnd : instantOf(each.to),
      }),
    ),
    usesLeft: Object.fromEntries(
      [...(golden.promotions ?? []), ...(golden.coupons ?? [])].map((each) => [
        each.id,
        {
          ...(each.limit === undefined ? {} : { left: each.limit - (each.used ?? 0) }),
          ...(each.perUser === undefined ? {} : { leftForCustomer: each.perUser - (each.usedByUser ?? 0) }),
        },
      ]),
    ),
    buyer: {
      levelId: golden.facts?.level ?? null,
      firstOrder: golden.facts?.firstOrder ?? false,
      birthdayToday: golden.facts?.birthday ?? false,
    },
    channel: golden.facts?.channel ?? 'web',
    paymentMethod: golden.facts?.paymentMethod ?? null,
    shipping: golden.shipping === undefined ? null : carriageOf(golden.shipping, golden.currency),
    tax: golden.tax === undefined ? null : taxOf(golden.tax),
    points: pointsOf(golden),
    stages: stagePresets[usesTmall(golden) ? 'tmall' : 'default'],
  }
}

// The stage number 25 is the place of shop coupons in the preset `tmall`.
const usesTmall = (golden: GoldenCase): boolean =>
  golden.preset === 'tmall' ||
  [...(golden.promotions ?? []), ...(golden.coupons ?? [])].some(({ stage }) => stage === 25)

const lineOf = (line: GoldenCase['lines'][number]): PriceLine => ({
  lineId: line.id,
  productId: line.id,
  sku: line.id,
  merchantId: line.shop,
  categoryIds: [...(line.tags ?? []), ...(line.categories ?? [])],
  brand: '',
  quantity: line.qty,
  listUnitMinor: line.unit,
  weightGrams: 0,
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
  const offer = {
    version: 1,
    offerId: given.id,
    title: nameless,
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
    benefit: benefitOf(given.effect),
    ...(Object.keys(stacking).length === 0 ? {} : { stacking }),
    ...(Object.keys(limits).length === 0 ? {} : { limits }),
    funding: { platformBasisPoints: given.fundingBp?.platform ?? wholeFunding },
  }
  const parsed = offerSchema.safeParse(offer)
  if (!parsed.success) throw new Inexpressible(`${given.id} is no offer: ${parsed.error.issues[0]?.path.join('.')}`)
  return parsed.data
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

const carriageOf = (chargeMinor: number, currency: string): NonNullable<PriceCartInput['shipping']> => ({
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

const taxOf = ({ mode, bp }: NonNullable<GoldenCase['tax']>): NonNullable<PriceCartInput['tax']> => ({
  region: '*',
  book: {
    bookId: 'tax',
    roundPer: 'line',
    rounding: 'halfUp',
    regions: [
      {
        region: '*',
        inclusive: mode === 'inclusive',
        classes: { goods: [{ rateId: 'tax', title: nameless, rateMillionths: bp * 100 }] },
        shippingClass: null,
      },
    ],
  },
})

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

type Expect = ReturnType<typeof createComparison>['expect']

const comparePrice = ({ expected }: GoldenCase, price: PricedCart, expect: Expect): void => {
  const { totals } = price
  expect('payable', expected.payable, totals.payableMinor)
  expect('merch', expected.merch, totals.goodsMinor)
  expect('shipping', expected.shipping, totals.shippingMinor)
  expect('tax', expected.tax, totals.taxMinor)
  expect('pointsUsed', expected.pointsUsed, price.pointsSpent)
  expect('earned', expected.earned, price.pointsEarned)
  expect(
    'gifts',
    expected.gifts,
    price.gifts.map((gift) => gift.sku),
  )
  expect('applied', expected.applied === undefined ? undefined : [...expected.applied].sort(), appliedIds(price))
  const lineOfId = (id: string) => price.lines.find((line) => line.lineId === id)
  for (const [id, net] of Object.entries(expected.net ?? {})) expect(`net.${id}`, net, lineOfId(id)?.netMinor)
  for (const [id, tax] of Object.entries(expected.taxes ?? {})) expect(`taxes.${id}`, tax, lineOfId(id)?.taxMinor)
  for (const [id, offers] of Object.entries(expected.disc ?? {})) {
    const actual = Object.fromEntries(lineOfId(id)?.shares.map((each) => [each.offerId, each.amountMinor]) ?? [])
    expect(`disc.${id}`, offers, actual)
  }
  const units = unitTableOf(price)
  for (const [id, cash] of Object.entries(expected.units ?? {})) {
    expect(`units.${id}`, cash, units.lines.find((line) => line.lineId === id)?.cashMinor)
  }
  for (const [id, stated] of Object.entries(expected.rejected ?? {})) {
    const trace = price.trace.find((each) => (each.couponId ?? each.offerId) === id)
    const actual = trace?.outcome.kind === 'rejected' ? reasonOf(trace.outcome.reason) : ['APPLIED']
    expect(`rejected.${id}`, stated, stated.length === 1 ? actual.slice(0, 1) : actual)
  }
}

const appliedIds = (price: PricedCart): readonly string[] =>
  price.applied.map((each) => each.couponId ?? each.offerId).sort()

const reasonOf = (reason: OfferRefusal): readonly (string | number)[] => {
  switch (reason.type) {
    case 'NotStarted':
      return ['NOT_STARTED']
    case 'Expired':
      return ['EXPIRED']
    case 'NotToday':
      return ['NOT_MEMBER_DAY']
    case 'CouponStatus':
      return [`STATE_${reason.status.toUpperCase()}`]
    case 'OfferWithdrawn':
      return ['WITHDRAWN']
    case 'OtherCurrency':
      return ['CURRENCY']
    case 'MemberLevel':
      return ['MEMBER_LEVEL']
    case 'NotFirstOrder':
      return ['NOT_FIRST_ORDER']
    case 'NotBirthday':
      return ['NOT_BIRTHDAY']
    case 'Channel':
      return ['CHANNEL']
    case 'PaymentMethod':
      return ['PAYMENT_METHOD']
    case 'LimitReached':
      return ['LIMIT_REACHED']
    case 'ScopeEmpty':
      return ['SCOPE_EMPTY']
    case 'ThresholdAmount':
      return ['THRESHOLD_AMOUNT', reason.missingMinor]
    case 'ThresholdQuantity':
      return ['THRESHOLD_QTY', reason.missingQuantity]
    case 'ExcludedBy':
      return ['EXCLUDED_BY', reason.couponId ?? reason.offerId]
    case 'LineTaken':
      return ['NOT_BEST', reason.offerId]
    case 'NotBest':
      return ['NOT_BEST']
    case 'ZeroEffect':
      return ['ZERO_EFFECT']
  }
}

const compareRefunds = (golden: GoldenCase, kept: KeptPrice, expect: Expect): void => {
  const { returns = [], expected } = golden
  if (expected.refunds === undefined) return
  const earlier: LinePieces[][] = []
  let heldMinor = 0
  for (const [place, { line, units }] of returns.entries()) {
    const pieces = [{ lineId: line, quantity: units }]
    const split = refundBy(golden, kept, earlier, pieces)
    earlier.push(pieces)
    const lost = golden.giftReturned === true ? [] : lostGifts(kept, earlier).unwrapOr([])
    const held = giftHoldback(split.payMinor, lost, heldMinor)
    heldMinor += held
    const stated = expected.refunds[place]
    if (stated === undefined) {
      expect(`refunds.${place}`, 'none', split)
      continue
    }
    expect(`refunds.${place}.cash`, stated.cash, split.payMinor - held)
    expect(`refunds.${place}.points`, stated.points, split.points)
    expect(`refunds.${place}.clawback`, stated.clawback, split.earnedPoints)
    const { couponReturned } = stated
    expect(
      `refunds.${place}.couponReturned`,
      couponReturned,
      typeof couponReturned === 'boolean' ? split.couponsToReturn.length > 0 : split.couponsToReturn,
    )
    const platform = split.shares.reduce((sum, share) => sum + share.platformMinor, 0)
    const merchant = split.shares.reduce((sum, share) => sum + share.amountMinor - share.platformMinor, 0)
    expect(`refunds.${place}.fundingReversed`, stated.fundingReversed, { platform, merchant })
  }
}

const refundBy = (
  { policy }: GoldenCase,
  kept: KeptPrice,
  earlier: readonly (readonly LinePieces[])[],
  pieces: readonly LinePieces[],
): RefundSplit => {
  const returned: Record<string, number> = {}
  for (const { lineId, quantity } of earlier.flat()) returned[lineId] = (returned[lineId] ?? 0) + quantity
  const answer =
    policy === 'reevaluate'
      ? reevaluatedRefundOf(kept, earlier, pieces)
      : refundOf(unitTableOf(kept.price), returned, pieces)
  if (answer.isErr()) throw new Inexpressible(`a return that is refused: ${answer.error.type}`)
  return answer.value
}
