import { errAsync, okAsync, ResultAsync } from 'neverthrow'
import type {
  DisputeSnapshot,
  NotificationRejected,
  PaymentGateway,
  PaymentSnapshot,
  VerifiedNotification,
} from 'shopwright/payments'
import * as z from 'zod'
import { readJson, toText } from '../http.js'
import type { PayPalClient } from './client.js'
import { hearMoneyBack } from './reversal.js'

type Notification = Parameters<PaymentGateway['verifyNotification']>[0]
type Verdict = NotificationRejected['reason'] | VerifiedNotification

/** How a payment stands that PayPal has told of, and whether its money waits to be taken. */
export type HeardPayment = { readonly snapshot: PaymentSnapshot; readonly waitsToBeTaken: boolean }

type Asked<Fact> = (reference: string, at: number) => Promise<Fact | 'unknown' | null>
type Ask = { readonly payment: Asked<HeardPayment>; readonly dispute: Asked<DisputeSnapshot> }

const eventBody = z.object({
  id: z.string().min(1),
  event_type: z.string(),
  resource: z.looseObject({}),
})

const verdictBody = z.object({ verification_status: z.string() })
const orderResource = z.object({ id: z.string().min(1) })
const disputeResource = z.object({ dispute_id: z.string().min(1) })
const relatedResource = z.object({
  supplementary_data: z.object({ related_ids: z.object({ order_id: z.string().min(1) }) }),
})

/**
 * Lets PayPal say whether a notification is its own: its signature needs a certificate that only PayPal hands out, and
 * is not checked here. What it says, at whatever time, is only the occasion to ask how what it speaks of stands now.
 *
 * @param ask - how a payment or a dispute stands; null where it is not the shop's, `unknown` where nobody can say now
 */
export const verifyNotification = (
  client: PayPalClient,
  webhookId: string,
  ask: Ask,
  notification: Notification,
): ResultAsync<VerifiedNotification, NotificationRejected> =>
  ResultAsync.fromSafePromise(judge(client, webhookId, ask, notification)).andThen((verdict) =>
    typeof verdict === 'string'
      ? errAsync<VerifiedNotification, NotificationRejected>({ type: 'NotificationRejected', reason: verdict })
      : okAsync(verdict),
  )

const names = ['auth-algo', 'cert-url', 'transmission-id', 'transmission-sig', 'transmission-time'] as const

const judge = async (
  client: PayPalClient,
  webhookId: string,
  ask: Ask,
  { body, headers, receivedAt }: Notification,
): Promise<Verdict> => {
  const signs = names.map((name) => headers[`paypal-${name}`])
  if (signs.includes(undefined)) return 'signatureMissing'
  const [algorithm, certificate, transmission, signature, time] = signs
  const signedAt = Date.parse(time ?? '')
  if (Number.isNaN(signedAt)) return 'malformed'
  const text = toText(body)
  const value = readJson(text)
  // Nothing but one value of JSON, as it came: the question carries it word for word.
  if (text === null || value === undefined || text !== text.trim()) return 'signatureInvalid'
  const facts = {
    auth_algo: algorithm,
    cert_url: certificate,
    transmission_id: transmission,
    transmission_sig: signature,
    transmission_time: time,
    webhook_id: webhookId,
  }
  const question = `${JSON.stringify(facts).slice(0, -1)},"webhook_event":${text}}`
  const path = '/v1/notifications/verify-webhook-signature'
  const reply = await client({ method: 'POST', path, text: question, at: receivedAt })
  const verdict = reply.kind === 'done' ? verdictBody.safeParse(reply.body) : undefined
  // Who is not let in to ask, or asks too often, has heard nothing of whether it is true.
  if (verdict?.success !== true) return 'unverifiable'
  if (verdict.data.verification_status !== 'SUCCESS') return 'signatureInvalid'
  const event = eventBody.safeParse(value)
  if (!event.success) return 'malformed'
  const { id: eventId, event_type: type, resource } = event.data
  const isReversal = type === 'PAYMENT.CAPTURE.REVERSED'
  if (isReversal || type === 'PAYMENT.CAPTURE.REFUNDED' || type.startsWith('PAYMENT.REFUND.')) {
    const fact = await hearMoneyBack(client, resource, { at: receivedAt, isReversal })
    if (fact === 'unknown') return 'unverifiable'
    return { eventId, facts: fact === null ? [] : [fact] }
  }
  const orderId = type.startsWith('CHECKOUT.ORDER.')
    ? orderResource.safeParse(resource).data?.id
    : relatedResource.safeParse(resource).data?.supplementary_data.related_ids.order_id
  const disputeRef = type.startsWith('CUSTOMER.DISPUTE.')
    ? disputeResource.safeParse(resource).data?.dispute_id
    : undefined
  if (disputeRef !== undefined) {
    const fact = await ask.dispute(disputeRef, receivedAt)
    if (fact === 'unknown') return 'unverifiable'
    return { eventId, facts: fact === null ? [] : [fact] }
  }
  // Payouts and all else are taken note of: the port has no word for them.
  const heard = orderId === undefined ? null : await ask.payment(orderId, receivedAt)
  if (heard === 'unknown') return 'unverifiable'
  if (heard === null) return { eventId, facts: [] }
  const { snapshot, waitsToBeTaken } = heard
  return { eventId, facts: [snapshot], ...(waitsToBeTaken ? { toQuery: [snapshot.attemptRef] } : {}) }
}
