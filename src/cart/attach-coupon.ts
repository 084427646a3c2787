import { err, type ResultAsync } from 'neverthrow'
import { coupons } from '../promotions/coupon.collection.schema.js'
import type { Coupon } from '../promotions/coupon.js'
import { expectRow } from '../shared/commit.js'
import type { Instant } from '../shared/instant.js'
import { row, rows } from '../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../shared/run-command.js'
import type { CartError } from './cart.js'
import {
  askCart,
  type CartDecision,
  type ChangedCart,
  cartOwner,
  decideCart,
  hasNoCart,
  policyOf,
} from './change-cart.js'
import { parseCoupon } from './input.schema.js'
import type { CartPorts } from './ports.js'

/**
 * Puts a coupon that the actor holds on their cart; whether it takes effect is the price's to say. Those on it that can no
 * longer be used are let go of, and count toward no limit.
 *
 * @errors CommandError, NotFound, CouponNotUsable, TooManyCoupons, CartAlreadyMerged
 */
export const attachCoupon = (
  ports: CartPorts,
  context: CommandContext,
  input: { readonly couponId: string },
): ResultAsync<ChangedCart, CartError | CommandError> =>
  runCommand(ports, context, input, {
    action: 'cart.attachCoupon',
    parse: parseCoupon,
    plan: ({ input: { couponId }, actor }) => ({
      cart: askCart(actor),
      coupon: row(coupons, couponId),
      attached: rows(coupons, { from: 'cart', path: 'couponIds.*' }),
    }),
    decide: ({ cart, coupon, attached }, { input: { couponId }, actor, now }): CartDecision => {
      const owner = cartOwner(actor)
      if (owner === undefined) return err(hasNoCart('cart.attachCoupon'))
      const holderId = coupon !== undefined && 'holderId' in coupon.state ? coupon.state.holderId : null
      if (coupon === undefined || holderId !== owner.ownerId)
        return err({ type: 'NotFound', entity: 'coupon', id: couponId })
      if (coupon.state.status !== 'claimed') {
        return err({ type: 'CouponNotUsable', couponId, status: coupon.state.status })
      }
      return decideCart(cart, owner.cartId, {
        type: 'AttachCoupon',
        ...owner,
        couponId,
        endedIds: attached.filter(({ state }) => isOver(state, now)).map(({ id }) => id),
        policy: policyOf(ports),
        at: now,
      }).map(({ changes, answer }) => ({ answer, changes: [...changes, expectRow(coupons, coupon)] }))
    },
  })

// One that an unpaid order holds may be free again.
const isOver = (coupon: Coupon, now: Instant): boolean =>
  coupon.status === 'claimed' ? now >= coupon.validTo : coupon.status !== 'locked'
