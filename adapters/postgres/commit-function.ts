import type { PreparedCommit } from 'shopwright'
import { type ClaimLists, claimSteps } from './claim-steps.js'
import type { EncodedCommit } from './encode.js'
import { refusalMark, refusalState } from './errors.js'
import type { PartInput } from './parts.js'
import type { RegisteredCollection, Registry } from './registry.js'
import { checksumOf, quoteName, quoteText, type Statement } from './sql.js'

// Names that no column of any table can be mistaken for.
const [given, shop, at, rows, failed, kind, owner, found, foundKind, foundOwner, moved, answer] = [
  'shopwright_commit',
  'shopwright_shop',
  'shopwright_at',
  'shopwright_rows',
  'shopwright_failed',
  'shopwright_kind',
  'shopwright_owner',
  'shopwright_found',
  'shopwright_found_kind',
  'shopwright_found_owner',
  'shopwright_moved',
  'shopwright_answer',
]

const nothing = 2_147_483_647

const input = (list: string): PartInput => ({ shop, rows: `(${rows} -> ${quoteText(list)})` })

const whenGiven = (group: string, name: string, statements: readonly string[]): string =>
  `if ${given} -> ${quoteText(group)} ? ${quoteText(name)} then
  ${rows} := ${given} -> ${quoteText(group)} -> ${quoteText(name)};
  ${statements.join('\n  ')}
end if;`

const whenListed = (list: string, statements: readonly string[]): string =>
  `if ${rows} ? ${quoteText(list)} then ${statements.join(' ')} end if;`

const note = (letter: string, holder = 'null'): string =>
  `if ${found} < ${failed} then ${failed} := ${found}; ${kind} := ${letter}; ${owner} := ${holder}; end if;`

const lockRows = ({ collection, parts }: RegisteredCollection): string => {
  const judge = (strength: 'update' | 'share'): string =>
    `with l as materialized (${parts.lock({ ...input('lock'), strength })}) ` +
    `select min(r.i) into ${found} from jsonb_to_recordset(${input('lock').rows}) as r(i int, id text, version bigint) ` +
    'left join l on l.id = r.id where coalesce(l.version, 0) <> r.version;'
  return whenGiven('rows', collection.name, [
    whenListed('lock', [
      `if ${rows} ?| array['update', 'remove'] then ${judge('update')} else ${judge('share')} end if;`,
      note("'V'"),
    ]),
  ])
}

const missing = (part: string, list: string): string =>
  `with d as (${part}) select min(r.i) into ${found} from jsonb_to_recordset(${list}) as r(i int, id text) ` +
  'where not exists (select from d where d.id = r.id);'

const insertRows = ({ collection, parts }: RegisteredCollection): string =>
  whenGiven('rows', collection.name, [
    whenListed('insert', [missing(parts.insert(input('insert')), input('insert').rows), note("'V'")]),
  ])

const done = (part: string): string => `with d as (${part}) select count(*) into ${found} from d;`

const writeRows = ({ collection, parts }: RegisteredCollection): string =>
  whenGiven('rows', collection.name, [
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
  ])

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

const moveCounters = ([name, { parts }]: readonly [string, { readonly parts: Registered['parts'] }]): string => {
  const moves = { shop, rows }
  return whenGiven('counters', name, [
    `with d as (${parts.adjust(moves)})
  select (select min(r.i) from jsonb_to_recordset(${rows}) as r(i int, id text)
    where not exists (select from d where d.id = r.id)),
    (select jsonb_agg(jsonb_build_array(${quoteText(name)}, d.id, d.value)) from d)
  into ${found}, ${moved};`,
    note("'F'"),
    `${answer} := ${answer} || coalesce(${moved}, '[]');`,
  ])
}

type Registered = Registry['counters'] extends ReadonlyMap<string, infer Value> ? Value : never

const body = (registry: Registry): string => {
  const collections = [...registry.collections.values()]
  return `
declare
  ${shop} text := ${given} ->> 'shop';
  ${at} bigint := (${given} ->> 'at')::bigint;
  ${rows} jsonb;
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
  ...collections.map(lockRows),
  ...collections.map(insertRows),
  `if ${failed} = ${nothing} then`,
  ...collections.map(writeRows),
  'end if;',
  takeClaims(registry),
  ...[...registry.logs].map(([name, { parts }]) =>
    whenGiven('logs', name, [missing(parts.insert({ shop, rows }), rows), note("'E'")]),
  ),
  `if ${failed} = ${nothing} and ${given} ? 'events' then ${done(registry.shared.writeEvents({ shop, rows: `(${given} -> 'events')` }))} end if;`,
  ...[...registry.counters].map(moveCounters),
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
