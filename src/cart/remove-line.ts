import type { ResultAsync } from 'neverthrow'
import type { CommandContext, CommandError } from '../shared/run-command.js'
import type { CartError } from './cart.js'
import { type ChangedCart, changeCart } from './change-cart.js'
import { parseLine } from './input.schema.js'
import type { CartPorts } from './ports.js'

/**
 * Takes a line out of the actor's cart, also one saved for later; one that is gone already is no error.
 *
 * @errors CommandError, CartAlreadyMerged
 */
export const removeLine = (
  ports: CartPorts,
  context: CommandContext,
  input: { readonly lineId: string },
): ResultAsync<ChangedCart, CartError | CommandError> =>
  changeCart(ports, context, input, {
    action: 'cart.removeLine',
    parse: parseLine,
    command: ({ input: { lineId }, now }) => ({ type: 'RemoveLines', lineIds: [lineId], at: now }),
  })
