import * as z from 'zod'
import type { Collection } from '../../shared/collection.js'
import { daysMs, hoursMs, type Instant } from '../../shared/instant.js'
import { schemaOf } from '../../shared/schema-of.js'
import { parseStored } from '../../shared/stored.schema.js'
import type { PaymentWatchTerms } from './payment-watch.js'

/** How many attempts of a buyer are remembered; no rule can ask for more. */
export const rememberedAttempts = 40

/** The latest attempts of a buyer to pay; a row that every attempt writes, so that none at the same time goes unseen. */
export type PaymentWatch = {
  readonly accountId: string
  /** Oldest first, at most `rememberedAttempts`; what became of each stands in its payment. */
  readonly attempts: readonly {
    readonly paymentId: string
    readonly at: Instant
    readonly amountMinor: number
    readonly currency: string
    readonly device?: string
  }[]
}

/** Attempts to pay, by buyer. */
export const paymentWatches: Collection<PaymentWatch> = {
  name: 'paymentWatch',
  rank: 62,
  schemaVersion: 1,
  fields: { accountId: { type: 'text', path: 'accountId' } },
  ownership: { own: 'accountId' },
  parse: parseStored<PaymentWatch>('paymentWatch')(
    z.object({
      accountId: z.string(),
      attempts: z.array(
        z.object({
          paymentId: z.string(),
          at: z.int(),
          amountMinor: z.int(),
          currency: z.string(),
          device: z.exactOptional(z.string()),
        }),
      ),
    }),
  ),
}

const response = z.enum(['notify', 'challenge', 'hold'])
const amount = z.int().min(0)
const withinMs = z
  .int()
  .min(1)
  .max(366 * daysMs)
const afterPayments = z.int().min(1).max(rememberedAttempts)

/** Terms of the watch, as a shop states them and as an order keeps them. */
export const paymentWatchTerms = schemaOf<PaymentWatchTerms>()(
  z.strictObject({
    rules: z
      .array(
        z.discriminatedUnion('kind', [
          z.strictObject({
            kind: z.literal('velocity'),
            attempts: z.int().min(1).max(rememberedAttempts),
            withinMs,
            response,
          }),
          z.strictObject({ kind: z.literal('spending'), aboveMinor: amount, withinMs, response }),
          z.strictObject({
            kind: z.literal('unusualAmount'),
            times: z.int().min(1).max(1_000),
            aboveMinor: amount,
            afterPayments,
            response,
          }),
          z.strictObject({ kind: z.literal('newDevice'), aboveMinor: amount, afterPayments, response }),
        ]),
      )
      .max(50),
    holdMs: z
      .int()
      .min(hoursMs)
      .max(30 * daysMs),
    atDeadline: z.enum(['reject', 'release']),
  }),
)
