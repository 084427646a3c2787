import type { EpochPlace, SealedQuestion } from 'shopwright'
import type { Statement } from '../sql.js'
import { type Binder, createBinder } from './binder.js'
import { filterSteps, isOfAll } from './filter-steps.js'
import { firstSteps } from './first-steps.js'
import type { Asking, Step } from './steps.js'
import { packBits, type SearchTables } from './tables.js'
import { heardSql, wordSteps } from './word-steps.js'

/** Kinds of rows of an answer. */
export const answered = { epoch: 0, least: 1, row: 2, best: 3, missing: 4, count: 5, impact: 6 } as const

/** An epoch as whoever asks knows it: less the products that are no more what they were. */
export type AskedEpoch = EpochPlace & Pick<SealedQuestion, 'dead'>

/**
 * Questions about one epoch as one statement: of each the rows of an answer, with the place of the question (`question`), a
 * kind, numbers (`a` to `f`) and texts (`s`, `x`, `y`).
 */
export const questionsStatement = (
  tables: SearchTables,
  epoch: AskedEpoch,
  questions: readonly SealedQuestion[],
): Omit<Statement, 'name'> => {
  const bind = createBinder()
  const { asking, dead } = askOf(tables, bind, epoch)
  const [only] = questions
  if (only !== undefined && questions.length === 1) {
    const { steps, answers } = partsOf(asking, only)
    return { text: statementOf([...dead, ...steps], answers), values: bind.values }
  }
  return { text: statementOf(dead, answersOfMany(asking, questions)), values: bind.values }
}

const askOf = (tables: SearchTables, bind: Binder, { shop, epoch, dead }: AskedEpoch) => {
  const [ofShop, ofEpoch] = [bind.text(shop), bind.int(epoch)]
  const asking: Asking = {
    tables,
    bind,
    epoch: ofEpoch,
    shop: ofShop,
    at: (alias) => `${alias}.shop = ${ofShop} and ${alias}.epoch = ${ofEpoch}`,
    isAlive: (alias) =>
      dead.length === 0 ? 'true' : `not exists (select from dead d where d.document = ${alias}.document)`,
  }
  const steps: readonly Step[] =
    dead.length === 0 ? [] : [['dead', `select d.document from unnest(${bind.ints(dead)}) d(document)`]]
  return { asking, dead: steps }
}

const statementOf = (steps: readonly Step[], answers: readonly string[]): string => {
  const withs = steps.map(
    ([name, text, isCheap]) => `${name} as ${isCheap === true ? 'not ' : ''}materialized (${text})`,
  )
  return `${withs.length === 0 ? '' : `with ${withs.join(',\n')}\n`}${answers.join('\nunion all\n')}`
}

/**
 * Questions of one form share a text, whose values come as rows: however many there are, each form is planned once, and
 * the statement is the same for every number of them.
 */
const answersOfMany = (asking: Asking, questions: readonly SealedQuestion[]): readonly string[] => {
  const forms = new Map<string, (readonly string[])[]>()
  for (const [place, question] of questions.entries()) {
    const own = createBinder((at, type) => `(asked.v${at}::${type})`)
    const { steps, answers } = partsOf({ ...asking, bind: own }, question)
    const text = statementOf(steps, answers)
    const rows = forms.get(text) ?? []
    rows.push([String(place), ...own.values])
    forms.set(text, rows)
  }
  return [...forms]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([text, rows]) => {
      const columns = (rows[0] ?? []).map((_, at) => asking.bind.texts(rows.map((row) => row[at] ?? '')))
      const names = columns.map((_, at) => (at === 0 ? 'question' : `v${at}`))
      return (
        `select asked.question::int as question, answer.* from unnest(${columns.join(', ')}) asked(${names.join(', ')}) ` +
        `cross join lateral (${text}) answer`
      )
    })
}

const partsOf = (
  asking: Asking,
  question: SealedQuestion,
): { readonly steps: readonly Step[]; readonly answers: readonly string[] } => {
  const { tables, shop, epoch } = asking
  const isFirstTold = question.most > 0 || question.apart.length > 0
  return {
    steps: [
      ...(question.words === null ? [] : wordSteps(asking, question.words)),
      ...filterSteps(asking, question),
      ...(isFirstTold ? firstSteps(asking, question) : []),
    ],
    answers: [
      `select ${answered.epoch} as kind, max(t.epoch)::float8 as a, coalesce(bool_or(t.epoch = ${epoch}), false)::int::float8 as b, ` +
        'null::float8 as c, null::float8 as d, null::text as s, null::text as x, null::text as y, null::float8 as e, null::float8 as f ' +
        // An epoch in another way is for machines with another version of the library, and takes nobody from this one.
        `from ${tables.epoch} t where t.shop = ${shop} and t.ready and t.format = (select m.format from ${tables.epoch} m where ${asking.at('m')})`,
      ...(question.words === null ? [] : wordAnswers(asking)),
      ...(isOfAll(question) ? [] : countAnswers(asking, question)),
      ...(isFirstTold ? firstAnswers(asking, question) : []),
    ],
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
