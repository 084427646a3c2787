import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { foldEvents } from '../../src/shared/decider.js'
import { diagramFolder, drawMachinePage } from './draw-diagram.js'
import type { MachineUnderTest, Tagged, WithStatus } from './machine-under-test.js'
import { keyOf, type Observation, observe } from './observe.js'
import { runWalk, walkArbitrary } from './random-walk.js'
import { allows, listTransitions, nameTransition, transitionOf } from './transitions.js'
import { type ModelWalk, stateKey, walkModel, walkParts } from './walk-model.js'

/**
 * Tests a machine against every law, and draws its page.
 *
 * @param options.folder - where the page is kept; `docs/diagrams` unless told
 */
export const machineLaws = <State extends WithStatus, Command extends Tagged, Event extends Tagged, Failure>(
  machine: MachineUnderTest<State, Command, Event, Failure>,
  { folder = diagramFolder }: { readonly folder?: string } = {},
): void => {
  describe(`the ${machine.name} machine`, () => {
    const seen = examine(machine)
    for (const law of lawNames) {
      it(law, () => {
        expect(findBreaches(seen, law)).toEqual([])
      })
    }
    it('is drawn as its table says', async () => {
      await expect(drawMachinePage(machine, seen.model, seen.parts)).toMatchFileSnapshot(`${folder}/${machine.name}.md`)
    })
  })
}

/** What breaks each law, by its name; a law that holds is left out. */
export const findAllBreaches = <State extends WithStatus, Command extends Tagged, Event extends Tagged, Failure>(
  machine: MachineUnderTest<State, Command, Event, Failure>,
): Partial<Record<LawName, readonly string[]>> => {
  const seen = examine(machine)
  const breaches = lawNames.map((law) => [law, findBreaches(seen, law)] as const)
  return Object.fromEntries(breaches.filter(([, found]) => found.length > 0))
}

/**
 * A machine with what is looked at once for all laws: its whole model, the same three hundred walks every time, and walks
 * that are others with every run.
 */
type Seen<State extends WithStatus, Command extends Tagged, Event extends Tagged, Failure> = {
  readonly machine: MachineUnderTest<State, Command, Event, Failure>
  readonly model: ModelWalk<State, Command, Event>
  readonly parts: ReadonlyMap<string, ModelWalk<State, Command, Event>>
  readonly inModel: readonly Observation<State, Command, Event>[]
  readonly inWalks: readonly Observation<State, Command, Event>[]
  readonly chance: {
    readonly seed: number
    readonly walks: readonly (readonly Observation<State, Command, Event>[])[]
  }
}

const examine = <State extends WithStatus, Command extends Tagged, Event extends Tagged, Failure>(
  machine: MachineUnderTest<State, Command, Event, Failure>,
): Seen<State, Command, Event, Failure> => {
  const model = walkModel(machine)
  const parts = walkParts(machine)
  const walkSeeded = (seed: number, numRuns: number) =>
    fc.sample(walkArbitrary(machine), { seed, numRuns }).map((walk) => runWalk(machine, walk))
  const seed = fc.readConfigureGlobal().seed ?? Date.now() ^ (Math.random() * 0x1_0000_0000)
  return {
    machine,
    model,
    parts,
    inModel: [model, ...parts.values()].flatMap(({ states }) => [...states.values()].flatMap(({ tried }) => tried)),
    inWalks: walkSeeded(20_260_301, 300).flat(),
    chance: { seed, walks: walkSeeded(seed, fc.readConfigureGlobal().numRuns ?? 100) },
  }
}

/** A law in words: every sentence it gives back is a breach. */
type Law = <State extends WithStatus, Command extends Tagged, Event extends Tagged, Failure>(
  seen: Seen<State, Command, Event, Failure>,
) => readonly string[]

const walkEnds: Law = ({ machine, model, parts }) => {
  for (const [name, part] of parts)
    if (!part.closed) return [`the part ${name} has more than ${part.states.size} states`]
  if (model.tooLarge) return [`more than ${model.states.size} states: list fewer commands, or give a maxDepth`]
  return model.closed || machine.limits?.maxDepth !== undefined ? [] : ['some states were not tried']
}

const nothingThrows: Law = (seen) =>
  inEveryStep(seen, ({ from, command, thrown }) =>
    thrown === undefined ? undefined : `${from.status} + ${command.type}: ${thrown}`,
  )

