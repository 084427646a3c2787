import { err, ok, okAsync, type Result, type ResultAsync } from 'neverthrow'
import { appendEntries } from '../payments/move-payment.js'
import { moveBalances, postSettlements } from '../payments/payee-balance.js'
import type { Payout } from '../payments/payout.js'
import { payouts } from '../payments/payout.schema.js'
import { payOutShare, type Settlement, unpaidMinor } from '../payments/settlement.js'
import { settlements } from '../payments/settlement.schema.js'
import { auditEntry } from '../shared/audit-entry.js'
import { type Change, expectRow, put } from '../shared/commit.js'
import type { Instant } from '../shared/instant.js'
import { find, rows, type Stored } from '../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../shared/run-command.js'
import { orders } from './order.collection.schema.js'
import { isHeldBack } from './order-pieces.js'
import type { OrderRow } from './order-row.js'
import { type PayeeInput, parsePayee } from './pay-out.schema.js'
import { type BegunPayout, type PayoutNotOffered, type PayoutPorts, tellPayout } from './tell-payout.js'

/** A payee has nothing to get: nothing is due, a return or a dispute is open of it, or it owes as much. */
export type NothingToPayOut = { readonly type: 'NothingToPayOut'; readonly payee: string; readonly currency: string }

/** Why a payee is not paid. */
export type PayOutError = CommandError | PayoutNotOffered | NothingToPayOut

/** The most orders that one payout is for, and the most that it sets off; the rest is the next one's. */
const mostOrders = 100

/**
 * Pays a payee what stands to its account, less what it owes: written down first, then told to be sent under a reference
 * that never changes. Shares of orders of which a return or a dispute is open are held back. What came of it is asked again by
 * `settlePayouts`, until it is known.
 *
 * @errors PayoutNotOffered, NothingToPayOut, CommandError
 */
export const payOut = (
  ports: PayoutPorts,
  context: CommandContext,
  input: unknown,
): ResultAsync<BegunPayout, PayOutError> =>
  runCommand(ports, context, input, {
    action: 'orders.payOut',
    parse: parsePayee,
    plan: ({ input: { payee } }) => ({
      due: askAvailable('openPayeeIds', payee),
      dueOrders: rows(orders, { from: 'due', path: 'orderId' }),
      owing: askAvailable('owingPayeeIds', payee),
      owingOrders: rows(orders, { from: 'owing', path: 'orderId' }),
    }),
    decide: (
      read,
      { now, input: asked, actor },
    ): Result<{ changes: readonly Change[]; answer: BegunPayout }, PayOutError> => {
      if (ports.payouts === undefined) return err({ type: 'PayoutNotOffered' })
      const payoutId = ports.ids.next('payout')
      return submit(read, { ...asked, payoutId, at: now }).map(({ changes, answer }) => {
        const audit = auditEntry(ports.ids, {
          actor,
          action: 'orders.payOut',
          subject: payoutId,
          at: now,
          outcome: 'done',
          detail: `${answer.currency} ${answer.amountMinor} ${answer.payee}`,
        })
        return { changes: [...changes, audit], answer }
      })
    },
  }).andThen((begun) => tellPayout(ports, begun.payoutId).orElse(() => okAsync<BegunPayout, PayOutError>(begun)))

// What is due and what is owed are looked for apart, so that neither hides the other however much there is of it.
const askAvailable = (field: 'openPayeeIds' | 'owingPayeeIds', payee: string) =>
  find(settlements, {
    where: [
      { field, is: 'containsAll', values: [payee] },
      { field: 'status', is: 'eq', value: 'available' },
    ],
    orderBy: { field: 'releasedAt', direction: 'ascending' },
    limit: mostOrders,
  })

const submit = (
  read: {
    readonly due: readonly Stored<Settlement>[]
    readonly dueOrders: readonly Stored<OrderRow>[]
    readonly owing: readonly Stored<Settlement>[]
    readonly owingOrders: readonly Stored<OrderRow>[]
  },
  asked: PayeeInput & { readonly payoutId: string; readonly at: Instant },
): Result<{ changes: readonly Change[]; answer: BegunPayout }, NothingToPayOut> => {
  const { payee, currency, payoutId, at } = asked
  const found = [...read.owing, ...read.due.filter(({ id }) => !read.owing.some((each) => each.id === id))]
  const foundOrders = [...read.dueOrders, ...read.owingOrders]
  const free = found.flatMap((settlement) => {
    const order = foundOrders.find(({ id }) => id === settlement.state.orderId)
    const held = order === undefined || isHeldBack(order.state) || settlement.state.currency !== currency
    return held ? [] : [{ settlement, order, amountMinor: unpaidMinor(settlement.state, payee) }]
  })
  const amountMinor = free.reduce((sum, each) => sum + each.amountMinor, 0)
  if (amountMinor <= 0) return err({ type: 'NothingToPayOut', payee, currency })
  const moved = free.map((each) => ({
    stored: each.settlement,
    before: each.settlement.state,
    after: payOutShare(each.settlement.state, payee, each.amountMinor),
  }))
  const payout: Payout = {
    status: 'submitted',
    payoutId,
    payee,
    currency,
    amountMinor,
    parts: free.map(({ settlement, amountMinor: part }) => ({ orderId: settlement.id, amountMinor: part })),
    submittedAt: at,
    tellAt: at,
  }
  const booked = postSettlements(moved, { entryId: `payeePaidOut/${payoutId}`, kind: 'payeePaidOut', at, about: null })
  return ok({
    changes: [
      put(payouts, { id: payoutId, version: 0, state: payout }),
      ...moved.map(({ stored, after }) => put(settlements, { id: stored.id, version: stored.version, state: after })),
      // A return or a dispute that is opened meanwhile holds the share back after all.
      ...free.map(({ order }) => expectRow(orders, order)),
      ...moveBalances(moved),
      ...appendEntries(booked),
    ],
    answer: { payoutId, payee, currency, amountMinor, status: 'submitted' },
  })
}
