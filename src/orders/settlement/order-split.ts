import { ok, type Result } from 'neverthrow'
import type { OrderSplit, SettlementRate, SettlementTerms } from '../../payments/settlement.js'
import { allocate } from '../../shared/allocate.js'
import { apportionByDivisor } from '../../shared/apportion.js'
import type { CapsTooSmall, InvalidSplit, WeightsAllZero } from '../../shared/split.js'
import type { OrderLine, OrderRefund } from '../order.js'
import { liveRefunds } from '../order-pieces.js'
import type { OrderRow } from '../order-row.js'

/** The money of an order cannot be shared. */
export type SplitError = WeightsAllZero | CapsTooSmall | InvalidSplit

/** The whole of what a merchant sells, in hundredths of a percent. */
const wholeBasisPoints = 10_000

/**
 * Shares what an order's escrow holds: the goods of each merchant among the merchant, the platform and its partners.
 * What goes back is taken from the merchants whose goods it is for. Within a merchant's goods the parts are those of
 * Webster's method, so that with every refund each part stays or shrinks and never grows.
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

/** What escrow holds for the goods of each merchant: what came in for them, less what went back for them. */
const heldByMerchant = (order: OrderRow, merchants: readonly string[]): Result<readonly number[], SplitError> => {
  const sumOf = (lines: readonly OrderLine[]) => lines.reduce((sum, line) => sum + line.paidMinor, 0)
  const paid = merchants.map((merchantId) => sumOf(order.lines.filter((line) => line.merchantId === merchantId)))
  const subsidies = merchants.map((merchantId) =>
    order.details.price.lines
      .filter((line) => line.merchantId === merchantId)
      .reduce((sum, line) => sum + line.shares.reduce((part, { platformMinor }) => part + platformMinor, 0), 0),
  )
  const goods = paid.map((minor, place) => minor + (subsidies[place] ?? 0))
  const { payableMinor, pointsMinor, subsidyMinor } = order.totals
  const carriage = payableMinor + pointsMinor + subsidyMinor - goods.reduce((sum, minor) => sum + minor, 0)
  return share(carriage, goods).andThen((shipping) => {
    const cameIn = goods.map((minor, place) => minor + (shipping[place] ?? 0))
    return liveRefunds(order).reduce<Result<readonly number[], SplitError>>(
      (sofar, refund) => sofar.andThen((held) => takeBack(held, refund, { order, merchants, shipping })),
      ok(cameIn),
    )
  })
}

const takeBack = (
  held: readonly number[],
  refund: OrderRefund,
  about: { readonly order: OrderRow; readonly merchants: readonly string[]; readonly shipping: readonly number[] },
): Result<readonly number[], SplitError> => {
  const { order, merchants, shipping } = about
  const backMinor = refund.cashMinor + refund.pointsMinor + refund.subsidyMinor
  return share(refund.shippingMinor, shipping).andThen((shippingBack) => {
    const worth = merchants
      .map((merchantId, place) =>
        refund.lines.reduce(
          (sum, { lineId, quantity }) => {
            const line = order.lines.find((each) => each.lineId === lineId && each.merchantId === merchantId)
            return line === undefined ? sum : sum + Math.floor((line.paidMinor * quantity) / line.quantity)
          },
          (shippingBack[place] ?? 0) + givenOf(order, refund, merchantId),
        ),
      )
      .map((minor) => Math.max(0, minor))
    const capacity = held.reduce((sum, minor, place) => sum + ((worth[place] ?? 0) > 0 ? minor : 0), 0)
    const theirs = Math.min(backMinor, capacity)
    return allocate(theirs, worth, held).andThen((taken) => {
      const left = held.map((minor, place) => minor - (taken[place] ?? 0))
      // What is more than their goods still hold, or is for no goods at all, all bear by what they hold.
      return allocate(backMinor - theirs, left, left).map((rest) =>
        left.map((minor, place) => minor - (rest[place] ?? 0)),
      )
    })
  })
}

// Below zero where pieces that come back were given something of before.
const givenOf = (order: OrderRow, { amounts = [] }: OrderRefund, merchantId: string): number =>
  amounts.reduce(
    (sum, { lineId, amountMinor }) =>
      order.lines.some((line) => line.lineId === lineId && line.merchantId === merchantId) ? sum + amountMinor : sum,
    0,
  )

/** An amount by weights; where nothing has a weight, by equal ones. */
const share = (amountMinor: number, weights: readonly number[]): Result<readonly number[], SplitError> =>
  allocate(amountMinor, weights.some((weight) => weight > 0) ? weights : weights.map(() => 1))
