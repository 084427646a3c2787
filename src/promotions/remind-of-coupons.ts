import type { ResultAsync } from 'neverthrow'
import { messagePreferences } from '../notify/preference.schema.js'
import { put } from '../shared/commit.js'
import { decideAndCommit, type StorageError } from '../shared/decide-and-commit.js'
import { decideNext } from '../shared/decider.js'
import type { CorePorts } from '../shared/ports.js'
import { type Condition, row } from '../shared/read-plan.js'
import { type SweepReport, sweepEach } from '../shared/sweep-each.js'
import { coupons } from './coupon.collection.schema.js'
import { couponMachine } from './coupon-machine.js'
import { offerBookId, offerBooks } from './offer.schema.js'
import { tellCouponEnding } from './tell-coupon.js'

/**
 * Writes to customers whose coupons will end, at most so many, once for each: three days before, or in the last quarter
 * of what holds for less. These messages are marketing: they go to nobody who has not agreed to it.
 *
 * @errors StorageError when the coupons cannot be found at all
 */
export const remindOfCoupons = (
  ports: CorePorts,
  { limit }: { readonly limit: number },
): ResultAsync<SweepReport, StorageError> => {
  const now = ports.clock.now()
  const where: readonly Condition[] = [
    { field: 'status', is: 'eq', value: 'claimed' },
    { field: 'validTo', is: 'gt', value: now },
  ]
  return sweepEach(ports, { collection: coupons, field: 'remindAt', until: now, where, limit }, (id) =>
    remindOfOne(ports, id),
  )
}

const remindOfOne = (ports: CorePorts, id: string) =>
  decideAndCommit(ports, {
    scope: { kind: 'all' },
    plan: () => ({
      coupon: row(coupons, id),
      book: row(offerBooks, offerBookId),
      preference: row(messagePreferences, { from: 'coupon', path: 'holderId' }),
    }),
    decide: ({ coupon, book, preference }, { now }) =>
      decideNext(couponMachine, coupon?.state ?? couponMachine.initial, { type: 'RemindOfCoupon', now }).map(
        ({ state, events }) => ({
          changes:
            coupon === undefined || state.status !== 'claimed' || events.length === 0
              ? []
              : [
                  put(coupons, { id, version: coupon.version, state, events }),
                  ...tellCouponEnding(
                    book?.state.offers.find(({ offerId }) => offerId === state.offerId),
                    state,
                    preference,
                    now,
                  ),
                ],
          answer: events.length > 0,
        }),
      ),
  })
