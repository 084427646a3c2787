import { errAsync, okAsync, type ResultAsync } from 'neverthrow'
import type { PasswordHasher } from 'shopwright'
import { type Argon2HasherOptions, createArgon2Hasher } from '../argon2/index.js'
import { createScryptHasher, type ScryptHasherOptions } from '../scrypt/index.js'

/** How each way works, where it is not as it comes. */
export type BestHasherOptions = { readonly argon2?: Argon2HasherOptions; readonly scrypt?: ScryptHasherOptions }

/**
 * Hashes passwords in the best way there is here: argon2id by `@node-rs/argon2`, else by `node:crypto` (Node 24.7), else
 * scrypt. It takes what either way has hashed, and asks for a new hash of what was hashed in a lesser way, so that a shop
 * may install or update one at any time.
 */
export const createBestHasher = (options: BestHasherOptions = {}): ResultAsync<PasswordHasher, never> => {
  const scrypt = createScryptHasher(options.scrypt)
  return createArgon2Hasher(options.argon2)
    .map((argon2) => ({ ...argon2, verify: verifyWith(scrypt, argon2) }))
    .orElse(() => okAsync({ ...scrypt, verify: verifyWith(scrypt, undefined) }))
}

const verifyWith =
  (scrypt: PasswordHasher, argon2: PasswordHasher | undefined): PasswordHasher['verify'] =>
  (phc, password) => {
    if (phc.startsWith('$scrypt$')) return scrypt.verify(phc, password)
    if (argon2 !== undefined) return argon2.verify(phc, password)
    // It was there when this was hashed. "Wrong" would send people to reset a password that they know.
    if (phc.startsWith('$argon2')) return errAsync({ type: 'HasherUnavailable', detail: 'argon2 is not here any more' })
    return scrypt.verifyNothing(password)
  }
