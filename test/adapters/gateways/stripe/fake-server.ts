import { createHash } from 'node:crypto'
import { json, type Received, startLoopback, type Told } from '../loopback.js'
import { readMultipart } from '../read-multipart.js'
import { createFakeBalance } from './fake-balance.js'
import { createFakeFiles } from './fake-files.js'
import { createFakeTransfers } from './fake-transfers.js'

type Intent = {
  readonly id: string
  readonly amount: number
  readonly currency: string
  readonly captureMethod: string
  readonly group: string | null
  readonly metadata: Readonly<Record<string, string>>
  readonly status: 'requires_payment_method' | 'requires_action' | 'requires_capture' | 'succeeded' | 'canceled'
  readonly capturable: number
  readonly received: number
  readonly createdAt: number
  readonly paidAt: number | null
  /** When what was taken was booked; null while nothing is. */
  readonly bookedAt: number | null
}

type Refund = {
  readonly id: string
  readonly intent: string
  readonly amount: number
  readonly metadata: Readonly<Record<string, string>>
  readonly status: 'pending' | 'succeeded' | 'failed'
  readonly createdAt: number
  readonly bookedAt: number | null
}

type Dispute = {
  readonly id: string
  readonly intent: string
  readonly amount: number
  readonly status: 'warning_needs_response' | 'needs_response' | 'under_review' | 'won' | 'lost'
  readonly evidence: Readonly<Record<string, string>>
}

export const account = {
  accountId: 'acct_1032D82eZvKYlo2C',
  secretKey: 'sk_test_canaryOfTheSecretKey',
  publishableKey: 'pk_test_4eC39HqLyjWDarjtT1zdp7dc',
  webhookSecrets: ['whsec_canaryOfTheWebhook'] as const,
}

/** What Stripe charges, in hundredths of a percent. */
const feeBasisPoints = 290

