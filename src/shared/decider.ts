import type { Result } from 'neverthrow'

/**
 * A state machine as three pure parts: a state before anything happened, what a command comes to in a state, and the
 * state after an event.
 */
export type Decider<State, Command, Event, Failure> = {
  /** The state before the first event. */
  readonly initial: State
  /** Says what happens, or why nothing may; no events means that there is nothing left to do. */
  readonly decide: (state: State, command: Command) => Result<readonly Event[], Failure>
  /** Says the state after an event; never refuses, for what happened has happened. */
  readonly evolve: (state: State, event: Event) => State
}

/** A row of a transition table. */
export type Transition<Status extends string, CommandType extends string, EventType extends string> = {
  /** The statuses that it leaves. */
  readonly from: Status | readonly Status[]
  readonly command: CommandType
  /**
   * The types of the events that follow, in order; one that repeats in a row stands once. None means that the command is
   * accepted and changes nothing, as when it is sent twice.
   */
  readonly events: EventType | readonly EventType[]
  readonly to: Status
  /** When this row applies and another for the same command does not: `all units shipped`. */
  readonly guard?: string
}

/**
 * Which command is legal in which status, what then happens and where it leads. `decide` asks it first, the docs draw
 * it, and the tests walk it.
 */
export type TransitionTable<
  Status extends string,
  CommandType extends string,
  EventType extends string,
> = readonly Transition<Status, CommandType, EventType>[]

/** Whether a table has a row for a command in a status; its guard is the machine's to judge. */
export const allowsCommand = <Status extends string, CommandType extends string>(
  table: TransitionTable<Status, CommandType, string>,
  { status, command }: { readonly status: NoInfer<Status>; readonly command: NoInfer<CommandType> },
): boolean => table.some((row) => row.command === command && leaves(row, status))

/** The commands that a table has a row for in a status, each once, in the order of the table. */
export const allowedCommands = <Status extends string, CommandType extends string>(
  table: TransitionTable<Status, CommandType, string>,
  status: NoInfer<Status>,
): readonly CommandType[] => [...new Set(table.filter((row) => leaves(row, status)).map((row) => row.command))]

/**
 * Replays events.
 *
 * @param from - the state before them; the initial one when left out
 */
export const foldEvents = <State, Event>(
  decider: Pick<Decider<State, never, Event, unknown>, 'initial' | 'evolve'>,
  events: readonly Event[],
  from: State = decider.initial,
): State => events.reduce(decider.evolve, from)

/** A decision and the state it leads to: what one commit writes. */
export type Decided<State, Event> = { readonly state: State; readonly events: readonly Event[] }

/**
 * Decides a command and evolves the state by its events.
 *
 * @errors those of the machine
 */
export const decideNext = <State, Command, Event, Failure>(
  decider: Decider<State, Command, Event, Failure>,
  state: State,
  command: Command,
): Result<Decided<State, Event>, Failure> =>
  decider.decide(state, command).map((events) => ({ state: foldEvents(decider, events, state), events }))

const leaves = <Status extends string>(row: Transition<Status, string, string>, status: Status): boolean =>
  typeof row.from === 'string' ? row.from === status : row.from.includes(status)
