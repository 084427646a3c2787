import { errAsync } from 'neverthrow'
import { operations } from '../../src/shared/operation.schema.js'
import type { Storage } from '../../src/shared/storage.js'

/**
 * A storage that is read as it is and written to in vain, and whether somebody wanted to: a command that comes so far is
 * not refused. That a key was answered is no change of anything.
 */
export const dryRun = (storage: Storage): { readonly storage: Storage; readonly changed: () => boolean } => {
  let hasChanged = false
  return {
    storage: {
      ...storage,
      commit: ({ puts, removes, adjusts, claims, appends }) => {
        const rows = puts.filter(({ key }) => key.collection !== operations.name)
        hasChanged ||= [rows, removes, adjusts, claims, appends].some((changes) => changes.length > 0)
        return errAsync({ type: 'StorageUnavailable', detail: 'dry' })
      },
    },
    changed: () => hasChanged,
  }
}
