import type { Result } from 'neverthrow'
import * as z from 'zod'
import type { InvalidInput } from '../shared/errors.js'
import { jsonObjectSchema, parseInput } from '../shared/stored.schema.js'
import { gatewayErrorCodes } from './gateway-error.js'
import type { SentPayout } from './payout.js'
import type {
  CreatedPayment,
  DisputeCase,
  DisputeReference,
  MovedSplit,
  NotificationRejected,
  Outcome,
  VerifiedNotification,
} from './ports.js'
import type { DisputeSnapshot, PaymentSnapshot, RefundSnapshot } from './snapshot.js'
import { disputeSnapshot, paymentSnapshot, reference, refundSnapshot, snapshots } from './snapshot.schema.js'

/** Checks that an answer is one that the port has. */
export type ParseAnswer<T> = (answer: unknown) => Result<Outcome<T>, InvalidInput>

// Who has no name for it may say so by an empty one.
const named = reference.or(z.literal('').transform(() => null)).nullable()

const pending = z.object({
  kind: z.literal('pending'),
  gatewayRef: named,
  // Whatever it says, it is asked neither at once nor never (`pollOf`).
  pollAfterMs: z
    .custom<number | null>(() => true)
    .optional()
    .transform((pollAfterMs) => pollAfterMs ?? null),
})

const declined = z.object({
  kind: z.literal('declined'),
  error: z.object({ code: z.enum(gatewayErrorCodes), gatewayCode: z.string() }),
})

const unknown = z.object({
  kind: z.literal('unknown'),
  cause: z.enum(['timeout', 'reset', 'serverError', 'badSignature', 'unparsable', 'ambiguous', 'threw']),
})

const answerOf = <T>(value: z.ZodType<T>): ParseAnswer<T> =>
  parseInput<Outcome<T>>(
    z.discriminatedUnion('kind', [z.object({ kind: z.literal('ok'), value }), pending, declined, unknown]),
  )

const next = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('none') }),
  z.object({ kind: z.literal('redirect'), url: z.string() }),
  z.object({ kind: z.literal('qr'), content: z.string() }),
  z.object({ kind: z.literal('sdk'), params: jsonObjectSchema }),
  z.object({ kind: z.literal('otp'), channel: z.literal('sms') }),
  z.object({
    kind: z.literal('transferInstructions'),
    bank: z.string(),
    holder: z.string(),
    account: z.string(),
    memo: z.string(),
  }),
  z.object({ kind: z.literal('payOnDelivery') }),
])

const created = z.object({ gatewayRef: named, next, snapshot: paymentSnapshot.nullable() })

const disputeCase = z.object({
  phone: z.string().nullable(),
  statements: z.array(z.object({ by: z.enum(['payer', 'shop', 'gateway']), text: z.string(), at: z.int() })),
})

const sentPayout = z.object({ payoutRef: named })

const movedSplit = z.object({ gatewayRef: named })

// Of payments that are not the shop's it names whatever it likes; they are passed over.
const namedDisputes = z.array(z.object({ disputeRef: z.string(), attemptRef: z.string() }))

const orNotFound = <T>(value: z.ZodType<T>) => z.union([value, z.literal('notFound')])

/** What each question is answered with, checked; unknown members are left out. */
export const gatewayAnswers = /* @__PURE__ */ (() => ({
  create: answerOf<CreatedPayment>(created),
  query: answerOf<PaymentSnapshot | 'notFound'>(orNotFound(paymentSnapshot)),
  close: answerOf(z.enum(['closed', 'alreadyPaid', 'notFound'])),
  capture: answerOf<PaymentSnapshot>(paymentSnapshot),
  refund: answerOf<RefundSnapshot>(refundSnapshot),
  queryRefund: answerOf<RefundSnapshot | 'notFound'>(orNotFound(refundSnapshot)),
  queryDispute: answerOf<DisputeSnapshot | 'notFound'>(orNotFound(disputeSnapshot)),
  tellDispute: answerOf<DisputeSnapshot>(disputeSnapshot),
  readDispute: answerOf<DisputeCase | 'notFound'>(orNotFound(disputeCase)),
  listDisputes: answerOf<readonly Omit<DisputeReference, 'at'>[]>(namedDisputes),
  accountOf: answerOf<string | null>(named),
  moveSplit: answerOf<MovedSplit>(movedSplit),
  finishSplits: answerOf(z.literal('finished')),
  sendPayout: answerOf<SentPayout>(sentPayout),
}))()

/**
 * Checks that what a notification was found to say is what the port has.
 *
 * @errors InvalidInput
 */
export const parseVerified = /* @__PURE__ */ parseInput<VerifiedNotification>(
  /* @__PURE__ */ z.object({
    eventId: reference,
    facts: snapshots,
    toQuery: z.exactOptional(z.array(reference).max(100)),
  }),
)

/**
 * Checks that a refusal of a notification is one that the port has.
 *
 * @errors InvalidInput
 */
export const parseRejected = /* @__PURE__ */ parseInput<NotificationRejected>(
  /* @__PURE__ */ z.object({
    type: z.literal('NotificationRejected'),
    reason: z.enum([
      'signatureMissing',
      'signatureInvalid',
      'stale',
      'fromFuture',
      'unknownKey',
      'malformed',
      'unsupported',
      'signatureProbe',
      'unverifiable',
    ]),
  }),
)
