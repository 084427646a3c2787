import { okAsync, type ResultAsync } from 'neverthrow'
import { put } from '../shared/commit.js'
import { decideAndCommit, type StorageError } from '../shared/decide-and-commit.js'
import { decideNext } from '../shared/decider.js'
import type { Instant } from '../shared/instant.js'
import type { CorePorts } from '../shared/ports.js'
import { readFacts } from '../shared/read-facts.js'
import { find, row } from '../shared/read-plan.js'
import { coupons } from './coupon.collection.schema.js'
import type { CouponError } from './coupon.js'
import { couponMachine } from './coupon-machine.js'

/** What a sweep came to. */
export type SweepReport = {
  readonly done: number
  readonly failed: readonly { readonly id: string; readonly reason: string }[]
}

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
  const due = (status: string, field: string) =>
    find(coupons, {
      where: [
        { field: 'status', is: 'eq', value: status },
        { field, is: 'lte', value: now },
      ],
      orderBy: { field, direction: 'ascending' },
      limit,
    })
  const plan = { claimed: due('claimed', 'validTo'), issued: due('issued', 'claimableTo') }
  return readFacts(ports.storage, { shop: ports.shop, scope: { kind: 'all' }, at: now, plan })
    .mapErr((error): StorageError => error)
    .andThen(({ claimed, issued }) => {
      const ids = [...claimed, ...issued].slice(0, limit).map(({ id }) => id)
      let report: ResultAsync<SweepReport, StorageError> = okAsync({ done: 0, failed: [] })
      for (const id of ids) report = report.andThen((sofar) => expireOne(ports, id, now, sofar))
      return report
    })
}

const expireOne = (
  ports: CorePorts,
  id: string,
  now: Instant,
  sofar: SweepReport,
): ResultAsync<SweepReport, StorageError> =>
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
    .map((): SweepReport => ({ ...sofar, done: sofar.done + 1 }))
    .orElse((error: CouponError | StorageError) =>
      okAsync({ ...sofar, failed: [...sofar.failed, { id, reason: error.type }] }),
    )
