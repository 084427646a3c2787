import { okAsync } from 'neverthrow'
import type {
  CreatedPayment,
  CreateRequest,
  DisputeSnapshot,
  GatewayErrorCode,
  NextStep,
  Outcome,
  PaymentGateway,
  PaymentSnapshot,
  RefundRequest,
  RefundSnapshot,
} from 'shopwright/payments'
import {
  closeBooks,
  type SandboxBooks,
  type SandboxPayment,
  type SandboxRefund,
  tellPayment,
  tellRefund,
} from './books.js'
import { createDisputes, type EvidenceScript, type OpenedDispute, type SandboxDispute } from './disputes.js'
import { readBody } from './notification.js'
import type { CaptureScript, CloseScript, Delivery, PaymentScript, QueryScript, RefundScript } from './script.js'
import { type SandboxKey, type SignedNotification, signBody, verifyBody } from './signature.js'
import { createSplits, type SplitScript, type SplitTerms } from './splits.js'

/** How a sandbox is set up. */
export type SandboxOptions = {
  /** The present moment. */
  readonly now: () => number
  /** Keys for notifications: the first signs, all are believed. */
  readonly keys: readonly [SandboxKey, ...SandboxKey[]]
  /** Unique in the shop; `sandbox` unless told. */
  readonly gatewayId?: string
  /** `sandbox-merchant` unless told. */
  readonly merchantAccount?: string
  /** What the gateway keeps of each payment, in hundredths of a percent, rounded half up; 0 unless told. */
  readonly feeRateBasisPoints?: number
  /** How long money stays held, milliseconds; seven days unless told. */
  readonly holdMs?: number
  /** Whom it divides payments among; it divides none unless told. */
  readonly splits?: SplitTerms
}

/** A gateway that moves no money, keeps its own books and does as its scripts say. The same calls give the same answers. */
export type SandboxGateway = PaymentGateway & {
  /** Says what the next requests come to, one script each, in order; without a script they succeed. */
  readonly script: (...scripts: readonly PaymentScript[]) => void
  readonly scriptRefund: (...scripts: readonly RefundScript[]) => void
  readonly scriptCapture: (...scripts: readonly CaptureScript[]) => void
  readonly scriptClose: (...scripts: readonly CloseScript[]) => void
  readonly scriptQuery: (...scripts: readonly QueryScript[]) => void
  /** The payer pays a pending payment; with `evenIfEnded`, also one that was closed or ran out. Whether money moved. */
  readonly pay: (attemptRef: string, how?: { readonly evenIfEnded?: boolean; readonly delivery?: Delivery }) => boolean
  /** A pending payment fails. */
  readonly fail: (attemptRef: string, code: GatewayErrorCode, delivery?: Delivery) => boolean
  /** What is held of a payment and not taken is not held any more. Whether anything was. */
  readonly lapse: (attemptRef: string) => boolean
  /** A pending refund reaches the payer. */
  readonly settleRefund: (refundRef: string, delivery?: Delivery) => boolean
  /** A refund that is pending, or has reached the payer, comes back. */
  readonly failRefund: (refundRef: string, code: GatewayErrorCode, delivery?: Delivery) => boolean
  /** Tells again of a payment as it stands, under a new event id. */
  readonly repeat: (attemptRef: string, delivery?: Delivery) => boolean
  /** A payer disputes a payment that was taken; the reference of the dispute, or null where nothing was taken. */
  readonly dispute: (attemptRef: string, opened?: OpenedDispute) => string | null
  /** A payer who only asks or complains says more. Whether there is one. */
  readonly continueDispute: (disputeRef: string, statement: string, delivery?: Delivery) => boolean
  /** The bank moves a dispute on, or comes back on its word. Whether there is one. */
  readonly moveDispute: (
    disputeRef: string,
    facts: Partial<Pick<SandboxDispute, 'status' | 'mayAppeal' | 'lostMinor' | 'feeMinor'>>,
    delivery?: Delivery,
  ) => boolean
  readonly scriptEvidence: (...scripts: readonly EvidenceScript[]) => void
  /** Says what the next splits and returns of splits come to. */
  readonly scriptSplit: (...scripts: readonly SplitScript[]) => void
  /** Takes the notifications that are due, signed now, oldest first or newest first. */
  readonly takeNotifications: (how?: { readonly newestFirst?: boolean }) => Promise<readonly SignedNotification[]>
  readonly books: () => SandboxBooks
}

