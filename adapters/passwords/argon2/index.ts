import type { ResultAsync } from 'neverthrow'
import { limitHasher, type PasswordHasher } from 'shopwright'
import { type QueueOptions, queueLimits } from '../queue-limits.js'
import { type Argon2Work, argon2Unqueued, type PackageMissing } from './argon2-hasher.js'

export type { QueueOptions } from '../queue-limits.js'
export { type Argon2Work, argon2Parameters, type PackageMissing } from './argon2-hasher.js'
export type { Argon2Package, Argon2Parameters } from './argon2-package.js'

/** How an argon2 hasher works. */
export type Argon2HasherOptions = Argon2Work & QueueOptions

/**
 * Hashes passwords with argon2id: of `@node-rs/argon2`, an optional peer, else of `node:crypto`, which has it since Node
 * 24.7. Both take what the other has hashed.
 *
 * @errors PackageMissing, which says what to install
 */
export const createArgon2Hasher = (options: Argon2HasherOptions = {}): ResultAsync<PasswordHasher, PackageMissing> =>
  argon2Unqueued(options).map((hasher) => limitHasher(hasher, queueLimits(options, 64)))
