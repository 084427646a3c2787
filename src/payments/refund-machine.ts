import { err, ok, type Result } from 'neverthrow'
import { match } from 'ts-pattern'
import { allowsCommand, type Decider } from '../shared/decider.js'
import { hoursMs, type Instant } from '../shared/instant.js'
import { canonicalJson } from '../shared/json.js'
import { gatewayErrors, type UnknownCause } from './gateway-error.js'
import { laterFailure } from './known-facts.js'
import type { AccountShare } from './ledger.js'
import { longestCallMs, nextQueryAt } from './query-schedule.js'
import type { KnownRefundFacts, Refund, RefundCommand, RefundError, RefundEvent, RefundFailure } from './refund.js'
import { endedAt, joinRefundFacts, laterOf, nothingKnownOfRefund, readAnswer, readSnapshot } from './refund-facts.js'
import { refundTable } from './refund-table.js'
import type { RefundSnapshot } from './snapshot.js'

/** A refund, or the moment before there is one. */
export type RefundState = Refund | { readonly status: 'absent' }

/** Whether the gateway's word, as far as it is known, is that the payer has the money. */
export const hasSucceeded = (refund: Pick<Refund, 'known' | 'past' | 'submittedAt'>): boolean => {
  const { succeededAt } = refund.known
  const failure = toldFailure(refund)
  return succeededAt !== null && isOfThisTry(succeededAt, refund) && (failure === null || failure.at < succeededAt)
}

// What is answered to a try is its own, whenever it says that it was.
const isOfThisTry = (
  succeededAt: Instant,
  { known, past, submittedAt }: Pick<Refund, 'known' | 'past' | 'submittedAt'>,
): boolean => {
  if (known.confirmedAt !== null) return true
  if (!isLater(succeededAt, past.succeededAt)) return false
  // That one request of this try was turned down says nothing of another; it may be of the try before.
  if (past.failedAt === null || succeededAt > past.failedAt) return true
  return known.declined === undefined && submittedAt !== null && succeededAt >= submittedAt - clocksDifferMs
}

// A success that is heard of late and unasked, after the try that it was of has failed all the same and another was sent. A decline is
// dated by the shop and a success by the gateway, whose clocks differ by less than this.
const clocksDifferMs = hoursMs

type Decision = Result<readonly RefundEvent[], RefundError>

