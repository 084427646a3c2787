import { okAsync } from 'neverthrow'
import type {
  DisputePort,
  DisputeSnapshot,
  GatewayAnswer,
  Outcome,
  PaymentGateway,
  PaymentSnapshot,
  RefundSnapshot,
} from 'shopwright/payments'
import type { GatewayUnderTest } from '../../../../adapters/contract/gateway-under-test.js'

/** A sandbox that does some of it wrongly, and is otherwise as it was. */
export type Fault = (world: GatewayUnderTest) => Partial<PaymentGateway>

export type Fact = PaymentSnapshot | RefundSnapshot | DisputeSnapshot

export const changed = <T>(answer: GatewayAnswer<T>, change: (value: T) => T): GatewayAnswer<T> =>
  answer.map((outcome) => (outcome.kind === 'ok' ? { kind: 'ok', value: change(outcome.value) } : outcome))

export const found =
  <T>(change: (value: T) => T) =>
  (value: T | 'notFound'): T | 'notFound' =>
    value === 'notFound' ? value : change(value)

export const asked =
  (change: (payment: PaymentSnapshot) => PaymentSnapshot): Fault =>
  ({ gateway }) => ({ query: (request) => changed(gateway.query(request), found(change)) })

export const refunded =
  (change: (refund: RefundSnapshot) => RefundSnapshot): Fault =>
  ({ gateway }) => ({ refund: (request) => changed(gateway.refund(request), change) })

export const refundAsked =
  (change: (refund: RefundSnapshot) => RefundSnapshot): Fault =>
  ({ gateway }) => ({ queryRefund: (request) => changed(gateway.queryRefund(request), found(change)) })

export const captured =
  (change: (payment: PaymentSnapshot, minor: number) => PaymentSnapshot): Fault =>
  ({ gateway }) => ({
    capture: (request) =>
      changed(gateway.capture?.(request) ?? okAsync({ kind: 'unknown', cause: 'threw' }), (payment) =>
        change(payment, request.amount.minor),
      ),
  })

export const told =
  (change: (fact: Fact) => Fact): Fault =>
  ({ gateway }) => ({
    verifyNotification: (notification) =>
      gateway.verifyNotification(notification).map((said) => ({ ...said, facts: said.facts.map(change) })),
  })

export const toldPayment = (change: (payment: PaymentSnapshot) => PaymentSnapshot): Fault =>
  told((fact) => (fact.kind === 'payment' ? change(fact) : fact))

export const toldRefund = (change: (refund: RefundSnapshot) => RefundSnapshot): Fault =>
  told((fact) => (fact.kind === 'refund' ? change(fact) : fact))

export const disputed =
  (change: (port: DisputePort) => Partial<DisputePort>): Fault =>
  ({ gateway }) =>
    gateway.disputes === undefined ? {} : { disputes: { ...gateway.disputes, ...change(gateway.disputes) } }

export const declared = (change: Partial<PaymentGateway['capabilities']>): Fault => {
  const altered: Fault = ({ gateway }) => ({ capabilities: { ...gateway.capabilities, ...change } })
  return altered
}

export const inSeconds = <T extends { readonly at: number }>(fact: T): T => ({
  ...fact,
  at: Math.floor(fact.at / 1000),
})

/** A definite no. */
export const declined: Outcome<never> = { kind: 'declined', error: { code: 'MerchantConfig', gatewayCode: 'none' } }

/** Faults by the case of the contract that is to find them, each with what it is. */
export type Faults = Readonly<Record<string, readonly (readonly [what: string, Fault])[]>>
