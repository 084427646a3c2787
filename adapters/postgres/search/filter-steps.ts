import type { SealedPart, SealedQuestion } from 'shopwright'
import { type Asking, entriesOf, type Step } from './steps.js'
import { productsSql, statedSql, withinSetSql, withinSql } from './within-sql.js'

/** The products that meet parts of a filter, each with the bits of those that it meets. */
const metSql = (asking: Asking, parts: readonly SealedPart[]): string => {
  const { bind } = asking
  const values = parts.flatMap((part, index) => part.values.map((value) => ({ term: -1 - value, bit: 2 ** index })))
  const listed = `unnest(${bind.ints(values.map(({ term }) => term))}, ${bind.bigints(values.map(({ bit }) => bit))}) w(term, bit)`
  const sources = [
    `select q.base + (q.e >> 8) as document, q.bit from ${entriesOf(asking, listed, ['bit'])}`,
    ...parts.flatMap((part, index) =>
      statedSql(asking, part).map((text) => `select p.document, ${bind.bigint(2 ** index)} from (${text}) p`),
    ),
  ]
  return `select m.document, bit_or(m.bit) as met from (${sources.join(' union all ')}) m group by m.document`
}

/** Whether all products are in question, and none misses a part of a filter. */
export const isOfAll = ({ words, within, parts, among }: SealedQuestion): boolean =>
  words === null && among === null && within.length + parts.length === 0

/** The products that a question is about, whatever the filter. */
const candidatesSql = (asking: Asking, { words, within, among }: SealedQuestion): string => {
  if (words !== null) return 'found'
  const [first] = within
  if (among !== null) return `(${productsSql(asking, among)})`
  return first === undefined ? 'met' : `(${withinSetSql(asking, first)})`
}

/**
 * The products in question (`seen`), and which parts of the filter each misses (`judged`). Where only a filter says what
 * is in question, those that meet no part of it are left out: they miss more than one, or are known as the rest.
 */
export const filterSteps = (asking: Asking, question: SealedQuestion): readonly Step[] => {
  if (isOfAll(question)) return []
  const { bind, isAlive } = asking
  const { words, within, parts, among } = question
  const candidates = candidatesSql(asking, question)
  const isJoined = parts.length > 0 && candidates !== 'met'
  const met = isJoined ? 'coalesce(m.met, 0)' : candidates === 'met' ? 'c.met' : '0::bigint'
  const isDriver = words === null && among === null
  const conditions = [
    ...(words === null ? [isAlive('c')] : []),
    ...(words === null || among === null ? [] : [`c.document in (${productsSql(asking, among)})`]),
    ...within.slice(isDriver ? 1 : 0).map((each) => withinSql(asking, each, 'c')),
  ]
  const isAsFound = candidates === 'found' && !isJoined && conditions.length === 0
  return [
    ...(parts.length === 0 ? [] : [['met', metSql(asking, parts)] as const]),
    [
      'seen',
      `select c.document, ${words === null ? '0 as score, 0 as mask' : 'c.score, c.mask'}, ${met} as met from ${candidates} c` +
        `${isJoined ? ' left join met m on m.document = c.document' : ''} where ${['true', ...conditions].join(' and ')}`,
      isAsFound,
    ],
    [
      'judged',
      parts.length === 0
        ? 'select c.document, c.score, 0::bigint as missing from seen c'
        : `select c.document, c.score, ${bind.bigint(2 ** parts.length - 1)} & ~c.met as missing from seen c`,
      parts.length === 0,
    ],
  ]
}
