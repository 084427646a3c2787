import type { Result } from 'neverthrow'
import type { Decider } from '../../src/shared/decider.js'
import type { Tagged, WithStatus } from './machine-under-test.js'

/** What a machine did with one command in one state. */
export type Observation<State, Command, Event> = {
  readonly from: State
  readonly command: Command
  /** `refused` has no events and stays; `threw` is never right. */
  readonly outcome: 'accepted' | 'refused' | 'threw'
  readonly events: readonly Event[]
  readonly to: State
  /** The thrown error's message. */
  readonly thrown?: string
}

/** Sends one command; everything handed to the machine is frozen, so that it throws when it writes to it. */
export const observe = <State extends WithStatus, Command extends Tagged, Event extends Tagged, Failure>(
  decider: Decider<State, Command, Event, Failure>,
  from: State,
  command: Command,
): Observation<State, Command, Event> => {
  try {
    const decision: Result<readonly Event[], Failure> = decider.decide(freezeDeep(from), freezeDeep(command))
    if (decision.isErr()) return { from, command, outcome: 'refused', events: [], to: from }
    const events = freezeDeep(decision.value)
    const to = events.reduce((state, event) => freezeDeep(decider.evolve(state, event)), from)
    return { from, command, outcome: 'accepted', events, to }
  } catch (error) {
    return { from, command, outcome: 'threw', events: [], to: from, thrown: String(error) }
  }
}

// What a machine was handed is frozen and looked at by every law: its text is made once.
const keys = new WeakMap<object, string>()

const writeKey = (value: unknown): string => {
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null'
  if (Array.isArray(value)) return `[${value.map(keyOf).join()}]`
  const members = Object.entries(value).filter(([, member]) => member !== undefined)
  return `{${members.sort(([left], [right]) => (left < right ? -1 : 1)).map(([name, member]) => `${JSON.stringify(name)}:${keyOf(member)}`)}}`
}

/** Equal values give equal text, whatever the order of their members. */
export const keyOf = (value: unknown): string => {
  if (value === null || typeof value !== 'object' || !Object.isFrozen(value)) return writeKey(value)
  const known = keys.get(value)
  if (known !== undefined) return known
  const key = writeKey(value)
  keys.set(value, key)
  return key
}

const freezeDeep = <Value>(value: Value): Value => {
  if (value === null || typeof value !== 'object' || Object.isFrozen(value)) return value
  Object.freeze(value)
  for (const member of Object.values(value)) freezeDeep(member)
  return value
}
