import { err, errAsync, ok, okAsync, type Result, type ResultAsync } from 'neverthrow'
import { type GatewayErrorCode, gatewayErrors } from '../../payments/gateway-error.js'
import { guardPayouts } from '../../payments/guard-gateway.js'
import { pollOf } from '../../payments/outcome.js'
import type { Payout, PayoutPort, SentPayout } from '../../payments/payout.js'
import { payouts } from '../../payments/payout.schema.js'
import type { GatewayAnswer, MovedSplit, Outcome } from '../../payments/ports.js'
import type { Settlement } from '../../payments/settlement.js'
import { settlements } from '../../payments/settlement.schema.js'
import { payoutsId } from '../../payments/spare-silent-gateways.js'
import { type Change, put } from '../../shared/commit.js'
import { decideAndCommit, type StorageError } from '../../shared/decide-and-commit.js'
import { isDue } from '../../shared/due.js'
import type { NotFound } from '../../shared/errors.js'
import { daysMs, type Instant, minutesMs } from '../../shared/instant.js'
import { type Json, valuesAt } from '../../shared/json.js'
import type { CorePorts } from '../../shared/ports.js'
import { row, rows, type Stored } from '../../shared/read-plan.js'
import { sumOfSweeps } from '../../shared/sweep-each.js'
import { nameOverdue } from '../name-overdue.js'
import { type GatewayUnknown, gatewayOf } from '../paying/record-outcome.js'
import type { AskingPorts } from '../spare-gateways.js'
import { type SweepOptions, type SweepReport, sweepDue } from '../sweep-due.js'
import {
  broughtBack,
  type EndedPayout,
  isReturning,
  notBroughtBack,
  notPaidOut,
  paidOut,
  type Returning,
  sentAfterAll,
  unclear,
} from './end-payout.js'

/** What paying out needs of the world. */
export type PayoutPorts = CorePorts &
  AskingPorts & {
    /** Whom to tell to send money; absent: payouts are refused. */
    readonly payouts?: PayoutPort
  }

/** Nobody sends money for this shop. */
export type PayoutNotOffered = { readonly type: 'PayoutNotOffered' }

/** Why a payout cannot be told. */
export type TellPayoutError = StorageError | NotFound | PayoutNotOffered | GatewayUnknown

/** Whether a payout was sent, or a part of it came back, nobody can say but a person who looks (`orders.decidePayout`). */
export type PayoutUnclear = { readonly type: 'PayoutUnclear'; readonly payoutId: string }

/** A payout, as far as it has come. */
export type BegunPayout = Pick<Payout, 'payoutId' | 'payee' | 'currency' | 'amountMinor' | 'status'> & {
  /** Whether a person has to say what came of it (`orders.decidePayout`). */
  readonly isUnclear: boolean
}

/**
 * Tells again to send the payouts, and to take back the splits, of which it is not known what came of them. Those that
 * wait for a person's word are in every report, as `PayoutUnclear`, and those of which nobody has said for three days whether
 * they were sent, or whether what was to come back did, as `PayoutOverdue`.
 *
 * @errors StorageError when the waiting payouts cannot be read
 */
export const settlePayouts = (ports: PayoutPorts, options: SweepOptions): ResultAsync<SweepReport, StorageError> => {
  const told = (id: string, stored: Json): ResultAsync<unknown, TellPayoutError> =>
    ports.isSilent?.(payoutsId) === true && valuesAt(stored, 'split').length === 0
      ? okAsync(false)
      : tellPayout(ports, id)
  const ahead = { pauseMs: longestPauseMs }
  return sweepDue(ports, payouts, { field: 'tellAt', ahead, ...options }, told).andThen((sent) =>
    sweepDue(ports, payouts, { field: 'returnAt', ahead, ...options }, told).andThen((back) =>
      sweepDue(ports, payouts, { ...unclearPayouts, ...options }, waitForPerson).andThen((waiting) =>
        nameOverdue(ports, payouts, { ...unheardPayouts, reason: 'PayoutOverdue', ...options }).andThen((overdue) =>
          nameOverdue(ports, payouts, { ...unheardReturns, reason: 'PayoutOverdue', ...options }).map((returning) =>
            sumOfSweeps(sent, back, waiting, overdue, returning),
          ),
        ),
      ),
    ),
  )
}

const unclearPayouts = { field: 'unclearSince', ahead: { pauseMs: 0 } } as const

/** Payouts of which nobody has said what came of them, however often they were told. */
export const unheardPayouts = {
  field: 'submittedAt',
  where: [{ field: 'status', is: 'eq', value: 'submitted' }],
} as const

/** Splits of which a part was to come back, and nobody has said what came of that. */
export const unheardReturns = { field: 'returningSince', where: [] } as const

const waitForPerson = (payoutId: string): ResultAsync<never, PayoutUnclear> =>
  errAsync({ type: 'PayoutUnclear', payoutId })

/** How long after a payout was told, without an answer, it is told again. */
export const retryMs = 10 * minutesMs

/** The longest until it is told again, as whoever has it may say when (`pollOf`). */
const longestPauseMs = daysMs

