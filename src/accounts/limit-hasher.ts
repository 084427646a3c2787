import { err, errAsync, type Result, ResultAsync } from 'neverthrow'
import type { HasherError, PasswordHasher } from './ports.js'

/** How much hashing may go on. */
export type HasherLimits = {
  /** Hashes at the same time; more than there are cores gains nothing and starves other work. */
  readonly atOnce: number
  /** Hashes that may wait; past that the answer is `Busy`. */
  readonly waiting: number
}

/**
 * The same hasher with a bounded queue before it, so that many sign-ins at once neither starve other work nor pile up.
 */
export const limitHasher = (hasher: PasswordHasher, limits: HasherLimits): PasswordHasher => {
  let running = 0
  const queue: (() => void)[] = []
  const next = (): void => {
    running -= 1
    queue.shift()?.()
  }
  const enter = <Value>(work: () => ResultAsync<Value, HasherError>): ResultAsync<Value, HasherError> => {
    if (running >= limits.atOnce && queue.length >= limits.waiting) {
      return errAsync({ type: 'Busy', retryAfterMs: 1_000 })
    }
    const turn = new Promise<void>((resolve) => {
      const begin = (): void => {
        running += 1
        resolve()
      }
      if (running < limits.atOnce) begin()
      else queue.push(begin)
    })
    return new ResultAsync(
      turn.then(async (): Promise<Result<Value, HasherError>> => {
        try {
          return await work()
        } catch {
          // What was thrown may hold the password.
          return err({ type: 'HasherUnavailable', detail: 'The hasher threw' })
        } finally {
          next()
        }
      }),
    )
  }
  return {
    hash: (password) => enter(() => hasher.hash(password)),
    verify: (phc, password) => enter(() => hasher.verify(phc, password)),
    verifyNothing: (password) => enter(() => hasher.verifyNothing(password)),
    needsRehash: hasher.needsRehash,
  }
}
