import * as z from 'zod'
import { serviceClasses } from '../membership/service-class.js'
import type { PricedCart } from '../pricing/priced-cart.js'
import type { QuotedRates } from '../pricing/quote-rates.js'
import type { Collection } from '../shared/collection.js'
import { sealedSchema } from '../shared/personal-data.schema.js'
import { parseStored } from '../shared/stored.schema.js'
import { tenderSchema } from '../shared/tender.schema.js'
import type { OrderRow } from './order-row.js'
import type { Parcel } from './parcels/parcel.js'
import { shopPolicySchema } from './policy/shop-policy.schema.js'
import type { PriceRecord } from './price-record/price-record.js'

const quantity = z.int().min(0)
const amount = z.int().min(0)
const lineQuantity = z.object({ lineId: z.string(), quantity: z.int().min(1) })
const localText = z.object({ en: z.string(), 'zh-CN': z.string() })

const lineSchema = z.object({
  lineId: z.string(),
  productId: z.string(),
  sku: z.string(),
  merchantId: z.string(),
  gift: z.boolean(),
  quantity: z.int().min(1),
  paidMinor: amount,
  shippedQuantity: quantity,
  signedQuantity: quantity,
  lostQuantity: quantity,
  refundedQuantity: quantity,
  cancelledQuantity: z.exactOptional(quantity),
  reshippedQuantity: z.exactOptional(z.int().min(1)),
  undeliveredQuantity: z.exactOptional(z.int().min(1)),
})

const refundSchema = z.object({
  refundId: z.string(),
  reason: z.enum(['cancelled', 'edited', 'returned', 'lost', 'goodwill', 'priceAdjusted']),
  lines: z.array(lineQuantity),
  amounts: z.exactOptional(z.array(z.object({ lineId: z.string(), amountMinor: z.int() }))),
  shippingMinor: amount,
  cashMinor: amount,
  pointsMinor: amount,
  points: quantity,
  earnedPoints: quantity,
  shortfall: z.exactOptional(z.object({ points: quantity, deductedMinor: quantity })),
  heldForGiftsMinor: z.exactOptional(z.int()),
  uncollectedMinor: z.exactOptional(z.int().min(0)),
  awaitedMinor: z.exactOptional(z.int().min(1)),
  received: z.exactOptional(z.literal(true)),
  sellerAtFault: z.exactOptional(z.boolean()),
  subsidyMinor: amount,
  discounts: z.exactOptional(
    z.array(z.object({ offerId: z.string(), couponId: z.string().nullable(), amountMinor: z.int() })),
  ),
  status: z.enum(['pending', 'succeeded', 'failed']),
  folded: z.exactOptional(z.literal(true)),
})

const endedBy = z.enum(['buyer', 'staff', 'clock'])
const closeReason = z.enum(['unpaid', 'attemptsFailed'])
const holdReason = z.enum(['velocity', 'spending', 'unusualAmount', 'newDevice', 'reportedByOwner', 'paymentDenied'])
const purpose = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('close'), reason: closeReason }),
  z.object({ kind: z.literal('cancel'), by: endedBy }),
])

// The price is frozen: pricing made it, and what was made under an older version is read as it was made.
const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value)
const priceSchema = z.custom<PricedCart>(isObject)
const pricedInputSchema = z.custom<PriceRecord['input']>(isObject)
const ratesSchema = z.custom<QuotedRates>(isObject)

const pricedRecordSchema = z.object({
  input: pricedInputSchema,
  bookIds: z.array(z.string()),
  rates: z.exactOptional(ratesSchema),
})

const detailsSchema = z.object({
  items: z.array(
    z.object({
      lineId: z.string(),
      title: localText,
      options: z.record(z.string(), z.string()),
      categoryIds: z.array(z.string()),
      confirmedNoReturn: z.exactOptional(z.literal(true)),
      parts: z.exactOptional(z.array(z.object({ sku: z.string(), quantity: z.int().min(1) }))),
    }),
  ),
  price: priceSchema,
  priced: pricedRecordSchema,
  refundBookIds: z.exactOptional(z.array(z.string())),
  recipient: sealedSchema.nullable(),
  contact: z.exactOptional(sealedSchema),
  forgetAt: z.exactOptional(z.int()),
  region: z.string(),
  policy: shopPolicySchema,
  service: z.enum(serviceClasses),
  offerUseIds: z.array(z.string()),
  limitedProductIds: z.array(z.string()),
  purchaseIds: z.exactOptional(z.array(z.string())),
  apart: z.exactOptional(
    z.array(
      z.object({ merchantId: z.string(), orderId: z.string(), orderNumber: z.string(), standsAlone: z.boolean() }),
    ),
  ),
  partOf: z.exactOptional(
    z.object({
      checkoutId: z.string(),
      orderIds: z.array(z.string()),
      merchantIds: z.array(z.string()),
      giftMerchants: z.array(z.string().nullable()),
      giftLineIds: z.array(z.string()),
      offerUseIds: z.array(z.string()),
      couponsOfOrder: z.array(z.string()),
      standsAlone: z.boolean(),
    }),
  ),
  pointsHoldId: z.exactOptional(z.string()),
  payerLinks: z.exactOptional(z.record(z.string(), z.string())),
  sharedTimes: z.exactOptional(z.int().min(1)),
  earnGrantId: z.exactOptional(z.string()),
  earlier: z.exactOptional(
    z.array(
      z.object({
        editId: z.string(),
        at: z.int(),
        region: z.string(),
        lines: z.array(lineQuantity),
        recipient: z.exactOptional(sealedSchema),
      }),
    ),
  ),
  proposed: z.exactOptional(
    z.object({
      price: priceSchema,
      priced: pricedRecordSchema,
      region: z.string(),
      recipient: z.exactOptional(sealedSchema),
    }),
  ),
  pointWorth: z.object({ points: z.int().min(1), minor: amount }).nullable(),
})

