import { err, ok, okAsync, type Result, type ResultAsync } from 'neverthrow'
import type { InvalidInput } from '../shared/errors.js'
import type { CryptoUnavailable, KeyedDigest } from '../shared/ports.js'
import { canonicalEmail, type EmailMalformed } from './identifier.js'

/** The claim space of addresses; the owner of a claim is the account that proved the address. */
export const identifierSpace = 'identifier'

/** An address as accounts are found by it. */
export type Identity = {
  /** Canonical. */
  readonly email: string
  /** Its keyed digest. */
  readonly key: string
}

/**
 * Finds out which address is meant, before anything is read; an address that is none is told by the command itself.
 *
 * @errors CryptoUnavailable
 */
export const identify = (
  digests: KeyedDigest,
  input: Result<{ readonly email: string }, InvalidInput>,
): ResultAsync<Result<Identity, EmailMalformed>, CryptoUnavailable> => {
  // Input of a wrong shape is refused at the command's door and never comes as far as its address.
  const email = input.match(
    (typed) => canonicalEmail(typed.email),
    (): Result<string, EmailMalformed> => err({ type: 'EmailMalformed', reason: 'notOneAddress' }),
  )
  return email.match(
    (found) =>
      digests
        .digest('identifier', `email:${found}`)
        .map((key): Result<Identity, EmailMalformed> => ok({ email: found, key })),
    (error) => okAsync(err(error)),
  )
}
