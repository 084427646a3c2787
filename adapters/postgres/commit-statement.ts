import type { PreparedCommit } from 'shopwright'
import { claimSteps } from './claim-steps.js'
import { type EncodedCommit, type EncodedRow, encodeCommit, encodeEntry, encodeMove, encodeRow } from './encode.js'
import { refusalMark } from './errors.js'
import { rowsAfter } from './parts.js'
import type { Registry } from './registry.js'
import { entryType, keyType, type RowSource, rowType } from './row-source.js'
import { quoteText, type Statement } from './sql.js'

// Lists up to this long are values in the text, one parameter each; longer ones are one parameter, a JSON array. So
// the number of texts stays bounded, and a small commit takes no list apart.
const mostByValue = 6

const countOf = (letter: string, list: readonly unknown[], byValue: number): string =>
  list.length === 0 ? '' : `.${letter}${list.length <= byValue ? list.length : '*'}`

/** What makes the text of one commit differ from that of another: the parts it touches and how many, never its values. */
const shapeOf = (commit: EncodedCommit, most: number): string =>
  [
    ...commit.collections.map(({ registered, lock, insert, update, remove, strength }) => {
      const byValue = registered.writes === undefined ? 0 : most
      const lists = [
        countOf('i', insert, byValue),
        countOf('u', update, byValue),
        countOf('r', remove, byValue),
        countOf(strength, lock, byValue),
      ]
      return `${registered.collection.name}${lists.join('')}`
    }),
    commit.releases && '-release',
    commit.claims && '-claim',
    commit.severalClaims && '-several',
    ...commit.logs.map(({ registered, items }) => `+${registered.log.name}${countOf('e', items, most)}`),
    ...commit.counters.map(
      ({ registered, items }) =>
        `#${registered.family.name}${countOf('m', items, registered.writes === undefined ? 0 : most)}`,
    ),
    commit.events && '!',
  ]
    .filter(Boolean)
    .join(' ')

const shop = '$1::text'
const at = '$2::text::bigint'

const keyFields = ['int', 'text', 'bigint'] as const
const rowFields = ['int', 'text', 'bigint', 'int', 'jsonb'] as const
const entryFields = ['int', 'text', 'jsonb'] as const
const moveFields = ['int', 'text', 'bigint', 'bigint', 'bigint'] as const

const keyValues = ({ index, id, version }: EncodedRow): readonly string[] => [String(index), id, String(version)]
const rowValues = (row: EncodedRow): readonly string[] => [
  ...keyValues(row),
  String(row.schemaVersion ?? 1),
  row.text ?? 'null',
]

const valuesOfList = <Item>(
  items: readonly Item[],
  most: number,
  byValue: (item: Item) => readonly string[],
  asJson: (item: Item) => string,
): readonly string[] => {
  if (items.length === 0) return []
  return items.length <= most ? items.flatMap(byValue) : [`[${items.map(asJson).join(',')}]`]
}

/** The values of a commit's statement, in the order in which its text names them. */
const valuesOf = (commit: PreparedCommit, encoded: EncodedCommit, most: number): readonly string[] => [
  commit.shop,
  String(commit.at),
  ...encoded.collections.flatMap(({ registered, lock, insert, update, remove }) => {
    const own = registered.writes === undefined ? 0 : most
    return [
      ...valuesOfList(lock, own, keyValues, encodeRow),
      ...valuesOfList(insert, own, rowValues, encodeRow),
      ...valuesOfList(update, own, rowValues, encodeRow),
      ...valuesOfList(remove, own, keyValues, encodeRow),
    ]
  }),
  ...[encoded.releases, encoded.claims, encoded.events].filter((list) => list !== undefined),
  ...encoded.logs.flatMap(({ items }) =>
    valuesOfList(items, most, ({ index, id, text }) => [String(index), id, text], encodeEntry),
  ),
  ...encoded.counters.flatMap(({ registered, items }) =>
    valuesOfList(
      items,
      registered.writes === undefined ? 0 : most,
      ({ index, id, by, floor, initial }) => [String(index), id, String(by), String(floor), String(initial)],
      encodeMove,
    ),
  ),
]

/** A list as the text names it: a JSON parameter, or a parameter for each member of each item. */
type Given = { readonly json: string | undefined; readonly rows: readonly (readonly string[])[] }

const givenOf = (
  items: readonly unknown[],
  most: number,
  fields: readonly string[],
  next: (type: string) => string,
): Given | undefined => {
  if (items.length === 0) return undefined
  if (items.length > most) return { json: next('jsonb'), rows: [] }
  return { json: undefined, rows: items.map(() => fields.map(next)) }
}

const valuesList = (rows: readonly (readonly string[])[]): string =>
  `(values ${rows.map((row) => `(${row.join(', ')})`).join(', ')})`

const gateOf = (conditions: readonly string[]): string =>
  conditions.length === 0 ? '' : ` where ${conditions.join(' and ')}`

