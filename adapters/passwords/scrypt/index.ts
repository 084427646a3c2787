import { limitHasher, type PasswordHasher } from 'shopwright'
import { type QueueOptions, queueLimits } from '../queue-limits.js'
import { type ScryptWork, scryptUnqueued } from './scrypt-hasher.js'

export type { QueueOptions } from '../queue-limits.js'
export { type ScryptParameters, type ScryptWork, scryptParameters } from './scrypt-hasher.js'

/** How a scrypt hasher works. */
export type ScryptHasherOptions = ScryptWork & QueueOptions

/**
 * Hashes passwords with scrypt of `node:crypto`, in PHC strings. It needs nothing installed.
 */
export const createScryptHasher = (options: ScryptHasherOptions = {}): PasswordHasher =>
  limitHasher(scryptUnqueued(options), queueLimits(options, 32))
