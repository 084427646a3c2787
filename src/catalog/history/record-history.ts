import type { ResultAsync } from 'neverthrow'
import type { CommandContext, CommandError } from '../../shared/run-command.js'
import { parseRecordHistory } from './browsing-history.schema.js'
import { changeHistory, type HistoryStanding } from './change-history.js'
import type { HistoryPorts } from './read-history.js'

/**
 * Records what a customer looks at or looks for, where they have agreed to personalisation (`accounts.setConsent`) and have
 * not paused it; else it is forgotten at once, and the answer says why. An item is kept for 90 days.
 *
 * @errors CommandError
 */
export const recordHistory = (
  ports: HistoryPorts,
  context: CommandContext,
  input: unknown,
): ResultAsync<HistoryStanding, CommandError> =>
  changeHistory(ports, context, input, {
    action: 'history.record',
    parse: parseRecordHistory,
    adds: true,
    step: ({ paused, items }, seen, now) => ({
      paused,
      items: [...items, { ...seen, itemId: ports.ids.next('seen'), at: now }],
    }),
  })
