import { err, ok, type Result } from 'neverthrow'
import { match } from 'ts-pattern'
import type { Currency } from '../shared/currency.js'
import { allowsCommand, type Decider } from '../shared/decider.js'
import { canonicalJson, type Json } from '../shared/json.js'
import { gatewayErrors } from './gateway-error.js'
import { joinFacts, laterFailure, readSnapshot, setAside } from './known-facts.js'
import type {
  Doubt,
  KnownFacts,
  Payment,
  PaymentCommand,
  PaymentDisputeShare,
  PaymentError,
  PaymentEvent,
  PaymentRefundShare,
} from './payment.js'
import { hasTaken, layersOf, place, unheardSince } from './payment-status.js'
import { follow, type PaymentState, returnedMinor } from './payment-steps.js'
import { paymentTable } from './payment-table.js'
import { isCallOver, longestCallMs } from './query-schedule.js'
import { notTaken, stillHeldMinor, surelyTakenMinor, takenAsAsked, weighWord } from './said-payment.js'

/** What was taken and is neither given back nor on its way back, minor units; what a refund may ask for at most. */
export const refundableMinor = (payment: Payment): number =>
  Math.max(0, refundableOnceFreeMinor(payment) - disputedShare(payment, 'held'))

/** The same, were what disputes hold the shop's again, minor units. */
export const refundableOnceFreeMinor = (payment: Payment): number =>
  Math.max(0, unreturnedMinor(payment) - disputedShare(payment, 'lost'))

/** What was taken and is neither given back nor on its way back, whoever else may want it, minor units. */
export const unreturnedMinor = (payment: Payment): number =>
  takenMinor(payment) - payment.refundReservedMinor - payment.refundedMinor

/** The disputes that hold money of a payment. */
export const holdingDisputes = ({ disputes = [] }: Payment): readonly string[] =>
  disputes.filter(({ status }) => status === 'held').map(({ disputeId }) => disputeId)

/**
 * Whether the money of a refund may leave: not while a dispute holds it, nor what a lost dispute has taken already.
 *
 * @errors DisputeOpen, RefundExceedsCaptured
 */
export const checkRefundLeaves = (payment: Payment, refundId: string): Result<void, PaymentError> => {
  const disputeIds = holdingDisputes(payment)
  if (disputeIds.length > 0) return err({ type: 'DisputeOpen', paymentId: payment.paymentId, disputeIds })
  const lostMinor = disputedShare(payment, 'lost')
  const askedMinor = payment.refunds.find((share) => share.refundId === refundId)?.amountMinor ?? 0
  const leftMinor = unreturnedMinor(payment) + askedMinor - lostMinor
  return lostMinor > 0 && askedMinor > leftMinor
    ? err({ type: 'RefundExceedsCaptured', askedMinor, refundableMinor: Math.max(0, leftMinor) })
    : ok(undefined)
}

const disputedShare = ({ disputes = [] }: Payment, status: PaymentDisputeShare['status']): number =>
  disputes.reduce((sum, share) => (share.status === status ? sum + share.amountMinor : sum), 0)

/** What the gateway has taken in the payment's currency, by words that fit or by words that do not, minor units. */
export const takenMinor = ({ known, currency }: Payment): number =>
  Math.max(known.captured?.minor ?? 0, known.suspended.find((each) => each.currency === currency)?.minor ?? 0)

/**
 * Whether all that was asked for was taken, by words that fit: whatever else the gateway says of the payment, before or
 * after, that money is there.
 */
export const isTakenWhole = ({ status, known, amountMinor }: Payment): boolean => {
  const isPlain = status === 'captured' || status === 'capturedAfterClose'
  return isPlain || (status === 'integrityHold' && (known.captured?.minor ?? 0) >= amountMinor)
}

/** Whether a command is the word, and fits, that all that was asked for was taken. */
export const saysAllTaken = (payment: Payment, command: PaymentCommand): boolean => {
  const snapshot = command.type === 'RecordSnapshot' ? command.snapshot : null
  const said = command.type === 'DecidePayment' && command.paid ? takenAsAsked(payment, command.at) : snapshot
  return said !== null && readSnapshot(payment, said).captured?.minor === payment.amountMinor
}

/** What of the money that does not fit is other money than what fits, minor units: that stands in suspense. */
export const suspendedMinor = ({ known, currency }: Payment, unit: Currency): number => {
  const minor = known.suspended.find((each) => each.currency === unit)?.minor ?? 0
  return unit === currency ? Math.max(0, minor - (known.captured?.minor ?? 0)) : minor
}