const facts = {
  orderId: z.string(),
  orderNumber: z.string(),
  accountId: z.string(),
  merchantId: z.string().nullable(),
  currency: z.string(),
  placedAt: z.int(),
  lines: z.array(lineSchema).min(1),
  totals: z.object({
    listMinor: amount,
    discountMinor: amount,
    goodsMinor: amount,
    shippingMinor: amount,
    taxMinor: amount,
    taxOnTopMinor: amount,
    pointsMinor: amount,
    shippingPaidMinor: amount,
    subsidyMinor: amount,
    payableMinor: amount,
  }),
  tenders: z.array(tenderSchema),
  couponIds: z.array(z.string()),
  pointsSpent: quantity,
  pointsEarned: quantity,
  paymentIds: z.array(z.string()),
  failedAttempts: quantity,
  refunds: z.array(refundSchema),
  parcelIds: z.array(z.string()),
  openReturnIds: z.array(z.string()),
  askedBack: z.exactOptional(z.array(lineQuantity.extend({ returnId: z.string() }))),
  openDisputeIds: z.exactOptional(z.array(z.string())),
  policyVersion: z.int().min(0),
  payers: z.exactOptional(
    z.array(
      z.object({
        payerId: z.string(),
        accountId: z.string().nullable(),
        amountMinor: z.int().min(1),
        paymentIds: z.array(z.string()),
        paidBy: z.string().nullable(),
        partOf: z.exactOptional(z.string()),
      }),
    ),
  ),
  makeGoodBy: z.exactOptional(z.int()),
  hold: z.exactOptional(
    z.object({
      since: z.int(),
      until: z.int(),
      by: z.enum(['watch', 'owner', 'gateway']),
      reasons: z.array(holdReason),
    }),
  ),
  details: detailsSchema,
}
const paid = {
  paidAt: z.int(),
  paymentId: z.string().nullable(),
  extraPaymentIds: z.exactOptional(z.array(z.string())),
  onDelivery: z.exactOptional(
    z.object({
      dueMinor: amount,
      outMinor: amount,
      unbroughtMinor: z.exactOptional(amount),
      handedMinor: z.exactOptional(amount),
      surplusMinor: z.exactOptional(amount),
      completeAt: z.exactOptional(z.int()),
    }),
  ),
}
const edit = {
  edit: z.exactOptional(
    z.object({
      editId: z.string(),
      by: endedBy,
      differenceMinor: z.int().min(1),
      payBy: z.exactOptional(z.int()),
      proposedAt: z.exactOptional(z.int()),
      paymentIds: z.array(z.string()),
    }),
  ),
  closeAt: z.exactOptional(z.int()),
}

const orderSchema = z.discriminatedUnion('status', [
  z.object({ ...facts, status: z.literal('awaitingPayment'), closeAt: z.int() }),
  z.object({ ...facts, status: z.literal('closing'), purpose, closeAt: z.int(), closeTries: quantity }),
  z.object({ ...facts, ...paid, ...edit, status: z.literal('paid') }),
  z.object({ ...facts, ...paid, status: z.literal('divided'), orderIds: z.array(z.string()) }),
  z.object({ ...facts, ...paid, ...edit, status: z.literal('partlyShipped') }),
  z.object({
    ...facts,
    ...paid,
    status: z.literal('shipped'),
    shippedAt: z.int(),
    advanceAt: z.int(),
    lateSince: z.exactOptional(z.int()),
  }),
  z.object({ ...facts, ...paid, status: z.literal('signed'), signedAt: z.int(), advanceAt: z.int().nullable() }),
  z.object({ ...facts, ...paid, status: z.literal('completed'), signedAt: z.int(), completedAt: z.int() }),
  z.object({ ...facts, ...paid, status: z.literal('cancelling'), by: endedBy, since: z.int() }),
  z.object({ ...facts, status: z.literal('cancelled'), by: endedBy, cancelledAt: z.int() }),
  z.object({
    ...facts,
    status: z.literal('closed'),
    closedAt: z.int(),
    reason: closeReason,
    heldFor: z.exactOptional(z.array(holdReason)),
  }),
])

