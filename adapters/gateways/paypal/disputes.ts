import { ResultAsync } from 'neverthrow'
import type {
  DisputeCase,
  DisputePort,
  DisputeReason,
  DisputeSnapshot,
  GatewayErrorCode,
  Outcome,
} from 'shopwright/payments'
import * as z from 'zod'
import { isSaid } from '../complaint-words.js'
import { untold } from '../untold.js'
import { readMoney } from './amount.js'
import { type PayPalClient, type PayPalReply, refuse } from './client.js'
import {
  type EvidenceWanted,
  files,
  markOf,
  mostCharacters,
  mostKeyCharacters,
  writeEvidence,
  writeMessage,
} from './evidence.js'
import { invoiceOf } from './invoice-of.js'

const money = z.object({ currency_code: z.string(), value: z.string() })
const moment = z.iso.datetime({ offset: true })

const disputeBody = z.object({
  dispute_id: z.string().min(1),
  create_time: moment.optional(),
  update_time: moment.optional(),
  disputed_transactions: z
    .array(
      z.object({
        seller_transaction_id: z.string().min(1).optional(),
        invoice_number: z.string().min(1).optional(),
        seller: z.object({ merchant_id: z.string().optional() }).optional(),
      }),
    )
    .min(1),
  reason: z.string().default(''),
  status: z.enum([
    'OPEN',
    'WAITING_FOR_BUYER_RESPONSE',
    'WAITING_FOR_SELLER_RESPONSE',
    'UNDER_REVIEW',
    'RESOLVED',
    'OTHER',
  ]),
  dispute_amount: money,
  dispute_outcome: z.object({ outcome_code: z.string().default(''), amount_refunded: money.optional() }).optional(),
  dispute_life_cycle_stage: z.string().default(''),
  seller_response_due_date: moment.optional(),
  money_movements: z
    .array(
      z.object({
        affected_party: z.string().default(''),
        amount: money.optional(),
        type: z.string().default(''),
        reason: z.string().default(''),
      }),
    )
    .default([]),
  evidences: z
    .array(
      z.object({
        evidence_type: z.string().default(''),
        source: z.string().default(''),
        notes: z.string().default(''),
      }),
    )
    .default([]),
  messages: z
    .array(z.object({ posted_by: z.string().default(''), time_posted: moment, content: z.string().default('') }))
    .default([]),
  links: z.array(z.object({ rel: z.string().default('') })).default([]),
  allowed_response_options: z
    .object({ accept_claim: z.object({ accept_claim_types: z.array(z.string()) }).optional() })
    .optional(),
})

const pageBody = z.object({
  items: z.array(z.object({ dispute_id: z.string().min(1) })).default([]),
  links: z.array(z.object({ rel: z.string().default(''), href: z.string().default('') })).default([]),
})

type PayPalDispute = z.infer<typeof disputeBody>

const reasons: ReadonlyMap<string, DisputeReason> = /* @__PURE__ */ new Map([
  ['UNAUTHORISED', 'fraudulent'],
  ['MERCHANDISE_OR_SERVICE_NOT_RECEIVED', 'notReceived'],
  ['MERCHANDISE_OR_SERVICE_NOT_AS_DESCRIBED', 'notAsDescribed'],
  ['DUPLICATE_TRANSACTION', 'wrongCharge'],
  ['INCORRECT_AMOUNT', 'wrongCharge'],
  ['PAYMENT_BY_OTHER_MEANS', 'wrongCharge'],
  ['CREDIT_NOT_PROCESSED', 'refundMissing'],
])

// PayPal may pay the payer itself: then the money is the shop's.
const forTheShop = ['RESOLVED_SELLER_FAVOUR', 'RESOLVED_WITH_PAYOUT', 'CANCELED_BY_BUYER']
const forThePayer = ['RESOLVED_BUYER_FAVOUR', 'ACCEPTED']

const statusOf = (dispute: PayPalDispute, refundedMinor: number): DisputeSnapshot['status'] => {
  const code = dispute.dispute_outcome?.outcome_code ?? ''
  switch (dispute.status) {
    case 'RESOLVED':
      if (forTheShop.includes(code)) return 'won'
      return forThePayer.includes(code) || refundedMinor > 0 ? 'lost' : 'won'
    case 'OPEN':
    case 'WAITING_FOR_SELLER_RESPONSE':
    case 'WAITING_FOR_BUYER_RESPONSE':
    case 'UNDER_REVIEW':
    case 'OTHER': {
      // Payer and shop still talk; nobody has decided over the money.
      if (dispute.dispute_life_cycle_stage === 'INQUIRY') return 'inquiry'
      return dispute.status === 'OPEN' || dispute.status === 'WAITING_FOR_SELLER_RESPONSE'
        ? 'evidenceDue'
        : 'underReview'
    }
  }
}

