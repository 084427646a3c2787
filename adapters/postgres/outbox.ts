import {
  type Acknowledgement,
  type Backlog,
  type BacklogRequest,
  type EventPlace,
  type EventsRequest,
  eventId,
  type LeasedEvent,
  type LeaseRequest,
  longestLeadMs,
  type OutboxEvent,
  type PruneRequest,
  type ReopenRequest,
  type StoredEvent,
  wholeLimit,
} from 'shopwright'
import type { QueryRows } from './queryable.js'
import type { Registry } from './registry.js'
import { isStorable, type Statement, textArray, toStorable } from './sql.js'

const named = (text: string, values: readonly string[], nameOf: (text: string) => string | undefined): Statement => {
  const name = nameOf(text)
  return { ...(name === undefined ? {} : { name }), text, values }
}

/**
 * Takes partitions that nobody else holds, and answers their open events. Within a row, an event is never answered
 * without those before it, and nothing of it while one of those waits for a retry. Those before it come with it even
 * beyond the limit, since clocks go back: an event may be older than the one it follows.
 */
export const leaseStatement = (
  { shared: { outbox, leases } }: Registry,
  request: LeaseRequest,
  nameOf: (text: string) => string | undefined,
): Statement => {
  const isOpen = (event: string): string => `${event}.delivered_at is null and not ${event}.set_aside`
  // The events of a row are found by the key of the table. Said as above, a server that knows no figures of a young table
  // takes the index of what is open instead, and walks all of it for every event.
  const isOpenOfRow = 'coalesce(p.delivered_at, -1) = -1 and not p.set_aside'
  const isLater = (moment: string): string =>
    `(${moment} > $3::text::bigint and ${moment} <= $3::text::bigint + $6::text::bigint)`
  const sameRow = 'p.shop = o.shop and p.collection = o.collection and p.row_id = o.row_id'
  const text = `with early as materialized (
  select o.* from ${outbox} o
  where o.shop = $1::text and ${isOpen('o')}
    and not exists (select from ${leases} l where l.shop = o.shop and l."partition" = o."partition"
      and l.worker <> $2::text and ${isLater('l.until')})
    and not exists (select from ${outbox} p where ${sameRow} and ${isOpenOfRow} and ${isLater('p.retry_at')}
      and (p.version, p."position") <= (o.version, o."position"))
  order by o.at
  fetch first ($5::text::bigint) rows with ties
), open as materialized (
  select o.* from early o order by o.at, o.collection, o.row_id, o.version, o."position" limit $5::text::bigint
), standing as (
  select p.*, (p.collection, p.row_id, p.version, p."position")
    in (select o.collection, o.row_id, o.version, o."position" from open o) as found
  from (select distinct o.collection, o.row_id from open o) o
  join ${outbox} p on p.shop = $1::text and p.collection = o.collection and p.row_id = o.row_id and ${isOpenOfRow}
), whole as materialized (
  select w.* from (
    select s.*, max(s.at) over row_so_far as turn,
      bool_or(s.found) over (row_so_far rows between current row and unbounded following) as is_due
    from standing s
    window row_so_far as (partition by s.collection, s.row_id order by s.version, s."position")
  ) w where w.is_due
), taken as (
  insert into ${leases} as l (shop, "partition", worker, until)
  select $1::text, w."partition", $2::text, $3::text::bigint + $4::text::bigint
  from (select distinct "partition" from whole) w order by w."partition"
  on conflict (shop, "partition") do update set worker = excluded.worker, until = excluded.until
  where l.worker = excluded.worker or not ${isLater('l.until')}
  returning l."partition"
)
select w.collection, w.row_id, w.version::text as version, w."position", w."partition", w.type,
  w.at::text as at, w.body::text as body, w.attempts
from whole w where w."partition" in (select t."partition" from taken t)
order by w.turn, w.collection, w.row_id, w.version, w."position"`
  const { worker, at, leaseMs } = request
  const values = [request.shop, worker, at, leaseMs, wholeLimit(request.limit), longestLeadMs(request)].map(String)
  return named(text, values, nameOf)
}

