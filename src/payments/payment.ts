import type { Currency } from '../shared/currency.js'
import type { Instant } from '../shared/instant.js'
import type { Money } from '../shared/money.js'
import type { GatewayErrorCode, UnknownCause } from './gateway-error.js'
import type { CaptureFact, KnownFacts, Mismatch, MoneyFact, PaymentFailure } from './payment-facts.js'
import type { PaymentStart } from './payment-start.js'
import type { NextStep } from './ports.js'
import type { PaymentSnapshot } from './snapshot.js'

export type { CaptureFact, KnownFacts, Mismatch, MoneyFact, PaymentFailure }

/** Part of a payment that a refund takes or has taken. */
export type PaymentRefundShare = {
  readonly refundId: string
  readonly amountMinor: number
  /** What of it is money that does not fit what was asked; none when absent. */
  readonly heldMinor?: number
  /** Held for the refund, gone with it, or given back to the payment. */
  readonly status: 'reserved' | 'refunded' | 'released'
}

/** Part of a payment that its payer wants back past the shop. */
export type PaymentDisputeShare = {
  readonly disputeId: string
  /** What is wanted back or, where it is lost, what is gone; never more than the payment's amount. */
  readonly amountMinor: number
  /** Nothing is held yet, all of it is, it is gone, or it is the shop's again. */
  readonly status: 'inquiry' | 'held' | 'lost' | 'won'
}

/** Nobody knows what came of the last request. */
export type Doubt = { readonly cause: UnknownCause; readonly since: Instant }

/** Why a payment was asked to end. */
export type PaymentCloseReason =
  | 'unpaidDeadline'
  | 'orderCancelled'
  | 'replacedByAnother'
  | 'buyerSaysUnpaid'
  /** What is held is held no longer than this. */
  | 'holdExpired'
  /** The gateway asks for something else than it was asked for. */
  | 'doesNotFit'
  /** Its gateway says nothing, and staff have found that it was not paid. */
  | 'staffSayUnpaid'

/** How it is known that no money will come. */
export type PaymentCloseEvidence = 'closedByGateway' | 'notFoundAfterExpiry' | 'failed' | 'saidByStaff'

/** A request to end a payment. */
export type Closing = { readonly reason: PaymentCloseReason; readonly at: Instant }

/** Held money that is being taken: written down before the gateway is asked. */
export type Capturing = {
  readonly captureId: string
  readonly amountMinor: number
  /** What will have been taken by all captures once this one is done. */
  readonly targetMinor: number
  /** Whether the rest is given up with it. */
  readonly final: boolean
  readonly since: Instant
  /** When it was last sent. */
  readonly sentAt: Instant
}

/** What was taken of a payment by the word of a person alone. */
export type SaidTaken = {
  /** In all, minor units. */
  readonly minor: number
  readonly at: Instant
  /** What of it the gateway has since said that it did not take; nothing when absent. */
  readonly deniedMinor?: number
  /** What of that it says that it holds still, so that it may be taken (`RequestCapture`); nothing when absent. */
  readonly heldMinor?: number
}

