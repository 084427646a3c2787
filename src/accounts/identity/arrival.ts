import { okAsync, ResultAsync } from 'neverthrow'
import { digestOrigin, type Origin } from '../../shared/origin.js'
import type { CryptoUnavailable } from '../../shared/ports.js'
import { claims, rows } from '../../shared/read-plan.js'
import { accounts, credentials } from '../accounts.schema.js'
import { canonicalEmail } from '../email-address.js'
import { type Identity, identifierSpace } from '../identify.js'
import { deviceGuardsOf } from '../known-device.js'
import { passkeys } from '../passkey/passkey.schema.js'
import type { AccountsPorts } from '../ports.js'
import { secondFactors } from '../second-factor/second-factor.schema.js'
import { identityKeys, identitySpace } from './identity-keys.js'
import type { VerifiedIdentity } from './identity-provider.js'
import type { Proven } from './kept-identity.schema.js'
import { linkedIdentities } from './linked-identity.schema.js'

/** Whom a provider vouches for, as accounts are found by it, and at which device. */
export type Arrival = Proven & {
  readonly keys: readonly [string, ...string[]]
  /** The address that the provider has proved. */
  readonly email: Identity | undefined
  readonly device: string | undefined
}

/**
 * Finds out by what an account may be found, before anything is read.
 *
 * @errors CryptoUnavailable
 */
export const arrivalOf = (
  ports: AccountsPorts,
  origin: Origin | undefined,
  proven: Proven,
): ResultAsync<Arrival, CryptoUnavailable> =>
  ResultAsync.combine([
    identityKeys(ports.digests, proven.identity),
    provenEmail(ports, proven.identity),
    digestOrigin(ports.digests, origin),
  ]).map(([keys, email, { device }]) => ({ ...proven, keys, email, device }))

/** What is asked of the storage about who came. */
export const arrivalPlan = ({
  keys,
  email,
  device,
}: Pick<Arrival, 'email' | 'device'> & { readonly keys: readonly string[] }) => ({
  owners: claims(identitySpace, keys),
  emailOwner: claims(identifierSpace, email === undefined ? [] : [email.key]),
  account: rows(accounts, { from: 'owners', path: '' }),
  credential: rows(credentials, { from: 'owners', path: '' }),
  factor: rows(secondFactors, { from: 'owners', path: '' }),
  links: rows(linkedIdentities, { from: 'owners', path: '' }),
  kept: rows(passkeys, { from: 'owners', path: '' }),
  deviceGuards: deviceGuardsOf({ from: 'owners', path: '' }, device),
})

/** The address that the provider says it has proved; one that is not proved, or is none, is as if not told. */
const provenEmail = (
  ports: AccountsPorts,
  { email }: VerifiedIdentity,
): ResultAsync<Identity | undefined, CryptoUnavailable> => {
  const value = email?.verified === true ? canonicalEmail(email.address).unwrapOr('') : ''
  return value === ''
    ? okAsync(undefined)
    : ports.digests.digest('identifier', `email:${value}`).map((key) => ({ kind: 'email', value, key }))
}
