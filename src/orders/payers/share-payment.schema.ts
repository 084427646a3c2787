import * as z from 'zod'
import { freeTextSchema } from '../../shared/free-text.schema.js'
import { methodIds } from '../../shared/payment-method.js'
import { schemaOf } from '../../shared/schema-of.js'
import { parseInput } from '../../shared/stored.schema.js'
import type { PayShareInput, ShareOfInput, SharePaymentInput } from '../order-inputs.js'

const id = z.string().min(1).max(100)
const link = z.string().regex(/^[\w-]{1,60}\.[\w-]{1,60}\.[0-9A-Za-z]{43}$/)

const part = z.discriminatedUnion('by', [
  z.strictObject({ by: z.literal('amount'), amountMinor: z.int().min(1) }),
  z.strictObject({ by: z.literal('share'), share: z.int().min(1).max(1_000_000) }),
  z.strictObject({ by: z.literal('rest') }),
])

export const parseSharePayment = parseInput<SharePaymentInput>(
  schemaOf<SharePaymentInput>()(
    z.strictObject({
      orderId: id,
      payers: z
        .array(z.strictObject({ accountId: z.exactOptional(id), part }))
        .min(1)
        .max(20)
        .refine((payers) => payers.filter((payer) => payer.part.by === 'rest').length <= 1, {
          error: 'One takes the rest',
        })
        .refine(
          (payers) =>
            !payers.some((payer) => payer.part.by === 'rest') || !payers.some((payer) => payer.part.by === 'share'),
          { error: 'Shares leave no rest' },
        )
        .refine(
          (payers) => {
            const named = payers.flatMap(({ accountId = null }) => (accountId === null ? [] : [accountId]))
            return new Set(named).size === named.length
          },
          { error: 'Each account has one part' },
        ),
    }),
  ),
)

export const parsePayShare = parseInput<PayShareInput>(
  schemaOf<PayShareInput>()(
    z
      .strictObject({
        orderId: z.exactOptional(id),
        link: z.exactOptional(link),
        gatewayId: id,
        method: z.enum(methodIds),
        instrumentToken: z.exactOptional(freeTextSchema(500).min(1)),
        returnUrl: z.exactOptional(
          z
            .string()
            .max(2000)
            .regex(/^https:\/\//),
        ),
      })
      .refine((given) => (given.orderId === undefined) !== (given.link === undefined), {
        error: 'Name the order or the link',
        path: ['link'],
      }),
  ),
)

export const parseShareOf = parseInput<ShareOfInput>(
  schemaOf<ShareOfInput>()(
    z
      .strictObject({ orderId: z.exactOptional(id), link: z.exactOptional(link) })
      .refine((given) => (given.orderId === undefined) !== (given.link === undefined), {
        error: 'Name the order or the link',
        path: ['link'],
      }),
  ),
)
