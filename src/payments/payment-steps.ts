import type { Currency } from '../shared/currency.js'
import { compareCodePoints } from '../shared/json.js'
import { joinFacts, nothingKnown } from './known-facts.js'
import type { Payment, PaymentEvent, PaymentRefundShare } from './payment.js'
import { begin, type Layers, layersOf, place } from './payment-status.js'

/** A payment, or the moment before there is one. */
export type PaymentState = Payment | { readonly status: 'absent' }

/** What of money in another currency than its own a person has sent back, minor units. */
export const returnedMinor = ({ returnedByHand = [] }: Payment, unit: Currency): number =>
  returnedByHand.find(({ currency }) => currency === unit)?.minor ?? 0

/** A payment after one more event. */
export const follow = (state: PaymentState, event: PaymentEvent): PaymentState => {
  if (event.type === 'PaymentStarted') return begin(event)
  if (state.status === 'absent') return state
  const layers = layersOf(state)
  switch (event.type) {
    case 'PaymentCreated': {
      const stage = event.nextKind === 'none' ? 'processing' : 'requiresAction'
      const known = joinFacts(state.known, {
        ...nothingKnown,
        gatewayRef: event.gatewayRef,
        stage,
        ...(event.pollAfterMs === undefined ? {} : { pollAfterMs: event.pollAfterMs }),
      })
      return place({ ...layers, base: { ...heard(layers.base), nextKind: event.nextKind }, known, doubt: null })
    }
    case 'PaymentUnknown':
      return place({ ...layers, doubt: { cause: event.cause, since: event.at } })
    case 'PaymentFactsLearned':
    case 'PaymentActionRequired':
    case 'PaymentProcessing':
    case 'PaymentAuthorised':
    case 'PaymentFailed':
    case 'PaymentPartlyCaptured':
    case 'PaymentCaptured':
    case 'PaymentCapturedAfterClose':
    case 'PaymentHeld':
      return place({ ...layers, base: heard(layers.base), known: event.known, doubt: null })
    case 'PaymentQueried': {
      const unheard = event.unheard === undefined ? {} : { unheardAt: event.at }
      const queries = event.byPerson === undefined ? layers.base.queries + 1 : layers.base.queries
      const { goneSince = event.at, ...there } = layers.base
      const gone = event.gone === undefined ? {} : { goneSince }
      return place({ ...layers, base: { ...there, askedAt: event.at, queries, ...unheard, ...gone } })
    }
    case 'PaymentCloseRequested': {
      const { reason, at } = event
      // It may have been asked about seldom; that it is to end is asked soon, for its payer may pay until then.
      return place({ ...layers, base: { ...layers.base, askedAt: at, queries: 0 }, closing: { reason, at } })
    }
    case 'PaymentClosed': {
      const heldAt = layers.known.authorised?.at
      const closed = { at: event.at, evidence: event.evidence, ...(heldAt === undefined ? {} : { heldAt }) }
      return place({ ...layers, closed })
    }
    case 'CaptureRequested': {
      const { captureId, amountMinor, targetMinor, final, at } = event
      const capturing = { captureId, amountMinor, targetMinor, final, since: at, sentAt: at }
      return place({ ...layers, base: { ...layers.base, capturing, askedAt: at, queries: 0 } })
    }
    case 'CaptureResent': {
      const { capturing } = layers.base
      return capturing === undefined
        ? state
        : place({ ...layers, base: { ...layers.base, capturing: { ...capturing, sentAt: event.at } } })
    }
    case 'CaptureFailed': {
      const { capturing: _, ...base } = layers.base
      return place({ ...layers, base })
    }
    case 'HoldForgone': {
      const forgoneMinor = (layers.base.forgoneMinor ?? 0) + event.amountMinor
      return place({ ...layers, base: { ...layers.base, forgoneMinor } })
    }
    case 'HoldReleased':
      return place({ ...layers, known: { ...layers.known, restReleased: true } })
    case 'RefundReserved': {
      const { type: _, ...share } = event
      return withShare(state, { ...share, status: 'reserved' })
    }
    case 'RefundReopened':
    case 'RefundSettled':
    case 'RefundReleased': {
      const { refundId, amountMinor } = event
      const known = state.refunds.find((share) => share.refundId === refundId)
      // Of one that a dispute made up for in part, what had arrived alone is counted here.
      const held = known?.heldMinor === undefined ? {} : { heldMinor: Math.min(known.heldMinor, amountMinor) }
      return withShare(state, { ...held, refundId, amountMinor, status: shareStatus[event.type] })
    }
    case 'PaymentWaitingRecorded': {
      const { waitsForOthers: _, ...rest } = state
      return event.waits ? { ...rest, waitsForOthers: true } : rest
    }
    case 'PaymentDisputed': {
      const { type: _, ...share } = event
      const others = (state.disputes ?? []).filter(({ disputeId }) => disputeId !== share.disputeId)
      const disputes = [...others, share].sort((left, right) => compareCodePoints(left.disputeId, right.disputeId))
      return { ...state, disputes }
    }
    case 'HeldMoneyReturned': {
      const { currency, minor } = event
      const others = (state.returnedByHand ?? []).filter((each) => each.currency !== currency)
      const all = [...others, { currency, minor: returnedMinor(state, currency) + minor }]
      return { ...state, returnedByHand: all.sort((left, right) => compareCodePoints(left.currency, right.currency)) }
    }
    case 'HeldMoneyAccepted': {
      const { known } = layers
      const minor = (known.captured?.minor ?? 0) + event.amountMinor
      const captured = { minor, at: known.captured?.at ?? event.at }
      const isFinal = event.final === true || layers.base.acceptedMinor !== undefined
      const base = isFinal ? { ...layers.base, acceptedMinor: minor } : layers.base
      return place({ ...layers, base, known: joinFacts(known, { ...nothingKnown, captured }) })
    }
    case 'PaymentDecided': {
      const { minor, at } = event
      if (minor === null) return state
      // Of what was said before, what is not said anew was denied.
      const whole = Math.max(minor, layers.base.said?.minor ?? 0)
      const denied = whole > minor ? { deniedMinor: whole - minor } : {}
      return place({ ...layers, base: { ...layers.base, said: { minor: whole, at, ...denied } } })
    }
    case 'PaymentDenied': {
      const { said, ...base } = layers.base
      if (said === undefined) return state
      const { deniedMinor, heldMinor } = event
      const { minor, at } = said
      const held = heldMinor === undefined ? {} : { heldMinor }
      return place({ ...layers, base: { ...base, said: { minor, at, deniedMinor, ...held } } })
    }
    case 'PaymentConfirmed': {
      const { said: _, ...base } = layers.base
      return place({ ...layers, base })
    }
  }
}

const shareStatus = { RefundReopened: 'reserved', RefundSettled: 'refunded', RefundReleased: 'released' } as const

const heard = ({ unheardAt: _, goneSince: __, ...base }: Layers['base']): Layers['base'] => base

const withShare = (state: Payment, share: PaymentRefundShare): Payment => {
  const refunds = [...state.refunds.filter((each) => each.refundId !== share.refundId), share].sort((left, right) =>
    compareCodePoints(left.refundId, right.refundId),
  )
  const sum = (status: PaymentRefundShare['status']) =>
    refunds.reduce((total, each) => (each.status === status ? total + each.amountMinor : total), 0)
  return { ...state, refunds, refundReservedMinor: sum('reserved'), refundedMinor: sum('refunded') }
}
