import type { Currency } from '../shared/currency.js'
import type { Instant } from '../shared/instant.js'
import type { GatewayErrorCode, UnknownCause } from './gateway-error.js'
import type { AccountShare } from './ledger.js'
import type { RefundSnapshot } from './snapshot.js'

/** Why money goes back. */
export type RefundReason =
  | 'orderCancelled'
  | 'linesCancelled'
  | 'returned'
  | 'lateSuccess'
  | 'duplicatePayment'
  | 'parcelLost'
  | 'priceAdjusted'
  | 'goodwill'
  | 'heldMoneyReturned'

/** When and why the gateway said no. */
export type RefundFailure = {
  readonly code: GatewayErrorCode
  readonly at: Instant
  /** What of it has reached the payer all the same, minor units; nothing when absent. */
  readonly goneMinor?: number
}

/** What the gateway has said of a refund since it was last sent, merged so that order and repetition make no difference. */
export type KnownRefundFacts = {
  readonly gatewayRef: string | null
  /** Whether it was taken note of. */
  readonly accepted: boolean
  /** After how many milliseconds the gateway wants to be asked about it first; at the shop's own pace when absent. */
  readonly pollAfterMs?: number
  /** The latest moment it was said to have reached the payer. */
  readonly succeededAt: Instant | null
  /** The same, where the gateway said so when this try was sent or asked about; null where it only ever said so unasked. */
  readonly confirmedAt: Instant | null
  /** The latest failure that it told of. */
  readonly failure: RefundFailure | null
  /**
   * That a request was turned down, by the shop's clock; absent where none was. Of two requests at once the other may have
   * been taken: it never undoes a success.
   */
  readonly declined?: RefundFailure
  /**
   * What a person has said who looked there, as nobody else could; absent where nobody did. The gateway's own word counts
   * before it. `goneMinor` is what of one that did not move whole has reached the payer, minor units; nothing when absent.
   */
  readonly decided?: { readonly moved: boolean; readonly goneMinor?: number; readonly at: Instant }
}

export type RefundFacts = {
  /** Also the reference at the gateway, the same on every try. */
  readonly refundId: string
  /** The refund of an order that it is a part of, another part of which the payer has by a dispute; else absent. */
  readonly partOf?: string
  readonly paymentId: string
  readonly orderId: string
  /** The buyer, whose order it is of. */
  readonly accountId: string
  /** The account of another who paid, and gets it; null of a visitor who has none. Absent where the buyer did. */
  readonly payerAccountId?: string | null
  readonly merchantId: string | null
  readonly gatewayId: string
  readonly amountMinor: number
  readonly currency: Currency
  readonly reason: RefundReason
  readonly requestedAt: Instant
  /** Since when nothing keeps it back any more; absent where nothing ever did. */
  readonly resumedAt?: Instant
  /** When it was last sent; null before that. */
  readonly submittedAt: Instant | null
  /** How often it was sent. */
  readonly tries: number
  /** The latest words on earlier tries: what is not later than they does not speak of this one. */
  readonly past: {
    readonly succeededAt: Instant | null
    readonly failedAt: Instant | null
    /** What of it was last said to have reached the payer by an earlier try that failed, minor units; nothing when absent. */
    readonly goneMinor?: number
    /** When a person last said of an earlier try that it had not moved; absent where nobody did. */
    readonly decidedAt?: Instant
  }
  /** The accounts that bear it; their sum is the amount. */
  readonly sources: readonly AccountShare[]
  /** When the gateway was last asked, or sent the refund; null before that. */
  readonly askedAt: Instant | null
  /** How often it was asked since it was last sent. */
  readonly queries: number
  /** When it is to be asked next; null while nothing is under way. */
  readonly queryAt: Instant | null
  readonly known: KnownRefundFacts
}

