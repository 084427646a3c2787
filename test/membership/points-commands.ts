import fc from 'fast-check'
import type { PointsCommand } from '../../src/membership/points-account.js'

const now = fc.integer({ min: 0, max: 120 })
const points = fc.integer({ min: 1, max: 20 })
const grantId = fc.constantFrom('g1', 'g2', 'g3')
const holdId = fc.constantFrom('h1', 'h2')

/** Commands of every type, from small ranges, so that they meet. */
export const pointsArbitraries: {
  readonly [Type in PointsCommand['type']]: fc.Arbitrary<Extract<PointsCommand, { type: Type }>>
} = {
  GrantPoints: fc.record({
    type: fc.constant('GrantPoints'),
    accountId: fc.constant('ann'),
    grantId,
    source: fc.constant('order'),
    points,
    activatesAt: fc.option(now),
    expiresAt: fc.integer({ min: 60, max: 160 }),
    now,
  }),
  PromisePoints: fc.record({
    type: fc.constant('PromisePoints'),
    accountId: fc.constant('ann'),
    grantId,
    source: fc.constant('order'),
    points,
    now,
  }),
  ActivatePoints: fc.record({
    type: fc.constant('ActivatePoints'),
    grantId,
    expiresAt: fc.integer({ min: 60, max: 160 }),
    now,
  }),
  HoldPoints: fc.record({ type: fc.constant('HoldPoints'), holdId, points, now }),
  SettleHold: fc.record({ type: fc.constant('SettleHold'), holdId, now }),
  ReleaseHold: fc.record({ type: fc.constant('ReleaseHold'), holdId, now }),
  RestorePoints: fc.record({
    type: fc.constant('RestorePoints'),
    holdId,
    restoreId: fc.constantFrom('r1', 'r2'),
    points: fc.integer({ min: 1, max: 6 }),
    placedAt: fc.constant(0),
    graceTo: fc.integer({ min: 100, max: 200 }),
    now,
  }),
  ClawBackPoints: fc.record({
    type: fc.constant('ClawBackPoints'),
    grantId,
    clawId: fc.constantFrom('c1', 'c2', 'c3'),
    points,
    policy: fc.constantFrom('pendingOnly', 'withinBalance', 'debt', 'deductCash'),
    now,
  }),
  SweepPoints: fc.record({ type: fc.constant('SweepPoints'), now }),
  NoticeExpiry: fc.record({ type: fc.constant('NoticeExpiry'), until: fc.integer({ min: 60, max: 160 }), now }),
  ClosePoints: fc.record({ type: fc.constant('ClosePoints'), now }),
}

/** Any command, at moments that only rise. */
export const pointsHistories: fc.Arbitrary<readonly PointsCommand[]> = fc
  .array(
    fc.tuple(
      fc.oneof(
        ...Object.entries<fc.Arbitrary<PointsCommand>>(pointsArbitraries)
          .filter(([type]) => type !== 'ClosePoints')
          .map(([, each]) => each),
      ),
      fc.nat({ max: 8 }),
    ),
    { maxLength: 30 },
  )
  .map((drawn) => {
    let at = 0
    return drawn.map(([command, step]): PointsCommand => {
      at += step
      return { ...command, now: at }
    })
  })
