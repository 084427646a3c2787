import type { DisputeSnapshot, RefundSnapshot } from 'shopwright/payments'
import * as z from 'zod'
import { readMoney } from './amount.js'
import type { PayPalClient } from './client.js'
import { invoiceOf } from './invoice-of.js'
import { readRefund } from './read-refund.js'
import { captureIn, tellParts } from './refund-parts.js'

const reversalBody = z.object({
  id: z.string().min(1),
  amount: z.object({ currency_code: z.string(), value: z.string() }).optional(),
  create_time: z.iso.datetime({ offset: true }).optional(),
  update_time: z.iso.datetime({ offset: true }).optional(),
  links: z.array(z.object({ rel: z.string(), href: z.string() })).default([]),
})

/**
 * How money stands that has gone back to the payer, by whoever's doing. What PayPal takes back by itself may be a refund by
 * its own name, as one that is made on its pages; where it is none, it goes by the name of the money that was taken back.
 *
 * @param isReversal - whether PayPal says that it took it back by itself
 * @returns null where it is of no payment of the shop's, `unknown` where nobody can say now
 */
export const hearMoneyBack = async (
  client: PayPalClient,
  resource: unknown,
  { at, isReversal }: { readonly at: number; readonly isReversal: boolean },
): Promise<RefundSnapshot | 'unknown' | null> => {
  const read = reversalBody.safeParse(resource)
  if (!read.success) return null
  const { id, links, create_time, update_time } = read.data
  const part = await readRefund(client, id, at)
  if (part !== null && 'kind' in part) return 'unknown'
  // One part of several says nothing of the whole, which is asked about when it is due.
  if (part !== null) return tellParts([part])
  const amount = read.data.amount === undefined ? null : readMoney(read.data.amount)
  if (!isReversal || amount === null) return null
  const captureId = captureIn(links) ?? id
  const invoice = await invoiceOf(client, captureId, at)
  if (typeof invoice !== 'string') return 'unknown'
  if (invoice === '') return null
  const time = update_time ?? create_time
  return {
    kind: 'refund',
    refundRef: id,
    attemptRef: invoice,
    gatewayRef: id,
    status: 'succeeded',
    amount,
    failure: null,
    at: time === undefined ? at : Date.parse(time),
  }
}

const pageBody = z.object({ items: z.array(z.object({ dispute_id: z.string().min(1) })).default([]) })

/**
 * Whether some money is a dispute's to hold or to have taken: what is taken back of it then is booked by that. An account that
 * may not ask for disputes hears of none, and what it is told is for a person to see.
 *
 * @param hear - how a dispute stands; null where it is of nothing of the shop's
 */
export const isDisputed = async (
  client: PayPalClient,
  captureId: string,
  at: number,
  hear: (disputeRef: string) => Promise<DisputeSnapshot | 'unknown' | null>,
): Promise<boolean | 'unknown'> => {
  const path = `/v1/customer/disputes?disputed_transaction_id=${encodeURIComponent(captureId)}`
  const reply = await client({ method: 'GET', path, at })
  const listed = reply.kind === 'done' ? pageBody.safeParse(reply.body) : undefined
  if (reply.kind === 'refused' && reply.status === 403) return false
  if (listed?.success !== true) return 'unknown'
  for (const { dispute_id: disputeRef } of listed.data.items) {
    const dispute = await hear(disputeRef)
    if (dispute === 'unknown') return 'unknown'
    if (dispute !== null && dispute.status !== 'won' && dispute.status !== 'inquiry') return true
  }
  return false
}
