import type { Outcome } from 'shopwright/payments'
import * as z from 'zod'
import { type PayPalClient, refuse } from './client.js'

const captureBody = z.object({ invoice_id: z.string().min(1) })

/** What the shop calls the payment that some money was taken by; nothing where PayPal knows no such money, or no name. */
export const invoiceOf = async (
  client: PayPalClient,
  captureId: string,
  at: number,
): Promise<string | Exclude<Outcome<never>, { kind: 'ok' }>> => {
  const reply = await client({ method: 'GET', path: `/v2/payments/captures/${encodeURIComponent(captureId)}`, at })
  if (reply.kind === 'refused' && reply.status === 404) return ''
  if (reply.kind !== 'done') return refuse(reply)
  return captureBody.safeParse(reply.body).data?.invoice_id ?? ''
}
