import * as z from 'zod'
import { schemaOf } from '../../shared/schema-of.js'
import { parseInput } from '../../shared/stored.schema.js'
import { addressSchema } from '../addresses/address-book.schema.js'
import { recipientSchema } from '../addresses/recipient.schema.js'
import type { ApplyEditInput, EditOrderInput } from '../order-inputs.js'

const id = z.string().min(1).max(100)

const shape = {
  orderId: id,
  undo: z.exactOptional(id),
  recipient: z.exactOptional(z.union([recipientSchema, addressSchema])),
  lines: z.exactOptional(
    z
      .array(z.strictObject({ lineId: id, quantity: z.int().min(0).max(1_000_000) }))
      .min(1)
      .max(200)
      .refine((lines) => new Set(lines.map(({ lineId }) => lineId)).size === lines.length, {
        error: 'A line is named once',
      }),
  ),
}

const undoesOnly = ({ undo, recipient, lines }: EditOrderInput): boolean =>
  undo === undefined || (recipient === undefined && lines === undefined)
const alone = { error: 'What is undone is not changed besides', path: ['undo'] }

export const parsePreviewEdit = parseInput<EditOrderInput>(
  schemaOf<EditOrderInput>()(z.strictObject(shape).refine(undoesOnly, alone)),
)

export const parseApplyEdit = parseInput<ApplyEditInput>(
  schemaOf<ApplyEditInput>()(
    z.strictObject({ ...shape, hash: z.string().regex(/^[0-9a-f]{64}$/) }).refine(undoesOnly, alone),
  ),
)
