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
})

/** What a call of Stripe's package came to; never throws. */
export type StripeAnswer =
  | { readonly kind: 'done'; readonly value: unknown }
  | { readonly kind: 'absent' }
  | Extract<Outcome<never>, { kind: 'declined' | 'unknown' }>

/** Calls Stripe's package. Of what it throws only codes are kept: the rest may hold the key and the payer's data. */
export const ask = async (call: () => Promise<unknown>): Promise<StripeAnswer> => {
  try {
    return { kind: 'done', value: await call() }
  } catch (error) {
    return readThrown(error)
  }
}

const readThrown = (error: unknown): StripeAnswer => {
  const read = thrown.safeParse(error)
  if (!read.success) return { kind: 'unknown', cause: 'threw' }
  const { type: kind, statusCode: status, code = '', decline_code: declineCode = '', param = '', detail } = read.data
  if (kind === 'StripeConnectionError') return { kind: 'unknown', cause: causeOf(detail) }
  if (status === undefined) return { kind: 'unknown', cause: 'threw' }
  if (status >= 500) return { kind: 'unknown', cause: 'serverError' }
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
