import { ResultAsync } from 'neverthrow'
import type { StorageUnavailable } from './errors.js'
import type { EventPlace } from './events.js'
import type { Instant } from './instant.js'
import { wholeLimit } from './limit.js'
import type { CorePorts } from './ports.js'
import type { Reaction } from './reaction.js'
import { deliver } from './relay.js'

/** Which part of the past is told again. */
export type ReplayOptions = {
  /** Events decided at this moment or later; all that are kept when absent. */
  readonly from?: Instant
  /** Events decided before this moment; up to now when absent. */
  readonly until?: Instant
  /** Where the last turn ended; from the beginning when absent. */
  readonly after?: EventPlace | null
  /** The most events of one turn; 500 when absent. */
  readonly limit?: number
}

/** What one turn of a replay came to. */
export type ReplayReport = {
  readonly handled: number
  /** Where the next turn goes on, as `after`: behind what was handled. Null when nothing is left. */
  readonly next: EventPlace | null
  /** The event that could not be handled; the next turn begins with it. */
  readonly failed: { readonly eventId: string; readonly reason: string } | null
}

/**
 * Tells one reaction what happened before it listened: every event that is still kept, delivered or not, in order for
 * each row. It changes nothing of what the relay delivers. Notices are as old then as their event: what is older than a day
 * nobody is written.
 *
 * @errors StorageUnavailable
 */
export const runReplay = <Ports extends CorePorts>(
  ports: Ports,
  reaction: Reaction<Ports>,
  options: ReplayOptions = {},
): ResultAsync<ReplayReport, StorageUnavailable> => {
  const limit = Math.max(1, wholeLimit(options.limit ?? 500))
  const request = {
    shop: ports.shop,
    types: reaction.listensTo,
    from: options.from ?? Number.MIN_SAFE_INTEGER,
    until: options.until ?? ports.clock.now(),
    after: options.after ?? null,
    limit,
  }
  return ports.storage.events(request).andThen((events) =>
    ResultAsync.fromSafePromise(
      (async (): Promise<ReplayReport> => {
        let last = request.after
        for (const [handled, event] of events.entries()) {
          const failure = await deliver(ports, [reaction], { ...event, isReplayed: true })
          if (failure !== null) return { handled, next: last, failed: { eventId: event.id, reason: failure.reason } }
          const { collection, rowId, version, position } = event
          last = { collection, rowId, version, position }
        }
        return { handled: events.length, next: events.length < limit ? null : last, failed: null }
      })(),
    ),
  )
}
