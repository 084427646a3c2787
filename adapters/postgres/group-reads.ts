import { ResultAsync } from 'neverthrow'
import type { RawAnswers, ReadRequest, StorageUnavailable } from 'shopwright'
import { unavailable } from './errors.js'
import { type GroupOptions, gather, pickFirst } from './gather.js'
import type { QueryRows, Session } from './queryable.js'
import { answersOf, type ReadStatement, type Reads } from './read.js'
import { createBoundedCache } from './sql.js'

type Asking = { readonly request: ReadRequest; readonly statement: ReadStatement }
type Waiting = Asking & { readonly answer: (found: Promise<QueryRows>) => void }

const mostShapes = 256

/** Each row to the request it is for. */
const dealOut = ({ rows }: QueryRows, count: number): readonly QueryRows[] => {
  const dealt = Array.from({ length: count }, (): Readonly<Record<string, unknown>>[] => [])
  for (const row of rows) dealt[Number(row.rid) - 1]?.push(row)
  return dealt.map((own) => ({ rows: own }))
}

/**
 * Lets requests of one shop and one shape that wait for each other go as one statement. Where that fails, each is asked
 * by itself, so that the fault of one stays its own.
 */
export const groupReads = (
  reads: Reads,
  session: Session,
  options: GroupOptions,
): ((asking: Asking) => ResultAsync<RawAnswers, StorageUnavailable>) => {
  const queueOf = createBoundedCache<(waiting: Waiting) => void>(mostShapes)

  const alone = ({ statement }: Asking): Promise<QueryRows> => session.read(statement)

  const together = async (group: readonly Waiting[]): Promise<readonly Promise<QueryRows>[]> => {
    const [first] = group
    if (first === undefined || group.length === 1) return group.map(alone)
    try {
      const statements = group.map(({ statement }) => statement)
      const found = await session.read(reads.together(first.request, statements))
      return dealOut(found, group.length).map((own) => Promise.resolve(own))
    } catch {
      return group.map(alone)
    }
  }

  const startQueue = (): ((waiting: Waiting) => void) =>
    gather<Waiting>(options, pickFirst, async (group) => {
      const answers = await together(group)
      for (const [place, { answer }] of group.entries())
        answer(answers[place] ?? Promise.reject(new Error('no answer')))
      await Promise.allSettled(answers)
    })

  return (asking) => {
    const found = new Promise<QueryRows>((answer) => {
      queueOf(`${asking.request.shop}\n${asking.statement.text}`, startQueue)({ ...asking, answer })
    })
    return ResultAsync.fromPromise(found, unavailable).map((rows) => answersOf(asking.request, rows))
  }
}
