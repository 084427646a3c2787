import type { Currency } from '../shared/currency.js'
import type { Instant } from '../shared/instant.js'
import type { GatewayErrorCode } from './gateway-error.js'
import type { DisputeReason, DisputeSnapshot } from './snapshot.js'

/**
 * The last word of the gateway on a dispute, by its own clock: neither the order in which words are heard nor hearing
 * them twice makes a difference.
 */
export type DisputeWord = Pick<
  DisputeSnapshot,
  'status' | 'reason' | 'mayAppeal' | 'lostMinor' | 'evidenceDueAt' | 'at'
> & {
  /** What the payer wants back, minor units of the dispute's currency. */
  readonly amountMinor: number
}

/** Everything a gateway has said of a dispute. */
export type KnownDispute = {
  /** When it was first heard of, by the gateway's clock. */
  readonly firstAt: Instant
  readonly word: DisputeWord
  /** What the gateway keeps for the dispute, by its last word on that; null where it says nothing. */
  readonly fee: { readonly minor: number; readonly at: Instant } | null
}

/** How a dispute has ended, as a person says of whom its gateway does not: whatever the gateway says later counts before it. */
export type DecidedDispute = {
  readonly status: 'won' | 'lost'
  /** What is lost, minor units of the dispute's currency, 1 to what the payer wants; null for all of that, and where it is won. */
  readonly lostMinor: number | null
  readonly at: Instant
}

/** What the shop sent to contest a dispute, or that it accepts it, and what came of that. */
export type SentEvidence = {
  readonly evidenceId: string
  readonly sentAt: Instant
  /** `waiting` until the gateway said that it took it, or did not; its answer may have been lost. */
  readonly outcome: 'waiting' | 'taken' | 'refused'
  /** Whether the shop has said that the payer is right; it contests when absent. */
  readonly accepts?: true
  /** Why it was refused; null unless it was. */
  readonly code: GatewayErrorCode | null
}

/** The order of one merchant, where what was paid was divided among several. */
export type DisputedPart = {
  readonly merchantId: string
  readonly orderId: string
  /** What was paid for it, minor units. */
  readonly paidMinor: number
}

export type DisputeFacts = {
  readonly disputeId: string
  /** The gateway's own id. */
  readonly disputeRef: string
  readonly paymentId: string
  readonly orderId: string
  /** The buyer. */
  readonly accountId: string
  /** The account of another who paid; null of a visitor who has none. Absent where the buyer did. */
  readonly payerAccountId?: string | null
  readonly merchantId: string | null
  /** Among whom the payment was divided; absent where it was not. */
  readonly parts?: readonly DisputedPart[]
  /** Whose money it is about: each of them sees it. Absent in what was written before. */
  readonly merchantIds?: readonly string[]
  /** The order, and those it was divided into. Absent in what was written before. */
  readonly orderIds?: readonly string[]
  readonly gatewayId: string
  readonly currency: Currency
  /** Whether the gateway can be asked how it stands. */
  readonly queryable: boolean
  readonly known: KnownDispute
  /** What a person has said since the gateway's last word; absent where nobody has. */
  readonly decided?: DecidedDispute
  /** Since when the gateway, though asked, or gone, has not said how it stands; absent while it says so, and where nobody asks. */
  readonly unheardSince?: Instant
  /** The last evidence that was sent; null before any was. */
  readonly evidence: SentEvidence | null
  /** When the gateway was last asked; at first, when it was first heard of. */
  readonly askedAt: Instant
  /** When it is to be asked next; null where nothing is open. */
  readonly queryAt: Instant | null
  /**
   * When somebody is to be reminded that it wants an answer; null where it wants none, or they were. Absent in what was
   * written before there were reminders, until the gateway is next asked.
   */
  readonly remindAt?: Instant | null
  /** Of which `evidenceDueAt` somebody was reminded last; absent where never. */
  readonly remindedOf?: Instant
}

/** A payer who wants money back through the bank or the gateway, past the shop. */
export type Dispute =
  /** A question of the bank, or a complaint: no money has moved, and a refund may settle it. */
  | (DisputeFacts & { readonly status: 'inquiry' })
  /** The money is held, and the shop may contest it. */
  | (DisputeFacts & { readonly status: 'evidenceDue' })
  /** The money is held, and the bank is at work. */
  | (DisputeFacts & { readonly status: 'underReview' })
  /** The money is the shop's again. */
  | (DisputeFacts & { readonly status: 'won' })
  /** The money is gone. */
  | (DisputeFacts & { readonly status: 'lost' })

