import { describe, expect, it } from 'vitest'
import { specify } from './given-when-then.js'
import { pointsHold } from './points-hold.js'

const given = specify(pointsHold)

describe('given, when, then', () => {
  it('tells the events of an accepted command', () => {
    given()
      .when({ type: 'HoldPoints', points: 3 })
      .then([{ type: 'PointsHeld', points: 3 }])
    given([{ type: 'PointsHeld', points: 3 }])
      .when({ type: 'CapturePoints', points: 3 })
      .then([{ type: 'PointsCaptured', points: 3 }, { type: 'HoldEmptied' }])
  })

  it('tells the facts of a refusal', () => {
    given([{ type: 'PointsHeld', points: 3 }])
      .when({ type: 'CapturePoints', points: 4 })
      .thenRefused({ type: 'PointsNotHeld', leftPoints: 3 })
  })

  it('tells the state that follows', () => {
    given([{ type: 'PointsHeld', points: 3 }])
      .when({ type: 'CapturePoints', points: 1 })
      .thenState({ status: 'held', points: 3, captured: 1 })
  })

  it('fails when something else happens', () => {
    const capture = given([{ type: 'PointsHeld', points: 3 }]).when({ type: 'CapturePoints', points: 1 })
    expect(() => capture.then([])).toThrow()
    expect(() => capture.then([{ type: 'PointsCaptured', points: 2 }])).toThrow()
    expect(() => capture.thenRefused({ type: 'PointsNotHeld', leftPoints: 3 })).toThrow()
    expect(() => capture.thenState({ status: 'none' })).toThrow()
  })
})
