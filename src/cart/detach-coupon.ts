import type { ResultAsync } from 'neverthrow'
import type { CommandContext, CommandError } from '../shared/run-command.js'
import type { CartError } from './cart.js'
import { type ChangedCart, changeCart } from './change-cart.js'
import { parseCoupon } from './input.schema.js'
import type { CartPorts } from './ports.js'

/**
 * Takes a coupon off the actor's cart; one that is not on it is no error.
 *
 * @errors CommandError, CartAlreadyMerged
 */
export const detachCoupon = (
  ports: CartPorts,
  context: CommandContext,
  input: { readonly couponId: string },
): ResultAsync<ChangedCart, CartError | CommandError> =>
  changeCart(ports, context, input, {
    action: 'cart.detachCoupon',
    parse: parseCoupon,
    command: ({ input: { couponId }, now }) => ({ type: 'DetachCoupon', couponId, at: now }),
  })
