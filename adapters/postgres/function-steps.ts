import { commitParameters as given, commitVariables as its } from './function-names.js'
import type { RegisteredCollection, RegisteredCounters, RegisteredLog } from './registry.js'
import type { RowSource } from './row-source.js'
import type { SharedParts } from './shared-tables.js'
import { quoteText } from './sql.js'

/** What the commit function does for one code. */
export type Step = { readonly code: number; readonly text: string }

/** The codes of what is done to one row of a collection. */
export type RowCodes = {
  readonly expect: number
  readonly lock: number
  readonly insert: number
  readonly update: number
  readonly remove: number
}

const note = (letter: string, holder = 'null'): string =>
  `if ${its.place} < ${its.failed} then ${its.failed} := ${its.place}; ${its.kind} := ${quoteText(letter)}; ${its.owner} := ${holder}; end if;`

const takeBody = `${its.state} := ${given.bodies} -> ${its.body}; ${its.body} := ${its.body} + 1;`

// The planner sees through this to the variables, so that the statement is planned as one over a single row.
const oneRow: RowSource = {
  shop: given.shop,
  from:
    `(select ${its.place} as i, ${its.id} as id, ${its.first} as version, ${its.first} + 1 as next, ` +
    `${its.second}::int as schema_version, ${its.state} as state) r`,
}

const whenFound = (then: readonly string[], otherwise: string): string =>
  `if found then ${then.length === 0 ? 'null;' : then.join('\n')} else ${otherwise} end if;`

/** Rows of a table of the library's own: one statement each, guarded by the version it names. */
const ownSteps = (
  { writes }: { readonly writes: NonNullable<RegisteredCollection['writes']> },
  codes: RowCodes,
): readonly Step[] => {
  const conflict = note('V')
  const guard = writes.guard(given.shop, its.id)
  const whenAny = (field: string, text: string): string =>
    `if ${its.state} -> ${quoteText(field)} -> 0 is not null then ${text}; end if;`
  return [
    {
      code: codes.expect,
      text: `${writes.hold(given.shop, its.id, its.value)}\nif not found or ${its.value} <> ${its.first} then ${conflict} end if;`,
    },
    {
      code: codes.lock,
      text: `${guard}${writes.take(given.shop, its.id, its.value)}\nif not found or ${its.value} <> ${its.first} then ${conflict} end if;`,
    },
    {
      code: codes.insert,
      text: `${takeBody}\n${writes.insert(oneRow)};\n${whenFound(
        writes.lists.map(({ field, insert }) => whenAny(field, insert(oneRow))),
        conflict,
      )}`,
    },
    {
      code: codes.update,
      text: `${takeBody}\n${guard}${writes.update(oneRow)};\n${whenFound(
        writes.lists.flatMap(({ field, drop, merge }) => [`${drop(oneRow)};`, whenAny(field, merge(oneRow))]),
        conflict,
      )}`,
    },
    { code: codes.remove, text: `${guard}${writes.remove(oneRow)};\nif not found then ${conflict} end if;` },
  ]
}

const given1 = { shop: given.shop, rows: its.rows }

/** Rows of a table of the host's own: its parts, given one row at a time. */
const hostSteps = ({ parts }: RegisteredCollection, codes: RowCodes): readonly Step[] => {
  const conflict = note('V')
  const key = `'i', ${its.place}, 'id', ${its.id}, 'version', ${its.first}`
  const keyRow = `${its.rows} := jsonb_build_array(jsonb_build_object(${key}));`
  const wholeRow =
    `${takeBody}\n${its.rows} := jsonb_build_array(jsonb_build_object(${key}, ` +
    `'next', ${its.first} + 1, 'schema_version', ${its.second}, 'state', ${its.state}));`
  const count = (part: string): string => `with d as (${part}) select count(*) into ${its.value} from d;`
  const lock = (strength: 'update' | 'share', then: readonly string[]): string =>
    `select l.version into ${its.value} from (${parts.lock({ ...given1, strength })}) l;
if coalesce(${its.value}, 0) <> ${its.first} then ${conflict} ${then.length === 0 ? '' : `else ${then.join('\n')} `}end if;`
  const done = (part: string, after: readonly string[]): string =>
    `${count(part)}\nif ${its.value} = 0 then ${conflict} ${after.length === 0 ? '' : `else ${after.map(count).join('\n')} `}end if;`
  const texts = (list: NonNullable<typeof parts.afterInsert> = []): readonly string[] =>
    list.map((part) => part(given1))
  return [
    { code: codes.expect, text: `${keyRow}\n${lock('share', [])}` },
    { code: codes.lock, text: `${keyRow}\n${lock('update', [])}` },
    { code: codes.insert, text: `${wholeRow}\n${done(parts.insert(given1), texts(parts.afterInsert))}` },
    {
      code: codes.update,
      text: `${wholeRow}\n${lock('update', [done(parts.update(given1), texts(parts.afterUpdate))])}`,
    },
    { code: codes.remove, text: `${keyRow}\n${lock('update', [done(parts.remove(given1), [])])}` },
  ]
}

