import type { OfferRefusal, PricedCart } from '../../src/pricing/index.js'
import {
  giftHoldback,
  type KeptPrice,
  lostGifts,
  type PiecesBack,
  priceCart,
  type RefundSplit,
  reevaluatedRefundOf,
  refundOf,
  unitTableOf,
} from '../../src/pricing/index.js'
import { caseShape, type GoldenCase } from './golden-case.js'
import { goldenInput } from './golden-input.js'
import { replayStored } from './replay-stored.js'
import { createComparison, type Difference, Refused, readCase } from './verdict.js'

/** Runs a case of the rule model's own pricing and refund cases. */
export const runGoldenPrice = (raw: unknown): readonly Difference[] => {
  const golden = readCase(caseShape, raw)
  const input = goldenInput(golden)
  const answer = priceCart(input)
  if (answer.isErr()) return [{ path: 'price', expected: golden.expected, actual: answer.error }]
  const comparison = createComparison()
  comparePrice(golden, answer.value, comparison.expect)
  compareRefunds(golden, { input, price: answer.value }, comparison.expect)
  return [...comparison.differences, ...replayStored(input, answer.value)]
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
    case 'StageLeftOut':
      return ['STAGE_LEFT_OUT']
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
    case 'GiftRunOut':
      return ['GIFT_RUN_OUT']
    case 'ZeroEffect':
      return ['ZERO_EFFECT']
  }
}

const compareRefunds = (golden: GoldenCase, kept: KeptPrice, expect: Expect): void => {
  const { returns = [], expected } = golden
  if (expected.refunds === undefined) return
  const earlier: PiecesBack[] = []
  let returned: Readonly<Record<string, number>> = {}
  let heldMinor = 0
  for (const [place, { line, units }] of returns.entries()) {
    const now = { pieces: [{ lineId: line, quantity: units }] }
    const split = refundBy(golden, kept, { earlier, returned }, now)
    earlier.push(now)
    returned = { ...returned, [line]: (returned[line] ?? 0) + units }
    const lost = golden.giftReturned === true ? [] : lostGifts(kept, returned).unwrapOr([])
    const lostMinor = lost.reduce((sum, gift) => sum + gift.valueMinor, 0)
    const held = giftHoldback(split.payMinor, lostMinor, heldMinor)
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
  before: { readonly earlier: readonly PiecesBack[]; readonly returned: Readonly<Record<string, number>> },
  now: PiecesBack,
): RefundSplit => {
  const answer =
    policy === 'reevaluate'
      ? reevaluatedRefundOf(kept, before.earlier, now)
      : refundOf(unitTableOf(kept.price), before.returned, now.pieces)
  if (answer.isErr()) throw new Refused('refunds', answer.error.type)
  return answer.value
}
