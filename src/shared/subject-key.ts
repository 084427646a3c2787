import { okAsync, type ResultAsync } from 'neverthrow'
import { type Change, expectRow, put } from './commit.js'
import type { Sealer, SubjectKey } from './personal-data.js'
import { subjectKeys } from './personal-data.schema.js'
import type { CryptoUnavailable } from './ports.js'
import type { Stored } from './read-plan.js'

/** A person's key, and the change that a commit which seals with it has to hold. */
export type KeyInUse = { readonly key: SubjectKey; readonly change: Change }

/**
 * The key to seal with. Who has none, as a guest at first, gets one in the commit that first needs it; a key that is
 * there must still be there when what it sealed is written.
 *
 * @errors CryptoUnavailable
 */
export const keyInUse = (
  sealer: Sealer,
  stored: Stored<SubjectKey> | undefined,
  subjectId: string,
): ResultAsync<KeyInUse, CryptoUnavailable> =>
  stored === undefined
    ? sealer
        .createKey(subjectId)
        .map((key) => ({ key, change: put(subjectKeys, { id: subjectId, version: 0, state: key }) }))
    : okAsync({ key: stored.state, change: expectRow(subjectKeys, stored) })
