import type { MachineUnderTest, Tagged, WithStatus } from './machine-under-test.js'
import { keyOf, type Observation, observe } from './observe.js'

/** A state of the model, how it was first reached, and what every command of the list came to in it. */
type ModelState<State, Command, Event> = {
  readonly state: State
  /** The fewest commands that lead here. */
  readonly path: readonly Command[]
  /** One observation a command; empty at the edge of a model that was cut off. */
  readonly tried: readonly Observation<State, Command, Event>[]
  /** Another state that was taken for this one; absent where none was met. */
  readonly twin?: State
}

/** The whole graph of a small model. */
export type ModelWalk<State, Command, Event> = {
  readonly states: ReadonlyMap<string, ModelState<State, Command, Event>>
  /** Accepted commands with events, over all states. */
  readonly transitionCount: number
  /** The most commands it takes to reach a state by the shortest way. */
  readonly longestPath: number
  /** Whether every state was tried with every command. */
  readonly closed: boolean
  /** Whether it was cut off for having too many states. */
  readonly tooLarge: boolean
}

// Every state is met on many ways, and again by the laws: what tells it from others is worked out once.
const keysOf = new WeakMap<object, WeakMap<object, string>>()

/** By what a walk takes two states for one. */
export const stateKey = <State extends object>(machine: {
  readonly alike?: (state: State) => unknown
}): ((state: State) => string) => {
  const known = keysOf.get(machine) ?? new WeakMap<object, string>()
  keysOf.set(machine, known)
  return (state) => {
    const found = known.get(state)
    if (found !== undefined) return found
    const key = keyOf(machine.alike === undefined ? state : machine.alike(state))
    known.set(state, key)
    return key
  }
}

/** Walks each part of a machine that it names, to its end. */
export const walkParts = <State extends WithStatus, Command extends Tagged, Event extends Tagged, Failure>(
  machine: MachineUnderTest<State, Command, Event, Failure>,
): ReadonlyMap<string, ModelWalk<State, Command, Event>> =>
  new Map(
    Object.entries(machine.parts ?? {}).map(([name, part]) => [name, walkModel({ ...machine, limits: {} }, part)]),
  )

// Whether a state is another than the one it is taken for is looked at so often: what it holds is written out for that.
const mostLooks = 5_000

/**
 * Walks every state that the listed commands can reach, breadth first.
 *
 * @param part - of which commands; of all when absent
 */
export const walkModel = <State extends WithStatus, Command extends Tagged, Event extends Tagged, Failure>(
  machine: MachineUnderTest<State, Command, Event, Failure>,
  part?: readonly (Command['type'] | Command)[],
): ModelWalk<State, Command, Event> => {
  const { maxDepth = Number.POSITIVE_INFINITY, maxStates = 20_000 } = machine.limits ?? {}
  const listed: readonly Command[] = Object.values<readonly Command[]>(machine.model).flat()
  const commands =
    part === undefined
      ? listed
      : part.flatMap((each) => (typeof each === 'string' ? listed.filter(({ type }) => type === each) : [each]))
  const key = stateKey(machine)
  const states = new Map<string, ModelState<State, Command, Event>>()
  const initial = machine.decider.initial
  const seen = new Map([[key(initial), initial]])
  const twins = new Map<string, State>()
  let looks = machine.alike === undefined ? 0 : mostLooks
  let layer: { state: State; path: readonly Command[] }[] = [{ state: initial, path: [] }]
  let transitionCount = 0
  let longestPath = 0
  for (let depth = 0; layer.length > 0; depth += 1) {
    longestPath = depth
    const next: typeof layer = []
    const cut = depth >= maxDepth || seen.size > maxStates
    for (const { state, path } of layer) {
      const tried = cut ? [] : commands.map((command) => observe(machine.decider, state, command))
      states.set(key(state), { state, path, tried })
      for (const { command, events, to } of tried) {
        if (events.length > 0) transitionCount += 1
        if (to === state) continue
        const reached = key(to)
        const known = seen.get(reached)
        if (known !== undefined) {
          if (looks > 0 && known !== to && !twins.has(reached)) {
            looks -= 1
            if (keyOf(known) !== keyOf(to)) twins.set(reached, to)
          }
          continue
        }
        seen.set(reached, to)
        next.push({ state: to, path: [...path, command] })
      }
    }
    layer = next
  }
  for (const [name, twin] of twins) {
    const taken = states.get(name)
    if (taken !== undefined) states.set(name, { ...taken, twin })
  }
  const closed = [...states.values()].every(({ tried }) => tried.length === commands.length)
  return { states, transitionCount, longestPath, closed, tooLarge: seen.size > maxStates }
}
