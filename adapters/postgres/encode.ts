import { err, ok, type Result } from 'neverthrow'
import type { MalformedCommit, OutboxEvent, PreparedCommit } from 'shopwright'
import type { LogParts } from './log-table.js'
import type { CollectionParts, CounterParts } from './parts.js'
import type { Registry } from './registry.js'

/** What a commit does to the rows of one collection, each list a JSON array. */
export type CollectionRows = {
  readonly name: string
  readonly parts: CollectionParts
  /** Every row that must be there: index `i`, `id` and the `version` it must be at. */
  readonly lock: string | undefined
  readonly insert: string | undefined
  readonly update: string | undefined
  readonly remove: string | undefined
  readonly strength: 'update' | 'share'
}

/** What a commit does to one log or family. */
export type EncodedGroup<Parts> = { readonly name: string; readonly parts: Parts; readonly rows: string }

/** A commit sorted into what the SQL parts take, in lock order. */
export type EncodedCommit = {
  readonly collections: readonly CollectionRows[]
  readonly claims: string | undefined
  readonly releases: string | undefined
  /** Whether more than one claim is touched, so that their order matters. */
  readonly severalClaims: boolean
  readonly logs: readonly EncodedGroup<LogParts>[]
  readonly counters: readonly EncodedGroup<CounterParts>[]
  readonly events: string | undefined
}

const json = (value: string | number | null): string => JSON.stringify(value)

const listOrNone = (items: readonly string[]): string | undefined =>
  items.length === 0 ? undefined : `[${items.join(',')}]`

/** A row as the parts take it; `text` is its state, already JSON. */
export const encodeRow = (row: {
  readonly index: number
  readonly id: string
  readonly version: number
  readonly next?: number
  readonly schemaVersion?: number
  readonly text?: string
}): string =>
  `{"i":${row.index},"id":${json(row.id)},"version":${row.version}${
    row.text === undefined ? '' : `,"next":${row.next},"schema_version":${row.schemaVersion},"state":${row.text}`
  }}`

export const encodeClaim = (claim: {
  readonly index: number
  readonly space: string
  readonly key: string
  readonly owner: string
  readonly expiresAt?: number | null
}): string =>
  `{"i":${claim.index},"space":${json(claim.space)},"key":${json(claim.key)},"owner":${json(claim.owner)},"expires_at":${json(claim.expiresAt ?? null)}}`

export const encodeEntry = (entry: { readonly index: number; readonly id: string; readonly text: string }): string =>
  `{"i":${entry.index},"id":${json(entry.id)},"body":${entry.text}}`

export const encodeEvent = (event: OutboxEvent): string =>
  `{"collection":${json(event.collection)},"row_id":${json(event.rowId)},"version":${event.version},"position":${event.position},"partition":${event.partition},"type":${json(event.type)},"at":${event.at},"body":${JSON.stringify(event.body)}}`

/** The first change, if any, that names something the registry does not know. */
export const findUnknown = (registry: Registry, commit: PreparedCommit): MalformedCommit | undefined => {
  let index: number | undefined
  const note = (at: number, known: boolean): void => {
    if (!known && (index === undefined || at < index)) index = at
  }
  for (const change of commit.puts) note(change.index, registry.collections.has(change.key.collection))
  for (const change of commit.expects) note(change.index, registry.collections.has(change.key.collection))
  for (const change of commit.removes) note(change.index, registry.collections.has(change.key.collection))
  for (const change of commit.adjusts) note(change.index, registry.counters.has(change.counter))
  for (const change of commit.appends) note(change.index, registry.logs.has(change.log))
  return index === undefined ? undefined : { type: 'MalformedCommit', index, reason: 'UnknownCollection' }
}

/** The JSON arrays of a collection, without their brackets, as they grow. */
type Growing = { lock: string; insert: string; update: string; remove: string }

const grown = (items: string, item: string): string => (items === '' ? item : `${items},${item}`)

const whole = (items: string | undefined): string | undefined => (items ? `[${items}]` : undefined)

const growInto = (lists: Map<string, string>, name: string, item: string): void => {
  lists.set(name, grown(lists.get(name) ?? '', item))
}

const encodeCollections = (registry: Registry, commit: PreparedCommit): readonly CollectionRows[] => {
  const touched = new Map<string, Growing>()
  const touch = (name: string): Growing => {
    const known = touched.get(name)
    if (known !== undefined) return known
    const rows = { lock: '', insert: '', update: '', remove: '' }
    touched.set(name, rows)
    return rows
  }
  for (const { index, key, version, schemaVersion, text } of commit.puts) {
    const rows = touch(key.collection)
    const row = encodeRow({ index, id: key.id, version, next: version + 1, schemaVersion, text })
    // A row to insert is not looked for first: the insert finds it, and waits in order where it must.
    if (version === 0) rows.insert = grown(rows.insert, row)
    else {
      rows.update = grown(rows.update, row)
      rows.lock = grown(rows.lock, encodeRow({ index, id: key.id, version }))
    }
  }
  for (const { index, key, version } of commit.expects) {
    const rows = touch(key.collection)
    rows.lock = grown(rows.lock, encodeRow({ index, id: key.id, version }))
  }
  for (const { index, key, version } of commit.removes) {
    const rows = touch(key.collection)
    const row = encodeRow({ index, id: key.id, version })
    rows.remove = grown(rows.remove, row)
    rows.lock = grown(rows.lock, row)
  }
  const encoded: CollectionRows[] = []
  for (const [name, { parts }] of registry.collections) {
    const rows = touched.get(name)
    if (rows === undefined) continue
    encoded.push({
      name,
      parts,
      lock: whole(rows.lock),
      insert: whole(rows.insert),
      update: whole(rows.update),
      remove: whole(rows.remove),
      strength: rows.update !== '' || rows.remove !== '' ? 'update' : 'share',
    })
  }
  return encoded
}

const groupsOf = <Parts>(
  known: ReadonlyMap<string, { readonly parts: Parts }>,
  groups: ReadonlyMap<string, string>,
): readonly EncodedGroup<Parts>[] => {
  const encoded: EncodedGroup<Parts>[] = []
  if (groups.size === 0) return encoded
  for (const [name, { parts }] of known) {
    const items = groups.get(name)
    if (items !== undefined) encoded.push({ name, parts, rows: `[${items}]` })
  }
  return encoded
}

/**
 * Sorts a prepared commit into the rows that each SQL part takes.
 *
 * @errors MalformedCommit
 */
export const encodeCommit = (registry: Registry, commit: PreparedCommit): Result<EncodedCommit, MalformedCommit> => {
  const unknown = findUnknown(registry, commit)
  if (unknown !== undefined) return err(unknown)
  const appends = new Map<string, string>()
  for (const entry of commit.appends) growInto(appends, entry.log, encodeEntry(entry))
  const adjusts = new Map<string, string>()
  for (const { index, counter, id, by, floor, initial } of commit.adjusts) {
    const move = `{"i":${index},"id":${json(id)},"by":${by},"floor":${floor},"initial":${initial}}`
    growInto(adjusts, counter, move)
  }
  return ok({
    collections: encodeCollections(registry, commit),
    claims: listOrNone(commit.claims.map(encodeClaim)),
    releases: listOrNone(commit.releases.map(encodeClaim)),
    severalClaims: commit.claims.length + commit.releases.length > 1,
    logs: groupsOf(registry.logs, appends),
    counters: groupsOf(registry.counters, adjusts),
    events: listOrNone(commit.events.map(encodeEvent)),
  })
}
