import { err, ok, type Result } from 'neverthrow'
import type { LineQuantity } from '../../inventory/reservation.js'
import { type RefundSplitError, refundOf } from '../../pricing/refund-of.js'
import { allocateKnown } from '../../shared/allocate.js'
import type { LineAmount, OrderFacts, OrderRefund } from '../order.js'
import type { OrderError } from '../order-error.js'
import { liveRefunds, refundableCashMinor, refundableQuantity, refundableShippingMinor } from '../order-pieces.js'
import type { OrderRow } from '../order-row.js'
import { unitsOf } from '../order-units.js'

/** Money given for a line that none of its pieces which came back has been set off against, minor units. */
const givenMinor = (order: Pick<OrderFacts, 'refunds'>, lineId: string): number =>
  liveRefunds(order)
    .flatMap(({ amounts = [] }) => amounts)
    .reduce((sum, each) => (each.lineId === lineId ? sum + each.amountMinor : sum), 0)

const goodsOf = (order: OrderRow) => order.lines.filter((line) => !line.gift)

/** What was paid in money for pieces of each line that is to come back, tax on top included. */
const worthByLine = (
  order: OrderRow,
  pieces: readonly LineQuantity[],
): Result<ReadonlyMap<string, number>, RefundSplitError> => {
  const units = unitsOf(order.details)
  const returned = Object.fromEntries(goodsOf(order).map((line) => [line.lineId, line.refundedQuantity]))
  return refundOf(units, returned, pieces).map(
    ({ lines }) =>
      new Map(
        lines.map(({ lineId, cashMinor, taxMinor }) => [lineId, cashMinor + (units.taxInclusive ? 0 : taxMinor)]),
      ),
  )
}

const piecesLeft = (order: OrderRow): readonly LineQuantity[] =>
  goodsOf(order)
    .map((line) => ({ lineId: line.lineId, quantity: refundableQuantity(line) }))
    .filter(({ quantity }) => quantity > 0)

/** Parts of an amount, without those that come to nothing. */
const amountsOf = (lineIds: readonly string[], parts: readonly number[], sign: 1 | -1): readonly LineAmount[] =>
  lineIds.flatMap((lineId, place) => {
    const amountMinor = parts[place] ?? 0
    return amountMinor === 0 ? [] : [{ lineId, amountMinor: sign * amountMinor }]
  })

/**
 * What pieces that come back were given of before, by amount: each line's by what its pieces are worth of those that are
 * left, rounded up, so that never more is out than the rest is worth and the last piece settles all of it.
 *
 * @param before.cashMinor - what would go back for the pieces and with them otherwise; no less than nothing goes back, and
 *   no more than the order has left
 * @returns amounts below zero, by line; to be taken off
 * @errors RefundSplitError
 */
export const setOffAmounts = (
  order: OrderRow,
  pieces: readonly LineQuantity[],
  before: { readonly cashMinor: number },
): Result<readonly LineAmount[], RefundSplitError> => {
  const lineIds = goodsOf(order).map(({ lineId }) => lineId)
  const given = lineIds.map((lineId) => Math.max(0, givenMinor(order, lineId)))
  const givenWhole = sum(given)
  if (givenWhole === 0) return ok([])
  return worthByLine(order, pieces).andThen((worth) =>
    worthByLine(order, piecesLeft(order)).map((left) => {
      const due = lineIds.map((lineId, place) =>
        ceilOfShare(given[place] ?? 0, worth.get(lineId) ?? 0, left.get(lineId) ?? 0),
      )
      const leastMinor = before.cashMinor - refundableCashMinor(order)
      const wantedMinor = Math.min(Math.max(sum(due), leastMinor), Math.max(0, before.cashMinor), givenWhole)
      const spare = given.map((minor, place) => minor - (due[place] ?? 0))
      const parts = wantedMinor <= sum(due) ? divide(wantedMinor, due) : add(due, divide(wantedMinor - sum(due), spare))
      return amountsOf(lineIds, parts, -1)
    }),
  )
}

