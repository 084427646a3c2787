import type { GatewayErrorCode, MethodId, NextStep, PaymentSnapshot, RefundSnapshot } from 'shopwright/payments'
import type { SandboxDispute } from './disputes.js'
import type { SandboxSplit } from './splits.js'

/** A payment as the sandbox keeps it. */
export type SandboxPayment = {
  readonly attemptRef: string
  readonly orderRef: string
  readonly gatewayRef: string
  readonly method: MethodId
  readonly currency: string
  readonly totalMinor: number
  readonly capture: 'automatic' | 'manual'
  readonly isSplit: boolean
  readonly expiresAt: number
  readonly next: NextStep
  readonly status: PaymentSnapshot['status']
  readonly authorisedMinor: number
  readonly capturedMinor: number
  readonly feeMinor: number
  readonly failure: GatewayErrorCode | null
  readonly at: number
  /** What it says instead of the truth. */
  readonly told: Partial<PaymentSnapshot>
}

/** A refund as the sandbox keeps it. */
export type SandboxRefund = {
  readonly refundRef: string
  readonly attemptRef: string
  readonly gatewayRef: string
  readonly currency: string
  readonly amountMinor: number
  readonly status: RefundSnapshot['status']
  readonly failure: GatewayErrorCode | null
  readonly at: number
}

/** Everything the sandbox has booked, to hold the shop's ledger against. */
export type SandboxBooks = {
  readonly payments: readonly SandboxPayment[]
  readonly refunds: readonly SandboxRefund[]
  readonly disputes: readonly SandboxDispute[]
  readonly splits: readonly SandboxSplit[]
  /** The payments of which nothing more is split. */
  readonly splitsOver: readonly string[]
  /** By currency: taken, kept as fee, given back, held or taken by disputes, given to payees, and what is left for the shop. */
  readonly totals: readonly {
    readonly currency: string
    readonly capturedMinor: number
    readonly feeMinor: number
    readonly refundedMinor: number
    readonly disputedMinor: number
    readonly splitMinor: number
    readonly netMinor: number
  }[]
}

/** What a payment is said to be. */
export const tellPayment = (payment: SandboxPayment, merchantAccount: string): PaymentSnapshot => ({
  kind: 'payment',
  attemptRef: payment.attemptRef,
  orderRef: payment.orderRef,
  gatewayRef: payment.gatewayRef,
  merchantAccount,
  status: payment.status,
  total: { minor: payment.totalMinor, currency: payment.currency },
  authorisedMinor: payment.authorisedMinor,
  capturedMinor: payment.capturedMinor,
  feeMinor: payment.capturedMinor > 0 ? payment.feeMinor : null,
  failure: payment.failure,
  at: payment.at,
  ...payment.told,
})

/** What a refund is said to be. */
export const tellRefund = (refund: SandboxRefund): RefundSnapshot => ({
  kind: 'refund',
  refundRef: refund.refundRef,
  attemptRef: refund.attemptRef,
  gatewayRef: refund.gatewayRef,
  status: refund.status,
  amount: { minor: refund.amountMinor, currency: refund.currency },
  failure: refund.failure,
  at: refund.at,
})

const gone = ({ status, amount, lostMinor }: SandboxDispute): number => {
  switch (status) {
    case 'inquiry':
    case 'won':
      return 0
    case 'evidenceDue':
    case 'underReview':
      return amount.minor
    case 'lost':
      return lostMinor ?? amount.minor
  }
}

/** Sums up what was booked. */
export const closeBooks = (kept: Omit<SandboxBooks, 'totals'>): SandboxBooks => {
  const { payments, refunds, disputes, splits } = kept
  const currencies = [...new Set(payments.map((payment) => payment.currency))].sort()
  return {
    ...kept,
    totals: currencies.map((currency) => {
      const own = payments.filter((payment) => payment.currency === currency)
      const back = refunds.filter((refund) => refund.currency === currency && refund.status === 'succeeded')
      const capturedMinor = own.reduce((sum, payment) => sum + payment.capturedMinor, 0)
      const disputed = disputes.filter(({ amount }) => amount.currency === currency)
      const feeMinor = [...own, ...disputed].reduce((sum, each) => sum + each.feeMinor, 0)
      const disputedMinor = disputed.reduce((sum, dispute) => sum + gone(dispute), 0)
      const refundedMinor = back.reduce((sum, refund) => sum + refund.amountMinor, 0)
      const splitMinor = splits.reduce(
        (sum, split) => (split.currency === currency ? sum + split.amountMinor - split.returnedMinor : sum),
        0,
      )
      const netMinor = capturedMinor - feeMinor - refundedMinor - disputedMinor - splitMinor
      return { currency, capturedMinor, feeMinor, refundedMinor, disputedMinor, splitMinor, netMinor }
    }),
  }
}
