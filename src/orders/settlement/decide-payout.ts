import { err, ok, type Result, type ResultAsync } from 'neverthrow'
import type { Payout, SplitReturn } from '../../payments/payout.js'
import { payouts } from '../../payments/payout.schema.js'
import { longestCallMs } from '../../payments/query-schedule.js'
import { settlements } from '../../payments/settlement.schema.js'
import type { Denied } from '../../shared/actor.js'
import { auditEntry } from '../../shared/audit-entry.js'
import { put } from '../../shared/commit.js'
import type { Decision } from '../../shared/decide-and-commit.js'
import type { NotFound } from '../../shared/errors.js'
import type { Instant } from '../../shared/instant.js'
import { compareCodePoints } from '../../shared/json.js'
import { listed, pageOf, type UnreadableRows } from '../../shared/list-page.js'
import type { CorePorts } from '../../shared/ports.js'
import { type Condition, find, row, rows } from '../../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../../shared/run-command.js'
import { type QueryContext, type QueryError, runQuery } from '../../shared/run-query.js'
import { overdueAfterMs } from '../name-overdue.js'
import {
  type DecidePayoutInput,
  type ListUnclearPayoutsInput,
  parseDecidePayout,
  parseListUnclearPayouts,
  type UnclearPayoutCursor,
} from './decide-payout.schema.js'
import { broughtBack, type EndedPayout, isReturning, notBroughtBack, notPaidOut, paidOut } from './end-payout.js'
import { type BegunPayout, begunOf, retryMs, unheardPayouts, unheardReturns } from './tell-payout.js'

/** What came of a payout is known, or is still being asked for. */
export type PayoutNotUnclear = {
  readonly type: 'PayoutNotUnclear'
  readonly payoutId: string
  readonly status: Payout['status']
}

/** Why a person's word on a payout is not taken. */
export type DecidePayoutError = CommandError | NotFound | PayoutNotUnclear

const action = 'orders.decidePayout'

/**
 * Takes a person's word on a payout, or on what of a split was to come back, of which the bank or the gateway says no in
 * words that may hide a yes (`DuplicateReference` and the like), or of which nothing was heard for three days. What was not
 * sent stands to the payee's account again; what is not back goes on being owed.
 *
 * @errors NotFound, PayoutNotUnclear; Denied, too, to whoever may not see all the orders that it is for; CommandError
 */
export const decidePayout = (
  ports: CorePorts,
  context: CommandContext,
  input: DecidePayoutInput,
): ResultAsync<BegunPayout, DecidePayoutError> =>
  runCommand(ports, context, input, {
    action,
    parse: parseDecidePayout,
    plan: ({ input: { payoutId } }) => ({
      payout: row(payouts, payoutId),
      found: rows(settlements, { from: 'payout', path: 'parts.*.orderId' }),
    }),
    decide: (
      { payout, found },
      { input: { payoutId, moved }, actor, now },
    ): Result<Decision<BegunPayout>, NotFound | PayoutNotUnclear | Denied> => {
      if (payout === undefined) return err({ type: 'NotFound', entity: 'payout', id: payoutId })
      // What is not seen of it would not go back to its payee, and nothing would ever say so.
      const isAllSeen = payout.state.parts.every(({ orderId }) => found.some(({ id }) => id === orderId))
      if (!isAllSeen) return err({ type: 'Denied', action })
      const ended = end(payout.state, moved, { found, now })
      if (ended === null) return err({ type: 'PayoutNotUnclear', payoutId, status: payout.state.status })
      const { state, further = [] } = ended
      const detail = moved ? 'moved' : 'not moved'
      return ok({
        changes: [
          put(payouts, { id: payoutId, version: payout.version, state }),
          ...further,
          auditEntry(ports.ids, { actor, action, subject: payoutId, at: now, outcome: 'done', detail }),
        ],
        answer: begunOf(state),
      })
    },
  })

type Circumstances = Pick<Parameters<typeof notPaidOut>[1], 'found' | 'now'>

const end = (payout: Payout, moved: boolean, { found, now }: Circumstances): EndedPayout | null => {
  if (payout.status === 'unclear') {
    return moved ? paidOut(payout, null, now) : notPaidOut(payout, { code: payout.code, found, now })
  }
  if (payout.status === 'submitted') {
    if ((payout.isAsked === true && isOnItsWay(payout.tellAt, now)) || now - payout.submittedAt < overdueAfterMs)
      return null
    return moved ? paidOut(payout, null, now) : notPaidOut(payout, { code: 'Network', found, now })
  }
  if (!isReturning(payout) || !mayBeDecided(payout.returning, now)) return null
  const code = 'code' in payout.returning ? payout.returning.code : null
  return moved ? broughtBack(payout, { found, now }) : notBroughtBack(payout, { code, now })
}

// One that is still asked for is decided only while no request is on its way.
const mayBeDecided = (returning: SplitReturn, now: Instant): boolean => {
  if ('code' in returning) return true
  const { since, tellAt, isAsked } = returning
  const isAsking = isAsked === true && isOnItsWay(tellAt, now)
  return !isAsking && since !== undefined && now - since >= overdueAfterMs
}

const isOnItsWay = (tellAt: Instant, now: Instant): boolean => now < tellAt - retryMs + longestCallMs

/** A page of payouts that wait for a person. */
export type UnclearPayoutPage = UnreadableRows & {
  readonly payouts: readonly Payout[]
  readonly next: UnclearPayoutCursor | null
}

/**
 * Lists the payouts of which a person has to say whether they were sent, or whether what was to come back of them did; or
 * those that were submitted, or are to come back in part, and of which nobody has said yet what came of that.
 *
 * @errors QueryError
 */
export const listUnclearPayouts = (
  ports: CorePorts,
  context: QueryContext,
  input: ListUnclearPayoutsInput = {},
): ResultAsync<UnclearPayoutPage, QueryError> =>
  runQuery(ports, context, input, {
    action: 'orders.unclearPayouts',
    parse: parseListUnclearPayouts,
    plan: ({ input: { unheard = false, limit = 20, after } }) => {
      const since = (field: string, where: readonly Condition[]) =>
        listed(
          find(payouts, {
            where: [...where, { field, is: 'gte', value: 0 }],
            orderBy: { field, direction: 'ascending' },
            limit: limit + 1,
            ...(after === undefined ? {} : { after: { value: after.since, id: after.payoutId } }),
          }),
        )
      return unheard
        ? {
            found: since(unheardPayouts.field, unheardPayouts.where),
            returning: since(unheardReturns.field, unheardReturns.where),
          }
        : { found: since('unclearSince', []), returning: listed(rows(payouts, [])) }
    },
    answer: ({ found, returning }, { input: { limit = 20 }, scope }) => {
      const sorted = [...found, ...returning].sort(
        (left, right) => Number(left.value) - Number(right.value) || compareCodePoints(left.id, right.id),
      )
      const { rows: page, unreadable, end } = pageOf(sorted, { limit, scope })
      const next = end === null ? null : { since: Number(end.value), payoutId: end.id }
      return ok({ payouts: page.map(({ state }) => state), unreadable, next })
    },
  })
