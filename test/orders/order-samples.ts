import type { OrderCommand } from '../../src/orders/order-command.js'

export const at = 1_000
export type CommandOf<Type extends OrderCommand['type']> = Extract<OrderCommand, { type: Type }>

/** Three pieces for 4.00 each, carriage 1.00, of which 3.00 are paid with 30 points. */
export const place: CommandOf<'Place'> = {
  type: 'Place',
  payBy: at + 100,
  facts: {
    orderId: 'o1',
    orderNumber: '700101-000000-0',
    accountId: 'ann',
    merchantId: 'self',
    currency: 'CNY',
    placedAt: at,
    lines: [
      {
        lineId: 'l1',
        productId: 'p1',
        sku: 'A',
        merchantId: 'self',
        gift: false,
        quantity: 3,
        paidMinor: 1_200,
      },
    ],
    totals: {
      listMinor: 1_200,
      discountMinor: 0,
      goodsMinor: 1_200,
      shippingMinor: 100,
      taxMinor: 0,
      taxOnTopMinor: 0,
      pointsMinor: 300,
      shippingPaidMinor: 100,
      subsidyMinor: 0,
      payableMinor: 1_000,
    },
    tenders: [],
    couponIds: [],
    pointsSpent: 30,
    pointsEarned: 6,
    policyVersion: 0,
  },
}
export const money = (minor: number) => ({ minor, currency: 'CNY' })
export const pieces = (quantity: number) => [{ lineId: 'l1', quantity }]
export const refund = (refundId: string, quantity: number, cashMinor: number, shippingMinor = 0) => ({
  refundId,
  reason: 'goodwill' as const,
  lines: quantity === 0 ? [] : pieces(quantity),
  shippingMinor,
  cashMinor,
  pointsMinor: quantity * 100,
  points: quantity * 10,
  earnedPoints: quantity * 2,
  subsidyMinor: 0,
})

export const edited = (refundId: string, quantity: number, cashMinor: number) => ({
  ...refund(refundId, quantity, cashMinor),
  reason: 'edited' as const,
})
/** Two of the pieces, and fewer points. */
const { lines: placedLines, totals, tenders, couponIds } = place.facts
export const repriced = {
  lines: placedLines.map((line) => ({ ...line, quantity: 2, paidMinor: 800 })),
  totals: { ...totals, listMinor: 800, goodsMinor: 800, pointsMinor: 200, payableMinor: 700 },
  tenders,
  couponIds,
  pointsSpent: 20,
  pointsEarned: 4,
}

/** A fourth piece for 4.00 more. */
export const dearer = {
  ...repriced,
  lines: placedLines.map((line) => ({ ...line, quantity: 4, paidMinor: 1_600 })),
  totals: { ...totals, listMinor: 1_600, goodsMinor: 1_600, payableMinor: 1_400 },
  pointsSpent: 30,
  pointsEarned: 8,
}
