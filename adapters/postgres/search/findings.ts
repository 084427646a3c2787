import type { SealedFindings, SealedRow } from 'shopwright'
import type { QueryRows } from '../queryable.js'
import { answered } from './question-sql.js'

type Row = QueryRows['rows'][number]

/** Numbers that the database wrote one after the other. */
export const numbersIn = (text: unknown): readonly number[] =>
  typeof text !== 'string' || text === '' ? [] : text.split(',').map(Number)

/** Reads the answers to so many questions, in their order; null where the epoch was gone. */
export const findingsOfEach = (rows: readonly Row[], questions: number): readonly (SealedFindings | null)[] => {
  if (questions === 1) return [findingsOf(rows)]
  const byQuestion: Row[][] = Array.from({ length: questions }, () => [])
  for (const row of rows) byQuestion[Number(row.question)]?.push(row)
  return byQuestion.map(findingsOf)
}

const findingsOf = (rows: readonly Row[]): SealedFindings | null => {
  const of = (kind: number): readonly Row[] => rows.filter((row) => Number(row.kind) === kind)
  const [epoch] = of(answered.epoch)
  if (Number(epoch?.b) !== 1) return null
  const [best] = of(answered.best)
  return {
    newest: Number(epoch?.a),
    least: Number(of(answered.least)[0]?.a ?? 0),
    rows: of(answered.row).map(rowOf),
    best: best === undefined ? null : { id: String(best.s), score: Number(best.a), slots: Number(best.b) },
    missing: of(answered.missing).map(({ a, b }) => ({ parts: Number(a), count: Number(b) })),
    counts: of(answered.count).map(({ a, x, y }) => ({
      parts: Number(a),
      values: numbersIn(x),
      counts: numbersIn(y),
    })),
    impacts: of(answered.impact).map(({ a, b, c }) => ({ document: Number(a), term: Number(b), impact: Number(c) })),
  }
}

const rowOf = ({ a, b, c, d, e, f, s, x, y }: Row): SealedRow => ({
  document: Number(a),
  id: String(s),
  price: c === null ? null : Number(c),
  key: Number(b),
  isFound: Number(d) === 1,
  launchedAt: Number(e),
  trend: Number(f),
  values: numbersIn(y),
  title: numbersIn(x),
})
