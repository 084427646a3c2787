import { err, ok, okAsync, type Result, ResultAsync } from 'neverthrow'
import type { CryptoUnavailable, KeyedDigest } from '../shared/ports.js'
import type { CommandContext } from '../shared/run-command.js'
import { canonicalIdentifier, type IdentifierKind, type IdentifierMalformed } from './identifier.js'
import { networkOf } from './network.js'
import type { PhoneNumbers } from './phone-number.js'

/** The claim space of identifiers; the owner of a claim is the account that proved the identifier. */
export const identifierSpace = 'identifier'

/** An identifier as accounts are found by it. */
export type Identity = {
  readonly kind: IdentifierKind
  /** Canonical. */
  readonly value: string
  /** Its keyed digest. */
  readonly key: string
}

/** From where somebody comes, as far as the host says; keyed digests, so that no address of a network is kept. */
export type OriginKeys = { readonly device?: string; readonly network?: string }

/** Who is meant, and from where it is asked. */
export type Visit = {
  /** A text that is no identifier is told by the command itself. */
  readonly identity: Result<Identity, IdentifierMalformed>
  readonly origin: OriginKeys
}

/** The keys of what was found to be an identifier; none where it was none. */
export const keysOf = ({ identity }: Pick<Visit, 'identity'>): readonly string[] =>
  identity.match(
    ({ key }) => [key],
    () => [],
  )

/**
 * Finds out which account is meant and from where it is asked, before anything is read.
 *
 * @errors CryptoUnavailable
 */
export const identify = (
  ports: { readonly digests: KeyedDigest; readonly phones: PhoneNumbers },
  { origin }: Pick<CommandContext, 'origin'>,
  meant: { readonly kind: IdentifierKind; readonly typed: string },
): ResultAsync<Visit, CryptoUnavailable> =>
  digestOrigin(ports.digests, origin).andThen((originKeys) =>
    canonicalIdentifier(ports.phones, meant.kind, meant.typed).match(
      (value) =>
        ports.digests.digest('identifier', `${meant.kind}:${value}`).map(
          (key): Visit => ({
            identity: ok({ kind: meant.kind, value, key }),
            origin: originKeys,
          }),
        ),
      (error) => okAsync({ identity: err(error), origin: originKeys }),
    ),
  )

/**
 * The digests of where a command comes from.
 *
 * @errors CryptoUnavailable
 */
export const digestOrigin = (
  digests: KeyedDigest,
  origin: CommandContext['origin'],
): ResultAsync<OriginKeys, CryptoUnavailable> => {
  const network = origin?.address === undefined ? undefined : networkOf(origin.address)
  const digest = (purpose: string, text: string | undefined) =>
    text === undefined ? okAsync<string | undefined, CryptoUnavailable>(undefined) : digests.digest(purpose, text)
  return ResultAsync.combine([digest('device', origin?.device), digest('network', network)]).map(
    ([device, networkKey]): OriginKeys => ({
      ...(device === undefined ? {} : { device }),
      ...(networkKey === undefined ? {} : { network: networkKey }),
    }),
  )
}
