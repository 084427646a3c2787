import { err, errAsync, ok, okAsync, type Result, ResultAsync } from 'neverthrow'
import { gatewayErrors } from '../payments/gateway-error.js'
import { appendEntries } from '../payments/move-payment.js'
import { moveBalances, postSettlements } from '../payments/payee-balance.js'
import type { Payout, PayoutPort, SentPayout } from '../payments/payout.js'
import { payouts } from '../payments/payout.schema.js'
import type { Outcome } from '../payments/ports.js'
import { payOutShare, type Settlement, unpaidMinor } from '../payments/settlement.js'
import { settlements } from '../payments/settlement.schema.js'
import { auditEntry } from '../shared/audit-entry.js'
import { type Change, expectRow, put } from '../shared/commit.js'
import { decideAndCommit, type StorageError } from '../shared/decide-and-commit.js'
import type { NotFound } from '../shared/errors.js'
import { type Instant, minutesMs } from '../shared/instant.js'
import type { CorePorts } from '../shared/ports.js'
import { readFacts } from '../shared/read-facts.js'
import { find, row, rows, type Stored } from '../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../shared/run-command.js'
import { orders } from './order.collection.schema.js'
import { isHeldBack } from './order-pieces.js'
import type { OrderRow } from './order-row.js'
import { type PayeeInput, parsePayee } from './pay-out.schema.js'
import { type SweepOptions, type SweepReport, sweepDue } from './sweep-due.js'

/** What paying out needs of the world. */
export type PayoutPorts = CorePorts & {
  /** Whom to tell to send money; absent: payouts are refused. */
  readonly payouts?: PayoutPort
}

/** Nobody sends money for this shop. */
export type PayoutNotOffered = { readonly type: 'PayoutNotOffered' }

/** A payee has nothing to get: nothing is due, a return or a dispute is open of it, or it owes as much. */
export type NothingToPayOut = { readonly type: 'NothingToPayOut'; readonly payee: string; readonly currency: string }

/** Why a payee is not paid. */
export type PayOutError = CommandError | PayoutNotOffered | NothingToPayOut

/** A payout, as far as it has come. */
export type BegunPayout = Pick<Payout, 'payoutId' | 'payee' | 'currency' | 'amountMinor' | 'status'>

/** The most orders that one payout is for; the rest is the next one's. */
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
      due: find(settlements, {
        where: [
          { field: 'openPayeeIds', is: 'containsAll', values: [payee] },
          { field: 'status', is: 'eq', value: 'available' },
        ],
        orderBy: { field: 'releasedAt', direction: 'ascending' },
        limit: mostOrders,
      }),
      orders: rows(orders, { from: 'due', path: 'orderId' }),
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
  }).andThen((begun) => tell(ports, begun.payoutId).orElse(() => okAsync<BegunPayout, PayOutError>(begun)))

