import { compareCodePoints, type PreparedCommit } from 'shopwright'
import { encodeClaim, encodeEntry, encodeRow } from './encode.js'
import { StaleView } from './errors.js'
import type { QueryRows } from './queryable.js'
import type { Registry } from './registry.js'
import { createTransactionView, pairName, type TransactionView } from './transaction-view.js'

/** Sends one part with its rows; `$1` is the shop, `$2` the rows. */
export type Ask = (text: string, rows: readonly string[]) => Promise<QueryRows['rows']>

export const partInput = { shop: '$1::text', rows: '$2::jsonb' } as const

type Put = PreparedCommit['puts'][number]

const textIn = (row: Readonly<Record<string, unknown>>, name: string): string => String(row[name])

const loadRows = async (
  registry: Registry,
  ask: Ask,
  commits: readonly PreparedCommit[],
  view: TransactionView,
): Promise<void> => {
  const touched = new Map<string, { readonly ids: Set<string>; readonly inserts: Map<string, Put>; writes: boolean }>()
  const touch = (name: string) => {
    const known = touched.get(name) ?? { ids: new Set(), inserts: new Map(), writes: false }
    touched.set(name, known)
    return known
  }
  const lock = (name: string, id: string, writes: boolean): void => {
    const known = touch(name)
    known.ids.add(id)
    known.writes ||= writes
  }
  for (const commit of commits) {
    for (const change of commit.puts) {
      const { collection, id } = change.key
      if (change.version > 0) lock(collection, id, true)
      else if (!touch(collection).inserts.has(id)) touch(collection).inserts.set(id, change)
    }
    for (const { key } of commit.removes) lock(key.collection, key.id, true)
    for (const { key } of commit.expects) lock(key.collection, key.id, false)
  }
  const inOrder = [...registry.collections].flatMap(([name, { parts }]) => {
    const known = touched.get(name)
    return known === undefined ? [] : [{ name, parts, ...known }]
  })
  const hold = (collection: string, id: string, stored: number, inserted?: string): void => {
    const version = inserted === undefined ? stored : 0
    const row = { key: { collection, id }, stored, inserted, version, schemaVersion: 1, text: undefined }
    view.rows.set(pairName(collection, id), row)
  }
  for (const { name, parts, ids, writes } of inOrder) {
    if (ids.size === 0) continue
    const rows = [...ids].map((id) => encodeRow({ index: 0, id, version: 0 }))
    const found = await ask(parts.lock({ ...partInput, strength: writes ? 'update' : 'share' }), rows)
    for (const row of found) if (row.version !== null) hold(name, textIn(row, 'id'), Number(row.version))
  }
  // An absent id is held by inserting it; should its commit be refused, the row is taken out again.
  for (const { name, parts, inserts } of inOrder) {
    const absent = [...inserts.values()].filter(({ key }) => !view.rows.has(pairName(name, key.id)))
    if (absent.length === 0) continue
    const rows = absent.map(({ key, schemaVersion, text }) =>
      encodeRow({ index: 0, id: key.id, version: 0, next: 1, schemaVersion, text }),
    )
    const ours = new Set((await ask(parts.insert(partInput), rows)).map((row) => textIn(row, 'id')))
    const appeared = absent.filter(({ key }) => !ours.has(key.id))
    for (const { key, text } of absent) if (ours.has(key.id)) hold(name, key.id, 1, text)
    if (appeared.length === 0) continue
    const found = await ask(
      `select t.id, t.version from ${parts.relation} t where t.shop = ${partInput.shop} ` +
        `and t.id = any (array(select r.id from jsonb_to_recordset(${partInput.rows}) as r(id text)))`,
      appeared.map(({ key }) => JSON.stringify({ id: key.id })),
    )
    if (found.length < appeared.length) throw new StaleView('a row appeared and went')
    for (const row of found) {
      hold(name, textIn(row, 'id'), Number(row.version))
      view.seen.add(pairName(name, textIn(row, 'id')))
    }
  }
}

