import * as z from 'zod'
import { parseInput } from '../shared/stored.schema.js'
import { gatewayErrorCodes } from './gateway-error.js'
import type { DisputeReason, DisputeSnapshot, PaymentSnapshot, RefundSnapshot } from './snapshot.js'

/** What a payment, a refund or a dispute goes by. */
export const reference = z.string().min(1).max(200)
// Any code and any sign: what does not fit is for the payment to see and to hold, not to be lost at the door.
const money = z.object({ minor: z.int(), currency: z.string().min(1).max(10) })
const failure = z.enum(gatewayErrorCodes).nullable()

/** What a gateway says of a payment. */
export const paymentSnapshot = z.object({
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

/** What a gateway says of a refund. */
export const refundSnapshot = z.object({
  kind: z.literal('refund'),
  refundRef: reference,
  attemptRef: reference,
  gatewayRef: reference.nullable(),
  status: z.enum(['pending', 'succeeded', 'failed']),
  amount: money,
  failure,
  goneMinor: z.exactOptional(z.int().min(1)),
  at: z.int(),
})

/** Every reason of a dispute. */
export const disputeReasons = [
  'fraudulent',
  'notReceived',
  'notAsDescribed',
  'wrongCharge',
  'refundMissing',
  'other',
] as const satisfies readonly DisputeReason[]

/** What a gateway says of a dispute. */
export const disputeSnapshot = z.object({
  kind: z.literal('dispute'),
  disputeRef: reference,
  attemptRef: reference,
  status: z.enum(['inquiry', 'evidenceDue', 'underReview', 'won', 'lost']),
  reason: z.enum(disputeReasons),
  amount: z.object({ minor: z.int().min(1), currency: z.string().min(1).max(10) }),
  mayAppeal: z.exactOptional(z.boolean()),
  lostMinor: z.int().min(0).nullable(),
  feeMinor: z.int().nullable(),
  evidenceDueAt: z.int().nullable(),
  at: z.int(),
})

/** What a gateway says at once, whatever it is about. */
export const snapshots = /* @__PURE__ */ z
  .array(z.discriminatedUnion('kind', [paymentSnapshot, refundSnapshot, disputeSnapshot]))
  .max(100)

/**
 * Checks that a value is snapshots as the port has them.
 *
 * @errors InvalidInput
 */
export const parseSnapshots =
  /* @__PURE__ */ parseInput<readonly (PaymentSnapshot | RefundSnapshot | DisputeSnapshot)[]>(snapshots)
