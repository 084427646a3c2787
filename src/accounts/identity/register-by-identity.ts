import { okAsync, type ResultAsync } from 'neverthrow'
import { messagePreferences } from '../../notify/preference.schema.js'
import { claim, put } from '../../shared/commit.js'
import type { Decision } from '../../shared/decide-and-commit.js'
import type { Instant } from '../../shared/instant.js'
import type { Locale } from '../../shared/messages.js'
import type { SubjectKey } from '../../shared/personal-data.js'
import { subjectKeys } from '../../shared/personal-data.schema.js'
import type { CryptoUnavailable } from '../../shared/ports.js'
import type { BoundIdentifier } from '../account.js'
import { newSession, type SignedIn } from '../begin-session.js'
import { countOne, monthOf, providerTally } from '../feedback/feedback-tally.js'
import { type Identity, identifierSpace } from '../identify.js'
import type { ProviderPerson } from '../inputs.js'
import { noteDevice } from '../known-device.js'
import type { AccountsPorts } from '../ports.js'
import { sealIdentifier, sealTold } from '../profile.js'
import { guardianConsents } from '../register-account.js'
import type { PersonDetails } from '../registration-fields.js'
import { openAccount } from '../write-account.js'
import type { Arrival } from './arrival.js'
import { claimIdentities } from './identity-keys.js'
import { putLinks, sealLink } from './write-links.js'

/**
 * Registers whom a provider vouches for: an account that is active at once, has no password, and is entered by the
 * identity, which it is the first to claim.
 *
 * @errors CryptoUnavailable
 */
export const registerByIdentity = (
  ports: AccountsPorts,
  newcomer: {
    /** Whose address nobody has. */
    readonly arrival: Arrival
    readonly person: ProviderPerson
    /** As they were checked. */
    readonly details: PersonDetails
    readonly locale: Locale
    readonly at: Instant
  },
): ResultAsync<Decision<SignedIn>, CryptoUnavailable> => {
  const { arrival, person, details, locale, at } = newcomer
  const { identity, keys, email, providerId, device } = arrival
  const accountId = ports.ids.next('account')
  const activateBy = at + ports.accountsPolicy.activationMs
  return ports.sealer.createKey(accountId).andThen((key) =>
    sealEmail(ports, key, accountId, email).andThen((identifiers) =>
      sealTold(ports.sealer, key, accountId, { name: person.name, details }).andThen((told) =>
        sealLink(ports, key, { accountId, providerId, identity, keys, at }).andThen((link) =>
          newSession(ports, { accountId, epoch: 0, passwordSetAt: at, device, now: at }).map(
            ({ answer, changes }): Decision<SignedIn> => ({
              answer,
              changes: [
                openAccount({ type: 'AccountRegistered', accountId, identifiers, ...told, activateBy, at }, [
                  { type: 'AccountActivated', at },
                ]),
                put(subjectKeys, { id: accountId, version: 0, state: key }),
                put(messagePreferences, {
                  id: accountId,
                  version: 0,
                  state: { accountId, locale, marketing: [], changedAt: at },
                }),
                ...guardianConsents(ports, accountId, person.guardian, at),
                putLinks(undefined, { accountId, links: [link] }, { type: 'IdentityLinked', accountId, providerId }),
                ...claimIdentities(keys, accountId),
                ...(email === undefined ? [] : [claim({ space: identifierSpace, key: email.key, owner: accountId })]),
                ...noteDevice(accountId, device, undefined, at),
                countOne(providerTally(monthOf(at))),
                ...changes,
              ],
            }),
          ),
        ),
      ),
    ),
  )
}

const sealEmail = (
  ports: AccountsPorts,
  key: SubjectKey,
  accountId: string,
  email: Identity | undefined,
): ResultAsync<{ readonly email?: BoundIdentifier }, CryptoUnavailable> =>
  email === undefined
    ? okAsync({})
    : sealIdentifier(ports.sealer, key, accountId, email).map((bound) => ({ email: bound }))
