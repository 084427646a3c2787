import type { ResultAsync } from 'neverthrow'
import { holdsCardNumber } from '../../shared/card-number.js'
import type { CommandContext, CommandError } from '../../shared/run-command.js'
import type { HistorySubject } from './browsing-history.js'
import type { MergeHistoryInput } from './browsing-history.schema.js'
import { parseMergeHistory } from './browsing-history.schema.js'
import { changeHistory, type HistoryStanding } from './change-history.js'
import type { HistoryPorts } from './read-history.js'

const isKept = (item: HistorySubject): boolean => item.kind !== 'search' || !holdsCardNumber(item.text)

/**
 * Takes in what a visitor's device kept before they signed in, where they agree to it. Of visitors the shop itself keeps no
 * history: it stays with them until they say so.
 *
 * @errors CommandError
 */
export const mergeHistory = (
  ports: HistoryPorts,
  context: CommandContext,
  input: MergeHistoryInput,
): ResultAsync<HistoryStanding, CommandError> =>
  changeHistory(ports, context, input, {
    action: 'history.merge',
    parse: parseMergeHistory,
    adds: true,
    step: ({ paused, items }, { items: brought }, now) => ({
      paused,
      items: [
        ...items,
        // A search that may hold a card number is kept nowhere, and is no reason to keep nothing of the rest.
        ...brought
          .filter(isKept)
          .map((item) => ({ ...item, itemId: ports.ids.next('seen'), at: Math.min(item.at, now) })),
      ],
    }),
  })