const eventOf = (shop: string, row: QueryRows['rows'][number]): OutboxEvent => {
  const key = { collection: String(row.collection), id: String(row.row_id) }
  const [version, position] = [Number(row.version), Number(row.position)]
  return {
    id: eventId(key, version, position),
    shop,
    collection: key.collection,
    rowId: key.id,
    version,
    position,
    partition: Number(row.partition),
    type: String(row.type),
    at: Number(row.at),
    // The text is JSON of an event that a commit has written.
    body: JSON.parse(String(row.body)) as StoredEvent,
  }
}

export const leasedEvents = (shop: string, { rows }: QueryRows): readonly LeasedEvent[] =>
  rows.map((row) => ({ event: eventOf(shop, row), attempts: Number(row.attempts) }))

/** Events of the past, by their place, which is the key of the table. */
export const eventsStatement = (
  { shared: { outbox } }: Registry,
  request: EventsRequest,
  nameOf: (text: string) => string | undefined,
): Statement => {
  const place = '(o.collection, o.row_id, o.version, o."position")'
  const text = `select o.collection, o.row_id, o.version::text as version, o."position", o."partition", o.type,
  o.at::text as at, o.body::text as body
from ${outbox} o
where o.shop = $1::text and o.at >= $2::text::bigint and o.at < $3::text::bigint
  and o.collection || '/' || o.type = any ($4::text::text[])
  and ($5::text is null or ${place} > ($5::text, $6::text, $7::text::bigint, $8::text::int))
order by o.collection, o.row_id, o.version, o."position"
limit $9::text::bigint`
  const { after } = request
  const behind = after === null ? [null, null, null, null] : placeOf(after)
  const { name } = named(text, [], nameOf)
  const types = textArray(request.types.map(toStorable))
  const values = [request.shop, String(request.from), String(request.until), types, ...behind]
  return { ...(name === undefined ? {} : { name }), text, values: [...values, String(wholeLimit(request.limit))] }
}

const placeOf = ({ collection, rowId, version, position }: EventPlace): readonly string[] => [
  toStorable(collection),
  toStorable(rowId),
  String(version),
  String(position),
]

export const pastEvents = (shop: string, { rows }: QueryRows): readonly OutboxEvent[] =>
  rows.map((row) => eventOf(shop, row))

// What `eventId` has put together; only the row's own id may hold a slash.
const encodeEventId = (
  id: string,
  outcome: { readonly retryAt?: number | null; readonly reason?: string } = {},
): readonly string[] => {
  const found = /^([^/]+)\/(.*)\/(\d{1,16})\/(\d{1,9})$/s.exec(id)
  if (found === null || !isStorable(id)) return []
  const [, collection, rowId, version, position] = found
  const reason = outcome.reason === undefined ? null : toStorable(outcome.reason)
  return [
    JSON.stringify({
      collection,
      row_id: rowId,
      version: Number(version),
      position: Number(position),
      retry_at: outcome.retryAt ?? null,
      reason,
    }),
  ]
}

const eventType = 'r(collection text, row_id text, version bigint, "position" int, retry_at bigint, reason text)'

// Each event is looked up by the whole key, and locked; a server that knows no figures of a young table would go through
// all events of the shop for each.
const eventsMeant = (outbox: string, list: string): string => `${list} as ${eventType} cross join lateral (
    select e.ctid as place from ${outbox} e
    where e.shop = $1::text and e.collection = r.collection and e.row_id = r.row_id and e.version = r.version
      and e."position" = r."position" and e.delivered_at is null
    for update) e`