const decide = (state: RefundState, command: RefundCommand): Decision => {
  const forbids = (): Decision => err({ type: 'RefundStateForbids', status: state.status, command: command.type })
  if (!allowsCommand(refundTable, { status: state.status, command: command.type })) return forbids()
  if (state.status === 'absent') return command.type === 'RequestRefund' ? start(command) : forbids()
  return match(command)
    .returnType<Decision>()
    .with({ type: 'RequestRefund' }, forbids)
    .with({ type: 'SubmitRefund' }, ({ at }) => ok([{ type: 'RefundSubmitted', at, tries: state.tries + 1 }]))
    .with({ type: 'RecordRefundPending' }, ({ tries = state.tries, gatewayRef, pollAfterMs }) => {
      if (tries !== state.tries) return ok([])
      const poll = pollAfterMs === undefined ? {} : { pollAfterMs }
      const said = { ...nothingKnownOfRefund, gatewayRef, accepted: true, ...poll }
      return ok(learn(state, joinRefundFacts(state.known, said)))
    })
    .with({ type: 'RecordRefundDeclined' }, ({ tries = state.tries, code, at }) => {
      if (tries !== state.tries) return ok([])
      if (state.status !== 'submitted' && state.status !== 'pending' && state.status !== 'unknown') return ok([])
      if (!gatewayErrors[code].definite) return ok(doubt(state, 'ambiguous', at))
      return ok(learn(state, joinRefundFacts(state.known, { ...nothingKnownOfRefund, declined: { code, at } })))
    })
    .with({ type: 'RecordRefundUnknown' }, ({ cause, at }) => ok(doubt(state, cause, at)))
    .with({ type: 'RecordRefundSnapshot' }, ({ snapshot, isAnswer = false, tries = state.tries }) => {
      const expected = nameOf({ refundRef: state.refundId, attemptRef: state.paymentId, amount: amountOf(state) })
      return nameOf(snapshot) === expected
        ? ok(
            learn(
              state,
              joinRefundFacts(
                state.known,
                isAnswer && tries === state.tries ? readAnswer(state, snapshot) : readSnapshot(snapshot),
              ),
            ),
          )
        : err({ type: 'SnapshotOfOtherRefund', expected, actual: nameOf(snapshot) })
    })
    .with({ type: 'DecideRefund' }, ({ moved, goneMinor = 0, at }) => {
      const mayBeGone = Number.isSafeInteger(goneMinor) && goneMinor >= 0 && goneMinor < state.amountMinor
      if (!mayBeGone || (moved && goneMinor > 0)) return err({ type: 'RefundAmountInvalid', amountMinor: goneMinor })
      const decided = { moved, ...(goneMinor === 0 ? {} : { goneMinor }), at }
      return ok(learn(state, { ...state.known, decided }))
    })
    .with({ type: 'RecordRefundAsked' }, ({ at }) => ok(state.queryAt === null ? [] : [{ type: 'RefundQueried', at }]))
    .with({ type: 'RequestManualPayout' }, ({ at }) =>
      ok(state.status === 'manualPayout' ? [] : [{ type: 'ManualPayoutRequested', at }]),
    )
    .with({ type: 'ConfirmManualPayout' }, ({ at }) =>
      ok(state.status === 'paidManually' ? [] : [{ type: 'RefundPaidManually', at }]),
    )
    .with({ type: 'CancelRefund' }, ({ at }) =>
      ok(state.status === 'cancelled' ? [] : [{ type: 'RefundCancelled', at }]),
    )
    .with({ type: 'HoldRefund' }, ({ at }) => ok([{ type: 'RefundHeld', at }]))
    .with({ type: 'ResumeRefund' }, ({ left = state, at }) => {
      const { amountMinor, sources } = hasSucceeded(state) ? state : left
      if (amountMinor > state.amountMinor || (amountMinor < state.amountMinor && state.tries > 0)) return forbids()
      return checkSources(amountMinor, sources).map(() => [{ type: 'RefundResumed', amountMinor, sources, at }])
    })
    .with({ type: 'ReduceRefund' }, ({ amountMinor, sources }) => {
      if (state.tries > 0 || amountMinor > state.amountMinor) return forbids()
      return checkSources(amountMinor, sources).map(() =>
        amountMinor === state.amountMinor ? [] : [{ type: 'RefundReduced', amountMinor, sources }],
      )
    })
    .with({ type: 'CoverRefund' }, (covering) => cover(state, covering))
    .exhaustive()
}

const cover = (state: Refund, { disputeId, coveredMinor, at }: Extract<RefundCommand, { type: 'CoverRefund' }>) => {
  // Of what has arrived whole nobody can have had any by the dispute.
  const byDispute = coveredMinor ?? (missingMinor(state) || state.amountMinor)
  if (!Number.isSafeInteger(byDispute) || byDispute <= 0 || byDispute > state.amountMinor) {
    return err<never, RefundError>({ type: 'RefundAmountInvalid', amountMinor: byDispute })
  }
  const isSame = state.status === 'chargedBack' && state.disputeId === disputeId
  if (isSame && (coveredMinor === undefined || coveredMinor === coveredMinorOf(state))) return ok([])
  const part = byDispute === state.amountMinor ? {} : { coveredMinor: byDispute }
  return ok([{ type: 'RefundChargedBack', disputeId, ...part, at } as const])
}

const start = ({ type: _, ...facts }: Extract<RefundCommand, { type: 'RequestRefund' }>): Decision => {
  return checkSources(facts.amountMinor, facts.sources).map(() => [{ type: 'RefundRequested', ...facts }])
}

const checkSources = (amountMinor: number, sources: readonly AccountShare[]): Result<void, RefundError> => {
  if (!Number.isSafeInteger(amountMinor) || amountMinor <= 0) return err({ type: 'RefundAmountInvalid', amountMinor })
  const sourcesMinor = sources.reduce((sum, share) => sum + share.amountMinor, 0)
  return sourcesMinor === amountMinor &&
    sources.every((share) => Number.isSafeInteger(share.amountMinor) && share.amountMinor > 0)
    ? ok(undefined)
    : err({ type: 'RefundSourcesDiffer', amountMinor, sourcesMinor })
}