const loadClaims = async (
  registry: Registry,
  ask: Ask,
  commits: readonly PreparedCommit[],
  view: TransactionView,
): Promise<void> => {
  const { shared } = registry
  const named = new Map<string, PreparedCommit['releases'][number]>()
  const taken = new Map<string, PreparedCommit['claims'][number]>()
  for (const commit of commits) {
    for (const release of commit.releases) named.set(pairName(release.space, release.key), release)
    for (const claim of commit.claims) {
      const name = pairName(claim.space, claim.key)
      named.set(name, claim)
      if (!taken.has(name)) taken.set(name, claim)
    }
  }
  if (named.size === 0) return
  const hold = (row: QueryRows['rows'][number]): string => {
    const expiresAt = row.expires_at === null ? null : Number(row.expires_at)
    const held = { owner: textIn(row, 'owner'), expiresAt }
    const [space, key] = [textIn(row, 'space'), textIn(row, 'key')]
    view.claims.set(pairName(space, key), { space, key, stored: held, held })
    return pairName(space, key)
  }
  for (const row of await ask(shared.lockClaims(partInput), [...named.values()].map(encodeClaim))) hold(row)
  const absent = [...taken].filter(([name]) => !view.claims.has(name)).map(([, claim]) => claim)
  if (absent.length === 0) return
  const inserted = await ask(shared.insertClaims(partInput), absent.map(encodeClaim))
  const ours = new Set(inserted.map((row) => pairName(textIn(row, 'space'), textIn(row, 'key'))))
  const appeared = absent.filter(({ space, key }) => !ours.has(pairName(space, key)))
  for (const { space, key, owner, expiresAt } of absent) {
    if (!ours.has(pairName(space, key))) continue
    view.claims.set(pairName(space, key), { space, key, stored: { owner, expiresAt }, held: undefined })
  }
  if (appeared.length === 0) return
  const found = await ask(shared.findClaims(partInput), appeared.map(encodeClaim))
  if (found.length < appeared.length) throw new StaleView('a claim appeared and went')
  for (const row of found) view.seen.add(hold(row))
}

const loadEntries = async (
  registry: Registry,
  ask: Ask,
  commits: readonly PreparedCommit[],
  view: TransactionView,
): Promise<void> => {
  for (const [name, { parts }] of registry.logs) {
    const entries = new Map<string, PreparedCommit['appends'][number]>()
    for (const { appends } of commits) {
      for (const entry of appends) if (entry.log === name && !entries.has(entry.id)) entries.set(entry.id, entry)
    }
    if (entries.size === 0) continue
    const inserted = await ask(parts.insert(partInput), [...entries.values()].map(encodeEntry))
    const ours = new Set(inserted.map((row) => textIn(row, 'id')))
    for (const { id, text } of entries.values()) {
      const held = { log: name, id, inserted: ours.has(id) ? text : undefined, text: undefined }
      view.entries.set(pairName(name, id), held)
    }
  }
}

const loadCounters = async (
  registry: Registry,
  ask: Ask,
  commits: readonly PreparedCommit[],
  view: TransactionView,
): Promise<void> => {
  for (const [name, { parts }] of registry.counters) {
    const ids = new Set<string>()
    for (const { adjusts } of commits) for (const { counter, id } of adjusts) if (counter === name) ids.add(id)
    if (ids.size === 0) continue
    const rows = [...ids].sort(compareCodePoints).map((id) => JSON.stringify({ id }))
    for (const id of ids)
      view.counters.set(pairName(name, id), { counter: name, id, stored: undefined, value: undefined })
    for (const row of await ask(parts.lock(partInput), rows)) {
      if (row.value === null) continue
      const [id, value] = [textIn(row, 'id'), Number(row.value)]
      view.counters.set(pairName(name, id), { counter: name, id, stored: value, value })
    }
  }
}

/** Locks everything that commits of one shop touch, in the order of all writers, and tells what stands. */
export const loadView = async (
  registry: Registry,
  ask: Ask,
  commits: readonly PreparedCommit[],
): Promise<TransactionView> => {
  const view = createTransactionView()
  await loadRows(registry, ask, commits, view)
  await loadClaims(registry, ask, commits, view)
  await loadEntries(registry, ask, commits, view)
  await loadCounters(registry, ask, commits, view)
  return view
}
