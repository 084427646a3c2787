import { errAsync, okAsync } from 'neverthrow'
import type { CreateRequest, NextStep, Outcome, PaymentGateway } from 'shopwright/payments'

export { type CashOnDeliveryOptions, createCashOnDelivery } from './cash-on-delivery.js'

/** Where buyers transfer to. */
export type ManualGatewayOptions = {
  /** Unique in the shop; `manual` unless told. */
  readonly gatewayId?: string
  /** The shop's own name for the account, which every receipt has to name; `manual` unless told. */
  readonly merchantAccount?: string
  readonly bank: string
  readonly holder: string
  /** The shop's own account number, as buyers are to read it. */
  readonly account: string
}

/**
 * Bank transfer: nothing is asked of anybody, a person confirms what came and what went back (`offlineReceipt`,
 * `offlineRefund`). It keeps nothing, so it answers the same on every machine.
 */
export const createManualGateway = (options: ManualGatewayOptions): PaymentGateway => ({
  gatewayId: options.gatewayId ?? 'manual',
  merchantAccount: options.merchantAccount ?? 'manual',
  capabilities: {
    methods: ['bankTransfer'],
    currencies: 'any',
    capture: 'automatic',
    partialCapture: false,
    multiCapture: false,
    holdMs: null,
    refund: 'manual',
    partialRefund: true,
    refundWindowDays: null,
    close: 'api',
    expiry: null,
    query: false,
    notifications: 'none',
    idempotency: { style: 'reference', windowMs: null },
    redirectHosts: [],
  },
  create: (request) => {
    const next = nextStepOf(options, request)
    return next === null
      ? okAsync(decline('no such method'))
      : okAsync({ kind: 'ok', value: { gatewayRef: null, next, snapshot: null } })
  },
  query: () => okAsync({ kind: 'pending', gatewayRef: null, pollAfterMs: null }),
  // A transfer that is under way all the same is confirmed when it comes, and counts as late.
  close: () => okAsync({ kind: 'ok', value: 'closed' }),
  refund: () => okAsync({ kind: 'pending', gatewayRef: null, pollAfterMs: null }),
  queryRefund: () => okAsync({ kind: 'pending', gatewayRef: null, pollAfterMs: null }),
  verifyNotification: () => errAsync({ type: 'NotificationRejected', reason: 'unsupported' }),
  acknowledge: () => ({ status: 404, headers: {}, body: '' }),
})

const nextStepOf = (options: ManualGatewayOptions, { method, orderRef }: CreateRequest): NextStep | null => {
  if (method !== 'bankTransfer') return null
  const { bank, holder, account } = options
  return { kind: 'transferInstructions', bank, holder, account, memo: orderRef }
}

const decline = (gatewayCode: string): Outcome<never> => ({
  kind: 'declined',
  error: { code: 'MerchantConfig', gatewayCode },
})
