import { compareCodePoints, type PreparedCommit } from 'shopwright'
import { encodeClaim, encodeEntry, encodeRow } from './encode.js'
import { StaleView } from './errors.js'
import type { Registry } from './registry.js'
import { type Ask, type AskedPart, partShop, type Row } from './transaction-ask.js'
import { createTransactionView, pairName, type TransactionView } from './transaction-view.js'

type Put = PreparedCommit['puts'][number]

/** Parts of the statement that locks, and what is learnt of their answers, one list of rows for each part. */
type Loading = {
  readonly parts: readonly AskedPart[]
  readonly learn: (answers: readonly (readonly Row[])[]) => Promise<void>
}

const textIn = (row: Row, name: string): string => String(row[name])

const touchedRows = (registry: Registry, commits: readonly PreparedCommit[]) => {
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
  return [...registry.collections].flatMap(([name, { parts }]) => {
    const known = touched.get(name)
    return known === undefined ? [] : [{ name, parts, ...known }]
  })
}

const loadRows = (registry: Registry, ask: Ask, commits: readonly PreparedCommit[], view: TransactionView): Loading => {
  const touched = touchedRows(registry, commits)
  const hold = (collection: string, id: string, stored: number, inserted?: string, listed = false): void => {
    const version = inserted === undefined ? stored : 0
    const row = { key: { collection, id }, stored, inserted, listed, version, schemaVersion: 1, text: undefined }
    view.rows.set(pairName(collection, id), row)
  }
  const locks = touched.map(({ name, parts, ids, writes }): AskedPart => {
    const strength = writes ? 'update' : 'share'
    return {
      name: `lock for ${strength} ${name}`,
      text: (rows) => parts.lock({ shop: partShop, rows, strength }),
      rows: [...ids].map((id) => encodeRow({ index: 0, id, version: 0 })),
    }
  })
  // An absent id is held by inserting it; should its commit be refused, the row is taken out again.
  const holds = touched.map(({ name, parts, inserts }): AskedPart => {
    const encode = ({ key, schemaVersion, text }: Put) =>
      encodeRow({ index: 0, id: key.id, version: 0, next: 1, schemaVersion, text })
    return {
      name: `insert ${name}`,
      text: (rows) => parts.insert({ shop: partShop, rows }),
      rows: [...inserts.values()].map(encode),
    }
  })
  // With its lists, where all ids were absent; else those that are ours get theirs when they are known to stand.
  const lists = touched.flatMap(({ name, parts }, place) =>
    (parts.afterInsert ?? []).map(
      (text, nth): AskedPart => ({
        name: `inserted ${nth} ${name}`,
        text: (rows) => text({ shop: partShop, rows }),
        rows: holds[place]?.rows ?? [],
        afterWhole: `insert ${name}`,
      }),
    ),
  )
  return {
    parts: [...locks, ...holds, ...lists],
    learn: async (answers) => {
      for (const [place, { name }] of touched.entries()) {
        for (const row of answers[place] ?? []) {
          if (row.version !== null) hold(name, textIn(row, 'id'), Number(row.version))
        }
      }
      const appeared = touched.map(({ name, parts, inserts }, place): AskedPart & { readonly collection: string } => {
        const ours = new Set((answers[touched.length + place] ?? []).map((row) => textIn(row, 'id')))
        const listed = ours.size === inserts.size
        for (const { key, text } of inserts.values()) if (ours.has(key.id)) hold(name, key.id, 1, text, listed)
        return {
          collection: name,
          name: `find ${name}`,
          text: (rows) =>
            `select t.id, t.version from ${parts.relation} t where t.shop = ${partShop} ` +
            `and t.id = any (array(select r.id from jsonb_to_recordset(${rows}) as r(id text)))`,
          rows: [...inserts.keys()]
            .filter((id) => !view.rows.has(pairName(name, id)))
            .map((id) => JSON.stringify({ id })),
        }
      })
      const found = await ask(appeared)
      for (const [place, { collection, rows }] of appeared.entries()) {
        const there = found[place] ?? []
        if (there.length < rows.length) throw new StaleView('a row appeared and went')
        for (const row of there) {
          hold(collection, textIn(row, 'id'), Number(row.version))
          view.seen.add(pairName(collection, textIn(row, 'id')))
        }
      }
    },
  }
}

