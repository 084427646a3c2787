import { err, type ResultAsync } from 'neverthrow'
import { coupons } from '../promotions/coupon.collection.schema.js'
import { expectRow } from '../shared/commit.js'
import { row } from '../shared/read-plan.js'
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
 * Puts a coupon that the actor holds on their cart; whether it takes effect is the price's to say.
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
    plan: ({ input: { couponId }, actor }) => ({ cart: askCart(actor), coupon: row(coupons, couponId) }),
    decide: ({ cart, coupon }, { input: { couponId }, actor, now }): CartDecision => {
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
        policy: policyOf(ports),
        at: now,
      }).map(({ changes, answer }) => ({ answer, changes: [...changes, expectRow(coupons, coupon)] }))
    },
  })
