import { err, errAsync, ok, okAsync, type Result, ResultAsync } from 'neverthrow'
import { type GatewayErrorCode, gatewayErrors } from '../../payments/gateway-error.js'
import type { Account } from '../../payments/ledger.js'
import { appendEntries } from '../../payments/move-payment.js'
import { moveBalances, postSettlements } from '../../payments/payee-balance.js'
import type { Payout, PayoutPort, SentPayout } from '../../payments/payout.js'
import { payouts } from '../../payments/payout.schema.js'
import type { GatewayAnswer, MovedSplit, Outcome, PaymentGateways } from '../../payments/ports.js'
import { payOutShare, type Settlement } from '../../payments/settlement.js'
import { settlements } from '../../payments/settlement.schema.js'
import { type Change, put } from '../../shared/commit.js'
import { decideAndCommit, type StorageError } from '../../shared/decide-and-commit.js'
import type { NotFound } from '../../shared/errors.js'
import { type Instant, minutesMs } from '../../shared/instant.js'
import type { CorePorts } from '../../shared/ports.js'
import { readFacts } from '../../shared/read-facts.js'
import { row, rows, type Stored } from '../../shared/read-plan.js'
import { type GatewayUnknown, gatewayOf } from '../paying/record-outcome.js'
import { type SweepOptions, type SweepReport, sweepDue } from '../sweep-due.js'

/** What paying out needs of the world. */
export type PayoutPorts = CorePorts & {
  /** Whom to tell to send money; absent: payouts are refused. */
  readonly payouts?: PayoutPort
  readonly gateways: PaymentGateways
}

/** Nobody sends money for this shop. */
export type PayoutNotOffered = { readonly type: 'PayoutNotOffered' }

/** Why a payout cannot be told. */
export type TellPayoutError = StorageError | NotFound | PayoutNotOffered | GatewayUnknown

/** A payout, as far as it has come. */
export type BegunPayout = Pick<Payout, 'payoutId' | 'payee' | 'currency' | 'amountMinor' | 'status'>

/**
 * Tells again to send the payouts, and to take back the splits, of which it is not known what came of them.
 *
 * @errors StorageError when the waiting payouts cannot be read
 */
export const settlePayouts = (ports: PayoutPorts, options: SweepOptions): ResultAsync<SweepReport, StorageError> => {
  const told = (id: string) => tellPayout(ports, id)
  return sweepDue(ports, payouts, { field: 'tellAt', ...options }, told).andThen((sent) =>
    sweepDue(ports, payouts, { field: 'returnAt', ...options }, told).map((back) => ({
      done: sent.done + back.done,
      failed: [...sent.failed, ...back.failed],
    })),
  )
}

const retryMs = 10 * minutesMs

/**
 * Tells a payout to be sent, or what of it is to come back, and writes what came of it.
 *
 * @errors TellPayoutError
 */
export const tellPayout = (ports: PayoutPorts, payoutId: string): ResultAsync<BegunPayout, TellPayoutError> => {
  const at = ports.clock.now()
  const plan = { payout: row(payouts, payoutId) }
  return readFacts(ports.storage, { shop: ports.shop, scope: { kind: 'all' }, at, plan })
    .mapErr((error): TellPayoutError => error)
    .andThen(({ payout }) => {
      if (payout === undefined) return errAsync<BegunPayout, TellPayoutError>(notFound(payoutId))
      const { state } = payout
      switch (state.status) {
        case 'submitted':
          return askToSend(ports, state, at).andThen((outcome) => noteSent(ports, payoutId, outcome))
        case 'paid':
          return state.returning === undefined
            ? okAsync<BegunPayout, TellPayoutError>(begunOf(state))
            : askBack(ports, state, at).andThen((outcome) => noteReturned(ports, payoutId, outcome))
        case 'failed':
          return okAsync<BegunPayout, TellPayoutError>(begunOf(state))
      }
    })
}

const notFound = (id: string): NotFound => ({ type: 'NotFound', entity: 'payout', id })

type Submitted = Extract<Payout, { status: 'submitted' }>
type Paid = Extract<Payout, { status: 'paid' }>

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
      : send(port, { payoutId, payee, amount, at }).mapErr((never): PayoutNotOffered => never)
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
  { payoutId, currency, split, returning }: Paid,
  at: Instant,
): ResultAsync<Outcome<SentPayout>, GatewayUnknown> => {
  if (split === undefined || returning === undefined) return okAsync(noSplits)
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

// What the port throws, and what it rejects with, is no answer: the money may have gone out before it broke.
const send = (port: PayoutPort, request: Parameters<PayoutPort['send']>[0]): ResultAsync<Outcome<SentPayout>, never> =>
  ResultAsync.fromPromise(
    Promise.resolve().then(() => port.send(request)),
    () => undefined,
  )
    .andThen((answer) => answer)
    .orElse(() => okAsync<Outcome<SentPayout>, never>({ kind: 'unknown', cause: 'threw' }))

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
  }).mapErr((error): TellPayoutError => error)

