import * as z from 'zod'
import { readIntent, refundOf, snapshotOf } from '../../adapters/gateways/stripe/facts.js'
import { type Check, compare, readShared } from './check.js'

const published = z.object({
  resources: z.object({ payment_intent: z.looseObject({}), refund: z.looseObject({}), charge: z.looseObject({}) }),
})

/** Stripe's samples of a payment and of a refund, with our references on them. */
export const checkStripe = (folder: string): readonly Check[] => {
  const { payment_intent, refund, charge } = published.parse(
    JSON.parse(readShared(folder, 'stripe-fixtures3.json')),
  ).resources
  const metadata = { attempt_ref: 'pay_1', order_ref: 'order_1', refund_ref: 'ref_1' }
  const plain = readIntent(payment_intent)
  const intent = readIntent({ ...payment_intent, metadata, latest_charge: charge })
  const snapshot = intent === null ? null : snapshotOf(intent, 'acct_1', 0)
  const told = refundOf({ ...refund, metadata }, 0)
  return [
    compare('sample payment_intent is read', plain?.id, payment_intent.id),
    compare("sample payment_intent is nobody's", plain === null ? 'unread' : snapshotOf(plain, 'acct_1', 0), null),
    compare('sample payment_intent, its amount', snapshot?.total.minor, payment_intent.amount),
    compare('sample refund is read', told?.gatewayRef, refund.id),
    compare('sample refund, its amount', told?.amount.minor, refund.amount),
    compare("sample refund is nobody's", refundOf(refund, 0), null),
  ]
}
