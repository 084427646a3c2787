import type { SealedPart, SealedWithin } from 'shopwright'
import { isStorable } from '../sql.js'
import { type Asking, entriesOf } from './steps.js'
import { sortColumns } from './tables.js'

/** The products with some ids. */
export const productsSql = ({ tables, bind, at }: Asking, ids: readonly string[]): string =>
  `select t.document from ${tables.document} t where ${at('t')} and t.id = any (${bind.texts(ids.filter(isStorable))})`

/** The products that meet a part of a filter by their price, or by what they do not state. */
export const statedSql = ({ tables, bind, at }: Asking, { price, lacking }: SealedPart): readonly string[] => {
  const products = (condition: string): string =>
    `select t.document from ${tables.document} t where ${at('t')} and ${condition}`
  return [
    ...(price === null
      ? []
      : [
          products(
            `t.price is not null and t.price_or_free between ${bind.number(price.from)} and ${bind.number(price.to)}`,
          ),
        ]),
    ...(lacking === null ? [] : [products(`not (${bind.int(lacking)} = any (t."values"))`)]),
  ]
}

const none = (text: string): string => `select s.document from (${text}) s where false`

/** The products that meet what must be met, each once. */
export const withinSetSql = (asking: Asking, within: SealedWithin): string => {
  const { tables, bind, at } = asking
  const all = `select t.document from ${tables.document} t where ${at('t')}`
  switch (within.kind) {
    case 'products':
      return productsSql(asking, within.ids)
    case 'atLeast':
      return `${all} and t.${sortColumns[within.column]} >= ${bind.number(within.least)}`
    case 'part': {
      const { values } = within.part
      const listed = `unnest(${bind.ints(values.map((value) => -1 - value))}) w(term)`
      // Of several values a product may have more than one.
      const each = values.length > 1 ? 'distinct ' : ''
      const having = `select ${each}q.base + (q.e >> 8) as document from ${entriesOf(asking, listed, [])}`
      return [having, ...statedSql(asking, within.part)]
        .map((text) => `select s.document from (${text}) s`)
        .join(' union ')
    }
    case 'anyOf': {
      const choices = within.choices.map(([first, ...rest]) =>
        first === undefined
          ? all
          : `select c.document from (${withinSetSql(asking, first)}) c where ${['true', ...rest.map((each) => withinSql(asking, each, 'c'))].join(' and ')}`,
      )
      return choices.length === 0 ? none(all) : choices.map((text) => `(${text})`).join(' union ')
    }
  }
}

/** The condition that a product meets it. */
export const withinSql = (asking: Asking, within: SealedWithin, alias: string): string =>
  `${alias}.document in (${withinSetSql(asking, within)})`
