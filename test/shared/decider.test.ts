import { err, ok } from 'neverthrow'
import { describe, expect, it } from 'vitest'
import {
  allowedCommands,
  allowsCommand,
  decideNext,
  foldEvents,
  type TransitionTable,
} from '../../src/shared/decider.js'
import { pointsHold } from '../kit/points-hold.js'

type Status = 'open' | 'paused' | 'done'
type CommandType = 'Pause' | 'Resume' | 'Finish'
const table: TransitionTable<Status, CommandType, 'Paused' | 'Resumed' | 'Finished'> = [
  { from: 'open', command: 'Pause', events: 'Paused', to: 'paused' },
  { from: 'paused', command: 'Resume', events: 'Resumed', to: 'open' },
  { from: ['open', 'paused'], command: 'Finish', events: 'Finished', to: 'done', guard: 'all is done' },
  { from: 'open', command: 'Finish', events: [], to: 'open', guard: 'something is left' },
]

describe('a transition table', () => {
  it('allows a command where it has a row', () => {
    expect(allowsCommand(table, { status: 'open', command: 'Pause' })).toBe(true)
    expect(allowsCommand(table, { status: 'paused', command: 'Finish' })).toBe(true)
    expect(allowsCommand(table, { status: 'paused', command: 'Pause' })).toBe(false)
    expect(allowsCommand(table, { status: 'done', command: 'Finish' })).toBe(false)
  })

  it('lists the commands of a status, each once', () => {
    expect(allowedCommands(table, 'open')).toEqual(['Pause', 'Finish'])
    expect(allowedCommands(table, 'paused')).toEqual(['Resume', 'Finish'])
    expect(allowedCommands(table, 'done')).toEqual([])
  })
})

describe('a decider', () => {
  it('replays events from the beginning or from a state', () => {
    expect(foldEvents(pointsHold, [])).toEqual({ status: 'none' })
    const held = foldEvents(pointsHold, [{ type: 'PointsHeld', points: 3 }])
    expect(held).toEqual({ status: 'held', points: 3, captured: 0 })
    expect(foldEvents(pointsHold, [{ type: 'PointsReleased', points: 3 }], held)).toMatchObject({ status: 'released' })
  })

  it('answers a command with its events and the state that they lead to', () => {
    expect(decideNext(pointsHold, pointsHold.initial, { type: 'HoldPoints', points: 3 })).toEqual(
      ok({ state: { status: 'held', points: 3, captured: 0 }, events: [{ type: 'PointsHeld', points: 3 }] }),
    )
    expect(decideNext(pointsHold, pointsHold.initial, { type: 'ReleasePoints' })).toEqual(
      err({ type: 'HoldStatusForbids', command: 'ReleasePoints', status: 'none' }),
    )
  })
})