type Fact = PaymentSnapshot | RefundSnapshot | DisputeSnapshot

/** A notification that has not been taken. */
type Waiting = {
  readonly eventId: string
  readonly dueAt: number
  readonly times: number
  readonly facts: readonly Fact[]
}

const payHost = 'pay.sandbox.example'

/** Makes a sandbox. */
export const createSandboxGateway = (options: SandboxOptions): SandboxGateway => {
  const { now, keys, feeRateBasisPoints = 0, holdMs = 604_800_000, merchantAccount = 'sandbox-merchant' } = options
  const payments = new Map<string, SandboxPayment>()
  const refunds = new Map<string, SandboxRefund>()
  const captures = new Map<string, { readonly amountMinor: number; readonly told: PaymentSnapshot }>()
  const captureScripts: CaptureScript[] = []
  const scripts: PaymentScript[] = []
  const refundScripts: RefundScript[] = []
  const closeScripts: CloseScript[] = []
  const queryScripts: QueryScript[] = []
  let outbox: readonly Waiting[] = []
  let events = 0

  const notify = (fact: Fact, { times = 1, lateMs = 0 }: Delivery = {}) => {
    events += 1
    const eventId = `sbx_event_${events}`
    if (times > 0) outbox = [...outbox, { eventId, dueAt: now() + lateMs, times, facts: [fact] }]
  }
  const keep = (payment: SandboxPayment, delivery?: Delivery): SandboxPayment => {
    payments.set(payment.attemptRef, payment)
    notify(tellPayment(payment, merchantAccount), delivery)
    return payment
  }
  const keepRefund = (refund: SandboxRefund, delivery?: Delivery): SandboxRefund => {
    refunds.set(refund.refundRef, refund)
    notify(tellRefund(refund), delivery)
    return refund
  }
  const feeOf = (minor: number) => Math.floor((minor * feeRateBasisPoints + 5000) / 10_000)
  const charge = (payment: SandboxPayment, delivery?: Delivery): SandboxPayment =>
    payment.capture === 'manual'
      ? keep(
          { ...payment, status: 'authorised', failure: null, authorisedMinor: payment.totalMinor, at: now() },
          delivery,
        )
      : keep(
          {
            ...payment,
            status: 'captured',
            failure: null,
            capturedMinor: payment.totalMinor,
            feeMinor: feeOf(payment.totalMinor),
            at: now(),
          },
          delivery,
        )
  const find = (attemptRef: string): SandboxPayment | undefined => {
    const payment = payments.get(attemptRef)
    if (payment === undefined || !isWaiting(payment) || now() < payment.expiresAt) return payment
    return keep({ ...payment, status: 'closed', failure: 'Expired', at: payment.expiresAt })
  }

  // What is held and not taken is not held any more; what is taken stays.
  const letGo = (payment: SandboxPayment): SandboxPayment =>
    payment.capturedMinor > 0
      ? keep({ ...payment, status: 'captured', authorisedMinor: payment.capturedMinor, at: now() })
      : keep({ ...payment, status: 'closed', failure: 'Expired', authorisedMinor: 0, at: now() })

  const disputes = createDisputes({ now, find, notify })
  const backMinor = (attemptRef: string) =>
    [...refunds.values()].reduce(
      (sum, each) => (each.attemptRef === attemptRef && each.status !== 'failed' ? sum + each.amountMinor : sum),
      0,
    )
  const splits = createSplits(options.splits ?? { payees: {} }, (attemptRef) => {
    const payment = find(attemptRef)
    if (payment === undefined) return undefined
    const { capturedMinor, feeMinor, currency, isSplit } = payment
    return { leftMinor: capturedMinor - feeMinor - backMinor(attemptRef), currency, isSplit }
  })

  const begin = (request: CreateRequest): SandboxPayment => ({
    attemptRef: request.attemptRef,
    orderRef: request.orderRef,
    gatewayRef: `sbx_${request.attemptRef}`,
    method: request.method,
    currency: request.amount.currency,
    totalMinor: request.amount.minor,
    capture: request.capture,
    isSplit: request.isSplit === true,
    expiresAt: request.expiresAt,
    next: nextStepOf(request),
    status: 'requiresAction',
    authorisedMinor: 0,
    capturedMinor: 0,
    feeMinor: 0,
    failure: null,
    at: now(),
    told: {},
  })

  const answerOf = (payment: SandboxPayment): Outcome<CreatedPayment> => {
    if (payment.status === 'failed') return decline(payment.failure ?? 'InstrumentDeclined')
    const waiting = payment.status === 'requiresAction'
    const next: NextStep = waiting ? payment.next : { kind: 'none' }
    const snapshot = waiting ? null : tellPayment(payment, merchantAccount)
    return { kind: 'ok', value: { gatewayRef: payment.gatewayRef, next, snapshot } }
  }

  const create = (request: CreateRequest): Outcome<CreatedPayment> => {
    const existing = find(request.attemptRef)
    if (existing !== undefined)
      return isSameRequest(existing, request) ? answerOf(existing) : decline('IdempotencyReuse')
    if (!Number.isSafeInteger(request.amount.minor) || request.amount.minor <= 0) return decline('AmountInvalid')
    const script: PaymentScript = scripts.shift() ?? { kind: 'succeed' }
    const { delivery } = script
    const payment = begin(request)
    const chargeAndTell = (told: Partial<PaymentSnapshot>) => answerOf(charge({ ...payment, told }, delivery))
    switch (script.kind) {
      case 'succeed':
        return answerOf(charge(payment, delivery))
      case 'authorise':
        return answerOf(charge({ ...payment, capture: 'manual' }, delivery))
      case 'decline':
        return answerOf(keep({ ...payment, status: 'failed', failure: script.code }, delivery))
      case 'timeout':
        if (script.charged) charge(payment, delivery)
        return { kind: 'unknown', cause: 'timeout' }
      case 'pending':
        payments.set(payment.attemptRef, payment)
        return answerOf(payment)
      case 'otherAmount': {
        const { minor } = script
        const total = { minor, currency: payment.currency }
        const paid = { capturedMinor: minor, feeMinor: feeOf(minor), told: { total } }
        return answerOf(keep({ ...payment, ...paid, status: 'captured' }, delivery))
      }
      case 'wrongAmount':
        return chargeAndTell({
          total: { minor: script.minor, currency: payment.currency },
          capturedMinor: script.minor,
        })
      case 'wrongCurrency':
        return chargeAndTell({ total: { minor: payment.totalMinor, currency: script.currency } })
      case 'wrongAccount':
        return chargeAndTell({ merchantAccount: script.merchantAccount })
      case 'wrongOrder':
        return chargeAndTell({ orderRef: script.orderRef })
    }
  }

  const query = (attemptRef: string): Outcome<PaymentSnapshot | 'notFound'> => {
    if (queryScripts.shift()?.kind === 'timeout') return { kind: 'unknown', cause: 'timeout' }
    const payment = find(attemptRef)
    return { kind: 'ok', value: payment === undefined ? 'notFound' : tellPayment(payment, merchantAccount) }
  }

  const close = (attemptRef: string): Outcome<'closed' | 'alreadyPaid' | 'notFound'> => {
    const script: CloseScript = closeScripts.shift() ?? { kind: 'close' }
    const payment = find(attemptRef)
    if (script.kind === 'timeout' && !script.closed) return { kind: 'unknown', cause: 'timeout' }
    if (payment === undefined) return { kind: 'ok', value: 'notFound' }
    const current = script.kind === 'paidFirst' && isWaiting(payment) ? charge(payment) : payment
    if (current.capturedMinor > 0 && current.status === 'captured') return { kind: 'ok', value: 'alreadyPaid' }
    if (isWaiting(current) || current.status === 'authorised') letGo(current)
    return script.kind === 'timeout' ? { kind: 'unknown', cause: 'timeout' } : { kind: 'ok', value: 'closed' }
  }

  const capture = (attemptRef: string, key: string, amountMinor: number, final: boolean): Outcome<PaymentSnapshot> => {
    const before = captures.get(key)
    if (before !== undefined) {
      return before.amountMinor === amountMinor ? { kind: 'ok', value: before.told } : decline('IdempotencyReuse')
    }
    const script: CaptureScript = captureScripts.shift() ?? { kind: 'succeed' }
    if (script.kind === 'decline') return decline(script.code)
    if (script.kind === 'timeout' && !script.captured) return { kind: 'unknown', cause: 'timeout' }
    const payment = find(attemptRef)
    if (payment === undefined || payment.status !== 'authorised') return decline('MerchantConfig')
    const capturedMinor = payment.capturedMinor + amountMinor
    if (amountMinor <= 0 || capturedMinor > payment.authorisedMinor) return decline('AmountInvalid')
    const last = final || capturedMinor === payment.authorisedMinor
    const authorisedMinor = last ? capturedMinor : payment.authorisedMinor
    const feeMinor = feeOf(capturedMinor)
    const status = last ? 'captured' : 'authorised'
    const taken = keep({ ...payment, status, capturedMinor, authorisedMinor, feeMinor, at: now() })
    const told = tellPayment(taken, merchantAccount)
    captures.set(key, { amountMinor, told })
    return script.kind === 'timeout' ? { kind: 'unknown', cause: 'timeout' } : { kind: 'ok', value: told }
  }

  const refund = (request: RefundRequest): Outcome<RefundSnapshot> => {
    const { refundRef, attemptRef } = request
    const { minor: amountMinor, currency } = request.amount
    const before = refunds.get(refundRef)
    if (before !== undefined && (before.amountMinor !== amountMinor || before.attemptRef !== attemptRef)) {
      return decline('IdempotencyReuse')
    }
    if (before !== undefined && before.status !== 'failed') return { kind: 'ok', value: tellRefund(before) }
    const payment = find(attemptRef)
    if (payment === undefined || payment.currency !== currency) return decline('MerchantConfig')
    const leftMinor = payment.capturedMinor - backMinor(attemptRef)
    if (!Number.isSafeInteger(amountMinor) || amountMinor <= 0 || amountMinor > leftMinor) {
      return decline('AmountInvalid')
    }
    const isDisputed = disputes.all().some((each) => each.attemptRef === attemptRef && isHolding(each))
    if (isDisputed) return decline('MerchantConfig')
    const script: RefundScript = refundScripts.shift() ?? { kind: 'succeed' }
    const { delivery } = script
    const facts = {
      refundRef,
      attemptRef,
      gatewayRef: `sbx_${refundRef}`,
      currency,
      amountMinor,
      failure: null,
      at: now(),
    }
    switch (script.kind) {
      case 'succeed':
        return { kind: 'ok', value: tellRefund(keepRefund({ ...facts, status: 'succeeded' }, delivery)) }
      case 'decline':
        keepRefund({ ...facts, status: 'failed', failure: script.code }, delivery)
        return decline(script.code)
      case 'timeout':
        if (script.refunded) keepRefund({ ...facts, status: 'succeeded' }, delivery)
        return { kind: 'unknown', cause: 'timeout' }
      case 'pending':
        refunds.set(refundRef, { ...facts, status: 'pending' })
        return { kind: 'pending', gatewayRef: facts.gatewayRef, pollAfterMs: 10_000 }
    }
  }

  const endRefund = (
    refundRef: string,
    end: Pick<SandboxRefund, 'status' | 'failure'>,
    delivery?: Delivery,
  ): boolean => {
    const refundNow = refunds.get(refundRef)
    const open = refundNow?.status === 'pending' || (refundNow?.status === 'succeeded' && end.status === 'failed')
    if (refundNow === undefined || !open) return false
    keepRefund({ ...refundNow, ...end, at: now() }, delivery)
    return true
  }

  return {
    gatewayId: options.gatewayId ?? 'sandbox',
    merchantAccount,
    capabilities: {
      methods: ['wechatPay', 'alipay', 'unionPayQuickPass', 'creditCard', 'debitCard', 'eCny', 'payPal'],
      currencies: 'any',
      capture: 'both',
      partialCapture: true,
      multiCapture: true,
      holdMs,
      refund: 'api',
      expiry: null,
      query: true,
      notifications: 'signed',
      idempotency: { style: 'reference', windowMs: null },
      redirectHosts: [payHost],
    },
    create: (request) => okAsync(create(request)),
    query: ({ attemptRef }) => okAsync(query(attemptRef)),
    close: ({ attemptRef }) => okAsync(close(attemptRef)),
    capture: ({ attemptRef, key, amount, final }) => okAsync(capture(attemptRef, key, amount.minor, final)),
    refund: (request) => okAsync(refund(request)),
    queryRefund: ({ refundRef }) => {
      const found = refunds.get(refundRef)
      return okAsync({ kind: 'ok', value: found === undefined ? 'notFound' : tellRefund(found) })
    },
    disputes: disputes.port,
    ...(options.splits === undefined ? {} : { splits: splits.port }),
    verifyNotification: ({ body, headers, receivedAt }) =>
      verifyBody(keys, { body, headers }, receivedAt).andThen(readBody),
    acknowledge: (handled) => ({
      status: handled === 'ok' ? 200 : handled === 'retry' ? 503 : 401,
      headers: { 'content-type': 'text/plain' },
      body: handled === 'ok' ? 'success' : 'failure',
    }),
    script: (...more) => {
      scripts.push(...more)
    },
    scriptRefund: (...more) => {
      refundScripts.push(...more)
    },
    scriptCapture: (...more) => {
      captureScripts.push(...more)
    },
    scriptClose: (...more) => {
      closeScripts.push(...more)
    },
    scriptQuery: (...more) => {
      queryScripts.push(...more)
    },
    pay: (attemptRef, { evenIfEnded = false, delivery } = {}) => {
      const payment = find(attemptRef)
      if (payment === undefined || payment.capturedMinor > 0) return false
      if (!isWaiting(payment) && !evenIfEnded) return false
      charge(payment, delivery)
      return true
    },
    fail: (attemptRef, code, delivery) => {
      const payment = find(attemptRef)
      if (payment === undefined || !isWaiting(payment)) return false
      keep({ ...payment, status: 'failed', failure: code, at: now() }, delivery)
      return true
    },
    lapse: (attemptRef) => {
      const payment = find(attemptRef)
      if (payment?.status === 'authorised') letGo(payment)
      return payment?.status === 'authorised'
    },
    settleRefund: (refundRef, delivery) => endRefund(refundRef, { status: 'succeeded', failure: null }, delivery),
    failRefund: (refundRef, code, delivery) => endRefund(refundRef, { status: 'failed', failure: code }, delivery),
    dispute: disputes.open,
    moveDispute: disputes.move,
    continueDispute: disputes.goOn,
    scriptEvidence: disputes.script,
    scriptSplit: splits.script,
    repeat: (attemptRef, delivery) => {
      const payment = find(attemptRef)
      if (payment !== undefined) notify(tellPayment(payment, merchantAccount), delivery)
      return payment !== undefined
    },
    takeNotifications: async ({ newestFirst = false } = {}) => {
      const at = now()
      const due = outbox.filter((each) => each.dueAt <= at).sort((left, right) => left.dueAt - right.dueAt)
      outbox = outbox.filter((each) => each.dueAt > at)
      const bodies = due.flatMap(({ eventId, facts, times }) => {
        const body = new TextEncoder().encode(JSON.stringify({ eventId, facts }, null, 2))
        return Array.from({ length: times }, () => body)
      })
      return Promise.all((newestFirst ? bodies.reverse() : bodies).map((body) => signBody(keys[0], body, at)))
    },
    books: () =>
      closeBooks({
        payments: [...payments.values()],
        refunds: [...refunds.values()],
        disputes: disputes.all(),
        splits: splits.all(),
        splitsOver: splits.over(),
      }),
  }
}

const isHolding = ({ status }: SandboxDispute): boolean => status === 'evidenceDue' || status === 'underReview'

const isWaiting = ({ status }: SandboxPayment): boolean => status === 'requiresAction' || status === 'processing'

const isSameRequest = (payment: SandboxPayment, { amount, orderRef, method }: CreateRequest): boolean =>
  payment.totalMinor === amount.minor &&
  payment.currency === amount.currency &&
  payment.orderRef === orderRef &&
  payment.method === method

const nextStepOf = ({ method, attemptRef }: CreateRequest): NextStep => {
  const url = `https://${payHost}/${encodeURIComponent(attemptRef)}`
  return method === 'wechatPay' || method === 'eCny' ? { kind: 'qr', content: url } : { kind: 'redirect', url }
}

const decline = (code: GatewayErrorCode): Outcome<never> => ({
  kind: 'declined',
  error: { code, gatewayCode: `sandbox.${code}` },
})
