import type { ResultAsync } from 'neverthrow'
import type { CommandContext, CommandError } from '../shared/run-command.js'
import type { CartError } from './cart.js'
import { type ChangedCart, changeCart, policyOf } from './change-cart.js'
import { parseLine } from './input.schema.js'
import type { CartPorts } from './ports.js'

/**
 * Puts a line aside: kept, but neither priced nor ordered.
 *
 * @errors CommandError, NotFound, CartFull, CartAlreadyMerged
 */
export const saveForLater = (
  ports: CartPorts,
  context: CommandContext,
  input: { readonly lineId: string },
): ResultAsync<ChangedCart, CartError | CommandError> =>
  changeCart(ports, context, input, {
    action: 'cart.saveForLater',
    parse: parseLine,
    command: ({ input: { lineId }, now }) => ({ type: 'SaveForLater', lineId, policy: policyOf(ports), at: now }),
  })