/** The one event that tells what came of more being known; none when it was known. */
const learn = (state: Refund, known: KnownRefundFacts): readonly RefundEvent[] => {
  if (canonicalJson(state.known) === canonicalJson(known)) return []
  const next = evolve(state, { type: 'RefundFactsLearned', known })
  if (next.status === 'absent') return []
  if (next.status === state.status) {
    const twice = isPaidOtherwise(state) && hasSucceeded(next) && !hasSucceeded(state)
    return [{ type: twice ? 'RefundPaidTwice' : 'RefundFactsLearned', known }]
  }
  switch (next.status) {
    case 'pending':
      return [{ type: 'RefundPending', known }]
    case 'succeeded':
    case 'paidManually':
      return [{ type: 'RefundSucceeded', known }]
    case 'manualPayout':
      return [{ type: 'RefundReversed', known }]
    case 'failed':
      return [{ type: state.status === 'succeeded' ? 'RefundReversed' : 'RefundFailed', known }]
    case 'submitted':
    case 'requested':
    case 'unknown':
    case 'held':
    case 'chargedBack':
    case 'cancelled':
      return [{ type: 'RefundFactsLearned', known }]
  }
}

const isPaidOtherwise = ({ status }: Refund): boolean => status === 'paidManually' || status === 'chargedBack'

const doubt = (state: Refund, cause: UnknownCause, at: Instant): readonly RefundEvent[] =>
  state.status === 'submitted' ? [{ type: 'RefundUnknownOutcome', cause, at }] : []

const evolve = (state: RefundState, event: RefundEvent): RefundState => {
  if (event.type === 'RefundRequested') return begin(event)
  if (state.status === 'absent') return state
  const facts = factsOf(state)
  switch (event.type) {
    case 'RefundSubmitted': {
      // Each try may be another refund at the gateway.
      const sent = { submittedAt: event.at, askedAt: event.at, queries: 0, tries: event.tries }
      const past = {
        succeededAt: laterOf(state.past.succeededAt, state.known.succeededAt),
        failedAt: laterOf(state.past.failedAt, failureOf(state)?.at ?? null),
        ...goneBefore(state),
        ...decidedBefore(state),
      }
      return placeSent({ ...facts, ...sent, past, known: nothingKnownOfRefund }, null)
    }
    case 'RefundUnknownOutcome':
      return placeSent(facts, event.cause)
    case 'RefundPending':
    case 'RefundSucceeded':
    case 'RefundFailed':
    case 'RefundReversed':
    case 'RefundPaidTwice':
    case 'RefundFactsLearned': {
      const next = { ...facts, known: event.known }
      if (state.status === 'chargedBack') return { ...state, known: event.known }
      const paid = paidOf(state)
      if (paid !== null) return placePaid(next, paid)
      // What is to be sent, or paid by hand, is all the same, unless the payer has it.
      const isToGo = state.status === 'requested' || state.status === 'held' || state.status === 'manualPayout'
      if (isToGo && !hasSucceeded(next)) return { ...state, known: event.known }
      return placeSent(next, causeOf(state))
    }
    case 'RefundQueried':
      return placeSent({ ...facts, askedAt: event.at, queries: state.queries + 1 }, causeOf(state))
    case 'ManualPayoutRequested':
      return { ...facts, status: 'manualPayout', queryAt: null, takenOverAt: event.at }
    case 'RefundPaidManually': {
      const takenOverAt = state.status === 'manualPayout' ? state.takenOverAt : event.at
      // Where all of it had arrived nobody can have paid any of it.
      const minor = state.amountMinor - goneMinorOf(state) || state.amountMinor
      return paidManually(facts, { minor, at: event.at, takenOverAt })
    }
    case 'RefundCancelled':
      return { ...facts, status: 'cancelled', queryAt: null, cancelledAt: event.at }
    case 'RefundHeld':
      return { ...facts, status: 'held', queryAt: null, heldSince: event.at }
    case 'RefundResumed':
      if (state.status === 'chargedBack' && state.paid !== undefined) {
        return placePaid(facts, { ...state.paid, takenOverAt: state.paid.at })
      }
      // Sent by the gateway all the same: nothing is to be sent again.
      if (hasSucceeded(facts)) return placeSent(facts, null)
      return {
        ...facts,
        amountMinor: event.amountMinor,
        sources: event.sources,
        resumedAt: event.at,
        status: 'requested',
        queryAt: null,
      }
    case 'RefundReduced':
      return { ...state, amountMinor: event.amountMinor, sources: event.sources }
    case 'RefundChargedBack':
      return {
        ...facts,
        status: 'chargedBack',
        queryAt: null,
        disputeId: event.disputeId,
        chargedBackAt: event.at,
        ...(event.coveredMinor === undefined ? {} : { coveredMinor: event.coveredMinor }),
        ...('paid' in state && state.paid !== undefined ? { paid: state.paid } : {}),
      }
  }
}

