import { err, ok, okAsync, type Result, type ResultAsync } from 'neverthrow'
import { guardGateway } from '../payments/guard-gateway.js'
import { commandsOfClose, commandsOfQuery, commandsOfRefund, commandsOfRefundQuery } from '../payments/outcome.js'
import type { Payment, PaymentCommand } from '../payments/payment.js'
import { payments } from '../payments/payment.schema.js'
import type { PaymentGateway } from '../payments/ports.js'
import type { Refund, RefundCommand } from '../payments/refund.js'
import { refunds } from '../payments/refund.schema.js'
import { type Decision, decideAndCommit, type StorageError } from '../shared/decide-and-commit.js'
import type { Instant } from '../shared/instant.js'
import type { CorePorts } from '../shared/ports.js'
import { readFacts } from '../shared/read-facts.js'
import { row, rows } from '../shared/read-plan.js'
import type { Order } from './order.js'
import { askOrder, closeDraft, type OrderDraft, type OrderMoveError, openDraft } from './order-draft.js'
import { learnOfPayment, learnOfRefund } from './order-moves.js'
import type { MoneyPorts } from './ports.js'

/** The shop has no such gateway any more; what runs through it waits until it is back. */
export type GatewayUnknown = { readonly type: 'GatewayUnknown'; readonly gatewayId: string }

/** Where an order and one of its payments stand. */
export type PaymentStanding = {
  readonly orderId: string
  readonly paymentId: string
  readonly orderStatus: Order['status']
  readonly paymentStatus: Payment['status']
}

/** Where an order and one of its refunds stand. */
export type RefundStanding = {
  readonly orderId: string
  readonly refundId: string
  readonly orderStatus: Order['status']
  readonly refundStatus: Refund['status']
}

/** Why what is known of money could not be written. */
export type RecordError = OrderMoveError | StorageError

const everywhere = { kind: 'all' } as const

/**
 * Writes what became known of a payment, and everything that follows from it, in one read and one commit.
 *
 * @param commandsOf - what is known, as the payment stands when it is written
 * @param from - whose word it is: a payment through another gateway is as if absent
 * @errors NotFound when the shop has no such payment
 */
export const recordPayment = (
  ports: CorePorts,
  paymentId: string,
  commandsOf: (payment: Payment, now: Instant) => readonly PaymentCommand[],
  from?: { readonly gatewayId: string },
): ResultAsync<PaymentStanding, RecordError> =>
  decideAndCommit(ports, {
    scope: everywhere,
    plan: () => ({ found: row(payments, paymentId), ...askOrder({ from: 'found', path: 'orderId' }) }),
    decide: ({ found, ...read }, { now }) => {
      const payment = from === undefined || found?.state.gatewayId === from.gatewayId ? found : undefined
      return openDraft(payment === undefined ? { ...read, order: undefined } : read, payment?.state.orderId ?? '', now)
        .mapErr(
          (error): OrderMoveError =>
            payment === undefined ? { type: 'NotFound', entity: 'payment', id: paymentId } : error,
        )
        .andThen((draft) => {
          const commands = payment === undefined ? [] : commandsOf(payment.state, now)
          return learnOfPayment(draft, paymentId, commands).map(() => decisionOf(draft, standingOf(draft, paymentId)))
        })
    },
  })

/** Where an order and one of its payments stand in a draft. */
export const standingOf = (draft: OrderDraft, paymentId: string): PaymentStanding => ({
  orderId: draft.order.id,
  paymentId,
  orderStatus: statusOf(draft),
  paymentStatus: draft.payments.get(paymentId)?.state.status ?? 'created',
})

const statusOf = ({ order }: OrderDraft): Order['status'] =>
  order.state.status === 'absent' ? 'awaitingPayment' : order.state.status

const decisionOf = <Answer>(draft: OrderDraft, answer: Answer): Decision<Answer> => ({
  changes: closeDraft(draft),
  answer,
})

