import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { availablePoints, type PointsEvent } from '../../src/membership/points-account.js'
import { pointsMachine, pointsTable } from '../../src/membership/points-machine.js'
import { foldEvents } from '../../src/shared/decider.js'
import { daysMs } from '../../src/shared/instant.js'
import { specify } from '../kit/given-when-then.js'
import { machineLaws } from '../kit/machine-laws.js'
import { pointsArbitraries } from './points-commands.js'

const grant = {
  type: 'GrantPoints',
  accountId: 'ann',
  source: 'order',
  activatesAt: null,
  expiresAt: 100,
  now: 10,
} as const

machineLaws({
  name: 'points-account',
  decider: pointsMachine,
  table: pointsTable,
  statuses: { absent: 'open', open: 'open', closed: 'final' },
  arbitraries: pointsArbitraries,
  model: {
    GrantPoints: [
      { ...grant, grantId: 'g1', points: 10 },
      { ...grant, grantId: 'g2', points: 5, activatesAt: 50, expiresAt: 120 },
    ],
    PromisePoints: [{ type: 'PromisePoints', accountId: 'ann', grantId: 'g3', source: 'order', points: 4, now: 10 }],
    ActivatePoints: [{ type: 'ActivatePoints', grantId: 'g3', expiresAt: 105, now: 45 }],
    HoldPoints: [{ type: 'HoldPoints', holdId: 'h1', points: 6, now: 20 }],
    SettleHold: [{ type: 'SettleHold', holdId: 'h1', now: 30 }],
    ReleaseHold: [{ type: 'ReleaseHold', holdId: 'h1', now: 30 }],
    RestorePoints: [
      { type: 'RestorePoints', holdId: 'h1', restoreId: 'r1', placedAt: 0, points: 3, graceTo: 130, now: 110 },
    ],
    ClawBackPoints: [{ type: 'ClawBackPoints', grantId: 'g1', clawId: 'c1', points: 10, policy: 'debt', now: 40 }],
    SweepPoints: [
      { type: 'SweepPoints', now: 60 },
      { type: 'SweepPoints', now: 110 },
    ],
    NoticeExpiry: [{ type: 'NoticeExpiry', until: 100, now: 60 }],
    ClosePoints: [{ type: 'ClosePoints', now: 115 }],
  },
  invariants: {
    'no lot is below zero, and the balance is their sum': (state) =>
      state.status !== 'open' ||
      (state.lots.every((lot) => lot.points >= 0) &&
        state.balance === state.lots.reduce((sum, lot) => sum + lot.points, 0)),
    'a debt is never below zero': (state) => state.status !== 'open' || state.debt >= 0,
    'lots stand by their end': (state) =>
      state.status !== 'open' ||
      state.lots.every((lot, place) => place === 0 || (state.lots[place - 1]?.expiresAt ?? 0) <= lot.expiresAt),
  },
  limits: { maxDepth: 5 },
})

const given = specify(pointsMachine)
const opened: PointsEvent = { type: 'PointsAccountOpened', accountId: 'ann', at: 0 }
const granted = (
  grantId: string,
  points: number,
  expiresAt: number,
): Extract<PointsEvent, { type: 'PointsGranted' }> => ({
  type: 'PointsGranted',
  grantId,
  source: 'order',
  points,
  repaid: 0,
  expiresAt,
  at: 0,
})
const held = (holdId: string, ...parts: readonly (readonly [string, number, number])[]): PointsEvent => ({
  type: 'PointsHeld',
  holdId,
  parts: parts.map(([lotId, points, expiresAt]) => ({ lotId, points, expiresAt })),
  at: 1,
})

