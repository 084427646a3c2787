import { err, okAsync, type Result, type ResultAsync } from 'neverthrow'
import { type AlreadyClaimed, type Change, claim, put } from './commit.js'
import type { NotFound } from './errors.js'
import type { Instant } from './instant.js'
import type { Sealer, SubjectKey } from './personal-data.js'
import { subjectKeys } from './personal-data.schema.js'
import type { CryptoUnavailable } from './ports.js'
import type { Stored } from './read-plan.js'

/** A person's key, and the changes that a commit which seals with it has to hold. */
export type KeyInUse = { readonly key: SubjectKey; readonly changes: readonly Change[] }

/** Where it stands as a unique fact that somebody is erased. */
export const erasedSpace = 'erasedSubject'

/** Keeps a person who is erased from ever getting a key again. */
export const neverAgain = (subjectId: string): Change => claim({ space: erasedSpace, key: subjectId, owner: subjectId })

/**
 * Writes a key anew as it is, so that an erasure which has read what is open of its person has to look again: business
 * that is begun and an erasure never both go through.
 */
export const useKey = (stored: Stored<SubjectKey>): Change => put(subjectKeys, stored)

/** That a person is not erased: their key stands, or they have none yet and may have one. */
export const stillHere = (stored: Stored<SubjectKey> | undefined, subjectId: string, now: Instant): Change =>
  stored === undefined
    ? // Held for no time at all: it only fails where the erasure holds it for ever.
      claim({ space: erasedSpace, key: subjectId, owner: 'key', expiresAt: now })
    : useKey(stored)

/**
 * The key to seal with. Who has none, as a guest at first, gets one in the commit that first needs it, unless that
 * person was erased; a key that is there must still be there when what it sealed is written.
 *
 * @errors CryptoUnavailable
 */
export const keyInUse = (
  sealer: Sealer,
  stored: Stored<SubjectKey> | undefined,
  subjectId: string,
  now: Instant,
): ResultAsync<KeyInUse, CryptoUnavailable> =>
  stored === undefined
    ? sealer.createKey(subjectId).map((key) => ({
        key,
        changes: [put(subjectKeys, { id: subjectId, version: 0, state: key }), stillHere(undefined, subjectId, now)],
      }))
    : okAsync({ key: stored.state, changes: [useKey(stored)] })

/** What a claim of `keyInUse` that is taken means: the person is no more. */
export const refuseErased = (taken: AlreadyClaimed): Result<never, NotFound> | undefined =>
  taken.space === erasedSpace ? err({ type: 'NotFound', entity: 'account', id: taken.key }) : undefined
