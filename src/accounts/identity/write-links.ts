import type { ResultAsync } from 'neverthrow'
import { type Change, put, removeRow } from '../../shared/commit.js'
import type { Instant } from '../../shared/instant.js'
import { type Place, type SubjectKey, sealValue } from '../../shared/personal-data.js'
import type { CryptoUnavailable } from '../../shared/ports.js'
import type { Stored } from '../../shared/read-plan.js'
import type { AccountsPorts } from '../ports.js'
import { releaseIdentities } from './identity-keys.js'
import type { VerifiedIdentity } from './identity-provider.js'
import type { LinkedIdentities, LinkedIdentity, LinkedIdentityEvent } from './linked-identity.js'
import { linkedIdentities } from './linked-identity.schema.js'

/** Where what a provider calls a person stands: apart for each link, so that it cannot be moved to another. */
const subjectPlace = (accountId: string, linkId: string): Place => ({
  collection: 'linkedIdentities',
  id: accountId,
  field: `links.${linkId}.subject`,
})

/**
 * A link of an account to an identity, with what the provider calls the person sealed.
 *
 * @errors CryptoUnavailable
 */
export const sealLink = (
  ports: AccountsPorts,
  key: SubjectKey,
  linked: {
    readonly accountId: string
    readonly providerId: string
    readonly identity: VerifiedIdentity
    readonly keys: readonly string[]
    readonly at: Instant
  },
): ResultAsync<LinkedIdentity, CryptoUnavailable> => {
  const { accountId, providerId, identity, keys, at: linkedAt } = linked
  const linkId = ports.ids.next('link')
  const { issuer, subject } = identity.subjects[0]
  return sealValue(ports.sealer, key, subjectPlace(accountId, linkId), { issuer, subject }).map((sealed) => ({
    linkId,
    providerId,
    keys,
    subject: sealed,
    linkedAt,
  }))
}

/** Writes the identities of an account. */
export const putLinks = (
  before: Stored<LinkedIdentities> | undefined,
  state: LinkedIdentities,
  ...events: readonly LinkedIdentityEvent[]
): Change => put(linkedIdentities, { id: state.accountId, version: before?.version ?? 0, state, events })

/** Gives up every identity of an account: none of them leads anywhere any more. */
export const forgetLinks = (before: Stored<LinkedIdentities> | undefined): readonly Change[] =>
  before === undefined
    ? []
    : [
        removeRow(linkedIdentities, before),
        ...releaseIdentities(
          before.state.links.flatMap(({ keys }) => keys),
          before.id,
        ),
      ]
