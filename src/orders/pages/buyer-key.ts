import { okAsync, type ResultAsync } from 'neverthrow'
import type { Actor } from '../../shared/actor.js'
import type { StoredDataInvalid } from '../../shared/collection.js'
import type { StorageUnavailable } from '../../shared/errors.js'
import type { Instant } from '../../shared/instant.js'
import type { SubjectKey } from '../../shared/personal-data.js'
import { subjectKeys } from '../../shared/personal-data.schema.js'
import type { CorePorts } from '../../shared/ports.js'
import { readFacts } from '../../shared/read-facts.js'
import { row, type Stored } from '../../shared/read-plan.js'
import { partyOf } from './order-party.js'

/**
 * The key that what a buyer said of an order is sealed with. What a merchant may read, or staff whom the host lets see some
 * orders only, holds no keys: whoever sees an order, or a return, that is not theirs reads it by the key of its buyer.
 *
 * @param key - as whoever asks has read it
 * @errors StorageUnavailable, StoredDataInvalid
 */
export const buyerKey = (
  ports: CorePorts,
  key: Stored<SubjectKey> | undefined,
  { accountId, actor, at }: { readonly accountId: string; readonly actor: Actor; readonly at: Instant },
): ResultAsync<Stored<SubjectKey> | undefined, StorageUnavailable | StoredDataInvalid> =>
  key !== undefined || partyOf(actor) === 'buyer'
    ? okAsync(key)
    : readFacts(ports.storage, {
        shop: ports.shop,
        scope: { kind: 'all' },
        at,
        plan: { key: row(subjectKeys, accountId) },
      }).map((read) => read.key)
