import * as z from 'zod'
import type { Collection } from '../shared/collection.js'
import { methodIds } from '../shared/payment-method.js'
import { parseStored } from '../shared/stored.schema.js'
import { gatewayErrorCodes } from './gateway-error.js'
import type { Payment } from './payment.js'

const instant = z.int()
const amount = z.int().min(0)
const code = z.enum(gatewayErrorCodes)

const moneyFact = z.object({ minor: z.int().min(1), at: instant })
const failure = z.object({ code, at: instant })

const captureFact = z.object({
  ...moneyFact.shape,
  keptMinor: z.exactOptional(amount),
  billedFeeMinor: z.exactOptional(amount),
})

const known = {
  gatewayRef: z.string().nullable(),
  stage: z.enum(['none', 'requiresAction', 'processing']),
  pollAfterMs: z.exactOptional(z.int().min(1)),
  authorised: moneyFact.nullable(),
  captured: moneyFact.nullable(),
  captures: z.exactOptional(z.array(captureFact)),
  feeMinor: amount,
  failure: failure.nullable(),
  restReleased: z.exactOptional(z.literal(true)),
  mismatches: z.array(
    z.object({
      kind: z.enum(['amount', 'currency', 'merchantAccount', 'order']),
      expected: z.string(),
      actual: z.string(),
    }),
  ),
  suspended: z.array(z.object({ currency: z.string(), minor: z.int().min(1) })),
}
const knownFacts = z.object(known)

const doubt = z.object({
  cause: z.enum(['timeout', 'reset', 'serverError', 'badSignature', 'unparsable', 'ambiguous', 'threw']),
  since: instant,
})
const closing = z.object({
  reason: z.enum([
    'unpaidDeadline',
    'orderCancelled',
    'replacedByAnother',
    'buyerSaysUnpaid',
    'holdExpired',
    'doesNotFit',
    'staffSayUnpaid',
  ]),
  at: instant,
})
const closed = z.object({
  at: instant,
  evidence: z.enum(['closedByGateway', 'notFoundAfterExpiry', 'failed', 'saidByStaff']),
  heldAt: z.exactOptional(instant),
})

const facts = {
  paymentId: z.string(),
  orderId: z.string(),
  accountId: z.string(),
  payerAccountId: z.exactOptional(z.string().nullable()),
  merchantId: z.string().nullable(),
  gatewayId: z.string(),
  merchantAccount: z.string(),
  method: z.enum(methodIds),
  attempt: z.int().min(1),
  amountMinor: z.int().min(1),
  currency: z.string(),
  capture: z.enum(['automatic', 'manual']),
  isSplit: z.exactOptional(z.boolean()),
  startedAt: instant,
  expiresAt: instant,
  queryable: z.boolean(),
  askedAt: instant,
  queries: z.int().min(0),
  unheardAt: z.exactOptional(instant),
  goneSince: z.exactOptional(instant),
  queryAt: instant.nullable(),
  nextKind: z.enum(['none', 'redirect', 'qr', 'sdk', 'otp', 'transferInstructions', 'payOnDelivery']).nullable(),
  holdUntil: z.exactOptional(instant),
  capturing: z.exactOptional(
    z.object({
      captureId: z.string(),
      amountMinor: z.int().min(1),
      targetMinor: z.int().min(1),
      final: z.boolean(),
      since: instant,
      sentAt: instant,
    }),
  ),
  forgoneMinor: z.exactOptional(z.int().min(1)),
  acceptedMinor: z.exactOptional(z.int().min(1)),
  said: z.exactOptional(
    z.object({
      minor: z.int().min(1),
      at: instant,
      deniedMinor: z.exactOptional(z.int().min(1)),
      heldMinor: z.exactOptional(z.int().min(1)),
    }),
  ),
  refunds: z.array(
    z.object({
      refundId: z.string(),
      amountMinor: z.int().min(1),
      heldMinor: z.exactOptional(z.int().min(1)),
      status: z.enum(['reserved', 'refunded', 'released']),
    }),
  ),
  refundReservedMinor: amount,
  refundedMinor: amount,
  disputes: z.exactOptional(
    z.array(
      z.object({
        disputeId: z.string(),
        amountMinor: amount,
        status: z.enum(['inquiry', 'held', 'lost', 'won']),
      }),
    ),
  ),
  returnedByHand: z.exactOptional(z.array(z.object({ currency: z.string(), minor: z.int().min(1) }))),
  toDecide: z.exactOptional(z.literal(true)),
  unheardSince: z.exactOptional(instant),
  waitsForOthers: z.exactOptional(z.literal(true)),
}

const waiting = { ...facts, known: knownFacts, doubt: z.null(), closing: z.null() }

const paymentSchema = z.discriminatedUnion('status', [
  z.object({ ...waiting, status: z.literal('created') }),
  z.object({ ...waiting, status: z.literal('requiresAction') }),
  z.object({ ...waiting, status: z.literal('processing') }),
  z.object({ ...waiting, status: z.literal('unknown'), doubt }),
  z.object({ ...waiting, status: z.literal('failed'), known: z.object({ ...known, failure }) }),
  z.object({
    ...waiting,
    status: z.literal('authorised'),
    known: z.object({ ...known, authorised: moneyFact }),
    doubt: doubt.nullable(),
  }),
  z.object({
    ...waiting,
    status: z.literal('partlyCaptured'),
    known: z.object({ ...known, captured: moneyFact }),
    closing: closing.nullable(),
  }),
  z.object({ ...waiting, status: z.literal('closing'), doubt: doubt.nullable(), closing }),
  z.object({ ...waiting, status: z.literal('closed'), closing, closed }),
  z.object({
    ...waiting,
    status: z.literal('captured'),
    known: z.object({ ...known, captured: moneyFact }),
    closing: closing.nullable(),
  }),
  z.object({
    ...waiting,
    status: z.literal('capturedAfterClose'),
    known: z.object({ ...known, captured: moneyFact }),
    closing,
    closed,
  }),
  z.object({ ...waiting, status: z.literal('integrityHold'), closing: closing.nullable(), closed: closed.nullable() }),
])

/** Attempts to pay. */
export const payments: Collection<Payment> = {
  name: 'payment',
  rank: 70,
  schemaVersion: 1,
  fields: {
    accountId: { type: 'text', path: 'accountId' },
    payerAccountId: { type: 'text', path: 'payerAccountId' },
    merchantId: { type: 'text', path: 'merchantId' },
    orderId: { type: 'text', path: 'orderId' },
    status: { type: 'text', path: 'status' },
    gatewayId: { type: 'text', path: 'gatewayId' },
    method: { type: 'text', path: 'method' },
    currency: { type: 'text', path: 'currency' },
    amountMinor: { type: 'integer', path: 'amountMinor' },
    capturedMinor: { type: 'integer', path: 'known.captured.minor' },
    refundReservedMinor: { type: 'integer', path: 'refundReservedMinor' },
    refundedMinor: { type: 'integer', path: 'refundedMinor' },
    startedAt: { type: 'instant', path: 'startedAt' },
    queryAt: { type: 'instant', path: 'queryAt' },
    toDecide: { type: 'boolean', path: 'toDecide' },
    unheardSince: { type: 'instant', path: 'unheardSince' },
    waitsForOthers: { type: 'boolean', path: 'waitsForOthers' },
  },
  ownership: { own: ['accountId', 'payerAccountId'], merchant: 'merchantId' },
  parse: parseStored<Payment>('payment')(paymentSchema),
}
