import { refusalMark, refusalState } from './errors.js'
import { commitParameters as given, commitVariables as its } from './function-names.js'
import { claimsStep, counterStep, entryStep, eventsStep, type RowCodes, rowSteps, type Step } from './function-steps.js'
import type { Registry } from './registry.js'
import { checksumOf, quoteName, type Statement } from './sql.js'

/** What a number in a commit's list of operations stands for; both sides count a registry's members alike. */
export type OperationCodes = {
  readonly rows: ReadonlyMap<string, RowCodes>
  readonly logs: ReadonlyMap<string, number>
  readonly counters: ReadonlyMap<string, number>
  /** The first code of a log, and of a counter. */
  readonly firstLog: number
  readonly firstCounter: number
}

/** Numbers the operations of a registry. */
export const operationCodes = (registry: Registry): OperationCodes => {
  let last = 0
  const next = (): number => {
    last += 1
    return last
  }
  const rows = new Map(
    [...registry.collections.keys()].map(
      (name) => [name, { expect: next(), lock: next(), insert: next(), update: next(), remove: next() }] as const,
    ),
  )
  const firstLog = last + 1
  const logs = new Map([...registry.logs.keys()].map((name) => [name, next()] as const))
  const firstCounter = last + 1
  const counters = new Map([...registry.counters.keys()].map((name) => [name, next()] as const))
  return { rows, logs, counters, firstLog, firstCounter }
}

// A search by halves: what a commit touches is a few of many.
const dispatch = (steps: readonly Step[]): string => {
  const [first, second] = steps
  if (first === undefined) return 'null;'
  if (second === undefined) return first.text
  const middle = steps.length >> 1
  const pivot = steps[middle]?.code ?? 0
  return `if ${its.code} < ${pivot} then\n${dispatch(steps.slice(0, middle))}\nelse\n${dispatch(steps.slice(middle))}\nend if;`
}

// Goes on through the list for as long as the code is below the next kind's first.
const walk = (below: number | undefined, steps: readonly Step[]): string => `while ${its.at} <= ${its.count} loop
${its.code} := ${given.codes}[${its.at}];
${below === undefined ? '' : `exit when ${its.code} >= ${below};`}
${its.place} := ${given.places}[${its.at}];
${its.id} := ${given.ids}[${its.at}];
${its.first} := ${given.first}[${its.at}];
${its.second} := ${given.second}[${its.at}];
${dispatch(steps)}
${its.at} := ${its.at} + 1;
end loop;`

const body = (registry: Registry): string => {
  const codes = operationCodes(registry)
  const rows = [...registry.collections.values()].flatMap((each) => {
    const own = codes.rows.get(each.collection.name)
    return own === undefined ? [] : rowSteps(each, own)
  })
  const logs = [...registry.logs].map(([name, each]) => ({ code: codes.logs.get(name) ?? 0, text: entryStep(each) }))
  const counters = [...registry.counters].map(([name, each]) => ({
    code: codes.counters.get(name) ?? 0,
    text: counterStep(each),
  }))
  return `
declare
  ${its.at} int := 1;
  ${its.count} int := coalesce(cardinality(${given.codes}), 0);
  ${its.body} int := 0;
  ${its.code} int;
  ${its.place} int;
  ${its.id} text;
  ${its.first} bigint;
  ${its.second} bigint;
  ${its.third} bigint;
  ${its.state} jsonb;
  ${its.rows} jsonb;
  ${its.claim} jsonb;
  ${its.space} text;
  ${its.key} text;
  ${its.text} text;
  ${its.ends} bigint;
  ${its.value} bigint;
  ${its.taken} boolean;
  ${its.failed} int := ${its.nothing};
  ${its.kind} text;
  ${its.owner} text;
  ${its.owners} text[];
  ${its.over} boolean[];
  ${its.moved} bigint[] := '{}';
begin
${walk(codes.firstLog, rows)}
${claimsStep(registry.shared)}
${walk(codes.firstCounter, logs)}
${eventsStep(registry.shared)}
${walk(undefined, counters)}
if ${its.failed} < ${its.nothing} then
  raise exception using errcode = '${refusalState}',
    message = '${refusalMark}' || ${its.kind} || '|' || ${its.failed} || '|' || coalesce(encode(convert_to(${its.owner}, 'UTF8'), 'hex'), '') || '|';
end if;
return ${its.moved}::text;
end`
}

/** The function that makes a whole commit in the server; its name tells its text, so that releases do not share one. */
export type CommitFunction = { readonly name: string; readonly text: string }

const signature = [
  ['shop', 'text'],
  ['moment', 'bigint'],
  ['codes', 'int[]'],
  ['places', 'int[]'],
  ['ids', 'text[]'],
  ['first', 'bigint[]'],
  ['second', 'bigint[]'],
  ['third', 'bigint[]'],
  ['bodies', 'jsonb'],
  ['claims', 'jsonb'],
  ['events', 'jsonb'],
] as const satisfies readonly (readonly [keyof typeof given, string])[]

export const commitFunction = (registry: Registry): CommitFunction => {
  const source = body(registry)
  const checksum = checksumOf(source)
  const name = `${quoteName(registry.schema)}.${quoteName(`commit_${checksum}`)}`
  const tag = `$shopwright_${checksum}$`
  const parameters = signature.map(([parameter, type]) => `${given[parameter]} ${type}`).join(', ')
  return {
    name,
    text: `create or replace function ${name}(${parameters}) returns text language plpgsql as ${tag}${source}\n${tag}`,
  }
}

const types = signature.map(([, type]) => type)

/** The statement that asks whether the function is there and may be called. */
export const probeStatement = (functionName: string): Statement => ({
  text: "select coalesce(has_function_privilege(to_regprocedure($1::text), 'execute'), false) as found",
  values: [`${functionName}(${types.join(', ')})`],
})

/** The text that calls the function. */
export const callText = (functionName: string): string =>
  `select null as refused, ${functionName}(${types.map((type, place) => `$${place + 1}::${type}`).join(', ')}) as counters`
