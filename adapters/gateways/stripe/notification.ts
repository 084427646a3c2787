import { errAsync, okAsync, ResultAsync } from 'neverthrow'
import {
  type DisputeSnapshot,
  type NotificationRejected,
  notificationSkewMs,
  type PaymentGateway,
  type PaymentSnapshot,
  type RefundSnapshot,
  type VerifiedNotification,
} from 'shopwright/payments'
import * as z from 'zod'
import { ask } from './ask.js'
import { disputeOf } from './disputes.js'
import { lacksCharge, readIntent, refundOf, type StripeIntent, snapshotOf } from './facts.js'
import { expand, expandRefund } from './find.js'
import type { StripeClient } from './package.js'

type Notification = Parameters<PaymentGateway['verifyNotification']>[0]
type Setup = {
  readonly client: StripeClient
  readonly webhookSecrets: readonly string[]
  readonly merchantAccount: string
}

const eventBody = z.object({
  id: z.string().min(1),
  type: z.string(),
  created: z.int(),
  data: z.object({ object: z.unknown() }),
})

/** Lets Stripe's package check who signed a notification, and checks when: the package lets the future pass. */
export const verifyNotification = (
  setup: Setup,
  { body, headers, receivedAt }: Notification,
): ResultAsync<VerifiedNotification, NotificationRejected> => {
  const signature = headers['stripe-signature']
  if (signature === undefined) return reject('signatureMissing')
  const seconds = momentIn(signature)
  if (seconds === null) return reject('malformed')
  return ResultAsync.fromSafePromise(construct(setup, body, signature)).andThen((event) => {
    if (event === 'signatureInvalid' || event === 'malformed') return reject(event)
    const signedAt = Number(seconds) * 1000
    if (receivedAt - signedAt > notificationSkewMs) return reject('stale')
    if (signedAt - receivedAt > notificationSkewMs) return reject('fromFuture')
    const read = eventBody.safeParse(event.event)
    if (!read.success) return reject('malformed')
    const { id, type, created, data } = read.data
    return ResultAsync.fromSafePromise(factOf(setup, type, data.object, created * 1000)).andThen((fact) =>
      fact === 'unknown' ? reject('unverifiable') : okAsync({ eventId: id, facts: fact === null ? [] : [fact] }),
    )
  })
}

// One moment only: of several the package would check one and the shop might look at another.
const momentIn = (signature: string): string | null => {
  const moments = signature.split(',').filter((part) => part.trim().startsWith('t='))
  const [, seconds = null] = /^\s*t=(\d{1,12})$/.exec(moments[0] ?? '') ?? []
  return moments.length === 1 ? seconds : null
}

const construct = async (
  { client, webhookSecrets }: Setup,
  body: Uint8Array,
  signature: string,
): Promise<{ readonly event: unknown } | 'signatureInvalid' | 'malformed'> => {
  let refused: 'signatureInvalid' | 'malformed' = 'signatureInvalid'
  for (const secret of webhookSecrets) {
    try {
      // A tolerance of 0 leaves the time to the caller.
      return { event: await client.webhooks.constructEventAsync(body, signature, secret, 0) }
    } catch (error) {
      // What was signed and is no JSON comes after the signature held.
      if (error instanceof SyntaxError) refused = 'malformed'
    }
  }
  return refused
}

// Payouts and all else are taken note of: the port has no word for them.
const factOf = async (
  setup: Setup,
  type: string,
  object: unknown,
  at: number,
): Promise<PaymentSnapshot | RefundSnapshot | DisputeSnapshot | 'unknown' | null> => {
  if (type.startsWith('payment_intent.')) {
    const intent = readIntent(object)
    return intent === null ? null : snapshotOf(await withCharge(setup, intent), setup.merchantAccount, at)
  }
  if (type.startsWith('charge.dispute.')) return disputeOf(setup, object, at)
  return ['refund.created', 'refund.updated', 'refund.failed'].includes(type) ? hearRefund(setup, object, at) : null
}

// A notification names what was booked and does not tell it: when, and at what fee. Where Stripe does not answer now, what
// it has signed counts as it is.
const withCharge = async ({ client }: Setup, intent: StripeIntent): Promise<StripeIntent> => {
  if (!lacksCharge(intent)) return intent
  const answer = await ask(() => client.paymentIntents.retrieve(intent.id, { expand }))
  const told = answer.kind === 'done' ? readIntent(answer.value) : null
  return told?.id === intent.id ? told : intent
}

const hearRefund = async ({ client }: Setup, object: unknown, at: number): Promise<RefundSnapshot | null> => {
  const said = refundOf(object, at)
  const id = said?.status === 'succeeded' ? said.gatewayRef : null
  if (said === null || id === null) return said
  const answer = await ask(() => client.refunds.retrieve(id, { expand: expandRefund }))
  const told = answer.kind === 'done' ? refundOf(answer.value, at) : null
  return told?.gatewayRef === id ? told : said
}

const reject = (reason: NotificationRejected['reason']) =>
  errAsync<VerifiedNotification, NotificationRejected>({ type: 'NotificationRejected', reason })