/** How long a payout whose answer was lost may be turned away at the door before a person is to say what came of it. */
const unheardMs = daysMs

/**
 * Tells a payout to be sent, or what of it is to come back, and writes what came of it.
 *
 * @param isFirst - whether it was never told before, for certain; not so unless said
 * @errors TellPayoutError
 */
export const tellPayout = (
  ports: PayoutPorts,
  payoutId: string,
  isFirst = false,
): ResultAsync<BegunPayout, TellPayoutError> => {
  return claim(ports, payoutId, isFirst).andThen(({ payout: state, isClaimed }) => {
    const at = ports.clock.now()
    if (isClaimed && state.status === 'submitted') {
      return askToSend(ports, state, at).andThen((outcome) => noteSent(ports, payoutId, outcome, { isFirst }))
    }
    if (isClaimed && isReturning(state)) {
      const { returnId } = state.returning
      return askBack(ports, state, at).andThen((outcome) => noteReturned(ports, payoutId, returnId, outcome))
    }
    return okAsync<BegunPayout, TellPayoutError>(begunOf(state))
  })
}

type Claimed = { readonly payout: Payout; readonly isClaimed: boolean }

/**
 * Takes on to tell a payout, before anybody is told: of two machines at once the other finds it told, and leaves it alone
 * until it is due again. Two requests at once may be judged differently, and the no be written last.
 */
const claim = (ports: PayoutPorts, payoutId: string, isFirst: boolean): ResultAsync<Claimed, StorageError | NotFound> =>
  decideAndCommit(ports, {
    scope: { kind: 'all' },
    plan: () => ({ payout: row(payouts, payoutId) }),
    decide: ({ payout }, { now }): Result<{ changes: readonly Change[]; answer: Claimed }, NotFound> => {
      if (payout === undefined) return err(notFound(payoutId))
      const { id, version, state } = payout
      // Who wrote it down is its only one for as long.
      if (isFirst) return ok({ changes: [], answer: { payout: state, isClaimed: true } })
      const claimed = toldAgain(state, now)
      return claimed === undefined
        ? ok({ changes: [], answer: { payout: state, isClaimed: false } })
        : ok({ changes: [put(payouts, { id, version, state: claimed })], answer: { payout: claimed, isClaimed: true } })
    },
  })

/** A payout that is to be told now, and is told again only once its answer is overdue. */
const toldAgain = (payout: Payout, now: Instant): Payout | undefined => {
  const tellAt = now + retryMs
  if (payout.status === 'submitted') {
    return isDue(payout.tellAt, now, longestPauseMs) ? { ...payout, tellAt, isAsked: true } : undefined
  }
  if (!isReturning(payout) || !('tellAt' in payout.returning)) return undefined
  const { returning } = payout
  // A refund that waits for it asks at once, unless somebody has asked and waits.
  if (returning.isAsked === true && !isDue(returning.tellAt, now, longestPauseMs)) return undefined
  return { ...payout, returning: { ...returning, since: returning.since ?? now, tellAt, isAsked: true } }
}

const notFound = (id: string): NotFound => ({ type: 'NotFound', entity: 'payout', id })

type Submitted = Extract<Payout, { status: 'submitted' }>

const askToSend = (
  ports: PayoutPorts,
  { payoutId, payee, amountMinor, currency, split }: Submitted,
  at: Instant,
): ResultAsync<Outcome<SentPayout>, PayoutNotOffered | GatewayUnknown> => {
  const amount = { minor: amountMinor, currency }
  if (split === undefined) {
    const port = ports.payouts
    return port === undefined
      ? errAsync({ type: 'PayoutNotOffered' })
      : guardPayouts(port)
          .send({ payoutId, payee, amount, at })
          .mapErr((never): PayoutNotOffered => never)
  }
  const { gatewayId, paymentId, gatewayRef, account } = split
  return gatewayOf(ports, gatewayId).asyncAndThen((gateway) =>
    answerOf(
      gateway.splits?.send({
        splitRef: payoutId,
        attemptRef: paymentId,
        gatewayRef,
        key: `split:${payoutId}`,
        account,
        amount,
        at,
      }),
    ),
  )
}

const askBack = (
  ports: PayoutPorts,
  { payoutId, currency, split, returning }: Returning,
  at: Instant,
): ResultAsync<Outcome<SentPayout>, GatewayUnknown> => {
  const { returnId, amountMinor } = returning
  const { gatewayId, paymentId, gatewayRef, account } = split
  return gatewayOf(ports, gatewayId).asyncAndThen((gateway) =>
    answerOf(
      gateway.splits?.takeBack({
        returnRef: returnId,
        splitRef: payoutId,
        attemptRef: paymentId,
        gatewayRef,
        key: `splitReturn:${returnId}`,
        account,
        amount: { minor: amountMinor, currency },
        at,
      }),
    ),
  )
}

// A gateway that divided payments and does not now may do so again: it is a no for the time being.
const noSplits: Outcome<SentPayout> = { kind: 'unknown', cause: 'threw' }

