import { ok, type Result } from 'neverthrow'
import type { OrderSplit, SettlementRate, SettlementTerms } from '../../payments/settlement.js'
import { chargesOf } from '../../pricing/divide-price.js'
import type { UnitLine } from '../../pricing/unit-table.js'
import { allocate } from '../../shared/allocate.js'
import { apportionByDivisor } from '../../shared/apportion.js'
import type { CapsTooSmall, InvalidSplit, WeightsAllZero } from '../../shared/split.js'
import { liveRefunds } from '../order-pieces.js'
import type { OrderRow } from '../order-row.js'
import { unitsOf } from '../order-units.js'

/** The money of an order cannot be shared. */
export type SplitError = WeightsAllZero | CapsTooSmall | InvalidSplit

/** The whole of what a merchant sells, in hundredths of a percent. */
const wholeBasisPoints = 10_000

/**
 * Shares what an order's escrow holds: the goods of each merchant among the merchant, the platform and its partners.
 * What goes back is taken from the merchants whose goods it is for, whatever pieces went back together. Within a
 * merchant's goods the parts are those of Webster's method, so that with every refund each part stays or shrinks and
 * never grows.
 *
 * @errors SplitError
 */
export const splitOrder = (order: OrderRow, terms: SettlementTerms): Result<OrderSplit, SplitError> => {
  const merchants = [...new Set(order.lines.map(({ merchantId }) => merchantId))]
  return heldByMerchant(order, merchants).andThen((held) => {
    const earned = new Map<string, number>()
    let commissionMinor = 0
    for (const [place, merchantId] of merchants.entries()) {
      const { platformBasisPoints, partners } = rateOf(terms, merchantId)
      const partnersTake = partners.reduce((sum, { basisPoints }) => sum + basisPoints, 0)
      const ownBasisPoints = wholeBasisPoints - platformBasisPoints - partnersTake
      const weights = [ownBasisPoints, platformBasisPoints, ...partners.map(({ basisPoints }) => basisPoints)]
      const parts = apportionByDivisor(held[place] ?? 0, weights)
      if (parts.isErr()) return parts.map(() => ({ payees: [], commissionMinor: 0 }))
      const [own = 0, platform = 0, ...others] = parts.value
      commissionMinor += platform
      earned.set(merchantId, (earned.get(merchantId) ?? 0) + own)
      for (const [index, { payee }] of partners.entries()) {
        earned.set(payee, (earned.get(payee) ?? 0) + (others[index] ?? 0))
      }
    }
    return ok({ payees: [...earned].map(([payee, amountMinor]) => ({ payee, amountMinor })), commissionMinor })
  })
}

const rateOf = ({ rates }: SettlementTerms, merchantId: string): SettlementRate =>
  rates.find((rate) => rate.merchantId === merchantId) ??
  rates.find((rate) => rate.merchantId === null) ?? { merchantId: null, platformBasisPoints: 0, partners: [] }

/** How the goods of one merchant stand: in money, points and what the platform bears of their discounts, minor units. */
type Goods = {
  /** All of them, as they were bought. */
  readonly boughtMinor: number
  /** Those that the buyer keeps, less what was given for them. */
  readonly keptMinor: number
  /** Those that came back. */
  readonly backMinor: number
  /** What the merchant bears of the discounts on those that the buyer keeps. */
  readonly discountMinor: number
}

/**
 * What escrow holds for the goods of each merchant. It goes by what the buyer keeps and not by the refunds one after
 * another, so that it is the same however the pieces that came back were put together.
 */
const heldByMerchant = (order: OrderRow, merchants: readonly string[]): Result<readonly number[], SplitError> => {
  const goods = merchants.map((merchantId) => goodsOf(order, merchantId))
  const live = liveRefunds(order)
  const { payableMinor, pointsMinor, subsidyMinor } = order.totals
  const cameInMinor = payableMinor + pointsMinor + subsidyMinor
  const heldMinor = live.reduce(
    (left, refund) => left - refund.cashMinor - refund.pointsMinor - refund.subsidyMinor,
    cameInMinor,
  )
  const bought = goods.map(({ boughtMinor }) => boughtMinor)
  const carriageMinor = cameInMinor - sum(bought)
  const carriageLeft = carriageMinor - sum(live.map(({ shippingMinor }) => shippingMinor))
  const charges = chargesOf(order.details.price, merchants)
  return share(carriageMinor, charges.some((minor) => minor > 0) ? charges : bought)
    .andThen((shipping) => apportionByDivisor(Math.max(0, carriageLeft), weighed(shipping)))
    .andThen((shipping) => {
      const kept = goods.map(({ keptMinor }) => keptMinor)
      const overMinor = heldMinor - sum(kept) - sum(shipping)
      if (overMinor < 0) return bear(0 - overMinor, kept, shipping)
      const withheldMinor = sum(
        live.map(({ heldForGiftsMinor = 0, shortfall }) => heldForGiftsMinor + (shortfall?.deductedMinor ?? 0)),
      )
      return keep(overMinor, Math.max(0, withheldMinor), goods).map((over) => add(add(kept, shipping), over))
    })
}

