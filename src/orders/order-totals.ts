import type { PricedCart } from '../pricing/priced-cart.js'
import type { Tender } from '../shared/tender.js'
import { paidForShipping } from './money/refund-shares.js'
import type { OrderTotals } from './order.js'

/** The sums of an order at this price. */
export const totalsOf = (price: PricedCart): OrderTotals => ({
  listMinor: price.totals.listMinor,
  discountMinor: price.totals.discountMinor,
  goodsMinor: price.totals.goodsMinor,
  shippingMinor: price.totals.shippingMinor,
  taxMinor: price.totals.taxMinor,
  taxOnTopMinor: price.totals.taxOnTopMinor,
  pointsMinor: price.totals.pointsMinor,
  shippingPaidMinor: paidForShipping(price),
  subsidyMinor: price.applied.reduce((sum, offer) => sum + offer.platformGoodsMinor, 0),
  payableMinor: price.totals.payableMinor,
})

/** The sums of an order as its buyer is shown them: who bears a discount is between the platform and its sellers. */
export type BuyerTotals = Omit<OrderTotals, 'subsidyMinor'>

/** Leaves out of the sums of an order what the platform pays to its seller. */
export const totalsForBuyer = ({ subsidyMinor: _, ...totals }: OrderTotals): BuyerTotals => totals

/** By what an order of these sums is to be paid. */
export const tendersOf = (orderId: string, currency: string, totals: OrderTotals): readonly Tender[] => {
  const tender = (kind: 'gateway' | 'points', minor: number): readonly Tender[] =>
    minor > 0 ? [{ kind, id: orderId, money: { minor, currency } }] : []
  return [...tender('gateway', totals.payableMinor), ...tender('points', totals.pointsMinor)]
}
