import { err, type Result, type ResultAsync } from 'neverthrow'
import { auditEntry } from '../shared/audit-entry.js'
import { type Change, put } from '../shared/commit.js'
import { decideNext } from '../shared/decider.js'
import type { NotFound } from '../shared/errors.js'
import type { Instant } from '../shared/instant.js'
import type { CorePorts } from '../shared/ports.js'
import { row, type Stored } from '../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../shared/run-command.js'
import { coupons } from './coupon.collection.schema.js'
import type { Coupon, CouponError, RevokeReason } from './coupon.js'
import { couponMachine } from './coupon-machine.js'
import type { RevokeCouponInput } from './revoke-coupon.schema.js'
import { parseRevokeCoupon } from './revoke-coupon.schema.js'

/** What became of a coupon that staff takes back; `locked` is revoked as soon as its order lets go of it. */
export type RevokedCoupon = { readonly couponId: string; readonly status: 'revoked' | 'locked' }

/**
 * Takes a coupon back, for a reason that the audit log keeps. One that an unpaid order holds stays with the order: paid,
 * it counts; given up, it is gone. A used coupon cannot be taken back.
 *
 * @errors NotFound, CouponNotReady, CommandError
 */
export const revokeCoupon = (
  ports: CorePorts,
  context: CommandContext,
  input: RevokeCouponInput,
): ResultAsync<RevokedCoupon, NotFound | CouponError | CommandError> =>
  runCommand(ports, context, input, {
    action: 'promotions.revokeCoupon',
    parse: parseRevokeCoupon,
    plan: ({ input }) => ({ coupon: row(coupons, input.couponId) }),
    decide: ({ coupon }, { input: { couponId, reason }, actor, now }) => {
      if (coupon === undefined) {
        return err<never, NotFound | CouponError>({ type: 'NotFound', entity: 'coupon', id: couponId })
      }
      return revokeOne(coupon, reason, now).map(({ status, changes }) => ({
        answer: { couponId, status },
        changes: [
          ...changes,
          auditEntry(ports.ids, {
            actor,
            action: 'promotions.revokeCoupon',
            subject: couponId,
            at: now,
            outcome: 'done',
            detail: reason,
          }),
        ],
      }))
    },
  })

/** What taking back one coupon changes; nothing where it was done before. */
export const revokeOne = (
  { id, version, state: before }: Stored<Coupon>,
  reason: RevokeReason,
  now: Instant,
): Result<{ readonly status: RevokedCoupon['status']; readonly changes: readonly Change[] }, CouponError> =>
  decideNext(couponMachine, before, { type: 'RevokeCoupon', reason, now }).map(({ state, events }) => ({
    status: state.status === 'locked' ? 'locked' : 'revoked',
    changes: events.length === 0 ? [] : [put(coupons, { id, version, state, events })],
  }))