/** What of the money that does not fit a person has still to decide about, minor units of a currency. */
export const undecidedMinor = (payment: Payment, unit: Currency): number =>
  unit === payment.currency
    ? Math.min(asideMinor(payment), refundableMinor(payment))
    : suspendedMinor(payment, unit) - returnedMinor(payment, unit)

/** What in its currency does not fit and does not go back, whoever else may want it, minor units: no order's refund takes it. */
export const asideMinor = (payment: Payment): number =>
  Math.max(0, suspendedMinor(payment, payment.currency) - heldBackMinor(payment))

// What goes back, or has gone, of what does not fit.
const heldBackMinor = ({ refunds }: Payment): number =>
  refunds.reduce((sum, { status, heldMinor = 0 }) => (status === 'released' ? sum : sum + heldMinor), 0)

/**
 * What is still to be taken of the amount, minor units: neither taken, nor being taken, nor given up; nothing where a person
 * has accepted what came.
 */
export const untakenMinor = (payment: Payment): number =>
  payment.acceptedMinor === undefined
    ? payment.amountMinor -
      Math.max(payment.known.captured?.minor ?? 0, payment.capturing?.targetMinor ?? 0) -
      (payment.forgoneMinor ?? 0)
    : 0

/** What of it can be taken because it is held, minor units. */
export const capturableMinor = (payment: Payment): number => {
  switch (payment.status) {
    case 'authorised':
    case 'partlyCaptured': {
      const heldMinor = payment.known.authorised?.minor ?? 0
      return payment.closing === null ? Math.max(0, untakenMinor(payment) - (payment.amountMinor - heldMinor)) : 0
    }
    case 'created':
    case 'requiresAction':
    case 'processing':
    case 'unknown':
    case 'failed':
    case 'closing':
    case 'closed':
    case 'captured':
    case 'capturedAfterClose':
    case 'integrityHold':
      return 0
  }
}

/** Whether a gateway has not said what comes of a payment, and nobody has asked for its end. */
export const isAwaited = ({ status }: Payment): boolean => {
  switch (status) {
    case 'created':
    case 'requiresAction':
    case 'processing':
    case 'unknown':
      return true
    case 'failed':
    case 'authorised':
    case 'partlyCaptured':
    case 'closing':
    case 'closed':
    case 'captured':
    case 'capturedAfterClose':
    case 'integrityHold':
      return false
  }
}

/** Whether money of the payment may still come; while it may, its order must not give up its stock. */
export const isUndecided = (payment: Payment): boolean => {
  switch (payment.status) {
    case 'created':
    case 'requiresAction':
    case 'processing':
    case 'unknown':
    case 'authorised':
    case 'partlyCaptured':
    case 'closing':
      return true
    case 'failed':
    case 'closed':
    case 'captured':
    case 'capturedAfterClose':
    case 'integrityHold':
      return false
  }
}

/** Whether its gateway is still asked about it: money may still come, or only a person has said that it did. */
export const isAskedAbout = (payment: Payment): boolean => isUndecided(payment) || payment.said !== undefined

/** Whether a gateway has never heard of a payment for so long after it was begun that no request is on its way any more. */
export const isUnheardOf = ({ status, startedAt, unheardAt }: Payment): boolean =>
  (status === 'created' || status === 'unknown') && unheardAt !== undefined && unheardAt - startedAt >= longestCallMs

type Decision = Result<readonly PaymentEvent[], PaymentError>
type Asked<Type extends PaymentCommand['type']> = Extract<PaymentCommand, { type: Type }>