const submit = (
  read: { readonly due: readonly Stored<Settlement>[]; readonly orders: readonly Stored<OrderRow>[] },
  asked: PayeeInput & { readonly payoutId: string; readonly at: Instant },
): Result<{ changes: readonly Change[]; answer: BegunPayout }, NothingToPayOut> => {
  const { payee, currency, payoutId, at } = asked
  const free = read.due.flatMap((settlement) => {
    const order = read.orders.find(({ id }) => id === settlement.state.orderId)
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

/**
 * Tells again to send the payouts of which it is not known what came of them.
 *
 * @errors StorageError when the waiting payouts cannot be read
 */
export const settlePayouts = (ports: PayoutPorts, options: SweepOptions): ResultAsync<SweepReport, StorageError> =>
  sweepDue(ports, payouts, { field: 'tellAt', ...options }, (id) => tell(ports, id))

const retryMs = 10 * minutesMs

/** Tells a payout to be sent, and writes what came of it. */
const tell = (
  ports: PayoutPorts,
  payoutId: string,
): ResultAsync<BegunPayout, StorageError | NotFound | PayoutNotOffered> => {
  const port = ports.payouts
  if (port === undefined) return errAsync({ type: 'PayoutNotOffered' })
  const plan = { payout: row(payouts, payoutId) }
  return readFacts(ports.storage, { shop: ports.shop, scope: { kind: 'all' }, at: ports.clock.now(), plan })
    .mapErr((error): StorageError | NotFound | PayoutNotOffered => error)
    .andThen(({ payout }) => {
      if (payout === undefined)
        return errAsync<BegunPayout, NotFound>({ type: 'NotFound', entity: 'payout', id: payoutId })
      const { state } = payout
      if (state.status !== 'submitted') return okAsync(begunOf(state))
      const { payee, amountMinor, currency } = state
      return send(port, { payoutId, payee, amount: { minor: amountMinor, currency }, at: ports.clock.now() }).andThen(
        (outcome) => note(ports, payoutId, outcome),
      )
    })
}

// What the port throws, and what it rejects with, is no answer: the money may have gone out before it broke.
const send = (port: PayoutPort, request: Parameters<PayoutPort['send']>[0]): ResultAsync<Outcome<SentPayout>, never> =>
  ResultAsync.fromPromise(
    Promise.resolve().then(() => port.send(request)),
    () => undefined,
  )
    .andThen((answer) => answer)
    .orElse(() => okAsync<Outcome<SentPayout>, never>({ kind: 'unknown', cause: 'threw' }))

const note = (
  ports: CorePorts,
  payoutId: string,
  outcome: Outcome<SentPayout>,
): ResultAsync<BegunPayout, StorageError | NotFound> =>
  decideAndCommit(ports, {
    scope: { kind: 'all' },
    plan: () => ({
      payout: row(payouts, payoutId),
      settlements: rows(settlements, { from: 'payout', path: 'parts.*.orderId' }),
    }),
    decide: (read, { now }) => {
      const { payout } = read
      if (payout === undefined) return err<never, NotFound>({ type: 'NotFound', entity: 'payout', id: payoutId })
      const { state, version } = payout
      if (state.status !== 'submitted') return ok({ changes: [], answer: begunOf(state) })
      const { tellAt: _, ...facts } = state
      const write = (after: Payout, further: readonly Change[] = []) =>
        ok({ changes: [put(payouts, { id: payoutId, version, state: after }), ...further], answer: begunOf(after) })
      switch (outcome.kind) {
        case 'ok':
          return write({ ...facts, status: 'paid', paidAt: now, payoutRef: outcome.value.payoutRef })
        case 'pending':
          return write({ ...state, tellAt: now + (outcome.pollAfterMs ?? retryMs) })
        case 'unknown':
          return write({ ...state, tellAt: now + retryMs })
        case 'declined': {
          // A no that is none, as of a line that was down, leaves open whether the money went.
          if (!gatewayErrors[outcome.error.code].definite) return write({ ...state, tellAt: now + retryMs })
          const failed: Payout = { ...facts, status: 'failed', failedAt: now, code: outcome.error.code }
          return write(failed, giveBackShares(state, read.settlements, now))
        }
      }
    },
  })

/** A payout that was not sent stands to its payee's account again. */
const giveBackShares = (payout: Payout, found: readonly Stored<Settlement>[], at: Instant): readonly Change[] => {
  const moved = found.map((stored) => {
    const part = payout.parts.find(({ orderId }) => orderId === stored.id)
    const after = payOutShare(stored.state, payout.payee, 0 - (part?.amountMinor ?? 0))
    return { stored, before: stored.state, after }
  })
  const entryId = `payoutReturned/${payout.payoutId}`
  return [
    ...moved.map(({ stored, after }) => put(settlements, { id: stored.id, version: stored.version, state: after })),
    ...moveBalances(moved),
    ...appendEntries(postSettlements(moved, { entryId, kind: 'payoutReturned', at, about: null })),
  ]
}

const begunOf = ({ payoutId, payee, currency, amountMinor, status }: Payout): BegunPayout => ({
  payoutId,
  payee,
  currency,
  amountMinor,
  status,
})
