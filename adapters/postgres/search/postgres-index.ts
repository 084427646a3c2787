import { ResultAsync } from 'neverthrow'
import type { EpochDraft, SealedEpoch, SealedFindings, SealedIndex, SealedQuestion } from 'shopwright'
import type { NameOf } from '../commit-ways.js'
import { unavailable } from '../errors.js'
import type { QueryRows, Session } from '../queryable.js'
import type { Statement } from '../sql.js'
import { beginStatement, draftStatement, dropStatement, publishStatement, writeStatement } from './epoch-sql.js'
import { findingsOfEach, numbersIn } from './findings.js'
import { fromHex } from './hex.js'
import { knowledgeStatement, newestStatement, placesStatement } from './lookup-sql.js'
import { questionsStatement } from './question-sql.js'
import { searchTables } from './tables.js'

type Row = QueryRows['rows'][number]

/** Keeps epochs of search indexes in a schema's tables. */
export const createPostgresIndex = (schema: string, session: Session, nameOf: NameOf): SealedIndex => {
  const tables = searchTables(schema)
  const named = ({ text, values }: Omit<Statement, 'name'>): Statement => {
    const name = nameOf(text)
    return name === undefined ? { text, values } : { name, text, values }
  }
  const read = (statement: Omit<Statement, 'name'>) =>
    ResultAsync.fromPromise(session.read(named(statement)), unavailable).map(({ rows }) => rows)
  const write = (statement: Omit<Statement, 'name'>) =>
    ResultAsync.fromPromise(session.write(named(statement)), unavailable).map(({ rows }) => Number(rows[0]?.done) > 0)
  return {
    newest: (of) => read(newestStatement(tables, of)).map(([row]) => (row === undefined ? null : epochOf(row))),
    knowledge: (place) => read(knowledgeStatement(tables, place)).map(([row]) => fromHex(row?.knowledge)),
    placesOf: (asked) =>
      read(placesStatement(tables, asked)).map((rows) =>
        rows.map((row) => ({
          id: String(row.id),
          document: Number(row.document),
          values: numbersIn(row.numbers),
        })),
      ),
    find: (questions) =>
      ResultAsync.combine(
        ofEachEpoch(questions).map(({ epoch, asked }) =>
          read(
            questionsStatement(
              tables,
              epoch,
              asked.map(({ question }) => question),
            ),
          ).map((rows) =>
            findingsOfEach(rows, asked.length).map((found, at) => [asked[at]?.place ?? 0, found] as const),
          ),
        ),
      ).map((all) => inOrder(all.flat())),
    begin: (start) =>
      write(beginStatement(tables, start))
        .andThen(() => read(draftStatement(tables, start)))
        .map(([row]) => (row === undefined ? null : draftOf(row))),
    write: (part) => write(writeStatement(tables, part)),
    publish: (place) => write(publishStatement(tables, place)),
    drop: (shop) => write(dropStatement(tables, shop)),
  }
}

type Placed = { readonly question: SealedQuestion; readonly place: number }

/** Questions by what they are about; nearly always all are about one epoch, and make one statement. */
const ofEachEpoch = (questions: readonly SealedQuestion[]) => {
  const groups: { readonly epoch: SealedQuestion; readonly asked: Placed[] }[] = []
  for (const [place, question] of questions.entries()) {
    const { shop, epoch, dead } = question
    const group = groups.find(({ epoch: held }) => held.shop === shop && held.epoch === epoch && held.dead === dead)
    if (group === undefined) groups.push({ epoch: question, asked: [{ question, place }] })
    else group.asked.push({ question, place })
  }
  return groups
}

const inOrder = (found: readonly (readonly [place: number, found: SealedFindings | null])[]) => {
  const findings = [...found].sort(([a], [b]) => a - b).flatMap(([, each]) => (each === null ? [] : [each]))
  return findings.length === found.length ? findings : null
}

const epochOf = (row: Row): SealedEpoch => ({
  epoch: Number(row.epoch),
  format: Number(row.format),
  from: Number(row.from_at),
})

const draftOf = (row: Row): EpochDraft => ({
  ...epochOf(row),
  parts: Number(row.parts),
  lastId: typeof row.last_id === 'string' ? row.last_id : null,
})