/** The rows of a list, which are there once the conditions hold. */
const sourceOf = ({ json, rows }: Given, names: string, type: string, conditions: readonly string[]): RowSource => {
  const gate = gateOf(conditions)
  if (json !== undefined) {
    return {
      shop,
      from: `(select v.* from jsonb_to_recordset(${json}) as v(${type})${gate}) r`,
      ids: `array(select v.id from jsonb_to_recordset(${json}) as v(id text))`,
    }
  }
  const next = names.includes('schema_version') ? ', v.version + 1 as next' : ''
  return {
    shop,
    from: `(select v.*${next} from ${valuesList(rows)} as v(${names})${gate}) r`,
    ...(rows.length === 1 ? {} : { ids: `array[${rows.map(([, id]) => id).join(', ')}]` }),
  }
}

const keyNames = 'i, id, version'
const rowNames = 'i, id, version, schema_version, state'

const missing = ({ json, rows }: Given, letter: string, done: string): string => {
  const items =
    json === undefined
      ? `${valuesList(rows.map((row) => row.slice(0, 2)))} as r(i, id)`
      : `jsonb_to_recordset(${json}) as r(i int, id text)`
  return `select r.i, '${letter}', null from ${items} where not exists (select from ${done} d where d.id = r.id)`
}

/**
 * The text of a commit in one statement: locks by rank and id, then what may fail, then the rest, counters last. Each
 * step waits for all of the one before it. What failed is raised by a cast that cannot be made.
 */