describe('a points account', () => {
  it('opens with the first points', () => {
    given()
      .when({ ...grant, grantId: 'g1', points: 10 })
      .then([
        { type: 'PointsAccountOpened', accountId: 'ann', at: 10 },
        { ...granted('g1', 10, 100), at: 10 },
      ])
  })

  it('spends first what ends first', () => {
    given([opened, granted('late', 100, 900), granted('soon', 30, 500)])
      .when({ type: 'HoldPoints', holdId: 'h1', points: 50, now: 10 })
      .then([{ ...held('h1', ['soon', 30, 500], ['late', 20, 900]), at: 10 }])
  })

  it('does not spend what has ended, swept or not', () => {
    given([opened, granted('late', 100, 900), granted('soon', 30, 500)])
      .when({ type: 'HoldPoints', holdId: 'h1', points: 101, now: 500 })
      .thenRefused({ type: 'PointsInsufficient', available: 100, requested: 101 })
  })

  it('keeps held points over the end of their lot', () => {
    const events = [opened, granted('g1', 80, 500), held('h1', ['g1', 80, 500])]
    given(events).when({ type: 'SweepPoints', now: 501 }).then([])
    given(events)
      .when({ type: 'SettleHold', holdId: 'h1', now: 502 })
      .then([{ type: 'HoldSettled', holdId: 'h1', points: 80, at: 502 }])
  })

  it('loses what is released into a lot that has ended, at the next sweep', () => {
    const released: PointsEvent = {
      type: 'HoldReleased',
      holdId: 'h1',
      parts: [{ lotId: 'g1', points: 80, expiresAt: 500 }],
      repaid: 0,
      at: 502,
    }
    given([opened, granted('g1', 80, 500), held('h1', ['g1', 80, 500])])
      .when({ type: 'ReleaseHold', holdId: 'h1', now: 502 })
      .then([released])
    given([opened, granted('g1', 80, 500), held('h1', ['g1', 80, 500]), released])
      .when({ type: 'SweepPoints', now: 503 })
      .then([{ type: 'PointsExpired', lotId: 'g1', points: 80, at: 503 }])
  })

  it('expires only what is left of a lot', () => {
    const spent = [opened, granted('g1', 100, 500), held('h1', ['g1', 100, 500])]
    given([...spent, { type: 'HoldSettled', holdId: 'h1', points: 100, at: 2 }, granted('g2', 50, 900)])
      .when({ type: 'SweepPoints', now: 600 })
      .then([])
  })

  it('gives points back to the lots they came from, the last taken first', () => {
    const spent = [
      opened,
      granted('soon', 30, 500),
      granted('late', 100, 900),
      held('h1', ['soon', 30, 500], ['late', 20, 900]),
      { type: 'HoldSettled', holdId: 'h1', points: 50, at: 2 } as const,
    ]
    const restore = { type: 'RestorePoints', holdId: 'h1', restoreId: 'r1', placedAt: 0, graceTo: 0, now: 10 } as const
    given(spent)
      .when({ ...restore, points: 35 })
      .then([
        {
          type: 'PointsRestored',
          holdId: 'h1',
          restoreId: 'r1',
          parts: [
            { lotId: 'late', points: 20, expiresAt: 900 },
            { lotId: 'soon', points: 15, expiresAt: 500 },
          ],
          repaid: 0,
          at: 10,
        },
      ])
    given(spent)
      .when({ ...restore, points: 51 })
      .thenRefused({ type: 'PointsRestoreTooLarge', holdId: 'h1', left: 50, requested: 51 })
  })

  it('gives points of a lot that has ended a new end, by grace', () => {
    given([
      opened,
      granted('g1', 500, 500),
      held('h1', ['g1', 500, 500]),
      { type: 'HoldSettled', holdId: 'h1', points: 500, at: 2 },
    ])
      .when({ type: 'RestorePoints', holdId: 'h1', restoreId: 'r1', placedAt: 0, points: 500, graceTo: 700, now: 600 })
      .then([
        {
          type: 'PointsRestored',
          holdId: 'h1',
          restoreId: 'r1',
          parts: [{ lotId: 'g1+r1', points: 500, expiresAt: 700 }],
          repaid: 0,
          at: 600,
        },
      ])
  })

  it('gives back what an order spent so long ago that only the order still knows of it', () => {
    const years = 3 * 365 * daysMs
    const spent = [
      opened,
      granted('g1', 500, 500),
      held('h1', ['g1', 500, 500]),
      { type: 'HoldSettled', holdId: 'h1', points: 500, at: 2 } as const,
      { ...granted('g2', 50, 2 * years), at: years },
    ]
    const restore = { type: 'RestorePoints', holdId: 'h1', restoreId: 'r1', placedAt: 1, points: 500 } as const
    const back = {
      type: 'PointsRestored',
      holdId: 'h1',
      restoreId: 'r1',
      parts: [{ lotId: 'h1+r1', points: 500, expiresAt: years + 900 }],
      repaid: 0,
      at: years + 1,
    } as const
    given(spent)
      .when({ ...restore, graceTo: years + 900, now: years + 1 })
      .then([back])
    given([...spent, back])
      .when({ ...restore, graceTo: years + 900, now: years + 2 })
      .then([])
    // An order of yesterday that never spent points is given none.
    given(spent)
      .when({ ...restore, placedAt: years - daysMs, graceTo: years + 900, now: years + 1 })
      .thenRefused({ type: 'PointsHoldUnknown', holdId: 'h1' })
  })

  const clawed = {
    type: 'PointsClawedBack',
    grantId: 'g1',
    clawId: 'c1',
    fromPending: 0,
    parts: [],
    owed: 0,
    waived: 0,
  } as const
  const promised = { type: 'PointsPromised', grantId: 'g1', source: 'order', points: 100, terms: null, at: 0 } as const
  const claw = { type: 'ClawBackPoints', grantId: 'g1', clawId: 'c1', points: 100, policy: 'debt', now: 5 } as const

  it('takes back pending points first, then what is left, then owes', () => {
    given([opened, promised])
      .when({ ...claw, points: 40 })
      .then([{ ...clawed, fromPending: 40, at: 5 }])
    given([opened, granted('g1', 100, 900), held('h1', ['g1', 80, 900])])
      .when(claw)
      .then([
        {
          ...clawed,
          type: 'PointsClawedBack',
          parts: [{ lotId: 'g1', points: 20, expiresAt: 900 }],
          owed: 80,
          at: 5,
        },
      ])
  })

  it('takes back no more than the policy lets it, and says what it could not take', () => {
    const account = [opened, granted('g1', 100, 900), held('h1', ['g1', 80, 900])]
    const left = [{ lotId: 'g1', points: 20, expiresAt: 900 }]
    given(account)
      .when({ ...claw, policy: 'pendingOnly' })
      .then([{ ...clawed, waived: 100, at: 5 }])
    for (const policy of ['withinBalance', 'deductCash'] as const) {
      given(account)
        .when({ ...claw, policy })
        .then([{ ...clawed, parts: left, waived: 80, at: 5 }])
    }
  })

  it('keeps no promise of which nothing is left and whose time is not known', () => {
    const all = { ...clawed, fromPending: 100, at: 5 }
    const pendingAfter = (promise: PointsEvent) => {
      const state = foldEvents(pointsMachine, [opened, promise, all])
      return state.status === 'open' ? state.pending : []
    }
    expect(pendingAfter(promised)).toEqual([])
    // One whose time comes tells until then that it was given.
    const terms = { activatesAt: 20, expiresAt: 400 }
    expect(pendingAfter({ ...promised, terms })).toEqual([{ grantId: 'g1', points: 0, terms }])
  })

  it('lets promised points begin with what is left of them, once', () => {
    const cancelled = { ...clawed, fromPending: 40, at: 5 }
    const begun = { type: 'PointsActivated', grantId: 'g1', points: 60, repaid: 0, expiresAt: 400, at: 16 } as const
    const activate = { type: 'ActivatePoints', grantId: 'g1', expiresAt: 400, now: 16 } as const
    given([opened, promised, cancelled]).when(activate).then([begun])
    given([opened, promised, cancelled, begun]).when(activate).then([])
    given([opened]).when(activate).thenRefused({ type: 'PointsGrantUnknown', grantId: 'g1' })
  })

  it('does a return and a claw-back once, whatever happened in between', () => {
    const spent = [
      opened,
      granted('g1', 100, 900),
      held('h1', ['g1', 100, 900]),
      { type: 'HoldSettled', holdId: 'h1', points: 100, at: 2 } as const,
    ]
    const back: PointsEvent = {
      type: 'PointsRestored',
      holdId: 'h1',
      restoreId: 'r1',
      parts: [{ lotId: 'g1', points: 30, expiresAt: 900 }],
      repaid: 0,
      at: 3,
    }
    given([...spent, back])
      .when({ type: 'RestorePoints', holdId: 'h1', restoreId: 'r1', placedAt: 0, points: 30, graceTo: 0, now: 4 })
      .then([])
    given([...spent, { ...clawed, owed: 100, at: 3 }])
      .when(claw)
      .then([])
    given([...spent, back])
      .when({ type: 'HoldPoints', holdId: 'h1', points: 100, now: 4 })
      .then([])
  })

  it('tells of what ends, each point once', () => {
    const account = [opened, granted('a', 10, 100), granted('b', 20, 150), granted('c', 40, 300)]
    const told = { type: 'PointsExpiryNoticed', points: 30, firstAt: 100, lastAt: 150, noticedTo: 200, at: 50 } as const
    given(account).when({ type: 'NoticeExpiry', until: 200, now: 50 }).then([told])
    given([...account, told])
      .when({ type: 'NoticeExpiry', until: 220, now: 70 })
      .then([])
    given([...account, told])
      .when({ type: 'NoticeExpiry', until: 300, now: 170 })
      .then([{ ...told, points: 40, firstAt: 300, lastAt: 300, noticedTo: 300, at: 170 }])
  })

  it('repays a debt with the next points', () => {
    const owing: PointsEvent = {
      type: 'PointsClawedBack',
      grantId: 'g1',
      clawId: 'c1',
      fromPending: 0,
      parts: [],
      owed: 80,
      waived: 0,
      at: 5,
    }
    const account = [opened, owing]
    given(account)
      .when({ ...grant, grantId: 'g2', points: 100 })
      .then([{ ...granted('g2', 100, 100), repaid: 80, at: 10 }])
    given([...account, { ...granted('g2', 100, 100), repaid: 80, at: 10 }])
      .when({ type: 'HoldPoints', holdId: 'h1', points: 21, now: 11 })
      .thenRefused({ type: 'PointsInsufficient', available: 20, requested: 21 })
  })

  it('counts the same grant, hold and settlement once', () => {
    const account = [opened, granted('g1', 100, 900), held('h1', ['g1', 80, 900])]
    given(account)
      .when({ ...grant, grantId: 'g1', points: 100 })
      .then([])
    given(account).when({ type: 'HoldPoints', holdId: 'h1', points: 80, now: 5 }).then([])
    given(account)
      .when({ type: 'HoldPoints', holdId: 'h1', points: 70, now: 5 })
      .thenRefused({ type: 'PointsHoldDiffers', holdId: 'h1', held: 80, requested: 70 })
    given([...account, { type: 'HoldSettled', holdId: 'h1', points: 80, at: 6 }])
      .when({ type: 'SettleHold', holdId: 'h1', now: 7 })
      .then([])
  })

  it('is not closed while an order holds points', () => {
    given([opened, granted('g1', 100, 900), held('h1', ['g1', 80, 900])])
      .when({ type: 'ClosePoints', now: 5 })
      .thenRefused({ type: 'PointsStillHeld', holdIds: ['h1'] })
    given([opened, granted('g1', 100, 900)])
      .when({ type: 'ClosePoints', now: 5 })
      .then([{ type: 'PointsAccountClosed', lost: 100, lostPending: 0, forgiven: 0, at: 5 }])
  })
})

it('an account that is not there has no points', () => {
  fc.assert(fc.property(fc.integer(), (now) => availablePoints(undefined, now) === 0))
})