/** What is done to the rows of a collection, one step for each code. */
export const rowSteps = (collection: RegisteredCollection, codes: RowCodes): readonly Step[] =>
  collection.writes === undefined ? hostSteps(collection, codes) : ownSteps({ writes: collection.writes }, codes)

/** Appends one entry. */
export const entryStep = ({ insert }: RegisteredLog): string => {
  const source: RowSource = { shop: given.shop, from: `(select ${its.id} as id, ${its.state} as body) r` }
  return `${takeBody}\n${insert(source)};\nif not found then ${note('E')} end if;`
}

/** Moves one counter; an absent one begins, and one that appeared meanwhile is moved after all. */
export const counterStep = ({ parts, writes }: RegisteredCounters): string => {
  const initial = `${given.third}[${its.at}]`
  const keep = `${its.moved} := array_append(${its.moved}, ${its.value});`
  if (writes === undefined) {
    const row = `jsonb_build_object('i', ${its.place}, 'id', ${its.id}, 'by', ${its.first}, 'floor', ${its.second}, 'initial', ${initial})`
    return `${its.rows} := jsonb_build_array(${row});
with d as (${parts.adjust(given1)}) select max(d.value) into ${its.value} from d;
if ${its.value} is null then ${note('F')} else ${keep} end if;`
  }
  const move = { shop: given.shop, id: its.id, by: its.first, floor: its.second, initial: its.third }
  const moved = `${writes.move(move)} returning c.value into ${its.value};`
  return `${moved}
if not found then
${its.third} := ${initial};
${writes.begin(move)} returning c.value into ${its.value};
if not found then ${moved} end if;
end if;
${whenFound([keep], note('F'))}`
}

/** Writes the events, where nothing has failed. */
export const eventsStep = (shared: SharedParts): string =>
  `if ${given.events} is not null and ${its.failed} = ${its.nothing} then
with d as (${shared.writeEvents({ shop: given.shop, rows: given.events })}) select count(*) into ${its.value} from d;
end if;`

/**
 * Takes and gives back claims. One waits for whoever holds it; several are locked in order first, then absent ones are
 * inserted, as every form does it, so that no two commits ever wait for each other.
 */
export const claimsStep = ({ oneClaim }: SharedParts): string => {
  const fact = {
    shop: given.shop,
    space: its.space,
    key: its.key,
    owner: its.text,
    expiresAt: its.ends,
    at: given.moment,
  }
  const each = (text: string): string => `for ${its.step} in 0 .. ${its.value} - 1 loop
${its.claim} := ${given.claims} -> ${its.step};
${its.space} := ${its.claim} ->> 2; ${its.key} := ${its.claim} ->> 3;
${text}
end loop;`
  return `if ${given.claims} is not null then
${its.value} := jsonb_array_length(${given.claims});
if ${its.value} > 1 then
${its.owners} := '{}'; ${its.over} := '{}';
${each(`${oneClaim.lock(fact)} into ${its.text}, ${its.taken};
${its.owners} := array_append(${its.owners}, ${its.text}); ${its.over} := array_append(${its.over}, ${its.taken});`)}
end if;
${each(`if ${its.claim} -> 1 = 'true' then
${its.place} := (${its.claim} -> 0)::int; ${its.text} := ${its.claim} ->> 4; ${its.ends} := ${its.claim} ->> 5;
if ${its.value} = 1 then
${oneClaim.take(fact)} returning c.owner, c.taken into ${its.text}, ${its.taken};
if not ${its.taken} then ${note('A', its.text)} end if;
elsif ${its.owners}[${its.step} + 1] is null then
${oneClaim.insert(fact)};
if not found then ${note('S')} end if;
elsif ${its.over}[${its.step} + 1] then ${oneClaim.set(fact)};
else ${note('A', `${its.owners}[${its.step} + 1]`)}
end if;
end if;`)}
${each(`if ${its.claim} -> 1 = 'false' then
${its.text} := ${its.claim} ->> 4;
${oneClaim.release(fact)};
end if;`)}
end if;`
}
