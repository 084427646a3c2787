import { ResultAsync } from 'neverthrow'
import type {
  DisputeEvidence,
  DisputePort,
  DisputeReason,
  DisputeSnapshot,
  EvidenceFile,
  EvidencePurpose,
  Outcome,
} from 'shopwright/payments'
import * as z from 'zod'
import { fileNameOf } from '../multipart.js'
import { untold } from '../untold.js'
import { fromStripeAmount } from './amount.js'
import { ask, decline, refuse, unparsable } from './ask.js'
import { readIntent } from './facts.js'
import type { Setup } from './find.js'
import { listAll } from './list-all.js'

const disputeBody = z.object({
  id: z.string().min(1),
  object: z.literal('dispute'),
  amount: z.int(),
  currency: z.string(),
  reason: z.string().default(''),
  status: z.enum([
    'warning_needs_response',
    'warning_under_review',
    'warning_closed',
    'needs_response',
    'under_review',
    'won',
    'lost',
    'prevented',
  ]),
  payment_intent: z.union([z.string().min(1), z.object({ id: z.string().min(1) })]).nullish(),
  evidence_details: z.object({ due_by: z.int().nullish(), submission_count: z.int().default(0) }).nullish(),
  balance_transactions: z.array(z.object({ amount: z.int(), fee: z.int(), currency: z.string() })).default([]),
})

const paymentOf = disputeBody.pick({ payment_intent: true })

type StripeDispute = z.infer<typeof disputeBody>

const statuses: Readonly<Record<Exclude<StripeDispute['status'], 'prevented'>, DisputeSnapshot['status']>> = {
  warning_needs_response: 'inquiry',
  warning_under_review: 'inquiry',
  // The question came to nothing.
  warning_closed: 'won',
  needs_response: 'evidenceDue',
  under_review: 'underReview',
  won: 'won',
  lost: 'lost',
}

const reasons: ReadonlyMap<string, DisputeReason> = /* @__PURE__ */ new Map([
  ['fraudulent', 'fraudulent'],
  ['unrecognized', 'fraudulent'],
  ['debit_not_authorized', 'fraudulent'],
  ['product_not_received', 'notReceived'],
  ['product_unacceptable', 'notAsDescribed'],
  ['duplicate', 'wrongCharge'],
  ['incorrect_account_details', 'wrongCharge'],
  ['credit_not_processed', 'refundMissing'],
])

// One that was settled before it began took the money, or did not: what was booked says which.
const statusOf = ({ status, balance_transactions: booked }: StripeDispute): DisputeSnapshot['status'] =>
  status === 'prevented' ? (booked.reduce((sum, { amount }) => sum + amount, 0) < 0 ? 'lost' : 'won') : statuses[status]

const tell = (dispute: StripeDispute, attemptRef: string, at: number): DisputeSnapshot | null => {
  const amount = fromStripeAmount(dispute.amount, dispute.currency)
  if (amount === null || amount.minor <= 0) return null
  const status = statusOf(dispute)
  const dueBy = dispute.evidence_details?.due_by ?? null
  const isDue = dispute.status === 'needs_response' || dispute.status === 'warning_needs_response'
  return {
    kind: 'dispute',
    disputeRef: dispute.id,
    attemptRef,
    status,
    reason: reasons.get(dispute.reason) ?? 'other',
    amount,
    lostMinor: null,
    feeMinor: feeOf(dispute, amount.currency),
    evidenceDueAt: isDue && dueBy !== null ? dueBy * 1000 : null,
    at,
  }
}

// A fee in the currency that Stripe pays out in is none of the payment's.
const feeOf = ({ balance_transactions: booked }: StripeDispute, currency: string): number | null => {
  const fees = booked.map((each) => fromStripeAmount(each.fee, each.currency))
  const own = fees.filter((fee) => fee !== null && fee.currency === currency)
  return own.length === 0 ? null : own.reduce((sum, fee) => sum + (fee?.minor ?? 0), 0)
}

