import { ok, Result } from 'neverthrow'
import { type Reaction, reactOnce } from '../shared/reaction.js'
import { find } from '../shared/read-plan.js'
import { coupons } from './coupon.collection.schema.js'
import { revokeOne } from './revoke-coupon.js'

const name = 'promotions.closeCoupons'

/** Takes back the coupons that an account held when it was erased, the 500 of them that one commit may write. */
export const closeCoupons: Reaction = {
  name,
  listensTo: ['account/AccountErased'],
  react: (ports, event) =>
    reactOnce(
      ports,
      { name, event },
      {
        plan: () => ({
          held: find(coupons, {
            where: [
              { field: 'holderId', is: 'eq', value: event.rowId },
              { field: 'status', is: 'in', values: ['claimed', 'locked'] },
            ],
            limit: 500,
          }),
        }),
        decide: ({ held }, { now }) =>
          Result.combine(held.map((coupon) => revokeOne(coupon, 'accountClosed', now))).andThen((taken) =>
            ok({ changes: taken.flatMap(({ changes }) => changes), answer: undefined }),
          ),
      },
    ),
}
