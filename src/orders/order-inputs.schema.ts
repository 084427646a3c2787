import * as z from 'zod'
import { serviceClasses } from '../membership/service-class.js'
import { holdsCardNumber } from '../shared/card-number.js'
import { freeTextSchema } from '../shared/free-text.schema.js'
import { currencySchema } from '../shared/money.schema.js'
import { methodIds } from '../shared/payment-method.js'
import { schemaOf } from '../shared/schema-of.js'
import { parseInput } from '../shared/stored.schema.js'
import type {
  CaptureOrderInput,
  CorrectParcelInput,
  HoldReceiptInput,
  ListOrdersInput,
  PayOrderInput,
  QueryPaymentInput,
  RecordDeliveryInput,
  RecordParcelReturnInput,
  RecordReceiptInput,
  RefundOrderInput,
  ReshipOrderInput,
  ReturnHeldByHandInput,
  ReturnReceiptInput,
  ShipOrderInput,
} from './order-inputs.js'

const id = z.string().min(1).max(100)
const lineQuantities = z
  .array(z.strictObject({ lineId: id, quantity: z.int().min(1).max(1_000_000) }))
  .min(1)
  .max(200)
const byOrder = { orderId: id }

const orderSchema = schemaOf<{ readonly orderId: string }>()(z.strictObject(byOrder))

/** An order, and nothing else. */
export const parseOrderId = parseInput<{ readonly orderId: string }>(orderSchema)

export const parseQueryPayment = parseInput<QueryPaymentInput>(
  schemaOf<QueryPaymentInput>()(z.strictObject({ ...byOrder, unpaid: z.exactOptional(z.literal(true)) })),
)

