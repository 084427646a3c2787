import * as z from 'zod'
import { freeTextSchema } from '../shared/free-text.schema.js'
import { schemaOf } from '../shared/schema-of.js'
import { parseInput } from '../shared/stored.schema.js'
import type { PreviewReturnInput, ReceiveReturnInput, RequestReturnInput } from './return-inputs.js'
import type { RefusalGround } from './return-request.js'

const id = z.string().min(1).max(100)
const count = z.int().min(0).max(1_000_000)

const kitParts = z
  .array(z.strictObject({ sku: z.string().min(1).max(120), quantity: count }))
  .max(50)
  .refine((parts) => new Set(parts.map(({ sku }) => sku)).size === parts.length, { error: 'Every part stands once' })

const pieces = {
  orderId: id,
  kind: z.enum(['refundOnly', 'returnAndRefund']),
  reason: z.enum(['noReason', 'quality', 'size', 'colour', 'notAsDescribed', 'damaged', 'missing', 'notReceived']),
  lines: z
    .array(z.strictObject({ lineId: id, quantity: z.int().min(1).max(1_000_000) }))
    .min(1)
    .max(200),
}

export const parsePreviewReturn = parseInput<PreviewReturnInput>(schemaOf<PreviewReturnInput>()(z.strictObject(pieces)))

export const parseRequestReturn = parseInput<RequestReturnInput>(
  schemaOf<RequestReturnInput>()(z.strictObject({ ...pieces, description: z.exactOptional(freeTextSchema(2000)) })),
)

/** A return, and nothing else. */
export const parseReturnId = parseInput<{ readonly returnId: string }>(
  schemaOf<{ readonly returnId: string }>()(z.strictObject({ returnId: id })),
)

export const parseRefuseReturn = parseInput<{ readonly returnId: string; readonly ground: RefusalGround }>(
  schemaOf<{ readonly returnId: string; readonly ground: RefusalGround }>()(
    z.strictObject({
      returnId: id,
      ground: z.enum(['windowPassed', 'notReturnable', 'conditionNotMet', 'evidenceMissing', 'notSold']),
    }),
  ),
)

export const parseReceiveReturn = parseInput<ReceiveReturnInput>(
  schemaOf<ReceiveReturnInput>()(
    z.strictObject({
      returnId: id,
      lines: z.exactOptional(
        z
          .array(
            z.strictObject({
              lineId: id,
              receivedQuantity: count,
              acceptedQuantity: count,
              restockQuantity: count,
              quarantineQuantity: z.exactOptional(count),
              restockParts: z.exactOptional(kitParts),
              quarantineParts: z.exactOptional(kitParts),
            }),
          )
          .min(1)
          .max(200),
      ),
    }),
  ),
)
