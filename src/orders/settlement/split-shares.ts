import { errAsync, ok, okAsync, type Result, type ResultAsync } from 'neverthrow'
import { gatewayErrors } from '../../payments/gateway-error.js'
import { appendEntries } from '../../payments/move-payment.js'
import { balanceIds, balanceOf, moveBalances, payeeBalances, postSettlements } from '../../payments/payee-balance.js'
import type { Payment } from '../../payments/payment.js'
import { payments } from '../../payments/payment.schema.js'
import { takenMinor } from '../../payments/payment-machine.js'
import type { Payout } from '../../payments/payout.js'
import { payouts } from '../../payments/payout.schema.js'
import { type PlannedSplit, planSplits, type Splittable } from '../../payments/plan-splits.js'
import type { Outcome } from '../../payments/ports.js'
import { type Settlement, splitShare } from '../../payments/settlement.js'
import { settlements } from '../../payments/settlement.schema.js'
import { type Change, expectRow, put } from '../../shared/commit.js'
import { decideAndCommit, type StorageError } from '../../shared/decide-and-commit.js'
import { daysMs, hoursMs, type Instant, minutesMs } from '../../shared/instant.js'
import { readFacts } from '../../shared/read-facts.js'
import { counters, row, rows, type Stored } from '../../shared/read-plan.js'
import { sumOfSweeps } from '../../shared/sweep-each.js'
import { nameOverdue } from '../name-overdue.js'
import { orders } from '../order.collection.schema.js'
import { isHeldBack, payingIdsOf, refundableCashMinor } from '../order-pieces.js'
import type { OrderRow } from '../order-row.js'
import type { MoneyPorts } from '../ports.js'
import { type SweepOptions, type SweepReport, sweepDue } from '../sweep-due.js'
import { paidFrom } from './end-payout.js'
import {
  type Accounts,
  accountsOf,
  type Dividing,
  findSplits,
  notAnswered,
  type SplitSharesError,
} from './split-accounts.js'
import { isPassing, type PayoutPorts, tellPayout } from './tell-payout.js'

/**
 * Has gateways that can do so divide the payments of orders whose shares may be paid out: to each payee with an account
 * there what is due to it, and the rest to the shop. What a gateway cannot or may not give, or turns down, stands to the
 * payee's account as before and is paid by `payOut`. While the shop lacks such a gateway, or the way to have it divide, its
 * payments wait for that: told once, as `GatewayUnknown`, and after three days in every report, as `SplitOverdue`, until it is
 * back or staff give it up (`giveUpSplit`).
 *
 * @errors StorageError when the waiting settlements cannot be read
 */
export const splitShares = (ports: PayoutPorts, options: SweepOptions): ResultAsync<SweepReport, StorageError> =>
  sweepDue(ports, settlements, { field: 'splitAt', ahead: { pauseMs: daysMs }, ...options }, (id) =>
    divide(ports, id),
  ).andThen((divided) =>
    nameOverdue(ports, settlements, { ...lacking, reason: 'SplitOverdue', ...options }).map((late) =>
      sumOfSweeps(divided, late),
    ),
  )

/** Orders whose money waits for a gateway that the shop lacks. */
export const lacking = { field: 'lackingSince', where: [] } as const

// What stands in the way may be gone by then: a return that is settled.
const lookAgainMs = 6 * hoursMs
const retryMs = 10 * minutesMs

/**
 * Whether what was taken of a payment is divided by its gateway: where that was told so, whether or not the shop has it
 * just now. It keeps the money together until it has heard what becomes of it.
 */
export const isDivided = (
  { gateways }: Pick<MoneyPorts, 'gateways'>,
  { details }: Pick<OrderRow, 'details'>,
  payment: Payment,
): boolean => {
  const { gatewayId, isSplit } = payment
  if (takenMinor(payment) <= 0) return false
  if (isSplit !== undefined) return isSplit
  // Of one that was begun before this was kept its gateway knows; while the shop has none of that name, its terms.
  return Object.hasOwn(gateways, gatewayId)
    ? gateways[gatewayId]?.splits !== undefined
    : details.policy.settlement !== undefined
}

