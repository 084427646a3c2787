import fc from 'fast-check'
import { describe, it } from 'vitest'
import type { CouponCommand, CouponEvent } from '../../src/promotions/coupon.js'
import { couponMachine, couponTable } from '../../src/promotions/coupon-machine.js'
import { specify } from '../kit/given-when-then.js'
import { machineLaws } from '../kit/machine-laws.js'

const issue: Extract<CouponCommand, { type: 'IssueCoupon' }> = {
  type: 'IssueCoupon',
  couponId: 'c1',
  offerId: 'o1',
  campaignId: null,
  batchId: 'b1',
  code: 'ABCD',
  claimableTo: 100,
  now: 1,
}
const accountId = fc.constantFrom('ann', 'bob')
const orderId = fc.constantFrom('order1', 'order2')
const now = fc.integer({ min: 0, max: 150 })

machineLaws({
  name: 'coupon',
  decider: couponMachine,
  table: couponTable,
  // A used coupon may come back for ever; it ends by being revoked or by its time.
  statuses: {
    absent: 'open',
    issued: 'open',
    claimed: 'open',
    locked: 'open',
    used: 'open',
    expired: 'final',
    revoked: 'final',
  },
  arbitraries: {
    IssueCoupon: fc.constant(issue),
    ClaimCoupon: fc.record({
      type: fc.constant('ClaimCoupon'),
      accountId,
      validFrom: fc.integer({ min: 0, max: 50 }),
      validTo: fc.integer({ min: 51, max: 120 }),
      now,
    }),
    LockCoupon: fc.record({ type: fc.constant('LockCoupon'), orderId, lockedUntil: fc.constantFrom(200, 300), now }),
    UseCoupon: fc.record({ type: fc.constant('UseCoupon'), orderId, now }),
    ReleaseCoupon: fc.record({ type: fc.constant('ReleaseCoupon'), orderId, now }),
    ReturnCoupon: fc.record({
      type: fc.constant('ReturnCoupon'),
      orderId,
      graceTo: fc.option(fc.integer({ min: 100, max: 140 })),
      now,
    }),
    RevokeCoupon: fc.record({ type: fc.constant('RevokeCoupon'), reason: fc.constant('abuse'), now }),
    RemindOfCoupon: fc.record({ type: fc.constant('RemindOfCoupon'), now }),
    ExpireCoupon: fc.record({ type: fc.constant('ExpireCoupon'), now }),
  },
  model: {
    IssueCoupon: [issue],
    ClaimCoupon: [
      { type: 'ClaimCoupon', accountId: 'ann', validFrom: 10, validTo: 60, now: 5 },
      { type: 'ClaimCoupon', accountId: 'bob', validFrom: 10, validTo: 60, now: 100 },
    ],
    LockCoupon: [
      { type: 'LockCoupon', orderId: 'order1', lockedUntil: 200, now: 10 },
      { type: 'LockCoupon', orderId: 'order1', lockedUntil: 300, now: 20 },
      { type: 'LockCoupon', orderId: 'order2', lockedUntil: 200, now: 60 },
    ],
    UseCoupon: [{ type: 'UseCoupon', orderId: 'order1', now: 70 }],
    ReleaseCoupon: [
      { type: 'ReleaseCoupon', orderId: 'order1', now: 59 },
      { type: 'ReleaseCoupon', orderId: 'order1', now: 60 },
      { type: 'ReleaseCoupon', orderId: 'order2', now: 61 },
    ],
    ReturnCoupon: [
      { type: 'ReturnCoupon', orderId: 'order1', graceTo: null, now: 59 },
      { type: 'ReturnCoupon', orderId: 'order1', graceTo: null, now: 90 },
      { type: 'ReturnCoupon', orderId: 'order1', graceTo: 130, now: 90 },
    ],
    RevokeCoupon: [{ type: 'RevokeCoupon', reason: 'mistake', now: 80 }],
    RemindOfCoupon: [
      { type: 'RemindOfCoupon', now: 47 },
      { type: 'RemindOfCoupon', now: 48 },
    ],
    ExpireCoupon: [{ type: 'ExpireCoupon', now: 120 }],
  },
  invariants: {
    'a coupon holds for some time or not at all': (state) => !('validTo' in state) || state.validFrom < state.validTo,
  },
})