const feeReasons = ['DISPUTE_FEE', 'CHARGEBACK_FEE', 'DISPUTE_SETTLEMENT_FEE']

const feeOf = ({ money_movements: moved }: PayPalDispute, currency: string): number | null => {
  const fees = moved.filter(({ affected_party, reason }) => affected_party === 'SELLER' && feeReasons.includes(reason))
  const own = fees.flatMap(({ amount, type }) => {
    const read = amount === undefined ? null : readMoney(amount)
    return read?.currency === currency ? [type === 'CREDIT' ? -read.minor : read.minor] : []
  })
  return own.length === 0 ? null : own.reduce((sum, minor) => sum + minor, 0)
}

const tell = (dispute: PayPalDispute, attemptRef: string, at: number): DisputeSnapshot | null => {
  const amount = readMoney(dispute.dispute_amount)
  if (amount === null || amount.minor <= 0) return null
  const told = dispute.dispute_outcome?.amount_refunded
  const back = told === undefined ? null : readMoney(told)
  const backMinor = back?.currency === amount.currency ? back.minor : null
  const status = statusOf(dispute, backMinor ?? 0)
  const changedAt = dispute.update_time ?? dispute.create_time
  const dueAt = dispute.seller_response_due_date
  return {
    kind: 'dispute',
    disputeRef: dispute.dispute_id,
    attemptRef,
    status,
    reason: reasons.get(dispute.reason) ?? 'other',
    ...(status === 'lost' && nextStepOf(dispute) === 'appeal' ? { mayAppeal: true } : {}),
    amount,
    lostMinor: status === 'lost' ? backMinor : null,
    feeMinor: feeOf(dispute, amount.currency),
    evidenceDueAt: status === 'won' || status === 'lost' || dueAt === undefined ? null : Date.parse(dueAt),
    at: changedAt === undefined ? at : Date.parse(changedAt),
  }
}

type Refusal = Exclude<Outcome<never>, { kind: 'ok' }>
type Found = { readonly kind: 'found'; readonly dispute: PayPalDispute; readonly snapshot: DisputeSnapshot }

const pathOf = (disputeRef: string): string => `/v1/customer/disputes/${encodeURIComponent(disputeRef)}`

/** A dispute and how it stands; `notFound` also where it is of a payment that is not the shop's. */
const read = async (
  client: PayPalClient,
  merchantId: string,
  disputeRef: string,
  at: number,
): Promise<Found | 'notFound' | Refusal> => {
  const reply = await client({ method: 'GET', path: pathOf(disputeRef), at })
  if (reply.kind === 'refused' && reply.status === 404) return 'notFound'
  const parsed = reply.kind === 'done' ? disputeBody.safeParse(reply.body) : undefined
  if (parsed?.success !== true) return refuse(reply)
  const attemptRef = await paymentOf(client, merchantId, parsed.data, at)
  if (typeof attemptRef !== 'string') return attemptRef
  if (attemptRef === '') return 'notFound'
  const snapshot = tell(parsed.data, attemptRef, at)
  return snapshot === null ? unparsable : { kind: 'found', dispute: parsed.data, snapshot }
}

/**
 * Which payment of the shop's a dispute is of; nothing where none is. One over several of its payments goes by its own
 * name: there is no such payment, so a person is shown it.
 */
const paymentOf = async (
  client: PayPalClient,
  merchantId: string,
  { dispute_id: disputeRef, disputed_transactions: transactions }: PayPalDispute,
  at: number,
): Promise<string | Refusal> => {
  const found = new Set<string>()
  for (const { seller, invoice_number: invoice, seller_transaction_id: captureId } of transactions) {
    if (seller?.merchant_id !== undefined && seller.merchant_id !== merchantId) continue
    // What a dispute does not say, the money that it is about does.
    const named = invoice ?? (captureId === undefined ? '' : await invoiceOf(client, captureId, at))
    if (typeof named !== 'string') return named
    if (named !== '') found.add(named)
    if (found.size > 1) return disputeRef
  }
  const [attemptRef = ''] = found
  return attemptRef
}

/**
 * Asks how a dispute stands that was told of unasked.
 *
 * @returns null where it is none of the shop's, `unknown` where nobody can say now
 */
export const hearDispute = async (
  client: PayPalClient,
  merchantId: string,
  disputeRef: string,
  at: number,
): Promise<DisputeSnapshot | 'unknown' | null> => {
  const found = await read(client, merchantId, disputeRef, at)
  if (found === 'notFound') return null
  // Refused is not absent: who may not look, or looks too often, does not know whose it is.
  return found.kind === 'found' ? found.snapshot : 'unknown'
}

