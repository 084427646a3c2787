import { availableParallelism } from 'node:os'
import type { HasherLimits } from 'shopwright'

/** The queue before a hasher. */
export type QueueOptions = {
  /** Hashes at the same time; the machine's cores when absent. */
  readonly atOnce?: number
  /** Hashes that may wait before the answer is `Busy`; when absent 64 of argon2 and 32 of scrypt. */
  readonly waiting?: number
}

/** The bounds of a queue, with those of its function where nothing else is asked for. */
export const queueLimits = (
  { atOnce = availableParallelism(), waiting }: QueueOptions,
  usual: 64 | 32,
): HasherLimits => ({ atOnce, waiting: waiting ?? usual })
