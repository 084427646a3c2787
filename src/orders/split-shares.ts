import { errAsync, ok, okAsync, type Result, type ResultAsync } from 'neverthrow'
import { appendEntries } from '../payments/move-payment.js'
import { moveBalances, postSettlements } from '../payments/payee-balance.js'
import type { Payment } from '../payments/payment.js'
import { payments } from '../payments/payment.schema.js'
import { takenMinor } from '../payments/payment-machine.js'
import type { Payout } from '../payments/payout.js'
import { payouts } from '../payments/payout.schema.js'
import { type PlannedSplit, planSplits, type Splittable } from '../payments/plan-splits.js'
import type { Outcome, SplitPort } from '../payments/ports.js'
import { type Settlement, splitShare } from '../payments/settlement.js'
import { settlements } from '../payments/settlement.schema.js'
import { type Change, expectRow, put } from '../shared/commit.js'
import { decideAndCommit, type StorageError } from '../shared/decide-and-commit.js'
import { hoursMs, type Instant, minutesMs } from '../shared/instant.js'
import { readFacts } from '../shared/read-facts.js'
import { row, rows, type Stored } from '../shared/read-plan.js'
import { orders } from './order.collection.schema.js'
import { isHeldBack, refundableCashMinor } from './order-pieces.js'
import type { SplitError } from './order-split.js'
import type { MoneyPorts } from './ports.js'
import { type GatewayUnknown, gatewayOf } from './record-outcome.js'
import { type SweepOptions, type SweepReport, sweepDue } from './sweep-due.js'
import { type PayoutPorts, paidFrom, type TellPayoutError, tellPayout } from './tell-payout.js'

/** Why a payment is not divided now. */
export type SplitSharesError = TellPayoutError | SplitError | SplitNotAnswered

/** A gateway does not say now which accounts it knows, or whether it is done. */
export type SplitNotAnswered = { readonly type: 'SplitNotAnswered'; readonly gatewayId: string }

/**
 * Has gateways that can do so divide the payments of orders whose shares may be paid out: to each payee with an account
 * there what is due to it, and the rest to the shop. What a gateway cannot or may not give, or turns down, stands to the
 * payee's account as before and is paid by `payOut`.
 *
 * @errors StorageError when the waiting settlements cannot be read
 */
export const splitShares = (ports: PayoutPorts, options: SweepOptions): ResultAsync<SweepReport, StorageError> =>
  sweepDue(ports, settlements, { field: 'splitAt', ...options }, (id) => divide(ports, id))

// What stands in the way may be gone by then: a return that is settled.
const lookAgainMs = 6 * hoursMs
const retryMs = 10 * minutesMs

/** Whether a gateway can divide what it took of a payment. */
export const canDivide = ({ gateways }: Pick<MoneyPorts, 'gateways'>, payment: Payment): boolean =>
  takenMinor(payment) > 0 &&
  Object.hasOwn(gateways, payment.gatewayId) &&
  gateways[payment.gatewayId]?.splits !== undefined

const divide = (ports: PayoutPorts, id: string): ResultAsync<void, SplitSharesError> =>
  readStanding(ports, id).andThen(({ settlement, paidBy }) => {
    if (settlement?.state.status !== 'available' || settlement.state.splitting === undefined) return okAsync(undefined)
    const decided = settlement.state.splitting.isDecided
      ? okAsync<Standing, SplitSharesError>({ settlement, paidBy })
      : accountsOf(ports, settlement.state, paidBy)
          .andThen((accounts) => decideSplits(ports, id, accounts))
          .andThen(() => readStanding(ports, id))
    return decided
      .andThen((standing) => carryOut(ports, standing))
      .orElse((error) =>
        // It shall not stand in the way of the others.
        error.type === 'StorageUnavailable'
          ? errAsync(error)
          : note(ports, id, false).andThen(() => errAsync<void, SplitSharesError>(error)),
      )
  })

type Standing = {
  readonly settlement: Stored<Settlement> | undefined
  /** Those that their gateways can divide. */
  readonly paidBy: readonly Payment[]
}

const planOf = (id: string) => ({
  settlement: row(settlements, id),
  order: row(orders, id),
  paidBy: rows(payments, { from: 'order', path: 'paymentIds.*' }),
})

const readStanding = (ports: PayoutPorts, id: string): ResultAsync<Standing, SplitSharesError> =>
  readFacts(ports.storage, { shop: ports.shop, scope: { kind: 'all' }, at: ports.clock.now(), plan: planOf(id) })
    .map(({ settlement, paidBy }) => ({
      settlement,
      paidBy: paidBy.map(({ state }) => state).filter((payment) => canDivide(ports, payment)),
    }))
    .mapErr((error): SplitSharesError => error)

/** By payment: which payees have an account at its gateway. */
type Accounts = ReadonlyMap<
  string,
  { readonly mostBasisPoints: number; readonly accounts: ReadonlyMap<string, string> }
>

const accountsOf = (
  ports: PayoutPorts,
  { openPayeeIds }: Settlement,
  paidBy: readonly Payment[],
): ResultAsync<Accounts, SplitSharesError> =>
  paidBy.reduce<ResultAsync<Accounts, SplitSharesError>>(
    (sofar, { paymentId, gatewayId }) =>
      sofar.andThen((known) =>
        splitsOf(ports, gatewayId).andThen((splits) =>
          askAccounts(splits, gatewayId, openPayeeIds).map(
            (accounts) => new Map([...known, [paymentId, { mostBasisPoints: splits.mostBasisPoints, accounts }]]),
          ),
        ),
      ),
    okAsync(new Map()),
  )

