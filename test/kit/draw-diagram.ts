import { fileURLToPath } from 'node:url'
import type { MachineUnderTest, Tagged, WithStatus } from './machine-under-test.js'
import { type AnyTable, type Arrow, listTransitions } from './transitions.js'
import type { ModelWalk } from './walk-model.js'

/** Where the pages of the machines are kept. */
export const diagramFolder = fileURLToPath(new URL('../../docs/diagrams', import.meta.url))

/** Draws a table as a Mermaid state diagram. */
export const drawDiagram = (
  table: AnyTable,
  { initial, finals }: { readonly initial: string; readonly finals: readonly string[] },
): string => {
  const arrows = listTransitions(table)
  const statuses = [...new Set([initial, ...arrows.flatMap(({ from, to }) => [from, to]), ...finals])]
  return [
    'stateDiagram-v2',
    ...statuses
      .filter((status) => nodeOf(status) !== status)
      .map((status) => `  state "${status}" as ${nodeOf(status)}`),
    `  [*] --> ${nodeOf(initial)}`,
    ...arrows.map((arrow) => `  ${nodeOf(arrow.from)} --> ${nodeOf(arrow.to)}: ${labelOf(arrow)}`),
    ...finals.map((status) => `  ${nodeOf(status)} --> [*]`),
  ].join('\n')
}

/** The page of a machine: its diagram, its table, and how large its small model is. */
export const drawMachinePage = <State extends WithStatus, Command extends Tagged, Event extends Tagged, Failure>(
  machine: MachineUnderTest<State, Command, Event, Failure>,
  model: ModelWalk<State, Command, Event>,
  parts: ReadonlyMap<string, ModelWalk<State, Command, Event>> = new Map(),
): string => {
  const finals = Object.entries(machine.statuses).flatMap(([status, kind]) => (kind !== 'open' ? [status] : []))
  const initial = machine.decider.initial.status
  const rows = listTransitions(machine.table).map(({ from, command, guard = '', events, to }) => [
    from,
    command,
    guard,
    events.join(', '),
    to,
  ])
  const extent = model.closed ? 'to its end' : `${model.longestPath} commands deep, where it is cut off`
  const reach = model.closed ? `at most ${model.longestPath} commands from the beginning` : 'and longer ways at random'
  return [
    `# ${machine.name}`,
    '',
    'Drawn from the transition table by its tests; edit the table, not this page.',
    '',
    '```mermaid',
    drawDiagram(machine.table, { initial, finals }),
    '```',
    '',
    ...drawTable(['from', 'command', 'when', 'events', 'to'], rows),
    '',
    `The tests walk a small model of it ${extent}: ${model.states.size} states, ${model.transitionCount} transitions, ` +
      `${reach}.`,
    '',
    ...drawParts(machine.parts ?? {}, parts, Object.keys(machine.model)),
  ].join('\n')
}

const drawParts = (
  commands: Readonly<Record<string, readonly (string | Tagged)[]>>,
  parts: ReadonlyMap<
    string,
    { readonly states: { readonly size: number }; readonly transitionCount: number; readonly longestPath: number }
  >,
  all: readonly string[],
): readonly string[] => {
  if (parts.size === 0) return []
  const rows = [...parts].map(([name, { states, transitionCount, longestPath }]) => [
    name,
    nameTypes([...new Set((commands[name] ?? []).map((each) => (typeof each === 'string' ? each : each.type)))], all),
    ...[states.size, transitionCount, longestPath].map(String),
  ])
  return [
    'Parts of it are walked to their end:',
    '',
    ...drawTable(['part', 'commands', 'states', 'transitions', 'longest way'], rows),
    '',
  ]
}

// Of a part that nearly all is asked of, what is not.
const nameTypes = (types: readonly string[], all: readonly string[]): string => {
  const others = all.filter((type) => !types.includes(type))
  if (others.length >= types.length) return types.join(', ')
  return others.length === 0 ? 'all' : `all but ${others.join(', ')}`
}

// Mermaid takes a dash for part of an arrow.
const nodeOf = (status: string): string => status.replace(/\W/g, '_')

const labelOf = ({ command, guard, events }: Arrow): string =>
  // A colon, a semicolon or a number sign would end the label.
  [
    command,
    ...(guard === undefined ? [] : [`[${guard.replace(/[:;#]/g, ',')}]`]),
    '/',
    events.join(', ') || 'nothing',
  ].join(' ')

// Columns are padded as Biome pads them, so that formatting the page leaves it as it is.
const drawTable = (head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] => {
  const widths = head.map((title, column) =>
    Math.max(3, ...[head, ...rows].map((row) => row[column]?.length ?? title.length)),
  )
  const drawRow = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`
  return [drawRow(head), drawRow(widths.map((width) => '-'.repeat(width))), ...rows.map(drawRow)]
}
