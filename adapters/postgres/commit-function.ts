import type { PreparedCommit } from 'shopwright'
import { type ClaimLists, claimSteps } from './claim-steps.js'
import type { EncodedCommit } from './encode.js'
import { refusalMark, refusalState } from './errors.js'
import type { PartInput } from './parts.js'
import type { RegisteredCollection, RegisteredCounters, Registry } from './registry.js'
import { checksumOf, quoteName, quoteText, type Statement } from './sql.js'

// Names that no column of any table can be mistaken for.
const given = 'shopwright_given'
const shop = 'shopwright_shop'
const at = 'shopwright_at'
const givenRows = 'shopwright_given_rows'
const givenLogs = 'shopwright_given_logs'
const givenCounters = 'shopwright_given_counters'
const rows = 'shopwright_rows'
const ids = 'shopwright_ids'
const failed = 'shopwright_failed'
const kind = 'shopwright_kind'
const owner = 'shopwright_owner'
const found = 'shopwright_found'
const foundKind = 'shopwright_found_kind'
const foundOwner = 'shopwright_found_owner'
const moved = 'shopwright_moved'
const answer = 'shopwright_answer'

const nothing = 2_147_483_647

const input = (list: string): PartInput => ({ shop, rows: `(${rows} -> ${quoteText(list)})` })

// What a commit touches is looked for by eights first: most of it touches little.
const byEights = (group: string, members: readonly { readonly name: string; readonly text: string }[]): string => {
  const parts: string[] = []
  for (let start = 0; start < members.length; start += 8) {
    const eight = members.slice(start, start + 8)
    const names = eight.map(({ name }) => quoteText(name)).join(', ')
    const each = eight.map(
      ({ name, text }) => `if ${group} ? ${quoteText(name)} then
  ${rows} := ${group} -> ${quoteText(name)};
  ${text}
end if;`,
    )
    parts.push(`if ${group} ?| array[${names}] then\n${each.join('\n')}\nend if;`)
  }
  return parts.join('\n')
}

const whenListed = (list: string, statements: readonly string[]): string =>
  `if ${rows} ? ${quoteText(list)} then ${statements.join(' ')} end if;`

const note = (letter: string, holder = 'null'): string =>
  `if ${found} < ${failed} then ${failed} := ${found}; ${kind} := ${letter}; ${owner} := ${holder}; end if;`

const lockRows = ({ parts }: RegisteredCollection): string => {
  const judge = (strength: 'update' | 'share'): string =>
    `select min(l.i) into ${found} from (${parts.lock({ ...input('lock'), strength })}) l where coalesce(l.version, 0) <> l.wanted;`
  return whenListed('lock', [
    `if ${rows} ?| array['update', 'remove'] then ${judge('update')} else ${judge('share')} end if;`,
    note("'V'"),
  ])
}

const missing = (part: string, list: string): string =>
  `with d as (${part}) select array_agg(d.id) into ${ids} from d;
  if coalesce(cardinality(${ids}), 0) < jsonb_array_length(${list}) then
    select min(r.i) into ${found} from jsonb_to_recordset(${list}) as r(i int, id text) where r.id <> all (coalesce(${ids}, '{}'));
  else ${found} := null; end if;`

const insertRows = ({ parts }: RegisteredCollection): string =>
  whenListed('insert', [missing(parts.insert(input('insert')), input('insert').rows), note("'V'")])

const done = (part: string): string => `with d as (${part}) select count(*) into ${found} from d;`

const writeRows = ({ parts }: RegisteredCollection): string =>
  [
    whenListed('update', [
      done(parts.update(input('update'))),
      ...(parts.afterUpdate ?? []).map((part) => done(part(input('update')))),
    ]),
    whenListed('remove', [done(parts.remove(input('remove')))]),
    ...((parts.afterInsert ?? []).length === 0
      ? []
      : [
          whenListed(
            'insert',
            (parts.afterInsert ?? []).map((part) => done(part(input('insert')))),
          ),
        ]),
  ].join('\n  ')

const takeClaims = ({ shared }: Registry): string => {
  const list = (name: string): string => `(${given} -> ${quoteText(name)})`
  const listOrNone = (name: string): string => `coalesce(${list(name)}, '[]')`
  const run = (lists: Omit<ClaimLists, 'shop' | 'at'>): string => {
    const { steps, last, failures } = claimSteps(shared, { ...lists, shop, at }, undefined)
    const text = `with ${steps.join(',\n  ')}\n  `
    return failures === undefined
      ? `${text}select count(*) into ${found} from ${last};`
      : `${text}select f.i, f.k, f.o into ${found}, ${foundKind}, ${foundOwner} from (${failures}) as f(i, k, o) order by f.i limit 1;
  ${note(foundKind, foundOwner)}`
  }
  return `if ${given} ? 'several' then
  ${run({ claims: listOrNone('claims'), releases: listOrNone('releases'), several: true })}
elsif ${given} ? 'claims' then
  ${run({ claims: list('claims'), releases: undefined, several: false })}
elsif ${given} ? 'releases' then
  ${run({ claims: undefined, releases: list('releases'), several: false })}
end if;`
}