const splitsOf = (ports: PayoutPorts, gatewayId: string): ResultAsync<SplitPort, SplitSharesError> =>
  gatewayOf(ports, gatewayId)
    .mapErr((error): SplitSharesError => error)
    .asyncAndThen(({ splits }) =>
      splits === undefined ? errAsync<SplitPort, SplitSharesError>(unknownGateway(gatewayId)) : okAsync(splits),
    )

const unknownGateway = (gatewayId: string): GatewayUnknown => ({ type: 'GatewayUnknown', gatewayId })

const askAccounts = (
  splits: SplitPort,
  gatewayId: string,
  payees: readonly string[],
): ResultAsync<ReadonlyMap<string, string>, SplitSharesError> =>
  payees.reduce<ResultAsync<ReadonlyMap<string, string>, SplitSharesError>>(
    (sofar, payee) =>
      sofar.andThen((known) =>
        splits
          .accountOf(payee)
          .mapErr((never): SplitSharesError => never)
          .andThen((outcome) => readAccount(outcome, gatewayId))
          .map((account) => (account === null ? known : new Map([...known, [payee, account]]))),
      ),
    okAsync(new Map()),
  )

const readAccount = (
  outcome: Outcome<string | null>,
  gatewayId: string,
): ResultAsync<string | null, SplitSharesError> => {
  switch (outcome.kind) {
    case 'ok':
      return okAsync(outcome.value)
    case 'declined':
      return okAsync(null)
    case 'pending':
    case 'unknown':
      return errAsync({ type: 'SplitNotAnswered', gatewayId })
  }
}

/** Writes down who is to get what, before any gateway is told. */
const decideSplits = (ports: PayoutPorts, id: string, accounts: Accounts): ResultAsync<undefined, SplitSharesError> =>
  decideAndCommit(ports, {
    scope: { kind: 'all' },
    plan: () => planOf(id),
    decide: ({ settlement, order, paidBy }, { now }) => {
      const before = settlement?.state
      const isOpen = before?.status === 'available' && before.splitting?.isDecided === false
      if (settlement === undefined || !isOpen || order === undefined) return ok({ changes: [], answer: undefined })
      if (isHeldBack(order.state)) {
        const waiting = { ...before, splitting: { at: now + lookAgainMs, isDecided: false } }
        return ok({ changes: [put(settlements, { ...settlement, state: waiting })], answer: undefined })
      }
      const splittable = paidBy.flatMap(({ state }): readonly Splittable[] => {
        const known = accounts.get(state.paymentId)
        return known === undefined ? [] : [{ payment: state, ...known }]
      })
      return planSplits(before, refundableCashMinor(order.state), splittable).map((planned) => ({
        // A return, a refund or a dispute that begins meanwhile changes what there is to divide.
        changes: [...beginSplits(ports, { ...settlement, state: before }, planned, now), expectRow(orders, order)],
        answer: undefined,
      }))
    },
  }).mapErr((error): SplitSharesError => error)

const beginSplits = (
  { ids }: Pick<PayoutPorts, 'ids'>,
  settlement: Stored<Extract<Settlement, { status: 'available' }>>,
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
  let standing: Settlement = { ...settlement.state, splitting: { at: now, isDecided: true } }
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
const carryOut = (ports: PayoutPorts, { settlement, paidBy }: Standing): ResultAsync<void, SplitSharesError> => {
  if (settlement?.state.status !== 'available' || settlement.state.splitting?.isDecided !== true) {
    return okAsync(undefined)
  }
  const splitIds = settlement.state.shares.flatMap(({ splitIds: own = [] }) => own)
  return splitIds
    .reduce<ResultAsync<boolean, SplitSharesError>>(
      (sofar, splitId) =>
        sofar.andThen((areOver) => tellPayout(ports, splitId).map(({ status }) => areOver && status !== 'submitted')),
      okAsync(true),
    )
    .andThen((areOver) =>
      areOver
        ? finishAll(ports, paidBy).andThen((isDone) => note(ports, settlement.id, isDone))
        : note(ports, settlement.id, false),
    )
}

const finishAll = (ports: PayoutPorts, paidBy: readonly Payment[]): ResultAsync<boolean, SplitSharesError> =>
  paidBy.reduce<ResultAsync<boolean, SplitSharesError>>(
    (sofar, { paymentId, gatewayId, known }) =>
      sofar.andThen((areDone) =>
        splitsOf(ports, gatewayId).andThen((splits) =>
          splits
            .finish({
              attemptRef: paymentId,
              gatewayRef: known.gatewayRef,
              key: `splitsOver:${paymentId}`,
              at: ports.clock.now(),
            })
            .mapErr((never): SplitSharesError => never)
            // What it cannot end any more, as after a refund of all, is at its end.
            .map(({ kind }) => areDone && (kind === 'ok' || kind === 'declined')),
        ),
      ),
    okAsync(true),
  )

const note = (ports: PayoutPorts, id: string, isDone: boolean): ResultAsync<void, SplitSharesError> =>
  decideAndCommit(ports, {
    scope: { kind: 'all' },
    plan: () => ({ settlement: row(settlements, id) }),
    decide: ({ settlement }, { now }): Result<{ changes: readonly Change[]; answer: undefined }, never> => {
      const before = settlement?.state
      if (settlement === undefined || before?.status !== 'available' || before.splitting === undefined) {
        return ok({ changes: [], answer: undefined })
      }
      const { splitting, ...over } = before
      const after: Settlement = isDone ? over : { ...before, splitting: { ...splitting, at: now + retryMs } }
      return ok({ changes: [put(settlements, { ...settlement, state: after })], answer: undefined })
    },
  }).mapErr((error): SplitSharesError => error)
