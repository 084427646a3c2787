import fc from 'fast-check'
import { err, ok, type Result } from 'neverthrow'
import { match } from 'ts-pattern'
import { allowsCommand, type Decider, type TransitionTable } from '../../src/shared/decider.js'
import type { MachineUnderTest } from './machine-under-test.js'

/** Points set aside for an order: a small machine with everything the kit looks at. */
export type PointsHold =
  | { readonly status: 'none' }
  | { readonly status: 'held'; readonly points: number; readonly captured: number }
  | { readonly status: 'captured'; readonly points: number; readonly captured: number }
  | { readonly status: 'released'; readonly points: number; readonly captured: number }

export type PointsHoldCommand =
  | { readonly type: 'HoldPoints'; readonly points: number }
  | { readonly type: 'CapturePoints'; readonly points: number }
  | { readonly type: 'ReleasePoints' }

export type PointsHoldEvent =
  | { readonly type: 'PointsHeld'; readonly points: number }
  | { readonly type: 'PointsCaptured'; readonly points: number }
  | { readonly type: 'HoldEmptied' }
  | { readonly type: 'PointsReleased'; readonly points: number }

export type PointsHoldError =
  | {
      readonly type: 'HoldStatusForbids'
      readonly command: PointsHoldCommand['type']
      readonly status: PointsHold['status']
    }
  | { readonly type: 'PointsNotHeld'; readonly leftPoints: number }

export const pointsHoldTable: TransitionTable<
  PointsHold['status'],
  PointsHoldCommand['type'],
  PointsHoldEvent['type']
> = [
  { from: 'none', command: 'HoldPoints', events: 'PointsHeld', to: 'held' },
  { from: 'held', command: 'CapturePoints', events: 'PointsCaptured', to: 'held', guard: 'some are left' },
  {
    from: 'held',
    command: 'CapturePoints',
    events: ['PointsCaptured', 'HoldEmptied'],
    to: 'captured',
    guard: 'none is left',
  },
  { from: 'held', command: 'ReleasePoints', events: 'PointsReleased', to: 'released' },
  { from: 'released', command: 'ReleasePoints', events: [], to: 'released', guard: 'released before' },
]

type Decision = Result<readonly PointsHoldEvent[], PointsHoldError>

const hold = (points: number): Decision => ok([{ type: 'PointsHeld', points }])

const capture = (state: PointsHold, points: number): Decision => {
  const left = leftOf(state)
  if (points > left) return err({ type: 'PointsNotHeld', leftPoints: left })
  return ok([{ type: 'PointsCaptured', points }, ...(points === left ? [{ type: 'HoldEmptied' } as const] : [])])
}

const releaseLeft = (state: PointsHold): Decision =>
  ok(state.status === 'released' ? [] : [{ type: 'PointsReleased', points: leftOf(state) }])

const leftOf = (state: PointsHold): number => (state.status === 'none' ? 0 : state.points - state.captured)

export const decide = (state: PointsHold, command: PointsHoldCommand): Decision =>
  allowsCommand(pointsHoldTable, { status: state.status, command: command.type })
    ? match(command)
        .with({ type: 'HoldPoints' }, ({ points }) => hold(points))
        .with({ type: 'CapturePoints' }, ({ points }) => capture(state, points))
        .with({ type: 'ReleasePoints' }, () => releaseLeft(state))
        .exhaustive()
    : err({ type: 'HoldStatusForbids', command: command.type, status: state.status })

export const evolve = (state: PointsHold, event: PointsHoldEvent): PointsHold => {
  const amounts =
    state.status === 'none' ? { points: 0, captured: 0 } : { points: state.points, captured: state.captured }
  return match(event)
    .returnType<PointsHold>()
    .with({ type: 'PointsHeld' }, ({ points }) => ({ status: 'held', points, captured: 0 }))
    .with({ type: 'PointsCaptured' }, ({ points }) => ({
      status: 'held',
      points: amounts.points,
      captured: amounts.captured + points,
    }))
    .with({ type: 'HoldEmptied' }, () => ({ status: 'captured', ...amounts }))
    .with({ type: 'PointsReleased' }, () => ({ status: 'released', ...amounts }))
    .exhaustive()
}

export const pointsHold: Decider<PointsHold, PointsHoldCommand, PointsHoldEvent, PointsHoldError> = {
  initial: { status: 'none' },
  decide,
  evolve,
}

export const pointsHoldUnderTest: MachineUnderTest<PointsHold, PointsHoldCommand, PointsHoldEvent, PointsHoldError> = {
  name: 'points-hold',
  decider: pointsHold,
  table: pointsHoldTable,
  statuses: { none: 'open', held: 'open', captured: 'final', released: 'final' },
  arbitraries: {
    HoldPoints: fc.record({ type: fc.constant('HoldPoints'), points: fc.integer({ min: 1, max: 5 }) }),
    CapturePoints: fc.record({ type: fc.constant('CapturePoints'), points: fc.integer({ min: 1, max: 5 }) }),
    ReleasePoints: fc.record({ type: fc.constant('ReleasePoints') }),
  },
  model: {
    HoldPoints: [{ type: 'HoldPoints', points: 3 }],
    CapturePoints: [
      { type: 'CapturePoints', points: 1 },
      { type: 'CapturePoints', points: 2 },
    ],
    ReleasePoints: [{ type: 'ReleasePoints' }],
  },
  invariants: {
    'no more is captured than was held': (state) => state.status === 'none' || state.captured <= state.points,
  },
}
