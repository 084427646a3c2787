import fc from 'fast-check'
import type { MachineUnderTest, Tagged, WithStatus } from './machine-under-test.js'
import { type Observation, observe } from './observe.js'
import { listTransitions } from './transitions.js'

/** A walk as chance deals it: some commands of every type, and which to send at each step. */
export type Walk<Command> = {
  readonly pool: Readonly<Record<string, readonly Command[]>>
  readonly steps: readonly { readonly type: number; readonly which: number; readonly stray: boolean }[]
}

/** Deals walks; three steps in four keep to the table, so that the far states are reached, the fourth sends anything. */
export const walkArbitrary = <State extends WithStatus, Command extends Tagged, Event extends Tagged, Failure>(
  machine: MachineUnderTest<State, Command, Event, Failure>,
): fc.Arbitrary<Walk<Command>> => {
  const arbitraries: [string, fc.Arbitrary<Command>][] = Object.entries(machine.arbitraries)
  return fc.record({
    pool: fc.record(
      Object.fromEntries(arbitraries.map(([type, each]) => [type, fc.array(each, { minLength: 1, maxLength: 4 })])),
    ),
    steps: fc.array(
      fc.record({ type: fc.nat(), which: fc.nat(), stray: fc.nat({ max: 3 }).map((number) => number === 3) }),
      { maxLength: machine.limits?.walkLength ?? 40, size: 'max' },
    ),
  })
}

/** Sends the commands of a walk, one after the other. */
export const runWalk = <State extends WithStatus, Command extends Tagged, Event extends Tagged, Failure>(
  machine: MachineUnderTest<State, Command, Event, Failure>,
  { pool, steps }: Walk<Command>,
): readonly Observation<State, Command, Event>[] => {
  const all = Object.keys(pool)
  const arrows = listTransitions(machine.table)
  const observations: Observation<State, Command, Event>[] = []
  let state = machine.decider.initial
  for (const { type, which, stray } of steps) {
    const { status } = state
    const legal = stray ? [] : arrows.filter((arrow) => arrow.from === status).map((arrow) => arrow.command)
    const choices = legal.length > 0 ? legal : all
    const commands = pool[choices[type % choices.length] ?? ''] ?? []
    const command = commands[which % commands.length]
    if (command === undefined) continue
    const observation = observe(machine.decider, state, command)
    observations.push(observation)
    state = observation.to
  }
  return observations
}