/** What is kept of a payment; `startedAt` is when it was begun. */
export type PaymentFacts = Omit<PaymentStart, 'at'> & {
  readonly startedAt: Instant
  /** When the gateway was last asked; at first, when the payment began. */
  readonly askedAt: Instant
  /** How often it was asked by itself; what a person asks in between puts nothing off. */
  readonly queries: number
  /** When the gateway last said that it has never heard of it; absent where it did not, or has since. */
  readonly unheardAt?: Instant
  /** Since when nobody could be asked, as the shop has its gateway no more; absent while it has. */
  readonly goneSince?: Instant
  /** When it is to be asked next; null where there is nothing to ask. */
  readonly queryAt: Instant | null
  /** What the payer was told to do; null until the gateway said. */
  readonly nextKind: NextStep['kind'] | null
  /** The capture under way; one at a time. */
  readonly capturing?: Capturing
  /** Part of the amount that will not be taken, because what it was for is given up; none when absent. */
  readonly forgoneMinor?: number
  /**
   * All that counts for its order by the word of a person, minor units: nothing more of the amount is expected, and what is
   * heard of beyond it stands in suspense, whether it fits or not. Absent where nobody has said so.
   */
  readonly acceptedMinor?: number
  /** What a person says was taken (`DecidePayment`), until the gateway says so, too. Absent where nobody has said so. */
  readonly said?: SaidTaken
  /** In order of `refundId`. */
  readonly refunds: readonly PaymentRefundShare[]
  /** Sum of the reserved shares. */
  readonly refundReservedMinor: number
  /** Sum of the refunded shares. */
  readonly refundedMinor: number
  /** In order of `disputeId`; none when absent. */
  readonly disputes?: readonly PaymentDisputeShare[]
  /** What a person has sent back of money in other currencies, in their order; nothing when absent. */
  readonly returnedByHand?: readonly Money[]
  /** A person is to decide about it: words that do not fit brought money which is still in suspense, or may bring some. */
  readonly toDecide?: true
  /**
   * Since when its gateway has owed an answer: whether it was taken, or has ended, or what became of a capture, or, where the
   * shop has it no more, of what it holds. Absent while it owes none.
   */
  readonly unheardSince?: Instant
  /** It has paid a part of an order, which its payer has back unless the others pay theirs; absent where it waits for none. */
  readonly waitsForOthers?: true
}

export type CapturedFacts = KnownFacts & { readonly captured: MoneyFact }

export type WaitingFacts = { readonly known: KnownFacts; readonly doubt: null; readonly closing: null }

/** One attempt to pay, through one gateway. */
export type Payment =
  /** Written down before the gateway was asked. */
  | (PaymentFacts & WaitingFacts & { readonly status: 'created' })
  /** The payer has to do something. */
  | (PaymentFacts & WaitingFacts & { readonly status: 'requiresAction' })
  /** The gateway is at work. */
  | (PaymentFacts & WaitingFacts & { readonly status: 'processing' })
  /** A request went out and nobody knows what came of it: neither failed nor paid. */
  | (PaymentFacts & {
      readonly status: 'unknown'
      readonly known: KnownFacts
      readonly doubt: Doubt
      readonly closing: null
    })
  /** Definitely without money; a new attempt is safe. */
  | (PaymentFacts & {
      readonly status: 'failed'
      readonly known: KnownFacts & { readonly failure: PaymentFailure }
      readonly doubt: null
      readonly closing: null
    })
  /** Held, not yet taken. */
  | (PaymentFacts & {
      readonly status: 'authorised'
      readonly known: KnownFacts & { readonly authorised: MoneyFact }
      readonly doubt: Doubt | null
      readonly closing: null
    })
  /** Part of what is held is taken; the rest is held, to be taken or given up. */
  | (PaymentFacts & {
      readonly status: 'partlyCaptured'
      readonly known: CapturedFacts
      readonly doubt: null
      readonly closing: Closing | null
    })
  /** Asked to end; stock and coupon stay held until it is certain. */
  | (PaymentFacts & {
      readonly status: 'closing'
      readonly known: KnownFacts
      readonly doubt: Doubt | null
      readonly closing: Closing
    })
  /** Ended without money, for certain. */
  | (PaymentFacts & {
      readonly status: 'closed'
      readonly known: KnownFacts
      readonly doubt: null
      readonly closing: Closing
      readonly closed: Closed
    })
  /** Paid: nothing more will be taken. Refunds are counted in `refunds`. */
  | (PaymentFacts & {
      readonly status: 'captured'
      readonly known: CapturedFacts
      readonly doubt: null
      readonly closing: Closing | null
    })
  /** Paid after it was ended: the order may be gone, the money must go back or the order come back. */
  | (PaymentFacts & {
      readonly status: 'capturedAfterClose'
      readonly known: CapturedFacts
      readonly doubt: null
      readonly closing: Closing
      readonly closed: Closed
    })
  /**
   * What the gateway says does not fit what was asked: the order counts as unpaid by what does not, until a person has
   * looked at the money; what they accept of it is `captured`. Where none was taken, it is ended.
   */
  | (PaymentFacts & {
      readonly status: 'integrityHold'
      readonly known: KnownFacts
      readonly doubt: null
      readonly closing: Closing | null
      readonly closed: Closed | null
    })

