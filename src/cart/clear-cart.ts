import type { ResultAsync } from 'neverthrow'
import type { NoInput } from '../shared/no-input.js'
import type { CommandContext, CommandError } from '../shared/run-command.js'
import { parseNothing } from '../shared/stored.schema.js'
import type { CartError } from './cart.js'
import { type ChangedCart, changeCart } from './change-cart.js'
import type { CartPorts } from './ports.js'

/**
 * Empties the actor's cart; what is saved for later stays.
 *
 * @errors CommandError, CartAlreadyMerged
 */
export const clearCart = (
  ports: CartPorts,
  context: CommandContext,
  input: NoInput = {},
): ResultAsync<ChangedCart, CartError | CommandError> =>
  changeCart(ports, context, input, {
    action: 'cart.clearCart',
    parse: parseNothing,
    command: ({ now }) => ({ type: 'ClearCart', at: now }),
  })