/** Money on its way back to where it came from. */
export type Refund =
  /** Decided; the gateway has not been asked. */
  | (RefundFacts & { readonly status: 'requested' })
  /** The intent to send is written; the answer is not in. */
  | (RefundFacts & { readonly status: 'submitted'; readonly submittedAt: Instant })
  /** The gateway accepted it and finishes it later. */
  | (RefundFacts & { readonly status: 'pending'; readonly submittedAt: Instant })
  /** The answer was lost: ask, or send the same again. */
  | (RefundFacts & { readonly status: 'unknown'; readonly submittedAt: Instant; readonly cause: UnknownCause })
  /** The payer has the money. */
  | (RefundFacts & { readonly status: 'succeeded' })
  /** Not done, by the gateway's word or a person's, and still owed: send again under the same reference, or pay by hand. */
  | (RefundFacts & { readonly status: 'failed' })
  /** A person is to pay it another way, or the rest of it, where what had arrived beside what was paid so came back. */
  | (RefundFacts & {
      readonly status: 'manualPayout'
      readonly takenOverAt: Instant
      /** What of it a person has paid already, minor units, and when last; none of it when absent. */
      readonly paid?: { readonly minor: number; readonly at: Instant }
    })
  /** A person has paid it another way. */
  | (RefundFacts & {
      readonly status: 'paidManually'
      readonly takenOverAt: Instant
      readonly paidAt: Instant
      /** What of it a person paid, where a part had arrived before, minor units; all of it when absent. */
      readonly paidMinor?: number
    })
  /** Decided, and kept back while the payer wants the money by a dispute. */
  | (RefundFacts & { readonly status: 'held'; readonly heldSince: Instant })
  /** The payer has the money by a dispute that the shop lost. */
  | (RefundFacts & {
      readonly status: 'chargedBack'
      readonly disputeId: string
      readonly chargedBackAt: Instant
      /**
       * What of it came by the dispute, and by what makes up for what that lacks, where a part had arrived before, minor
       * units; all of it when absent.
       */
      readonly coveredMinor?: number
      /** What of it a person has paid before, minor units, and when last; none of it when absent. */
      readonly paid?: { readonly minor: number; readonly at: Instant }
    })
  /** Given up before it was sent. */
  | (RefundFacts & { readonly status: 'cancelled'; readonly cancelledAt: Instant })

/** What can be asked of a refund. */
export type RefundCommand =
  | ({ readonly type: 'RequestRefund' } & RefundStart)
  /** Writes the intent before the gateway is asked: a new try, so only of what was never sent, or failed for certain. */
  | { readonly type: 'SubmitRefund'; readonly at: Instant }
  /** The gateway accepted it. Of the answers to a try (`tries`; the latest when absent) those to an earlier one say nothing. */
  | {
      readonly type: 'RecordRefundPending'
      readonly tries?: number
      readonly gatewayRef: string | null
      readonly pollAfterMs?: number
      readonly at: Instant
    }
  /** The gateway says no, in answer to our request. */
  | {
      readonly type: 'RecordRefundDeclined'
      readonly tries?: number
      readonly code: GatewayErrorCode
      readonly at: Instant
    }
  /** The answer was lost. */
  | { readonly type: 'RecordRefundUnknown'; readonly cause: UnknownCause; readonly at: Instant }
  /**
   * The gateway says how things stand: of its own accord, or when a try was sent or asked about. What is said unasked, or
   * answered to an earlier try, may be the late word on that.
   */
  | {
      readonly type: 'RecordRefundSnapshot'
      readonly snapshot: RefundSnapshot
      readonly isAnswer?: true
      readonly tries?: number
    }
  /** A person who looked at the gateway says whether the money of one that is under way moved, or what of it did. */
  | { readonly type: 'DecideRefund'; readonly moved: boolean; readonly goneMinor?: number; readonly at: Instant }
  /** The gateway was asked: the next question is later. */
  | { readonly type: 'RecordRefundAsked'; readonly at: Instant }
  /** A person takes over. */
  | { readonly type: 'RequestManualPayout'; readonly at: Instant }
  /** A person has paid. */
  | { readonly type: 'ConfirmManualPayout'; readonly at: Instant }
  | { readonly type: 'CancelRefund'; readonly at: Instant }
  /** Keeps it back while a dispute holds the money. */
  | { readonly type: 'HoldRefund'; readonly at: Instant }
  /**
   * Lets it go on: nothing stands in its way any more, or the payer does not have it by a dispute after all. Of what a person
   * has paid in part a person pays the rest, and it is never sent.
   *
   * `left` is what is to be sent, where another dispute has paid a part; all of it when absent.
   */
  | {
      readonly type: 'ResumeRefund'
      readonly left?: Pick<RefundFacts, 'amountMinor' | 'sources'>
      readonly at: Instant
    }
  /** The payer got part of it by a dispute, which is another refund: less is to be sent, of less of each account. */
  | { readonly type: 'ReduceRefund'; readonly amountMinor: number; readonly sources: readonly AccountShare[] }
  /**
   * The payer got it by a dispute instead.
   *
   * `coveredMinor` is what of it they did not get by the gateway; what has not arrived by that when absent.
   */
  | {
      readonly type: 'CoverRefund'
      readonly disputeId: string
      readonly coveredMinor?: number
      readonly at: Instant
    }

