import { okAsync, type ResultAsync } from 'neverthrow'
import { decideAndCommit, type StorageError } from '../../shared/decide-and-commit.js'
import { type SweepReport, sweepEach } from '../../shared/sweep-each.js'
import { gatherItems } from './browsing-history.js'
import { browsingHistories } from './browsing-history.schema.js'
import { writeHistory } from './change-history.js'
import { marksNow } from './counted-marks.js'
import { forgetQueries } from './forget-queries.js'
import { askHistory, type HistoryPorts, openItems } from './read-history.js'

/**
 * Takes out of histories what has been kept for its time, of at most so many customers; then forgets, of at most as many as
 * are left, texts that too few searched for.
 *
 * @errors StorageError when the rows cannot be found at all
 */
export const sweepHistories = (
  ports: HistoryPorts,
  { limit }: { readonly limit: number },
): ResultAsync<SweepReport, StorageError> =>
  sweepEach(ports, { collection: browsingHistories, field: 'endsAt', until: ports.clock.now(), limit }, (id) =>
    decideAndCommit(ports, {
      scope: { kind: 'all' },
      plan: () => askHistory(id),
      decide: (read, { now }) =>
        openItems(ports, read)
          .andThen((items) =>
            writeHistory(ports, read, id, {
              paused: read.history?.state.paused ?? false,
              items: gatherItems(items, now),
              counted: marksNow(read.history?.state, now),
            }),
          )
          .map((changes) => ({ changes, answer: true })),
    }),
  ).andThen((swept) => {
    const left = limit - swept.done
    return left < 1
      ? okAsync<SweepReport, StorageError>(swept)
      : forgetQueries(ports, { limit: left }).map(({ done, failed }) => ({
          done: swept.done + done,
          failed: [...swept.failed, ...failed],
        }))
  })
