import * as z from 'zod'
import { schemaOf } from '../../shared/schema-of.js'
import { parseInput } from '../../shared/stored.schema.js'
import type {
  ChangePaymentPasswordInput,
  ProvePaymentInput,
  RequestPaymentCodeInput,
  ResetPaymentPasswordInput,
  SetPaymentPasswordInput,
} from './inputs.js'

const digits = z.string().min(1).max(32)
const challenge = { challengeId: z.string().min(1).max(100), code: z.string().min(1).max(12) }

export const parseSetPaymentPassword = parseInput<SetPaymentPasswordInput>(
  schemaOf<SetPaymentPasswordInput>()(z.strictObject({ paymentPassword: digits })),
)
export const parseChangePaymentPassword = parseInput<ChangePaymentPasswordInput>(
  schemaOf<ChangePaymentPasswordInput>()(z.strictObject({ paymentPassword: digits, newPaymentPassword: digits })),
)
export const parseRequestPaymentCode = parseInput<RequestPaymentCodeInput>(
  schemaOf<RequestPaymentCodeInput>()(z.strictObject({ to: z.exactOptional(z.enum(['email', 'phone'])) })),
)
export const parseResetPaymentPassword = parseInput<ResetPaymentPasswordInput>(
  schemaOf<ResetPaymentPasswordInput>()(z.strictObject({ ...challenge, newPaymentPassword: digits })),
)
export const parseProvePayment = parseInput<ProvePaymentInput>(
  schemaOf<ProvePaymentInput>()(
    z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('paymentPassword'), paymentPassword: digits }),
      z.strictObject({ kind: z.literal('code'), ...challenge }),
    ]),
  ),
)
