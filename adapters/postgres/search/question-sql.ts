import type { SealedQuestion } from 'shopwright'
import type { Statement } from '../sql.js'
import { createBinder } from './binder.js'
import { filterSteps, isOfAll } from './filter-steps.js'
import { firstSteps } from './first-steps.js'
import type { Asking, Step } from './steps.js'
import { packBits, type SearchTables } from './tables.js'
import { heardSql, wordSteps } from './word-steps.js'

/** Kinds of rows of an answer. */
export const answered = { epoch: 0, least: 1, row: 2, best: 3, missing: 4, count: 5, impact: 6 } as const

/**
 * A question as one statement: steps, and of them the rows of an answer, each with a kind, numbers (`a` to `f`) and
 * texts (`s`, `x`, `y`).
 */
export const questionStatement = (tables: SearchTables, question: SealedQuestion): Omit<Statement, 'name'> => {
  const bind = createBinder()
  const [shop, epoch] = [bind.text(question.shop), bind.int(question.epoch)]
  const asking: Asking = {
    tables,
    bind,
    at: (alias) => `${alias}.shop = ${shop} and ${alias}.epoch = ${epoch}`,
    isAlive: (alias) =>
      question.dead.length === 0 ? 'true' : `not exists (select from dead d where d.document = ${alias}.document)`,
  }
  const isFirstTold = question.most > 0 || question.apart.length > 0
  const steps: readonly Step[] = [
    ...(question.dead.length === 0
      ? []
      : [['dead', `select d.document from unnest(${bind.ints(question.dead)}) d(document)`] as const]),
    ...(question.words === null ? [] : wordSteps(asking, question.words)),
    ...filterSteps(asking, question),
    ...(isFirstTold ? firstSteps(asking, question) : []),
  ]
  const answers = [
    `select ${answered.epoch} as kind, max(t.epoch)::float8 as a, coalesce(bool_or(t.epoch = ${epoch}), false)::int::float8 as b, ` +
      'null::float8 as c, null::float8 as d, null::text as s, null::text as x, null::text as y, null::float8 as e, null::float8 as f ' +
      // An epoch in another way is for machines with another version of the library, and takes nobody from this one.
      `from ${tables.epoch} t where t.shop = ${shop} and t.ready and t.format = (select m.format from ${tables.epoch} m where ${asking.at('m')})`,
    ...(question.words === null ? [] : wordAnswers(asking)),
    ...(isOfAll(question) ? [] : countAnswers(asking, question)),
    ...(isFirstTold ? firstAnswers(asking, question) : []),
  ]
  const withs = steps.map(
    ([name, text, isCheap]) => `${name} as ${isCheap === true ? 'not ' : ''}materialized (${text})`,
  )
  return {
    text: `${withs.length === 0 ? '' : `with ${withs.join(',\n')}\n`}${answers.join('\nunion all\n')}`,
    values: bind.values,
  }
}

const noText = 'null, null, null, null, null'

const wordAnswers = ({ tables, at }: Asking): readonly string[] => [
  `select ${answered.least}, b.least, null, null, null, ${noText} from bound b`,
  `select ${answered.best}, c.score::float8, c.mask::float8, null, null, t.id, null, null, null, null ` +
    'from (select document, score, mask from seen order by score desc, document limit 1) c ' +
    `join ${tables.document} t on ${at('t')} and t.document = c.document`,
]

const countAnswers = (asking: Asking, { isCounted, parts }: SealedQuestion): readonly string[] => [
  `select ${answered.missing}, c.missing::float8, count(*)::float8, null, null, ${noText} from judged c group by c.missing`,
  ...(isCounted
    ? [
        `select ${answered.count}, v.missing::float8, v.value::float8, count(*)::float8, null, ${noText} ` +
          `from (${statedSql(asking, parts.length > 0)}) v group by v.value, v.missing`,
      ]
    : []),
]

/** Of fewer products than this share of the packs each one's is looked up; for more all are read, which takes no longer. */
const fewShare = 8

/** The values that products state which miss one part of the filter at most; all, where there are no parts. */
const statedSql = ({ tables, at }: Asking, hasParts: boolean): string => {
  const counted = `select document, missing from judged${hasParts ? ' where missing & (missing - 1) = 0' : ''}`
  const packs = `(select coalesce(max(t.pack), 0) + 1 from ${tables.stated} t where ${at('t')})`
  const isFew = `(select count(*) from (${counted}) n) * ${fewShare} < ${packs}`
  const place = `(c.document & ${(1 << packBits) - 1})`
  // As a column the values are taken apart row by row, without a look-up for each.
  const value = `c.missing, unnest(t."values"[t.starts[${place} + 1] + 1 : t.starts[${place} + 2]]) as value`
  const pack = `c.document >> ${packBits}`
  const of = 't.pack, t.starts, t."values"'
  const each = `(select ${of} from ${tables.stated} t where ${at('t')} and t.pack = ${pack} offset 0) t`
  const all = `(select ${of} from ${tables.stated} t where ${at('t')} offset 0) t`
  return (
    `select ${value} from (${counted} order by document) c cross join lateral ${each} where ${isFew} ` +
    `union all select ${value} from (${counted}) c join ${all} on t.pack = ${pack} where not ${isFew}`
  )
}

const firstAnswers = (asking: Asking, question: SealedQuestion): readonly string[] => {
  const { tables, bind, at } = asking
  const whereNear = (text: string): string =>
    `case when f.place <= ${bind.bigint(question.mostLooked)} then ${text} end`
  return [
    `select ${answered.row}, f.document::float8, f.key, t.price, f.is_found::int::float8, t.id, ${question.words === null ? 'null' : whereNear("array_to_string(t.words, ',')")}, ` +
      `${question.wantsValues ? whereNear(`array_to_string(t."values", ',')`) : 'null'}, t.launched_at, t.trend ` +
      `from first f join ${tables.document} t on ${at('t')} and t.document = f.document`,
    ...(question.isExplained && question.words !== null
      ? [
          `select ${answered.impact}, f.document::float8, h.term::float8, h.impact::float8, null, ${noText} ` +
            `from first f join (${heardSql(asking, question.words)}) h on h.document = f.document where f.is_found`,
        ]
      : []),
  ]
}
