import { ok, type ResultAsync } from 'neverthrow'
import { removeRow } from '../shared/commit.js'
import { decideAndCommit, type StorageError } from '../shared/decide-and-commit.js'
import { daysMs } from '../shared/instant.js'
import type { CorePorts } from '../shared/ports.js'
import { row } from '../shared/read-plan.js'
import { type SweepReport, sweepEach } from '../shared/sweep-each.js'
import { messages } from './message.schema.js'

/**
 * How long a message stays, in days from when it was queued: to be read in the account, and so that nothing tells anybody
 * the same twice. What would tell of it again (an event, a reminder, an incident) is long over by then.
 */
export const messagesKeptDays = 366

/**
 * Removes messages of more than a year ago that were sent, given up or held back. One bad row stops no other.
 *
 * @errors StorageError when what is due cannot be found
 */
export const sweepMessages = (
  ports: CorePorts,
  { limit }: { readonly limit: number },
): ResultAsync<SweepReport, StorageError> => {
  const until = ports.clock.now() - messagesKeptDays * daysMs
  const where = [{ field: 'status', is: 'in', values: ['sent', 'failed', 'suppressed'] }] as const
  return sweepEach(ports, { collection: messages, field: 'queuedAt', until, where, limit }, (id) =>
    decideAndCommit(ports, {
      scope: { kind: 'all' },
      plan: () => ({ message: row(messages, id) }),
      decide: ({ message }) =>
        // Whatever is over stays over.
        ok({ changes: message === undefined ? [] : [removeRow(messages, message)], answer: message !== undefined }),
    }),
  )
}
