import { json, type Received, type Told } from '../loopback.js'
import { type Part, readMultipart } from '../read-multipart.js'

type Money = { readonly currency_code: string; readonly value: string }
type Evidence = {
  readonly evidence_type: string
  readonly source: string
  readonly notes?: string
  readonly date: string
}
type Message = { readonly posted_by: string; readonly time_posted: string; readonly content: string }
type File = { readonly name: string; readonly mediaType: string; readonly bytes: Uint8Array }
type Dispute = {
  readonly id: string
  readonly capture: string
  readonly amount: Money
  readonly reason: string
  readonly status: string
  readonly stage: string
  readonly outcome: string | null
  readonly evidences: readonly Evidence[]
  readonly messages: readonly Message[]
  /** Further transactions that it is over. */
  readonly others: readonly object[]
}

const week = 604_800_000
const mediaTypes = ['image/jpeg', 'image/png', 'image/gif', 'application/pdf']
const evidenceTypes = ['PROOF_OF_FULFILLMENT', 'PROOF_OF_DELIVERY_SIGNATURE', 'PROOF_OF_RECEIPT_COPY', 'OTHER']
const carriers = ['SF_EXPRESS', 'DHL', 'OTHER']

/** Disputes as PayPal keeps them: what may be done next stands in their links, and is refused where it does not. */
export const createFakeDisputes = (world: {
  readonly now: () => number
  readonly merchantId: string
  readonly invoiceOf: (capture: string) => string | undefined
  readonly nextId: (prefix: string) => string
  readonly refuse: (status: number, issue: string) => Told
  readonly happen: (type: string, resource: object) => void
}) => {
  const { now, merchantId, invoiceOf, nextId, refuse, happen } = world
  const disputes = new Map<string, Dispute>()
  const files: File[] = []
  const said: object[] = []
  let namesInvoice = true
  let isAppealable = false
  let acceptTypes: readonly string[] = ['REFUND', 'PARTIAL_REFUND']
  const iso = (at: number) => `${new Date(at).toISOString().slice(0, 19)}Z`

  const offeredFor = ({ status, stage, outcome }: Dispute): readonly string[] => {
    if (status === 'WAITING_FOR_SELLER_RESPONSE' && stage !== 'INQUIRY') return ['accept-claim', 'provide-evidence']
    if (status === 'RESOLVED') return isAppealable && outcome === 'RESOLVED_BUYER_FAVOUR' ? ['appeal'] : []
    return stage === 'INQUIRY' ? ['send-message', 'make-offer'] : []
  }
  const tell = (dispute: Dispute) => ({
    dispute_id: dispute.id,
    create_time: iso(now()),
    update_time: iso(now()),
    disputed_transactions: [
      {
        seller_transaction_id: dispute.capture,
        ...(namesInvoice ? { invoice_number: invoiceOf(dispute.capture) } : {}),
        seller: { merchant_id: merchantId, name: 'Shop' },
      },
      ...dispute.others,
    ],
    reason: dispute.reason,
    status: dispute.status,
    dispute_amount: dispute.amount,
    dispute_life_cycle_stage: dispute.stage,
    seller_response_due_date: iso(now() + week),
    ...(dispute.evidences.length === 0 ? {} : { evidences: dispute.evidences }),
    ...(dispute.messages.length === 0 ? {} : { messages: dispute.messages }),
    ...(dispute.outcome === null
      ? {}
      : {
          dispute_outcome: {
            outcome_code: dispute.outcome,
            ...(dispute.outcome === 'RESOLVED_BUYER_FAVOUR' ? { amount_refunded: dispute.amount } : {}),
          },
          money_movements: [
            {
              affected_party: 'SELLER',
              amount: { ...dispute.amount, value: '20.00' },
              initiated_time: iso(now()),
              type: 'DEBIT',
              reason: 'DISPUTE_FEE',
            },
          ],
        }),
    allowed_response_options: { accept_claim: { accept_claim_types: acceptTypes } },
    links: ['self', ...offeredFor(dispute)].map((rel) => ({
      rel,
      method: rel === 'self' ? 'GET' : 'POST',
      href: `https://api-m.paypal.com/v1/customer/disputes/${dispute.id}${rel === 'self' ? '' : `/${rel}`}`,
    })),
  })
  const keep = (dispute: Dispute, type: string): void => {
    disputes.set(dispute.id, dispute)
    happen(`CUSTOMER.DISPUTE.${type}`, tell(dispute))
  }

  /** What is wrong with evidence, as PayPal names it; null where nothing is. */
  const issueOf = (evidence: Readonly<Record<string, unknown>>): string | null => {
    const { evidence_type: type, notes, evidence_info: info } = evidence
    if (typeof type !== 'string' || !evidenceTypes.includes(type)) return 'MISSING_EVIDENCE_TYPE'
    if (typeof notes !== 'string' || notes === '' || [...notes].length > 2_000) return 'INVALID_STRING_LENGTH'
    if (type !== 'PROOF_OF_FULFILLMENT') return null
    const { tracking_info: tracking } = (info ?? {}) as { readonly tracking_info?: readonly Record<string, unknown>[] }
    if (tracking === undefined || tracking.length === 0 || tracking.length > 10) return 'MISSING_TRACKING_INFO'
    const isWhole = ({ carrier_name: name, carrier_name_other: other, tracking_number }: Record<string, unknown>) =>
      carriers.includes(String(name)) &&
      typeof tracking_number === 'string' &&
      (name === 'OTHER') === (other !== undefined)
    return tracking.every(isWhole) ? null : 'MISSING_TRACKING_INFO'
  }

  const readForm = (
    request: Received,
  ): { readonly input: Record<string, unknown>; readonly shown: readonly Part[] } | Told => {
    const parts = readMultipart(request)
    const input = parts?.find(({ name }) => name === 'input')
    if (parts === null || input?.mediaType !== 'application/json') return refuse(415, 'UNSUPPORTED_MEDIA_TYPE')
    const shown = parts.filter((part) => part !== input)
    const isTaken = ({ fileName, mediaType, bytes }: Part) =>
      /^[A-Za-z0-9-_,\s]+[.][A-Za-z]+$/.test(fileName ?? '') &&
      mediaTypes.includes(mediaType ?? '') &&
      bytes.length < 10_000_000
    return shown.every(isTaken)
      ? { input: JSON.parse(input.bytes.toString()), shown }
      : refuse(400, 'INVALID_EVIDENCE_FILE')
  }

  const acceptClaim = (dispute: Dispute, request: Received): Told => {
    const { note, accept_claim_type: type } = JSON.parse(request.body.toString())
    if (typeof note !== 'string' || !acceptTypes.includes(type)) return refuse(400, 'INVALID_ACCEPT_CLAIM_TYPE')
    keep({ ...dispute, status: 'RESOLVED', outcome: 'RESOLVED_BUYER_FAVOUR' }, 'RESOLVED')
    return json(200, { links: [] })
  }

  const list = (path: string): Told => {
    const asked = new URL(path, 'https://api-m.paypal.com')
    const from = Number(asked.searchParams.get('next_page_token') ?? '0')
    const size = Number(asked.searchParams.get('page_size') ?? '10')
    if (size > 50) return refuse(400, 'INVALID_PAGE_SIZE')
    const since = Date.parse(asked.searchParams.get('update_time_after') ?? '')
    const capture = asked.searchParams.get('disputed_transaction_id')
    const all = [...disputes.values()]
      .filter((each) => (capture === null ? now() >= since : each.capture === capture))
      .reverse()
    asked.searchParams.set('next_page_token', String(from + size))
    return json(200, {
      items: all.slice(from, from + size).map(({ id, status }) => ({ dispute_id: id, status })),
      links: all.length > from + size ? [{ rel: 'next', href: asked.href, method: 'GET' }] : [],
    })
  }

  const take = (dispute: Dispute, verb: string, request: Received): Told => {
    if (!offeredFor(dispute).includes(verb)) return refuse(422, 'ACTION_NOT_ALLOWED_IN_CURRENT_DISPUTE_STATE')
    if (verb === 'accept-claim') return acceptClaim(dispute, request)
    const form = readForm(request)
    if ('status' in form) return form
    const { input, shown } = form
    if (verb === 'send-message') {
      const content = String(input.message ?? '')
      if (content === '') return refuse(400, 'MISSING_MESSAGE')
      const message = { posted_by: 'SELLER', time_posted: iso(now()), content }
      keep({ ...dispute, messages: [...dispute.messages, message] }, 'UPDATED')
    } else {
      const evidences = Array.isArray(input.evidences) ? input.evidences : []
      if (evidences.length !== 1) return refuse(400, 'ITEM_ID_IS_MANDATORY_FOR_MULTIPLE_EVIDENCES')
      const issue = issueOf(evidences[0])
      if (issue !== null) return refuse(400, issue)
      const { evidence_type, notes } = evidences[0]
      const made = { evidence_type, notes, source: 'SUBMITTED_BY_SELLER', date: iso(now()) }
      keep({ ...dispute, status: 'UNDER_REVIEW', outcome: null, evidences: [...dispute.evidences, made] }, 'UPDATED')
    }
    said.push(input)
    for (const { fileName, mediaType, bytes } of shown) {
      files.push({ name: fileName ?? '', mediaType: mediaType ?? '', bytes: Uint8Array.from(bytes) })
    }
    const href = `https://api-m.paypal.com/v1/customer/disputes/${dispute.id}`
    return json(200, { links: [{ rel: 'self', method: 'GET', href }] })
  }

  return {
    /** What came as the part `input`, and the files beside it, the first first. */
    said,
    files,
    disputes,
    answer: (request: Received, id: string, verb: string): Told => {
      if (request.method === 'GET' && id === '') return list(request.path)
      const found = disputes.get(id)
      if (found === undefined) return refuse(404, 'RESOURCE_NOT_FOUND')
      return request.method === 'GET' ? json(200, tell(found)) : take(found, verb, request)
    },
    /** A payer disputes part of what was taken. */
    open: (capture: string, amount: Money, facts: Partial<Pick<Dispute, 'stage' | 'reason' | 'others'>> = {}) => {
      const id = nextId('PP-D-')
      const { stage = 'CHARGEBACK', reason = 'MERCHANDISE_OR_SERVICE_NOT_RECEIVED', others = [] } = facts
      const status = 'WAITING_FOR_SELLER_RESPONSE'
      keep(
        { id, capture, amount, reason, status, stage, outcome: null, evidences: [], messages: [], others },
        'CREATED',
      )
      return id
    },
    /** PayPal asks the shop for evidence of a kind. */
    request: (id: string, evidence_type: string) => {
      const dispute = disputes.get(id)
      if (dispute === undefined) return
      const asked = { evidence_type, source: 'REQUESTED_FROM_SELLER', date: iso(now()) }
      disputes.set(id, { ...dispute, evidences: [...dispute.evidences, asked] })
    },
    /** The payer speaks. */
    speak: (id: string, content: string) => {
      const dispute = disputes.get(id)
      if (dispute === undefined) return
      const message = { posted_by: 'BUYER', time_posted: iso(now()), content }
      disputes.set(id, { ...dispute, messages: [...dispute.messages, message] })
    },
    /** What was a talk is a claim now. */
    escalate: (id: string) => {
      const dispute = disputes.get(id)
      if (dispute !== undefined) keep({ ...dispute, stage: 'CHARGEBACK' }, 'UPDATED')
    },
    /** Every dispute ends so. */
    decide: (outcome: string) => {
      for (const dispute of disputes.values()) keep({ ...dispute, status: 'RESOLVED', outcome }, 'RESOLVED')
    },
    /** What is decided against the shop may be appealed. */
    letAppeal: (allowed: boolean) => {
      isAppealable = allowed
    },
    /** How claims may be accepted. */
    acceptBy: (types: readonly string[]) => {
      acceptTypes = types
    },
    /** Disputes do not say what the shop calls the payment. */
    hideInvoices: () => {
      namesInvoice = false
    },
  }
}
