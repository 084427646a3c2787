import { err, ok, type Result, type ResultAsync } from 'neverthrow'
import type { Payout } from '../../payments/payout.js'
import { payouts } from '../../payments/payout.schema.js'
import { type Settlement, unpaidMinor } from '../../payments/settlement.js'
import { settlements } from '../../payments/settlement.schema.js'
import type { Denied } from '../../shared/actor.js'
import { auditEntry } from '../../shared/audit-entry.js'
import type { Collection } from '../../shared/collection.js'
import { put } from '../../shared/commit.js'
import type { Currency } from '../../shared/currency.js'
import type { Decision } from '../../shared/decide-and-commit.js'
import type { NotFound } from '../../shared/errors.js'
import type { Instant } from '../../shared/instant.js'
import { compareCodePoints } from '../../shared/json.js'
import { type ListedRow, listed, pageOf, type UnreadableRows } from '../../shared/list-page.js'
import type { CorePorts } from '../../shared/ports.js'
import { type Condition, find, row, rows } from '../../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../../shared/run-command.js'
import { type QueryContext, type QueryError, runQuery } from '../../shared/run-query.js'
import { checkDecidable, type Silence } from '../decidable-from.js'
import {
  type DecidePayoutInput,
  type ListUnclearPayoutsInput,
  parseDecidePayout,
  parseListUnclearPayouts,
  type UnclearPayoutCursor,
} from './decide-payout.schema.js'
import { broughtBack, type EndedPayout, isReturning, notBroughtBack, notPaidOut, paidOut } from './end-payout.js'
import { lacking } from './split-shares.js'
import { type BegunPayout, begunOf, retryMs, unheardPayouts, unheardReturns } from './tell-payout.js'

/** What came of a payout is known, or is still being asked for. */
export type PayoutNotUnclear = {
  readonly type: 'PayoutNotUnclear'
  readonly payoutId: string
  readonly status: Payout['status']
  /** From when a person may say it, where nothing is heard until then; null where there is nothing to say. */
  readonly decidableAt: Instant | null
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
      const detail = moved ? 'moved' : 'not moved'
      return checkUnclear(payout.state, now).andThen(() => {
        const { state, further = [] } = end(payout.state, moved, { found, now })
        return ok({
          changes: [
            put(payouts, { id: payoutId, version: payout.version, state }),
            ...further,
            auditEntry(ports.ids, { actor, action, subject: payoutId, at: now, outcome: 'done', detail }),
          ],
          answer: begunOf(state),
        })
      })
    },
  })

type Circumstances = Pick<Parameters<typeof notPaidOut>[1], 'found' | 'now'>

const end = (payout: Payout, moved: boolean, { found, now }: Circumstances): EndedPayout => {
  if (payout.status === 'unclear' || payout.status === 'submitted') {
    const code = payout.status === 'unclear' ? payout.code : 'Network'
    return moved ? paidOut(payout, null, now) : notPaidOut(payout, { code, found, now })
  }
  if (!isReturning(payout)) return { state: payout }
  const code = 'code' in payout.returning ? payout.returning.code : null
  return moved ? broughtBack(payout, { found, now }) : notBroughtBack(payout, { code, now })
}

const checkUnclear = (payout: Payout, at: Instant): Result<void, PayoutNotUnclear> => {
  const { payoutId, status } = payout
  return checkDecidable(silenceOf(payout), at, (decidableAt) => ({
    ...{ type: 'PayoutNotUnclear', payoutId, status, decidableAt },
  }))
}

// Of a no that may hide a yes nobody is asked any more.
const silenceOf = (payout: Payout): Silence => {
  if (payout.status === 'unclear') return { since: null, isBeyondAsking: true }
  if (payout.status === 'submitted') return { since: payout.submittedAt, sent: sentOf(payout) }
  if (!isReturning(payout)) return { since: null }
  const { returning } = payout
  if ('code' in returning) return { since: null, isBeyondAsking: true }
  return { since: returning.since ?? null, sent: sentOf(returning) }
}

const sentOf = ({ isAsked, tellAt }: { readonly isAsked?: boolean; readonly tellAt: Instant }): readonly Instant[] =>
  isAsked === true ? [tellAt - retryMs] : []

/** An order whose payment waits to be divided by a gateway that the shop lacks (`orders.giveUpSplit`). */
export type UndividedOrder = {
  readonly orderId: string
  readonly currency: Currency
  /** Who waits for what of it, minor units, above zero; nobody where only its end is to be told to the gateway. */
  readonly payees: readonly { readonly payee: string; readonly amountMinor: number }[]
  /** Since when the shop lacks it. */
  readonly lackingSince: Instant
}

/** A page of payouts that wait for a person, and, among those unheard, of orders that wait to be divided. */
export type UnclearPayoutPage = UnreadableRows & {
  readonly payouts: readonly Payout[]
  readonly undivided: readonly UndividedOrder[]
  readonly next: UnclearPayoutCursor | null
}

/**
 * Lists the payouts of which a person has to say whether they were sent, or whether what was to come back of them did; or
 * those that were submitted, or are to come back in part, and of which nobody has said yet what came of that, and with them
 * the orders whose payments wait for a gateway that the shop lacks.
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
      const since = <State>(collection: Collection<State>, field: string, where: readonly Condition[]) =>
        listed(
          find(collection, {
            where: [...where, { field, is: 'gte', value: 0 }],
            orderBy: { field, direction: 'ascending' },
            limit: limit + 1,
            ...(after === undefined ? {} : { after: { value: after.since, id: after.payoutId } }),
          }),
        )
      return unheard
        ? {
            found: since(payouts, unheardPayouts.field, unheardPayouts.where),
            returning: since(payouts, unheardReturns.field, unheardReturns.where),
            waiting: since(settlements, lacking.field, lacking.where),
          }
        : {
            found: since(payouts, 'unclearSince', []),
            returning: listed(rows(payouts, [])),
            waiting: listed(rows(settlements, [])),
          }
    },
    answer: ({ found, returning, waiting }, { input: { limit = 20 }, scope }) => {
      const sorted = [
        ...[...found, ...returning].map((each) => shownAs(each, (payout) => ({ payouts: [payout], undivided: [] }))),
        ...waiting.map((each) => shownAs(each, (settlement) => ({ payouts: [], undivided: undividedOf(settlement) }))),
      ].sort((left, right) => Number(left.value) - Number(right.value) || compareCodePoints(left.id, right.id))
      const { rows: page, unreadable, end } = pageOf(sorted, { limit, scope })
      return ok({
        payouts: page.flatMap(({ state }) => state.payouts),
        undivided: page.flatMap(({ state }) => state.undivided),
        unreadable,
        next: end === null ? null : { since: Number(end.value), payoutId: end.id },
      })
    },
  })

type Shown = Pick<UnclearPayoutPage, 'payouts' | 'undivided'>

const shownAs = <State>(
  { row: found, ...place }: ListedRow<State>,
  show: (state: State) => Shown,
): ListedRow<Shown> => ({
  ...place,
  row: found === null ? null : { ...found, state: show(found.state) },
})

const undividedOf = (settlement: Settlement): readonly UndividedOrder[] => {
  const { orderId, currency, openPayeeIds, lackingSince } = settlement
  if (lackingSince === undefined) return []
  const payees = openPayeeIds.map((payee) => ({ payee, amountMinor: unpaidMinor(settlement, payee) }))
  return [{ orderId, currency, payees, lackingSince }]
}
