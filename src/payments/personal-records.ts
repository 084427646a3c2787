import { type PersonalRecord, personalEntries, personalRows, transactionKeptDays } from '../shared/personal-record.js'
import { disputes } from './dispute.schema.js'
import { heldReceipts } from './held-receipt.schema.js'
import { ledgerEntries } from './ledger.schema.js'
import { payments } from './payment.schema.js'
import { refunds } from './refund.schema.js'

// Whoever else paid a part of the order, or whose order it was: another person.
const ofBuyer = { omitted: ['payerAccountId'] }
const ofPayer = { owner: 'payerAccountId', omitted: ['accountId'] }

const threeYears = { verdict: 'restrict', law: 'E-Commerce Law 31', days: transactionKeptDays } as const

const kept = {
  basis: 'contract',
  sensitivity: 'ordinary',
  retention: { kind: 'withoutEnd' },
  onErasure: threeYears,
} as const

// Money that is to go back, or may have to, goes to whoever paid: it is no business of the buyer's where that is another.
const isOpenFor = ({ payerAccountId }: { readonly payerAccountId?: string | null }): boolean =>
  payerAccountId === undefined

const payment = {
  ...kept,
  purpose: 'To take money for an order, and to prove it',
  // The shop holds money of which nobody has decided yet where it goes.
  openWhere: [{ field: 'toDecide', is: 'eq', value: true }],
} as const
const underway = ['created', 'requiresAction', 'processing', 'unknown', 'authorised', 'partlyCaptured', 'closing']

const dispute = {
  ...kept,
  purpose: 'To answer whoever disputes a payment, and to prove it',
  openWhere: [{ field: 'status', is: 'in', values: ['inquiry', 'evidenceDue', 'underReview'] }],
} as const
const refund = {
  ...kept,
  purpose: 'To give money back, and to prove it',
  openWhere: [
    {
      field: 'status',
      is: 'in',
      values: ['requested', 'submitted', 'pending', 'unknown', 'failed', 'manualPayout', 'held'],
    },
  ],
} as const

const heldReceipt = {
  ...kept,
  purpose: 'To give back money that came amiss, and to prove it',
  openWhere: [{ field: 'status', is: 'in', values: ['held', 'owedBack'] }],
} as const

/** What payments keep of people, and what becomes of it with the account. */
export const paymentsPersonalRecords: readonly PersonalRecord[] = [
  personalRows(payments, { ...payment, ...ofBuyer, isOpenFor }),
  personalRows(payments, {
    ...payment,
    ...ofPayer,
    name: 'paymentForOthers',
    // The buyer has an order that is open meanwhile; who pays a part of it has this alone.
    openWhere: [{ field: 'status', is: 'in', values: [...underway, 'integrityHold'] }],
    // Should the others not pay, it goes back to them, and they are to be told.
    alsoOpenWhere: [{ field: 'waitsForOthers', is: 'eq', value: true }],
    isOpenFor: ({ status, toDecide, waitsForOthers }) =>
      status !== 'integrityHold' || toDecide === true || waitsForOthers === true,
  }),
  personalRows(disputes, { ...dispute, ...ofBuyer }),
  personalRows(disputes, { ...dispute, ...ofPayer, name: 'disputeForOthers' }),
  personalRows(refunds, { ...refund, ...ofBuyer, isOpenFor }),
  personalRows(refunds, { ...refund, ...ofPayer, name: 'refundForOthers' }),
  personalRows(heldReceipts, heldReceipt),
  personalEntries(ledgerEntries, {
    ...kept,
    purpose: 'To keep books of money',
    basis: 'legalDuty',
  }),
]
