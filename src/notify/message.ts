import type { Instant } from '../shared/instant.js'
import type { Sealed } from '../shared/personal-data.js'
import type { MessageFact, TemplateName } from './templates.js'

/** By which way a message reaches a person; `inApp` is read in the account and handed to nobody. */
export type Channel = 'email' | 'inApp' | 'sms' | 'push'

/** Every channel. */
export const channels = ['email', 'inApp', 'sms', 'push'] as const satisfies readonly Channel[]

/** What a message says and to whom, whatever became of it. */
export type MessageFacts = {
  readonly messageId: string
  /** What it tells of: the id of an event or of another cause, the same on every delivery. */
  readonly cause: string
  /** The account it goes to; the address is looked up when it is sent. */
  readonly accountId: string
  readonly channel: Channel
  readonly template: TemplateName
  readonly facts: Readonly<Record<string, MessageFact>>
  /** The order that it tells of, which may say how a buyer without an account is reached. */
  readonly orderId?: string
  readonly queuedAt: Instant
}

/** A message and what became of it. */
export type MessageRecord =
  /**
   * Waits until `dueAt`; `secret` is a code that only the person may read, `to` an address that is none of the account's
   * own; both are gone once the message is.
   */
  | (MessageFacts & {
      readonly status: 'queued'
      readonly dueAt: Instant
      readonly tries: number
      readonly secret?: Sealed
      readonly to?: Sealed
    })
  /** Handed to the channel; due again at `dueAt` if no answer is noted by then. */
  | (MessageFacts & {
      readonly status: 'sending'
      readonly dueAt: Instant
      readonly tries: number
      readonly secret?: Sealed
      readonly to?: Sealed
    })
  | (MessageFacts & { readonly status: 'sent'; readonly sentAt: Instant; readonly tries: number })
  /** Given up. */
  | (MessageFacts & {
      readonly status: 'failed'
      readonly failedAt: Instant
      readonly tries: number
      readonly reason: FailureReason
    })
  /** Not sent, and never will be. */
  | (MessageFacts & {
      readonly status: 'suppressed'
      readonly suppressedAt: Instant
      readonly reason: SuppressionReason
    })

/** Why a message was given up. */
export type FailureReason = 'refusedByChannel' | 'triesUsedUp' | 'outOfTime' | 'notReadable'

/** Why a message shall not be sent. */
export type SuppressionReason = 'noConsent' | 'noAddress'

/** What can be asked of a message. */
export type MessageCommand =
  | ({ readonly type: 'Queue'; readonly dueAt: Instant; readonly secret?: Sealed; readonly to?: Sealed } & MessageFacts)
  /** Takes the message in hand until `until`; nobody else sends it meanwhile. */
  | { readonly type: 'Begin'; readonly until: Instant; readonly at: Instant }
  | { readonly type: 'NoteSent'; readonly at: Instant }
  /** The channel did not take it; it is tried again at `retryAt`, or given up when that is null. */
  | {
      readonly type: 'NoteFailure'
      readonly at: Instant
      readonly retryAt: Instant | null
      readonly reason: FailureReason
    }
  | { readonly type: 'Suppress'; readonly at: Instant; readonly reason: SuppressionReason }

/** What happened to a message. */
export type MessageEvent =
  | ({
      readonly type: 'MessageQueued'
      readonly dueAt: Instant
      readonly secret?: Sealed
      readonly to?: Sealed
    } & MessageFacts)
  | { readonly type: 'MessageBegun'; readonly until: Instant }
  | { readonly type: 'MessageSent'; readonly at: Instant }
  | { readonly type: 'MessagePostponed'; readonly retryAt: Instant }
  | { readonly type: 'MessageFailed'; readonly at: Instant; readonly reason: FailureReason }
  | { readonly type: 'MessageSuppressed'; readonly at: Instant; readonly reason: SuppressionReason }

/** What is told of a message outside of its row: which it is; what it says stands in the row alone. */
export type MessageTold =
  | Pick<Extract<MessageEvent, { readonly type: 'MessageQueued' }>, 'type' | 'messageId' | 'template'>
  | Exclude<MessageEvent, { readonly type: 'MessageQueued' }>

/** Why a message refuses. */
export type MessageError =
  /** The command does not apply to a message in this state. */
  | {
      readonly type: 'MessageStateForbids'
      readonly status: MessageRecord['status'] | 'absent'
      readonly command: MessageCommand['type']
    }
  /** Another sender has it in hand. */
  | { readonly type: 'MessageInHand'; readonly until: Instant }
