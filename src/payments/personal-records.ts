import { type PersonalRecord, personalEntries, personalRows, transactionKeptDays } from '../shared/personal-record.js'
import { disputes } from './dispute.schema.js'
import { ledgerEntries } from './ledger.schema.js'
import { payments } from './payment.schema.js'
import { refunds } from './refund.schema.js'

// Another person, who paid a part by a link.
const omitted = ['payerAccountId']

const threeYears = { verdict: 'restrict', law: 'E-Commerce Law 31', days: transactionKeptDays } as const

/** What payments keep of people, and what becomes of it with the account. */
export const paymentsPersonalRecords: readonly PersonalRecord[] = [
  personalRows(payments, {
    purpose: 'To take money for an order, and to prove it',
    basis: 'contract',
    sensitivity: 'ordinary',
    retention: { kind: 'withoutEnd' },
    onErasure: threeYears,
    omitted,
  }),
  personalRows(disputes, {
    purpose: 'To answer whoever disputes a payment, and to prove it',
    basis: 'contract',
    sensitivity: 'ordinary',
    retention: { kind: 'withoutEnd' },
    onErasure: threeYears,
    omitted,
    openWhere: [{ field: 'status', is: 'in', values: ['inquiry', 'evidenceDue', 'underReview'] }],
  }),
  personalRows(refunds, {
    purpose: 'To give money back, and to prove it',
    basis: 'contract',
    sensitivity: 'ordinary',
    retention: { kind: 'withoutEnd' },
    onErasure: threeYears,
    omitted,
    openWhere: [
      {
        field: 'status',
        is: 'in',
        values: ['requested', 'submitted', 'pending', 'unknown', 'failed', 'manualPayout', 'held'],
      },
    ],
  }),
  personalEntries(ledgerEntries, {
    purpose: 'To keep books of money',
    basis: 'legalDuty',
    sensitivity: 'ordinary',
    retention: { kind: 'withoutEnd' },
    onErasure: threeYears,
  }),
]
