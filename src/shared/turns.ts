import { ResultAsync } from 'neverthrow'
import type { RowKey } from './events.js'

/**
 * Lets those who lost a race for a row try again one after another. Sixty-four who all tried again at once would lose
 * to each other some two thousand times; in turn, each reads what the one before it wrote.
 */
export type Turns = {
  /** Runs the work once all who asked for this row before are done; work must not ask for another turn while it runs. */
  readonly take: <Answer, Failure>(
    key: RowKey,
    work: () => ResultAsync<Answer, Failure>,
  ) => ResultAsync<Answer, Failure>
}

/** Nobody waits yet. Turns are of this process: between machines the versions of rows alone decide. */
export const createTurns = (): Turns => {
  const last = new Map<string, Promise<unknown>>()
  return {
    take: (key, work) => {
      const name = JSON.stringify([key.collection, key.id])
      const before = last.get(name)
      const run = async () => {
        // A port of the host may reject against its contract: that is the answer of one, and not of those behind it.
        await before?.catch(() => undefined)
        try {
          return await work()
        } finally {
          if (last.get(name) === mine) last.delete(name)
        }
      }
      const mine = run()
      last.set(name, mine)
      return new ResultAsync(mine)
    },
  }
}
