import * as z from 'zod'
import { parseInput } from '../shared/stored.schema.js'
import { gatewayErrorCodes } from './gateway-error.js'
import type { PaymentSnapshot, RefundSnapshot } from './snapshot.js'

const reference = z.string().min(1).max(200)
// Any code and any sign: what does not fit is for the payment to see and to hold, not to be lost at the door.
const money = z.object({ minor: z.int(), currency: z.string().min(1).max(10) })
const failure = z.enum(gatewayErrorCodes).nullable()

const paymentSnapshot = z.object({
  kind: z.literal('payment'),
  attemptRef: reference,
  orderRef: reference.nullable(),
  gatewayRef: reference.nullable(),
  merchantAccount: z.string().max(200),
  status: z.enum(['requiresAction', 'processing', 'authorised', 'captured', 'failed', 'closed']),
  total: money,
  authorisedMinor: z.int(),
  capturedMinor: z.int(),
  feeMinor: z.int().nullable(),
  failure,
  at: z.int(),
})

const refundSnapshot = z.object({
  kind: z.literal('refund'),
  refundRef: reference,
  attemptRef: reference,
  gatewayRef: reference.nullable(),
  status: z.enum(['pending', 'succeeded', 'failed']),
  amount: money,
  failure,
  at: z.int(),
})

/**
 * Checks that a value is snapshots as the port has them.
 *
 * @errors InvalidInput
 */
export const parseSnapshots = /* @__PURE__ */ parseInput<readonly (PaymentSnapshot | RefundSnapshot)[]>(
  /* @__PURE__ */ z.array(z.discriminatedUnion('kind', [paymentSnapshot, refundSnapshot])).max(100),
)
