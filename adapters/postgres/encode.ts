import { compareCodePoints, type MalformedCommit, type OutboxEvent, type PreparedCommit } from 'shopwright'
import type { RegisteredCollection, RegisteredCounters, RegisteredLog, Registry } from './registry.js'

/** A row as the parts take it; `text` is its state, already JSON. */
export type EncodedRow = {
  readonly index: number
  readonly id: string
  readonly version: number
  readonly schemaVersion?: number
  readonly text?: string
}

/** What a commit does to the rows of one collection, each list in the order of ids. */
export type CollectionRows = {
  readonly registered: RegisteredCollection
  /** Rows to be locked before anything is written. */
  readonly lock: readonly EncodedRow[]
  readonly insert: readonly EncodedRow[]
  readonly update: readonly EncodedRow[]
  readonly remove: readonly EncodedRow[]
  readonly strength: 'update' | 'share'
}

/** What a commit does to one log or family. */
export type EncodedGroup<Registered, Item> = { readonly registered: Registered; readonly items: readonly Item[] }

/** A commit sorted into what the SQL parts take, in lock order. */
export type EncodedCommit = {
  readonly collections: readonly CollectionRows[]
  readonly claims: string | undefined
  readonly releases: string | undefined
  /** Whether more than one claim is touched, so that their order matters. */
  readonly severalClaims: boolean
  readonly logs: readonly EncodedGroup<RegisteredLog, PreparedCommit['appends'][number]>[]
  readonly counters: readonly EncodedGroup<RegisteredCounters, PreparedCommit['adjusts'][number]>[]
  readonly events: string | undefined
}

const json = (value: string | number | null): string => JSON.stringify(value)

const listOrNone = (items: readonly string[]): string | undefined =>
  items.length === 0 ? undefined : `[${items.join(',')}]`

/** A row as JSON. */
export const encodeRow = (row: EncodedRow & { readonly next?: number }): string =>
  `{"i":${row.index},"id":${json(row.id)},"version":${row.version}${
    row.text === undefined
      ? ''
      : `,"next":${row.next ?? row.version + 1},"schema_version":${row.schemaVersion},"state":${row.text}`
  }}`

/** A movement of a counter as JSON. */
export const encodeMove = ({ index, id, by, floor, initial }: PreparedCommit['adjusts'][number]): string =>
  `{"i":${index},"id":${json(id)},"by":${by},"floor":${floor},"initial":${initial}}`

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

/** An event as a list; its body is a text in it, which the server keeps and does not take apart. */
export const encodeEvent = (event: OutboxEvent, text = JSON.stringify(event.body)): string =>
  `[${json(event.collection)},${json(event.rowId)},${event.version},${event.position},${event.partition},${json(event.type)},${event.at},${json(text)}]`

/** The events of a commit, each as JSON. */
export const encodeEvents = ({ events, eventTexts }: PreparedCommit): readonly string[] =>
  events.map((event, place) => encodeEvent(event, eventTexts[place]))

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

type Lists = {
  readonly lock: EncodedRow[]
  readonly insert: EncodedRow[]
  readonly update: EncodedRow[]
  readonly remove: EncodedRow[]
}

const byId = (a: EncodedRow, b: EncodedRow): number => compareCodePoints(a.id, b.id)

const encodeCollections = (registry: Registry, commit: PreparedCommit): readonly CollectionRows[] => {
  const touched = new Map<string, Lists>()
  const touch = (name: string): Lists => {
    const lists = touched.get(name) ?? { lock: [], insert: [], update: [], remove: [] }
    touched.set(name, lists)
    return lists
  }
  for (const { index, key, version, schemaVersion, text } of commit.puts) {
    const lists = touch(key.collection)
    // A row to insert is not looked for first: the insert finds it, and waits in order where it must.
    const list = version === 0 ? lists.insert : lists.update
    list.push({ index, id: key.id, version, schemaVersion, text })
  }
  for (const { index, key, version } of commit.expects) touch(key.collection).lock.push({ index, id: key.id, version })
  for (const { index, key, version } of commit.removes)
    touch(key.collection).remove.push({ index, id: key.id, version })
  const encoded: CollectionRows[] = []
  const lastThere = [...registry.collections.keys()]
    .filter((name) => {
      const lists = touched.get(name)
      return lists !== undefined && lists.lock.length + lists.update.length + lists.remove.length > 0
    })
    .at(-1)
  for (const [name, registered] of registry.collections) {
    const lists = touched.get(name)
    if (lists === undefined) continue
    const written = [...lists.update, ...lists.remove]
    // The last row to be locked is locked by what writes it, which names its version; the others are locked in their
    // order first. An insert waits for whoever writes the row in its way, and never for who has only locked it, so who
    // still waits for rows must not have written any.
    const isGuarded =
      name === lastThere &&
      registered.writes !== undefined &&
      !registered.writes.isReliedUpon &&
      written.length + lists.lock.length === 1
    encoded.push({
      ...lists,
      registered,
      lock: isGuarded
        ? lists.lock
        : [...lists.lock, ...written.map(({ index, id, version }) => ({ index, id, version }))].sort(byId),
      strength: written.length > 0 ? 'update' : 'share',
    })
  }
  return encoded
}

const groupsOf = <Registered, Item>(
  known: ReadonlyMap<string, Registered>,
  items: readonly Item[],
  nameOf: (item: Item) => string,
): readonly EncodedGroup<Registered, Item>[] => {
  if (items.length === 0) return []
  const groups = new Map<string, Item[]>()
  for (const item of items) {
    const group = groups.get(nameOf(item)) ?? []
    groups.set(nameOf(item), group)
    group.push(item)
  }
  return [...known].flatMap(([name, registered]) => {
    const group = groups.get(name)
    return group === undefined ? [] : [{ registered, items: group }]
  })
}

/** Sorts a prepared commit, all of which the registry knows, into the rows that each SQL part takes. */
export const encodeCommit = (registry: Registry, commit: PreparedCommit): EncodedCommit => ({
  collections: encodeCollections(registry, commit),
  claims: listOrNone(commit.claims.map(encodeClaim)),
  releases: listOrNone(commit.releases.map(encodeClaim)),
  severalClaims: commit.claims.length + commit.releases.length > 1,
  logs: groupsOf(registry.logs, commit.appends, ({ log }) => log),
  counters: groupsOf(registry.counters, commit.adjusts, ({ counter }) => counter),
  events: listOrNone(encodeEvents(commit)),
})