/**
 * How PayPal is spoken to about disputes. What may be done next stands in the links of each dispute: evidence where
 * PayPal waits for it, an appeal of what was decided against the shop, a message to the payer while the two still talk, and nothing where neither is there.
 *
 * @source https://developer.paypal.com/api/customer-disputes/v1/disputes-provide-evidence, …/disputes-appeal
 */
export const disputePort = (client: PayPalClient, merchantId: string): DisputePort => {
  // Of which payment a dispute is does not change; the list does not say it.
  const named = new Map<string, string>()
  return {
    ...askingPort(client, merchantId),
    list: (request) => ResultAsync.fromSafePromise(list(client, merchantId, named, request)),
  }
}

const askingPort = (client: PayPalClient, merchantId: string): DisputePort => ({
  mostCharacters,
  files,
  query: ({ disputeRef, attemptRef, at }) =>
    ResultAsync.fromSafePromise(
      read(client, merchantId, disputeRef, at).then((found): Outcome<DisputeSnapshot | 'notFound'> => {
        if (found === 'notFound') return { kind: 'ok', value: 'notFound' }
        if (found.kind !== 'found') return found
        // An answer about something else proves nothing about this.
        return found.snapshot.attemptRef === attemptRef ? { kind: 'ok', value: found.snapshot } : unparsable
      }),
    ),
  read: ({ disputeRef, attemptRef, at }) =>
    ResultAsync.fromSafePromise(
      read(client, merchantId, disputeRef, at).then((found): Outcome<DisputeCase | 'notFound'> => {
        if (found === 'notFound') return { kind: 'ok', value: 'notFound' }
        if (found.kind !== 'found') return found
        return found.snapshot.attemptRef === attemptRef
          ? { kind: 'ok', value: { phone: null, statements: statementsOf(found.dispute) } }
          : unparsable
      }),
    ),
  submitEvidence: (request) => ResultAsync.fromSafePromise(submit(client, merchantId, request)),
  accept: (request) => ResultAsync.fromSafePromise(accept(client, merchantId, request)),
})

const speakers: ReadonlyMap<string, DisputeCase['statements'][number]['by']> = /* @__PURE__ */ new Map([
  ['BUYER', 'payer'],
  ['SELLER', 'shop'],
])

const statementsOf = ({ messages }: PayPalDispute): DisputeCase['statements'] =>
  messages
    .map(({ posted_by: by, time_posted: time, content: text }) => ({
      by: speakers.get(by) ?? ('gateway' as const),
      text,
      at: Date.parse(time),
    }))
    .sort((one, other) => one.at - other.at)

type Submitted = Parameters<NonNullable<DisputePort['submitEvidence']>>[0]

const submit = async (
  client: PayPalClient,
  merchantId: string,
  request: Submitted,
): Promise<Outcome<DisputeSnapshot>> => {
  const { disputeRef, attemptRef, key, at } = request
  if (key.length > mostKeyCharacters) return decline('MerchantConfig', 'reference too long')
  const before = await read(client, merchantId, disputeRef, at)
  if (before === 'notFound') return absent
  if (before.kind !== 'found') return untold(before)
  if (before.snapshot.attemptRef !== attemptRef) return absent
  const { dispute } = before
  const step = nextStepOf(dispute)
  if (!isHandedOver(dispute, step, request)) {
    if (step === null) return decline('Expired', 'no link to answer by')
    const form = step === 'send-message' ? writeMessage(request.evidence) : writeEvidence(wantedIn(dispute), request)
    const reply = await client({ method: 'POST', path: `${pathOf(disputeRef)}/${step}`, form, key, at })
    if (reply.kind !== 'done') return refuse(reply)
  }
  return standing(client, merchantId, disputeRef, at)
}

// What PayPal gives the payer for it, and when, it says itself.
const accept = async (
  client: PayPalClient,
  merchantId: string,
  { disputeRef, attemptRef, key, at }: Parameters<NonNullable<DisputePort['accept']>>[0],
): Promise<Outcome<DisputeSnapshot>> => {
  const before = await read(client, merchantId, disputeRef, at)
  if (before === 'notFound') return absent
  if (before.kind !== 'found') return untold(before)
  const { dispute, snapshot } = before
  if (snapshot.attemptRef !== attemptRef) return absent
  if (snapshot.status === 'lost') return { kind: 'ok', value: snapshot }
  if (!offeredIn(dispute).includes('accept-claim')) {
    // It may be what was accepted before that PayPal looks at, or what was shown on its own pages.
    return snapshot.status === 'underReview' ? ambiguous : decline('Expired', 'no link to accept by')
  }
  const types = dispute.allowed_response_options?.accept_claim?.accept_claim_types ?? [inFull]
  if (!types.includes(inFull)) return decline('MerchantConfig', 'accept_claim_type')
  const text = JSON.stringify({ note: 'The shop accepts the claim.', accept_claim_type: inFull })
  const reply = await client({ method: 'POST', path: `${pathOf(disputeRef)}/accept-claim`, text, key, at })
  return reply.kind === 'done' ? standing(client, merchantId, disputeRef, at) : refuse(reply)
}