export const parsePayOrder = parseInput<PayOrderInput>(
  schemaOf<PayOrderInput>()(
    z.strictObject({
      ...byOrder,
      gatewayId: id,
      method: z.enum(methodIds),
      instrumentToken: z.exactOptional(freeTextSchema(500).min(1)),
      returnUrl: z.exactOptional(
        z
          .string()
          .max(2000)
          .regex(/^https:\/\//),
      ),
    }),
  ),
)

/** A line of a statement. */
export const statementReference = z
  .string()
  .regex(/^[A-Za-z0-9._/-]{1,64}$/)
  .refine((text) => !holdsCardNumber(text), { error: 'Text must not hold a card number' })

const statementLine = { amountMinor: z.int().min(1), currency: currencySchema, reference: statementReference }

export const parseRecordReceipt = parseInput<RecordReceiptInput>(
  schemaOf<RecordReceiptInput>()(z.strictObject({ paymentId: id, ...statementLine, parcelId: z.exactOptional(id) })),
)

export const parseHoldReceipt = parseInput<HoldReceiptInput>(
  schemaOf<HoldReceiptInput>()(z.strictObject({ gatewayId: id, ...statementLine })),
)

export const parseReturnReceipt = parseInput<ReturnReceiptInput>(
  schemaOf<ReturnReceiptInput>()(
    z.strictObject({ receiptId: z.string().min(1).max(200), mistyped: z.exactOptional(z.literal(true)) }),
  ),
)

export const parseCaptureOrder = parseInput<CaptureOrderInput>(
  schemaOf<CaptureOrderInput>()(
    z
      .strictObject({
        ...byOrder,
        lines: z.exactOptional(lineQuantities),
        amountMinor: z.exactOptional(z.int().min(1)),
        final: z.exactOptional(z.boolean()),
      })
      .refine(({ lines, amountMinor }) => lines === undefined || amountMinor === undefined, {
        error: 'Name pieces or an amount',
        path: ['amountMinor'],
      }),
  ),
)

export const parseReshipOrder = parseInput<ReshipOrderInput>(
  schemaOf<ReshipOrderInput>()(z.strictObject({ ...byOrder, lines: z.exactOptional(lineQuantities) })),
)

// Carriers write numbers of as many digits as cards have, and one in ten would pass for a card.
const consignment = { carrier: freeTextSchema(60).min(1), trackingNumber: z.string().min(1).max(60) }

export const parseShipOrder = parseInput<ShipOrderInput>(
  schemaOf<ShipOrderInput>()(
    z.strictObject({
      ...byOrder,
      ...consignment,
      warehouse: z.exactOptional(z.string().min(1).max(50)),
      deliverBy: z.exactOptional(z.int().min(0).max(8_640_000_000_000_000)),
      lines: z.exactOptional(lineQuantities),
    }),
  ),
)

const parcelSchema = schemaOf<{ readonly parcelId: string }>()(z.strictObject({ parcelId: id }))

/** A parcel, and nothing else. */
export const parseParcelId = parseInput<{ readonly parcelId: string }>(parcelSchema)

export const parseCorrectParcel = parseInput<CorrectParcelInput>(
  schemaOf<CorrectParcelInput>()(
    z.strictObject({ ...consignment, parcelId: id, carrier: z.exactOptional(consignment.carrier) }),
  ),
)

export const parseRecordDelivery = parseInput<RecordDeliveryInput>(
  schemaOf<RecordDeliveryInput>()(
    z.strictObject({
      parcelId: id,
      collected: z.exactOptional(z.strictObject({ amountMinor: z.int().min(1), currency: currencySchema })),
    }),
  ),
)

export const parseRecordParcelReturn = parseInput<RecordParcelReturnInput>(
  schemaOf<RecordParcelReturnInput>()(
    z.strictObject({
      parcelId: id,
      scrapped: z.exactOptional(lineQuantities),
      quarantined: z.exactOptional(lineQuantities),
    }),
  ),
)

const paymentIdSchema = schemaOf<{ readonly paymentId: string }>()(z.strictObject({ paymentId: id }))

/** A payment, and nothing else. */
export const parsePaymentId = parseInput<{ readonly paymentId: string }>(paymentIdSchema)

export const parseReturnHeldByHand = parseInput<ReturnHeldByHandInput>(
  // Whatever a gateway called the money that it took.
  schemaOf<ReturnHeldByHandInput>()(z.strictObject({ paymentId: id, currency: z.string().regex(/^[A-Z]{3}$/) })),
)

const refundIdSchema = schemaOf<{ readonly refundId: string }>()(z.strictObject({ refundId: id }))

/** A refund, and nothing else. */
export const parseRefundId = parseInput<{ readonly refundId: string }>(refundIdSchema)

export const parseRefundOrder = parseInput<RefundOrderInput>(
  schemaOf<RefundOrderInput>()(
    z
      .strictObject({
        ...byOrder,
        reason: z.enum(['returned', 'lost', 'goodwill', 'priceAdjusted']),
        amountMinor: z.exactOptional(z.int().min(1)),
        lineId: z.exactOptional(id),
        lines: z.exactOptional(lineQuantities),
        withShipping: z.exactOptional(z.boolean()),
        sellerAtFault: z.exactOptional(z.boolean()),
      })
      .refine(({ reason, sellerAtFault }) => reason === 'returned' || sellerAtFault !== false, {
        error: 'What was not returned is the seller’s doing',
        path: ['sellerAtFault'],
      })
      .refine(({ reason, amountMinor }) => amountMinor !== undefined || reason !== 'priceAdjusted', {
        error: 'A price is lowered by an amount',
        path: ['amountMinor'],
      })
      .refine(
        ({ reason, amountMinor }) => amountMinor === undefined || ['goodwill', 'priceAdjusted'].includes(reason),
        {
          error: 'For what came back or was lost its own money goes back',
          path: ['amountMinor'],
        },
      )
      .refine(({ amountMinor, lines }) => amountMinor === undefined || lines === undefined, {
        error: 'An amount is given without pieces',
        path: ['lines'],
      })
      .refine(
        ({ amountMinor, lineId, withShipping }) =>
          lineId === undefined || (amountMinor !== undefined && withShipping !== true),
        { error: 'An amount is for a line or for carriage', path: ['lineId'] },
      ),
  ),
)

export const parseListOrders = parseInput<ListOrdersInput>(
  schemaOf<ListOrdersInput>()(
    z.strictObject({
      state: z.exactOptional(
        z.enum([
          'awaitingPayment',
          'closing',
          'awaitingShipment',
          'divided',
          'partlyShipped',
          'shipped',
          'signed',
          'completed',
          'cancelled',
          'closed',
        ]),
      ),
      service: z.exactOptional(z.enum(serviceClasses)),
      placedFrom: z.exactOptional(z.int().min(0)),
      placedTo: z.exactOptional(z.int().min(0)),
      orderNumber: z.exactOptional(z.string().min(1).max(20)),
      dueOnDelivery: z.exactOptional(z.literal(true)),
      held: z.exactOptional(z.literal(true)),
      shipmentOverdue: z.exactOptional(z.literal(true)),
      parcelOverdue: z.exactOptional(z.literal(true)),
      accountId: z.exactOptional(id),
      text: z.exactOptional(z.string().trim().min(1).max(100)),
      limit: z.exactOptional(z.int().min(1).max(100)),
      after: z.exactOptional(z.strictObject({ placedAt: z.int(), orderId: id })),
    }),
  ),
)
