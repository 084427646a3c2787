import { performance } from 'node:perf_hooks'

/** How fast orders were placed in one round. */
export type Pace = {
  readonly perSecond: number
  /** Processor time of this process for each order, microseconds; null where another process did the work. */
  readonly clientMicroseconds: number | null
}

/**
 * Does one thing after another on each of several clients until the time is up, or until nothing is left to do. Rejects
 * with the first fault.
 */
export const measurePace = async (
  clients: number,
  seconds: number,
  doOne: (client: number) => Promise<void>,
  isMore: () => boolean = () => true,
): Promise<Pace> => {
  let done = 0
  let failed = false
  const processorBefore = process.cpuUsage()
  const begin = performance.now()
  const end = begin + seconds * 1_000
  const work = async (client: number): Promise<void> => {
    try {
      while (performance.now() < end && !failed && isMore()) {
        await doOne(client)
        done += 1
      }
    } catch (error) {
      // The others stop as well, so that nothing is under way when the caller closes the connections.
      failed = true
      throw error
    }
  }
  const ended = await Promise.allSettled(Array.from({ length: clients }, (_, client) => work(client)))
  for (const outcome of ended) if (outcome.status === 'rejected') throw outcome.reason
  const elapsedSeconds = (performance.now() - begin) / 1_000
  const { user, system } = process.cpuUsage(processorBefore)
  return { perSecond: done / elapsedSeconds, clientMicroseconds: (user + system) / Math.max(done, 1) }
}
