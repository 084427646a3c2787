import type { ResultAsync } from 'neverthrow'
import type { CommandContext, CommandError } from '../../shared/run-command.js'
import type { ClearHistoryInput } from './browsing-history.schema.js'
import { parseClearHistory } from './browsing-history.schema.js'
import { changeHistory, type HistoryStanding } from './change-history.js'
import type { HistoryPorts } from './read-history.js'

/**
 * Forgets items of a customer's history, or all of it, at once.
 *
 * @errors CommandError
 */
export const clearHistory = (
  ports: HistoryPorts,
  context: CommandContext,
  input: ClearHistoryInput = {},
): ResultAsync<HistoryStanding, CommandError> =>
  changeHistory(ports, context, input, {
    action: 'history.clear',
    parse: parseClearHistory,
    adds: false,
    step: ({ paused, items }, { itemIds }) => ({
      paused,
      items: itemIds === undefined ? [] : items.filter(({ itemId }) => !itemIds.includes(itemId)),
    }),
  })