const replayGivesState: Law = ({ machine, ...seen }) =>
  inRandomWalks({ machine, ...seen }, (steps) => {
    const { decider } = machine
    const events = steps.flatMap((step) => step.events)
    const last = steps.at(-1)?.to ?? decider.initial
    if (!isSame(foldEvents(decider, events), last)) return 'the events lead to another state when they are replayed'
    const stored = events
      .map(throughStorage)
      .reduce((state, event) => throughStorage(decider.evolve(state, event)), throughStorage(decider.initial))
    if (!isSame(stored, last)) return 'the state does not survive being stored and read again'
    for (const { from, command, events: decided } of steps) {
      // Asked twice: what takes turns may come to the first answer again.
      for (const again of [1, 2].map(() => decider.decide(throughStorage(from), throughStorage(command)))) {
        if (isSame(again.unwrapOr([]), decided)) continue
        return `${from.status} + ${command.type}: decided otherwise the second time`
      }
    }
    return undefined
  })

const everyStatusReachable: Law = ({ machine, inModel, inWalks }) => {
  const reached = statusesOf(machine, [...inModel, ...inWalks])
  return Object.keys(machine.statuses).filter((status) => !reached.has(status))
}

const walksReachEveryStatus: Law = ({ machine, inWalks }) => {
  const reached = statusesOf(machine, inWalks)
  return Object.keys(machine.statuses).filter((status) => !reached.has(status))
}

const noDeadEnds: Law = ({ machine, model }) =>
  [...model.states.values()]
    .filter(({ state, tried }) => !isAtRest(machine, state) && tried.length > 0)
    .filter(({ tried }) => tried.every(({ events }) => events.length === 0))
    .map(({ state, path }) => `nothing can happen in ${state.status}, ${nameCommands(path)}`)

const everyStateCanEnd: Law = ({ machine, model }) => {
  // Of a model that was cut off, the way out may lie beyond the cut; a machine without an end has none.
  if (!model.closed || Object.values(machine.statuses).every((kind) => kind === 'open')) return []
  const keyOfState = stateKey(machine)
  const before = new Map<string, string[]>()
  for (const [key, { tried }] of model.states) {
    for (const to of new Set(tried.map((step) => keyOfState(step.to)))) {
      const earlier = before.get(to)
      if (earlier === undefined) before.set(to, [key])
      else earlier.push(key)
    }
  }
  const ending = new Set([...model.states].filter(([, { state }]) => isAtRest(machine, state)).map(([key]) => key))
  for (const key of ending) for (const earlier of before.get(key) ?? []) ending.add(earlier)
  return [...model.states]
    .filter(([key]) => !ending.has(key))
    .map(([, { state, path }]) => `no end can be reached from ${state.status}, ${nameCommands(path)}`)
}

const finalIsFinal: Law = (seen) =>
  inEveryStep(seen, ({ from, command, events }) =>
    isFinal(seen.machine, from) && events.length > 0 ? `${from.status} + ${command.type} still happens` : undefined,
  )

const happensAsTabled: Law = (seen) =>
  inEveryStep(seen, (step) =>
    step.outcome === 'accepted' && !allows(seen.machine.table, transitionOf(step))
      ? `not in the table: ${nameTransition(transitionOf(step))}`
      : undefined,
  )

const tabledHappens: Law = ({ machine, inModel, inWalks }) => {
  const happened = new Set(
    [...inModel, ...inWalks]
      .filter(({ outcome }) => outcome === 'accepted')
      .map((step) => nameTransition(transitionOf(step))),
  )
  return listTransitions(machine.table)
    .map(nameTransition)
    .filter((name) => !happened.has(name))
    .map((name) => `never happens: ${name}`)
}

const invariantsHold: Law = (seen) => {
  const invariants = Object.entries(seen.machine.invariants ?? {})
  return inEveryStep(seen, ({ to, command }) => {
    const broken = invariants.find(([, holds]) => !holds(to))
    return broken === undefined ? undefined : `${broken[0]}: not in ${to.status} after ${command.type}`
  })
}

// A walk that takes two states for one has seen what becomes of the first alone.
const alikeBehaveAlike: Law = ({ machine, model, parts }) => {
  const keyOfState = stateKey(machine)
  const toldBy = ({ outcome, events, to }: Observation<WithStatus, Tagged, Tagged>, key: string) =>
    [outcome, ...events.map(({ type }) => type), to.status, key].join(' ')
  return [model, ...parts.values()].flatMap(({ states }) =>
    [...states.values()].flatMap(({ tried, twin, path }) =>
      twin === undefined
        ? []
        : tried.flatMap((step) => {
            const other = observe(machine.decider, twin, step.command)
            const said = [step, other].map((each) => toldBy(each, keyOfState(each.to)))
            return said[0] === said[1] ? [] : [`${keyOf(step.command)} in ${twin.status}, ${nameCommands(path)}`]
          }),
    ),
  )
}

