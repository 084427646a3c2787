import { err, ok, type Result } from 'neverthrow'
import type { MalformedCommit, OutboxEvent, PreparedCommit } from 'shopwright'
import type { RegisteredCollection, RegisteredCounters, RegisteredLog, Registry } from './registry.js'

/** What a commit does to the rows of one collection, each list a JSON array. */
export type CollectionRows = RegisteredCollection & {
  readonly name: string
  /** Every row that must be there: index `i`, `id` and the `version` it must be at. */
  readonly lock: string | undefined
  readonly insert: string | undefined
  readonly update: string | undefined
  readonly remove: string | undefined
  readonly strength: 'update' | 'share'
}

/** A commit sorted into what the SQL parts take, in lock order. */
export type EncodedCommit = {
  readonly collections: readonly CollectionRows[]
  readonly claims: string | undefined
  readonly releases: string | undefined
  /** Whether more than one claim is touched, so that their order matters. */
  readonly severalClaims: boolean
  readonly logs: readonly (RegisteredLog & { readonly name: string; readonly rows: string })[]
  readonly counters: readonly (RegisteredCounters & { readonly name: string; readonly rows: string })[]
  readonly events: string | undefined
}

const json = (value: string | number | null): string => JSON.stringify(value)

const list = (items: readonly string[]): string => `[${items.join(',')}]`

const listOrNone = (items: readonly string[]): string | undefined => (items.length === 0 ? undefined : list(items))

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
  `{"id":${json(event.id)},"collection":${json(event.collection)},"row_id":${json(event.rowId)},"version":${event.version},"position":${event.position},"partition":${event.partition},"type":${json(event.type)},"at":${event.at},"body":${JSON.stringify(event.body)}}`

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

const groupBy = <Item>(
  items: readonly Item[],
  nameOf: (item: Item) => string,
): ReadonlyMap<string, readonly Item[]> => {
  const groups = new Map<string, Item[]>()
  for (const item of items) {
    const name = nameOf(item)
    const group = groups.get(name)
    if (group === undefined) groups.set(name, [item])
    else group.push(item)
  }
  return groups
}

const encodeCollections = (registry: Registry, commit: PreparedCommit): readonly CollectionRows[] => {
  const puts = groupBy(commit.puts, (change) => change.key.collection)
  const expects = groupBy(commit.expects, (change) => change.key.collection)
  const removes = groupBy(commit.removes, (change) => change.key.collection)
  const encoded: CollectionRows[] = []
  for (const [name, registered] of registry.collections) {
    const [put, expect, remove] = [puts.get(name) ?? [], expects.get(name) ?? [], removes.get(name) ?? []]
    if (put.length + expect.length + remove.length === 0) continue
    const bare = ({ index, key, version }: (typeof expect)[number]): string => encodeRow({ index, id: key.id, version })
    const whole = ({ index, key, version, schemaVersion, text }: (typeof put)[number]): string =>
      encodeRow({ index, id: key.id, version, next: version + 1, schemaVersion, text })
    encoded.push({
      ...registered,
      name,
      // A row to insert is not looked for first: the insert finds it, and waits in order where it must.
      lock: listOrNone([...put.filter(({ version }) => version > 0), ...expect, ...remove].map(bare)),
      insert: listOrNone(put.filter(({ version }) => version === 0).map(whole)),
      update: listOrNone(put.filter(({ version }) => version > 0).map(whole)),
      remove: listOrNone(remove.map(bare)),
      strength: put.some(({ version }) => version > 0) || remove.length > 0 ? 'update' : 'share',
    })
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
  const appends = groupBy(commit.appends, ({ log }) => log)
  const adjusts = groupBy(commit.adjusts, ({ counter }) => counter)
  return ok({
    collections: encodeCollections(registry, commit),
    claims: listOrNone(commit.claims.map(encodeClaim)),
    releases: listOrNone(commit.releases.map(encodeClaim)),
    severalClaims: commit.claims.length + commit.releases.length > 1,
    logs: [...registry.logs].flatMap(([name, registered]) => {
      const entries = appends.get(name)
      return entries === undefined ? [] : [{ ...registered, name, rows: list(entries.map(encodeEntry)) }]
    }),
    counters: [...registry.counters].flatMap(([name, registered]) => {
      const moves = adjusts.get(name)
      if (moves === undefined) return []
      const rows = moves.map(
        ({ index, id, by, floor, initial }) =>
          `{"i":${index},"id":${json(id)},"by":${by},"floor":${floor},"initial":${initial}}`,
      )
      return [{ ...registered, name, rows: list(rows) }]
    }),
    events: listOrNone(commit.events.map(encodeEvent)),
  })
}