/** What a refund is begun with. */
export type RefundStart = {
  readonly refundId: string
  readonly partOf?: string
  readonly paymentId: string
  readonly orderId: string
  readonly accountId: string
  readonly payerAccountId?: string | null
  readonly merchantId: string | null
  readonly gatewayId: string
  /** Above zero; held on the payment before. */
  readonly amountMinor: number
  readonly currency: Currency
  readonly reason: RefundReason
  /** The accounts that bear it; their sum has to be the amount. */
  readonly sources: readonly AccountShare[]
  readonly at: Instant
}

/** What happened to a refund. */
export type RefundEvent =
  | ({ readonly type: 'RefundRequested' } & RefundStart)
  | { readonly type: 'RefundSubmitted'; readonly at: Instant; readonly tries: number }
  | { readonly type: 'RefundPending'; readonly known: KnownRefundFacts }
  | { readonly type: 'RefundUnknownOutcome'; readonly cause: UnknownCause; readonly at: Instant }
  | { readonly type: 'RefundSucceeded'; readonly known: KnownRefundFacts }
  /** Failed before it had reached the payer. */
  | { readonly type: 'RefundFailed'; readonly known: KnownRefundFacts }
  /** Came back after it had reached the payer, or a part of it did beside which a person had paid the rest. */
  | { readonly type: 'RefundReversed'; readonly known: KnownRefundFacts }
  /** Succeeded at the gateway after a person, or a dispute, had paid it: the payer has it twice. */
  | { readonly type: 'RefundPaidTwice'; readonly known: KnownRefundFacts }
  /** More is known; the status is as it was. */
  | { readonly type: 'RefundFactsLearned'; readonly known: KnownRefundFacts }
  | { readonly type: 'RefundQueried'; readonly at: Instant }
  | { readonly type: 'ManualPayoutRequested'; readonly at: Instant }
  | { readonly type: 'RefundPaidManually'; readonly at: Instant }
  | { readonly type: 'RefundCancelled'; readonly at: Instant }
  | { readonly type: 'RefundHeld'; readonly at: Instant }
  | {
      readonly type: 'RefundResumed'
      readonly amountMinor: number
      readonly sources: readonly AccountShare[]
      readonly at: Instant
    }
  /** What is left of it, before it was ever sent. */
  | { readonly type: 'RefundReduced'; readonly amountMinor: number; readonly sources: readonly AccountShare[] }
  | {
      readonly type: 'RefundChargedBack'
      readonly disputeId: string
      readonly coveredMinor?: number
      readonly at: Instant
    }

/** Why a refund refuses. */
export type RefundError =
  /** The command does not apply to a refund in this state. */
  | { readonly type: 'RefundStateForbids'; readonly status: Refund['status'] | 'absent'; readonly command: string }
  /** The amount is not a whole number above zero. */
  | { readonly type: 'RefundAmountInvalid'; readonly amountMinor: number }
  /** The accounts that bear the refund do not sum to its amount. */
  | { readonly type: 'RefundSourcesDiffer'; readonly amountMinor: number; readonly sourcesMinor: number }
  /** The words are about another refund, or of another amount. */
  | { readonly type: 'SnapshotOfOtherRefund'; readonly expected: string; readonly actual: string }
