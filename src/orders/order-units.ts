import { type UnitTable, unitTableOf } from '../pricing/unit-table.js'
import type { OrderDetails } from './order-row.js'

/**
 * What every piece of an order cost and how it is paid, by which refunds are reckoned: computed of its price, which says by
 * which version of pricing.
 */
export const unitsOf = ({ price, partOf }: OrderDetails): UnitTable => {
  const units = unitTableOf(price)
  return partOf === undefined ? units : { ...units, couponsOfOrder: partOf.couponsOfOrder }
}
