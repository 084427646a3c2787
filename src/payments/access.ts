import type { AccessPolicy } from '../shared/actor.js'

/** Who may ask what of payments. */
export const paymentsAccess = {
  'payments.list': { guest: 'own', customer: 'own', merchant: 'own', staff: 'all', system: 'all' },
  'payments.attempts': { staff: 'all', system: 'all' },
  'payments.ledger': { staff: 'all', system: 'all' },
  'payments.refunds': { staff: 'all', system: 'all' },
  'payments.held': { staff: 'all', system: 'all' },
  'payments.receipts': { staff: 'all', system: 'all' },
  'payments.disputes': { merchant: 'own', staff: 'all', system: 'all' },
  'payments.reconciliations': { staff: 'all', system: 'all' },
} satisfies AccessPolicy