/** The payments that an order is paid by; what stands in suspense, or goes back, is no payee's. */
export const payingOf = (order: OrderRow, found: readonly Stored<Payment>[]): readonly Payment[] => {
  const ids = payingIdsOf(order)
  return found.filter(({ id }) => ids.includes(id)).map(({ state }) => state)
}

/** Answers false where nothing could be done, and that was told before, or is told of a gateway that answers nothing. */
const divide = (ports: PayoutPorts, id: string): ResultAsync<boolean, SplitSharesError> =>
  readStanding(ports, id).andThen((standing) => {
    if (standing.paidBy.some(({ gatewayId }) => ports.isSilent?.(gatewayId))) return okAsync(false)
    return decide(ports, standing)
      .andThen(() => readStanding(ports, id))
      .andThen((decided) => carryOut(ports, decided))
      .map(() => true)
      .orElse((error): ResultAsync<boolean, SplitSharesError> => {
        if (error.type === 'StorageUnavailable') return errAsync(error)
        // It shall not stand in the way of the others.
        if (error.type !== 'GatewayUnknown') return postpone(ports, id, retryMs).andThen(() => errAsync(error))
        return noteLacking(ports, id).andThen((isNews) => (isNews ? errAsync(error) : okAsync(false)))
      })
  })

const decide = (ports: PayoutPorts, { settlement, paidBy }: Standing): ResultAsync<undefined, SplitSharesError> => {
  const state = settlement?.state
  if (state?.status !== 'dividing') return okAsync(undefined)
  return accountsOf(ports, state, paidBy).andThen((accounts) => decideSplits(ports, state, accounts))
}

type Standing = {
  readonly settlement: Stored<Settlement> | undefined
  /** Those that their gateways divide. */
  readonly paidBy: readonly Payment[]
  /** Whether an order that was paid with the same money may still have to be divided. */
  readonly othersWait: boolean
}

const planOf = (id: string) => ({
  settlement: row(settlements, id),
  order: row(orders, id),
  paidBy: rows(payments, { from: 'order', path: 'paymentIds.*' }),
})

const readStanding = (ports: PayoutPorts, id: string): ResultAsync<Standing, SplitSharesError> => {
  const plan = {
    ...planOf(id),
    // The orders of one checkout are paid with one payment.
    others: rows(orders, { from: 'order', path: 'details.partOf.orderIds.*' }),
    theirs: rows(settlements, { from: 'order', path: 'details.partOf.orderIds.*' }),
    splits: rows(payouts, { from: 'theirs', path: 'shares.*.splitIds.*' }),
  }
  return readFacts(ports.storage, { shop: ports.shop, scope: { kind: 'all' }, at: ports.clock.now(), plan }).map(
    ({ settlement, order, paidBy, others, theirs, splits }) => ({
      settlement,
      paidBy:
        order === undefined
          ? []
          : payingOf(order.state, paidBy).filter((payment) => isDivided(ports, order.state, payment)),
      othersWait:
        splits.some(
          ({ state }) => state.status === 'submitted' && state.parts.every(({ orderId }) => orderId !== id),
        ) || others.some((other) => other.id !== id && !isOver(other.state) && !isDecided(theirs, other.id)),
    }),
  )
}

const isOver = ({ status }: OrderRow): boolean => status === 'cancelled' || status === 'closed'

const isDecided = (found: readonly Stored<Settlement>[], id: string): boolean =>
  found.some((settlement) => settlement.id === id && settlement.state.status === 'available')