/**
 * Says a dispute that was told of unasked in the words of the port. It names its payment by Stripe's id alone, so the
 * payment is asked for ours.
 *
 * @returns null where it is none of the shop's, `unknown` where nobody can say now
 */
export const disputeOf = async (
  { client }: Pick<Setup, 'client'>,
  value: unknown,
  at: number,
): Promise<DisputeSnapshot | 'unknown' | null> => {
  const { payment_intent: intent } = paymentOf.safeParse(value).data ?? {}
  if (intent === null || intent === undefined) return null
  const id = typeof intent === 'string' ? intent : intent.id
  const answer = await ask(() => client.paymentIntents.retrieve(id, { expand: [] }))
  // Only what is not there is nobody's: a key that may not look, or looks too often, says nothing about whose it is.
  if (answer.kind === 'absent') return null
  if (answer.kind !== 'done') return 'unknown'
  const payment = readIntent(answer.value)
  if (payment === null) return 'unknown'
  const { attempt_ref: attemptRef } = payment.metadata
  if (attemptRef === undefined) return null
  // One over the shop's money that cannot be understood is not put aside: it is asked for again.
  const read = disputeBody.safeParse(value)
  return (read.success ? tell(read.data, attemptRef, at) : null) ?? 'unknown'
}

/** Which file of Stripe's own form shows what; each takes one. */
const fileFields: Readonly<Record<EvidencePurpose, string>> = {
  delivery: 'shipping_documentation',
  conversation: 'customer_communication',
  receipt: 'receipt',
  other: 'uncategorized_file',
}
const mostBytes = 4_500_000

/**
 * How Stripe is spoken to about disputes. Files go to it before the evidence that names them, one for each field of its
 * form; all of them have 4.5 MB.
 *
 * @source https://docs.stripe.com/disputes/responding, https://docs.stripe.com/file-upload
 */
export const disputePort = (setup: Setup): DisputePort => ({
  files: {
    mediaTypes: ['image/jpeg', 'image/png', 'application/pdf'],
    mostFiles: Object.keys(fileFields).length,
    mostOfAKind: 1,
    mostBytes,
    mostBytesTogether: mostBytes,
  },
  query: (question) => ResultAsync.fromSafePromise(query(setup, question)),
  submitEvidence: (request) => ResultAsync.fromSafePromise(submit(setup, request)),
  accept: (request) => ResultAsync.fromSafePromise(accept(setup, request)),
  list: ({ since }) => ResultAsync.fromSafePromise(list(setup, since)),
})

const query = async (
  { client }: Setup,
  { disputeRef, attemptRef, at }: Parameters<DisputePort['query']>[0],
): Promise<Outcome<DisputeSnapshot | 'notFound'>> => {
  const answer = await ask(() => client.disputes.retrieve(disputeRef))
  if (answer.kind === 'absent') return { kind: 'ok', value: 'notFound' }
  if (answer.kind !== 'done') return refuse(answer)
  return readAs(answer.value, attemptRef, at)
}

const submit = async (
  setup: Setup,
  { disputeRef, attemptRef, key, evidence, at }: Parameters<NonNullable<DisputePort['submitEvidence']>>[0],
): Promise<Outcome<DisputeSnapshot>> => {
  const { client } = setup
  // Stripe forgets a key after a day; what it has of a dispute it does not.
  const before = await ask(() => client.disputes.retrieve(disputeRef))
  if (before.kind !== 'done') return before.kind === 'absent' ? refuse(before) : untold(refuse(before))
  const known = disputeBody.safeParse(before.value)
  if (!known.success) return unparsable
  if (hasEvidence(known.data)) return readAs(before.value, attemptRef, at)
  const shown: Record<string, string> = {}
  for (const [place, file] of evidence.files.entries()) {
    const uploaded = await upload(setup, file, place, key)
    if (typeof uploaded !== 'string') return uploaded
    shown[fileFields[file.shows]] = uploaded
  }
  const params = { evidence: { ...evidenceOf(evidence), ...shown }, submit: true }
  const answer = await ask(() => client.disputes.update(disputeRef, params, { idempotencyKey: key }))
  return answer.kind === 'done' ? readAs(answer.value, attemptRef, at) : refuse(answer)
}

