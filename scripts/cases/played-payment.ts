import type { Result } from 'neverthrow'
import type {
  LedgerEntry,
  MovingPair,
  MovingPayment,
  PaymentCommand,
  PaymentSnapshot,
  RefundCommand,
  RefundSnapshot,
} from '../../src/payments/index.js'
import {
  capturableMinor,
  disputedMinor,
  moveDispute,
  movePayment,
  moveRefund,
  postDispute,
  postPayment,
  postRefund,
  refundableMinor,
  startPayment,
  startRefund,
} from '../../src/payments/index.js'
import { Inexpressible } from './verdict.js'

/** One payment of ours, with its refunds and disputes, as the machines move it and the ledger books it. */
export type PlayedPayment = {
  readonly state: () => MovingPayment['state']
  /** Everything that it booked. */
  readonly entries: () => readonly LedgerEntry[]
  /** What can be taken of what is held, minor units. */
  readonly capturable: () => number
  /** What a refund may ask for, minor units. */
  readonly refundable: () => number
  /** The gateway says how it stands; `heldMinor` is what is held in all, the whole amount when absent. */
  readonly tell: (status: PaymentSnapshot['status'], heldMinor?: number) => void
  readonly put: (command: PaymentCommand) => void
  /** A capture is written down. */
  readonly askCapture: (captureId: string, amountMinor: number) => void
  /** The gateway has taken so much more. */
  readonly take: (amountMinor: number) => void
  /** A refund is written down, and sent; whether the payment had so much left. */
  readonly refund: (refundId: string, amountMinor: number) => boolean
  /** The gateway says how a refund stands. */
  readonly tellRefund: (refundId: string, status: RefundSnapshot['status']) => void
  /** A bank has taken so much, for good. */
  readonly loseDispute: (disputeId: string, amountMinor: number) => void
}

const gatewayId = 'gateway'

/**
 * Begins a payment. Each is of an order of its own, so that what its escrow holds is its own.
 *
 * @param tick - the next moment of the story
 */
export const playPayment = (
  start: {
    readonly paymentId: string
    readonly amountMinor: number
    readonly currency: string
    readonly capture: 'automatic' | 'manual'
  },
  tick: () => number,
): PlayedPayment => {
  const { paymentId, amountMinor: totalMinor, currency, capture } = start
  const orderId = `order of ${paymentId}`
  const about = { paymentId, orderId, accountId: 'buyer', merchantId: null, gatewayId }
  const begun = startPayment({
    ...about,
    merchantAccount: 'account',
    method: 'creditCard',
    attempt: 1,
    amountMinor: totalMinor,
    currency,
    capture,
    at: tick(),
    expiresAt: 1_000_000,
    queryable: true,
  })
  let payment = taken(begun)
  const refunds = new Map<string, MovingPair['refund']>()
  const booked: LedgerEntry[] = []
  const keep = (next: MovingPayment): void => {
    booked.push(...postPayment(payment.state, next.state, tick()))
    payment = next
  }
  const keepPair = ({ payment: next, refund }: MovingPair): void => {
    const { refundId } = refund.state
    keep(next)
    booked.push(...postRefund(refunds.get(refundId)?.state ?? null, refund.state, tick()))
    refunds.set(refundId, refund)
  }
  const put = (command: PaymentCommand): void => keep(taken(movePayment(payment, [command])))
  const putRefund = (refundId: string, command: RefundCommand): void => {
    const refund = refunds.get(refundId)
    if (refund === undefined) throw new Inexpressible(`no refund ${refundId}`)
    keepPair(taken(moveRefund({ payment, refund }, [command])))
  }
  const takenMinor = (): number => payment.state.known.captured?.minor ?? 0
  const say = (status: PaymentSnapshot['status'], authorisedMinor: number, capturedMinor: number): void =>
    put({
      type: 'RecordSnapshot',
      snapshot: {
        kind: 'payment',
        attemptRef: paymentId,
        orderRef: orderId,
        gatewayRef: 'reference',
        merchantAccount: 'account',
        status,
        total: { minor: totalMinor, currency },
        authorisedMinor,
        capturedMinor,
        feeMinor: null,
        failure: status === 'failed' ? 'InstrumentDeclined' : null,
        at: tick(),
      },
    })
  return {
    state: () => payment.state,
    entries: () => booked,
    capturable: () => capturableMinor(payment.state),
    refundable: () => refundableMinor(payment.state),
    put,
    tell: (status, heldMinor = totalMinor) => {
      const hasMoney = status === 'authorised' || status === 'captured'
      say(status, hasMoney ? heldMinor : 0, status === 'captured' ? totalMinor : 0)
    },
    askCapture: (captureId, amountMinor) =>
      put({ type: 'RequestCapture', captureId, amountMinor, final: false, at: tick() }),
    take: (amountMinor) => {
      const minor = takenMinor() + amountMinor
      say(minor < totalMinor ? 'authorised' : 'captured', payment.state.known.authorised?.minor ?? 0, minor)
    },
    refund: (refundId, amountMinor) => {
      const at = tick()
      const reason = 'goodwill'
      const sources = [{ account: `escrow:${orderId}` as const, amountMinor }]
      const asked = startRefund(payment, { refundId, ...about, amountMinor, currency, reason, sources, at })
      if (asked.isErr()) return false
      keepPair(asked.value)
      putRefund(refundId, { type: 'SubmitRefund', at: tick() })
      return true
    },
    tellRefund: (refundId, status) => {
      const minor = refunds.get(refundId)?.state.amountMinor ?? 0
      putRefund(refundId, {
        type: 'RecordRefundSnapshot',
        snapshot: {
          kind: 'refund',
          refundRef: refundId,
          attemptRef: paymentId,
          gatewayRef: null,
          status,
          amount: { minor, currency },
          failure: status === 'failed' ? 'InstrumentDeclined' : null,
          at: tick(),
        },
      })
    },
    loseDispute: (disputeId, amountMinor) => {
      const at = tick()
      const word = { disputeRef: disputeId, attemptRef: paymentId, reason: 'fraudulent', feeMinor: null } as const
      const lost = moveDispute(undefined, [
        {
          type: 'RecordDispute',
          about: { ...about, disputeId, queryable: false },
          snapshot: {
            ...word,
            kind: 'dispute',
            status: 'lost',
            amount: { minor: amountMinor, currency },
            lostMinor: null,
            evidenceDueAt: null,
            at,
          },
          at,
        },
      ])
      const { state } = taken(lost)
      put({ type: 'RecordDispute', disputeId, status: 'lost', amountMinor: disputedMinor(state) })
      booked.push(...postDispute(null, state, at))
    },
  }
}

const taken = <Value>(decided: Result<Value, { readonly type: string }>): Value => {
  if (decided.isErr()) throw new Inexpressible(`what ours refuses: ${decided.error.type}`)
  return decided.value
}