/** Notes what was delivered and what failed. */
export const acknowledgeStatement = (
  { shared: { outbox } }: Registry,
  outcome: Acknowledgement,
  nameOf: (text: string) => string | undefined,
): Statement => {
  const text = `with delivered as (
  update ${outbox} o set delivered_at = $2::text::bigint
  from ${eventsMeant(outbox, 'jsonb_to_recordset($3::jsonb)')}
  where o.ctid = e.place
  returning 1
), failed as (
  update ${outbox} o set attempts = o.attempts + 1, retry_at = r.retry_at, set_aside = r.retry_at is null, reason = r.reason
  from ${eventsMeant(outbox, 'jsonb_to_recordset($4::jsonb)')}
  where o.ctid = e.place
  returning 1
)
select (select count(*) from delivered) as delivered, (select count(*) from failed) as failed`
  const failures = new Set(outcome.failed.map(({ id }) => id))
  const delivered = outcome.delivered.filter((id) => !failures.has(id)).flatMap((id) => encodeEventId(id))
  const failed = outcome.failed.flatMap((failure) => encodeEventId(failure.id, failure))
  return named(text, [outcome.shop, String(outcome.at), `[${delivered.join(',')}]`, `[${failed.join(',')}]`], nameOf)
}

/** Takes up again events that were set aside. */
export const reopenStatement = (
  { shared: { outbox } }: Registry,
  { shop, limit }: ReopenRequest,
  nameOf: (text: string) => string | undefined,
): Statement =>
  named(
    `with reopened as (
  update ${outbox} o set set_aside = false, attempts = 0, retry_at = null, reason = null
  where o.ctid = any (array(
    select a.ctid from ${outbox} a where a.shop = $1::text and a.set_aside and a.delivered_at is null
    order by a.at limit $2::text::bigint for update))
    and o.set_aside
  returning 1
) select count(*)::text as count from reopened`,
    [shop, String(wholeLimit(limit))],
    nameOf,
  )

/** How far behind the delivery of events is: each part by an index of its own. */
export const backlogStatement = (
  { shared: { outbox } }: Registry,
  { shop }: BacklogRequest,
  nameOf: (text: string) => string | undefined,
): Statement =>
  named(
    `select
  (select min(o.at) from ${outbox} o where o.shop = $1::text and o.delivered_at is null and not o.set_aside)::text as oldest_at,
  (select count(*) from ${outbox} o where o.shop = $1::text and o.set_aside and o.delivered_at is null)::text as set_aside`,
    [shop],
    nameOf,
  )

export const backlogOf = ({ rows: [found] }: QueryRows): Backlog => ({
  oldestAt: typeof found?.oldest_at === 'string' ? Number(found.oldest_at) : null,
  setAside: Number(found?.set_aside ?? 0),
})

/** Deletes events that were delivered, and claims that ended, before a moment, and counters that ended. */
export const pruneStatement = (
  { shared: { outbox, claims }, counters }: Registry,
  { shop, before, ended, limit }: PruneRequest,
  nameOf: (text: string) => string | undefined,
): Statement => {
  // Found once more as it is deleted: a claim may have been taken anew, an event been written anew.
  const gone = (table: string, moment: string): string =>
    `delete from ${table} o where o.ctid = any (array(
    select d.ctid from ${table} d where d.shop = $1::text and d.${moment} < $2::text::bigint
    order by d.${moment} limit $3::text::bigint))
    and o.${moment} < $2::text::bigint
  returning 1`
  // What the host keeps in tables of its own, the host removes.
  const own = ended.flatMap(({ counter, below }) => {
    const writes = counters.get(counter)?.writes
    return writes === undefined ? [] : [{ dropBelow: writes.dropBelow, below }]
  })
  const steps = [
    gone(outbox, 'delivered_at'),
    gone(claims, 'expires_at'),
    ...own.map(({ dropBelow }, place) =>
      dropBelow({ shop: '$1::text', id: `$${place + 4}::text`, limit: '$3::text::bigint' }),
    ),
  ]
  const counted = steps.map((_, place) => `(select count(*) from gone${place})`)
  return named(
    `with ${steps.map((step, place) => `gone${place} as (\n  ${step}\n)`).join(', ')} select (${counted.join(' + ')})::text as count`,
    [shop, String(before), String(wholeLimit(limit)), ...own.map(({ below }) => below)],
    nameOf,
  )
}

/** The count that a statement has answered. */
export const countOf = ({ rows }: QueryRows): number => Number(rows[0]?.count)