const loadClaims = (
  { shared }: Registry,
  ask: Ask,
  commits: readonly PreparedCommit[],
  view: TransactionView,
): Loading => {
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
  const hold = (row: Row): string => {
    const expiresAt = row.expires_at === null ? null : Number(row.expires_at)
    const held = { owner: textIn(row, 'owner'), expiresAt }
    const [space, key] = [textIn(row, 'space'), textIn(row, 'key')]
    view.claims.set(pairName(space, key), { space, key, stored: held, held })
    return pairName(space, key)
  }
  return {
    parts: [
      {
        name: 'lock claims',
        text: (rows) => shared.lockClaims({ shop: partShop, rows }),
        rows: [...named.values()].map(encodeClaim),
      },
      {
        name: 'insert claims',
        text: (rows) => shared.insertClaims({ shop: partShop, rows }),
        rows: [...taken.values()].map(encodeClaim),
      },
    ],
    learn: async ([locked = [], inserted = []]) => {
      for (const row of locked) hold(row)
      const ours = new Set(inserted.map((row) => pairName(textIn(row, 'space'), textIn(row, 'key'))))
      for (const [name, { space, key, owner, expiresAt }] of taken) {
        if (ours.has(name)) {
          view.claims.set(name, { space, key, stored: { owner, expiresAt }, held: undefined })
        }
      }
      const appeared = [...taken].filter(([name]) => !view.claims.has(name)).map(([, claim]) => claim)
      const [found = []] = await ask([
        {
          name: 'find claims',
          text: (rows) => shared.findClaims({ shop: partShop, rows }),
          rows: appeared.map(encodeClaim),
        },
      ])
      if (found.length < appeared.length) throw new StaleView('a claim appeared and went')
      for (const row of found) view.seen.add(hold(row))
    },
  }
}

const loadEntries = (registry: Registry, commits: readonly PreparedCommit[], view: TransactionView): Loading => {
  const logs = [...registry.logs].map(([name, { parts }]) => {
    const entries = new Map<string, PreparedCommit['appends'][number]>()
    for (const { appends } of commits) {
      for (const entry of appends) if (entry.log === name && !entries.has(entry.id)) entries.set(entry.id, entry)
    }
    return { name, parts, entries }
  })
  return {
    parts: logs.map(({ name, parts, entries }) => ({
      name: `append ${name}`,
      text: (rows) => parts.insert({ shop: partShop, rows }),
      rows: [...entries.values()].map(encodeEntry),
    })),
    learn: async (answers) => {
      for (const [place, { name, entries }] of logs.entries()) {
        const ours = new Set((answers[place] ?? []).map((row) => textIn(row, 'id')))
        for (const { id, text } of entries.values()) {
          const held = { log: name, id, inserted: ours.has(id) ? text : undefined, text: undefined }
          view.entries.set(pairName(name, id), held)
        }
      }
    },
  }
}

const loadCounters = (registry: Registry, commits: readonly PreparedCommit[], view: TransactionView): Loading => {
  const families = [...registry.counters].map(([name, { parts }]) => {
    const ids = new Set<string>()
    for (const { adjusts } of commits) for (const { counter, id } of adjusts) if (counter === name) ids.add(id)
    return { name, parts, ids }
  })
  return {
    parts: families.map(({ name, parts, ids }) => ({
      name: `count ${name}`,
      text: (rows) => parts.lock({ shop: partShop, rows }),
      rows: [...ids].sort(compareCodePoints).map((id) => JSON.stringify({ id })),
    })),
    learn: async (answers) => {
      for (const [place, { name, ids }] of families.entries()) {
        const hold = (id: string, stored: number | undefined): void => {
          view.counters.set(pairName(name, id), { counter: name, id, stored, value: stored })
        }
        for (const id of ids) hold(id, undefined)
        for (const row of answers[place] ?? []) if (row.value !== null) hold(textIn(row, 'id'), Number(row.value))
      }
    },
  }
}

/** Locks everything that commits of one shop touch, in the order of all writers, and tells what stands. */
export const loadView = async (
  registry: Registry,
  ask: Ask,
  commits: readonly PreparedCommit[],
): Promise<TransactionView> => {
  const view = createTransactionView()
  const loadings = [
    loadRows(registry, ask, commits, view),
    loadClaims(registry, ask, commits, view),
    loadEntries(registry, commits, view),
    loadCounters(registry, commits, view),
  ]
  const answers = [...(await ask(loadings.flatMap(({ parts }) => parts)))]
  for (const { parts, learn } of loadings) await learn(answers.splice(0, parts.length))
  return view
}