const given = specify(couponMachine)
const issued: CouponEvent = {
  type: 'CouponIssued',
  couponId: 'c1',
  offerId: 'o1',
  campaignId: null,
  batchId: 'b1',
  code: 'ABCD',
  claimableTo: 100,
  at: 1,
}
const claimed: CouponEvent = {
  type: 'CouponClaimed',
  couponId: 'c1',
  offerId: 'o1',
  holderId: 'ann',
  validFrom: 10,
  validTo: 60,
  at: 5,
}
const locked: CouponEvent = { type: 'CouponLocked', couponId: 'c1', orderId: 'order1', lockedUntil: 200, at: 59 }
const used: CouponEvent = { type: 'CouponUsed', couponId: 'c1', orderId: 'order1', at: 70 }

describe('a coupon', () => {
  it('is claimed once, and by its holder again without effect', () => {
    const claim = { type: 'ClaimCoupon', validFrom: 10, validTo: 60, now: 7 } as const
    given([issued, claimed])
      .when({ ...claim, accountId: 'ann' })
      .then([])
    given([issued, claimed])
      .when({ ...claim, accountId: 'bob' })
      .thenRefused({ type: 'CouponNotReady', couponId: 'c1', status: 'claimed', command: 'ClaimCoupon' })
  })

  it('is locked from its first moment on and not at its last', () => {
    const lock = { type: 'LockCoupon', orderId: 'order1', lockedUntil: 200 } as const
    given([issued, claimed])
      .when({ ...lock, now: 9 })
      .thenRefused({ type: 'CouponNotYetValid', couponId: 'c1', validFrom: 10 })
    given([issued, claimed])
      .when({ ...lock, now: 59 })
      .then([locked])
    given([issued, claimed])
      .when({ ...lock, now: 60 })
      .thenRefused({ type: 'CouponNoLongerValid', couponId: 'c1', validTo: 60 })
  })

  it('that was locked in time is used after its time', () => {
    given([issued, claimed, locked]).when({ type: 'UseCoupon', orderId: 'order1', now: 70 }).then([used])
  })

  it('belongs to one order at a time', () => {
    const refusal = { type: 'CouponHeldByOtherOrder', couponId: 'c1' } as const
    const lock = { type: 'LockCoupon', lockedUntil: 200, now: 20 } as const
    given([issued, claimed, locked])
      .when({ ...lock, orderId: 'order2' })
      .thenRefused(refusal)
    given([issued, claimed, locked])
      .when({ ...lock, orderId: 'order1' })
      .then([])
    given([issued, claimed, locked]).when({ type: 'UseCoupon', orderId: 'order2', now: 20 }).thenRefused(refusal)
    given([issued, claimed, locked]).when({ type: 'ReleaseCoupon', orderId: 'order2', now: 20 }).thenRefused(refusal)
    given([issued, claimed, locked, used])
      .when({ type: 'ReturnCoupon', orderId: 'order2', graceTo: null, now: 80 })
      .thenRefused(refusal)
  })

  it('is held for longer by the order that holds it, never for less, and is revoked then as it was to be', () => {
    const lock = { type: 'LockCoupon', orderId: 'order1', now: 70 } as const
    const longer: CouponEvent = {
      type: 'CouponLockProlonged',
      couponId: 'c1',
      orderId: 'order1',
      lockedUntil: 300,
      at: 70,
    }
    const noted: CouponEvent = { type: 'RevocationNoted', couponId: 'c1', reason: 'abuse', at: 61 }
    given([issued, claimed, locked])
      .when({ ...lock, lockedUntil: 300 })
      .then([longer])
    given([issued, claimed, locked, longer])
      .when({ ...lock, lockedUntil: 250 })
      .then([])
    given([issued, claimed, locked, noted, longer])
      .when({ type: 'ReleaseCoupon', orderId: 'order1', now: 80 })
      .then([
        { type: 'CouponReleased', couponId: 'c1', orderId: 'order1', at: 80 },
        { type: 'CouponRevoked', couponId: 'c1', reason: 'abuse', at: 80 },
      ])
  })

  it('released after its time expires, in time it is free again', () => {
    const released: CouponEvent = { type: 'CouponReleased', couponId: 'c1', orderId: 'order1', at: 60 }
    given([issued, claimed, locked])
      .when({ type: 'ReleaseCoupon', orderId: 'order1', now: 60 })
      .then([released, { type: 'CouponExpired', couponId: 'c1', at: 60 }])
    given([issued, claimed, locked])
      .when({ type: 'ReleaseCoupon', orderId: 'order1', now: 59 })
      .then([{ ...released, at: 59 }])
  })

  it('comes back from a refund for as long as it would have held, or by grace for longer', () => {
    given([issued, claimed, locked, used])
      .when({ type: 'ReturnCoupon', orderId: 'order1', graceTo: 130, now: 90 })
      .then([{ type: 'CouponReturned', couponId: 'c1', orderId: 'order1', validTo: 130, at: 90 }])
  })

  it('is revoked at once while no order holds it, and twice without effect', () => {
    const revoked: CouponEvent = { type: 'CouponRevoked', couponId: 'c1', reason: 'abuse', at: 20 }
    given([issued]).when({ type: 'RevokeCoupon', reason: 'abuse', now: 20 }).then([revoked])
    given([issued, claimed]).when({ type: 'RevokeCoupon', reason: 'abuse', now: 20 }).then([revoked])
    given([issued, claimed, revoked]).when({ type: 'RevokeCoupon', reason: 'mistake', now: 21 }).then([])
  })

  it('that an order holds is revoked when the order lets go of it, and counts when the order is paid', () => {
    const noted: CouponEvent = { type: 'RevocationNoted', couponId: 'c1', reason: 'abuse', at: 61 }
    const revokedAt = (at: number): CouponEvent => ({ type: 'CouponRevoked', couponId: 'c1', reason: 'abuse', at })
    given([issued, claimed, locked]).when({ type: 'RevokeCoupon', reason: 'abuse', now: 61 }).then([noted])
    given([issued, claimed, locked, noted]).when({ type: 'RevokeCoupon', reason: 'abuse', now: 62 }).then([])
    given([issued, claimed, locked, noted])
      .when({ type: 'ReleaseCoupon', orderId: 'order1', now: 63 })
      .then([{ type: 'CouponReleased', couponId: 'c1', orderId: 'order1', at: 63 }, revokedAt(63)])
    given([issued, claimed, locked, noted]).when({ type: 'UseCoupon', orderId: 'order1', now: 70 }).then([used])
    given([issued, claimed, locked, noted, used])
      .when({ type: 'ReturnCoupon', orderId: 'order1', graceTo: 130, now: 90 })
      .then([{ type: 'CouponReturned', couponId: 'c1', orderId: 'order1', validTo: 130, at: 90 }, revokedAt(90)])
    given([issued, claimed, locked, used])
      .when({ type: 'RevokeCoupon', reason: 'abuse', now: 90 })
      .thenRefused({ type: 'CouponNotReady', couponId: 'c1', status: 'used', command: 'RevokeCoupon' })
  })

  it('reminds its holder once, in the last quarter of its time', () => {
    // Held from 10 to 60: a quarter before the end is 60 - 12 = 48.
    const reminded: CouponEvent = { type: 'CouponReminded', couponId: 'c1', at: 48 }
    given([issued, claimed]).when({ type: 'RemindOfCoupon', now: 47 }).then([])
    given([issued, claimed]).when({ type: 'RemindOfCoupon', now: 48 }).then([reminded])
    given([issued, claimed, reminded]).when({ type: 'RemindOfCoupon', now: 50 }).then([])
    given([issued, claimed]).when({ type: 'RemindOfCoupon', now: 60 }).then([])
  })

  it('that comes back is told of again only where it ends later than was told', () => {
    const reminded: CouponEvent = { type: 'CouponReminded', couponId: 'c1', at: 48 }
    const returned: CouponEvent = { type: 'CouponReturned', couponId: 'c1', orderId: 'order1', validTo: 60, at: 52 }
    const remind = { type: 'RemindOfCoupon' } as const
    given([issued, claimed, reminded, locked, used, returned])
      .when({ ...remind, now: 59 })
      .then([])
    given([issued, claimed, locked, used, returned])
      .when({ ...remind, now: 58 })
      .then([{ ...reminded, at: 58 }])
    given([issued, claimed, reminded, locked, used, { ...returned, validTo: 92 }])
      .when({ ...remind, now: 82 })
      .then([{ ...reminded, at: 82 }])
  })
})