const decide = (state: PaymentState, command: PaymentCommand): Decision => {
  const forbids = (): Decision => err({ type: 'PaymentStateForbids', status: state.status, command: command.type })
  if (!allowsCommand(paymentTable, { status: state.status, command: command.type })) return forbids()
  if (state.status === 'absent') return command.type === 'StartPayment' ? start(command) : forbids()
  return match(command)
    .returnType<Decision>()
    .with({ type: 'StartPayment' }, forbids)
    .with({ type: 'RecordCreated' }, ({ gatewayRef, nextKind, pollAfterMs }) => {
      const poll = pollAfterMs === undefined ? {} : { pollAfterMs }
      const event = { type: 'PaymentCreated', gatewayRef, nextKind, ...poll } as const
      return ok(isSame(state, evolve(state, event)) ? [] : [event])
    })
    .with({ type: 'RecordDeclined' }, ({ code, at }) =>
      gatewayErrors[code].definite
        ? ok(learn(state, { ...state.known, failure: laterFailure(state.known.failure, { code, at }) }))
        : ok(doubt(state, { cause: 'ambiguous', since: at })),
    )
    .with({ type: 'RecordUnknown' }, ({ cause, at }) => ok(doubt(state, { cause, since: at })))
    .with({ type: 'RecordSnapshot' }, ({ snapshot, billedFeeMinor }) =>
      snapshot.attemptRef === state.paymentId
        ? ok(learn(state, withHeard(state, readSnapshot(state, snapshot, billedFeeMinor))))
        : err({ type: 'SnapshotOfOtherPayment', expected: state.paymentId, actual: snapshot.attemptRef }),
    )
    .with({ type: 'RecordAsked' }, ({ type: _, ...asked }) =>
      ok(isAskedAbout(state) || state.status === 'integrityHold' ? [{ type: 'PaymentQueried', ...asked }] : []),
    )
    .with({ type: 'RequestClose' }, ({ reason, at }) => {
      if (state.status === 'integrityHold' && hasTaken(state.known)) return forbids()
      if (state.closing !== null) return ok([])
      const requested = { type: 'PaymentCloseRequested', reason, at } as const
      return ok(
        state.status === 'failed' ? [requested, { type: 'PaymentClosed', evidence: 'failed', at }] : [requested],
      )
    })
    .with({ type: 'ConfirmClosed' }, ({ evidence, at }) => {
      if (state.status === 'closed') return ok([])
      const proven =
        (evidence === 'failed' && state.known.failure !== null) ||
        (evidence === 'notFoundAfterExpiry' && at >= state.expiresAt) ||
        evidence === 'closedByGateway'
      return proven ? ok([{ type: 'PaymentClosed', evidence, at }]) : err({ type: 'CloseNotProven', evidence })
    })
    .with({ type: 'RequestCapture' }, (request) => requestCapture(state, request))
    .with({ type: 'ResendCapture' }, ({ captureId, at }) =>
      ok(
        state.capturing?.captureId === captureId && isCallOver(state.capturing.sentAt, at)
          ? [{ type: 'CaptureResent', captureId, at }]
          : [],
      ),
    )
    .with({ type: 'FailCapture' }, ({ captureId, code }) =>
      ok(
        state.capturing?.captureId === captureId && gatewayErrors[code].definite
          ? [{ type: 'CaptureFailed', captureId, code }]
          : [],
      ),
    )
    .with({ type: 'ForgoHold' }, ({ amountMinor }) => {
      if (!Number.isSafeInteger(amountMinor) || amountMinor <= 0)
        return err({ type: 'PaymentAmountInvalid', amountMinor })
      const heldMinor = untakenMinor(state)
      return amountMinor > heldMinor
        ? err({ type: 'CaptureExceedsHold', askedMinor: amountMinor, heldMinor })
        : ok([{ type: 'HoldForgone', amountMinor }])
    })
    .with({ type: 'RecordWaiting' }, ({ waits }) =>
      ok(waits === (state.waitsForOthers === true) ? [] : [{ type: 'PaymentWaitingRecorded', waits }]),
    )
    .with({ type: 'ConfirmReleased' }, () => ok(state.status === 'partlyCaptured' ? [{ type: 'HoldReleased' }] : []))
    .with({ type: 'ReserveRefund' }, (share) => reserve(state, share))
    .with({ type: 'ReduceRefund' }, ({ refundId, amountMinor }) => reduce(state, refundId, amountMinor))
    .with({ type: 'SettleRefund' }, ({ refundId, amountMinor }) =>
      amountMinor === undefined
        ? move(state, refundId, ['reserved', 'refunded'], 'RefundSettled')
        : settlePart(state, refundId, amountMinor),
    )
    .with({ type: 'ReopenRefund' }, ({ refundId }) => move(state, refundId, ['refunded', 'reserved'], 'RefundReopened'))
    .with({ type: 'ReleaseRefund' }, ({ refundId }) =>
      move(state, refundId, ['reserved', 'released'], 'RefundReleased'),
    )
    .with({ type: 'CoverRefund' }, ({ refundId, amountMinor }) => {
      if (!Number.isSafeInteger(amountMinor) || amountMinor <= 0)
        return err({ type: 'PaymentAmountInvalid', amountMinor })
      const share = state.refunds.find((each) => each.refundId === refundId)
      if (share === undefined) return ok([{ type: 'RefundReleased', refundId, amountMinor }])
      return share.status === 'released' && share.amountMinor === amountMinor
        ? ok([])
        : err({ type: 'RefundReferenceReused', refundId })
    })
    .with({ type: 'RecordDispute' }, ({ type: _, ...share }) => {
      const known = state.disputes?.find(({ disputeId }) => disputeId === share.disputeId)
      return ok(known !== undefined && isSame(known, share) ? [] : [{ type: 'PaymentDisputed', ...share }])
    })
    .with({ type: 'RecordHeldReturned' }, ({ currency, at }) => {
      const minor = currency === state.currency ? 0 : undecidedMinor(state, currency)
      return ok(minor > 0 ? [{ type: 'HeldMoneyReturned', currency, minor, at }] : [])
    })
    .with({ type: 'AcceptHeld' }, ({ type: _, ...accepted }) => {
      const { amountMinor } = accepted
      if (!Number.isSafeInteger(amountMinor) || amountMinor <= 0)
        return err({ type: 'PaymentAmountInvalid', amountMinor })
      const heldMinor = undecidedMinor(state, state.currency)
      return amountMinor > heldMinor
        ? err({ type: 'AcceptExceedsHeld', askedMinor: amountMinor, heldMinor })
        : ok([{ type: 'HeldMoneyAccepted', ...accepted }])
    })
    .with({ type: 'DecidePayment' }, ({ paid, at }) => {
      const said = takenAsAsked(state, at)
      if (unheardSince(state) === null || (paid && said === null)) return forbids()
      const decided = { type: 'PaymentDecided', minor: paid && said !== null ? said.capturedMinor : null, at } as const
      if (!paid || said === null) return ok([decided, ...notTaken(state, at)])
      return ok([decided, ...learn(state, withHeard(state, readSnapshot(state, said)))])
    })
    .with({ type: 'WeighWord' }, ({ at, ...taken }) => ok(weighWord(state, taken, at)))
    .exhaustive()
}

