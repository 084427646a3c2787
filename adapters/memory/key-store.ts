import { okAsync } from 'neverthrow'
import type { SubjectKeyStore } from 'shopwright'

/** Keeps the shares of people's keys in this process, for tests and the quick start: with it they are gone. */
export const createMemoryKeyStore = (): SubjectKeyStore => {
  // A share that was destroyed stays as null, so that its person is given no other.
  const shares = new Map<string, string | null>()
  const shareOf = (subjectId: string): string | undefined => shares.get(subjectId) ?? undefined
  return {
    get: (subjectId) => okAsync(shareOf(subjectId)),
    put: (subjectId, share) => {
      if (!shares.has(subjectId)) shares.set(subjectId, share)
      return okAsync(shareOf(subjectId))
    },
    destroy: (subjectId) => {
      shares.set(subjectId, null)
      return okAsync(undefined)
    },
  }
}
