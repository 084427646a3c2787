import { performance } from 'node:perf_hooks'
import { median } from './bench.js'

/** Microseconds of processor time since the process began; whoever else uses the machine adds little to it. */
const processorTime = (): number => {
  const { user, system } = process.cpuUsage()
  return user + system
}

/** How many calls take at least so long; warms the code up on the way. */
const callsIn = (call: () => unknown, atLeastMs: number): number => {
  for (let calls = 1; ; calls *= 2) {
    const start = performance.now()
    for (let done = 0; done < calls; done += 1) call()
    if (performance.now() - start >= atLeastMs) return calls
  }
}

/** A call's time, and how long the other takes in terms of it; both medians over rounds in turn. */
export type Comparison = {
  /** Microseconds of processor time of one call. */
  readonly mine: number
  readonly theirs: number
  /** Their time over mine. */
  readonly ratio: number
}

/** Times two calls in turn, so that both meet the same machine. */
export const compareTimes = (mine: () => unknown, theirs: () => unknown, rounds = 9): Comparison => {
  const sides = [mine, theirs].map((call) => ({
    call,
    calls: callsIn(call, 150),
    times: [] as number[],
    // What was made last is kept: with the last object of a shape, code made for that shape is thrown away.
    kept: [call()],
  }))
  for (let round = 0; round < rounds; round += 1) {
    for (const { call, calls, times, kept } of sides) {
      for (let warming = 0; warming < calls / 4; warming += 1) call()
      const start = processorTime()
      for (let done = 0; done < calls; done += 1) call()
      times.push((processorTime() - start) / calls)
      kept[0] = call()
    }
  }
  const [ours = [], other = []] = sides.map(({ times }) => times)
  const ratios = ours.map((time, round) => (other[round] ?? Number.NaN) / time)
  return { mine: median(ours), theirs: median(other), ratio: median(ratios) }
}

/** Microseconds of processor time that a call takes: the median over rounds. */
export const timeOf = (call: () => unknown, rounds = 9): number => {
  const calls = callsIn(call, 50)
  return median(
    Array.from({ length: rounds }, () => {
      const start = processorTime()
      for (let done = 0; done < calls; done += 1) call()
      return (processorTime() - start) / calls
    }),
  )
}

/** Microseconds of one call by the clock on the wall, waits for other processes included. */
export const wallTimeOf = (call: () => unknown): number => {
  const start = performance.now()
  call()
  return (performance.now() - start) * 1000
}

/**
 * KiB that a call leaves to be collected: how much the heap grows over a few calls, from empty and with no room to fill
 * up. A round that a collection falls into reads low, so the median over rounds is told.
 */
export const garbageOf = (call: () => unknown, calls = 20, rounds = 41): number => {
  return median(
    Array.from({ length: rounds }, () => {
      globalThis.gc?.()
      const before = process.memoryUsage().heapUsed
      for (let done = 0; done < calls; done += 1) call()
      return (process.memoryUsage().heapUsed - before) / calls / 1024
    }),
  )
}
