import type { LocalText } from '../../catalog/local-text.js'
import type { BilledOrder } from '../../payments/bill.js'
import type { Payment } from '../../payments/payment.js'
import { billedIdsOf } from '../money/billed-ids.js'
import { paidForShipping } from '../money/refund-shares.js'
import type { OrderRow } from '../order-row.js'

/**
 * What the bill of an order takes from it: every line as it was priced, carriage, and what all of it comes to.
 *
 * @param attempts - its payments, which say of a cancelled order by what it had been paid
 */
export const billedOrderOf = (order: OrderRow, attempts: readonly Payment[] = []): BilledOrder<LocalText | null> => {
  const { price, items } = order.details
  const priced = new Map(price.lines.map((line) => [line.lineId, line]))
  const titles = new Map(items.map((item) => [item.lineId, item.title]))
  return {
    orderId: order.orderId,
    orderNumber: order.orderNumber,
    currency: order.currency,
    totalMinor: order.totals.payableMinor + order.totals.pointsMinor,
    shippingMinor: paidForShipping(price),
    placedAt: order.placedAt,
    ended: order.status === 'closed' || order.status === 'cancelled',
    settledAt: 'paidAt' in order ? order.paidAt : null,
    payingIds: billedIdsOf(order, attempts),
    isPart: order.details.partOf !== undefined,
    lines: order.lines.map(({ lineId, sku, quantity }) => {
      const line = priced.get(lineId)
      return {
        lineId,
        sku,
        title: titles.get(lineId) ?? null,
        quantity,
        // A gift stands in the order as a line, and in the price beside the lines.
        unitMinor: line?.listUnitMinor ?? 0,
        totalMinor: line === undefined ? 0 : line.netMinor + (price.taxInclusive ? 0 : line.taxMinor),
      }
    }),
  }
}

/** Where a bill and its order do not come to the same. */
export type BillDifference = {
  /** The line; null of the order as a whole. */
  readonly lineId: string | null
  readonly billMinor: number
  readonly orderMinor: number
}

/**
 * Holds the bill of an order against the order, line by line, and against what was taken for it.
 *
 * @param taken - what the gateway took by the payment that pays the order, minor units; null where it is not this one
 */
export const compareBill = (order: OrderRow, taken: number | null): readonly BillDifference[] => {
  const bill = billedOrderOf(order)
  const lines = order.lines.flatMap(({ lineId, paidMinor }): readonly BillDifference[] => {
    const billMinor = bill.lines.find((line) => line.lineId === lineId)?.totalMinor ?? 0
    return billMinor === paidMinor ? [] : [{ lineId, billMinor, orderMinor: paidMinor }]
  })
  const sumMinor = bill.lines.reduce((sum, line) => sum + line.totalMinor, bill.shippingMinor)
  const whole = sumMinor === bill.totalMinor ? [] : [{ lineId: null, billMinor: sumMinor, orderMinor: bill.totalMinor }]
  const { payableMinor } = order.totals
  const paid =
    taken === null || taken === payableMinor ? [] : [{ lineId: null, billMinor: taken, orderMinor: payableMinor }]
  return [...lines, ...whole, ...paid]
}
