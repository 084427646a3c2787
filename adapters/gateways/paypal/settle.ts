import { gatewayErrors, type Outcome } from 'shopwright/payments'
import { untold } from '../untold.js'
import { type PayPalClient, type PayPalReply, refuse } from './client.js'
import { codeOf } from './error-codes.js'
import { closedMarkOf, isMarkedClosed, type PayPalOrder, readOrder } from './facts.js'

/** An order as PayPal has it, that it has none, or why nobody can say. */
export type FoundOrder = PayPalOrder | 'notFound' | Exclude<Outcome<never>, { kind: 'ok' }>

/** Whether an order was found. */
export const isOrder = (found: FoundOrder): found is PayPalOrder => found !== 'notFound' && !('kind' in found)

/** Where PayPal keeps an order. */
export const orderPath = (orderId: string): string => `/v2/checkout/orders/${encodeURIComponent(orderId)}`

/** Asks for an order as it stands. */
export const readAt = async (client: PayPalClient, orderId: string, at: number): Promise<FoundOrder> => {
  const reply = await client({ method: 'GET', path: orderPath(orderId), at })
  if (reply.kind === 'refused' && reply.status === 404) return 'notFound'
  const order = reply.kind === 'done' ? readOrder(reply.body) : null
  return order ?? refuse(reply)
}

/** Marks an order as closed: it is not taken any more, though its payer approves it. */
export const markClosed = (
  client: PayPalClient,
  order: PayPalOrder,
  at: number,
  failure?: Parameters<typeof closedMarkOf>[1],
): Promise<PayPalReply> => {
  const path = "/purchase_units/@reference_id=='default'/custom_id"
  const text = JSON.stringify([{ op: 'replace', path, value: closedMarkOf(order, failure) }])
  return client({ method: 'PATCH', path: orderPath(order.id), text, at })
}

/** Whether its payer has approved an order that nobody has taken, or closed. */
export const isTakable = (found: FoundOrder): found is PayPalOrder =>
  isOrder(found) && found.status === 'APPROVED' && !isMarkedClosed(found)

/**
 * How an order stands, once what its payer has approved has been taken or held. Where PayPal does not give it, the payer
 * goes back there for another instrument, if that is its own advice; what else it refuses for certain closes the order,
 * so that nothing is taken by it while the payer pays another way.
 *
 * @param attemptRef - what the shop calls it; what is called otherwise is left as it is
 */
export const settle = async (
  client: PayPalClient,
  orderId: string,
  attemptRef: string,
  at: number,
): Promise<FoundOrder> => {
  const order = await readAt(client, orderId, at)
  if (!isTakable(order) || order.unit.invoice_id !== attemptRef) return order
  const verb = order.intent === 'AUTHORIZE' ? 'authorize' : 'capture'
  // PayPal may say a refusal again under its key: what was approved anew is asked for anew. No order is taken twice.
  const key = [verb, orderId, ...(order.update_time === undefined ? [] : [order.update_time])].join(':')
  const reply = await client({ method: 'POST', path: `${orderPath(orderId)}/${verb}`, text: '{}', key, at })
  const after = reply.kind === 'done' ? readOrder(reply.body) : null
  if (after !== null && after.unit.invoice_id !== undefined) return after
  // Whatever came of it, the order itself knows.
  const now = await readAt(client, orderId, at)
  if (!isTakable(now) || reply.kind === 'done') return now
  return reply.kind === 'refused' ? heed(client, now, reply, at) : reply
}

/** PayPal's own advice is that the payer comes back and takes another instrument. */
const advisesReturn = ['INSTRUMENT_DECLINED', 'REDIRECT_PAYER_FOR_ALTERNATE_FUNDING']

const heed = async (
  client: PayPalClient,
  order: PayPalOrder,
  refused: Extract<PayPalReply, { kind: 'refused' }>,
  at: number,
): Promise<FoundOrder> => {
  const code = codeOf(refused.status, refused.issue, 'pay')
  if (advisesReturn.includes(refused.issue) || code === 'AuthRequired') return order
  const { definite, atTheDoor } = gatewayErrors[code]
  // A number that was taken by another order stays so: this one never is.
  const isOver = (definite && !atTheDoor) || code === 'DuplicateReference'
  if (!isOver) return untold(refuse(refused))
  const marked = await markClosed(client, order, at, code)
  if (marked.kind === 'unknown') return marked
  if (marked.kind === 'done') return { ...order, unit: { ...order.unit, custom_id: closedMarkOf(order, code) } }
  const after = await readAt(client, order.id, at)
  return isTakable(after) ? untold(refuse(marked)) : after
}