/**
 * Writes what became known of a refund, and everything that follows from it, in one read and one commit.
 *
 * @param from - whose word it is: a refund through another gateway is as if absent
 * @errors NotFound when the shop has no such refund
 */
export const recordRefund = (
  ports: CorePorts,
  refundId: string,
  commandsOf: (refund: Refund, now: Instant) => readonly RefundCommand[],
  from?: { readonly gatewayId: string },
): ResultAsync<RefundStanding & { readonly refund: Refund; readonly payment: Payment | undefined }, RecordError> =>
  decideAndCommit(ports, {
    scope: everywhere,
    plan: () => ({ refund: row(refunds, refundId), ...askOrder({ from: 'refund', path: 'orderId' }) }),
    decide: ({ refund: stored, ...read }, { now }) => {
      const found = from === undefined || stored?.state.gatewayId === from.gatewayId ? stored : undefined
      return openDraft(found === undefined ? { ...read, order: undefined } : read, found?.state.orderId ?? '', now)
        .mapErr(
          (error): OrderMoveError =>
            found === undefined ? { type: 'NotFound', entity: 'refund', id: refundId } : error,
        )
        .andThen((draft) => {
          const commands = found === undefined ? [] : commandsOf(found.state, now)
          return learnOfRefund(draft, refundId, commands).map(() => {
            const refund = draft.refunds.get(refundId)?.state ?? found?.state
            return { draft, refund }
          })
        })
        .andThen(({ draft, refund }) => {
          if (refund === undefined)
            return err<never, OrderMoveError>({ type: 'NotFound', entity: 'refund', id: refundId })
          const payment = draft.payments.get(refund.paymentId)?.state
          return ok(
            decisionOf(draft, {
              orderId: refund.orderId,
              refundId,
              orderStatus: statusOf(draft),
              refundStatus: refund.status,
              refund,
              payment,
            }),
          )
        })
    },
  })

/** Finds the gateway that a payment or refund runs through. */
export const gatewayOf = (ports: MoneyPorts, gatewayId: string): Result<PaymentGateway, GatewayUnknown> => {
  const gateway = Object.hasOwn(ports.gateways, gatewayId) ? ports.gateways[gatewayId] : undefined
  return gateway === undefined ? err({ type: 'GatewayUnknown', gatewayId }) : ok(guardGateway(gateway))
}

/**
 * Asks the gateway how a payment stands, or, where it is to end, to end it; and writes the answer.
 *
 * @errors GatewayUnknown, RecordError
 */
export const resolvePayment = (
  ports: MoneyPorts,
  payment: Payment,
): ResultAsync<PaymentStanding, RecordError | GatewayUnknown> =>
  gatewayOf(ports, payment.gatewayId).asyncAndThen((gateway) => {
    const at = ports.clock.now()
    const { paymentId, expiresAt } = payment
    const reference = { attemptRef: paymentId, gatewayRef: payment.known.gatewayRef, at }
    const query = (): ResultAsync<PaymentStanding, RecordError> =>
      gateway
        .query(reference)
        .andThen((outcome) => recordPayment(ports, paymentId, (_, now) => commandsOfQuery(outcome, now)))
    if (payment.status !== 'closing') return query()
    return gateway.close({ ...reference, key: `close:${paymentId}` }).andThen((outcome) => {
      // That it was paid is the gateway's word; how much, only a snapshot can say.
      if (outcome.kind === 'ok' && outcome.value === 'alreadyPaid') return query()
      return recordPayment(ports, paymentId, (_, now) => commandsOfClose(outcome, { at: now, expiresAt }))
    })
  })

/**
 * Sends a refund that waits to be sent, or that nobody knows the fate of: the intent is written, the gateway asked
 * under the same reference, its answer written. One that is under way is asked about, and sent again where the
 * gateway has never heard of it; one that is done is left alone.
 *
 * @errors GatewayUnknown, RecordError
 */
