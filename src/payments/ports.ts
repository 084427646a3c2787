import type { ResultAsync } from 'neverthrow'
import type { Instant } from '../shared/instant.js'
import type { JsonObject } from '../shared/json.js'
import type { Money } from '../shared/money.js'
import type { MethodId } from '../shared/payment-method.js'
import type { EvidenceFile, EvidenceFileTerms } from './evidence-file.js'
import type { GatewayErrorCode, UnknownCause } from './gateway-error.js'
import type { DisputeSnapshot, PaymentSnapshot, RefundSnapshot } from './snapshot.js'

/** A definite no, with the gateway's own code for the log; never a secret and never the payer's data. */
export type GatewayError = {
  readonly code: GatewayErrorCode
  /** What the gateway called it. */
  readonly gatewayCode: string
}

/** What came of a request to a gateway. */
export type Outcome<T> =
  /** Done. */
  | { readonly kind: 'ok'; readonly value: T }
  /** Accepted, and finished later; `pollAfterMs` is when to ask first, at the shop's own pace where it is null. */
  | { readonly kind: 'pending'; readonly gatewayRef: string | null; readonly pollAfterMs: number | null }
  /** Definite: no money moved. */
  | { readonly kind: 'declined'; readonly error: GatewayError }
  /** Nobody knows: the gateway has to be asked, or sent the same again under the same key; never a new key. */
  | { readonly kind: 'unknown'; readonly cause: UnknownCause }

/** An answer that always comes and never throws. */
export type GatewayAnswer<T> = ResultAsync<Outcome<T>, never>

/** How far the time a notification was signed at may lie from its receipt, either way, milliseconds. */
export const notificationSkewMs = 300_000

/** What a gateway can do. */
export type GatewayCapabilities = {
  readonly methods: readonly MethodId[]
  /** ISO 4217 codes, or any. */
  readonly currencies: readonly string[] | 'any'
  /** Whether money is taken at once, in a second step, or as the caller chooses. */
  readonly capture: 'automatic' | 'manual' | 'both'
  readonly partialCapture: boolean
  readonly multiCapture: boolean
  /** How long money stays held, milliseconds; null where nobody says, or nothing is held. */
  readonly holdMs: number | null
  /** Whether money goes back by request, by a person, or not at all. */
  readonly refund: 'none' | 'manual' | 'api'
  /** How long a payment can stay open, milliseconds. */
  readonly expiry: { readonly minMs: number; readonly maxMs: number } | null
  /** Whether asking can tell anything; false where only a person knows, as of a bank transfer. */
  readonly query: boolean
  /** What proves a notification: its signature and the moment of that, the gateway's word when it is asked; or there are none. */
  readonly notifications: 'signed' | 'vouched' | 'none'
  /** How the gateway knows the same request again: a key that it keeps for `windowMs`, or our own reference, for ever. */
  readonly idempotency: { readonly style: 'key' | 'reference'; readonly windowMs: number | null }
  /** Hosts that the payer may be sent to, exact names. */
  readonly redirectHosts: readonly string[]
  /**
   * By which time zone (IANA name) it cuts the days of its bills: where the shop reads bills, a day of which it takes in none
   * is named. Absent where it makes none.
   */
  readonly bills?: { readonly timeZone: string }
}

/** What the payer has to do next. It may hold secrets of one payment: it is shown, never stored. */
export type NextStep =
  | { readonly kind: 'none' }
  | { readonly kind: 'redirect'; readonly url: string }
  | { readonly kind: 'qr'; readonly content: string }
  | { readonly kind: 'sdk'; readonly params: JsonObject }
  | { readonly kind: 'otp'; readonly channel: 'sms' }
  | {
      readonly kind: 'transferInstructions'
      readonly bank: string
      readonly holder: string
      /** The shop's own account, as the shop writes it to its buyers. */
      readonly account: string
      /** What the payer writes beside the transfer so that it is found. */
      readonly memo: string
    }
  | { readonly kind: 'payOnDelivery' }

/** A payment that the gateway has taken note of. */
export type CreatedPayment = {
  readonly gatewayRef: string | null
  readonly next: NextStep
  /** What the gateway knows already; null when it only took note. */
  readonly snapshot: PaymentSnapshot | null
}

/** Asks for a payment. The same `key` and content gives the same answer again, its `next` included, and one payment. */
export type CreateRequest = {
  /** Our id of the payment. */
  readonly attemptRef: string
  /** Our order; what snapshots name. */
  readonly orderRef: string
  /** The order as a person calls it, with a check digit: for what payers read and write. */
  readonly orderNumber: string
  readonly key: string
  readonly amount: Money
  readonly method: MethodId
  /**
   * What the gateway knows the payer or the instrument by: a token that it issued, a payer's id (openid), an address
   * that it asks for; null when there is none. Never a card number.
   */
  readonly instrumentToken: string | null
  readonly capture: 'automatic' | 'manual'
  /** Whether parts of it are to go to payees; not so when absent. A gateway may have to hold it together until then. */
  readonly isSplit?: boolean
  readonly expiresAt: Instant
  /** Where the gateway sends the payer back to; null where there is nothing to come back to. */
  readonly returnUrl: string | null
  readonly at: Instant
}

