import { okAsync, type ResultAsync } from 'neverthrow'
import { noteOrigin } from './audit-origin.js'
import type { AlreadyClaimed, DecidedChange } from './commit.js'
import type { StorageUnavailable } from './errors.js'
import type { Origin } from './origin.js'
import type { CorePorts, CryptoUnavailable } from './ports.js'
import { signAudit } from './sign-audit.js'
import { commitChanges } from './storage.js'

/**
 * Commits security events that no decision leaves: that somebody has seen something, or was turned away. Whoever else leaves
 * the same at the same time, under the same claim, is answered with that.
 *
 * @errors AlreadyClaimed, CryptoUnavailable, StorageUnavailable
 */
export const leaveNotes = (
  ports: CorePorts,
  origin: Origin | undefined,
  notes: readonly DecidedChange[],
): ResultAsync<void, AlreadyClaimed | CryptoUnavailable | StorageUnavailable> =>
  notes.length === 0
    ? okAsync(undefined)
    : noteOrigin(ports, origin, notes)
        .andThen((changes) => signAudit(ports, changes))
        .andThen((changes) => commitChanges(ports.storage, { shop: ports.shop, at: ports.clock.now(), changes }))
        .map(() => undefined)
        .mapErr((error) =>
          error.type === 'AlreadyClaimed' || error.type === 'StorageUnavailable' || error.type === 'CryptoUnavailable'
            ? error
            : { type: 'StorageUnavailable', detail: error.type },
        )