/** When and on what grounds a payment counts as ended. */
export type Closed = {
  readonly at: Instant
  readonly evidence: PaymentCloseEvidence
  /** When it had last been said to be held; absent where it never was. */
  readonly heldAt?: Instant
}

/** What can be asked of a payment. */
export type PaymentCommand =
  | ({ readonly type: 'StartPayment' } & PaymentStart)
  /** The gateway took note. */
  | {
      readonly type: 'RecordCreated'
      readonly gatewayRef: string | null
      readonly nextKind: NextStep['kind']
      readonly pollAfterMs?: number
      readonly at: Instant
    }
  /** The gateway says no, in answer to the request to create; a code that is not definite counts as a lost answer. */
  | { readonly type: 'RecordDeclined'; readonly code: GatewayErrorCode; readonly at: Instant }
  /** The answer to our request was lost. */
  | { readonly type: 'RecordUnknown'; readonly cause: UnknownCause; readonly at: Instant }
  /** The gateway says how things stand: asked, or of its own accord. */
  | {
      readonly type: 'RecordSnapshot'
      readonly snapshot: PaymentSnapshot
      /** When it was asked for it; absent where it says so of its own accord. */
      readonly askedAt?: Instant
      /** What a bill says was kept of what was taken since the total before that of the snapshot, minor units. */
      readonly billedFeeMinor?: number
    }
  /**
   * The gateway was asked and what it said is recorded, also that it is `unheard` of: the next question is later, unless
   * it was one `byPerson`. Or nobody could be asked, as the shop has that gateway no more (`gone`).
   */
  | {
      readonly type: 'RecordAsked'
      readonly unheard?: true
      readonly byPerson?: true
      readonly gone?: true
      readonly at: Instant
    }
  | { readonly type: 'RequestClose'; readonly reason: PaymentCloseReason; readonly at: Instant }
  /** It is certain that no money comes. */
  | { readonly type: 'ConfirmClosed'; readonly evidence: PaymentCloseEvidence; readonly at: Instant }
  /** Writes down that held money is to be taken, before the gateway is asked. */
  | {
      readonly type: 'RequestCapture'
      readonly captureId: string
      readonly amountMinor: number
      readonly final: boolean
      readonly at: Instant
    }
  /** Writes down that a capture whose answer was lost is sent again; only once the call before is over. */
  | { readonly type: 'ResendCapture'; readonly captureId: string; readonly at: Instant }
  /** The gateway takes nothing by this capture, for certain. */
  | { readonly type: 'FailCapture'; readonly captureId: string; readonly code: GatewayErrorCode }
  /** Part of the amount is not to be taken any more. */
  | { readonly type: 'ForgoHold'; readonly amountMinor: number }
  /** The gateway has given up the rest of what was held. */
  | { readonly type: 'ConfirmReleased' }
  /** Holds part of the captured money for a refund. */
  | {
      readonly type: 'ReserveRefund'
      readonly refundId: string
      readonly amountMinor: number
      /** What of it is money that does not fit what was asked; none when absent. */
      readonly heldMinor?: number
      /** Whether it is held back for as long as a dispute holds the money, and not refused. */
      readonly waits?: true
    }
  /** Holds less for a refund than before. */
  | { readonly type: 'ReduceRefund'; readonly refundId: string; readonly amountMinor: number }
  /** The refund has reached the payer; so much of it alone, where they have the rest by a lost dispute. */
  | { readonly type: 'SettleRefund'; readonly refundId: string; readonly amountMinor?: number }
  /** A refund that had reached the payer came back. */
  | { readonly type: 'ReopenRefund'; readonly refundId: string }
  /** The refund is given up. */
  | { readonly type: 'ReleaseRefund'; readonly refundId: string }
  /** Notes a refund whose money the payer has by a lost dispute already: nothing is held for it. */
  | { readonly type: 'CoverRefund'; readonly refundId: string; readonly amountMinor: number }
  /** Says whether it has paid a part of an order that waits for the others to pay theirs. */
  | { readonly type: 'RecordWaiting'; readonly waits: boolean }
  /** Says what a dispute holds of the payment, or has taken. */
  | ({ readonly type: 'RecordDispute' } & PaymentDisputeShare)
  /** A person has sent back, past the gateway, what is left of money in another currency than was asked for. */
  | { readonly type: 'RecordHeldReturned'; readonly currency: Currency; readonly at: Instant }
  /**
   * A person says that so much of money that does not fit what was asked, in the payment's currency, counts for its order;
   * where it is `final`, nothing more of the amount is expected.
   */
  | { readonly type: 'AcceptHeld'; readonly amountMinor: number; readonly final?: true; readonly at: Instant }
  /**
   * A person says of what the gateway owes an answer to that its money was taken, as it was asked for, or that it was not.
   */
  | { readonly type: 'DecidePayment'; readonly paid: boolean; readonly at: Instant }
  /** The gateway says how much it has taken in all, and what it holds beside that, minor units: a person's word is held against it. */
  | { readonly type: 'WeighWord'; readonly takenMinor: number; readonly heldMinor?: number; readonly at: Instant }

