import * as z from 'zod'
import type { Log } from '../shared/collection.js'
import { parseStored } from '../shared/stored.schema.js'
import type { Account, LedgerEntry } from './ledger.js'

/** An account of the ledger. */
export const accountSchema: z.ZodType<Account> = z.union([
  z.enum([
    'bank',
    'disputeHold',
    'refundInTransit',
    'pointsLiability',
    'commission',
    'fee',
    'chargebackLoss',
    'pointsExpense',
    'promotionExpense',
  ]),
  z.templateLiteral(['gatewayClearing:', z.string()]),
  z.templateLiteral(['receivable:', z.string()]),
  z.templateLiteral(['escrow:', z.string()]),
  z.templateLiteral(['payable:', z.string()]),
  z.templateLiteral(['suspense:', z.string()]),
])

const entrySchema = z.object({
  entryId: z.string(),
  kind: z.enum([
    'captured',
    'feeCharged',
    'feeReturned',
    'suspended',
    'refundSubmitted',
    'refundSucceeded',
    'refundReturned',
    'refundPaidByHand',
    'refundPaidTwice',
    'refundChargedBack',
    'disputeHeld',
    'disputeLost',
    'disputeReleased',
    'disputeFeeCharged',
    'pointsTendered',
    'pointsReturned',
    'pointsForfeited',
    'pointsEarned',
    'pointsClawedBack',
    'subsidyFunded',
    'subsidyReturned',
    'receiptConfirmed',
    'gatewayPaidOut',
    'payeePaidOut',
    'payoutReturned',
    'suspenseMoved',
    'suspenseReturned',
    'escrowMoved',
  ]),
  at: z.int(),
  orderId: z.string().nullable(),
  paymentId: z.string().nullable(),
  refundId: z.string().nullable(),
  accountId: z.string().nullable(),
  merchantId: z.string().nullable(),
  lines: z.array(z.object({ account: accountSchema, currency: z.string(), amountMinor: z.int() })).min(2),
})

/** Every movement of money, in double entry. */
export const ledgerEntries: Log<LedgerEntry> = {
  name: 'ledgerEntry',
  fields: {
    kind: { type: 'text', path: 'kind' },
    at: { type: 'instant', path: 'at' },
    orderId: { type: 'text', path: 'orderId' },
    paymentId: { type: 'text', path: 'paymentId' },
    refundId: { type: 'text', path: 'refundId' },
    accountId: { type: 'text', path: 'accountId' },
    merchantId: { type: 'text', path: 'merchantId' },
  },
  ownership: { own: 'accountId', merchant: 'merchantId' },
  parse: parseStored<LedgerEntry>('ledgerEntry')(entrySchema),
}
