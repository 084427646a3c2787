import {
  type Acknowledgement,
  type Backlog,
  compareCodePoints,
  type EventPlace,
  type EventsRequest,
  type Instant,
  type LeasedEvent,
  type LeaseRequest,
  longestLeadMs,
  type OutboxEvent,
  type PruneRequest,
  type ReopenRequest,
  wholeLimit,
} from 'shopwright'
import { type OutboxEntry, partitionOfEntry, type ShopTables } from './tables.js'

/** Hands out undelivered events of partitions that nobody else holds. */
export const leaseEvents = (tables: ShopTables, request: LeaseRequest): readonly LeasedEvent[] => {
  const waiting = inTurn(
    [...tables.outbox.values()].filter((entry) => entry.deliveredAt === null && entry.setAside === null),
  )
  const parked = new Set<string>()
  const leased: LeasedEvent[] = []
  const believedUntil = request.at + longestLeadMs(request)
  const isLater = (moment: Instant): boolean => moment > request.at && moment <= believedUntil
  for (const entry of waiting) {
    if (entry.retryAt !== null && isLater(entry.retryAt)) parked.add(rowOf(entry))
    if (parked.has(rowOf(entry))) continue
    if (leased.length >= wholeLimit(request.limit)) break
    const partition = partitionOfEntry(entry)
    const lease = tables.leases.get(partition)
    if (lease !== undefined && lease.worker !== request.worker && isLater(lease.until)) continue
    tables.leases.set(partition, { worker: request.worker, until: request.at + request.leaseMs })
    leased.push({ event: entry.event, attempts: entry.attempts })
  }
  return leased
}

/** Events of the past, by their place. */
export const pastEvents = (tables: ShopTables, request: EventsRequest): readonly OutboxEvent[] => {
  const { after } = request
  return [...tables.outbox.values()]
    .map(({ event }) => event)
    .filter(({ collection, type, at }) => {
      const isAsked = request.types.includes(`${collection}/${type}`)
      return isAsked && at >= request.from && at < request.until
    })
    .filter((event) => after === null || byPlace(event, after) > 0)
    .sort(byPlace)
    .slice(0, wholeLimit(request.limit))
}

const byPlace = (a: EventPlace, b: EventPlace): number =>
  compareCodePoints(a.collection, b.collection) ||
  compareCodePoints(a.rowId, b.rowId) ||
  a.version - b.version ||
  a.position - b.position

/** Notes what became of leased events. */
export const noteOutcome = (tables: ShopTables, outcome: Acknowledgement): void => {
  for (const id of outcome.delivered) {
    const entry = tables.outbox.get(id)
    if (entry !== undefined) entry.deliveredAt = outcome.at
  }
  for (const { id, retryAt, reason } of outcome.failed) {
    const entry = tables.outbox.get(id)
    if (entry === undefined) continue
    entry.attempts += 1
    entry.retryAt = retryAt
    entry.setAside = retryAt === null ? reason : null
  }
}

/** Takes up again what was set aside. */
export const reopenEvents = (tables: ShopTables, { limit }: ReopenRequest): number => {
  const aside = [...tables.outbox.values()].filter((entry) => entry.deliveredAt === null && entry.setAside !== null)
  const reopened = inTurn(aside).slice(0, wholeLimit(limit))
  for (const entry of reopened) Object.assign(entry, { attempts: 0, retryAt: null, setAside: null })
  return reopened.length
}

/** How far behind the delivery of events is. */
export const backlogOf = (tables: ShopTables): Backlog => {
  const open = [...tables.outbox.values()].filter(({ deliveredAt }) => deliveredAt === null)
  const waiting = open.filter(({ setAside }) => setAside === null).map(({ event }) => event.at)
  return {
    oldestAt: waiting.length === 0 ? null : waiting.reduce((oldest, at) => Math.min(oldest, at)),
    setAside: open.length - waiting.length,
  }
}

/** Deletes what was delivered and what ended. */
export const prune = (tables: ShopTables, { before, ended: counters, limit }: PruneRequest): number => {
  const isOver = (moment: Instant | null): boolean => moment !== null && moment < before
  const most = wholeLimit(limit)
  const told = [...tables.outbox].filter(([, { deliveredAt }]) => isOver(deliveredAt)).slice(0, most)
  for (const [id] of told) tables.outbox.delete(id)
  const ended = [...tables.claims.values()]
    .flatMap((space) => [...space].map(([key, { expiresAt }]) => ({ space, key, expiresAt })))
    .filter(({ expiresAt }) => isOver(expiresAt))
    .slice(0, most)
  for (const { space, key } of ended) space.delete(key)
  const over = counters.flatMap(({ counter, below }) => {
    const family = tables.counters.get(counter) ?? new Map<string, number>()
    const ids = [...family.keys()].filter((id) => compareCodePoints(id, below) < 0)
    return ids.slice(0, most).map((id) => family.delete(id))
  })
  return told.length + ended.length + over.length
}

const rowOf = (entry: OutboxEntry): string => `${entry.event.collection}/${entry.event.rowId}`

// By time, but for what follows an event of its row: clocks go back, and a row is told in its order.
const inTurn = (entries: readonly OutboxEntry[]): readonly OutboxEntry[] => {
  const latest = new Map<string, number>()
  return [...entries]
    .sort((a, b) => byPlace(a.event, b.event))
    .map((entry) => {
      const turn = Math.max(entry.event.at, latest.get(rowOf(entry)) ?? 0)
      latest.set(rowOf(entry), turn)
      return { entry, turn }
    })
    .sort((a, b) => a.turn - b.turn || byPlace(a.entry.event, b.entry.event))
    .map(({ entry }) => entry)
}
