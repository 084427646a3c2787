import {
  type Condition,
  type Field,
  type Ownership,
  ownerFields,
  type PageEnd,
  type Scope,
  type Search,
  wholeLimit,
} from 'shopwright'
import { timestampOf } from './ddl.js'
import { isStorable, quoteName, textArray, toStorable } from './sql.js'

/** What can be asked of a relation. */
export type Relation = {
  readonly relation: string
  /** The relation in two parts, each with indexes of its own. */
  readonly branches?: readonly [string, string] | undefined
  readonly columns: Readonly<Record<string, string>>
  readonly fields: Readonly<Record<string, Field>>
  readonly ownership: Ownership
}

/** Takes a value and answers how the text names it. */
export type Bind = (value: string) => string

type Scalar = string | number | boolean
type Column = { readonly type: Field['type']; readonly sql: string }

const never = 'false'

const columnFor = (relation: Relation, field: string): Column | undefined => {
  if (!Object.hasOwn(relation.fields, field) || !Object.hasOwn(relation.columns, field)) return undefined
  const [declared, column] = [relation.fields[field], relation.columns[field]]
  return declared && column !== undefined ? { type: declared.type, sql: `t.${quoteName(column)}` } : undefined
}

const firstInstant = -210_866_803_200_000
const clampInstant = (value: number): number => Math.min(Math.max(value, firstInstant), Number.MAX_SAFE_INTEGER)

/** A value to compare a column with; undefined where no value of the column can equal or exceed it in kind. */
const bindScalar = (bind: Bind, type: Field['type'], value: Scalar): string | undefined => {
  switch (type) {
    case 'text':
      return typeof value === 'string' ? `${bind(toStorable(value))}::text` : undefined
    case 'integer':
      if (typeof value !== 'number' || Number.isNaN(value)) return undefined
      return `${bind(String(value))}::text::${Number.isSafeInteger(value) ? 'bigint' : 'numeric'}`
    case 'instant':
      if (typeof value !== 'number' || Number.isNaN(value)) return undefined
      return timestampOf(`${bind(String(clampInstant(value)))}::text::float8`)
    case 'boolean':
      return typeof value === 'boolean' ? `${bind(String(value))}::text::boolean` : undefined
    case 'textList':
      return undefined
  }
}

const operators = { eq: '=', lt: '<', lte: '<=', gt: '>', gte: '>=' } as const

const amongTexts = (bind: Bind, column: string, texts: readonly string[]): string => {
  const storable = texts.filter(isStorable)
  const [only, ...others] = storable
  return only !== undefined && others.length === 0
    ? `${column} = ${bind(only)}::text`
    : `${column} = any (${bind(textArray(storable))}::text::text[])`
}

const conditionSql = (relation: Relation, bind: Bind, condition: Condition): string => {
  const column = columnFor(relation, condition.field)
  if (condition.is === 'containsAll') {
    if (column === undefined) return condition.values.length === 0 ? 'true' : never
    if (column.type !== 'textList' || !condition.values.every(isStorable)) return never
    return `${column.sql} @> ${bind(JSON.stringify(condition.values))}::text::jsonb`
  }
  if (column === undefined) return never
  if (condition.is === 'in') {
    if (column.type === 'text') {
      return amongTexts(
        bind,
        column.sql,
        condition.values.filter((value) => typeof value === 'string'),
      )
    }
    const whole = textArray(condition.values.filter(Number.isSafeInteger).map(String))
    if (column.type === 'integer') return `${column.sql} = any (${bind(whole)}::text::bigint[])`
    if (column.type !== 'instant') return never
    const moments = `select ${timestampOf('v')} from unnest(${bind(whole)}::text::float8[]) v`
    return `${column.sql} = any (array(${moments}))`
  }
  const { value } = condition
  if (condition.is === 'eq' && typeof value === 'string' && !isStorable(value)) return never
  const bound = bindScalar(bind, column.type, value)
  return bound === undefined ? never : `${column.sql} ${operators[condition.is]} ${bound}`
}

/** The conditions under which a row is within a scope. */
export const scopeSql = (relation: Relation, bind: Bind, scope: Scope): readonly string[] => {
  const { ownership } = relation
  if (ownership === 'public' || scope.kind === 'all') return []
  const holds = (field: string | undefined, values: readonly string[]): string => {
    const column = field === undefined ? undefined : columnFor(relation, field)
    if (column?.type === 'textList') {
      const held = values.filter(isStorable).map((value) => `${column.sql} @> jsonb_build_array(${bind(value)}::text)`)
      return held.length === 0 ? never : `(${held.join(' or ')})`
    }
    return column?.type === 'text' ? amongTexts(bind, column.sql, values) : never
  }
  switch (scope.kind) {
    case 'own': {
      const fields = ownerFields(ownership)
      if (fields.length < 2 || !isStorable(scope.ownerId)) return [holds(fields[0], [scope.ownerId])]
      // One value, however many fields may hold it.
      const value = `${bind(scope.ownerId)}::text`
      const among = fields.flatMap((field) => {
        const column = columnFor(relation, field)
        if (column?.type === 'textList') return [`${column.sql} @> jsonb_build_array(${value})`]
        return column?.type === 'text' ? [`${column.sql} = ${value}`] : []
      })
      return [`(${[...among, never].join(' or ')})`]
    }
    case 'merchant':
      return [holds(ownership.merchant, [scope.merchantId])]
    case 'fields':
      return Object.entries(scope.fields).map(([field, values]) => holds(field, values))
  }
}

const pageSql = (bind: Bind, order: Column | undefined, isRising: boolean, after: PageEnd): string => {
  const sign = isRising ? '>' : '<'
  const id = `${bind(toStorable(after.id))}::text`
  const value = bindScalar(bind, order?.type ?? 'text', after.value)
  return value === undefined ? never : `(${order?.sql ?? 't.id'}, t.id) ${sign} (${value}, ${id})`
}

/** A search over a relation: one page, numbered in its order as `n`. */
export const searchSql = (
  relation: Relation,
  bind: Bind,
  input: { readonly shop: string; readonly scope: Scope; readonly search: Search; readonly columns: string },
): string => {
  const { orderBy, after, where, limit } = input.search
  const isRising = orderBy?.direction !== 'descending'
  const order = orderBy === undefined ? undefined : columnFor(relation, orderBy.field)
  const conditions = [
    `t.shop = ${input.shop}`,
    ...scopeSql(relation, bind, input.scope),
    ...where.map((condition) => conditionSql(relation, bind, condition)),
    ...(orderBy === undefined
      ? []
      : [order === undefined || order.type === 'textList' ? never : `${order.sql} is not null`]),
    ...(after === undefined ? [] : [pageSql(bind, order, isRising, after)]),
  ]
  const direction = isRising ? '' : ' desc'
  const most = `limit ${bind(String(wholeLimit(limit)))}::text::bigint`
  const page = (from: string): string =>
    `select ${input.columns}, ${order?.sql ?? 't.id'} as k from ${from} t where ${conditions.join(' and ')} ` +
    `order by ${order === undefined ? '' : `${order.sql}${direction}, `}t.id${direction} ${most}`
  // A page of each, by its own indexes, and of those the first.
  const pages =
    relation.branches === undefined
      ? page(relation.relation)
      : `${relation.branches.map((branch) => `(${page(branch)})`).join(' union all ')} order by k${direction}, id${direction} ${most}`
  return `select p.*, row_number() over (order by p.k${direction}, p.id${direction}) as n from (${pages}) p`
}
