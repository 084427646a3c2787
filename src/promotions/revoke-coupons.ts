import { Result, type ResultAsync } from 'neverthrow'
import { auditEntry } from '../shared/audit-entry.js'
import type { CorePorts } from '../shared/ports.js'
import { type Condition, find, type TimedPageEnd } from '../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../shared/run-command.js'
import { coupons } from './coupon.collection.schema.js'
import type { CouponError } from './coupon.js'
import { revokeOne } from './revoke-coupon.js'
import { parseRevokeCoupons, type RevokeCouponsInput } from './revoke-coupon.schema.js'

/** What became of a page of coupons that staff takes back. */
export type RevokedCoupons = {
  readonly revoked: number
  /** Held by unpaid orders: revoked as soon as these let go of them. */
  readonly locked: number
  /** Where to go on; null at the end. */
  readonly next: TimedPageEnd | null
}

/**
 * Takes back a page of the coupons of a batch, a campaign or an offer, the oldest first; `next` says where to go on,
 * also after a stop. Used and expired ones stay as they are. While the offer stands in the book new ones can be claimed:
 * take it out first.
 *
 * @errors CommandError
 */
export const revokeCoupons = (
  ports: CorePorts,
  context: CommandContext,
  input: RevokeCouponsInput,
): ResultAsync<RevokedCoupons, CouponError | CommandError> =>
  runCommand(ports, context, input, {
    action: 'promotions.revokeCoupons',
    parse: parseRevokeCoupons,
    plan: ({ input: { of, limit, after } }) => ({
      found: find(coupons, {
        where: [belongsTo(of), { field: 'status', is: 'in', values: ['issued', 'claimed', 'locked'] }],
        orderBy: { field: 'issuedAt', direction: 'ascending' },
        limit: limit + 1,
        ...(after === undefined ? {} : { after }),
      }),
    }),
    decide: ({ found }, { input: { of, reason, limit }, actor, now }) => {
      const page = found.slice(0, limit)
      const last = page.at(-1)
      return Result.combine(page.map((coupon) => revokeOne(coupon, reason, now))).map((taken) => ({
        answer: {
          revoked: taken.filter(({ status }) => status === 'revoked').length,
          locked: taken.filter(({ status }) => status === 'locked').length,
          next: found.length > limit && last !== undefined ? { value: last.state.issuedAt, id: last.id } : null,
        },
        changes: [
          ...taken.flatMap(({ changes }) => changes),
          auditEntry(ports.ids, {
            actor,
            action: 'promotions.revokeCoupons',
            subject: `${of.kind}:${belongsTo(of).value}`,
            at: now,
            outcome: 'done',
            detail: reason,
          }),
        ],
      }))
    },
  })

const belongsTo = (of: RevokeCouponsInput['of']): Extract<Condition, { is: 'eq' | 'lt' | 'lte' | 'gt' | 'gte' }> => {
  switch (of.kind) {
    case 'batch':
      return { field: 'batchId', is: 'eq', value: of.batchId }
    case 'campaign':
      return { field: 'campaignId', is: 'eq', value: of.campaignId }
    case 'offer':
      return { field: 'offerId', is: 'eq', value: of.offerId }
  }
}
