import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { priceCart } from '../../src/pricing/price-cart.js'
import type { CouponCommand, CouponEvent } from '../../src/promotions/coupon.js'
import { type CouponState, couponMachine } from '../../src/promotions/coupon-machine.js'
import { decideNext } from '../../src/shared/decider.js'
import { carts } from '../pricing/carts.js'

const claimed: readonly CouponCommand[] = [
  {
    type: 'IssueCoupon',
    couponId: 'c1',
    offerId: 'o1',
    campaignId: null,
    batchId: null,
    code: null,
    claimableTo: 10,
    now: 0,
  },
  { type: 'ClaimCoupon', accountId: 'ann', validFrom: 0, validTo: 60, now: 1 },
]

const orderId = fc.constantFrom('order1', 'order2', 'order3')

/** What several orders, the shop and time do to a coupon, in any order. */
const interleavings = fc
  .array(
    fc.tuple(
      fc.integer({ min: 0, max: 4 }),
      fc.oneof(
        fc.record({ type: fc.constant('LockCoupon' as const), orderId, lockedUntil: fc.constantFrom(999, 1_099) }),
        fc.record({ type: fc.constant('UseCoupon' as const), orderId }),
        fc.record({ type: fc.constant('ReleaseCoupon' as const), orderId }),
        fc.record({ type: fc.constant('ReturnCoupon' as const), orderId, graceTo: fc.constantFrom(null, 120) }),
        fc.record({ type: fc.constant('ExpireCoupon' as const) }),
      ),
    ),
    { maxLength: 30, size: 'max' },
  )
  .map((steps) => {
    let now = 1
    return steps.map(([passes, command]): CouponCommand => {
      now += passes
      return { ...command, now }
    })
  })

describe('a coupon', () => {
  it('P20: is held by one order at a time and used once, over all interleavings of orders', () => {
    fc.assert(
      fc.property(interleavings, (commands) => {
        let state: CouponState = couponMachine.initial
        let holder: string | null = null
        let uses = 0
        for (const command of [...claimed, ...commands]) {
          const decided = decideNext(couponMachine, state, command).unwrapOr({ state, events: [] })
          for (const event of decided.events) {
            if ('orderId' in event && event.type !== 'CouponLocked') expect(event.orderId).toBe(holder)
            if (event.type === 'CouponLocked') expect(holder).toBeNull()
            holder = holderAfter(event, holder)
            if (event.type === 'CouponUsed') uses += 1
            if (event.type === 'CouponReturned') uses -= 1
          }
          state = decided.state
          expect(uses === 0 || uses === 1).toBe(true)
          expect(state.status === 'locked' || state.status === 'used').toBe(holder !== null)
          expect(state.status === 'used').toBe(uses === 1)
        }
      }),
    )
  })

  it('P20: that an order holds, or that is used or over, takes nothing off another order', () => {
    fc.assert(
      fc.property(
        carts(),
        fc.array(
          fc.constantFrom(
            'issued' as const,
            'claimed' as const,
            'locked' as const,
            'used' as const,
            'expired' as const,
            'revoked' as const,
          ),
          { minLength: 4, maxLength: 4 },
        ),
        (drawn, statuses) => {
          const coupons = drawn.coupons.map((each, place) => ({ ...each, status: statuses[place] ?? 'claimed' }))
          const free = coupons.filter(({ status }) => status === 'claimed')
          const price = priceCart({ ...drawn, coupons })._unsafeUnwrap()
          expect(free.map(({ couponId }) => couponId)).toEqual(expect.arrayContaining([...price.couponsUsed]))
          const without = priceCart({ ...drawn, coupons: free })._unsafeUnwrap()
          expect({ ...price, trace: [] }).toEqual({ ...without, trace: [] })
        },
      ),
    )
  })
})

const holderAfter = (event: CouponEvent, holder: string | null): string | null => {
  switch (event.type) {
    case 'CouponLocked':
      return event.orderId
    case 'CouponReleased':
    case 'CouponReturned':
      return null
    case 'CouponIssued':
    case 'CouponClaimed':
    case 'CouponLockProlonged':
    case 'CouponUsed':
    case 'CouponRevoked':
    case 'RevocationNoted':
    case 'CouponReminded':
    case 'CouponExpired':
      return holder
  }
}