const start = ({ type: _, ...facts }: Asked<'StartPayment'>): Decision =>
  Number.isSafeInteger(facts.amountMinor) && facts.amountMinor > 0
    ? ok([{ type: 'PaymentStarted', ...facts }])
    : err({ type: 'PaymentAmountInvalid', amountMinor: facts.amountMinor })

const requestCapture = (state: Payment, { captureId, amountMinor, final, at }: Asked<'RequestCapture'>): Decision => {
  if (!Number.isSafeInteger(amountMinor) || amountMinor <= 0) return err({ type: 'PaymentAmountInvalid', amountMinor })
  const { capturing, paymentId } = state
  if (capturing !== undefined) {
    return capturing.captureId === captureId && capturing.amountMinor === amountMinor
      ? ok([])
      : err({ type: 'CaptureUnderway', paymentId, captureId: capturing.captureId })
  }
  const heldMinor = capturableMinor(state) + stillHeldMinor(state)
  if (amountMinor > heldMinor) return err({ type: 'CaptureExceedsHold', askedMinor: amountMinor, heldMinor })
  const targetMinor = surelyTakenMinor(state) + amountMinor
  const last = final || amountMinor === heldMinor
  return ok([{ type: 'CaptureRequested', captureId, amountMinor, targetMinor, final: last, at }])
}

const withHeard = (state: Payment, heard: KnownFacts): KnownFacts => {
  const known = joinFacts(state.known, heard)
  return state.acceptedMinor === undefined ? known : setAside(known, state.currency, state.acceptedMinor)
}

/** The one event that tells what came of more being known; none when it was known. */
const learn = (state: Payment, known: KnownFacts): readonly PaymentEvent[] => {
  if (state.doubt === null && isSame(state.known, known)) return []
  const { status } = place({ ...layersOf(state), known, doubt: null })
  const addedMinor = (known.captured?.minor ?? 0) - (state.known.captured?.minor ?? 0)
  const moneyCame = addedMinor > 0 || !isSame(state.known.suspended, known.suspended)
  if (status === state.status && !moneyCame) return [{ type: 'PaymentFactsLearned', known }]
  switch (status) {
    case 'created':
    case 'unknown':
    case 'closing':
    case 'closed':
      return [{ type: 'PaymentFactsLearned', known }]
    case 'requiresAction':
      return [{ type: 'PaymentActionRequired', known }]
    case 'processing':
      return [{ type: 'PaymentProcessing', known }]
    case 'authorised':
      return [{ type: 'PaymentAuthorised', known }]
    case 'failed':
      return [{ type: 'PaymentFailed', known }]
    case 'partlyCaptured':
      return [{ type: 'PaymentPartlyCaptured', known, addedMinor }]
    case 'captured':
      return [{ type: 'PaymentCaptured', known, addedMinor }]
    case 'capturedAfterClose':
      return [{ type: 'PaymentCapturedAfterClose', known, addedMinor }]
    case 'integrityHold':
      return [{ type: 'PaymentHeld', known, addedMinor }]
  }
}