const statementText = (registry: Registry, commit: EncodedCommit, most: number): string => {
  const steps: string[] = []
  const failures: string[] = []
  const moved: string[] = []
  let parameters = 2
  const next = (type: string): string => {
    parameters += 1
    return `$${parameters}::${type}`
  }
  let before: string | undefined
  let sound: string | undefined
  const conditions = (whenSound: boolean): readonly string[] => [
    ...(before === undefined ? [] : [`(select count(*) from ${before}) >= 0`]),
    ...(whenSound && sound !== undefined ? [`not exists (select from ${sound})`] : []),
  ]
  const step = (name: string, text: string, kept = ''): void => {
    steps.push(`${name} as ${kept}(${text})`)
    before = name
  }
  // For parts that take their rows as an expression.
  const after = (rows: string, whenSound: boolean): string =>
    rowsAfter(
      before,
      whenSound && sound !== undefined ? `case when not exists (select from ${sound}) then ${rows} end` : rows,
    )
  const { shared } = registry

  const touched = commit.collections.map(({ registered, strength, lock, insert, update, remove }) => {
    const own = registered.writes === undefined ? 0 : most
    return {
      ...registered,
      strength,
      lock: givenOf(lock, own, keyFields, next),
      insert: givenOf(insert, own, rowFields, next),
      update: givenOf(update, own, rowFields, next),
      remove: givenOf(remove, own, keyFields, next),
    }
  })
  const releases = commit.releases === undefined ? undefined : next('jsonb')
  const claims = commit.claims === undefined ? undefined : next('jsonb')
  const events = commit.events === undefined ? undefined : next('jsonb')

  const keys = (given: Given, whenSound: boolean): RowSource =>
    sourceOf(given, keyNames, keyType, conditions(whenSound))
  const rows = (given: Given, whenSound: boolean): RowSource =>
    sourceOf(given, rowNames, rowType, conditions(whenSound))
  const json = (given: Given, whenSound: boolean) => ({ shop, rows: after(given.json ?? "'[]'", whenSound) })

  const update = (place: number, whenSound: boolean): void => {
    const { parts, writes, update: given } = touched[place] ?? {}
    if (parts === undefined || given === undefined) return
    const text =
      writes === undefined
        ? parts.update(json(given, whenSound))
        : `${writes.update(rows(given, whenSound))} returning o.id`
    step(`u${place}`, text)
  }
  const remove = (place: number, whenSound: boolean): void => {
    const { parts, writes, remove: given } = touched[place] ?? {}
    if (parts === undefined || given === undefined) return
    const text =
      writes === undefined
        ? parts.remove(json(given, whenSound))
        : `${writes.remove(keys(given, whenSound))} returning o.id`
    step(`d${place}`, text)
  }

  for (const [place, each] of touched.entries()) {
    const { parts, writes, strength, lock } = each
    if (lock !== undefined) {
      const text =
        writes === undefined ? parts.lock({ ...json(lock, false), strength }) : writes.lock(keys(lock, false), strength)
      step(`l${place}`, text, 'materialized ')
      failures.push(`select l.i, 'V', null from l${place} l where coalesce(l.version, 0) <> l.wanted`)
      continue
    }
    update(place, false)
    remove(place, false)
    if (each.update !== undefined) failures.push(missing(each.update, 'V', `u${place}`))
    if (each.remove !== undefined) failures.push(missing(each.remove, 'V', `d${place}`))
  }
  for (const [place, { parts, writes, insert }] of touched.entries()) {
    if (insert === undefined) continue
    step(
      `i${place}`,
      writes === undefined ? parts.insert(json(insert, false)) : `${writes.insert(rows(insert, false))} returning o.id`,
    )
    failures.push(missing(insert, 'V', `i${place}`))
  }
  // Nothing more is written where something has failed: what a failed row hangs on is not locked, and to wait for it
  // now would be out of order.
  const soundly = (name: string): void => {
    if (failures.length === 0) return
    steps.push(`${name}(i, k, o) as materialized (${failures.join(' union all ')})`)
    failures.splice(0, failures.length, `select i, k, o from ${name}`)
    sound = name
  }
  soundly('rows_failed')
  for (const [place, { parts, writes, lock, insert, update: updated }] of touched.entries()) {
    if (lock !== undefined) {
      update(place, true)
      remove(place, true)
    }
    if (insert !== undefined) {
      for (const [nth, part] of (parts.afterInsert ?? []).entries()) {
        const text = writes?.lists[nth]?.insert(rows(insert, true))
        step(`i${place}_${nth}`, text === undefined ? part(json(insert, true)) : `${text} returning 1`)
      }
    }
    if (updated !== undefined) {
      const own = writes?.lists.flatMap(({ drop, merge }) => [drop, merge])
      for (const [nth, part] of (parts.afterUpdate ?? []).entries()) {
        const text = own?.[nth]?.(rows(updated, true))
        step(`u${place}_${nth}`, text === undefined ? part(json(updated, true)) : `${text} returning 1`)
      }
    }
  }
  const taking = claimSteps(shared, { shop, at, claims, releases, several: commit.severalClaims }, before)
  steps.push(...taking.steps)
  before = taking.last
  if (taking.failures !== undefined) failures.push(taking.failures)
  for (const [place, { registered, items }] of commit.logs.entries()) {
    const given = givenOf(items, most, entryFields, next)
    if (given === undefined) continue
    const source = sourceOf(given, 'i, id, body', entryType, conditions(false))
    step(`e${place}`, `${registered.insert(source)} returning id`)
    failures.push(missing(given, 'E', `e${place}`))
  }
  if (events !== undefined) {
    soundly('entries_failed')
    step('o', shared.writeEvents({ shop, rows: after(events, true) }))
  }
  for (const [place, { registered, items }] of commit.counters.entries()) {
    const { family, parts, writes } = registered
    const given = givenOf(items, writes === undefined ? 0 : most, moveFields, next)
    if (given === undefined) continue
    const note = (name: string): void => {
      moved.push(`select ${quoteText(family.name)} as counter, d.id, d.value from ${name} d`)
    }
    if (writes === undefined || given.json !== undefined) {
      step(`m${place}`, parts.adjust(json(given, false)))
      failures.push(missing(given, 'F', `m${place}`))
      note(`m${place}`)
      continue
    }
    for (const [nth, row] of given.rows.entries()) {
      const [, id = '', by = '', floor = '', initial = ''] = row
      const name = `m${place}_${nth}`
      const text = writes.moveOrBegin({ shop, id, by, floor, initial }, conditions(false).join(' and ') || 'true')
      step(name, `${text} returning c.id, c.value`)
      failures.push(missing({ json: undefined, rows: [row] }, 'F', name))
      note(name)
    }
  }
  const text = `'${refusalMark}' || f.k || '|' || f.i || '|' || coalesce(encode(convert_to(f.o, 'UTF8'), 'hex'), '') || '|'`
  // The limit keeps the cast from being made for any failure but the first.
  const first = `select ${text} as t from (${failures.join(' union all ')}) as f(i, k, o) order by f.i limit 1`
  return [
    `with ${steps.join(',\n')}`,
    failures.length === 0 ? 'select null as refused' : `select (select x.t::int from (${first}) as x) as refused`,
    moved.length === 0
      ? ", '[]' as counters"
      : `, (select json_agg(json_build_array(v.counter, v.id, v.value))::text from (${moved.join(' union all ')}) as v) as counters`,
    // Every parameter must stand in the text, or the server cannot tell its type.
    'where $2::text is not null',
  ].join('\n')
}

/**
 * A commit in one statement, its text kept by shape. The lists of a group have another length each time: with `most` 0
 * they are all given as JSON, so that the text stays one.
 */
export const createStatementForm = (
  registry: Registry,
  textOfShape: (shape: string, make: () => string) => string,
  nameOf: (text: string) => string | undefined,
): ((commit: PreparedCommit, most?: number) => Statement) => {
  return (commit, most = mostByValue) => {
    const encoded = encodeCommit(registry, commit)
    const text = textOfShape(shapeOf(encoded, most), () => statementText(registry, encoded, most))
    const name = nameOf(text)
    return { ...(name === undefined ? {} : { name }), text, values: valuesOf(commit, encoded, most) }
  }
}
