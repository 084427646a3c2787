import type { Channel } from '../notify/message.js'
import type { Instant } from '../shared/instant.js'

/** What a person may consent to, or not: a name of the shop's policy; `marketing` comes with the library. */
export type ConsentPurpose = string

/** A purpose that a shop asks for consent to; nothing that the shop does for a buyer depends on it. */
export type PurposeRule = {
  /** The notice that is shown today; a consent to another one counts no more. Null takes any. */
  readonly noticeVersion: string | null
}

/** The shop asks for no consent to such a purpose. */
export type PurposeUnknown = { readonly type: 'PurposeUnknown'; readonly purpose: string }

/** The notice has been replaced: show the current one, then ask again. */
export type NoticeOutdated = { readonly type: 'NoticeOutdated'; readonly currentNotice: string }

/** Whoever registers is too young to agree alone (PIPL article 31): a guardian has to. */
export type GuardianRequired = { readonly type: 'GuardianRequired'; readonly belowYears: number }

/** An entry of the consent ledger: what was decided, on which notice, when. */
export type ConsentEntry = {
  readonly accountId: string
  readonly purpose: ConsentPurpose
  readonly decision: 'given' | 'withdrawn'
  /** By which channels one may be written to, or no longer. */
  readonly channels: readonly Channel[]
  /** The version of the notice that was shown. */
  readonly noticeVersion: string
  /** A guardian agreed for a child. */
  readonly by?: 'guardian'
  readonly at: Instant
}

/** What happened to a consent. */
export type ConsentEvent = {
  readonly type: 'ConsentGiven' | 'ConsentWithdrawn'
  readonly accountId: string
  readonly purpose: ConsentPurpose
}
