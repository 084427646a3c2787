import { err, ok, okAsync, type Result, type ResultAsync } from 'neverthrow'
import { digestOrigin, type OriginKeys } from '../shared/origin.js'
import type { CryptoUnavailable, KeyedDigest } from '../shared/ports.js'
import type { CommandContext } from '../shared/run-command.js'
import { numberFacts } from './calling-code.js'
import { canonicalIdentifier, type IdentifierKind, type IdentifierMalformed } from './identifier.js'
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
  /** Of a number: the calling code of its country (`86`). */
  readonly callingCode?: string
}

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
            identity: ok({ kind: meant.kind, value, key, ...numberFacts(meant.kind, value) }),
            origin: originKeys,
          }),
        ),
      (error) => okAsync({ identity: err(error), origin: originKeys }),
    ),
  )