/** Asks for money back. The same `refundRef` and amount is one refund, however often it is sent. */
export type RefundRequest = {
  /** Our id of the refund. */
  readonly refundRef: string
  readonly attemptRef: string
  readonly gatewayRef: string | null
  readonly key: string
  readonly captured: Money
  readonly amount: Money
  /** When the same was first asked for, under this key; unknown when absent. */
  readonly since?: Instant
  readonly at: Instant
}

/** What a gateway says unasked, proved to be its own words. */
export type VerifiedNotification = {
  /** Unique at the gateway; the same on every delivery. */
  readonly eventId: string
  readonly facts: readonly (PaymentSnapshot | RefundSnapshot | DisputeSnapshot)[]
  /**
   * Our ids of payments to be asked about at once, where the gateway gives their money only to who asks; none when absent.
   * Those that the shop does not know are left alone.
   */
  readonly toQuery?: readonly string[]
}

/** What the shop says to contest a dispute: words of its staff, and what it knows of the order. */
export type DisputeEvidence = {
  readonly explanation: string
  /** What staff shows; none where the gateway takes none. */
  readonly files: readonly EvidenceFile[]
  /** What was sold, as it was called then. */
  readonly goods: readonly string[]
  /** What has left, with whom. */
  readonly parcels: readonly {
    readonly carrier: string
    readonly trackingNumber: string
    readonly shippedAt: Instant
    /** When it arrived; null where nobody has said so. */
    readonly deliveredAt: Instant | null
  }[]
  /** What the payer has been given back beside the dispute. */
  readonly refunded: Money
}

/** Which dispute is meant: the gateway's id of it, and ours of the payment. */
export type DisputeReference = { readonly disputeRef: string; readonly attemptRef: string; readonly at: Instant }

/** What is said in a dispute, and how its payer is reached. It is shown to staff and stored nowhere. */
export type DisputeCase = {
  /** The number that the payer left; null where the gateway gives none. */
  readonly phone: string | null
  /** Oldest first. */
  readonly statements: readonly {
    readonly by: 'payer' | 'shop' | 'gateway'
    readonly text: string
    readonly at: Instant
  }[]
}

/** How a gateway is spoken to about disputes, and about complaints, which hold no money. */
export type DisputePort = {
  /** Asks how a dispute stands. */
  readonly query: (request: DisputeReference) => GatewayAnswer<DisputeSnapshot | 'notFound'>
  /**
   * Hands evidence over for good, appeals what is lost, or answers what holds no money; absent where that is done on the
   * gateway's own pages. The same again is one answer.
   */
  readonly submitEvidence?: (
    request: DisputeReference & {
      readonly key: string
      readonly evidence: DisputeEvidence
      /** Whether what holds no money is settled by this, as the shop sees it. */
      readonly concludes: boolean
    },
  ) => GatewayAnswer<DisputeSnapshot>
  /**
   * Says for good that the payer is right: the disputed money is theirs. What is accepted already is one answer; absent where
   * that is done on the gateway's own pages, or no money is held.
   */
  readonly accept?: (request: DisputeReference & { readonly key: string }) => GatewayAnswer<DisputeSnapshot>
  /** The most characters of an explanation that it takes; 10,000 when absent. */
  readonly mostCharacters?: number
  /** Which files it takes with an explanation; none when absent. */
  readonly files?: EvidenceFileTerms
  /** Asks what is said in a dispute; absent where only the gateway's own pages show it. */
  readonly read?: (request: DisputeReference) => GatewayAnswer<DisputeCase | 'notFound'>
  /** Names the disputes that began since a moment, and maybe others; absent where each is told of for certain. */
  readonly list?: (request: {
    readonly since: Instant
    readonly at: Instant
  }) => GatewayAnswer<readonly Omit<DisputeReference, 'at'>[]>
}

/** A part of a payment that goes to a payee, or comes back from one. */
export type SplitRequest = {
  /** Our id of the split; the same with the same amount is one split, however often it is asked for. */
  readonly splitRef: string
  readonly attemptRef: string
  readonly gatewayRef: string | null
  readonly key: string
  /** The payee's account at the gateway. */
  readonly account: string
  readonly amount: Money
  readonly at: Instant
}

/** A gateway has moved a part of a payment. */
export type MovedSplit = {
  /** What the gateway calls it; null where it has no name. */
  readonly gatewayRef: string | null
}

