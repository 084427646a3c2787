import type { ResultAsync } from 'neverthrow'
import type { CommandContext, CommandError } from '../shared/run-command.js'
import type { CartError } from './cart.js'
import { type ChangedCart, changeCart } from './change-cart.js'
import { parseSelectLines } from './input.schema.js'
import type { CartPorts } from './ports.js'

/**
 * Says which lines the next order is to buy; null for every line.
 *
 * @errors CommandError, NotFound, CartAlreadyMerged
 */
export const selectLines = (
  ports: CartPorts,
  context: CommandContext,
  input: { readonly lineIds: readonly string[] | null; readonly selected: boolean },
): ResultAsync<ChangedCart, CartError | CommandError> =>
  changeCart(ports, context, input, {
    action: 'cart.selectLines',
    parse: parseSelectLines,
    command: ({ input: { lineIds, selected }, now }) => ({ type: 'SelectLines', lineIds, selected, at: now }),
  })
