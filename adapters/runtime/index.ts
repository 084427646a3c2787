import type { Clock } from 'shopwright'

export { createKeyedDigest, leastKeyBytes } from './keyed-digest.js'
export { createSealer, type SealerOptions, type WrappingKey } from './sealer.js'

/** The clock of the machine. */
export const systemClock: Clock = { now: () => Date.now() }
