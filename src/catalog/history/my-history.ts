import type { ResultAsync } from 'neverthrow'
import { customerIdOf } from '../../shared/actor.js'
import type { NoInput } from '../../shared/no-input.js'
import { type QueryContext, type QueryError, runQuery } from '../../shared/run-query.js'
import { parseNothing } from '../../shared/stored.schema.js'
import { gatherItems, type HistoryItem, historyKeptDays } from './browsing-history.js'
import { askHistory, type HistoryPorts, isAgreed, itemsToShow } from './read-history.js'

/** A customer's own history. */
export type MyHistory = {
  /** Newest first. */
  readonly items: readonly HistoryItem[]
  /** Whether anything is recorded: not without consent, and not while it is paused. */
  readonly records: boolean
  readonly paused: boolean
  /** For how many days an item is kept. */
  readonly keptDays: number
}

/**
 * Shows a customer what they looked at and for.
 *
 * @errors QueryError
 */
export const myHistory = (
  ports: HistoryPorts,
  context: QueryContext,
  input: NoInput = {},
): ResultAsync<MyHistory, QueryError> =>
  runQuery(ports, context, input, {
    action: 'history.mine',
    parse: parseNothing,
    plan: ({ actor }) => askHistory(customerIdOf(actor)),
    answer: (read, { now }) =>
      itemsToShow(ports, read).map((items): MyHistory => {
        const paused = read.history?.state.paused ?? false
        const agreed = isAgreed(ports, read)
        return { items: gatherItems(items, now), records: agreed && !paused, paused, keptDays: historyKeptDays }
      }),
  })
