import type { GatewayErrorCode } from 'shopwright/payments'

/** How often and when the gateway tells of what happened; once and at once unless told. */
export type Delivery = {
  /** 0 for never, 2 for twice, with one event id. */
  readonly times?: number
  /** How much later than it happened. */
  readonly lateMs?: number
}

/** What the next request to create comes to. */
export type PaymentScript = { readonly delivery?: Delivery } & (
  | { readonly kind: 'succeed' }
  /** Held; taken by `capture`. */
  | { readonly kind: 'authorise' }
  | { readonly kind: 'decline'; readonly code: GatewayErrorCode }
  /** The answer is lost; behind it the payer was charged, or the request never arrived. */
  | { readonly kind: 'timeout'; readonly charged: boolean }
  /** The payer is sent to pay; `pay` and `fail` say what they do. */
  | { readonly kind: 'pending' }
  /** The payer pays another sum than asked for, and so it is told. */
  | { readonly kind: 'otherAmount'; readonly minor: number }
  /** Charged, and told of with another sum, currency, account or order than asked for. */
  | { readonly kind: 'wrongAmount'; readonly minor: number }
  | { readonly kind: 'wrongCurrency'; readonly currency: string }
  | { readonly kind: 'wrongAccount'; readonly merchantAccount: string }
  | { readonly kind: 'wrongOrder'; readonly orderRef: string }
)

/** What the next request to give money back comes to. */
export type RefundScript = { readonly delivery?: Delivery } & (
  | { readonly kind: 'succeed' }
  | { readonly kind: 'decline'; readonly code: GatewayErrorCode }
  /** The answer is lost; behind it the money went back, or the request never arrived. */
  | { readonly kind: 'timeout'; readonly refunded: boolean }
  /** Accepted; `settleRefund` and `failRefund` say how it ends. */
  | { readonly kind: 'pending' }
)

/** What the next request to take held money comes to. */
export type CaptureScript =
  | { readonly kind: 'succeed' }
  | { readonly kind: 'decline'; readonly code: GatewayErrorCode }
  /** The answer is lost; behind it the money was taken, or the request never arrived. */
  | { readonly kind: 'timeout'; readonly captured: boolean }

/** What the next request to close comes to. */
export type CloseScript =
  | { readonly kind: 'close' }
  /** The answer is lost; behind it the payment was closed, or the request never arrived. */
  | { readonly kind: 'timeout'; readonly closed: boolean }
  /** The payer pays just before. */
  | { readonly kind: 'paidFirst' }

/** What the next question comes to. */
export type QueryScript = { readonly kind: 'answer' } | { readonly kind: 'timeout' }