/** What can be asked of a dispute. */
export type DisputeCommand =
  /** The gateway says how it stands: unasked or asked. The first word opens it. */
  | {
      readonly type: 'RecordDispute'
      readonly about: Pick<
        DisputeFacts,
        | 'disputeId'
        | 'paymentId'
        | 'orderId'
        | 'accountId'
        | 'payerAccountId'
        | 'merchantId'
        | 'parts'
        | 'gatewayId'
        | 'queryable'
      >
      readonly snapshot: DisputeSnapshot
      readonly at: Instant
    }
  /** The gateway was asked: the next question is later. */
  | { readonly type: 'RecordDisputeAsked'; readonly at: Instant }
  /** It did not say how it stands, or is gone. */
  | { readonly type: 'RecordDisputeUnheard'; readonly at: Instant }
  /** A person has looked, and says how it has ended. */
  | {
      readonly type: 'DecideDispute'
      readonly won: boolean
      /** What is lost, where that is neither all nor, of one that is appealed, what the gateway has said. */
      readonly lostMinor?: number
      readonly at: Instant
    }
  /** It is time to remind of the evidence, or of the answer, that nobody has sent. */
  | { readonly type: 'RemindOfEvidence'; readonly at: Instant }
  /** Writes down that evidence, an appeal, or that the payer is right is being sent, before the gateway is asked to take it. */
  | { readonly type: 'SendEvidence'; readonly evidenceId: string; readonly accepts?: true; readonly at: Instant }
  /** What the gateway said to it; `waiting` where its answer was lost. */
  | {
      readonly type: 'RecordEvidence'
      readonly evidenceId: string
      readonly outcome: 'taken' | 'refused'
      readonly code: GatewayErrorCode | null
    }

/** What is known of a dispute by now. */
export type LearnedOfDispute = {
  readonly disputeId: string
  readonly known: KnownDispute
  /** How it has ended by a person's word; absent where the gateway has said it, or nobody has. */
  readonly decided?: DecidedDispute
  /** Among whom the payment was divided since the dispute was first heard of; absent unless it was. */
  readonly parts?: readonly DisputedPart[]
  /** How much more is lost than before, minor units; below 0 where it is the shop's again. Nothing when absent. */
  readonly lostMoreMinor?: number
}

/** What happened to a dispute. */
export type DisputeEvent =
  | ({ readonly type: 'DisputeOpened'; readonly at: Instant } & Omit<
      DisputeFacts,
      | 'evidence'
      | 'askedAt'
      | 'queryAt'
      | 'remindAt'
      | 'remindedOf'
      | 'merchantIds'
      | 'orderIds'
      | 'decided'
      | 'unheardSince'
    >)
  /** The shop may contest it until `evidenceDueAt`. */
  | ({ readonly type: 'DisputeEvidenceDue' } & LearnedOfDispute)
  | ({ readonly type: 'DisputeUnderReview' } & LearnedOfDispute)
  | ({ readonly type: 'DisputeWon' } & LearnedOfDispute)
  | ({ readonly type: 'DisputeLost' } & LearnedOfDispute)
  /** More is known; the status is as it was, or is a question of the bank again. */
  | ({ readonly type: 'DisputeFactsLearned' } & LearnedOfDispute)
  /** What was paid is divided among several merchants since: each has a part of what is disputed, which stands as it stood. */
  | { readonly type: 'DisputeDivided'; readonly disputeId: string; readonly parts: readonly DisputedPart[] }
  | { readonly type: 'DisputeQueried'; readonly at: Instant }
  /** Its gateway did not say how it stands, or is gone. Told once until it says so. */
  | { readonly type: 'DisputeUnheard'; readonly disputeId: string; readonly at: Instant }
  /** Evidence, or an answer, is due at `dueAt` and was not sent. Told once for each such moment. */
  | { readonly type: 'EvidenceDueSoon'; readonly disputeId: string; readonly dueAt: Instant; readonly at: Instant }
  | { readonly type: 'EvidenceSent'; readonly evidenceId: string; readonly accepts?: true; readonly at: Instant }
  | { readonly type: 'EvidenceTaken'; readonly evidenceId: string }
  | { readonly type: 'EvidenceRefused'; readonly evidenceId: string; readonly code: GatewayErrorCode | null }

/** Why a dispute refuses. */
export type DisputeError =
  /** The command does not apply to a dispute in this state. */
  | { readonly type: 'DisputeStateForbids'; readonly status: Dispute['status'] | 'absent'; readonly command: string }
  /** No more is lost than the payer wants, `amountMinor`. */
  | { readonly type: 'LossExceedsDispute'; readonly disputeId: string; readonly amountMinor: number }
  /** The words are about another dispute, of another payment, or in another currency. */
  | { readonly type: 'SnapshotOfOtherDispute'; readonly expected: string; readonly actual: string }
  /** The time to contest what holds money is over; a question may be answered late. */
  | { readonly type: 'EvidenceOverdue'; readonly disputeId: string; readonly dueAt: Instant }

export type { DisputeReason, DisputeSnapshot }
