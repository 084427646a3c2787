import { err, ok, type Result } from 'neverthrow'
import { append, type Change, put } from '../shared/commit.js'
import { decideNext } from '../shared/decider.js'
import type { Instant } from '../shared/instant.js'
import type { Stored } from '../shared/read-plan.js'
import type { Dispute, DisputeCommand, DisputedPart, DisputeError, DisputeEvent } from './dispute.js'
import { disputes } from './dispute.schema.js'
import { type DisputeState, disputeMachine, divideDispute } from './dispute-machine.js'
import type { LedgerEntry } from './ledger.js'
import { ledgerEntries } from './ledger.schema.js'
import type { Payment, PaymentCommand, PaymentError, PaymentEvent } from './payment.js'
import { payments } from './payment.schema.js'
import { checkRefundLeaves, holdingDisputes, paymentMachine } from './payment-machine.js'
import type { PaymentStart } from './payment-start.js'
import type { PaymentState } from './payment-steps.js'
import { postRefund } from './post-refund.js'
import { postDispute, postPayment } from './posting.js'
import type { Refund, RefundCommand, RefundError, RefundEvent, RefundStart } from './refund.js'
import { refunds } from './refund.schema.js'
import { coveredMinorOf, type RefundState, refundMachine } from './refund-machine.js'

/** A payment within a decision: where it stood, where it stands now, and what happened in between. */
export type MovingPayment = {
  readonly version: number
  /** Null where there was none. */
  readonly before: Payment | null
  readonly state: Payment
  readonly events: readonly PaymentEvent[]
}

/** A refund within a decision. */
export type MovingRefund = {
  readonly version: number
  /** Null where there was none. */
  readonly before: Refund | null
  readonly state: Refund
  readonly events: readonly RefundEvent[]
}

/** A dispute within a decision. */
export type MovingDispute = {
  readonly version: number
  /** Null where there was none. */
  readonly before: Dispute | null
  readonly state: Dispute
  readonly events: readonly DisputeEvent[]
}

/** A refund and the payment that it gives back; they move together. */
export type MovingPair = { readonly payment: MovingPayment; readonly refund: MovingRefund }

/** Takes a stored payment into a decision. */
export const openPayment = ({ version, state }: Stored<Payment>): MovingPayment => ({
  version,
  before: state,
  state,
  events: [],
})

/** Takes a stored refund into a decision. */
export const openRefund = ({ version, state }: Stored<Refund>): MovingRefund => ({
  version,
  before: state,
  state,
  events: [],
})

/**
 * Begins a payment: the intent that is committed before the gateway is asked.
 *
 * @errors PaymentAmountInvalid
 */
export const startPayment = (start: PaymentStart): Result<MovingPayment, PaymentError> =>
  stepPayment(paymentMachine.initial, { type: 'StartPayment', ...start }).map(({ state, events }) => ({
    version: 0,
    before: null,
    state,
    events,
  }))

/**
 * Puts commands to a payment one after another.
 *
 * @errors PaymentError of the first that is refused
 */
export const movePayment = (
  moving: MovingPayment,
  commands: readonly PaymentCommand[],
): Result<MovingPayment, PaymentError> =>
  commands.reduce<Result<MovingPayment, PaymentError>>(
    (sofar, command) =>
      sofar.andThen((each) =>
        stepPayment(each.state, command).map(({ state, events }) => ({
          ...each,
          state,
          events: [...each.events, ...events],
        })),
      ),
    ok(moving),
  )

/** Who pays where it is not the buyer; what comes of the payment is theirs. */
export const payerOf = ({ payerAccountId }: Payment): Pick<Payment, 'payerAccountId'> =>
  payerAccountId === undefined ? {} : { payerAccountId }

/**
 * Begins a refund, to whoever paid, and holds its money on the payment.
 *
 * @param waits - whether it is held back, not refused, while a dispute is open
 * @errors RefundExceedsCaptured when the payment has less left; RefundReferenceReused, PaymentStateForbids,
 * RefundAmountInvalid, RefundSourcesDiffer
 */
export const startRefund = (
  payment: MovingPayment,
  start: RefundStart,
  waits = false,
): Result<MovingPair, PaymentError | RefundError> =>
  stepRefund(refundMachine.initial, { type: 'RequestRefund', ...start, ...payerOf(payment.state) }).andThen(
    ({ state, events }) => {
      const { refundId, amountMinor, at } = start
      const reserve = {
        type: 'ReserveRefund',
        refundId,
        amountMinor,
        ...heldOf(start),
        ...(waits ? { waits } : {}),
      } as const
      return movePayment(payment, [reserve]).andThen((held) => {
        const pair = { payment: held, refund: { version: 0, before: null, state, events } }
        return holdingDisputes(held.state).length > 0 ? moveRefund(pair, [{ type: 'HoldRefund', at }]) : ok(pair)
      })
    },
  )

