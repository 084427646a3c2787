import type { SubjectKeyStore } from 'shopwright'
import { createMemoryKeyStore } from 'shopwright/adapters/memory'

/** A store of shares of keys that notes whose it is asked for. */
export const createAskedKeyStore = () => {
  const store = createMemoryKeyStore()
  const asked: string[] = []
  const keptApart: SubjectKeyStore = {
    ...store,
    get: (subjectId) => {
      asked.push(subjectId)
      return store.get(subjectId)
    },
  }
  return { store, asked, keptApart } as const
}
