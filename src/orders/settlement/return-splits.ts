import { ok, okAsync, type Result, type ResultAsync } from 'neverthrow'
import type { Payout } from '../../payments/payout.js'
import { payouts } from '../../payments/payout.schema.js'
import { planReturns } from '../../payments/plan-returns.js'
import type { Refund } from '../../payments/refund.js'
import { refunds } from '../../payments/refund.schema.js'
import { settlements } from '../../payments/settlement.schema.js'
import { type Change, expectRow, put } from '../../shared/commit.js'
import { decideAndCommit, type StorageError } from '../../shared/decide-and-commit.js'
import { isDue } from '../../shared/due.js'
import { daysMs, type Instant } from '../../shared/instant.js'
import { readFacts } from '../../shared/read-facts.js'
import { type IdsFrom, row, rows, type Stored } from '../../shared/read-plan.js'
import { type PayoutPorts, tellPayout } from './tell-payout.js'

/** A payer does not wait longer than this for what payees are to give back. */
const longestWaitMs = daysMs

/**
 * Takes back, before a refund leaves, what gateways have given payees of its order: from each what it owes. What a
 * payee's account does not give stays owed, and the refund leaves without it.
 *
 * @returns whether the refund may leave now
 * @errors StorageError
 */
export const returnSplits = (ports: PayoutPorts, refundId: string): ResultAsync<boolean, StorageError> =>
  readSplits(ports, refundId).andThen(({ refund, splits }) => {
    // What changes its status meanwhile is looked at anew when it is its turn again.
    if (refund?.status !== 'requested') return okAsync<boolean, StorageError>(false)
    if (splits.length === 0) return okAsync<boolean, StorageError>(true)
    // What is under way for an earlier refund may end, and can be asked for more then.
    return tellAll(ports, splits.filter(isUnderWay))
      .andThen(() => beginReturns(ports, refund))
      .andThen((begun) => tellAll(ports, begun))
      .andThen(() => readSplits(ports, refundId))
      .map(({ splits: after, settlement }) => {
        const isWanted = settlement !== undefined && planReturns(settlement, after, leavesFrom(refund)).size > 0
        const isOpen = isWanted || after.some(isUnderWay)
        return !isOpen || isDue(leavesFrom(refund) + longestWaitMs, ports.clock.now(), longestWaitMs)
      })
  })

const readSplits = (ports: PayoutPorts, refundId: string) =>
  readFacts(ports.storage, {
    shop: ports.shop,
    scope: { kind: 'all' },
    at: ports.clock.now(),
    plan: { refund: row(refunds, refundId), ...planOf({ from: 'refund', path: 'orderId' }) },
  }).map(({ refund, settlement, splits }) => ({
    refund: refund?.state,
    settlement: settlement?.state,
    splits: splits.map(({ state }) => state),
  }))

const planOf = (orderId: string | IdsFrom) => ({
  settlement: row(settlements, orderId),
  splits: rows(payouts, { from: 'settlement', path: 'shares.*.splitIds.*' }),
})

const isUnderWay = (payout: Payout): boolean =>
  payout.status === 'submitted' ||
  (payout.status === 'paid' && payout.returning !== undefined && 'tellAt' in payout.returning)

// One that cannot be told now is told by the sweep; no payer waits for it for ever.
const tellAll = (ports: PayoutPorts, splits: readonly Payout[]): ResultAsync<undefined, never> =>
  splits.reduce<ResultAsync<undefined, never>>(
    (sofar, { payoutId, split }) =>
      sofar.andThen(() =>
        split !== undefined && ports.isSilent?.(split.gatewayId) === true
          ? okAsync(undefined)
          : tellPayout(ports, payoutId)
              .map(() => undefined)
              .orElse(() => okAsync(undefined)),
      ),
    okAsync(undefined),
  )

/** Since when a refund may leave: what a dispute kept back has waited for nothing of this. */
const leavesFrom = ({ requestedAt, resumedAt = requestedAt }: Refund): Instant => resumedAt

/** Writes down what is to come back, before any gateway is told. */
const beginReturns = (ports: PayoutPorts, refund: Refund): ResultAsync<readonly Payout[], StorageError> =>
  decideAndCommit(ports, {
    scope: { kind: 'all' },
    plan: () => planOf(refund.orderId),
    decide: (
      { settlement, splits },
      { now },
    ): Result<{ changes: readonly Change[]; answer: readonly Payout[] }, never> => {
      if (settlement === undefined) return ok({ changes: [], answer: [] })
      const planned = planReturns(
        settlement.state,
        splits.map(({ state }) => state),
        leavesFrom(refund),
      )
      const begun = splits.flatMap((stored): readonly Stored<Payout>[] => {
        const amountMinor = planned.get(stored.id)
        const { state } = stored
        if (amountMinor === undefined || state.status !== 'paid') return []
        const returning = { returnId: ports.ids.next('splitReturn'), amountMinor, since: now, tellAt: now }
        return [{ ...stored, state: { ...state, returning } }]
      })
      const changes = begun.map(({ id, version, state }) => put(payouts, { id, version, state }))
      return ok({
        changes: changes.length === 0 ? [] : [...changes, expectRow(settlements, settlement)],
        answer: begun.map(({ state }) => state),
      })
    },
  })
