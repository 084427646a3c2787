import { errAsync, okAsync, type ResultAsync } from 'neverthrow'
import { limitHasher, type PasswordHasher } from 'shopwright'
import { type Argon2Work, argon2Unqueued } from '../argon2/argon2-hasher.js'
import { type QueueOptions, queueLimits } from '../queue-limits.js'
import { type ScryptWork, scryptUnqueued } from '../scrypt/scrypt-hasher.js'

/** How each way works, where it is not as it comes, and the one queue before both. */
export type BestHasherOptions = QueueOptions & { readonly argon2?: Argon2Work; readonly scrypt?: ScryptWork }

/**
 * Hashes passwords in the best way there is here: argon2id by `@node-rs/argon2`, else by `node:crypto` (Node 24.7), else
 * scrypt. It takes what either way has hashed, and asks for a new hash of what was hashed in a lesser way, so that a shop
 * may install or update one at any time. Whichever way it goes, it waits in one queue, where its place is known.
 */
export const createBestHasher = (options: BestHasherOptions = {}): ResultAsync<PasswordHasher, never> => {
  const scrypt = scryptUnqueued(options.scrypt ?? {})
  return argon2Unqueued(options.argon2 ?? {})
    .map((argon2) => limitHasher({ ...argon2, verify: verifyWith(scrypt, argon2) }, queueLimits(options, 64)))
    .orElse(() => okAsync(limitHasher({ ...scrypt, verify: verifyWith(scrypt, undefined) }, queueLimits(options, 32))))
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
