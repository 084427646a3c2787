import type { PreparedCommit } from 'shopwright'
import { claimSteps } from './claim-steps.js'
import type { EncodedCommit } from './encode.js'
import { refusalMark } from './errors.js'
import { rowsAfter } from './parts.js'
import type { Registry } from './registry.js'
import type { Statement } from './sql.js'

/** What makes the text of one commit differ from that of another: the parts it touches, never its values. */
export const shapeOf = (commit: EncodedCommit): string =>
  [
    ...commit.collections.map(({ name, lock, insert, update, remove, strength }) =>
      [name, insert && 'i', update && 'u', remove && 'r', lock && strength].filter(Boolean).join('.'),
    ),
    commit.releases && '-release',
    commit.claims && '-claim',
    commit.severalClaims && '-several',
    ...commit.logs.map(({ name }) => `+${name}`),
    ...commit.counters.map(({ name }) => `#${name}`),
    commit.events && '!',
  ]
    .filter(Boolean)
    .join(' ')

// Each list of rows is one parameter; the order here is the order of `valuesOf`.
const parameters = () => {
  let last = 2
  return () => {
    last += 1
    return `$${last}::jsonb`
  }
}

/** The values of a commit's statement, in the order in which its text names them. */
export const valuesOf = (commit: PreparedCommit, encoded: EncodedCommit): readonly string[] => {
  const values = [commit.shop, String(commit.at)]
  for (const { lock, insert, update, remove } of encoded.collections) {
    for (const rows of [lock, insert, update, remove]) if (rows !== undefined) values.push(rows)
  }
  for (const rows of [encoded.releases, encoded.claims]) if (rows !== undefined) values.push(rows)
  for (const { rows } of encoded.logs) values.push(rows)
  if (encoded.events !== undefined) values.push(encoded.events)
  for (const { rows } of encoded.counters) values.push(rows)
  return values
}

const shop = '$1::text'
const at = '$2::text::bigint'

/**
 * The text of a commit in one statement: locks by rank and id, then what may fail, then the rest, counters last. Each
 * step waits for all of the one before it. What failed is raised by a cast that cannot be made.
 */
export const statementText = (registry: Registry, commit: EncodedCommit): string => {
  const steps: string[] = []
  const failures: string[] = []
  const moved: string[] = []
  const next = parameters()
  let before: string | undefined
  let sound: string | undefined
  const step = (name: string, rows: string, part: (rows: string) => string, kept = ''): void => {
    steps.push(`${name} as ${kept}(${part(rowsAfter(before, rows))})`)
    before = name
  }
  const write = (name: string, rows: string, part: (rows: string) => string): void =>
    step(name, sound === undefined ? rows : `case when not exists (select from ${sound}) then ${rows} end`, part)
  const { shared } = registry

  const touched = commit.collections.map(({ parts, strength, ...rows }) => ({
    parts,
    strength,
    lock: rows.lock === undefined ? undefined : next(),
    insert: rows.insert === undefined ? undefined : next(),
    update: rows.update === undefined ? undefined : next(),
    remove: rows.remove === undefined ? undefined : next(),
  }))
  const releases = commit.releases === undefined ? undefined : next()
  const claims = commit.claims === undefined ? undefined : next()

  for (const [place, { parts, strength, lock }] of touched.entries()) {
    if (lock === undefined) continue
    step(`l${place}`, lock, (rows) => parts.lock({ shop, rows, strength }), 'materialized ')
    failures.push(`select l.i, 'V', null from l${place} l where coalesce(l.version, 0) <> l.wanted`)
  }
  for (const [place, { parts, insert }] of touched.entries()) {
    if (insert === undefined) continue
    step(`i${place}`, insert, (rows) => parts.insert({ shop, rows }))
    failures.push(
      `select r.i, 'V', null from jsonb_to_recordset(${insert}) as r(i int, id text) ` +
        `where not exists (select from i${place} d where d.id = r.id)`,
    )
  }
  // Nothing is written where something has failed: what a failed row hangs on is not locked, and to wait for it now
  // would be out of order.
  const soundly = (name: string): void => {
    if (failures.length === 0) return
    steps.push(`${name}(i, k, o) as materialized (${failures.join(' union all ')})`)
    failures.splice(0, failures.length, `select i, k, o from ${name}`)
    sound = name
  }
  soundly('rows_failed')
  for (const [place, { parts, insert, update, remove }] of touched.entries()) {
    if (update !== undefined) write(`u${place}`, update, (rows) => parts.update({ shop, rows }))
    if (remove !== undefined) write(`d${place}`, remove, (rows) => parts.remove({ shop, rows }))
    if (insert !== undefined) {
      for (const [nth, part] of (parts.afterInsert ?? []).entries()) {
        write(`i${place}_${nth}`, insert, (rows) => part({ shop, rows }))
      }
    }
    if (update !== undefined) {
      for (const [nth, part] of (parts.afterUpdate ?? []).entries()) {
        write(`u${place}_${nth}`, update, (rows) => part({ shop, rows }))
      }
    }
  }
  const taking = claimSteps(shared, { shop, at, claims, releases, several: commit.severalClaims }, before)
  steps.push(...taking.steps)
  before = taking.last
  if (taking.failures !== undefined) failures.push(taking.failures)
  for (const [place, { parts }] of commit.logs.entries()) {
    const entries = next()
    step(`e${place}`, entries, (rows) => parts.insert({ shop, rows }))
    failures.push(
      `select r.i, 'E', null from jsonb_to_recordset(${entries}) as r(i int, id text) ` +
        `where not exists (select from e${place} d where d.id = r.id)`,
    )
  }
  if (commit.events !== undefined) {
    soundly('entries_failed')
    write('o', next(), (rows) => shared.writeEvents({ shop, rows }))
  }
  for (const [place, { name, parts }] of commit.counters.entries()) {
    const moves = next()
    step(`m${place}`, moves, (rows) => parts.adjust({ shop, rows }))
    failures.push(
      `select r.i, 'F', null from jsonb_to_recordset(${moves}) as r(i int, id text) ` +
        `where not exists (select from m${place} d where d.id = r.id)`,
    )
    moved.push(`select '${name.replaceAll("'", "''")}' as counter, d.id, d.value from m${place} d`)
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

/** A commit in one statement, its text kept by shape. */
export const createStatementForm = (
  registry: Registry,
  textOfShape: (shape: string, make: () => string) => string,
  nameOf: (text: string) => string | undefined,
): ((commit: PreparedCommit, encoded: EncodedCommit) => Statement) => {
  return (commit, encoded) => {
    const text = textOfShape(shapeOf(encoded), () => statementText(registry, encoded))
    const name = nameOf(text)
    return { ...(name === undefined ? {} : { name }), text, values: valuesOf(commit, encoded) }
  }
}
