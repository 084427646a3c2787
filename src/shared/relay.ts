import { okAsync, ResultAsync } from 'neverthrow'
import type { StorageUnavailable } from './errors.js'
import type { OutboxEvent } from './events.js'
import { minutesMs, secondsMs } from './instant.js'
import type { CorePorts } from './ports.js'
import type { Reaction, ReactionError } from './reaction.js'
import type { LeasedEvent } from './storage.js'

/** What one turn of a relay came to. */
export type RelayReport = {
  /** Events that every reaction has handled. */
  readonly delivered: number
  /** Events that will be tried again. */
  readonly postponed: readonly { readonly eventId: string; readonly reason: string }[]
  /** Events given up after the last try; they are kept, and what follows them goes on. */
  readonly setAside: readonly { readonly eventId: string; readonly reason: string }[]
}

/** How a relay works. */
export type RelayOptions = {
  /** Unique among the relays that run. */
  readonly worker: string
  /** The most events of one turn; 100 when absent. */
  readonly limit?: number
  /** How long partitions stay with this worker, milliseconds; one minute when absent. */
  readonly leaseMs?: number
  /**
   * Tries before an event is set aside; 30 when absent, which takes some four hours. What is only out of reach (the
   * storage, the keys, a row that others write) is tried for as long as it is.
   */
  readonly tries?: number
}

/**
 * Delivers what waits in the outbox to the reactions that listen: at least once, in order for each row, on as many
 * machines as wish. A reaction that fails keeps no other from the event; the event holds its row back until all have
 * succeeded or it is set aside, to be taken up again by `retrySetAside`.
 *
 * @errors StorageUnavailable
 */
export const runRelay = <Ports extends CorePorts>(
  ports: Ports,
  reactions: readonly Reaction<Ports>[],
  options: RelayOptions,
): ResultAsync<RelayReport, StorageUnavailable> => {
  const request = {
    shop: ports.shop,
    worker: options.worker,
    at: ports.clock.now(),
    leaseMs: options.leaseMs ?? minutesMs,
    limit: options.limit ?? 100,
  }
  return ports.storage.lease(request).andThen((leased) =>
    ResultAsync.fromSafePromise(deliverRows(ports, reactions, leased)).andThen((outcomes) => {
      const now = ports.clock.now()
      const failed = outcomes.flatMap(({ leased: { event, attempts }, failure }) => {
        if (failure === null) return []
        const last = !failure.passes && isLastTry(attempts + 1, now - event.at, options.tries ?? 30)
        return [{ id: event.id, retryAt: last ? null : now + delayAfterMs(attempts), reason: failure.reason }]
      })
      const delivered = outcomes.filter((outcome) => outcome.failure === null).map((outcome) => outcome.leased.event.id)
      const report: RelayReport = {
        delivered: delivered.length,
        postponed: failed.filter((each) => each.retryAt !== null).map(({ id, reason }) => ({ eventId: id, reason })),
        setAside: failed.filter((each) => each.retryAt === null).map(({ id, reason }) => ({ eventId: id, reason })),
      }
      if (outcomes.length === 0) return okAsync(report)
      return ports.storage
        .acknowledge({ shop: ports.shop, worker: options.worker, at: now, delivered, failed })
        .map(() => report)
    }),
  )
}

// Also where the clocks of two relays are far apart, so that each tries what the other lets wait, no event is given up
// before its pauses have passed.
const isLastTry = (tried: number, ageMs: number, tries: number): boolean => {
  if (tried < tries) return false
  const pausesMs = Array.from({ length: tries - 1 }, (_, place) => delayAfterMs(place))
  return ageMs >= pausesMs.reduce((sum, pauseMs) => sum + pauseMs, 0)
}

/** How long a failed event waits: 2 s, 4 s, 8 s … at most 10 minutes. */
export const delayAfterMs = (attempts: number): number => Math.min(2 ** (attempts + 1) * secondsMs, 10 * minutesMs)

/** Why an event was not delivered to all. */
export type DeliveryFailure = {
  /** The reactions that failed, each with its error. */
  readonly reason: string
  /** Nothing but time is needed. */
  readonly passes: boolean
}

type Outcome = { readonly leased: LeasedEvent; readonly failure: DeliveryFailure | null }

// Rows are independent of each other; the events of one row are delivered one after another and stop at a failure.
const deliverRows = async <Ports extends CorePorts>(
  ports: Ports,
  reactions: readonly Reaction<Ports>[],
  leased: readonly LeasedEvent[],
): Promise<readonly Outcome[]> => {
  const byRow = new Map<string, LeasedEvent[]>()
  for (const each of leased) {
    const row = `${each.event.collection}/${each.event.rowId}`
    byRow.set(row, [...(byRow.get(row) ?? []), each])
  }
  const outcomes = await Promise.all(
    [...byRow.values()].map(async (events) => {
      const done: Outcome[] = []
      for (const each of events) {
        const failure = await deliver(ports, reactions, each.event)
        done.push({ leased: each, failure })
        if (failure !== null) break
      }
      return done
    }),
  )
  return outcomes.flat()
}

/** Gives an event to all that listen to it; which of them failed and why, null when none did. */
export const deliver = async <Ports extends CorePorts>(
  ports: Ports,
  reactions: readonly Reaction<Ports>[],
  event: OutboxEvent,
): Promise<DeliveryFailure | null> => {
  const name = `${event.collection}/${event.type}`
  const failed: { readonly reaction: string; readonly type: string; readonly passes: boolean }[] = []
  for (const reaction of reactions) {
    if (!reaction.listensTo.includes(name)) continue
    const failure = await reactGuarded(ports, reaction, event)
    if (failure !== null) failed.push({ reaction: reaction.name, type: failure.type, passes: isPassing(failure) })
  }
  if (failed.length === 0) return null
  return {
    reason: failed.map(({ reaction, type }) => `${reaction}: ${type}`).join(', '),
    passes: failed.every(({ passes }) => passes),
  }
}

// Rows that others write are free again; a claim that is taken each time, or a counter at its floor, may be so for ever.
const isPassing = (error: ReactionError): boolean =>
  ['StorageUnavailable', 'CryptoUnavailable'].includes(error.type) || (error.type === 'Busy' && !('heldBy' in error))

// A reaction of the host may throw or reject; that too is only a failed try.
const reactGuarded = async <Ports extends CorePorts>(
  ports: Ports,
  reaction: Reaction<Ports>,
  event: OutboxEvent,
): Promise<ReactionError | null> => {
  try {
    const answer = await reaction.react(ports, event)
    return answer.match(
      () => null,
      (error) => error,
    )
  } catch {
    return { type: 'ReactionThrew' }
  }
}