/** What happened to a payment. */
export type PaymentEvent =
  | ({ readonly type: 'PaymentStarted' } & PaymentStart)
  | {
      readonly type: 'PaymentCreated'
      readonly gatewayRef: string | null
      readonly nextKind: NextStep['kind']
      readonly pollAfterMs?: number
    }
  | { readonly type: 'PaymentUnknown'; readonly cause: UnknownCause; readonly at: Instant }
  /** More is known; the status is as it was. */
  | { readonly type: 'PaymentFactsLearned'; readonly known: KnownFacts }
  | { readonly type: 'PaymentActionRequired'; readonly known: KnownFacts }
  | { readonly type: 'PaymentProcessing'; readonly known: KnownFacts }
  | { readonly type: 'PaymentAuthorised'; readonly known: KnownFacts }
  | { readonly type: 'PaymentFailed'; readonly known: KnownFacts }
  /** Money was taken and the rest is still held; `addedMinor` is how much more than was known before. */
  | { readonly type: 'PaymentPartlyCaptured'; readonly known: KnownFacts; readonly addedMinor: number }
  /** Money was taken; `addedMinor` is how much more than was known before. */
  | { readonly type: 'PaymentCaptured'; readonly known: KnownFacts; readonly addedMinor: number }
  /** Money was taken after the end. */
  | { readonly type: 'PaymentCapturedAfterClose'; readonly known: KnownFacts; readonly addedMinor: number }
  /** What the gateway says does not fit; `addedMinor` is fitting money that became known with it. */
  | { readonly type: 'PaymentHeld'; readonly known: KnownFacts; readonly addedMinor: number }
  | {
      readonly type: 'PaymentQueried'
      readonly unheard?: true
      readonly byPerson?: true
      readonly gone?: true
      readonly at: Instant
    }
  | { readonly type: 'PaymentCloseRequested'; readonly reason: PaymentCloseReason; readonly at: Instant }
  | { readonly type: 'PaymentClosed'; readonly evidence: PaymentCloseEvidence; readonly at: Instant }
  | {
      readonly type: 'CaptureRequested'
      readonly captureId: string
      readonly amountMinor: number
      readonly targetMinor: number
      readonly final: boolean
      readonly at: Instant
    }
  | { readonly type: 'CaptureResent'; readonly captureId: string; readonly at: Instant }
  | { readonly type: 'CaptureFailed'; readonly captureId: string; readonly code: GatewayErrorCode }
  | { readonly type: 'HoldForgone'; readonly amountMinor: number }
  /** The rest of what was held is given up. */
  | { readonly type: 'HoldReleased' }
  | {
      readonly type: 'RefundReserved'
      readonly refundId: string
      readonly amountMinor: number
      readonly heldMinor?: number
    }
  | { readonly type: 'RefundSettled'; readonly refundId: string; readonly amountMinor: number }
  | { readonly type: 'RefundReopened'; readonly refundId: string; readonly amountMinor: number }
  | { readonly type: 'RefundReleased'; readonly refundId: string; readonly amountMinor: number }
  /** It has paid a part that waits for others, or waits for them no more. */
  | { readonly type: 'PaymentWaitingRecorded'; readonly waits: boolean }
  | ({ readonly type: 'PaymentDisputed' } & PaymentDisputeShare)
  | { readonly type: 'HeldMoneyReturned'; readonly currency: Currency; readonly minor: number; readonly at: Instant }
  /** So much of what does not fit counts for its order: it is taken. */
  | { readonly type: 'HeldMoneyAccepted'; readonly amountMinor: number; readonly final?: true; readonly at: Instant }
  /** A person has said what came of it; `minor` is what was taken in all by their word, null where nothing more was. */
  | { readonly type: 'PaymentDecided'; readonly minor: number | null; readonly at: Instant }
  /** The gateway says that so much of what a person said was taken was not; `heldMinor` of that it holds still. */
  | { readonly type: 'PaymentDenied'; readonly deniedMinor: number; readonly heldMinor?: number; readonly at: Instant }
  /** The gateway says, too, that what a person said was taken was. */
  | { readonly type: 'PaymentConfirmed'; readonly at: Instant }

