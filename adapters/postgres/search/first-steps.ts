import type { SealedQuestion, SealedSort } from 'shopwright'
import { isStorable } from '../sql.js'
import { isOfAll } from './filter-steps.js'
import type { Asking, Step } from './steps.js'
import { sortColumns } from './tables.js'

type Order = { readonly key: string; readonly order: string; readonly where: string }

const orderOf = ({ bind }: Asking, sort: SealedSort): Order => {
  if (sort.by === 'score') return { key: '0', order: 't.document', where: '' }
  const column = `t.${sortColumns[sort.by]}`
  const order = `${column}${sort.isRising ? '' : ' desc'}, t.document`
  const key = sort.isRising ? `-${column}` : column
  if (sort.after === null) return { key, order, where: '' }
  const end = bind.number(sort.isRising ? -sort.after.key : sort.after.key)
  const behind = `${column} ${sort.isRising ? '>' : '<'} ${end}`
  return { key, order, where: ` and (${behind} or ${column} = ${end} and t.id > ${bind.text(sort.after.id)})` }
}

/** Whether of all that are told what they state, and their titles, may be told too. */
export const isAllLooked = ({ most, mostLooked }: SealedQuestion): boolean => most <= mostLooked

/** The first products in order, and those that are told apart; `place` counts the first from one. */
export const firstSteps = (asking: Asking, question: SealedQuestion): readonly Step[] => {
  const { tables, bind, at, isAlive } = asking
  const { sort, most, apart, words } = question
  const isAll = isOfAll(question)
  const isApart = apart.length > 0
  const limit = `limit ${bind.bigint(most)}`
  const notApart = isApart ? ' and not exists (select from apart a where a.document = c.document)' : ''
  const byScore = sort.by === 'score' && !isAll
  const { key, order, where } = orderOf(asking, sort)
  const rows = byScore
    ? `select c.document, c.score::float8 as key from judged c where c.missing = 0${notApart} order by ${words === null ? '' : 'c.score desc, '}c.document ${limit}`
    : isAll
      ? `select t.document, ${key}::float8 as key from ${tables.document} t where ${at('t')} and ${isAlive('t')}${notApart.replace('c.document', 't.document')}${where} order by ${order} ${limit}`
      : `select t.document, ${key}::float8 as key from judged c join ${tables.document} t on ${at('t')} and t.document = c.document where c.missing = 0${notApart}${where} order by ${order} ${limit}`
  // Their order is known by their keys; their places only where some are beyond those whose titles are looked at.
  const place = isAllLooked(question) ? '1::bigint' : 'row_number() over (order by f.key desc, f.document)'
  const first = `select f.document, f.key, true as is_found, ${place} as place from (${rows}) f`
  if (!isApart) return [['first', first]]
  const told = isAll
    ? 'select a.document, 0::float8, true, 0 from apart a'
    : 'select a.document, coalesce(c.score, 0)::float8, coalesce(c.missing = 0, false), 0 from apart a left join judged c on c.document = a.document'
  return [
    [
      'apart',
      `select t.document from ${tables.document} t where ${at('t')} and t.id = any (${bind.texts(apart.filter(isStorable))}) and ${isAlive('t')}`,
    ],
    ['first', `${first} union all ${told}`],
  ]
}
