import type { Channel } from '../notify/message.js'
import type { Instant } from '../shared/instant.js'

/** What a person may consent to, or not. */
export type ConsentPurpose = 'marketing'

/** An entry of the consent ledger: what was decided, on which notice, when. */
export type ConsentEntry = {
  readonly accountId: string
  readonly purpose: ConsentPurpose
  readonly decision: 'given' | 'withdrawn'
  /** By which channels one may be written to, or no longer. */
  readonly channels: readonly Channel[]
  /** The version of the notice that was shown. */
  readonly noticeVersion: string
  readonly at: Instant
}

/** What happened to a consent. */
export type ConsentEvent = {
  readonly type: 'ConsentGiven' | 'ConsentWithdrawn'
  readonly accountId: string
  readonly purpose: ConsentPurpose
}
