import { ok, type ResultAsync } from 'neverthrow'
import { queueMessage } from '../notify/queue-message.js'
import { put } from '../shared/commit.js'
import { decideAndCommit, type StorageError } from '../shared/decide-and-commit.js'
import { decideNext } from '../shared/decider.js'
import { daysMs } from '../shared/instant.js'
import type { CorePorts } from '../shared/ports.js'
import { readFacts } from '../shared/read-facts.js'
import { row } from '../shared/read-plan.js'
import { type SweepReport, sweepEach } from '../shared/sweep-each.js'
import { guideMembership } from './guide-membership.js'
import { membershipBookId } from './membership-terms.js'
import { membershipBooks } from './membership-terms.schema.js'
import { pointsAccounts } from './points-account.collection.schema.js'
import { pointsMachine } from './points-machine.js'

/**
 * Tells members of points that end soon, each point once: the message and the note of it are one commit.
 *
 * @errors StorageError when the accounts cannot be found at all
 */
export const tellExpiringPoints = (
  ports: CorePorts,
  { limit }: { readonly limit: number },
): ResultAsync<SweepReport, StorageError> => {
  const now = ports.clock.now()
  return readFacts(ports.storage, {
    shop: ports.shop,
    scope: { kind: 'all' },
    at: now,
    plan: { membership: row(membershipBooks, membershipBookId) },
  }).andThen(({ membership }) => {
    const until = now + (membership?.state ?? guideMembership).noticeDays * daysMs
    const due = { collection: pointsAccounts, field: 'nextUnnoticedAt', until, limit }
    return sweepEach(ports, due, (id) => tell(ports, id, { now, until }))
  })
}

const tell = (ports: CorePorts, id: string, { now, until }: { readonly now: number; readonly until: number }) =>
  decideAndCommit(ports, {
    scope: { kind: 'all' },
    plan: () => ({ account: row(pointsAccounts, id) }),
    decide: ({ account }) => {
      const before = account?.state ?? pointsMachine.initial
      return decideNext(pointsMachine, before, { type: 'NoticeExpiry', until, now }).andThen(({ state, events }) => {
        const [noticed] = events
        if (account === undefined || state.status === 'absent' || noticed?.type !== 'PointsExpiryNoticed') {
          return ok({ changes: [], answer: undefined })
        }
        const { points, firstAt, lastAt } = noticed
        return ok({
          changes: [
            put(pointsAccounts, { id, version: account.version, state, events }),
            queueMessage({
              cause: `pointsExpiring/${id}/${account.version}`,
              accountId: id,
              template: 'pointsExpiring',
              facts: { points, firstAt: { at: firstAt }, lastAt: { at: lastAt } },
              at: now,
            }),
          ],
          answer: undefined,
        })
      })
    },
  })