/** Stripe's API as far as a shop uses it, for its own package to talk to: it keeps books, keys and what it said under them. */
export const startFakeStripe = async (now: () => number) => {
  const intents = new Map<string, Intent>()
  const refunds = new Map<string, Refund>()
  const disputes = new Map<string, Dispute>()
  const saidUnder = new Map<string, { readonly asked: string; readonly told: Told }>()
  const events: string[] = []
  let waits = 0
  let declines: readonly string[] = []
  let refundStatus: Refund['status'] = 'succeeded'
  let isIndexed = true

  const idOf = (prefix: string, text: string) =>
    `${prefix}_${createHash('sha256').update(text).digest('hex').slice(0, 24)}`
  const breaks: { readonly worksAllTheSame: boolean }[] = []
  const refuse = (status: number, facts: object): Told => json(status, { error: { message: 'refused', ...facts } })
  const { files, upload } = createFakeFiles({ idOf, refuse })
  const isAskedFor = (asked: URLSearchParams, path: string) =>
    [...asked].some(([name, text]) => name.startsWith('expand') && text === path)
  const seconds = (at: number) => Math.floor(at / 1000)
  const tell = (intent: Intent, expanded = false) => ({
    id: intent.id,
    object: 'payment_intent',
    amount: intent.amount,
    amount_capturable: intent.capturable,
    amount_received: intent.received,
    capture_method: intent.captureMethod,
    created: seconds(intent.createdAt),
    currency: intent.currency,
    transfer_group: intent.group,
    client_secret: `${intent.id}_secret_of_this_payment`,
    metadata: intent.metadata,
    status: intent.status,
    next_action:
      intent.status === 'requires_action'
        ? { type: 'redirect_to_url', redirect_to_url: { url: `https://hooks.stripe.com/3d_secure_2/${intent.id}` } }
        : null,
    latest_charge:
      intent.paidAt === null
        ? null
        : expanded
          ? {
              id: idOf('ch', intent.id),
              object: 'charge',
              created: seconds(intent.paidAt),
              balance_transaction:
                intent.bookedAt === null
                  ? null
                  : {
                      object: 'balance_transaction',
                      created: seconds(intent.bookedAt),
                      fee: Math.floor((intent.received * feeBasisPoints) / 10_000),
                      currency: intent.currency,
                    },
            }
          : idOf('ch', intent.id),
  })
  const happen = (type: string, object: object, where: object = {}) => {
    const id = idOf('evt', `${type} ${events.length}`)
    const event = { id, object: 'event', type, created: seconds(now()), livemode: false, data: { object }, ...where }
    events.push(JSON.stringify(event, null, 2))
  }
  const keep = (intent: Intent, type?: string): Intent => {
    intents.set(intent.id, intent)
    if (type !== undefined) happen(type, tell(intent))
    return intent
  }
  const charge = (intent: Intent): Intent =>
    intent.captureMethod === 'manual'
      ? keep(
          { ...intent, status: 'requires_capture', capturable: intent.amount, paidAt: now() },
          'payment_intent.amount_capturable_updated',
        )
      : keep(
          { ...intent, status: 'succeeded', received: intent.amount, paidAt: now(), bookedAt: now() },
          'payment_intent.succeeded',
        )

  const namesIn = (form: URLSearchParams) =>
    Object.fromEntries(
      [...form].flatMap(([name, value]) => (name.startsWith('metadata[') ? [[name.slice(9, -1), value]] : [])),
    )

  const transfers = createFakeTransfers({
    find: (charge) => [...intents.values()].find(({ id, paidAt }) => paidAt !== null && idOf('ch', id) === charge),
    idOf,
    namesIn,
    refuse,
  })

  const create = (form: URLSearchParams): Told => {
    const amount = Number(form.get('amount'))
    const currency = form.get('currency') ?? ''
    if (!Number.isSafeInteger(amount) || amount <= 0) {
      return refuse(400, { type: 'invalid_request_error', code: 'parameter_invalid_integer', param: 'amount' })
    }
    if (!/^[a-z]{3}$/.test(currency)) return refuse(400, { type: 'invalid_request_error', param: 'currency' })
    const metadata = namesIn(form)
    const begun = keep({
      id: idOf('pi', `${metadata.attempt_ref} ${intents.size}`),
      amount,
      currency,
      captureMethod: form.get('capture_method') ?? 'automatic',
      group: form.get('transfer_group'),
      metadata,
      status: 'requires_payment_method',
      capturable: 0,
      received: 0,
      createdAt: now(),
      paidAt: null,
      bookedAt: null,
    })
    const [declined, ...later] = declines
    if (declined !== undefined) {
      declines = later
      return refuse(402, {
        type: 'card_error',
        code: 'card_declined',
        decline_code: declined,
        payment_intent: tell(begun),
      })
    }
    if (waits > 0) {
      waits -= 1
      return json(200, tell(form.get('confirm') === 'true' ? keep({ ...begun, status: 'requires_action' }) : begun))
    }
    return json(200, tell(charge(begun), isAskedFor(form, 'latest_charge.balance_transaction')))
  }

  const refund = (form: URLSearchParams): Told => {
    const intent = intents.get(form.get('payment_intent') ?? '')
    const amount = Number(form.get('amount'))
    if (intent === undefined) return refuse(404, { type: 'invalid_request_error', code: 'resource_missing' })
    const out = [...refunds.values()]
      .filter((each) => each.intent === intent.id && each.status !== 'failed')
      .reduce((sum, each) => sum + each.amount, 0)
    if (intent.received === 0)
      return refuse(400, { type: 'invalid_request_error', code: 'payment_intent_unexpected_state' })
    if (out === intent.received) return refuse(400, { type: 'invalid_request_error', code: 'charge_already_refunded' })
    if (!(amount > 0) || out + amount > intent.received) {
      return refuse(400, { type: 'invalid_request_error', param: 'amount' })
    }
    const id = idOf('re', `${intent.id} ${refunds.size}`)
    const made: Refund = {
      id,
      intent: intent.id,
      amount,
      metadata: namesIn(form),
      status: refundStatus,
      createdAt: now(),
      bookedAt: refundStatus === 'succeeded' ? now() : null,
    }
    refunds.set(id, made)
    happen('refund.created', tellRefund(made))
    return json(200, tellRefund(made, isAskedFor(form, 'balance_transaction')))
  }
  const tellRefund = (made: Refund, expanded = false) => ({
    id: made.id,
    object: 'refund',
    amount: made.amount,
    currency: intents.get(made.intent)?.currency ?? '',
    created: seconds(made.createdAt),
    balance_transaction:
      made.bookedAt === null
        ? null
        : expanded
          ? { object: 'balance_transaction', created: seconds(made.bookedAt) }
          : idOf('txn', made.id),
    payment_intent: made.intent,
    metadata: made.metadata,
    status: made.status,
    ...(made.status === 'failed' ? { failure_reason: 'expired_or_canceled_card' } : {}),
  })

  const tellDispute = (dispute: Dispute) => {
    const currency = intents.get(dispute.intent)?.currency ?? ''
    const isSubmitted = Object.keys(dispute.evidence).length > 0
    const booked = (amount: number, fee: number) => ({ object: 'balance_transaction', amount, fee, currency })
    return {
      id: dispute.id,
      object: 'dispute',
      amount: dispute.amount,
      currency,
      charge: idOf('ch', dispute.intent),
      payment_intent: dispute.intent,
      reason: 'product_not_received',
      status: dispute.status,
      metadata: {},
      evidence_details: {
        due_by: seconds(now()) + 604_800,
        has_evidence: isSubmitted,
        past_due: false,
        submission_count: isSubmitted ? 1 : 0,
      },
      balance_transactions:
        dispute.status === 'warning_needs_response'
          ? []
          : [booked(0 - dispute.amount, 1500), ...(dispute.status === 'won' ? [booked(dispute.amount, -1500)] : [])],
    }
  }
  const keepDispute = (dispute: Dispute, type: string): Dispute => {
    disputes.set(dispute.id, dispute)
    happen(type, tellDispute(dispute))
    return dispute
  }
  const contest = (dispute: Dispute, form: URLSearchParams): Told => {
    if (dispute.status !== 'needs_response') {
      return refuse(400, { type: 'invalid_request_error', message: 'This dispute is already closed' })
    }
    const evidence: Record<string, string> = Object.fromEntries(
      [...form].flatMap(([name, text]) => (name.startsWith('evidence[') ? [[name.slice(9, -1), text]] : [])),
    )
    const named = Object.values(evidence).filter((text) => text.startsWith('file_'))
    if (!named.every((id) => files.has(id))) return refuse(400, { type: 'invalid_request_error', param: 'evidence' })
    const status = form.get('submit') === 'true' ? ('under_review' as const) : dispute.status
    return json(200, tellDispute(keepDispute({ ...dispute, evidence, status }, 'charge.dispute.updated')))
  }

  const change = (intent: Intent, verb: string, form: URLSearchParams): Told => {
    if (verb === '') return json(200, tell(keep({ ...intent, metadata: { ...intent.metadata, ...namesIn(form) } })))
    if (verb === 'cancel') {
      if (intent.status === 'succeeded' || intent.status === 'canceled') {
        return refuse(400, {
          type: 'invalid_request_error',
          code: 'payment_intent_unexpected_state',
          payment_intent: tell(intent),
        })
      }
      return json(200, tell(keep({ ...intent, status: 'canceled', capturable: 0 }, 'payment_intent.canceled')))
    }
    const amount = Number(form.get('amount_to_capture') ?? intent.capturable)
    if (intent.status !== 'requires_capture') {
      return refuse(400, { type: 'invalid_request_error', code: 'payment_intent_unexpected_state' })
    }
    if (!(amount > 0) || amount > intent.capturable)
      return refuse(400, { type: 'invalid_request_error', code: 'amount_too_large' })
    const taken = keep(
      { ...intent, status: 'succeeded', received: amount, capturable: 0, bookedAt: now() },
      'payment_intent.succeeded',
    )
    return json(200, tell(taken, isAskedFor(form, 'latest_charge.balance_transaction')))
  }

  const work = (request: Received): Told => {
    if (request.path === '/v1/files') return upload(request)
    const url = new URL(request.path, 'http://localhost')
    const form = new URLSearchParams(request.body.toString())
    const missing = refuse(404, { type: 'invalid_request_error', code: 'resource_missing' })
    const [, , kind, id = '', verb = ''] = url.pathname.split('/')
    if (kind === 'payment_intents' && id === '' && request.method === 'GET') {
      const newestFirst = [...intents.values()].reverse().map((each) => tell(each))
      return transfers.list(newestFirst, url)
    }
    if (kind === 'payment_intents' && id === '') return create(form)
    if (kind === 'payment_intents' && id === 'search') {
      const [, reference] = /^metadata\['attempt_ref'\]:'([^']*)'$/.exec(url.searchParams.get('query') ?? '') ?? []
      const data = [...intents.values()].filter((each) => isIndexed && each.metadata.attempt_ref === reference)
      return json(200, {
        object: 'search_result',
        has_more: false,
        data: data.map((each) => tell(each, isAskedFor(url.searchParams, 'data.latest_charge.balance_transaction'))),
      })
    }
    if (kind === 'payment_intents') {
      const intent = intents.get(id)
      if (intent === undefined) return missing
      return request.method === 'GET'
        ? json(200, tell(intent, isAskedFor(url.searchParams, 'latest_charge.balance_transaction')))
        : change(intent, verb, form)
    }
    if (kind === 'balance_transactions') return balance.answer(url, isAskedFor(url.searchParams, 'data.source'))
    if (kind === 'transfers') return transfers.answer(request.method, url, form)
    if (kind === 'disputes' && id === '') {
      const whole = ({ intent }: Dispute) =>
        isAskedFor(url.searchParams, 'data.payment_intent') ? tell(intents.get(intent)!) : intent
      return transfers.list(
        [...disputes.values()].map((each) => ({ ...tellDispute(each), payment_intent: whole(each) })),
        url,
      )
    }
    if (kind === 'disputes') {
      const found = disputes.get(id)
      if (found === undefined) return missing
      if (request.method === 'GET') return json(200, tellDispute(found))
      if (verb !== 'close' || found.status !== 'needs_response') return contest(found, form)
      return json(200, tellDispute(keepDispute({ ...found, status: 'lost' }, 'charge.dispute.closed')))
    }
    if (kind === 'refunds' && request.method === 'POST') return refund(form)
    if (kind === 'refunds' && id !== '') {
      const found = refunds.get(id)
      return found === undefined
        ? missing
        : json(200, tellRefund(found, isAskedFor(url.searchParams, 'balance_transaction')))
    }
    if (kind === 'refunds') {
      const own = [...refunds.values()].filter((each) => each.intent === url.searchParams.get('payment_intent'))
      const isExpanded = isAskedFor(url.searchParams, 'data.balance_transaction')
      return transfers.list(
        own.map((each) => tellRefund(each, isExpanded)),
        url,
      )
    }
    return missing
  }

  const balance = createFakeBalance({ intents, refunds, tell, tellRefund, idOf, list: transfers.list, feeBasisPoints })
  const server = await startLoopback((request) => {
    if (request.headers.authorization !== `Bearer ${account.secretKey}`) {
      return refuse(401, { type: 'invalid_request_error', message: 'Invalid API Key provided' })
    }
    const key = request.headers['idempotency-key']
    if (key === undefined || request.method !== 'POST') return work(request)
    // What is asked for, whatever stands between the parts of a form.
    const parts = readMultipart(request)?.map(({ name, bytes }) => `${name} ${bytes.toString('hex')}`)
    const asked = `${request.path}\n${parts?.join() ?? request.body}`
    const before = saidUnder.get(key)
    if (before !== undefined) {
      if (before.asked !== asked) return refuse(400, { type: 'idempotency_error' })
      return { ...before.told, headers: { ...before.told.headers, 'idempotent-replayed': 'true' } }
    }
    const broken = breaks.shift()
    const outOfOrder = refuse(500, { type: 'api_error' })
    const made = broken?.worksAllTheSame === false ? outOfOrder : work(request)
    saidUnder.set(key, { asked, told: broken === undefined ? made : outOfOrder })
    return broken === undefined ? made : outOfOrder
  })

  return {
    ...server,
    intents,
    refunds,
    disputes,
    transfers,
    balance,
    files,
    /** A payer goes to the bank over part of a payment. */
    dispute: (attemptRef: string, amount: number, status: Dispute['status'] = 'needs_response') => {
      const intent = [...intents.values()].find(({ metadata }) => metadata.attempt_ref === attemptRef)
      const id = idOf('dp', `${attemptRef} ${disputes.size}`)
      keepDispute({ id, intent: intent?.id ?? '', amount, status, evidence: {} }, 'charge.dispute.created')
      return id
    },
    /** The bank decides every dispute of a payment. */
    decide: (attemptRef: string, status: 'won' | 'lost') => {
      for (const dispute of disputes.values()) {
        if (intents.get(dispute.intent)?.metadata.attempt_ref === attemptRef) {
          keepDispute({ ...dispute, status }, 'charge.dispute.closed')
        }
      }
    },
    /** The payer pays a payment that waits. */
    pay: (attemptRef: string) => {
      for (const intent of intents.values()) {
        const waiting = intent.status === 'requires_payment_method' || intent.status === 'requires_action'
        if (intent.metadata.attempt_ref === attemptRef && waiting) charge(intent)
      }
    },
    letPayerWait: () => {
      waits += 1
    },
    /** The bank declines the next cards, for these reasons. */
    decline: (...codes: readonly string[]) => {
      declines = [...declines, ...codes]
    },
    letRefundsBe: (status: Refund['status']) => {
      refundStatus = status
    },
    /** A refund ends, and is told of. */
    endRefund: (id: string, status: Refund['status']) => {
      const found = refunds.get(id)
      if (found === undefined) return
      const ended = { ...found, status, bookedAt: status === 'succeeded' ? now() : found.bookedAt }
      refunds.set(id, ended)
      happen(status === 'failed' ? 'refund.failed' : 'refund.updated', tellRefund(ended))
    },
    /** The next answer is lost. The package asks a second time, under the same key, where the line was cut. */
    loseAnswer: (charged: boolean) => {
      const cut = { kind: charged ? 'cutAfter' : 'cutBefore' } as const
      server.fail(cut, cut)
    },
    /** Keys are forgotten, as after a day. */
    forgetKeys: () => saidUnder.clear(),
    /** The next request under a new key is answered with 500, whether anything came of it or not, and so is the same again. */
    breakUnderKey: (...times: typeof breaks) => breaks.push(...times),
    /** Whether a search finds anything: what is new it does not find at once. */
    index: (found: boolean) => {
      isIndexed = found
    },
    happen,
    tell,
    /** Somebody gives money back on Stripe's own pages, where nobody knows a reference of ours. */
    refundByHand: (attemptRef: string, amount: number) => {
      const intent = [...intents.values()].find(({ metadata }) => metadata.attempt_ref === attemptRef)
      refund(new URLSearchParams({ payment_intent: intent?.id ?? '', amount: String(amount) }))
    },
    /** Takes the texts of what would be sent. */
    takeEvents: () => events.splice(0),
  }
}
