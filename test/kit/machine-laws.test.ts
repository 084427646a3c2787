import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { ok } from 'neverthrow'
import { describe, expect, it } from 'vitest'
import { findAllBreaches, machineLaws } from './machine-laws.js'
import {
  decide,
  evolve,
  type PointsHold,
  type PointsHoldEvent,
  pointsHold,
  pointsHoldTable,
  pointsHoldUnderTest as sound,
} from './points-hold.js'
import { walkModel } from './walk-model.js'

machineLaws(sound, { folder: fileURLToPath(new URL('./diagrams', import.meta.url)) })

const breachesWith = (changes: Partial<typeof sound>) => findAllBreaches({ ...sound, ...changes })

describe('the exhaustive walk', () => {
  it('visits every state of the small model once and knows the longest way', () => {
    const walk = walkModel(sound)
    const names = [...walk.states.values()].map(({ state, path }) =>
      [state.status, state.status === 'none' ? 0 : state.captured, path.length].join(' '),
    )
    expect(names.sort()).toEqual([
      'captured 3 3',
      'held 0 1',
      'held 1 2',
      'held 2 2',
      'none 0 0',
      'released 0 2',
      'released 1 3',
      'released 2 3',
    ])
    // none: 1; held 0: 1, 2, release; held 1: 1, 2, release; held 2: 1, release.
    expect(walk).toMatchObject({ transitionCount: 9, longestPath: 3, closed: true, tooLarge: false })
  })

  it('stops at the depth that it is given', () => {
    const walk = walkModel({ ...sound, limits: { maxDepth: 1 } })
    expect([...walk.states.values()].map(({ state }) => state.status)).toEqual(['none', 'held'])
    expect(walk.closed).toBe(false)
  })
})