/** What a person has paid of a refund, all told, and when they took it over. */
type Paid = { readonly minor: number; readonly at: Instant; readonly takenOverAt: Instant }

const paidOf = (state: Refund): Paid | null => {
  switch (state.status) {
    case 'paidManually':
      return { minor: paidMinorOf(state), at: state.paidAt, takenOverAt: state.takenOverAt }
    case 'manualPayout':
      return state.paid === undefined ? null : { ...state.paid, takenOverAt: state.takenOverAt }
    case 'requested':
    case 'submitted':
    case 'pending':
    case 'unknown':
    case 'succeeded':
    case 'failed':
    case 'held':
    case 'chargedBack':
    case 'cancelled':
      return null
  }
}

// Under its reference it could only go whole: of what a person has paid in part nothing is sent again.
const placePaid = (facts: Facts, { minor, at, takenOverAt }: Paid): Refund => {
  const isThere = hasSucceeded(facts) || minor + goneMinorOf(facts) >= facts.amountMinor
  return isThere
    ? paidManually(facts, { minor, at, takenOverAt })
    : { ...facts, status: 'manualPayout', queryAt: null, takenOverAt, paid: { minor, at } }
}

const paidManually = (facts: Facts, { minor, at, takenOverAt }: Paid): Refund => ({
  ...facts,
  status: 'paidManually',
  queryAt: null,
  takenOverAt,
  paidAt: at,
  ...(minor < facts.amountMinor ? { paidMinor: minor } : {}),
})

type Facts = Omit<Refund, 'status' | 'queryAt'>

const begin = ({ type: _, at, ...facts }: Extract<RefundEvent, { type: 'RefundRequested' }>): Refund => ({
  ...facts,
  status: 'requested',
  requestedAt: at,
  submittedAt: null,
  tries: 0,
  past: { succeededAt: null, failedAt: null },
  askedAt: null,
  queries: 0,
  queryAt: null,
  known: nothingKnownOfRefund,
})

const factsOf = (state: Refund): Facts => ({
  refundId: state.refundId,
  ...(state.partOf === undefined ? {} : { partOf: state.partOf }),
  paymentId: state.paymentId,
  orderId: state.orderId,
  accountId: state.accountId,
  ...(state.payerAccountId === undefined ? {} : { payerAccountId: state.payerAccountId }),
  merchantId: state.merchantId,
  gatewayId: state.gatewayId,
  amountMinor: state.amountMinor,
  currency: state.currency,
  reason: state.reason,
  requestedAt: state.requestedAt,
  ...(state.resumedAt === undefined ? {} : { resumedAt: state.resumedAt }),
  submittedAt: state.submittedAt,
  tries: state.tries,
  past: state.past,
  sources: state.sources,
  askedAt: state.askedAt,
  queries: state.queries,
  known: state.known,
})

/**
 * The status of a refund that has been sent: the gateway's latest word on money first, then a person's, then what was
 * accepted, then doubt.
 */
const placeSent = (facts: Facts, cause: UnknownCause | null): Refund => {
  const submittedAt = facts.submittedAt ?? facts.requestedAt
  const open = {
    ...facts,
    submittedAt,
    queryAt: Math.max(
      nextQueryAt(facts.askedAt ?? submittedAt, facts.queries, facts.known.pollAfterMs),
      (facts.askedAt ?? submittedAt) + longestCallMs,
    ),
  }
  if (hasSucceeded(facts)) return { ...withoutDecision(facts), queryAt: null, status: 'succeeded' }
  if (toldFailure(facts) !== null || facts.known.declined !== undefined)
    return { ...withoutDecision(facts), queryAt: null, status: 'failed' }
  const { decided } = facts.known
  if (decided !== undefined) return { ...facts, queryAt: null, status: decided.moved ? 'succeeded' : 'failed' }
  if (facts.known.accepted) return { ...open, status: 'pending' }
  return cause === null ? { ...open, status: 'submitted' } : { ...open, status: 'unknown', cause }
}

