import { dividePrice } from '../../pricing/divide-price.js'
import { priceCart } from '../../pricing/price-cart.js'
import type { PriceCartInput, PricedCart } from '../../pricing/priced-cart.js'
import type { MerchantOrder } from '../order-row.js'
import type { OrderQuote } from './order-quote.js'

/** The orders of a checkout's merchants, as yet without knowing what each would cost by itself. */
export type NamedOrders = readonly Omit<MerchantOrder, 'standsAlone'>[]

/** The sellers of some lines, each once, in the order of the lines. */
export const merchantsOf = (lines: readonly { readonly merchantId: string }[]): readonly string[] => [
  ...new Set(lines.map(({ merchantId }) => merchantId)),
]

/** The merchants who get an order each once a quote is placed and paid, in the order of its lines; undefined where it stays one. */
export const merchantsApart = ({
  policy,
  price,
  gifts,
}: Pick<OrderQuote, 'policy' | 'price' | 'gifts'>): readonly string[] | undefined => {
  const merchants = merchantsOf([...price.lines, ...gifts])
  return policy.severalMerchants === 'apart' && merchants.length > 1 ? merchants : undefined
}

/**
 * Says of each merchant's order whether its goods alone would have been offered the same.
 *
 * @param priced - the price of all goods together, and what it was made of
 * @param giftMerchants - by place among the gifts of the price, whose gift it is
 */
export const standingAlone = (
  orders: NamedOrders,
  priced: { readonly input: PriceCartInput; readonly price: PricedCart },
  giftMerchants: readonly (string | null)[],
): readonly MerchantOrder[] => {
  const merchantIds = orders.map(({ merchantId }) => merchantId)
  const parts = dividePrice(priced.price, merchantIds, giftMerchants)
  return orders.map((order, place) => {
    const part = parts[place]
    return { ...order, standsAlone: part !== undefined && isOfferedSo(priced.input, part) }
  })
}

const isOfferedSo = (input: PriceCartInput, part: PricedCart): boolean => {
  const lines = input.lines.filter(({ lineId }) => part.lines.some((line) => line.lineId === lineId))
  if (lines.length === 0) return part.gifts.length === 0
  const coupons = input.coupons.filter(({ couponId }) => part.couponsUsed.includes(couponId))
  return priceCart({ ...input, lines, coupons, shipping: null, points: null }, { trace: false }).match(
    (alone) =>
      alone.lines.every((line) =>
        part.lines.some(({ lineId, netMinor }) => lineId === line.lineId && netMinor === line.netMinor),
      ) &&
      part.gifts.every((gift) =>
        alone.gifts.some(({ sku, quantity }) => sku === gift.sku && quantity === gift.quantity),
      ),
    () => false,
  )
}
