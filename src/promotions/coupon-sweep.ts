import { okAsync, type ResultAsync } from 'neverthrow'
import { put } from '../shared/commit.js'
import { decideAndCommit, type StorageError } from '../shared/decide-and-commit.js'
import { decideNext } from '../shared/decider.js'
import type { Instant } from '../shared/instant.js'
import type { CorePorts } from '../shared/ports.js'
import { row } from '../shared/read-plan.js'
import { type SweepReport, sweepEach } from '../shared/sweep-each.js'
import { coupons } from './coupon.collection.schema.js'
import { couponMachine } from './coupon-machine.js'

/**
 * Expires coupons whose time is over, at most so many; the rest waits for the next sweep. One that fails stops no other.
 *
 * @errors StorageError when the coupons cannot be found at all
 */
export const couponSweep = (
  ports: CorePorts,
  { limit }: { readonly limit: number },
): ResultAsync<SweepReport, StorageError> => {
  const now = ports.clock.now()
  const sweep = (status: string, field: string, most: number) =>
    sweepEach(
      ports,
      { collection: coupons, field, until: now, where: [{ field: 'status', is: 'eq', value: status }], limit: most },
      (id) => expireOne(ports, id, now),
    )
  return sweep('claimed', 'validTo', limit).andThen((claimed) =>
    claimed.done >= limit
      ? okAsync(claimed)
      : sweep('issued', 'claimableTo', limit - claimed.done).map((issued) => ({
          done: claimed.done + issued.done,
          failed: [...claimed.failed, ...issued.failed],
        })),
  )
}

const expireOne = (ports: CorePorts, id: string, now: Instant) =>
  decideAndCommit(ports, {
    scope: { kind: 'all' },
    plan: () => ({ coupon: row(coupons, id) }),
    decide: ({ coupon }) =>
      decideNext(couponMachine, coupon?.state ?? couponMachine.initial, { type: 'ExpireCoupon', now }).map(
        ({ state, events }) => ({
          changes:
            coupon === undefined || state.status === 'absent' || events.length === 0
              ? []
              : [put(coupons, { id, version: coupon.version, state, events })],
          answer: undefined,
        }),
      ),
  })
