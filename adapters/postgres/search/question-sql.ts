import type { EpochPlace, SealedQuestion } from 'shopwright'
import type { Statement } from '../sql.js'
import { type Binder, createBinder } from './binder.js'
import { filterSteps, isOfAll } from './filter-steps.js'
import { firstSteps, isAllLooked } from './first-steps.js'
import { toHex } from './hex.js'
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
  const asking = askOf(tables, bind, epoch)
  const [only] = questions
  if (only !== undefined && questions.length === 1) {
    const { steps, answers } = partsOf(asking, only)
    return { text: statementOf(steps, answers), values: bind.values }
  }
  return { text: statementOf([], answersOfMany(asking, questions)), values: bind.values }
}

const askOf = (tables: SearchTables, bind: Binder, { shop, epoch, dead }: AskedEpoch): Asking => {
  const [ofShop, ofEpoch] = [bind.text(shop), bind.int(epoch)]
  return {
    tables,
    bind,
    epoch: ofEpoch,
    shop: ofShop,
    at: (alias) => `${alias}.shop = ${ofShop} and ${alias}.epoch = ${ofEpoch}`,
    isAlive: dead.length === 0 ? () => 'true' : createIsAlive(bind, dead),
  }
}

/**
 * A bit for each product, up to the last that is dead: to look at it takes less than to join what was found with a list. A
 * question that looks at no product sends none, for the server refuses values that a statement has no place for.
 */
const createIsAlive = (bind: Binder, dead: readonly number[]): Asking['isAlive'] => {
  const size = dead.reduce((most, document) => Math.max(most, document), 0) + 1
  let places: readonly [end: string, bits: string] | undefined
  return (alias) => {
    places ??= [bind.int(size), bind.hex(hexOf(dead, size))]
    const [end, bits] = places
    return `(${alias}.document >= ${end} or get_bit(${bits}, ${alias}.document) <> 1)`
  }
}

// The same list stands in all questions until something changes again.
const known = new WeakMap<readonly number[], string>()

const hexOf = (dead: readonly number[], size: number): string => {
  const made = known.get(dead)
  if (made !== undefined) return made
  const bytes = new Uint8Array((size + 7) >> 3)
  for (const document of dead) bytes[document >> 3] = (bytes[document >> 3] ?? 0) | (1 << (document & 7))
  const hex = toHex(bytes)
  known.set(dead, hex)
  return hex
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
      ...(isOfAll(question) || !question.isCounted ? [] : [fewStep(asking, question)]),
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

const countAnswers = (asking: Asking, question: SealedQuestion): readonly string[] => [
  `select ${answered.missing}, c.missing::float8, count(*)::float8, null, null, ${noText} from judged c group by c.missing`,
  ...(question.isCounted
    ? [
        // As lists: a row for each value would take longer to be sent and read than to be counted.
        `select ${answered.count}, n.missing::float8, null, null, null, null, ` +
          "string_agg(n.value::text, ','), string_agg(n.count::text, ','), null, null " +
          `from (select v.missing, v.value, count(*) as count from (${statedSql(asking, question)}) v ` +
          'group by v.value, v.missing) n group by n.missing',
      ]
    : []),
]

/** Products that miss one part of the filter at most; all, where there are no parts. */
const countedSql = ({ parts }: SealedQuestion): string =>
  `select document, missing from judged${parts.length > 0 ? ' where missing & (missing - 1) = 0' : ''}`

/** Of fewer products than this share of the packs each one's is looked up; for more all are read, which takes no longer. */
const fewShare = 8

const fewStep = ({ tables, at }: Asking, question: SealedQuestion): Step => [
  'few',
  `select (select count(*) from (${countedSql(question)}) n) * ${fewShare} < ` +
    `(select coalesce(max(t.pack), 0) + 1 from ${tables.stated} t where ${at('t')}) as is_few`,
]

/** The values that they state. */
const statedSql = ({ tables, at }: Asking, question: SealedQuestion): string => {
  const counted = countedSql(question)
  const isFew = '(select is_few from few)'
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
  // What a product is ordered or judged by in process, where it is; by score alone it is not.
  const isJudged = question.sort.by !== 'score' || question.apart.length > 0
  const column = (name: string): string => (isJudged ? `t.${name}` : 'null')
  const whereNear = (text: string): string =>
    isAllLooked(question) ? text : `case when f.place <= ${bind.bigint(question.mostLooked)} then ${text} end`
  return [
    `select ${answered.row}, f.document::float8, f.key, ${column('price')}, f.is_found::int::float8, t.id, ${question.words === null ? 'null' : whereNear("array_to_string(t.words, ',')")}, ` +
      `${question.wantsValues ? whereNear(`array_to_string(t."values", ',')`) : 'null'}, ${column('launched_at')}, ${column('trend')} ` +
      `from first f join ${tables.document} t on ${at('t')} and t.document = f.document`,
    ...(question.isExplained && question.words !== null
      ? [
          `select ${answered.impact}, f.document::float8, h.term::float8, h.impact::float8, null, ${noText} ` +
            `from first f join (${heardSql(asking, question.words)}) h on h.document = f.document where f.is_found`,
        ]
      : []),
  ]
}