// What a refund takes of suspense is money that does not fit what was asked.
const heldOf = ({ sources, gatewayId }: Pick<Refund, 'sources' | 'gatewayId'>): { readonly heldMinor?: number } => {
  const heldMinor = sources.reduce(
    (sum, { account, amountMinor }) => (account === `suspense:${gatewayId}` ? sum + amountMinor : sum),
    0,
  )
  return heldMinor === 0 ? {} : { heldMinor }
}

/**
 * Begins a refund that the payer has by a lost dispute already: nothing is held for it, and nothing sent.
 *
 * @errors RefundReferenceReused, PaymentStateForbids, PaymentAmountInvalid, RefundAmountInvalid, RefundSourcesDiffer
 */
export const startCoveredRefund = (
  payment: MovingPayment,
  start: RefundStart,
  disputeId: string,
): Result<MovingPair, PaymentError | RefundError> => {
  const { refundId, amountMinor, at } = start
  return stepRefund(refundMachine.initial, { type: 'RequestRefund', ...start, ...payerOf(payment.state) })
    .andThen((begun) =>
      stepRefund(begun.state, { type: 'CoverRefund', disputeId, at }).map(({ state, events }) => ({
        version: 0,
        before: null,
        state,
        events: [...begun.events, ...events],
      })),
    )
    .andThen((refund) =>
      movePayment(payment, [{ type: 'CoverRefund', refundId, amountMinor }]).map((noted) => ({
        payment: noted,
        refund,
      })),
    )
}

/**
 * Puts commands to a refund one after another, and keeps what its payment holds for it in step.
 *
 * @errors RefundError of the first that is refused; PaymentError when the payment does not hold the refund; DisputeOpen
 * when money would leave that a dispute holds
 */
export const moveRefund = (
  pair: MovingPair,
  commands: readonly RefundCommand[],
): Result<MovingPair, PaymentError | RefundError> =>
  commands.reduce<Result<MovingPair, PaymentError | RefundError>>(
    (sofar, command) =>
      sofar.andThen(({ payment, refund }) =>
        mayLeave(payment.state, refund.state, command)
          .andThen(() => stepRefund(refund.state, command))
          .andThen(({ state, events }) =>
            movePayment(payment, shareCommands(refund.state, state)).map((held) => ({
              payment: held,
              refund: { ...refund, state, events: [...refund.events, ...events] },
            })),
          ),
      ),
    ok(pair),
  )

// A person who pays by hand knows what a lost dispute has taken; what one still holds nobody pays out.
const mayLeave = (
  payment: Payment,
  { refundId }: Refund,
  { type }: RefundCommand,
): Result<void, PaymentError | RefundError> => {
  if (type !== 'SubmitRefund' && type !== 'ConfirmManualPayout') return ok(undefined)
  const checked = checkRefundLeaves(payment, refundId)
  return checked.isErr() && (type === 'SubmitRefund' || checked.error.type === 'DisputeOpen')
    ? err(checked.error)
    : ok(undefined)
}

/** Writes a payment as it stands now, and books its money; nothing where nothing happened. */
export const writePayment = ({ version, before, state, events }: MovingPayment, at: Instant): readonly Change[] =>
  events.length === 0
    ? []
    : [put(payments, { id: state.paymentId, version, state, events }), ...appendEntries(postPayment(before, state, at))]

/** Writes a refund as it stands now, and books its money; nothing where nothing happened. */
export const writeRefund = ({ version, before, state, events }: MovingRefund, at: Instant): readonly Change[] =>
  events.length === 0
    ? []
    : [put(refunds, { id: state.refundId, version, state, events }), ...appendEntries(postRefund(before, state, at))]

/**
 * Puts commands to a dispute one after another, the first to the moment before there is one.
 *
 * @errors DisputeError of the first that is refused
 */
export const moveDispute = (
  stored: Stored<Dispute> | undefined,
  commands: readonly DisputeCommand[],
): Result<MovingDispute, DisputeError> => {
  const from: DisputeState = stored?.state ?? disputeMachine.initial
  const begun = { state: from, events: [] as readonly DisputeEvent[] }
  return commands
    .reduce<Result<typeof begun, DisputeError>>(
      (sofar, command) =>
        sofar.andThen((each) =>
          decideNext(disputeMachine, each.state, command).map(({ state, events }) => ({
            state,
            events: [...each.events, ...events],
          })),
        ),
      ok(begun),
    )
    .andThen(({ state, events }) =>
      state.status === 'absent'
        ? err<never, DisputeError>({ type: 'DisputeStateForbids', status: 'absent', command: '' })
        : ok({ version: stored?.version ?? 0, before: stored?.state ?? null, state, events }),
    )
}