/** Writes down who is to get what, before any gateway is told. */
const decideSplits = (
  ports: PayoutPorts,
  { settlementId: id, openPayeeIds, currency }: Dividing,
  accounts: Accounts,
): ResultAsync<undefined, SplitSharesError> =>
  decideAndCommit(ports, {
    scope: { kind: 'all' },
    plan: () => ({
      ...planOf(id),
      balances: counters(
        payeeBalances,
        openPayeeIds.flatMap((payee) => balanceIds(payee, currency)),
      ),
    }),
    decide: ({ settlement, order, paidBy, balances }, { now }) => {
      const before = settlement?.state
      if (settlement === undefined || before?.status !== 'dividing' || order === undefined) {
        return ok({ changes: [], answer: undefined })
      }
      const { version } = settlement
      if (isHeldBack(order.state)) {
        const waiting = { ...heardOf(before), splitAt: now + lookAgainMs }
        return ok({ changes: [put(settlements, { id, version, state: waiting })], answer: undefined })
      }
      const splittable = payingOf(order.state, paidBy).flatMap((payment): readonly Splittable[] => {
        const known = accounts.get(payment.paymentId)
        return known === undefined ? [] : [{ payment, ...known }]
      })
      const cashMinor = refundableCashMinor(order.state)
      const owed = new Map(openPayeeIds.map((payee) => [payee, balanceOf(balances, payee, currency).owedMinor]))
      return planSplits(before, { cashMinor, owed }, splittable).map((planned) => ({
        // A return, a refund or a dispute that begins meanwhile changes what there is to divide.
        changes: [...beginSplits(ports, { id, version, state: before }, planned, now), expectRow(orders, order)],
        answer: undefined,
      }))
    },
  })

const beginSplits = (
  { ids }: Pick<PayoutPorts, 'ids'>,
  settlement: Pick<Stored<Dividing>, 'id' | 'version' | 'state'>,
  planned: readonly PlannedSplit[],
  now: Instant,
): readonly Change[] => {
  const { id, version } = settlement
  const begun = planned.map(({ payee, amountMinor, ...where }): Payout => {
    const { orderId, currency } = settlement.state
    return {
      status: 'submitted',
      payoutId: ids.next('split'),
      payee,
      currency,
      amountMinor,
      parts: [{ orderId, amountMinor }],
      submittedAt: now,
      tellAt: now,
      split: { ...where, returnedMinor: 0, isReturnRefused: false },
    }
  })
  let standing: Settlement = { ...heardOf(settlement.state), status: 'available' }
  const booked = begun.flatMap((payout) => {
    const before = standing
    const { payoutId, payee, amountMinor } = payout
    standing = splitShare(standing, { payee, amountMinor, splitId: payoutId })
    const entry = { entryId: `payeePaidOut/${payoutId}`, kind: 'payeePaidOut', at: now, about: null } as const
    return postSettlements([{ before, after: standing }], entry, paidFrom(payout))
  })
  return [
    put(settlements, { id, version, state: standing }),
    ...begun.map((state) => put(payouts, { id: state.payoutId, version: 0, state })),
    ...moveBalances([{ before: settlement.state, after: standing }]),
    ...appendEntries(booked),
  ]
}

/** Tells the gateways, and once they have said of all what came of it, that nothing more is split. */
const carryOut = (
  ports: PayoutPorts,
  { settlement, paidBy, othersWait }: Standing,
): ResultAsync<unknown, SplitSharesError> => {
  if (settlement?.state.status !== 'available' || settlement.state.splitAt === undefined) return okAsync(undefined)
  const { id, state } = settlement
  const splitIds = state.shares.flatMap(({ splitIds: own = [] }) => own)
  return splitIds
    .reduce<ResultAsync<boolean, SplitSharesError>>(
      (sofar, splitId) =>
        sofar.andThen((areOver) => tellPayout(ports, splitId).map(({ status }) => areOver && status !== 'submitted')),
      okAsync(true),
    )
    .andThen((areOver): ResultAsync<unknown, SplitSharesError> => {
      if (!areOver) return errAsync(notAnswered(paidBy[0]?.gatewayId ?? ''))
      // The last of a checkout's orders ends it for all.
      return othersWait ? postpone(ports, id, lookAgainMs) : finishAll(ports, paidBy).andThen(() => end(ports, id))
    })
}

