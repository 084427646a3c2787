import type fc from 'fast-check'
import type { Decider, TransitionTable } from '../../src/shared/decider.js'

/** A command or an event. */
export type Tagged = { readonly type: string }

/** A state. */
export type WithStatus = { readonly status: string }

/** A machine and what its laws need to know of it; a status or a command that is added and not named here does not compile. */
export type MachineUnderTest<State extends WithStatus, Command extends Tagged, Event extends Tagged, Failure> = {
  /** The name of its page in `docs/diagrams`, kebab-case. */
  readonly name: string
  readonly decider: Decider<State, Command, Event, Failure>
  readonly table: TransitionTable<State['status'], Command['type'], Event['type']>
  /**
   * Every status, and whether it is the end; of one that `mayEnd`, `isOver` says of which states. One at `rest` may stay as
   * it is for good, and still hears what comes.
   */
  readonly statuses: { readonly [Status in State['status']]: 'open' | 'rest' | 'final' | 'mayEnd' }
  readonly isOver?: (state: State) => boolean
  /** Commands for random walks; draw ids and amounts from small ranges, so that they meet. */
  readonly arbitraries: { readonly [Type in Command['type']]: fc.Arbitrary<Extract<Command, { readonly type: Type }>> }
  /** The finite list of commands that the exhaustive walk sends in every state. */
  readonly model: { readonly [Type in Command['type']]: readonly Extract<Command, { readonly type: Type }>[] }
  /**
   * A few commands each, by a name, which are walked to their end where all of them together come to none or to too many
   * states: those of the model by their type, others as they are.
   */
  readonly parts?: Readonly<Record<string, readonly (Command['type'] | Command)[]>>
  /** What the exhaustive walk tells states apart by; by all that they hold when absent. */
  readonly alike?: (state: State) => unknown
  /** What must be true in every state, by name. */
  readonly invariants?: Readonly<Record<string, (state: State) => boolean>>
  readonly limits?: {
    /** Up to how many commands deep the model is walked; without it the model has to come to an end by itself. */
    readonly maxDepth?: number
    /** How many states the model may have; 20,000 unless told. */
    readonly maxStates?: number
    /** How many commands a random walk has at most; 40 unless told. */
    readonly walkLength?: number
  }
}