describe('the laws', () => {
  it('find nothing in a sound machine', () => {
    expect(findAllBreaches(sound)).toEqual({})
  })

  it('catch a dead end', () => {
    const stuck = breachesWith({
      statuses: { ...sound.statuses, released: 'open' },
    })
    expect(stuck['there are no dead ends']).toContain(
      'nothing can happen in released, after {"points":3,"type":"HoldPoints"}, {"type":"ReleasePoints"}',
    )
    expect(stuck['every state can still end']).toContain(
      'no end can be reached from released, after {"points":3,"type":"HoldPoints"}, {"type":"ReleasePoints"}',
    )
  })

  it('catch states that go round for ever', () => {
    const endless = breachesWith({
      statuses: { none: 'open', held: 'open', captured: 'final', released: 'open' },
      table: [
        ...pointsHoldTable.filter(({ from }) => from !== 'released'),
        { from: 'released', command: 'ReleasePoints', events: 'PointsReleased', to: 'released' },
      ],
      decider: {
        ...pointsHold,
        decide: (state, command) =>
          state.status === 'released' && command.type === 'ReleasePoints'
            ? ok([{ type: 'PointsReleased', points: 0 }])
            : decide(state, command),
      },
    })
    expect(Object.keys(endless)).toEqual(['every state can still end'])
    expect(endless['every state can still end']).toHaveLength(3)
  })

  it('catch states that are taken for one and do not behave as one', () => {
    const blurred = breachesWith({ alike: (state) => (state.status === 'held' ? 'held' : state) })
    expect(blurred['states that are taken for one behave as one']?.length).toBeGreaterThan(0)
    const told = breachesWith({ alike: (state) => ({ ...state }) })
    expect(told).toEqual({})
  })

  it('catch a status that is never reached', () => {
    const unreached = breachesWith({
      decider: {
        ...pointsHold,
        evolve: (state, event) => (event.type === 'PointsReleased' ? state : evolve(state, event)),
      },
    })
    expect(unreached['every status is reachable']).toEqual(['released'])
    expect(unreached['random walks reach every status']).toEqual(['released'])
    expect(unreached['what is in the table happens']).toContain(
      'never happens: held + ReleasePoints -> PointsReleased -> released',
    )
    expect(unreached['what happens is in the table']).toContain(
      'not in the table: held + ReleasePoints -> PointsReleased -> held',
    )
  })

  it('catch a status that only the exhaustive walk can reach', () => {
    const lucky = breachesWith({
      arbitraries: {
        ...sound.arbitraries,
        CapturePoints: fc.constant<{ type: 'CapturePoints'; points: number }>({ type: 'CapturePoints', points: 99 }),
      },
    })
    expect(lucky).toEqual({ 'random walks reach every status': ['captured'] })
  })

  it('catch a final status that can be left', () => {
    const reopened = breachesWith({
      table: [...pointsHoldTable, { from: 'released', command: 'HoldPoints', events: 'PointsHeld', to: 'held' }],
      decider: {
        ...pointsHold,
        decide: (state, command) =>
          state.status === 'released' && command.type === 'HoldPoints'
            ? ok([{ type: 'PointsHeld', points: command.points }])
            : decide(state, command),
      },
    })
    expect(Object.keys(reopened)).toEqual(['final means final'])
    expect(reopened['final means final']).toEqual(['released + HoldPoints still happens'])
  })

  it('catch a command that is accepted where the table forbids it, without effect too', () => {
    const lenient = breachesWith({
      decider: {
        ...pointsHold,
        decide: (state, command) => (state.status === 'captured' ? ok([]) : decide(state, command)),
      },
    })
    expect(Object.keys(lenient)).toEqual(['what happens is in the table'])
    expect(lenient['what happens is in the table']).toContain(
      'not in the table: captured + ReleasePoints -> nothing -> captured',
    )
  })

  it('catch a row of the table that never happens', () => {
    const promised = breachesWith({
      table: [
        ...pointsHoldTable,
        { from: ['none', 'captured'], command: 'ReleasePoints', events: [], to: 'captured', guard: 'too late' },
      ],
    })
    expect(promised).toEqual({
      'what is in the table happens': [
        'never happens: none + ReleasePoints -> nothing -> captured',
        'never happens: captured + ReleasePoints -> nothing -> captured',
      ],
    })
  })

  it('catch an evolve that remembers what is not in the state', () => {
    let secret = 0
    const forgetful = (state: PointsHold, event: PointsHoldEvent): PointsHold => {
      secret += 1
      const next = evolve(state, event)
      return next.status === 'none' ? next : { ...next, points: next.points + secret }
    }
    const breaches = breachesWith({
      decider: { ...pointsHold, evolve: forgetful },
      limits: { maxDepth: 3 },
    })
    expect(breaches['replaying the events gives the state']?.join()).toContain('the events lead to another state')
  })

  it('catch a state that storage does not give back', () => {
    type DatedHold = { readonly status: 'none' } | { readonly status: 'held'; readonly since: Date }
    const dated = findAllBreaches<DatedHold, { type: 'HoldPoints' }, { type: 'PointsHeld' }, never>({
      name: 'dated-hold',
      decider: {
        initial: { status: 'none' },
        decide: (state) => ok(state.status === 'none' ? [{ type: 'PointsHeld' }] : []),
        evolve: () => ({ status: 'held', since: new Date(0) }),
      },
      table: [
        { from: 'none', command: 'HoldPoints', events: 'PointsHeld', to: 'held' },
        { from: 'held', command: 'HoldPoints', events: [], to: 'held' },
      ],
      statuses: { none: 'open', held: 'final' },
      arbitraries: { HoldPoints: fc.constant({ type: 'HoldPoints' }) },
      model: { HoldPoints: [{ type: 'HoldPoints' }] },
    })
    expect(Object.keys(dated)).toEqual(['replaying the events gives the state'])
    expect(dated['replaying the events gives the state']?.join()).toContain('does not survive being stored')
  })

  it('catch a decision that depends on more than the state and the command', () => {
    let asked = 0
    const fickle = breachesWith({
      decider: {
        ...pointsHold,
        decide: (state, command) => {
          asked += 1
          if (command.type !== 'HoldPoints') return decide(state, command)
          return decide(state, { ...command, points: command.points + (asked % 2) })
        },
      },
      limits: { maxDepth: 3 },
    })
    expect(fickle['replaying the events gives the state']?.join()).toContain('decided otherwise the second time')
  })

  it('catch an evolve that writes to the state it was handed', () => {
    const careless = breachesWith({
      decider: {
        ...pointsHold,
        evolve: (state, event) => {
          const next = evolve(state, event)
          return event.type === 'PointsReleased' ? Object.assign(state, next) : next
        },
      },
    })
    expect(careless['nothing throws or writes to what it was handed']?.[0]).toMatch(
      /^held \+ ReleasePoints: TypeError: Cannot assign to read only property/,
    )
  })

  it('catch a broken invariant and shrink the walk that breaks it', () => {
    const generous = breachesWith({
      // The model's own amounts never go over; only chance finds the 4.
      decider: {
        ...pointsHold,
        decide: (state, command) =>
          state.status === 'held' && command.type === 'CapturePoints' && command.points === 4
            ? ok([{ type: 'PointsCaptured', points: 4 }])
            : decide(state, command),
      },
    })
    const [breach = ''] = generous['the invariants hold'] ?? []
    expect(breach).toMatch(/^no more is captured than was held: not in held after CapturePoints/)
    expect(breach.split(', then ')).toHaveLength(2)
  })

  it('catch a model that grows without end', () => {
    const counting = breachesWith({ limits: { maxStates: 5 } })
    expect(counting['the small model is walked to its end']).toEqual([
      'more than 8 states: list fewer commands, or give a maxDepth',
    ])
  })
})