const moveCounters = ({ family, parts }: RegisteredCounters): string =>
  `with d as (${parts.adjust({ shop, rows })})
  select array_agg(d.id), jsonb_agg(jsonb_build_array(${quoteText(family.name)}, d.id, d.value)) into ${ids}, ${moved} from d;
  if coalesce(cardinality(${ids}), 0) < jsonb_array_length(${rows}) then
    select min(r.i) into ${found} from jsonb_to_recordset(${rows}) as r(i int, id text) where r.id <> all (coalesce(${ids}, '{}'));
    ${note("'F'")}
  end if;
  ${answer} := ${answer} || coalesce(${moved}, '[]');`

const body = (registry: Registry): string => {
  const collections = [...registry.collections.values()]
  const eachCollection = (text: (collection: RegisteredCollection) => string): string =>
    byEights(
      givenRows,
      collections.map((each) => ({ name: each.collection.name, text: text(each) })),
    )
  const events = done(registry.shared.writeEvents({ shop, rows: `(${given} -> 'events')` }))
  return `
declare
  ${shop} text := ${given} ->> 'shop';
  ${at} bigint := (${given} ->> 'at')::bigint;
  ${givenRows} jsonb := ${given} -> 'rows';
  ${givenLogs} jsonb := ${given} -> 'logs';
  ${givenCounters} jsonb := ${given} -> 'counters';
  ${rows} jsonb;
  ${ids} text[];
  ${failed} int := ${nothing};
  ${kind} text;
  ${owner} text;
  ${found} int;
  ${foundKind} text;
  ${foundOwner} text;
  ${moved} jsonb;
  ${answer} jsonb := '[]';
begin
${[
  eachCollection(lockRows),
  eachCollection(insertRows),
  `if ${failed} = ${nothing} then`,
  eachCollection(writeRows),
  'end if;',
  takeClaims(registry),
  byEights(
    givenLogs,
    [...registry.logs].map(([name, { parts }]) => ({
      name,
      text: `${missing(parts.insert({ shop, rows }), rows)} ${note("'E'")}`,
    })),
  ),
  `if ${failed} = ${nothing} and ${given} ? 'events' then ${events} end if;`,
  byEights(
    givenCounters,
    [...registry.counters].map(([name, each]) => ({ name, text: moveCounters(each) })),
  ),
].join('\n')}
if ${failed} < ${nothing} then
  raise exception using errcode = '${refusalState}',
    message = '${refusalMark}' || ${kind} || '|' || ${failed} || '|' || coalesce(encode(convert_to(${owner}, 'UTF8'), 'hex'), '') || '|';
end if;
return ${answer}::text;
end`
}

/** The function that makes a whole commit in the server; its name tells its text, so that releases do not share one. */
export type CommitFunction = { readonly name: string; readonly text: string }

export const commitFunction = (registry: Registry): CommitFunction => {
  const source = body(registry)
  const name = `${quoteName(registry.schema)}.${quoteName(`commit_${checksumOf(source)}`)}`
  const tag = `$shopwright_${checksumOf(source)}$`
  return {
    name,
    text: `create or replace function ${name}(${given} jsonb) returns text language plpgsql as ${tag}${source}\n${tag}`,
  }
}

/** The statement that asks whether the function is there and may be called. */
export const probeStatement = (functionName: string): Statement => ({
  text: "select coalesce(has_function_privilege(to_regprocedure($1::text), 'execute'), false) as found",
  values: [`${functionName}(jsonb)`],
})

const member = (name: string, value: string | undefined): readonly string[] =>
  value === undefined ? [] : [`${JSON.stringify(name)}:${value}`]

const object = (members: readonly string[]): string => `{${members.join(',')}}`

/** The call of the function for a commit. */
export const callStatement = (
  functionName: string,
  commit: PreparedCommit,
  encoded: EncodedCommit,
  nameOf: (text: string) => string | undefined,
): Statement => {
  const text = `select null as refused, ${functionName}($1::jsonb) as counters`
  const name = nameOf(text)
  const value = object([
    ...member('shop', JSON.stringify(commit.shop)),
    ...member('at', String(commit.at)),
    ...member(
      'rows',
      object(
        encoded.collections.flatMap((each) =>
          member(
            each.name,
            object([
              ...member('lock', each.lock),
              ...member('insert', each.insert),
              ...member('update', each.update),
              ...member('remove', each.remove),
            ]),
          ),
        ),
      ),
    ),
    ...member('claims', encoded.claims),
    ...member('releases', encoded.releases),
    ...(encoded.severalClaims ? member('several', 'true') : []),
    ...member('logs', object(encoded.logs.flatMap((each) => member(each.name, each.rows)))),
    ...member('events', encoded.events),
    ...member('counters', object(encoded.counters.flatMap((each) => member(each.name, each.rows)))),
  ])
  return { ...(name === undefined ? {} : { name }), text, values: [value] }
}
