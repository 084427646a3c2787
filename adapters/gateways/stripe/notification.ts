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
import {
  foreignRefundOf,
  intentIdOf,
  lacksCharge,
  readIntent,
  refundOf,
  type StripeIntent,
  snapshotOf,
} from './facts.js'
import { expand, expandRefund } from './find.js'
import type { StripeClient } from './package.js'

type Notification = Parameters<PaymentGateway['verifyNotification']>[0]
type Setup = {
  readonly client: StripeClient
  readonly webhookSecrets: readonly string[]
  readonly merchantAccount: string
  /** Whether the key is one for money (`…_live_…`) or for tests (`…_test_…`); null where it does not say. */
  readonly isLive: boolean | null
}

const eventBody = z.object({
  id: z.string().min(1),
  type: z.string(),
  created: z.int(),
  livemode: z.boolean(),
  /** Which connected account it happened at; absent where at the shop's own. */
  account: z.string().nullish(),
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
    // One secret signs for every account that is connected, and tests are signed too: neither is the shop's money.
    if (!isOwn(setup, read.data)) return okAsync({ eventId: id, facts: [] })
    return ResultAsync.fromSafePromise(factOf(setup, type, data.object, created * 1000)).andThen((fact) =>
      fact === 'unknown' ? reject('unverifiable') : okAsync({ eventId: id, facts: fact === null ? [] : [fact] }),
    )
  })
}

const isOwn = ({ merchantAccount, isLive }: Setup, { account, livemode }: z.infer<typeof eventBody>): boolean =>
  (account ?? merchantAccount) === merchantAccount && (isLive ?? livemode) === livemode

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
    const said = readIntent(object)
    const intent = said === null ? null : await withCharge(setup, said)
    return intent === null ? null : snapshotOf(intent, setup.merchantAccount, at)
  }
  if (type.startsWith('charge.dispute.')) return disputeOf(setup, object, at)
  return ['refund.created', 'refund.updated', 'refund.failed'].includes(type) ? hearRefund(setup, object, at) : null
}

// A notification names what was booked and does not tell it: when, and at what fee. Where Stripe does not answer now, what
// it has signed counts as it is; what it does not have is no payment of the shop's.
const withCharge = async ({ client }: Setup, intent: StripeIntent): Promise<StripeIntent | null> => {
  if (!lacksCharge(intent)) return intent
  const answer = await ask(() => client.paymentIntents.retrieve(intent.id, { expand }))
  if (answer.kind === 'absent') return null
  const told = answer.kind === 'done' ? readIntent(answer.value) : null
  return told?.id === intent.id ? told : intent
}

const hearRefund = async (setup: Setup, object: unknown, at: number): Promise<RefundSnapshot | 'unknown' | null> => {
  const { client } = setup
  const said = refundOf(object, at)
  if (said === null) return hearForeign(setup, object, at)
  const id = said.status === 'succeeded' ? said.gatewayRef : null
  if (id === null) return said
  const answer = await ask(() => client.refunds.retrieve(id, { expand: expandRefund }))
  if (answer.kind === 'absent') return null
  const told = answer.kind === 'done' ? refundOf(answer.value, at) : null
  return told?.gatewayRef === id ? told : said
}

// Made on Stripe's own pages it carries no reference of ours; of a payment of the shop's it is told of under its own.
const hearForeign = async (
  { client }: Setup,
  object: unknown,
  at: number,
): Promise<RefundSnapshot | 'unknown' | null> => {
  const id = intentIdOf(object)
  if (id === null) return null
  const answer = await ask(() => client.paymentIntents.retrieve(id, { expand: [] }))
  if (answer.kind === 'absent') return null
  if (answer.kind !== 'done') return 'unknown'
  const payment = readIntent(answer.value)
  if (payment === null) return 'unknown'
  const { attempt_ref: attemptRef } = payment.metadata
  return attemptRef === undefined ? null : foreignRefundOf(object, attemptRef, at)
}

const reject = (reason: NotificationRejected['reason']) =>
  errAsync<VerifiedNotification, NotificationRejected>({ type: 'NotificationRejected', reason })