/** Orders. */
export const orders: Collection<OrderRow> = {
  name: 'order',
  rank: 60,
  schemaVersion: 1,
  fields: {
    orderNumber: { type: 'text', path: 'orderNumber' },
    accountId: { type: 'text', path: 'accountId' },
    merchantId: { type: 'text', path: 'merchantId' },
    status: { type: 'text', path: 'status' },
    currency: { type: 'text', path: 'currency' },
    placedAt: { type: 'instant', path: 'placedAt' },
    paidAt: { type: 'instant', path: 'paidAt' },
    closeAt: { type: 'instant', path: 'closeAt' },
    advanceAt: { type: 'instant', path: 'advanceAt' },
    lateSince: { type: 'instant', path: 'lateSince' },
    makeGoodBy: { type: 'instant', path: 'makeGoodBy' },
    forgetAt: { type: 'instant', path: 'details.forgetAt' },
    holdUntil: { type: 'instant', path: 'hold.until' },
    dueMinor: { type: 'integer', path: 'onDelivery.dueMinor' },
    completeAt: { type: 'instant', path: 'onDelivery.completeAt' },
    goodsMinor: { type: 'integer', path: 'totals.goodsMinor' },
    discountMinor: { type: 'integer', path: 'totals.discountMinor' },
    shippingMinor: { type: 'integer', path: 'totals.shippingMinor' },
    taxMinor: { type: 'integer', path: 'totals.taxMinor' },
    pointsMinor: { type: 'integer', path: 'totals.pointsMinor' },
    payableMinor: { type: 'integer', path: 'totals.payableMinor' },
    region: { type: 'text', path: 'details.region' },
    service: { type: 'text', path: 'details.service' },
  },
  parts: [
    {
      field: 'lines',
      key: 'lineId',
      fields: {
        productId: { type: 'text', path: 'productId' },
        sku: { type: 'text', path: 'sku' },
        merchantId: { type: 'text', path: 'merchantId' },
        quantity: { type: 'integer', path: 'quantity' },
        paidMinor: { type: 'integer', path: 'paidMinor' },
        shippedQuantity: { type: 'integer', path: 'shippedQuantity' },
        signedQuantity: { type: 'integer', path: 'signedQuantity' },
        refundedQuantity: { type: 'integer', path: 'refundedQuantity' },
      },
    },
    {
      field: 'refunds',
      key: 'refundId',
      fields: {
        reason: { type: 'text', path: 'reason' },
        status: { type: 'text', path: 'status' },
        cashMinor: { type: 'integer', path: 'cashMinor' },
        pointsMinor: { type: 'integer', path: 'pointsMinor' },
      },
    },
  ],
  ownership: { own: 'accountId', merchant: 'merchantId' },
  parse: parseStored<OrderRow>('order')(orderSchema),
}

const parcelFacts = {
  parcelId: z.string(),
  orderId: z.string(),
  accountId: z.string(),
  merchantId: z.string().nullable(),
  carrier: z.string(),
  trackingNumber: z.string(),
  lines: z.array(z.object({ lineId: z.string(), warehouse: z.string(), quantity: z.int().min(1) })).min(1),
  shippedAt: z.int(),
  deliverBy: z.exactOptional(z.int()),
  scanWithinMs: z.exactOptional(z.int()),
  collectMinor: z.exactOptional(z.int().min(1)),
  handedMinor: z.exactOptional(amount),
  collectedAt: z.exactOptional(z.int()),
}
const parcelWatch = {
  lateAt: z.exactOptional(z.int()),
  late: z.exactOptional(z.object({ since: z.int(), reason: z.enum(['promisePassed', 'notSeen']) })),
  failedAt: z.exactOptional(z.int()),
}

const parcelSchema = z.discriminatedUnion('status', [
  z.object({ ...parcelFacts, ...parcelWatch, status: z.literal('shipped') }),
  z.object({ ...parcelFacts, ...parcelWatch, status: z.literal('inTransit'), lastScanAt: z.int() }),
  z.object({ ...parcelFacts, status: z.literal('delivered'), deliveredAt: z.int() }),
  z.object({ ...parcelFacts, status: z.literal('lost'), lostAt: z.int() }),
  z.object({ ...parcelFacts, status: z.literal('cameBack'), cameBackAt: z.int() }),
])

/** Parcels. */
export const parcels: Collection<Parcel> = {
  name: 'parcel',
  rank: 61,
  schemaVersion: 1,
  fields: {
    orderId: { type: 'text', path: 'orderId' },
    accountId: { type: 'text', path: 'accountId' },
    merchantId: { type: 'text', path: 'merchantId' },
    status: { type: 'text', path: 'status' },
    carrier: { type: 'text', path: 'carrier' },
    trackingNumber: { type: 'text', path: 'trackingNumber' },
    shippedAt: { type: 'instant', path: 'shippedAt' },
    lateAt: { type: 'instant', path: 'lateAt' },
  },
  ownership: { own: 'accountId', merchant: 'merchantId' },
  parse: parseStored<Parcel>('parcel')(parcelSchema),
}