// Those last whose gateway the shop lacks: what others keep is not kept for them.
const finishAll = (ports: PayoutPorts, paidBy: readonly Payment[]): ResultAsync<undefined, SplitSharesError> => {
  const isLacking = ({ gatewayId }: Payment): boolean => findSplits(ports, gatewayId).isErr()
  const inOrder = [...paidBy.filter((payment) => !isLacking(payment)), ...paidBy.filter(isLacking)]
  return inOrder.reduce<ResultAsync<undefined, SplitSharesError>>((sofar, payment) => {
    const { paymentId, gatewayId, known } = payment
    return sofar
      .andThen(() => findSplits(ports, gatewayId))
      .andThen((splits) =>
        splits
          .finish({
            attemptRef: paymentId,
            gatewayRef: known.gatewayRef,
            key: `splitsOver:${paymentId}`,
            at: ports.clock.now(),
          })
          .mapErr((never): SplitSharesError => never)
          .andThen(
            (outcome): ResultAsync<undefined, SplitSharesError> =>
              isAtEnd(outcome, payment) ? okAsync(undefined) : errAsync(notAnswered(gatewayId, outcome)),
          ),
      )
  }, okAsync(undefined))
}

// What cannot be ended any more is at its end; who is turned away at the door has ended nothing, and the rest would stay
// where the gateway keeps it. Of what went back whole there is no rest.
const isAtEnd = (outcome: Outcome<'finished'>, payment: Payment): boolean => {
  if (outcome.kind === 'ok') return true
  if (outcome.kind !== 'declined') return false
  const { code } = outcome.error
  const { definite, atTheDoor } = gatewayErrors[code]
  if (isPassing(code) || !definite) return false
  return !atTheDoor || takenMinor(payment) <= payment.refundedMinor
}

const end = (ports: PayoutPorts, id: string) =>
  change(ports, id, (before) => {
    const { splitAt: _, ...over } = heardOf(before)
    return before.status === 'available' ? { ...over, status: 'available' } : before
  })

const postpone = (ports: PayoutPorts, id: string, ms: number) =>
  change(ports, id, (before, now) => ({ ...heardOf(before), splitAt: now + ms }))

/** Answers whether that is news. What was given up is looked at once a day: a gateway that is back is told of its end. */
const noteLacking = (ports: PayoutPorts, id: string): ResultAsync<boolean, SplitSharesError> =>
  change(ports, id, (before, now) =>
    before.givenUpAt === undefined
      ? { ...before, splitAt: now + retryMs, lackingSince: before.lackingSince ?? now }
      : { ...heardOf(before), splitAt: now + daysMs },
  ).map((before) => before !== undefined && before.givenUpAt === undefined && before.lackingSince === undefined)

type Divisible = Dividing | Extract<Settlement, { status: 'available' }>

/** The shop lacks no gateway of it now. */
const heardOf = <Each extends Divisible>({ lackingSince: _, ...settlement }: Each): Omit<Each, 'lackingSince'> =>
  settlement

/** Answers what it was before; undefined where nothing of it is to be divided any more. */
const change = (
  ports: PayoutPorts,
  id: string,
  to: (before: Divisible, now: Instant) => Settlement,
): ResultAsync<Divisible | undefined, SplitSharesError> =>
  decideAndCommit(ports, {
    scope: { kind: 'all' },
    plan: () => ({ settlement: row(settlements, id) }),
    decide: ({ settlement }, { now }): Result<{ changes: readonly Change[]; answer: Divisible | undefined }, never> => {
      const before = settlement?.state
      const isOpen = before?.status === 'dividing' || (before?.status === 'available' && before.splitAt !== undefined)
      if (settlement === undefined || !isOpen) return ok({ changes: [], answer: undefined })
      const { version } = settlement
      return ok({ changes: [put(settlements, { id, version, state: to(before, now) })], answer: before })
    },
  })
