import { err, ok, type Result, type ResultAsync } from 'neverthrow'
import type { InventoryPorts } from '../../inventory/ports.js'
import { guardGateway } from '../../payments/guard-gateway.js'
import type { Payment, PaymentCommand } from '../../payments/payment.js'
import { payments } from '../../payments/payment.schema.js'
import type { PaymentGateway } from '../../payments/ports.js'
import type { Refund, RefundCommand } from '../../payments/refund.js'
import { refunds } from '../../payments/refund.schema.js'
import { type Decision, decideAndCommit, type StorageError } from '../../shared/decide-and-commit.js'
import type { Instant } from '../../shared/instant.js'
import type { CorePorts } from '../../shared/ports.js'
import { row } from '../../shared/read-plan.js'
import { outcomeOfRefund, refundOfOrder } from '../money/refund-outcome.js'
import type { Order, OrderRefund } from '../order.js'
import {
  askOrder,
  askOrderOfMoney,
  closeDraft,
  type OrderDraft,
  type OrderMoveError,
  openDraft,
} from '../order-draft.js'
import { learnOfPayment, learnOfRefund } from '../order-moves.js'
import type { MoneyPorts } from '../ports.js'
import { noteHeld } from '../watch/note-amiss.js'
import { askRetake, retakeOf } from './reinstate-order.js'

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
  /** Where the refund of the order stands that it is, or is a part of. */
  readonly wholeStatus: OrderRefund['status']
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
  ports: InventoryPorts,
  paymentId: string,
  commandsOf: (payment: Payment, now: Instant) => readonly PaymentCommand[],
  from?: { readonly gatewayId: string },
): ResultAsync<PaymentStanding, RecordError> =>
  decideAndCommit(ports, {
    scope: everywhere,
    plan: ({ now }) => ({
      found: row(payments, paymentId),
      ...askOrderOfMoney({ from: 'found', path: 'orderId' }),
      ...askRetake(ports, now),
    }),
    decide: ({ found, ...read }, { now }) => {
      const payment = from === undefined || found?.state.gatewayId === from.gatewayId ? found : undefined
      return openDraft(payment === undefined ? { ...read, order: undefined } : read, payment?.state.orderId ?? '', now)
        .mapErr(
          (error): OrderMoveError =>
            payment === undefined ? { type: 'NotFound', entity: 'payment', id: paymentId } : error,
        )
        .andThen((draft) => {
          const commands = payment === undefined ? [] : commandsOf(payment.state, now)
          return learnOfPayment(draft, paymentId, commands, retakeOf(ports, read)).map(() => {
            const held = noteHeld(ports.ids, payment?.state, draft.payments.get(paymentId)?.state, now)
            return { changes: [...closeDraft(draft), ...held], answer: standingOf(draft, paymentId) }
          })
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

/** A refund as it stands once something of it is written. */
export type RecordedRefund = RefundStanding & {
  readonly refund: Refund
  /** As it was read. */
  readonly before: Refund
  readonly payment: Payment | undefined
}

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
): ResultAsync<RecordedRefund, RecordError> =>
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
              wholeStatus: outcomeOfRefund(draft, refundOfOrder(refund)) ?? ('pending' as const),
              refund,
              before: found?.state ?? refund,
              payment,
            }),
          )
        })
    },
  })

/** Whether the shop knows a gateway by this name. */
export const checkGateway = (
  { gateways }: Pick<MoneyPorts, 'gateways'>,
  gatewayId: string,
): Result<void, GatewayUnknown> =>
  Object.hasOwn(gateways, gatewayId) ? ok(undefined) : err({ type: 'GatewayUnknown', gatewayId })

/** What a gateway takes about disputes, as it says of itself: nothing is asked of it. */
export const disputesOf = (
  { gateways }: Pick<MoneyPorts, 'gateways'>,
  gatewayId: string,
): PaymentGateway['disputes'] => (Object.hasOwn(gateways, gatewayId) ? gateways[gatewayId]?.disputes : undefined)

/** Finds the gateway that a payment or refund runs through. */
export const gatewayOf = (
  ports: Pick<MoneyPorts, 'gateways'>,
  gatewayId: string,
): Result<PaymentGateway, GatewayUnknown> => {
  const gateway = Object.hasOwn(ports.gateways, gatewayId) ? ports.gateways[gatewayId] : undefined
  return gateway === undefined ? err({ type: 'GatewayUnknown', gatewayId }) : ok(guardGateway(gateway, gatewayId))
}