const answerOf = (answer: GatewayAnswer<MovedSplit> | undefined): ResultAsync<Outcome<SentPayout>, never> =>
  answer === undefined
    ? okAsync(noSplits)
    : answer.map((outcome) =>
        outcome.kind === 'ok' ? { kind: 'ok', value: { payoutRef: outcome.value.gatewayRef } } : outcome,
      )

type Read = {
  readonly payout: Stored<Payout> | undefined
  readonly settlements: readonly Stored<Settlement>[]
}
type Noted = Result<{ readonly changes: readonly Change[]; readonly answer: BegunPayout }, NotFound>

const note = (
  ports: CorePorts,
  payoutId: string,
  decide: (read: Read, now: Instant) => Noted,
): ResultAsync<BegunPayout, TellPayoutError> =>
  decideAndCommit(ports, {
    scope: { kind: 'all' },
    plan: () => ({
      payout: row(payouts, payoutId),
      settlements: rows(settlements, { from: 'payout', path: 'parts.*.orderId' }),
    }),
    decide: (read, { now }) => decide(read, now),
  })

const write = ({ id, version }: Stored<Payout>, { state, further = [] }: EndedPayout): Noted =>
  ok({ changes: [put(payouts, { id, version, state }), ...further], answer: begunOf(state) })

const unchanged = (state: Payout): Noted => ok({ changes: [], answer: begunOf(state) })

const noteSent = (
  ports: CorePorts,
  payoutId: string,
  outcome: Outcome<SentPayout>,
  { isFirst }: { readonly isFirst: boolean },
) =>
  note(ports, payoutId, ({ payout, settlements: found }, now) => {
    if (payout === undefined) return err(notFound(payoutId))
    const { state } = payout
    if (outcome.kind === 'ok' && state.status === 'unclear') {
      return write(payout, paidOut(state, outcome.value.payoutRef, now))
    }
    if (outcome.kind === 'ok' && state.status === 'failed') return write(payout, sentAfterAll(state, { found, now }))
    if (state.status !== 'submitted') return unchanged(state)
    const { isAsked: _, ...answered } = state
    switch (outcome.kind) {
      case 'ok':
        return write(payout, paidOut(state, outcome.value.payoutRef, now))
      case 'pending':
        return write(payout, { state: { ...answered, tellAt: now + (pollOf(outcome) ?? retryMs) } })
      case 'unknown':
        return write(payout, { state: { ...answered, tellAt: now + retryMs } })
      case 'declined': {
        const { code } = outcome.error
        // Who is turned away at the door learns nothing of what went before. A gateway that splits has looked for that.
        const isAtTheDoor = state.split === undefined && !isFirst && gatewayErrors[code].atTheDoor
        // Whatever keeps the shop from being heard for that long is for a person to see.
        const isOverdue = isAtTheDoor && isDue(state.submittedAt + unheardMs, now, unheardMs)
        if (isOverdue) return write(payout, unclear(state, code, now))
        if (isPassing(code) || isAtTheDoor) return write(payout, { state: { ...answered, tellAt: now + retryMs } })
        return write(payout, isUnclear(code) ? unclear(state, code, now) : notPaidOut(state, { code, found, now }))
      }
    }
  })

const noteReturned = (ports: CorePorts, payoutId: string, askedId: string, outcome: Outcome<SentPayout>) =>
  note(ports, payoutId, ({ payout, settlements: found }, now) => {
    if (payout === undefined) return err(notFound(payoutId))
    const { state } = payout
    if (!isReturning(state) || !('tellAt' in state.returning)) return unchanged(state)
    // Another part may be on its way back by now.
    if (state.returning.returnId !== askedId) return unchanged(state)
    const { returnId, amountMinor, since = now } = state.returning
    const later = (ms: number) =>
      write(payout, { state: { ...state, returning: { returnId, amountMinor, since, tellAt: now + ms } } })
    switch (outcome.kind) {
      case 'ok':
        return write(payout, broughtBack(state, { found, now }))
      case 'pending':
        return later(pollOf(outcome) ?? retryMs)
      case 'unknown':
        return later(retryMs)
      case 'declined': {
        const { code } = outcome.error
        if (isPassing(code)) return later(retryMs)
        const waiting = { ...state, returning: { returnId, amountMinor, code }, unclearSince: now }
        return write(payout, isUnclear(code) ? { state: waiting } : notBroughtBack(state, { code, now }))
      }
    }
  })

/** Whether a no was only meant for the moment. The same is asked again under the same reference. */
export const isPassing = (code: GatewayErrorCode): boolean => gatewayErrors[code].blame === 'gateway'

/** Whether a no may hide a yes, of which asking again would never say more: a person has to look. */
const isUnclear = (code: GatewayErrorCode): boolean => !gatewayErrors[code].definite

/** What is told of a payout. */
export const begunOf = (payout: Payout): BegunPayout => {
  const { payoutId, payee, currency, amountMinor, status } = payout
  return { payoutId, payee, currency, amountMinor, status, isUnclear: 'unclearSince' in payout }
}
