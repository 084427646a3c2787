import { ok, okAsync, type Result, type ResultAsync } from 'neverthrow'
import type { Channel } from '../../notify/message.js'
import { messages } from '../../notify/message.schema.js'
import { messageIdOf, queueMessage } from '../../notify/queue-message.js'
import { auditEntry } from '../../shared/audit-entry.js'
import { type DecidedChange, put } from '../../shared/commit.js'
import { type Decision, decideAndCommit, type StorageError } from '../../shared/decide-and-commit.js'
import type { Instant } from '../../shared/instant.js'
import { readFacts } from '../../shared/read-facts.js'
import { row, rows } from '../../shared/read-plan.js'
import { type SweepReport, sweepEach } from '../../shared/sweep-each.js'
import type { AccountsPorts } from '../ports.js'
import { noticeChannel } from '../profile.js'
import { type AffectedPage, findAffected } from './find-affected.js'
import { type Incident, type IncidentEvent, judgeDeadlines, meetDeadlines, nextDue } from './incident.js'
import { incidents } from './incident.schema.js'

/** What one turn came to. */
export type IncidentsSweepReport = {
  /** Incidents of which a deadline was found near or missed. */
  readonly deadlines: SweepReport
  /** Incidents of which notices to people were queued. */
  readonly telling: SweepReport
}

/**
 * Says of each open incident which deadlines are near or missed, each once (`incident/IncidentDeadlineNear`,
 * `incident/IncidentDeadlineMissed`), and queues notices to the people of those that are being told, page by page, a commit
 * each. A message goes out once for an incident, an account and a channel.
 *
 * @param options - `limit` is the most incidents of either kind, and the most accounts (or entries of the audit log) that a turn
 * goes through for each: 1,000 a minute are 240,000 in the four hours of the PIPL's deadline
 * @errors StorageError when those that are due cannot be found
 */
export const sweepIncidents = (
  ports: AccountsPorts,
  { limit }: { readonly limit: number },
): ResultAsync<IncidentsSweepReport, StorageError> => {
  const until = ports.clock.now()
  const underWay = [{ field: 'telling', is: 'eq', value: 'underWay' }] as const
  return sweepEach(ports, { collection: incidents, field: 'nextDueAt', until, limit }, (id) =>
    watchDeadlines(ports, id),
  ).andThen((deadlines) =>
    sweepEach(ports, { collection: incidents, field: 'knownAt', until, where: underWay, limit }, (id) =>
      tellPages(ports, id, limit),
    ).map((telling) => ({ deadlines, telling })),
  )
}

const system = { kind: 'system', reason: 'incidents' } as const

const watchDeadlines = (ports: AccountsPorts, id: string): ResultAsync<boolean, StorageError> =>
  decideAndCommit(ports, {
    scope: { kind: 'all' },
    plan: () => ({ incident: row(incidents, id) }),
    decide: ({ incident }, { now: at }): Result<Decision<boolean>, never> => {
      if (incident === undefined || incident.state.status === 'closed') return ok({ changes: [], answer: false })
      const policy = ports.accountsPolicy.incidents
      const { deadlines, events } = judgeDeadlines(policy, incident.state, at)
      if (events.length === 0) return ok({ changes: [], answer: false })
      const state: Incident = { ...incident.state, deadlines, nextDueAt: nextDue(policy, deadlines) }
      return ok({
        answer: true,
        changes: [
          put(incidents, { id, version: incident.version, state, events }),
          ...events.map(({ type }) =>
            auditEntry(ports.ids, {
              actor: system,
              action: 'accounts.watchIncident',
              subject: id,
              at,
              outcome: 'done',
              detail: type,
            }),
          ),
        ],
      })
    },
  })

/** How many accounts, or entries of the log, one commit goes through. */
const pageSize = 50

type PageTold = { readonly looked: number; readonly isLast: boolean }

// Pages until nobody is left, or as many accounts as the turn may go through.
const tellPages = (ports: AccountsPorts, id: string, left: number): ResultAsync<boolean, StorageError> =>
  tellPage(ports, id, Math.min(left, pageSize)).andThen((page) =>
    page === null || page.isLast || page.looked >= left
      ? okAsync<boolean, StorageError>(page !== null)
      : tellPages(ports, id, left - page.looked).map(() => true),
  )

const tellPage = (ports: AccountsPorts, id: string, size: number): ResultAsync<PageTold | null, StorageError> =>
  decideAndCommit(ports, {
    scope: { kind: 'all' },
    plan: () => ({ incident: row(incidents, id) }),
    decide: ({ incident }, { now: at }): ResultAsync<Decision<PageTold | null>, StorageError> => {
      const telling = incident?.state.telling
      if (incident === undefined || telling?.status !== 'underWay') return okAsync({ changes: [], answer: null })
      return findAffected(ports, incident.state, { after: telling.after, size }, at)
        .andThen((page) => notTold(ports, incident.state, page, at).map((rest) => ({ page, ...rest })))
        .map(({ page, requests, people }) => {
          const queued = incident.state.queued + people
          const untraced = incident.state.untraced + page.untraced
          const next = advance(ports, { ...incident.state, queued, untraced }, page.after, at)
          const changes: readonly DecidedChange[] = [
            put(incidents, { id, version: incident.version, ...next }),
            ...requests.map(queueMessage),
            ...(page.after === null
              ? [
                  auditEntry(ports.ids, {
                    actor: system,
                    action: 'accounts.tellAffected',
                    subject: id,
                    at,
                    outcome: 'done',
                    detail: `queued:${queued}`,
                  }),
                ]
              : []),
          ]
          return { changes, answer: { looked: page.looked, isLast: page.after === null } }
        })
    },
  })

const advance = (ports: AccountsPorts, state: Incident, after: string | null, at: Instant) => {
  if (after !== null) return { state: { ...state, telling: { status: 'underWay' as const, after } } }
  const deadlines = meetDeadlines(state.deadlines, 'people', at)
  const nextDueAt = nextDue(ports.accountsPolicy.incidents, deadlines)
  const events: readonly IncidentEvent[] = [
    { type: 'IncidentNoticesQueued', incidentId: state.incidentId, queued: state.queued },
  ]
  return {
    state: { ...state, telling: { status: 'done' as const, doneAt: at }, deadlines, nextDueAt, changedAt: at },
    events,
  }
}

// Whoever was seen twice comes up on two pages; whoever has the notice on one channel is counted already.
const notTold = (ports: AccountsPorts, incident: Incident, { found }: AffectedPage, at: Instant) => {
  const { incidentId, number, notice } = incident
  const requests = found.flatMap(({ accountId, identifiers }) =>
    ([noticeChannel(identifiers), 'inApp'] satisfies readonly Channel[]).map((channel) => ({
      cause: `incident:${incidentId}`,
      accountId,
      channel,
      template: 'dataIncident' as const,
      facts: { number, ...notice },
      at,
    })),
  )
  const plan = { before: rows(messages, requests.map(messageIdOf)) }
  return readFacts(ports.storage, { shop: ports.shop, scope: { kind: 'all' }, at, plan }).map(({ before }) => {
    const written = new Set(before.map(({ id }) => id))
    const counted = new Set(before.map(({ state }) => state.accountId))
    return {
      requests: requests.filter((request) => !written.has(messageIdOf(request))),
      people: found.filter(({ accountId }) => !counted.has(accountId)).length,
    }
  })
}