/** Every law, by the sentence it keeps. */
const laws = {
  'the small model is walked to its end': walkEnds,
  'nothing throws or writes to what it was handed': nothingThrows,
  'replaying the events gives the state': replayGivesState,
  'every status is reachable': everyStatusReachable,
  'random walks reach every status': walksReachEveryStatus,
  'there are no dead ends': noDeadEnds,
  'every state can still end': everyStateCanEnd,
  'final means final': finalIsFinal,
  'states that are taken for one behave as one': alikeBehaveAlike,
  'what happens is in the table': happensAsTabled,
  'what is in the table happens': tabledHappens,
  'the invariants hold': invariantsHold,
} satisfies Record<string, Law>

export type LawName = keyof typeof laws

// Object.keys answers strings; these are the keys of the object above.
const lawNames = Object.keys(laws) as LawName[]

/** What breaks a law; at most ten sentences. */
const findBreaches = <State extends WithStatus, Command extends Tagged, Event extends Tagged, Failure>(
  seen: Seen<State, Command, Event, Failure>,
  law: LawName,
): readonly string[] => [...new Set(laws[law](seen))].slice(0, 10)

/** Looks at each step of the whole model and, if that is faultless, of random walks. */
const inEveryStep = <State extends WithStatus, Command extends Tagged, Event extends Tagged, Failure>(
  seen: Seen<State, Command, Event, Failure>,
  findBreach: (step: Observation<State, Command, Event>) => string | undefined,
): readonly string[] => {
  const breaches = seen.inModel.map(findBreach).filter((breach) => breach !== undefined)
  if (breaches.length > 0) return breaches
  return inRandomWalks(seen, (steps) => steps.map(findBreach).find((breach) => breach !== undefined))
}

/** Looks for a random walk with a breach, walks it again to shrink it, and tells the shortest command by command. */
const inRandomWalks = <State extends WithStatus, Command extends Tagged, Event extends Tagged, Failure>(
  { machine, chance: { seed, walks } }: Seen<State, Command, Event, Failure>,
  findBreach: (steps: readonly Observation<State, Command, Event>[]) => string | undefined,
): readonly string[] => {
  const found = walks.map(findBreach).find((breach) => breach !== undefined)
  if (found === undefined) return []
  const isSound = fc.property(walkArbitrary(machine), (walk) => findBreach(runWalk(machine, walk)) === undefined)
  const run = fc.check(isSound, { seed })
  if (!run.failed) return [found]
  const walk = run.counterexample?.[0]
  const steps = walk === undefined ? [] : runWalk(machine, walk)
  const commands = steps.map(({ command, outcome }) => `${keyOf(command)} ${outcome}`)
  return [`${findBreach(steps)} (seed ${run.seed}): ${commands.join(', then ')}`]
}

const statusesOf = <State extends WithStatus, Command extends Tagged, Event extends Tagged, Failure>(
  machine: MachineUnderTest<State, Command, Event, Failure>,
  steps: readonly Observation<State, Command, Event>[],
): ReadonlySet<string> => new Set([machine.decider.initial.status, ...steps.map(({ to }) => to.status)])

const isFinal = <State extends WithStatus, Command extends Tagged, Event extends Tagged, Failure>(
  machine: MachineUnderTest<State, Command, Event, Failure>,
  state: State,
): boolean => {
  const kind = new Map(Object.entries(machine.statuses)).get(state.status)
  return kind === 'final' || (kind === 'mayEnd' && machine.isOver?.(state) === true)
}

const isAtRest = <State extends WithStatus, Command extends Tagged, Event extends Tagged, Failure>(
  machine: MachineUnderTest<State, Command, Event, Failure>,
  state: State,
): boolean => isFinal(machine, state) || new Map(Object.entries(machine.statuses)).get(state.status) === 'rest'

const nameCommands = (path: readonly Tagged[]): string =>
  path.length === 0 ? 'at the beginning' : `after ${path.map(keyOf).join(', ')}`

const throughStorage = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value))

// A member that is undefined is left out by storage, and means the same.
const isSame = (left: unknown, right: unknown): boolean =>
  isDeepStrictEqual(withoutUndefined(left), withoutUndefined(right))

const withoutUndefined = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutUndefined)
  if (value === null || typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([key, member]) => [key, withoutUndefined(member)]),
  )
}