export const resolveRefund = (
  ports: MoneyPorts,
  refundId: string,
): ResultAsync<RefundStanding, RecordError | GatewayUnknown> =>
  recordRefund(ports, refundId, (refund, at) => (mustSend(refund) ? [{ type: 'SubmitRefund', at }] : [])).andThen(
    ({ refund, payment, ...standing }): ResultAsync<RefundStanding, RecordError | GatewayUnknown> => {
      if (payment === undefined) return okAsync(standing)
      switch (refund.status) {
        case 'submitted':
        case 'unknown':
          return gatewayOf(ports, refund.gatewayId).asyncAndThen((gateway) =>
            sendRefund(ports, gateway, refund, payment),
          )
        case 'pending':
          return gatewayOf(ports, refund.gatewayId).asyncAndThen((gateway) =>
            askRefund(ports, gateway, refund, payment),
          )
        case 'requested':
        case 'succeeded':
        case 'failed':
        case 'manualPayout':
        case 'paidManually':
        case 'cancelled':
          return okAsync(standing)
      }
    },
  )

const mustSend = (refund: Refund): boolean => refund.status === 'requested'

const sendRefund = (
  ports: MoneyPorts,
  gateway: PaymentGateway,
  refund: Refund,
  payment: Payment,
): ResultAsync<RefundStanding, RecordError> =>
  gateway
    .refund({
      refundRef: refund.refundId,
      attemptRef: refund.paymentId,
      gatewayRef: payment.known.gatewayRef,
      key: `refund:${refund.refundId}:${refund.tries}`,
      captured: { minor: payment.known.captured?.minor ?? 0, currency: payment.currency },
      amount: { minor: refund.amountMinor, currency: refund.currency },
      at: ports.clock.now(),
    })
    .andThen((outcome) => recordRefund(ports, refund.refundId, (_, now) => commandsOfRefund(outcome, now)))
    .map(standingOfRefund)

const askRefund = (
  ports: MoneyPorts,
  gateway: PaymentGateway,
  refund: Refund,
  payment: Payment,
): ResultAsync<RefundStanding, RecordError> =>
  gateway
    .queryRefund({
      refundRef: refund.refundId,
      attemptRef: refund.paymentId,
      gatewayRef: refund.known.gatewayRef,
      at: ports.clock.now(),
    })
    .andThen((outcome) =>
      recordRefund(ports, refund.refundId, (_, now) => commandsOfRefundQuery(outcome, now)).andThen((recorded) =>
        // What was taken note of and is not there any more would wait for ever; the same reference is one refund.
        outcome.kind === 'ok' && outcome.value === 'notFound'
          ? sendRefund(ports, gateway, refund, payment)
          : okAsync(standingOfRefund(recorded)),
      ),
    )

const standingOfRefund = ({ orderId, refundId, orderStatus, refundStatus }: RefundStanding): RefundStanding => ({
  orderId,
  refundId,
  orderStatus,
  refundStatus,
})

/**
 * Ends at their gateways the attempts that were asked to end.
 *
 * @errors GatewayUnknown, RecordError
 */
export const endAttempts = (
  ports: MoneyPorts,
  paymentIds: readonly string[],
): ResultAsync<readonly PaymentStanding[], RecordError | GatewayUnknown> => {
  if (paymentIds.length === 0) return okAsync([])
  const plan = { found: rows(payments, paymentIds) }
  return readFacts(ports.storage, { shop: ports.shop, scope: everywhere, at: ports.clock.now(), plan })
    .mapErr((error): RecordError | GatewayUnknown => error)
    .andThen(({ found }) =>
      found
        .filter(({ state }) => state.status === 'closing')
        .reduce<ResultAsync<readonly PaymentStanding[], RecordError | GatewayUnknown>>(
          (sofar, { state }) =>
            sofar.andThen((standings) => resolvePayment(ports, state).map((standing) => [...standings, standing])),
          okAsync([]),
        ),
    )
}