/** What is paid in money for pieces that nothing was given back for, less what was given of them by amount, minor units. */
export const worthLeftOf = (order: OrderRow, pieces: readonly LineQuantity[]): Result<number, RefundSplitError> =>
  worthByLine(order, pieces).andThen((worth) => {
    const cashMinor = sum([...worth.values()])
    return setOffAmounts(order, pieces, { cashMinor }).map((amounts) => sumAmounts(amounts, cashMinor))
  })

/** Everything that was given by amount, to be taken off where all that is left of an order goes back. */
export const allGiven = (order: OrderRow): readonly LineAmount[] => {
  const lineIds = goodsOf(order).map(({ lineId }) => lineId)
  return amountsOf(
    lineIds,
    lineIds.map((lineId) => Math.max(0, givenMinor(order, lineId))),
    -1,
  )
}

/** An amount that is given back. */
export type AmountAsked = {
  /** Minor units, above zero. */
  readonly amountMinor: number
  /** Of one line alone; of everything by what is left of it when absent. */
  readonly lineId?: string
  /** Of carriage alone. */
  readonly ofShipping: boolean
}

/**
 * Divides an amount that is given back over what it is for: carriage, a line, or all that is left of the order, each by
 * what is left of it and never more.
 *
 * @errors OrderLineUnknown; RefundExceedsCaptured naming what may be given; RefundSplitError
 */
export const spreadAmount = (
  order: OrderRow,
  { amountMinor, lineId, ofShipping }: AmountAsked,
): Result<
  { readonly amounts: readonly LineAmount[]; readonly shippingMinor: number },
  OrderError | RefundSplitError
> => {
  const lines = goodsOf(order)
  if (lineId !== undefined && !lines.some((line) => line.lineId === lineId)) {
    return err({ type: 'OrderLineUnknown', lineId })
  }
  return worthByLine(order, piecesLeft(order)).andThen((left) => {
    const lineIds = ofShipping
      ? []
      : lines.map((line) => line.lineId).filter((id) => lineId === undefined || id === lineId)
    const goods = lineIds.map((id) => Math.max(0, (left.get(id) ?? 0) - givenMinor(order, id)))
    const weights = [...goods, lineId === undefined ? Math.max(0, refundableShippingMinor(order)) : 0]
    const refundableMinor = Math.max(0, Math.min(sum(weights), refundableCashMinor(order)))
    if (amountMinor > refundableMinor) {
      return err<never, OrderError>({ type: 'RefundExceedsCaptured', askedMinor: amountMinor, refundableMinor })
    }
    const parts = divide(amountMinor, weights)
    return ok({ amounts: amountsOf(lineIds, parts, 1), shippingMinor: parts.at(-1) ?? 0 })
  })
}

/** Amounts of a refund; nothing where there are none. */
export const withAmounts = (amounts: readonly LineAmount[]): Pick<OrderRefund, 'amounts'> =>
  amounts.length === 0 ? {} : { amounts }

/** What amounts come to together with another. */
export const sumAmounts = (amounts: readonly LineAmount[], otherMinor = 0): number =>
  amounts.reduce((total, { amountMinor }) => total + amountMinor, otherMinor)

const ceilOfShare = (amountMinor: number, part: number, whole: number): number =>
  whole <= 0 || part <= 0 ? 0 : Number((BigInt(amountMinor) * BigInt(part) + BigInt(whole) - 1n) / BigInt(whole))

// Never more than the weights, so none takes more than its own.
const divide = (amountMinor: number, weights: readonly number[]): readonly number[] =>
  allocateKnown(amountMinor, weights, weights).unwrapOr(weights.map(() => 0))

const add = (left: readonly number[], right: readonly number[]): readonly number[] =>
  left.map((minor, place) => minor + (right[place] ?? 0))

const sum = (amounts: readonly number[]): number => amounts.reduce((total, each) => total + each, 0)