/** The whole of what is disputed goes back, and nothing is asked for in return. */
const inFull = 'REFUND'

/** How a dispute stands that PayPal has taken something for; what it does not say now is asked again. */
const standing = async (
  client: PayPalClient,
  merchantId: string,
  disputeRef: string,
  at: number,
): Promise<Outcome<DisputeSnapshot>> => {
  const after = await read(client, merchantId, disputeRef, at)
  return after !== 'notFound' && after.kind === 'found'
    ? { kind: 'ok', value: after.snapshot }
    : { kind: 'pending', gatewayRef: disputeRef, pollAfterMs: null }
}

const pageSize = 50
/** More pages than that are not asked for. */
const mostPages = 100

/**
 * Names the disputes that began or changed since a moment. The list does not say of which payments they are, so each is
 * asked about once; one that cannot be understood stands in nobody's way.
 */
const list = async (
  client: PayPalClient,
  merchantId: string,
  named: Map<string, string>,
  { since, at }: Parameters<NonNullable<DisputePort['list']>>[0],
): Promise<Outcome<readonly { readonly disputeRef: string; readonly attemptRef: string }[]>> => {
  const found = new Map<string, string>()
  let search: string | null =
    `?page_size=${pageSize}&update_time_after=${encodeURIComponent(new Date(since).toISOString())}`
  for (let page = 0; search !== null; page += 1) {
    const reply: PayPalReply = await client({ method: 'GET', path: `/v1/customer/disputes${search}`, at })
    const told = reply.kind === 'done' ? pageBody.safeParse(reply.body).data : undefined
    if (told === undefined) return untold(refuse(reply))
    if (page === mostPages) return unparsable
    for (const { dispute_id: disputeRef } of told.items) {
      const known = named.get(disputeRef)
      const asked = known === undefined ? await read(client, merchantId, disputeRef, at) : null
      if (asked === null || asked === 'notFound') found.set(disputeRef, known ?? '')
      else if (asked.kind === 'found') found.set(disputeRef, asked.snapshot.attemptRef)
      else if (asked.kind !== 'unknown' || asked.cause !== 'unparsable') return untold(asked)
    }
    const next = told.links.find(({ rel }) => rel === 'next')?.href ?? ''
    search = URL.canParse(next) ? new URL(next).search : null
  }
  named.clear()
  for (const [disputeRef, attemptRef] of found) named.set(disputeRef, attemptRef)
  return {
    kind: 'ok',
    value: [...found].flatMap(([disputeRef, attemptRef]) => (attemptRef === '' ? [] : [{ disputeRef, attemptRef }])),
  }
}

type Step = 'provide-evidence' | 'appeal' | 'send-message'

/** What PayPal says may be done next; null where it is nothing of this. */
const nextStepOf = (dispute: PayPalDispute): Step | null => {
  const steps: readonly Step[] = ['provide-evidence', 'appeal', 'send-message']
  const offered = offeredIn(dispute)
  return steps.find((step) => offered.includes(step)) ?? null
}

// PayPal's own pages write them either way.
const offeredIn = ({ links }: PayPalDispute): readonly string[] => links.map(({ rel }) => rel.replaceAll('_', '-'))

/** Whether PayPal has it already: evidence is known by its mark, a message by its words. */
const isHandedOver = (dispute: PayPalDispute, step: Step | null, { key, evidence }: Submitted): boolean => {
  // Whoever keeps a text may take the spaces at its end away.
  const mark = markOf(key).trim()
  const isShown = dispute.evidences.some(
    ({ source, notes }) => source === 'SUBMITTED_BY_SELLER' && notes.trim().split(/\r?\n/).at(-1) === mark,
  )
  // What was said to the payer before is no evidence yet.
  return isShown || ((step === 'send-message' || step === null) && isSaid(statementsOf(dispute), evidence.explanation))
}

const wantedIn = ({ reason, evidences }: PayPalDispute): EvidenceWanted => ({
  reason,
  requested: evidences
    .filter(({ source }) => source === 'REQUESTED_FROM_SELLER')
    .map(({ evidence_type: type }) => type),
})

const unparsable: Extract<Outcome<never>, { kind: 'unknown' }> = { kind: 'unknown', cause: 'unparsable' }

const ambiguous: Extract<Outcome<never>, { kind: 'unknown' }> = { kind: 'unknown', cause: 'ambiguous' }

const decline = (code: GatewayErrorCode, gatewayCode: string): Extract<Outcome<never>, { kind: 'declined' }> => ({
  kind: 'declined',
  error: { code, gatewayCode },
})

const absent = /* @__PURE__ */ decline('MerchantConfig', 'RESOURCE_NOT_FOUND')
