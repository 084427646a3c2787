import { errAsync, type ResultAsync } from 'neverthrow'
import type { Storage } from 'shopwright'

/** What becomes of one call to the storage: it goes well, it never gets there, or its answer is lost on the way back. */
export type Fate = 'well' | 'never' | 'unheard'

const lost = { type: 'StorageUnavailable', detail: 'ECONNRESET' } as const

/** A storage whose connection is lost as the fates say, one for each call, in turn; then it holds. */
export const losing = (storage: Storage, fates: readonly Fate[]): Storage => {
  let next = 0
  const through = <Value, Failure>(call: () => ResultAsync<Value, Failure>) => {
    const fate = fates[next] ?? 'well'
    next += 1
    if (fate === 'never') return errAsync<Value, Failure | typeof lost>(lost)
    const answer = call()
    return fate === 'unheard' ? answer.andThen(() => errAsync<Value, Failure | typeof lost>(lost)) : answer
  }
  return {
    ...storage,
    read: (request) => through(() => storage.read(request)),
    commit: (commit) => through(() => storage.commit(commit)),
  }
}
