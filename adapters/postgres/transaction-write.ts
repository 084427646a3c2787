import { encodeClaim, encodeEntry, encodeEvent, encodeRow } from './encode.js'
import { StaleView } from './errors.js'
import type { Registry } from './registry.js'
import { type Ask, type AskedPart, partShop } from './transaction-ask.js'
import type { HeldRow, TransactionView } from './transaction-view.js'

/** A part of the statement that writes; where it is `whole`, every one of its rows must be answered. */
type Writing = AskedPart & { readonly whole: boolean }

const encodeHeld = ({ key, stored, version, schemaVersion, text }: HeldRow): string =>
  encodeRow({
    index: 0,
    id: key.id,
    version: stored,
    ...(text === undefined ? {} : { next: version, schemaVersion, text }),
  })

const rowParts = (registry: Registry, view: TransactionView): readonly Writing[] => {
  const written = new Map<
    string,
    { readonly removed: string[]; readonly inserted: string[]; readonly updated: string[] }
  >()
  for (const row of view.rows.values()) {
    const { key, stored, inserted, listed, version, text } = row
    const lists = written.get(key.collection) ?? { removed: [], inserted: [], updated: [] }
    written.set(key.collection, lists)
    if (stored > 0 && version === 0) lists.removed.push(encodeHeld(row))
    else if (text !== undefined) {
      if (version !== stored || text !== inserted) lists.updated.push(encodeHeld(row))
      else if (!listed) lists.inserted.push(encodeHeld(row))
    }
  }
  return [...registry.collections].flatMap(([name, { parts }]): readonly Writing[] => {
    const { removed, inserted, updated } = written.get(name) ?? { removed: [], inserted: [], updated: [] }
    const further = (what: string, rows: readonly string[], texts: typeof parts.afterInsert = []): readonly Writing[] =>
      texts.map((text, nth) => ({
        name: `${what} ${nth} ${name}`,
        text: (given) => text({ shop: partShop, rows: given }),
        rows,
        whole: false,
      }))
    return [
      {
        name: `remove ${name}`,
        text: (rows) => parts.remove({ shop: partShop, rows }),
        rows: removed,
        whole: true,
      },
      {
        name: `update ${name}`,
        text: (rows) => parts.update({ shop: partShop, rows }),
        rows: updated,
        whole: true,
      },
      ...further('updated', updated, parts.afterUpdate),
      ...further('inserted', inserted, parts.afterInsert),
    ]
  })
}

const claimParts = ({ shared }: Registry, view: TransactionView): readonly Writing[] => {
  const released: string[] = []
  const changed: string[] = []
  for (const { space, key, stored, held } of view.claims.values()) {
    if (stored === undefined) continue
    if (held === undefined) released.push(encodeClaim({ index: 0, space, key, ...stored }))
    else if (held.owner !== stored.owner || held.expiresAt !== stored.expiresAt) {
      changed.push(encodeClaim({ index: 0, space, key, ...held }))
    }
  }
  return [
    {
      name: 'release claims',
      text: (rows) => shared.releaseClaims({ shop: partShop, rows }),
      rows: released,
      whole: true,
    },
    { name: 'set claims', text: (rows) => shared.setClaims({ shop: partShop, rows }), rows: changed, whole: true },
  ]
}

/** The entries that were inserted with a body that does not stand: all taken out, and those that have another put in. */
const entryParts = (
  registry: Registry,
  view: TransactionView,
): { readonly out: readonly Writing[]; readonly again: readonly Writing[] } => {
  const out: Writing[] = []
  const again: Writing[] = []
  for (const [name, { parts }] of registry.logs) {
    const entries = [...view.entries.values()].filter(
      ({ log, inserted, text }) => log === name && inserted !== undefined && text !== inserted,
    )
    out.push({
      name: `take out ${name}`,
      text: (rows) => parts.remove({ shop: partShop, rows }),
      rows: entries.map(({ id }) => encodeEntry({ index: 0, id, text: 'null' })),
      whole: true,
    })
    again.push({
      name: `append ${name}`,
      text: (rows) => parts.insert({ shop: partShop, rows }),
      rows: entries.flatMap(({ id, text }) => (text === undefined ? [] : [encodeEntry({ index: 0, id, text })])),
      whole: true,
    })
  }
  return { out, again }
}

const counterParts = (registry: Registry, view: TransactionView): readonly Writing[] =>
  [...registry.counters].flatMap(([name, { parts }]): readonly Writing[] => {
    const counters = [...view.counters.values()].filter(({ counter }) => counter === name)
    const encode = ({ id, value }: { readonly id: string; readonly value: number | undefined }): string =>
      JSON.stringify({ id, value })
    const moved = counters.filter(({ stored, value }) => stored !== undefined && value !== stored)
    const made = counters.filter(({ stored, value }) => stored === undefined && value !== undefined)
    return [
      {
        name: `set ${name}`,
        text: (rows) => parts.set({ shop: partShop, rows }),
        rows: moved.map(encode),
        whole: true,
      },
      {
        name: `begin ${name}`,
        text: (rows) => parts.insert({ shop: partShop, rows }),
        rows: made.map(encode),
        whole: true,
      },
    ]
  })

const send = async (ask: Ask, parts: readonly Writing[]): Promise<void> => {
  const answers = await ask(parts)
  for (const [place, { rows, whole }] of parts.entries()) {
    if (whole && (answers[place] ?? []).length < rows.length) throw new StaleView('a locked row was gone')
  }
}

/** Makes the tables hold what a view has come to: one statement, and one more where an entry changes its body. */
export const writeView = async (registry: Registry, ask: Ask, view: TransactionView): Promise<void> => {
  const entries = entryParts(registry, view)
  await send(ask, [
    ...rowParts(registry, view),
    ...claimParts(registry, view),
    ...entries.out,
    {
      name: 'events',
      text: (rows) => registry.shared.writeEvents({ shop: partShop, rows }),
      rows: [...view.events.values()].map((event) => encodeEvent(event)),
      whole: false,
    },
    ...counterParts(registry, view),
  ])
  await send(ask, entries.again)
}
