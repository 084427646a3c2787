import { okAsync, Result, type ResultAsync } from 'neverthrow'
import { decideAndCommit, type StorageError } from '../shared/decide-and-commit.js'
import type { CorePorts } from '../shared/ports.js'
import type { Reaction } from '../shared/reaction.js'
import { find, type TimedPageEnd } from '../shared/read-plan.js'
import { coupons } from './coupon.collection.schema.js'
import type { CouponError } from './coupon.js'
import { revokeOne } from './revoke-coupon.js'

/** As many as one commit may write. */
const pageSize = 500

/** Takes back the coupons that an account held when it was erased, page by page; those taken back before are passed over. */
export const closeCoupons: Reaction = {
  name: 'promotions.closeCoupons',
  listensTo: ['account/AccountErased'],
  react: (ports, event) => closeFrom(ports, event.rowId),
}

const closeFrom = (
  ports: CorePorts,
  holderId: string,
  after?: TimedPageEnd,
): ResultAsync<void, CouponError | StorageError> =>
  decideAndCommit(ports, {
    scope: { kind: 'all' },
    plan: () => ({
      held: find(coupons, {
        where: [
          { field: 'holderId', is: 'eq', value: holderId },
          { field: 'status', is: 'in', values: ['claimed', 'locked'] },
        ],
        orderBy: { field: 'claimedAt', direction: 'ascending' },
        limit: pageSize,
        ...(after === undefined ? {} : { after }),
      }),
    }),
    decide: ({ held }, { now }) => {
      const last = held.length < pageSize ? undefined : held.at(-1)
      return Result.combine(held.map((coupon) => revokeOne(coupon, 'accountClosed', now))).map((taken) => ({
        changes: taken.flatMap(({ changes }) => changes),
        // Whoever holds a coupon has claimed it.
        answer:
          last === undefined || !('claimedAt' in last.state) || last.state.claimedAt === null
            ? undefined
            : { value: last.state.claimedAt, id: last.id },
      }))
    },
  }).andThen((next) => (next === undefined ? okAsync(undefined) : closeFrom(ports, holderId, next)))