// Once the gateway has said it itself, nobody's word counts beside its own.
const withoutDecision = (facts: Facts): Facts => {
  const { decided: _, ...known } = facts.known
  return { ...facts, known }
}

const decidedBefore = ({ known: { decided }, past }: Refund): Pick<Refund['past'], 'decidedAt'> => {
  const decidedAt = decided?.moved === false ? decided.at : past.decidedAt
  return decidedAt === undefined ? {} : { decidedAt }
}

/** Why the latest try of a refund failed, as far as anybody said; null where nobody did. */
export const failureOf = ({ known }: Pick<Refund, 'known'>): RefundFailure | null =>
  laterFailure(known.failure, known.declined ?? null)

/**
 * What of a refund that failed has reached the payer all the same, minor units: a person who pays it pays the rest. It is
 * what its gateway said of the latest try of which it told that it failed, or a person of one of which it did not; who
 * refuses to send it again says nothing of that.
 */
export const goneMinorOf = (refund: Pick<Refund, 'known' | 'past' | 'amountMinor'>): number => {
  const { known, past, amountMinor } = refund
  const decidedMinor = toldFailure(refund) === null ? known.decided?.goneMinor : undefined
  const toldMinor = known.failure === null ? past.goneMinor : known.failure.goneMinor
  return Math.min(decidedMinor ?? toldMinor ?? 0, amountMinor)
}

/** What of a refund its payer has by its gateway, minor units. */
export const arrivedMinorOf = (refund: Refund): number =>
  hasSucceeded(refund) ? refund.amountMinor : goneMinorOf(refund)

/** What of a refund a person has paid another way, minor units. */
export const paidMinorOf = (refund: Refund): number => {
  if (refund.status === 'paidManually') return refund.paidMinor ?? refund.amountMinor
  return refund.status === 'manualPayout' || refund.status === 'chargedBack' ? (refund.paid?.minor ?? 0) : 0
}

/** What of a refund its payer has neither by its gateway nor by a person's hand, minor units. */
export const missingMinor = (refund: Refund): number =>
  Math.max(0, refund.amountMinor - arrivedMinorOf(refund) - paidMinorOf(refund))

/** What of a refund its payer has by a dispute, or by what makes up for it, minor units. */
export const coveredMinorOf = (refund: Refund): number =>
  refund.status === 'chargedBack' ? (refund.coveredMinor ?? refund.amountMinor) : 0

const goneBefore = (refund: Refund): { readonly goneMinor?: number } => {
  const goneMinor = goneMinorOf(refund)
  return goneMinor === 0 ? {} : { goneMinor }
}

// What has come back since the gateway confirmed it is told by the gateway's clock alone; the try before may have failed by
// the shop's. Of one moment it is the failure of a try before.
const toldFailure = ({ known, past }: Pick<Refund, 'known' | 'past'>): RefundFailure | null => {
  const { failure, confirmedAt } = known
  if (failure === null) return null
  const isNew = isLater(failure.at, endedAt(past))
  if (confirmedAt === null) return isNew ? failure : null
  // What is answered of before the try before speaks of no moment.
  const isDated = isLater(confirmedAt, past.succeededAt) || isNew
  return isDated && failure.at > confirmedAt ? failure : null
}

const isLater = (moment: Instant | null, than: Instant | null): moment is Instant =>
  moment !== null && (than === null || moment > than)

const causeOf = (state: Refund): UnknownCause | null => (state.status === 'unknown' ? state.cause : null)

const amountOf = ({ amountMinor, currency }: Refund) => ({ minor: amountMinor, currency })

const nameOf = ({
  refundRef,
  attemptRef,
  amount,
}: Pick<RefundSnapshot, 'refundRef' | 'attemptRef' | 'amount'>): string =>
  `${refundRef} of ${attemptRef}: ${amount.minor} ${amount.currency}`

/** The life of a refund. */
export const refundMachine: Decider<RefundState, RefundCommand, RefundEvent, RefundError> = {
  initial: { status: 'absent' },
  decide,
  evolve,
}
