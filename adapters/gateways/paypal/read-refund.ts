import type { PayPalClient, PayPalReply } from './client.js'
import { invoiceOf } from './invoice-of.js'
import { captureOfRefund, type RefundPart, readPart } from './refund-parts.js'

/**
 * Asks for a refund by PayPal's name for it. One that the shop has not sent may leave it to its money to say whose it is.
 *
 * @param invoice - what the shop calls its payment, where that is known
 * @returns null where there is none, or none of a payment of the shop's
 */
export const readRefund = async (
  client: PayPalClient,
  refundId: string,
  at: number,
  invoice = '',
): Promise<RefundPart | null | Exclude<PayPalReply, { kind: 'done' }>> => {
  const path = `/v2/payments/refunds/${encodeURIComponent(refundId)}`
  const reply = await client({ method: 'GET', path, at })
  if (reply.kind === 'refused' && reply.status === 404) return null
  if (reply.kind !== 'done') return reply
  const said = readPart(reply.body, at, invoice)
  const captureId = captureOfRefund(reply.body)
  if (said !== null || captureId === null) return said
  const found = await invoiceOf(client, captureId, at)
  if (typeof found === 'string') return readPart(reply.body, at, found)
  if (found.kind === 'declined') return { kind: 'refused', status: 400, issue: found.error.gatewayCode }
  return { kind: 'unknown', cause: found.kind === 'unknown' ? found.cause : 'unparsable' }
}