const goodsOf = (order: OrderRow, merchantId: string): Goods => {
  const amounts = liveRefunds(order).flatMap((refund) => refund.amounts ?? [])
  const { lines, taxInclusive } = unitsOf(order.details)
  let [boughtMinor, keptMinor, backMinor, discountMinor] = [0, 0, 0, 0]
  for (const { lineId, refundedQuantity, ...line } of order.lines) {
    const units = lines.find((each) => each.lineId === lineId)
    if (line.merchantId !== merchantId || units === undefined) continue
    const wholeMinor = worthOf(units, taxInclusive, 0)
    const leftMinor = worthOf(units, taxInclusive, refundedQuantity)
    const givenMinor = sum(amounts.map((amount) => (amount.lineId === lineId ? amount.amountMinor : 0)))
    boughtMinor += wholeMinor
    backMinor += wholeMinor - leftMinor
    keptMinor += Math.max(0, leftMinor - Math.max(0, givenMinor))
    for (const { amountMinor, platformMinor } of units.shares) {
      discountMinor += sum(amountMinor.slice(refundedQuantity)) - sum(platformMinor.slice(refundedQuantity))
    }
  }
  return { boughtMinor, keptMinor, backMinor, discountMinor }
}

/** What came in for the pieces of a line from a place on, the platform's part of their discounts with it. */
const worthOf = (units: UnitLine, taxInclusive: boolean, from: number): number => {
  const columns = [units.cashMinor, units.pointsMinor, ...units.shares.map(({ platformMinor }) => platformMinor)]
  return sum([...columns, ...(taxInclusive ? [] : [units.taxMinor])].map((column) => sum(column.slice(from))))
}

/** More went back than what came back was worth: what is left costs less without it, and all that is left bear it. */
const bear = (
  lessMinor: number,
  kept: readonly number[],
  shipping: readonly number[],
): Result<readonly number[], SplitError> => {
  const ofGoods = Math.min(lessMinor, sum(kept))
  return allocate(ofGoods, kept, kept).andThen((fewer) =>
    allocate(lessMinor - ofGoods, shipping, shipping).map((less) =>
      add(kept, shipping).map((minor, place) => minor - (fewer[place] ?? 0) - (less[place] ?? 0)),
    ),
  )
}

/**
 * Less went back than what came back was worth. What was withheld for gifts and spent points stays with those whose
 * goods came back. The rest is discounts that the buyer has lost: of those whose goods are left, what they had borne.
 */
const keep = (
  overMinor: number,
  withheldMinor: number,
  goods: readonly Goods[],
): Result<readonly number[], SplitError> => {
  const discounts = goods.map(({ discountMinor }) => discountMinor)
  const lostMinor = Math.min(Math.max(0, overMinor - withheldMinor), sum(discounts))
  const back = goods.map(({ backMinor }) => backMinor)
  return allocate(lostMinor, discounts, discounts).andThen((lost) =>
    share(overMinor - lostMinor, back).map((stays) => add(lost, stays)),
  )
}

/** An amount by weights; where nothing has a weight, by equal ones. */
const share = (amountMinor: number, weights: readonly number[]): Result<readonly number[], SplitError> =>
  allocate(amountMinor, weighed(weights))

const weighed = (weights: readonly number[]): readonly number[] =>
  weights.some((weight) => weight > 0) ? weights : weights.map(() => 1)

const add = (left: readonly number[], right: readonly number[]): readonly number[] =>
  left.map((minor, place) => minor + (right[place] ?? 0))

const sum = (amounts: readonly number[]): number => amounts.reduce((total, each) => total + each, 0)
