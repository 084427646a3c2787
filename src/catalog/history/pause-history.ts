import type { ResultAsync } from 'neverthrow'
import type { CommandContext, CommandError } from '../../shared/run-command.js'
import type { PauseHistoryInput } from './browsing-history.schema.js'
import { parsePauseHistory } from './browsing-history.schema.js'
import { changeHistory, type HistoryStanding } from './change-history.js'
import type { HistoryPorts } from './read-history.js'

/**
 * Pauses a customer's history, or lets it go on; what it holds stays.
 *
 * @errors CommandError
 */
export const pauseHistory = (
  ports: HistoryPorts,
  context: CommandContext,
  input: PauseHistoryInput,
): ResultAsync<HistoryStanding, CommandError> =>
  changeHistory(ports, context, input, {
    action: 'history.pause',
    parse: parsePauseHistory,
    adds: false,
    step: ({ items }, { paused }) => ({ paused, items }),
  })