// A lost answer puts in doubt only what is still under way; the first doubt stands until the gateway is heard.
const doubt = (state: Payment, { cause, since }: Doubt): readonly PaymentEvent[] =>
  isUndecided(state) && state.status !== 'partlyCaptured' && state.doubt === null
    ? [{ type: 'PaymentUnknown', cause, at: since }]
    : []

const reserve = (state: Payment, { refundId, amountMinor, heldMinor = 0, waits }: Asked<'ReserveRefund'>): Decision => {
  if (!Number.isSafeInteger(amountMinor) || amountMinor <= 0) return err({ type: 'PaymentAmountInvalid', amountMinor })
  const share = state.refunds.find((each) => each.refundId === refundId)
  if (share !== undefined && share.status !== 'released') {
    return share.amountMinor === amountMinor ? ok([]) : err({ type: 'RefundReferenceReused', refundId })
  }
  const disputeIds = waits === true ? [] : holdingDisputes(state)
  if (disputeIds.length > 0) return err({ type: 'DisputeOpen', paymentId: state.paymentId, disputeIds })
  const left = refundableOnceFreeMinor(state)
  return amountMinor > left
    ? err({ type: 'RefundExceedsCaptured', askedMinor: amountMinor, refundableMinor: left })
    : ok([{ type: 'RefundReserved', refundId, amountMinor, ...(heldMinor === 0 ? {} : { heldMinor }) }])
}

const reduce = (state: Payment, refundId: string, amountMinor: number): Decision => {
  if (!Number.isSafeInteger(amountMinor) || amountMinor <= 0) return err({ type: 'PaymentAmountInvalid', amountMinor })
  const share = state.refunds.find((each) => each.refundId === refundId)
  if (share?.status !== 'reserved' || share.amountMinor < amountMinor) {
    return err({ type: 'RefundShareForbids', refundId, share: share?.status ?? 'absent' })
  }
  const held = share.heldMinor === undefined ? {} : { heldMinor: Math.min(share.heldMinor, amountMinor) }
  return ok(share.amountMinor === amountMinor ? [] : [{ type: 'RefundReserved', refundId, amountMinor, ...held }])
}

const settlePart = (state: Payment, refundId: string, amountMinor: number): Decision => {
  if (!Number.isSafeInteger(amountMinor) || amountMinor <= 0) return err({ type: 'PaymentAmountInvalid', amountMinor })
  const share = state.refunds.find((each) => each.refundId === refundId)
  if (share === undefined) return err({ type: 'RefundShareForbids', refundId, share: 'absent' })
  const leftMinor = unreturnedMinor(state) + (share.status === 'released' ? 0 : share.amountMinor)
  if (amountMinor > leftMinor) {
    return err({ type: 'RefundExceedsCaptured', askedMinor: amountMinor, refundableMinor: leftMinor })
  }
  const isKnown = share.status === 'refunded' && share.amountMinor === amountMinor
  return ok(isKnown ? [] : [{ type: 'RefundSettled', refundId, amountMinor }])
}

type ShareMove = 'RefundSettled' | 'RefundReopened' | 'RefundReleased'

const move = (
  state: Payment,
  refundId: string,
  [from, to]: readonly [PaymentRefundShare['status'], PaymentRefundShare['status']],
  type: ShareMove,
): Decision => {
  const share = state.refunds.find((each) => each.refundId === refundId)
  if (share?.status === to) return ok([])
  if (share?.status !== from) return err({ type: 'RefundShareForbids', refundId, share: share?.status ?? 'absent' })
  return ok([{ type, refundId, amountMinor: share.amountMinor }])
}

const evolve = (state: PaymentState, event: PaymentEvent): PaymentState => {
  const next = follow(state, event)
  if (next.status === 'absent') return next
  const { toDecide: _, unheardSince: __, ...rest } = next
  const since = unheardSince(rest)
  const told = since === null ? rest : { ...rest, unheardSince: since }
  return isToDecide(told) ? { ...told, toDecide: true } : told
}

const isToDecide = (payment: Payment): boolean =>
  payment.status === 'integrityHold' &&
  (!hasTaken(payment.known) || payment.known.suspended.some(({ currency }) => undecidedMinor(payment, currency) > 0))

const isSame = (left: Json, right: Json): boolean => canonicalJson(left) === canonicalJson(right)

/** The life of one attempt to pay. */
export const paymentMachine: Decider<PaymentState, PaymentCommand, PaymentEvent, PaymentError> = {
  initial: { status: 'absent' },
  decide,
  evolve,
}
