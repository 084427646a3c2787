import { encodeClaim, encodeEntry, encodeEvent, encodeRow } from './encode.js'
import { StaleView } from './errors.js'
import type { Registry } from './registry.js'
import { type Ask, partInput } from './transaction-load.js'
import type { HeldRow, TransactionView } from './transaction-view.js'

const encodeHeld = ({ key, stored, version, schemaVersion, text }: HeldRow): string =>
  encodeRow({
    index: 0,
    id: key.id,
    version: stored,
    ...(text === undefined ? {} : { next: version, schemaVersion, text }),
  })

const sendAll = async (ask: Ask, text: string, rows: readonly string[]): Promise<void> => {
  if (rows.length === 0) return
  const written = await ask(text, rows)
  if (written.length < rows.length) throw new StaleView('a locked row was gone')
}

const writeRows = async (registry: Registry, ask: Ask, view: TransactionView): Promise<void> => {
  for (const [name, { parts }] of registry.collections) {
    const rows = [...view.rows.values()].filter(({ key }) => key.collection === name)
    const removed = rows.filter(({ stored, version }) => stored > 0 && version === 0)
    const inserted: string[] = []
    const updated: string[] = []
    for (const row of rows) {
      if (row.text === undefined) continue
      const isAsInserted = row.version === row.stored && row.text === row.inserted
      ;(isAsInserted ? inserted : updated).push(encodeHeld(row))
    }
    await sendAll(ask, parts.remove(partInput), removed.map(encodeHeld))
    await sendAll(ask, parts.update(partInput), updated)
    if (updated.length > 0) for (const part of parts.afterUpdate ?? []) await ask(part(partInput), updated)
    if (inserted.length > 0) for (const part of parts.afterInsert ?? []) await ask(part(partInput), inserted)
  }
}

const writeClaims = async (registry: Registry, ask: Ask, view: TransactionView): Promise<void> => {
  const { shared } = registry
  const released: string[] = []
  const changed: string[] = []
  for (const { space, key, stored, held } of view.claims.values()) {
    if (stored === undefined) continue
    if (held === undefined) released.push(encodeClaim({ index: 0, space, key, ...stored }))
    else if (held.owner !== stored.owner || held.expiresAt !== stored.expiresAt) {
      changed.push(encodeClaim({ index: 0, space, key, ...held }))
    }
  }
  await sendAll(ask, shared.releaseClaims(partInput), released)
  await sendAll(ask, shared.setClaims(partInput), changed)
}

const writeEntries = async (registry: Registry, ask: Ask, view: TransactionView): Promise<void> => {
  for (const [name, { parts }] of registry.logs) {
    const entries = [...view.entries.values()].filter(
      ({ log, inserted, text }) => log === name && inserted !== undefined && text !== inserted,
    )
    const rows = entries.map(({ id, text }) => encodeEntry({ index: 0, id, text: text ?? 'null' }))
    await sendAll(ask, parts.remove(partInput), rows)
    const again = rows.filter((_, place) => entries[place]?.text !== undefined)
    await sendAll(ask, parts.insert(partInput), again)
  }
}

const writeCounters = async (registry: Registry, ask: Ask, view: TransactionView): Promise<void> => {
  for (const [name, { parts }] of registry.counters) {
    const counters = [...view.counters.values()].filter(({ counter }) => counter === name)
    const encode = ({ id, value }: { readonly id: string; readonly value: number | undefined }): string =>
      JSON.stringify({ id, value })
    const moved = counters.filter(({ stored, value }) => stored !== undefined && value !== stored)
    const made = counters.filter(({ stored, value }) => stored === undefined && value !== undefined)
    await sendAll(ask, parts.set(partInput), moved.map(encode))
    await sendAll(ask, parts.insert(partInput), made.map(encode))
  }
}

/** Makes the tables hold what a view has come to. */
export const writeView = async (registry: Registry, ask: Ask, view: TransactionView): Promise<void> => {
  await writeRows(registry, ask, view)
  await writeClaims(registry, ask, view)
  await writeEntries(registry, ask, view)
  const events = [...view.events.values()].map(encodeEvent)
  if (events.length > 0) await ask(registry.shared.writeEvents(partInput), events)
  await writeCounters(registry, ask, view)
}