const write = ({ id, version }: Stored<Payout>, state: Payout, further: readonly Change[] = []): Noted =>
  ok({ changes: [put(payouts, { id, version, state }), ...further], answer: begunOf(state) })

const noteSent = (ports: CorePorts, payoutId: string, outcome: Outcome<SentPayout>) =>
  note(ports, payoutId, ({ payout, settlements: found }, now) => {
    if (payout === undefined) return err(notFound(payoutId))
    const { state } = payout
    if (state.status !== 'submitted') return ok({ changes: [], answer: begunOf(state) })
    const { tellAt: _, ...facts } = state
    switch (outcome.kind) {
      case 'ok':
        return write(payout, { ...facts, status: 'paid', paidAt: now, payoutRef: outcome.value.payoutRef })
      case 'pending':
        return write(payout, { ...state, tellAt: now + (outcome.pollAfterMs ?? retryMs) })
      case 'unknown':
        return write(payout, { ...state, tellAt: now + retryMs })
      case 'declined': {
        if (isPassing(outcome.error.code)) return write(payout, { ...state, tellAt: now + retryMs })
        const failed: Payout = { ...facts, status: 'failed', failedAt: now, code: outcome.error.code }
        const parts = state.parts
        return write(payout, failed, giveBackShares(state, found, { reference: payoutId, parts, at: now }))
      }
    }
  })

const noteReturned = (ports: CorePorts, payoutId: string, outcome: Outcome<SentPayout>) =>
  note(ports, payoutId, ({ payout, settlements: found }, now) => {
    if (payout === undefined) return err(notFound(payoutId))
    const { state } = payout
    if (state.status !== 'paid' || state.returning === undefined || state.split === undefined) {
      return ok({ changes: [], answer: begunOf(state) })
    }
    const { returning, split, ...facts } = state
    const later = (ms: number) => write(payout, { ...state, returning: { ...returning, tellAt: now + ms } })
    switch (outcome.kind) {
      case 'ok': {
        const { returnId, amountMinor } = returning
        const parts = state.parts.map(({ orderId }) => ({ orderId, amountMinor }))
        return write(
          payout,
          { ...facts, split: { ...split, returnedMinor: split.returnedMinor + amountMinor } },
          giveBackShares(state, found, { reference: returnId, parts, at: now }),
        )
      }
      case 'pending':
        return later(outcome.pollAfterMs ?? retryMs)
      case 'unknown':
        return later(retryMs)
      case 'declined': {
        const { code } = outcome.error
        if (isPassing(code)) return later(retryMs)
        // An account that is empty now may not be so at the next refund.
        const refused = wantsMoney.has(code) ? { returnDeclinedAt: now } : { isReturnRefused: true }
        return write(payout, { ...facts, split: { ...split, ...refused } })
      }
    }
  })

/**
 * Whether a no is none: it leaves open whether money went, or was only meant for the moment. The same is asked again
 * under the same reference.
 */
export const isPassing = (code: GatewayErrorCode): boolean => {
  const { definite, blame } = gatewayErrors[code]
  return !definite || blame === 'gateway'
}

const wantsMoney: ReadonlySet<GatewayErrorCode> = new Set(['InsufficientFunds', 'LimitExceeded', 'Expired'])

/** What was not sent, or came back, stands to its payee's account again, or is owed no more. */
const giveBackShares = (
  payout: Payout,
  found: readonly Stored<Settlement>[],
  back: { readonly reference: string; readonly parts: Payout['parts']; readonly at: Instant },
): readonly Change[] => {
  const moved = found.map((stored) => {
    const part = back.parts.find(({ orderId }) => orderId === stored.id)
    const after = payOutShare(stored.state, payout.payee, 0 - (part?.amountMinor ?? 0))
    return { stored, before: stored.state, after }
  })
  const entry = {
    entryId: `payoutReturned/${back.reference}`,
    kind: 'payoutReturned',
    at: back.at,
    about: null,
  } as const
  return [
    ...moved.map(({ stored, after }) => put(settlements, { id: stored.id, version: stored.version, state: after })),
    ...moveBalances(moved),
    ...appendEntries(postSettlements(moved, entry, paidFrom(payout))),
  ]
}

/** Where the money of a payout comes from. */
export const paidFrom = ({ split }: Payout): Account =>
  split === undefined ? 'bank' : `gatewayClearing:${split.gatewayId}`

/** What is told of a payout. */
export const begunOf = ({ payoutId, payee, currency, amountMinor, status }: Payout): BegunPayout => ({
  payoutId,
  payee,
  currency,
  amountMinor,
  status,
})
