/**
 * Where the rows of a part come from: a FROM item named `r`, whose columns the part's own text says, behind the shop
 * they belong to.
 */
export type RowSource = {
  /** The shop, as an SQL expression. */
  readonly shop: string
  /** A FROM item that ends in the alias `r`. */
  readonly from: string
  /**
   * SQL of an array of the ids, which makes the planner look each of them up by index whatever it believes of the
   * table; absent where there is one row, which it looks up so by itself.
   */
  readonly ids?: string
}

/** The members of a row of a collection, with their SQL types. */
export const rowType = 'i int, id text, version bigint, next bigint, schema_version int, state jsonb'

/** The members of a row that is only looked for. */
export const keyType = 'i int, id text, version bigint'

/** The members of an entry of a log. */
export const entryType = 'i int, id text, body jsonb'

/** The rows of a JSON array, as they reach parts that are given a list of any length. */
export const listSource = (shop: string, rows: string, type: string): RowSource => ({
  shop,
  from: `jsonb_to_recordset(${rows}) as r(${type})`,
  ids: `array(select i.id from jsonb_to_recordset(${rows}) as i(id text))`,
})