/** How a gateway divides what it took among payees that have accounts there. */
export type SplitPort = {
  /** The most of a payment that may go to payees, hundredths of a percent. */
  readonly mostBasisPoints: number
  /** Which account a payee has there; null for none. */
  readonly accountOf: (payee: string) => GatewayAnswer<string | null>
  /**
   * Gives a part to a payee. `declined` says that nothing moved under this reference, by an earlier request neither, and so
   * does `takeBack`: a gateway that refuses at the door is asked first what came of that, and is `unknown` while it does not say.
   */
  readonly send: (request: SplitRequest) => GatewayAnswer<MovedSplit>
  /** Takes back part of a split that has arrived. The same `returnRef` with the same amount is one return. */
  readonly takeBack: (request: SplitRequest & { readonly returnRef: string }) => GatewayAnswer<MovedSplit>
  /** Says that nothing more is split of a payment: what is left of it is the shop's. Saying it again changes nothing. */
  readonly finish: (request: {
    readonly attemptRef: string
    readonly gatewayRef: string | null
    readonly key: string
    readonly at: Instant
  }) => GatewayAnswer<'finished'>
}

/** A notification that proves nothing; nothing in it may be believed. */
export type NotificationRejected = {
  readonly type: 'NotificationRejected'
  readonly reason:
    | 'signatureMissing'
    | 'signatureInvalid'
    | 'stale'
    | 'fromFuture'
    | 'unknownKey'
    | 'malformed'
    | 'unsupported'
    /** The gateway signs wrongly on purpose now and then, to see that it is not believed: nothing is amiss. */
    | 'signatureProbe'
    /** Whoever could say whether it is true does not answer now, or what it says is no fact; it is to be sent again. */
    | 'unverifiable'
}

/** An HTTP answer to a notification. */
export type NotificationReply = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/**
 * A way to take money and to give it back. Nothing in it can carry a card number, a security code or a PIN.
 *
 * Every method answers with an outcome; a fault of the way there is `unknown`.
 */
export type PaymentGateway = {
  /** Unique in the shop and never changed (`alipay`): accounts of the ledger are named after it. */
  readonly gatewayId: string
  /**
   * The shop's account there; what every snapshot has to name. Where it is one of several applications of a merchant, which has
   * one bill for all of them, `application/merchant`.
   */
  readonly merchantAccount: string
  readonly capabilities: GatewayCapabilities
  readonly create: (request: CreateRequest) => GatewayAnswer<CreatedPayment>
  /** Asks what became of a payment; that the gateway has never heard of it is an answer like any other. */
  readonly query: (request: {
    readonly attemptRef: string
    readonly gatewayRef: string | null
    readonly at: Instant
  }) => GatewayAnswer<PaymentSnapshot | 'notFound'>
  /**
   * Ends an unpaid payment, or gives up what is held: where part of it is taken, the rest. `alreadyPaid` where money is
   * taken and nothing is held.
   */
  readonly close: (request: {
    readonly attemptRef: string
    readonly gatewayRef: string | null
    readonly key: string
    readonly at: Instant
  }) => GatewayAnswer<'closed' | 'alreadyPaid' | 'notFound'>
  /** Takes held money; absent where capture is automatic. `amount` is what this request takes. */
  readonly capture?: (request: {
    readonly attemptRef: string
    readonly gatewayRef: string | null
    readonly key: string
    readonly amount: Money
    /** Gives up what is still held after this. */
    readonly final: boolean
    /** When the same was first asked for; unknown when absent. */
    readonly since?: Instant
    readonly at: Instant
  }) => GatewayAnswer<PaymentSnapshot>
  readonly refund: (request: RefundRequest) => GatewayAnswer<RefundSnapshot>
  readonly queryRefund: (request: {
    readonly refundRef: string
    readonly attemptRef: string
    /** The gateway's id of the refund; null where its answer was lost, or it was never sent. */
    readonly gatewayRef: string | null
    /** The gateway's id of the payment. */
    readonly paymentGatewayRef: string | null
    readonly at: Instant
  }) => GatewayAnswer<RefundSnapshot | 'notFound'>
  /** Disputes; absent where the gateway has none, or tells of them unasked at most. */
  readonly disputes?: DisputePort
  /** Division among payees; absent where the gateway has none. */
  readonly splits?: SplitPort
  /**
   * Checks a notification on the bytes as they came.
   *
   * @errors NotificationRejected
   */
  readonly verifyNotification: (notification: {
    readonly body: Uint8Array
    /** Names in lower case. */
    readonly headers: Readonly<Record<string, string>>
    readonly receivedAt: Instant
  }) => ResultAsync<VerifiedNotification, NotificationRejected>
  /** What the gateway is told: that it was handled, that it shall send again, or that it was not believed. */
  readonly acknowledge: (handled: 'ok' | 'retry' | 'rejected') => NotificationReply
}

/** The gateways of a shop, by id. */
export type PaymentGateways = Readonly<Record<string, PaymentGateway>>