/** Why a payment refuses. */
export type PaymentError =
  /** The command does not apply to a payment in this state. */
  | { readonly type: 'PaymentStateForbids'; readonly status: Payment['status'] | 'absent'; readonly command: string }
  /** The amount is not a whole number above zero. */
  | { readonly type: 'PaymentAmountInvalid'; readonly amountMinor: number }
  /** The grounds for ending the payment do not hold. */
  | { readonly type: 'CloseNotProven'; readonly evidence: PaymentCloseEvidence }
  /** The words are about another payment. */
  | { readonly type: 'SnapshotOfOtherPayment'; readonly expected: string; readonly actual: string }
  /** More would be taken, or given up, than is held and not taken yet. */
  | { readonly type: 'CaptureExceedsHold'; readonly askedMinor: number; readonly heldMinor: number }
  /** Nobody knows yet what came of the capture before. */
  | { readonly type: 'CaptureUnderway'; readonly paymentId: string; readonly captureId: string }
  /** More would count for the order than waits for a person, in the payment's currency. */
  | { readonly type: 'AcceptExceedsHeld'; readonly askedMinor: number; readonly heldMinor: number }
  /** More would go back than was taken and is not going back already. */
  | { readonly type: 'RefundExceedsCaptured'; readonly askedMinor: number; readonly refundableMinor: number }
  /** The payer wants money of it back past the shop: what went back now would be lost twice. */
  | { readonly type: 'DisputeOpen'; readonly paymentId: string; readonly disputeIds: readonly string[] }
  /** The reference stands for another amount. */
  | { readonly type: 'RefundReferenceReused'; readonly refundId: string }
  /** The payment holds nothing for the refund, or no longer. */
  | {
      readonly type: 'RefundShareForbids'
      readonly refundId: string
      readonly share: PaymentRefundShare['status'] | 'absent'
    }
