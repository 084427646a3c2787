import type { GatewayErrorCode, Outcome } from 'shopwright/payments'
import { ask, type StripeAnswer } from './ask.js'
import { readIntent, readList, type StripeIntent } from './facts.js'
import type { StripeSplits } from './options.js'
import type { StripeClient } from './package.js'

/** What the methods of a gateway share. */
export type Setup = {
  readonly client: StripeClient
  readonly accountId: string
  readonly publishableKey: string
  /** Whether its key is one for money, or for tests; null where it does not say. */
  readonly isLive: boolean | null
  readonly splits?: StripeSplits
}

/** A payment, by our reference and, where it is known, by Stripe's. */
export type Reference = { readonly attemptRef: string; readonly gatewayRef: string | null; readonly at: number }

/** What is told beside a payment, and beside a refund: what was booked of it, and when. */
export const expand = ['latest_charge.balance_transaction']
export const expandRefund = ['balance_transaction']
const withCharge = { expand }
const byProgress: readonly StripeIntent['status'][] = ['succeeded', 'requires_capture', 'processing']

/** Finds a payment by Stripe's id, or by the reference of ours that it carries. */
export const find = async (
  { client }: Setup,
  { attemptRef, gatewayRef }: Reference,
): Promise<StripeIntent | 'notFound' | Exclude<Outcome<never>, { kind: 'ok' }>> => {
  if (gatewayRef !== null) {
    const answer = await ask(() => client.paymentIntents.retrieve(gatewayRef, withCharge))
    if (answer.kind === 'absent') return 'notFound'
    const intent = answer.kind === 'done' ? readIntent(answer.value) : null
    // An answer about something else proves nothing about this.
    return intent === null ? refuse(answer) : intent.metadata.attempt_ref === attemptRef ? intent : unparsable
  }
  const query = `metadata['attempt_ref']:'${attemptRef.replace(/['\\]/g, '\\$&')}'`
  const answer = await ask(() => client.paymentIntents.search({ query, expand: expand.map((path) => `data.${path}`) }))
  const list = answer.kind === 'done' ? readList(answer.value) : null
  if (list === null) return refuse(answer)
  const found = list.map(readIntent).filter((intent) => intent?.metadata.attempt_ref === attemptRef)
  const [first = null] = [
    ...byProgress.map((status) => found.find((intent) => intent?.status === status)),
    ...found,
  ].filter((intent) => intent !== undefined)
  return first ?? 'notFound'
}

/** Whether a payment was found. */
export const isIntent = (found: Awaited<ReturnType<typeof find>>): found is StripeIntent =>
  found !== 'notFound' && !('kind' in found)

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
