import type { Tagged, WithStatus } from './machine-under-test.js'
import type { Observation } from './observe.js'

/** A transition table of any machine. */
export type AnyTable = readonly {
  readonly from: string | readonly string[]
  readonly command: string
  readonly events: string | readonly string[]
  readonly to: string
  readonly guard?: string
}[]

/** One arrow: a row has one for each status that it leaves. */
export type Arrow = {
  readonly from: string
  readonly command: string
  readonly events: readonly string[]
  readonly to: string
  readonly guard?: string
}

/** The arrows of a table, in its order. */
export const listTransitions = (table: AnyTable): readonly Arrow[] =>
  table.flatMap((row) => asList(row.from).map((from) => ({ ...row, from, events: asList(row.events) })))

/** The arrow that a machine went, events that repeat in a row told once. */
export const transitionOf = (step: Observation<WithStatus, Tagged, Tagged>): Arrow => {
  const types = step.events.map((event) => event.type)
  return {
    from: step.from.status,
    command: step.command.type,
    events: types.filter((type, index) => type !== types[index - 1]),
    to: step.to.status,
  }
}

const namesByTable = new WeakMap<AnyTable, ReadonlySet<string>>()

const namesOf = (table: AnyTable): ReadonlySet<string> => {
  const known = namesByTable.get(table)
  if (known !== undefined) return known
  const names = new Set(listTransitions(table).map(nameTransition))
  namesByTable.set(table, names)
  return names
}

/** Whether a table has the arrow, under whatever guard. */
export const allows = (table: AnyTable, arrow: Arrow): boolean => namesOf(table).has(nameTransition(arrow))

export const nameTransition = ({ from, command, events, to }: Arrow): string =>
  `${from} + ${command} -> ${events.length === 0 ? 'nothing' : events.join(', ')} -> ${to}`

const asList = (value: string | readonly string[]): readonly string[] => (typeof value === 'string' ? [value] : value)
