import { errAsync, okAsync } from 'neverthrow'
import type { MethodId, Outcome, PaymentGateway } from 'shopwright/payments'

/** What any gateway answers of which a person says what came and what went back: it asks nobody, and keeps nothing. */
export const toldByPerson: Pick<
  PaymentGateway,
  'query' | 'close' | 'refund' | 'queryRefund' | 'verifyNotification' | 'acknowledge'
> = {
  query: () => okAsync(waiting),
  // Money that is under way all the same is recorded when it comes, and counts as late.
  close: () => okAsync({ kind: 'ok', value: 'closed' }),
  refund: () => okAsync(waiting),
  queryRefund: () => okAsync(waiting),
  verifyNotification: () => errAsync({ type: 'NotificationRejected', reason: 'unsupported' }),
  acknowledge: () => ({ status: 404, headers: {}, body: '' }),
}

/** What it can do, for the one method that it carries. */
export const capabilitiesOf = (method: MethodId): PaymentGateway['capabilities'] => ({
  methods: [method],
  currencies: 'any',
  // What a person brings nobody can ask for.
  capture: 'automatic',
  partialCapture: false,
  multiCapture: false,
  holdMs: null,
  refund: 'manual',
  expiry: null,
  query: false,
  notifications: 'none',
  idempotency: { style: 'reference', windowMs: null },
  redirectHosts: [],
})

const waiting: Outcome<never> = { kind: 'pending', gatewayRef: null, pollAfterMs: null }

/** Another method than the one that it carries is asked for. */
export const otherMethod: Outcome<never> = {
  kind: 'declined',
  error: { code: 'MerchantConfig', gatewayCode: 'no such method' },
}
