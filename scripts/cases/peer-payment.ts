import * as z from 'zod'
import type { PaymentCommand, PaymentSnapshot, PaymentState } from '../../src/payments/index.js'
import { paymentMachine } from '../../src/payments/index.js'
import { minorText } from './amounts.js'
import { createComparison, type Difference, Inexpressible, readCase } from './verdict.js'

const text = z.string()

const caseShape = z.strictObject({
  id: text,
  peer: text,
  kind: z.literal('payment-ledger'),
  source: z.optional(text),
  title: z.optional(text),
  recomputed: z.optional(text),
  currency: text,
  initial: z.record(text, minorText),
  events: z.array(
    z.strictObject({
      type: text,
      pspReference: z.nullable(text),
      amount: minorText,
      ignored: z.optional(z.boolean()),
    }),
  ),
  expected: z.record(text, minorText),
})

type LedgerCase = z.infer<typeof caseShape>

/**
 * Runs the events of a payment at a peer through the machine of a payment. Ours is one attempt, authorised once and
 * captured once, of which refunds take parts: attempts that a peer keeps in one ledger, each under a reference of its
 * own, are as many payments of ours, summed.
 */
export const runPeerPayment = (raw: unknown): readonly Difference[] => {
  const given = readCase(caseShape, raw)
  const { expect, differences } = createComparison()
  const amounts = attemptsOf(given).map(amountsOf)
  for (const [name, stated] of Object.entries(given.expected)) {
    const known = amounts.map((each) => each[name])
    expect(
      name,
      stated,
      known.includes(undefined) ? undefined : known.reduce<number>((sum, each) => sum + (each ?? 0), 0),
    )
  }
  return differences
}

/** The events of each attempt, where every event names its attempt and none is a refund; else all of them as one. */
const attemptsOf = (given: LedgerCase): readonly LedgerCase[] => {
  const events = given.events.filter(({ ignored }) => ignored !== true)
  const references = new Set(events.map(({ pspReference }) => pspReference))
  const ofOneKind = (kind: string) => events.every(({ type }) => type.startsWith(kind))
  const apart = references.size > 1 && !references.has(null) && (ofOneKind('charge') || ofOneKind('authorization'))
  return apart
    ? [...references].map((reference) => ({
        ...given,
        events: events.filter(({ pspReference }) => pspReference === reference),
      }))
    : [given]
}

const amountsOf = (given: LedgerCase): Readonly<Record<string, number>> => {
  let state: PaymentState = paymentMachine.initial
  for (const command of factsOf(given)) {
    const decided = paymentMachine.decide(state, command)
    if (decided.isErr()) throw new Inexpressible(`what ours refuses: ${decided.error.type}`)
    for (const event of decided.value) state = paymentMachine.evolve(state, event)
  }
  if (state.status === 'absent') throw new Inexpressible('no payment')
  const { known, refundedMinor, refundReservedMinor } = state
  const captured = known.captured?.minor ?? 0
  return {
    authorized_value: state.status === 'failed' ? 0 : Math.max(0, (known.authorised?.minor ?? 0) - captured),
    charged_value: captured - refundedMinor - refundReservedMinor,
    refunded_value: refundedMinor,
    refund_pending_value: refundReservedMinor,
    canceled_value: 0,
    authorize_pending_value: pendingOf(state, given, 'authorization_request'),
    charge_pending_value: pendingOf(state, given, 'charge_request'),
    cancel_pending_value: 0,
  }
}

const pendingOf = (
  state: Exclude<PaymentState, { status: 'absent' }>,
  given: LedgerCase,
  request: 'authorization_request' | 'charge_request',
): number => {
  const waits = state.status === 'created' || state.status === 'processing'
  return waits && given.events.some(({ type }) => type === request) ? state.amountMinor : 0
}

const understood = [
  'authorization_request',
  'authorization_success',
  'authorization_failure',
  'charge_request',
  'charge_success',
  'charge_failure',
  'refund_request',
  'refund_success',
  'refund_failure',
]

const factsOf = (given: LedgerCase): readonly PaymentCommand[] => {
  const events = given.events.filter(({ ignored }) => ignored !== true)
  const other = events.find(({ type }) => !understood.includes(type))
  if (other !== undefined) throw new Inexpressible(`the event ${other.type}`)
  if (Object.keys(given.initial).length > 0) throw new Inexpressible('amounts from before the events')
  const kindsOf = (kind: string) => events.filter(({ type }) => type.startsWith(kind))
  for (const kind of ['authorization', 'charge']) {
    if (new Set(kindsOf(kind).map(({ pspReference, amount }) => `${pspReference} ${amount}`)).size > 1) {
      throw new Inexpressible('a payment authorised or charged in several parts')
    }
  }
  const amounts = [...kindsOf('authorization'), ...kindsOf('charge')].map(({ amount }) => amount)
  if (new Set(amounts).size > 1) throw new Inexpressible('a payment captured in part')
  const first = [...kindsOf('authorization'), ...kindsOf('charge')][0]
  if (first === undefined) throw new Inexpressible('a refund of what was never charged')
  const last = events.filter(({ type }) => type.startsWith('authorization') || type.startsWith('charge')).at(-1)
  const succeededBefore = events.some(({ type }) => type === 'authorization_success' || type === 'charge_success')
  if (succeededBefore && last?.type.endsWith('failure') === true) {
    throw new Inexpressible('a failure after money was heard of; ours never takes heard money back')
  }
  return [startOf(given, first.amount), ...events.flatMap((event, place) => commandsOf(event, place, given))]
}

const startOf = (given: LedgerCase, amountMinor: number): PaymentCommand => ({
  type: 'StartPayment',
  paymentId: 'payment',
  orderId: 'order',
  accountId: 'buyer',
  merchantId: null,
  gatewayId: 'gateway',
  merchantAccount: 'account',
  method: 'wechatPay',
  attempt: 1,
  amountMinor,
  currency: given.currency,
  capture: 'manual',
  at: 1,
  expiresAt: 1_000_000,
  queryable: true,
})

const commandsOf = (
  event: LedgerCase['events'][number],
  place: number,
  given: LedgerCase,
): readonly PaymentCommand[] => {
  const { type, amount } = event
  const refundId = event.pspReference ?? `refund ${place}`
  const told = (status: PaymentSnapshot['status']): PaymentCommand => ({
    type: 'RecordSnapshot',
    snapshot: {
      kind: 'payment',
      attemptRef: 'payment',
      orderRef: 'order',
      gatewayRef: 'reference',
      merchantAccount: 'account',
      status,
      total: { minor: amount, currency: given.currency },
      authorisedMinor: status === 'authorised' || status === 'captured' ? amount : 0,
      capturedMinor: status === 'captured' ? amount : 0,
      feeMinor: null,
      failure: status === 'failed' ? 'InstrumentDeclined' : null,
      at: place + 2,
    },
  })
  if (type === 'authorization_success') return [told('authorised')]
  if (type === 'charge_success') return [told('captured')]
  if (type.endsWith('_failure') && !type.startsWith('refund')) return [told('failed')]
  if (type === 'authorization_request' || type === 'charge_request') return [told('processing')]
  if (type === 'refund_request') return [{ type: 'ReserveRefund', refundId, amountMinor: amount }]
  if (type === 'refund_failure') return [{ type: 'ReleaseRefund', refundId }]
  const asked = given.events.some((each) => each.type === 'refund_request' && each.pspReference === event.pspReference)
  return [
    ...(asked ? [] : [{ type: 'ReserveRefund' as const, refundId, amountMinor: amount }]),
    { type: 'SettleRefund', refundId },
  ]
}