/** Writes among whom what is disputed was divided since it was first heard of; nothing where that is known. */
export const writeDivided = (
  { id, version, state }: Stored<Dispute>,
  parts: readonly DisputedPart[],
): readonly Change[] => {
  const events = divideDispute(state, parts)
  const divided = events.reduce<DisputeState>(disputeMachine.evolve, state)
  return events.length === 0 ? [] : [put<DisputeState>(disputes, { id, version, state: divided, events })]
}

/** Writes a dispute as it stands now, and books its money; nothing where nothing happened. */
export const writeDispute = ({ version, before, state, events }: MovingDispute, at: Instant): readonly Change[] =>
  events.length === 0
    ? []
    : [put(disputes, { id: state.disputeId, version, state, events }), ...appendEntries(postDispute(before, state, at))]

/** Writes a refund and its payment. */
export const writePair = ({ payment, refund }: MovingPair, at: Instant): readonly Change[] => [
  ...writePayment(payment, at),
  ...writeRefund(refund, at),
]

/** Writes entries to the ledger. */
export const appendEntries = (entries: readonly LedgerEntry[]): readonly Change[] =>
  entries.map((entry) => append(ledgerEntries, { id: entry.entryId, body: entry }))

const stepPayment = (from: PaymentState, command: PaymentCommand) =>
  decideNext(paymentMachine, from, command).andThen(({ state, events }) =>
    state.status === 'absent'
      ? err<never, PaymentError>({ type: 'PaymentStateForbids', status: 'absent', command: command.type })
      : ok({ state, events }),
  )

const stepRefund = (from: RefundState, command: RefundCommand) =>
  decideNext(refundMachine, from, command).andThen(({ state, events }) =>
    state.status === 'absent'
      ? err<never, RefundError>({ type: 'RefundStateForbids', status: 'absent', command: command.type })
      : ok({ state, events }),
  )

/** What a payment holds for a refund: its money until it has reached the payer, also while it has failed, for it is owed. */
type Share = 'reserved' | 'refunded' | 'released'

const shareOf = (refund: Refund): Share => {
  switch (refund.status) {
    case 'requested':
    case 'submitted':
    case 'pending':
    case 'unknown':
    case 'failed':
    case 'manualPayout':
    case 'held':
      return 'reserved'
    case 'succeeded':
    case 'paidManually':
      return 'refunded'
    case 'cancelled':
      return 'released'
    // What the dispute has taken is counted with the dispute; what had arrived before has gone with the refund.
    case 'chargedBack':
      return arrivedMinor(refund) > 0 ? 'refunded' : 'released'
  }
}

const shareCommands = (before: Refund, after: Refund): readonly PaymentCommand[] => {
  const share = shareOf(after)
  const held = shareOf(before)
  const { refundId, amountMinor } = after
  if (arrivedMinor(after) > 0) return [{ type: 'SettleRefund', refundId, amountMinor: arrivedMinor(after) }]
  if (arrivedMinor(before) > 0) {
    const released: readonly PaymentCommand[] = [
      { type: 'ReopenRefund', refundId },
      { type: 'ReleaseRefund', refundId },
    ]
    return [...released, ...afterReleased(share, after)]
  }
  if (share === held) return amountMinor < before.amountMinor ? [{ type: 'ReduceRefund', refundId, amountMinor }] : []
  if (held === 'released') return afterReleased(share, after)
  const types = { reserved: 'ReopenRefund', refunded: 'SettleRefund', released: 'ReleaseRefund' } as const
  return [{ type: types[share], refundId }]
}

const afterReleased = (share: Share, refund: Refund): readonly PaymentCommand[] => {
  const { refundId, amountMinor } = refund
  if (share === 'released') return []
  const reserved: PaymentCommand = { type: 'ReserveRefund', refundId, amountMinor, ...heldOf(refund) }
  return share === 'refunded' ? [reserved, { type: 'SettleRefund', refundId }] : [reserved]
}

// Of a refund that came by a dispute, what had come by its gateway, or by a person's hand.
const arrivedMinor = (refund: Refund): number =>
  refund.status === 'chargedBack' ? refund.amountMinor - coveredMinorOf(refund) : 0
