import { err, ok, type Result } from 'neverthrow'
import { type Actor, customerIdOf } from '../../shared/actor.js'
import type { NotFound } from '../../shared/errors.js'
import type { OrderPayer } from '../order.js'
import type { ShareOfInput } from '../order-inputs.js'
import type { OrderRow } from '../order-row.js'

/** The order that a payer speaks of. */
export const orderIdOf = ({ orderId, link }: ShareOfInput): string => orderId ?? link?.split('.')[0] ?? ''

/**
 * Whose part of an order it is that somebody asks for: that of the link, or that of their own account.
 *
 * @param digest - of the link
 * @errors NotFound, as if there were no such order, for everybody else
 */
export const invitedPayer = (
  order: OrderRow | undefined,
  asked: { readonly actor: Actor; readonly input: ShareOfInput; readonly digest: string },
): Result<OrderPayer, NotFound> => {
  const { actor, input, digest } = asked
  const isInvited = ({ payerId, accountId }: OrderPayer): boolean =>
    input.link === undefined
      ? accountId !== null && accountId === customerIdOf(actor)
      : order?.details.payerLinks?.[payerId] === digest
  const found = order?.payers?.find(isInvited)
  return found === undefined ? err({ type: 'NotFound', entity: 'share', id: orderIdOf(input) }) : ok(found)
}
