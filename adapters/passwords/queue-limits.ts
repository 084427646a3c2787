import { availableParallelism } from 'node:os'
import type { HasherLimits } from 'shopwright'

/** The queue before a hasher. */
export type QueueOptions = {
  /** Hashes at the same time; the machine's cores when absent. */
  readonly atOnce?: number
  /** Hashes that may wait before the answer is `Busy`; 64 when absent. */
  readonly waiting?: number
}

/** The bounds of a queue, where nothing else is asked for. */
export const queueLimits = ({ atOnce = availableParallelism(), waiting = 64 }: QueueOptions): HasherLimits => ({
  atOnce,
  waiting,
})
