/** The SQL expressions a part is written against. */
export type PartInput = {
  /** The shop, text. */
  readonly shop: string
  /** The rows in question, a jsonb array of objects; it may stand in the part any number of times. */
  readonly rows: string
}

/**
 * How a collection is read and written, as SQL over any tables: the way for a host to keep one in tables of its own.
 *
 * Every part is one statement without parameters of its own. It sees only the rows of `shop` and is written with
 * `rows` as its only source of what to write, since the order in which rows are locked hangs on it. Rows hold `i`, `id`,
 * `version` (where the row must be), `next` (where it goes), `schema_version` and `state`; each part takes what it
 * needs, by `jsonb_to_recordset`.
 *
 * Whatever else writes the tables raises the version of the row, and `updatedAt` where the collection has it: searches read
 * what was saved since they looked last.
 */
export type CollectionParts = {
  /**
   * What reads see: a table name, or a select in parentheses, with `shop`, `id` (`COLLATE "C"`), `version` (bigint),
   * `schema_version` (int), `state` (jsonb) and a column for each declared field.
   */
  readonly relation: string
  /** The relation's column of each declared field, none left out: text `COLLATE "C"`, bigint, boolean, timestamptz, or jsonb for a list. */
  readonly columns: Readonly<Record<string, string>>
  /**
   * A select that locks the rows given, in the order of their ids, and answers one row for each: its `i`, its `id`, the
   * `version` given as `wanted`, and the version found as `version`, null where there is no row.
   */
  readonly lock: (input: PartInput & { readonly strength: 'update' | 'share' }) => string
  /** Inserts, in the order of ids, the rows that are absent, at `next`; RETURNING `id`. */
  readonly insert: (input: PartInput) => string
  /** Writes the rows that are at `version`, as `next`; RETURNING `id`. */
  readonly update: (input: PartInput) => string
  /** Deletes the rows that are at `version`; RETURNING `id`. */
  readonly remove: (input: PartInput) => string
  /** Further statements over rows just inserted, each RETURNING something. */
  readonly afterInsert?: readonly ((input: PartInput) => string)[]
  /** Further statements over rows just updated, each RETURNING something. */
  readonly afterUpdate?: readonly ((input: PartInput) => string)[]
}

/**
 * How a family of counters is read and written, as SQL over any tables; written like `CollectionParts`. Rows hold `id`,
 * `by`, `floor` and `initial`, or `id` and `value`.
 */
export type CounterParts = {
  /** What reads see: `shop`, `id` (`COLLATE "C"`) and `value` (bigint). */
  readonly relation: string
  /**
   * Moves counters in the order of their ids, present ones from their value and absent ones from `initial`, where the
   * new value is at least `floor` and at most 9007199254740991; RETURNING `id` and `value` of those moved.
   */
  readonly adjust: (input: PartInput) => string
  /**
   * A select that locks the counters given, in the order of their ids, and answers one row for each: its `id`, and its
   * `value`, null where there is none.
   */
  readonly lock: (input: PartInput) => string
  /** Sets counters that are there to `value`; RETURNING `id`. */
  readonly set: (input: PartInput) => string
  /** Inserts counters that are absent with `value`, in the order of ids; RETURNING `id`. */
  readonly insert: (input: PartInput) => string
}

/** A part behind another: it cannot start before every row of the step before is there. */
export const rowsAfter = (before: string | undefined, rows: string): string =>
  before === undefined ? rows : `(case when (select count(*) from ${before}) >= 0 then ${rows} end)`

/** The ids of rows, for `= any (..)`: a lookup by index whatever the planner believes of the table. */
export const idsOf = (rows: string): string => `(array(select i.id from jsonb_to_recordset(${rows}) as i(id text)))`

/**
 * Locks rows one by one, in the order of ids, whatever the planner believes of the table: `from` is a FROM item named
 * `r`; `lookup` is a select of the one row whose id is `r.id`; `columns` come of `r` and of `o`, which is what the
 * lookup found. `held` is computed for each row before its lookup, which sees it as `r.held`.
 */
export const lockInOrder = (from: string, columns: string, lookup: string, held?: string): string =>
  `select ${columns} from (select r.*${held === undefined ? '' : `, ${held} as held`} from ${from} order by r.id collate "C") r ` +
  `left join lateral (${lookup}) o on true`