// A question of the bank holds no money that could be given: closing that would be to deny it.
const accept = async (
  { client }: Setup,
  { disputeRef, attemptRef, key, at }: Parameters<NonNullable<DisputePort['accept']>>[0],
): Promise<Outcome<DisputeSnapshot>> => {
  const before = await ask(() => client.disputes.retrieve(disputeRef))
  if (before.kind !== 'done') return before.kind === 'absent' ? refuse(before) : untold(refuse(before))
  const known = disputeBody.safeParse(before.value)
  if (!known.success) return unparsable
  const { status } = known.data
  if (status === 'lost') return readAs(before.value, attemptRef, at)
  if (status !== 'needs_response') return decline('Expired', status)
  const answer = await ask(() => client.disputes.close(disputeRef, {}, { idempotencyKey: key }))
  return answer.kind === 'done' ? readAs(answer.value, attemptRef, at) : refuse(answer)
}

const list = async (
  { client }: Setup,
  since: number,
): Promise<Outcome<readonly { readonly disputeRef: string; readonly attemptRef: string }[]>> => {
  const created = { gte: Math.floor(since / 1000) }
  const all = await listAll(z.object({ id: z.string().min(1), payment_intent: z.unknown() }), (page) =>
    client.disputes.list({ created, expand: ['data.payment_intent'], ...page }),
  )
  if ('kind' in all) return all
  const named = all.flatMap(({ id: disputeRef, payment_intent: intent }) => {
    const { attempt_ref: attemptRef } = readIntent(intent)?.metadata ?? {}
    return attemptRef === undefined ? [] : [{ disputeRef, attemptRef }]
  })
  return { kind: 'ok', value: named }
}

const reviewing: readonly StripeDispute['status'][] = ['under_review', 'warning_under_review']

/** Whether evidence was handed over for good: Stripe takes it once. What is over says nothing of this evidence any more. */
const hasEvidence = ({ status, evidence_details: details }: StripeDispute): boolean =>
  reviewing.includes(status) || (status.endsWith('needs_response') && (details?.submission_count ?? 0) > 0)

const fileBody = z.object({ id: z.string().min(1), object: z.literal('file') })

const upload = async (
  { client }: Setup,
  file: EvidenceFile,
  place: number,
  key: string,
): Promise<string | Exclude<Outcome<never>, { kind: 'ok' }>> => {
  const data = { data: file.bytes, name: fileNameOf(file, place), type: file.mediaType }
  const options = { idempotencyKey: `${key}:file:${place}` }
  const answer = await ask(() => client.files.create({ file: data, purpose: 'dispute_evidence' }, options))
  const made = answer.kind === 'done' ? fileBody.safeParse(answer.value).data : undefined
  return made === undefined ? refuse(answer) : made.id
}

const readAs = (value: unknown, attemptRef: string, at: number): Outcome<DisputeSnapshot> => {
  const read = disputeBody.safeParse(value)
  const told = read.success ? tell(read.data, attemptRef, at) : null
  return told === null ? unparsable : { kind: 'ok', value: told }
}

// What staff says, what was sold, and by whom it was carried.
const evidenceOf = ({ explanation, goods, parcels, refunded }: DisputeEvidence): Record<string, string> => {
  const [first] = parcels
  const fields: Record<string, string> = {
    uncategorized_text:
      refunded.minor > 0
        ? `${explanation}\nRefunded beside the dispute: ${refunded.minor} ${refunded.currency} (minor units).`
        : explanation,
    product_description: goods.join('; '),
    shipping_carrier: [...new Set(parcels.map(({ carrier }) => carrier))].join(', '),
    shipping_tracking_number: parcels.map(({ trackingNumber }) => trackingNumber).join(', '),
    shipping_date: first === undefined ? '' : new Date(first.shippedAt).toISOString().slice(0, 10),
  }
  return Object.fromEntries(Object.entries(fields).filter(([, text]) => text !== ''))
}
