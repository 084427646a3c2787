import * as z from 'zod'
import type { Collection } from '../shared/collection.js'
import { parseStored } from '../shared/stored.schema.js'
import { gatewayErrorCodes } from './gateway-error.js'
import type { Payout } from './payout.js'

const facts = {
  payoutId: z.string(),
  payee: z.string(),
  currency: z.string(),
  amountMinor: z.int().min(1),
  parts: z.array(z.object({ orderId: z.string(), amountMinor: z.int() })),
  submittedAt: z.int(),
  split: z.exactOptional(
    z.object({
      gatewayId: z.string(),
      paymentId: z.string(),
      gatewayRef: z.string().nullable(),
      account: z.string(),
      returnedMinor: z.int().min(0),
      isReturnRefused: z.boolean(),
      returnDeclinedAt: z.exactOptional(z.int()),
    }),
  ),
}

const returned = { returnId: z.string(), amountMinor: z.int().min(1), since: z.exactOptional(z.int()) }

const payoutSchema = z.discriminatedUnion('status', [
  z.object({
    ...facts,
    status: z.literal('submitted'),
    tellAt: z.int(),
    isAsked: z.exactOptional(z.literal(true)),
  }),
  z.object({ ...facts, status: z.literal('unclear'), unclearSince: z.int(), code: z.enum(gatewayErrorCodes) }),
  z.object({
    ...facts,
    status: z.literal('paid'),
    paidAt: z.int(),
    payoutRef: z.string().nullable(),
    returning: z.exactOptional(
      z.union([
        z.object({ ...returned, tellAt: z.int(), isAsked: z.exactOptional(z.literal(true)) }),
        z.object({ ...returned, code: z.enum(gatewayErrorCodes) }),
      ]),
    ),
    unclearSince: z.exactOptional(z.int()),
  }),
  z.object({ ...facts, status: z.literal('failed'), failedAt: z.int(), code: z.enum(gatewayErrorCodes) }),
])

/** Payouts. A merchant that is a payee may see its own. */
export const payouts: Collection<Payout> = {
  name: 'payout',
  rank: 74,
  schemaVersion: 1,
  fields: {
    payee: { type: 'text', path: 'payee' },
    status: { type: 'text', path: 'status' },
    currency: { type: 'text', path: 'currency' },
    amountMinor: { type: 'integer', path: 'amountMinor' },
    submittedAt: { type: 'instant', path: 'submittedAt' },
    tellAt: { type: 'instant', path: 'tellAt' },
    returnAt: { type: 'instant', path: 'returning.tellAt' },
    returningSince: { type: 'instant', path: 'returning.since' },
    unclearSince: { type: 'instant', path: 'unclearSince' },
  },
  ownership: { merchant: 'payee' },
  parse: parseStored<Payout>('payout')(payoutSchema),
}
