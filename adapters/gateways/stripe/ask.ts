import type { GatewayErrorCode, Outcome, UnknownCause } from 'shopwright/payments'
import * as z from 'zod'
import { codeOf } from './error-codes.js'

const thrown = z.object({
  type: z.string().default(''),
  statusCode: z.number().optional(),
  code: z.string().optional(),
  decline_code: z.string().optional(),
  param: z.string().optional(),
  detail: z.unknown().optional(),
  headers: z.record(z.string(), z.unknown()).optional().catch(undefined),
})

/** What a call of Stripe's package came to; never throws. */
export type StripeAnswer =
  | { readonly kind: 'done'; readonly value: unknown }
  | { readonly kind: 'absent' }
  /** Out of order when the key was first used, as Stripe says again for as long as it keeps the key. */
  | { readonly kind: 'brokenBefore' }
  | Extract<Outcome<never>, { kind: 'declined' | 'unknown' }>

/** Calls Stripe's package. Of what it throws only codes are kept: the rest may hold the key and the payer's data. */
export const ask = async (call: () => Promise<unknown>): Promise<StripeAnswer> => {
  try {
    return { kind: 'done', value: await call() }
  } catch (error) {
    return readThrown(error)
  }
}

/** How long after a request nothing of it comes to be any more, milliseconds. */
const settledMs = 60_000

/**
 * Calls Stripe's package under a key. What Stripe answers first it answers for a day, "500 errors" too
 * (https://docs.stripe.com/api/idempotent_requests): where that is a minute old and nothing came of it, the same is sent once
 * more, under a key made of the first, so that it stays one whoever sends it and however often.
 *
 * @param asked.isMissing - whether there is still nothing of it at Stripe
 */
export const askUnder = async (
  call: (idempotencyKey: string) => Promise<unknown>,
  asked: {
    readonly key: string
    readonly since: number | undefined
    readonly at: number
    readonly isMissing: () => Promise<boolean>
  },
): Promise<StripeAnswer> => {
  const { key, since, at, isMissing } = asked
  const answer = await ask(() => call(key))
  const isOld = since !== undefined && at - since >= settledMs
  return answer.kind === 'brokenBefore' && isOld && (await isMissing()) ? ask(() => call(`${key}:again`)) : answer
}

const readThrown = (error: unknown): StripeAnswer => {
  const read = thrown.safeParse(error)
  if (!read.success) return { kind: 'unknown', cause: 'threw' }
  const {
    type: kind,
    statusCode: status,
    code = '',
    decline_code: declineCode = '',
    param = '',
    detail,
    headers,
  } = read.data
  if (kind === 'StripeConnectionError') return { kind: 'unknown', cause: causeOf(detail) }
  if (status === undefined) return { kind: 'unknown', cause: 'threw' }
  if (status >= 500) {
    return headers?.['idempotent-replayed'] === 'true'
      ? { kind: 'brokenBefore' }
      : { kind: 'unknown', cause: 'serverError' }
  }
  if (status < 400) return { kind: 'unknown', cause: 'unparsable' }
  if (status === 404 && code === 'resource_missing') return { kind: 'absent' }
  const gatewayCode = declineCode !== '' ? declineCode : code !== '' ? code : `${kind} ${status}`
  return { kind: 'declined', error: { code: codeOf({ status, kind, code, declineCode, param }), gatewayCode } }
}

const causeOf = (detail: unknown): UnknownCause => {
  const code = typeof detail === 'object' && detail !== null && 'code' in detail ? detail.code : undefined
  return code === 'ETIMEDOUT' ? 'timeout' : 'reset'
}

/** Nobody can say what the answer means. */
export const unparsable: Extract<Outcome<never>, { kind: 'unknown' }> = { kind: 'unknown', cause: 'unparsable' }

/** Says an answer that holds nothing in the words of the port. */
export const refuse = (answer: StripeAnswer): Extract<Outcome<never>, { kind: 'declined' | 'unknown' }> => {
  switch (answer.kind) {
    case 'declined':
    case 'unknown':
      return answer
    case 'brokenBefore':
      return { kind: 'unknown', cause: 'serverError' }
    case 'absent':
      return decline('MerchantConfig', 'resource_missing')
    case 'done':
      return unparsable
  }
}

/** A definite no. */
export const decline = (
  code: GatewayErrorCode,
  gatewayCode: string,
): Extract<Outcome<never>, { kind: 'declined' }> => ({
  kind: 'declined',
  error: { code, gatewayCode },
})
