import { compareCodePoints, type PreparedCommit } from 'shopwright'
import { callText, type OperationCodes } from './commit-function.js'
import { encodeEvents } from './encode.js'
import { type Statement, textArray } from './sql.js'

type Operation = {
  readonly code: number
  readonly place: number
  readonly id: string
  readonly first: number
  readonly second: number
  readonly third: number
  readonly text?: string
}

const inLockOrder = (a: Operation & { readonly rank: number }, b: Operation & { readonly rank: number }): number =>
  a.rank - b.rank || compareCodePoints(a.id, b.id)

const byCode = (a: Operation, b: Operation): number => a.code - b.code

// Rows that are there, by rank and id, then those to be inserted; what is sorted already by id stays so.
const textOf = ({ text }: Operation): readonly string[] => (text === undefined ? [] : [text])

const rowOperations = ({ rows }: OperationCodes, commit: PreparedCommit): readonly Operation[] => {
  const there: (Operation & { readonly rank: number; readonly lock: number })[] = []
  const absent: Operation[] = []
  const plain = { second: 0, third: 0 }
  for (const { index: place, key, version: first, schemaVersion: second, text } of commit.puts) {
    const codes = rows.get(key.collection)
    if (codes === undefined) continue
    if (first === 0) absent.push({ code: codes.insert, place, id: key.id, first, second, third: 0, text })
    else
      there.push({
        code: codes.update,
        rank: codes.expect,
        lock: codes.lock,
        place,
        id: key.id,
        first,
        second,
        third: 0,
        text,
      })
  }
  for (const { index: place, key, version: first } of commit.expects) {
    const codes = rows.get(key.collection)
    if (codes === undefined) continue
    there.push({ ...plain, code: codes.expect, rank: codes.expect, lock: codes.expect, place, id: key.id, first })
  }
  for (const { index: place, key, version: first } of commit.removes) {
    const codes = rows.get(key.collection)
    if (codes === undefined) continue
    there.push({ ...plain, code: codes.remove, rank: codes.expect, lock: codes.lock, place, id: key.id, first })
  }
  there.sort(inLockOrder)
  if (there.length < 2) return [...there, ...absent.sort(byCode)]
  // All are locked before the first is written: an insert waits for whoever writes the row in its way, and never for who
  // has only locked it, so who still waits for rows must not have written any.
  return [
    ...there.map(({ lock, place, id, first }) => ({ ...plain, code: lock, place, id, first })),
    ...there.filter(({ code, lock }) => code !== lock),
    ...absent.sort(byCode),
  ]
}

const logOperations = ({ logs }: OperationCodes, { appends }: PreparedCommit): readonly Operation[] =>
  appends
    .map(({ index: place, log, id, text }) => ({
      code: logs.get(log) ?? 0,
      place,
      id,
      first: 0,
      second: 0,
      third: 0,
      text,
    }))
    .sort(byCode)

const counterOperations = ({ counters }: OperationCodes, { adjusts }: PreparedCommit) =>
  adjusts
    .map(({ index: place, counter, id, by: first, floor: second, initial: third }) => ({
      ...{ code: counters.get(counter) ?? 0, place, id, first, second, third },
      counter,
    }))
    .sort(byCode)

const listOf = (items: readonly string[]): string | null => (items.length === 0 ? null : `[${items.join(',')}]`)

const claimsOf = ({ claims, releases }: PreparedCommit): readonly string[] =>
  [
    ...claims.map((fact) => ({ ...fact, take: true })),
    ...releases.map((fact) => ({ ...fact, take: false, expiresAt: null })),
  ]
    .sort((a, b) => compareCodePoints(a.space, b.space) || compareCodePoints(a.key, b.key))
    .map((fact) => JSON.stringify([fact.index, fact.take, fact.space, fact.key, fact.owner, fact.expiresAt]))

/** A call of the commit function, and which counters its answer is about, in their order. */
export type FunctionCall = {
  readonly statement: Statement
  readonly counters: readonly { readonly counter: string; readonly id: string }[]
}

/** Makes the calls of a commit function. */
export const createFunctionForm = (
  functionName: string,
  codes: OperationCodes,
  nameOf: (text: string) => string | undefined,
): ((commit: PreparedCommit) => FunctionCall) => {
  const text = callText(functionName)
  return (commit) => {
    const counters = counterOperations(codes, commit)
    const operations = [...rowOperations(codes, commit), ...logOperations(codes, commit), ...counters]
    const numbers = (of: (operation: Operation) => number): string => `{${operations.map(of).join(',')}}`
    const values = [
      commit.shop,
      String(commit.at),
      numbers(({ code }) => code),
      numbers(({ place }) => place),
      textArray(operations.map(({ id }) => id)),
      numbers(({ first }) => first),
      numbers(({ second }) => second),
      numbers(({ third }) => third),
      listOf(operations.flatMap(textOf)),
      listOf(claimsOf(commit)),
      listOf(encodeEvents(commit)),
    ]
    const name = nameOf(text)
    return { statement: { ...(name === undefined ? {} : { name }), text, values }, counters }
  }
}
